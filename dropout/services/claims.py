"""Questions about children that the checks across ledgers ask: who is on which roster, as what; who is aided, tagged, listed."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from dropout.models import AidRow, AttendsAs, CareRow, ChildStatus, ChildTag, DisabledRow, Group, Placement, Pupil
from schools.bulk import of_persons

BATCH = 2_000
PRESENT = ("", ChildStatus.ENROLLED.value, ChildStatus.SUSPENDED.value)
ATTENDS, STATUSES = dict(AttendsAs.choices), dict(ChildStatus.choices)


@dataclass(frozen=True)
class OnRoster:
    """One row of a pupil roster, without a name."""

    dataset_id: int
    grade: int | None
    class_name: str
    attends_as: str
    is_inclusive: bool | None
    status: str
    left_behind: str
    is_migrant: bool | None
    is_orphan: bool | None
    disability: str

    @property
    def is_here(self) -> bool:
        return self.status in PRESENT

    @property
    def attends(self) -> str:
        return str(ATTENDS.get(self.attends_as, ""))

    @property
    def groups(self) -> set[str]:
        """The groups the roster itself says, 留守 in the register's definition."""
        said = {
            Group.LEFT_BEHIND.value: self.left_behind in ("one", "both"), Group.MIGRANT.value: bool(self.is_migrant),
            Group.ORPHAN.value: bool(self.is_orphan), Group.DISABLED.value: self.disability not in ("", "none"),
        }  # fmt: skip
        return {group for group, holds in said.items() if holds}


_FIELDS = ("dataset_id", "grade", "class_name", "attends_as", "is_inclusive", "status", "left_behind", "is_migrant", "is_orphan", "disability")


def on_rosters(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, OnRoster]:
    """person_key -> the row of these rosters that still counts the pupil, else any row."""
    ids, found = list(dataset_ids), {}
    for key, *values in of_persons(Pupil.objects.filter(dataset_id__in=ids), person_keys, *_FIELDS) if ids else ():
        row = OnRoster(*values)
        if key not in found or row.is_here:
            found[key] = row
    return found


def on_roster(dataset_id: int) -> dict[str, OnRoster]:
    """person_key -> row of one roster."""
    rows = Pupil.objects.filter(dataset_id=dataset_id).values_list("person_key", *_FIELDS)
    return {key: OnRoster(*values) for key, *values in rows if key}


def claims(model: str, dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, int]:
    """person_key -> a dataset (of these) whose rows of `model` count that child as their own."""
    ids = list(dataset_ids)
    rows = apps.get_model(model)._default_manager.filter(dataset_id__in=ids)
    if model == Pupil._meta.label:
        rows = rows.filter(status__in=PRESENT)
    return dict(of_persons(rows, person_keys, "dataset_id")) if ids else {}


def class_counts(dataset_id: int) -> Counter[tuple[int | None, str]]:
    """(grade, class) -> pupils in school on a roster; those suspended or gone are not in the class."""
    rows = Pupil.objects.filter(dataset_id=dataset_id, status__in=("", ChildStatus.ENROLLED.value)).values_list("grade", "class_name")
    return Counter(rows)


def cared_for(dataset_id: int) -> dict[str, set[str]]:
    """person_key -> groups (without their definition) of one care ledger."""
    rows = CareRow.objects.filter(dataset_id=dataset_id).values_list("person_key", "groups")
    return {key: {part.partition(".")[0] for part in groups.split(",") if part} for key, groups in rows}


def aided(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> set[str]:
    """Which of these children have a row of aid paid in these datasets."""
    rows = AidRow.objects.filter(dataset_id__in=list(dataset_ids), amount__gt=0)
    return {key for key, in of_persons(rows, person_keys)}


def tagged(county_id: int, person_keys: Iterable[str], groups: Iterable[str]) -> dict[str, set[str]]:
    """person_key -> which of these groups the child's open tags name."""
    keys, found = list(person_keys), {}
    for start in range(0, len(keys), BATCH):
        rows = ChildTag.objects.filter(child__county_id=county_id, child__person_key__in=keys[start : start + BATCH], group__in=list(groups), until__isnull=True)
        for key, group in rows.values_list("child__person_key", "group"):
            found.setdefault(key, set()).add(group)
    return found


def disabled_listed(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> set[str]:
    """Which of these children stand in the 一人一案 ledgers."""
    rows = DisabledRow.objects.filter(dataset_id__in=list(dataset_ids))
    return {key for key, in of_persons(rows, person_keys)}


def waiting_in(dataset_ids: Iterable[int]) -> set[str]:
    """Children these 一人一案 ledgers left 待安置."""
    rows = DisabledRow.objects.filter(dataset_id__in=list(dataset_ids), placement=Placement.WAITING)
    return set(rows.values_list("person_key", flat=True))
