"""The child register learns from the ledgers: children come to exist by an approval, each under a data key of their own.

A newer roster says where a child learns; lists and the dropout ledger say where it lives. A child that a school's newer
roster no longer names becomes 未知 there: somebody has to find out, nobody is dropped silently.
"""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.masking import mask_name
from accounts.secrets import UnsealError, keyed_hash, keyed_hashes, seal_row, seal_rows, unseal_row
from dropout.models import AidRow, CareRow, Child, ChildStatus, DisabledRow, ListedChild, Pupil, ReportedCase
from schools.bulk import Table, insert_rows, update_rows
from schools.codes import GRADE_NAMES
from schools.models import County, Dataset, DatasetState, School, Township

from .tags import retag

BATCH = 2_000
SEALED = ("name", "id_number", "registration", "guardian", "relation", "phone", "address")
ROSTER, LAST_GRADE = "pupils", 9
HERE = (ChildStatus.ENROLLED.value, ChildStatus.SUSPENDED.value)
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_TOLD = ("sex", "birth", "grade", "class_name", "attends_as", "status", "distance", "township", "village", "registration_key")
_UPDATED = (
    "registration_key", "masked_name", "data_key", "sealed", "sex", "birth", "school", "grade", "class_text", "attends_as", "township",
    "village", "status", "status_since", "distance", "siblings_key", "erased_at",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """What a ledger tells of a child beside that it exists: its fact model, and whether it says where the child learns or lives."""

    model: type[Model]
    learns: bool = False
    lives: bool = False

    @property
    def fields(self) -> list[str]:
        own = {field.name for field in self.model._meta.concrete_fields}
        return [name for name in _TOLD if name in own]


SOURCES: dict[str, Source] = {
    "pupils": Source(Pupil, learns=True),
    "dropout_cases": Source(ReportedCase, lives=True),
    "care": Source(CareRow),
    "disabled": Source(DisabledRow),
    "aid": Source(AidRow),
    "population": Source(ListedChild, lives=True),
    "household": Source(ListedChild, lives=True),
    "present": Source(ListedChild),
    "poverty": Source(ListedChild, lives=True),
    "disabled_list": Source(DisabledRow),
}


def register_children(*, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> int:
    """Take over what a standing dataset of a ledger about children tells; returns how many children were new.

    `persons` {person_key: {"name", "id_number", "registration", "guardian", "relation", "phone", "address"}}. Known children keep
    their key, so erasing it still erases all; an erased child is sealed anew only by a fresh row, under a new key.
    """
    source, on = SOURCES[dataset.ledger], timezone.localdate()
    told = _told(source, dataset)
    known = {child.person_key: child for child in _children(dataset.county, told)}
    places = _Places(dataset)
    stale = source.learns and places.newer_roster
    changed = [child for key, child in known.items() if _update(child, told[key], persons.get(key, {}), source, places, on, stale)]
    update_rows(Child, changed, _UPDATED)
    fresh = sorted(key for key in told if key not in known and key in persons)
    _insert(fresh, told, persons, source, places, on, stale)
    gone = _missing(dataset, told, on) if source.learns and not stale else []
    retag(dataset.county, [*told, *_former_keys(source, dataset)], on=on)
    audit.record("children.registered", by=by, county=dataset.county.code, object=f"dataset/{dataset.pk}", new=len(fresh), changed=len(changed), missing=len(gone))
    return len(fresh)


def _told(source: Source, dataset: Dataset) -> dict[str, dict]:
    """person_key -> the first row's facts."""
    fields, found = source.fields, {}
    for key, *values in source.model.objects.filter(dataset=dataset).order_by("id").values_list("person_key", *fields):
        if key:
            found.setdefault(key, dict(zip(fields, values, strict=True)))
    return found


def _children(county: County, keys: Iterable[str]) -> Iterator[Child]:
    listed = list(keys)
    for start in range(0, len(listed), BATCH):
        yield from Child.objects.filter(county=county, person_key__in=listed[start : start + BATCH])


class _Places:
    """The register's words for places, looked up once a dataset."""

    def __init__(self, dataset: Dataset):
        self.county, self.school = dataset.county, dataset.school
        self.townships = {town.name: town.pk for town in Township.objects.filter(county=dataset.county)}
        later = Dataset.objects.filter(county=dataset.county, ledger=ROSTER, school=dataset.school, state=DatasetState.STANDING)
        self.newer_roster = later.filter(period__start__gt=dataset.period.start).exists()


def _update(child: Child, told: Mapping, person: Mapping, source: Source, places: _Places, on: dt.date, stale: bool) -> bool:
    """Change a known child as the row says; True when something changed."""
    before = {name: getattr(child, child._meta.get_field(name).attname) for name in _UPDATED}
    _take_facts(child, told, source, places, on, stale)
    if person.get("name"):
        _take_person(child, person)
    return any(getattr(child, child._meta.get_field(name).attname) != value for name, value in before.items())


def _take_facts(child: Child, told: Mapping, source: Source, places: _Places, on: dt.date, stale: bool) -> None:
    for name in ("sex", "birth", "registration_key"):
        if told.get(name):
            setattr(child, name, told[name])
    if source.lives and told.get("township"):
        child.township_id, child.village = places.townships.get(told["township"]), told.get("village") or ""
    if stale:
        return
    if source.learns:
        _take_school(child, told, places, on)
    elif child.school_id is None and places.school is not None:
        child.school, child.grade = places.school, child.grade or told.get("grade")
        child.class_text = child.class_text or class_text(told.get("grade"), told.get("class_name"))


def _take_school(child: Child, told: Mapping, places: _Places, on: dt.date) -> None:
    """The roster: a pupil who is here learns here; one who left changes only the status, and only if nobody else has it."""
    status = told.get("status") or ChildStatus.ENROLLED.value
    if status in HERE:
        child.school = places.school
        child.grade, child.class_text = told.get("grade"), class_text(told.get("grade"), told.get("class_name"))
        child.attends_as = told.get("attends_as") or child.attends_as
        child.distance = told["distance"] if told.get("distance") is not None else child.distance
    elif child.school_id not in (None, places.school.pk):
        return
    if child.status != status:
        child.status, child.status_since = status, on


def _take_person(child: Child, person: Mapping[str, str]) -> None:
    """Names and numbers under the child's own key; an erased child gets a new one."""
    said = _said(person)
    held = open_child(child) if child.data_key else {}
    merged = {**held, **said}
    child.masked_name = mask_name(merged.get("name", ""))[:20]
    child.siblings_key = siblings_key(merged) or child.siblings_key
    if not child.registration_key and merged.get("registration"):
        child.registration_key = keyed_hash(merged["registration"])
    if merged == held:
        return
    if child.data_key:
        child.sealed = seal_row(child.data_key, _ENCODE(merged))
    else:
        ((child.data_key, child.sealed),) = seal_rows([_ENCODE(merged)])
        child.erased_at = None


def _said(person: Mapping[str, str]) -> dict[str, str]:
    """What is sealed of a person; a formal 学籍号 carries the identity number."""
    said = {name: value for name, value in person.items() if name in SEALED and value}
    registration = said.get("registration", "")
    if "id_number" not in said and len(registration) == 19 and registration[0] == "G":
        said["id_number"] = registration[1:]
    return said


def _insert(
    fresh: list[str], told: Mapping[str, Mapping], persons: Mapping[str, Mapping[str, str]], source: Source, places: _Places, on: dt.date, stale: bool
) -> None:
    """New children in one go: keys and hashes in batches, as a large list brings tens of thousands."""
    said = [_said(persons[key]) for key in fresh]
    sealed = seal_rows([_ENCODE(one) for one in said])
    registered = iter(keyed_hashes([one["registration"] for one in said if one.get("registration")]))
    rows = []
    for key, one, (wrapped, text) in zip(fresh, said, sealed, strict=True):
        child = Child(county=places.county, person_key=key, masked_name=mask_name(one.get("name", ""))[:20], status=ChildStatus.UNKNOWN.value)
        _take_facts(child, told[key], source, places, on, stale=False)
        if stale and child.status in HERE:  # on an older roster and on no newer one
            child.status = ChildStatus.UNKNOWN.value
        rows.append((
            key, next(registered) if one.get("registration") else child.registration_key, child.masked_name, wrapped, text, child.sex, child.birth,
            child.school_id, child.grade, child.class_text, child.attends_as, child.township_id, child.village, child.status, child.status_since,
            child.distance, siblings_key(one),
        ))  # fmt: skip
    fields = ("person_key", "registration_key", "masked_name", "data_key", "sealed", "sex", "birth", "school_id", "grade", "class_text", "attends_as",
              "township_id", "village", "status", "status_since", "distance", "siblings_key")  # fmt: skip
    insert_rows(Child, Table(fields, rows), county_id=places.county.pk, first_seen=timezone.now())


def _missing(dataset: Dataset, told: Mapping[str, Mapping], on: dt.date) -> list[int]:
    """Children of the school whom its newer roster no longer names: those who were in the last grade a year ago have
    finished, all others are unknown from today."""
    here = Child.objects.filter(county=dataset.county, school=dataset.school, status__in=HERE)
    lost = {key: pk for pk, key in here.values_list("pk", "person_key") if key not in told}
    finished = set(former_grade(dataset, LAST_GRADE)) & lost.keys()
    for status, pks in ((ChildStatus.GRADUATED, [lost[k] for k in finished]), (ChildStatus.UNKNOWN, [pk for k, pk in lost.items() if k not in finished])):
        for start in range(0, len(pks), BATCH):
            Child.objects.filter(pk__in=pks[start : start + BATCH]).update(status=status, status_since=on)
    return list(lost.values())


def former_grade(dataset: Dataset, at_least: int) -> list[str]:
    """Keys of the pupils who stood in this grade or above on the school's roster a year before."""
    rows = Pupil.objects.filter(
        dataset__county=dataset.county, dataset__school=dataset.school, dataset__ledger=ROSTER, dataset__state=DatasetState.STANDING,
        dataset__period__start__year=dataset.period.year - 1, grade__gte=at_least,
    )  # fmt: skip
    return list(rows.values_list("person_key", flat=True))


def _former_keys(source: Source, dataset: Dataset) -> set[str]:
    """Whom the ledger named before this dataset stood: their tags may end with it."""
    former = Dataset.objects.filter(county=dataset.county, school=dataset.school, ledger=dataset.ledger).exclude(pk=dataset.pk)
    newest = former.filter(state=DatasetState.RETIRED, retired_at__isnull=False, period=dataset.period).order_by("-retired_at").values_list("pk", flat=True)[:1]
    before = former.filter(state=DatasetState.STANDING, period__start__lt=dataset.period.start).order_by("-period__start").values_list("pk", flat=True)[:1]
    return set(source.model.objects.filter(dataset_id__in=[*newest, *before]).values_list("person_key", flat=True)) - {""}


def class_text(grade: int | None, name: str | None) -> str:
    """"三年级/2班", as a class teacher's membership writes it; the class alone where the grade is unknown."""
    return "/".join(part for part in (GRADE_NAMES.get(grade or 0, ""), name or "") if part)[:40]


def siblings_key(person: Mapping[str, str]) -> str:
    """Equal for children of one guardian with one phone; "" when either is unknown."""
    guardian, phone = person.get("guardian", "").strip(), person.get("phone", "").strip()
    return keyed_hash(f"{guardian}/{phone}") if guardian and phone else ""


def open_child(child: Child) -> dict[str, str]:
    """What is sealed of a child; {} for an erased one. Callers ask permission and log before they show any of it."""
    if not child.data_key:
        return {}
    try:
        return json.loads(unseal_row(child.data_key, child.sealed))
    except UnsealError:
        return {}


def masked_children(county_id: int, person_keys: Iterable[str]) -> dict[str, str]:
    """person_key -> masked name of the children the register knows."""
    keys, found = list(dict.fromkeys(person_keys)), {}
    for start in range(0, len(keys), BATCH):
        rows = Child.objects.filter(county_id=county_id, person_key__in=keys[start : start + BATCH])
        found.update(rows.values_list("person_key", "masked_name"))
    return found


def known_by_registration(county_id: int, keys: Iterable[str]) -> dict[str, str]:
    """hash of a 学籍号 -> the key under which the register knows that child."""
    listed, found = list(keys), {}
    for start in range(0, len(listed), BATCH):
        rows = Child.objects.filter(county_id=county_id, registration_key__in=listed[start : start + BATCH])
        found.update(rows.values_list("registration_key", "person_key"))
    return found


def children_by_key(county: County, keys: Iterable[str]) -> dict[str, Child]:
    """person_key -> the child, with school and township."""
    listed = list(keys)
    rows = (Child.objects.filter(county=county, person_key__in=listed[start : start + BATCH]).select_related("school", "township") for start in range(0, len(listed), BATCH))
    return {child.person_key: child for batch in rows for child in batch}


def schools_of_county(county: County) -> dict[int, School]:
    """The county's schools by id, for pages that list children."""
    return School.objects.filter(county=county).in_bulk()
