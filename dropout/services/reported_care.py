"""What the ledgers A9 and A10 bring into the live files: helpers and contacts, plans and home lessons. Never over a person's word.

The ledger's approval was the permission. A ledger ends only what a ledger began; a plan changes only when the ledger itself
says something new, so what somebody wrote in the portal in between stays.
"""
from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import keyed_hash
from dropout.models import (
    CareRow,
    Child,
    Contact,
    DisabledRow,
    HelpMode,
    HomeLesson,
    IndividualPlan,
    Pairing,
    Placement,
    ReportedContact,
    ReportedLesson,
)
from schools.models import County, Dataset, School

from .children import children_by_key
from .disabled import AT_SCHOOL

HELPED = ("disabled", "poor", "watched", "left_behind", "learning")
CONTACTS, LESSONS = "A9", "A10"


@transaction.atomic
def take_care(*, dataset: Dataset, by: Actor) -> dict[str, int]:
    """Bring the helpers and contacts of a standing A9 dataset to the children's files. Returns {"pairings", "ended", "contacts"}."""
    rows = list(CareRow.objects.filter(dataset=dataset).order_by("id"))
    former = _former(dataset)
    keys = {row.person_key for row in rows} | set(CareRow.objects.filter(dataset=former).values_list("person_key", flat=True) if former else ())
    children = _live(dataset.county, keys)
    reported = defaultdict(list)
    for record in ReportedContact.objects.filter(dataset=dataset, on__isnull=False).order_by("on", "id"):
        reported[record.person_key].append(record)
    counts, wanted = Counter(pairings=0, ended=0, contacts=0), defaultdict(dict)
    for row in rows:
        if child := children.get(row.person_key):
            first = reported[row.person_key][0].on if reported[row.person_key] else timezone.localdate()
            for pairing in _told(row, child, first):
                wanted[child.pk][pairing.group, pairing.helper_key] = pairing
    _settle(children.values(), wanted, counts)
    _take_contacts(children, reported, counts, by)
    _log("care.taken", dataset, by, counts)
    return dict(counts)


def _told(row: CareRow, child: Child, since: dt.date) -> Iterator[Pairing]:
    """The pairings a row speaks of: each helper for each of the child's groups that need one."""
    groups = dict.fromkeys(code.partition(".")[0] for code in row.groups.split(",") if code)
    for name in filter(None, row.helper.split("、")):
        for group in groups:
            if group in HELPED:
                yield Pairing(
                    child=child, group=group, helper_key=reported_key(child, name), helper_name=name, subject=row.helper_subject,
                    mode=row.mode or HelpMode.ONE_TO_MANY, measures=row.measures, since=since,
                )  # fmt: skip


def reported_key(child: Child, masked: str) -> str:
    """The key of a helper known by the ledger's masked name only: one such name at one school counts as one person."""
    return keyed_hash(f"reported helper/{child.county_id}/{child.school_id}/{masked}")


def _settle(children, wanted: dict[int, dict], counts: Counter) -> None:
    """Make what is wanted and not there, end what a ledger began and no longer says, leave alone what a person wrote."""
    today = timezone.localdate()
    by_id = {child.pk: child for child in children}
    held = defaultdict(list)
    for pairing in Pairing.objects.select_for_update().filter(child_id__in=list(by_id), until__isnull=True):
        held[pairing.child_id].append(pairing)
    for pk, child in by_id.items():
        told = dict(wanted.get(pk, {}))
        for pairing in held[pk]:
            place = (pairing.group, pairing.helper_key)
            if place in told:
                del told[place]
            elif pairing.helper_user_id is None and pairing.helper_key == reported_key(child, pairing.helper_name):
                pairing.until = today
                pairing.save(update_fields=["until"])
                counts["ended"] += 1
        # A person who paired the child with this teacher by full name has said it already.
        said = {(pairing.group, pairing.helper_name) for pairing in held[pk]}
        fresh = [pairing for pairing in told.values() if (pairing.group, pairing.helper_name) not in said]
        Pairing.objects.bulk_create(fresh)
        counts["pairings"] += len(fresh)


def _take_contacts(children: dict[str, Child], reported: dict[str, list], counts: Counter, by: Actor) -> None:
    """Each record of the sheet to the child's first pairing of that day, once, however often the sheet is sent."""
    pairings = defaultdict(list)
    for pairing in Pairing.objects.filter(child__in=children.values()).order_by("since", "id"):
        pairings[pairing.child_id].append(pairing)
    made = []
    for key, records in reported.items():
        own, seen = pairings[children[key].pk] if key in children else [], Counter()
        known = set(Contact.objects.filter(pairing__in=own).values_list("entry_key", flat=True))
        for record in records:
            seen[record.on, record.way] += 1
            entry = entry_key(CONTACTS, key, record.on, record.way, seen[record.on, record.way])
            pairing = next((one for one in own if one.since <= record.on and (one.until is None or record.on <= one.until)), None)
            if pairing is not None and entry not in known:
                made.append(Contact(pairing=pairing, on=record.on, way=record.way, effect=record.effect, recorded_by=_name(by), entry_key=entry))
    Contact.objects.bulk_create(made)
    counts["contacts"] += len(made)


@transaction.atomic
def take_plans(*, dataset: Dataset, by: Actor) -> dict[str, int]:
    """Bring the plans and home lessons of a standing A10 dataset to the children's files. Returns {"plans", "lessons"}."""
    rows = {row.person_key: row for row in DisabledRow.objects.filter(dataset=dataset).order_by("id")}
    former = _former(dataset)
    before = {row.person_key: _said(row) for row in DisabledRow.objects.filter(dataset=former)} if former else {}
    children = _live(dataset.county, rows)
    held = {plan.child_id: plan for plan in IndividualPlan.objects.select_for_update().filter(child__in=children.values(), until__isnull=True)}
    schools = _Schools(dataset)
    counts = Counter(plans=0, lessons=0)
    for key, row in rows.items():
        child = children.get(key)
        plan = held.get(child.pk) if child else None
        if child is None or not row.placement or (plan is not None and before.get(key) == _said(row)):
            continue
        counts["plans"] += _take_plan(child, row, plan, schools)
    counts["lessons"] = _take_lessons(dataset, by)
    _log("plans.taken", dataset, by, counts)
    return dict(counts)


def _said(row: DisabledRow) -> tuple:
    return row.kind, row.degree, row.has_certificate, row.finding, row.placement, row.place, row.reason, row.rehabilitation


def _take_plan(child: Child, row: DisabledRow, plan: IndividualPlan | None, schools: _Schools) -> int:
    """The row as the child's plan: the first one from the year's beginning, a changed one from today."""
    values = {
        "placement": row.placement, "kind": row.kind, "degree": row.degree, "has_certificate": row.has_certificate, "finding": row.finding,
        "school": schools.of(row), "reason": row.reason, "rehabilitation": row.rehabilitation,
    }  # fmt: skip
    if plan is not None:
        if all(getattr(plan, name) == value for name, value in values.items()):
            return 0
        plan.until = max(timezone.localdate(), plan.since)
        plan.save(update_fields=["until"])
    since = plan.until if plan is not None else schools.dataset.period.start
    IndividualPlan.objects.create(child=child, since=since, **values)
    return 1


class _Schools:
    """The school that serves a child: the one the row names, else (where it is taught at one) the school that filed."""

    def __init__(self, dataset: Dataset):
        self.dataset = dataset
        self.by_name = {school.name: school for school in School.objects.filter(county=dataset.county)}

    def of(self, row: DisabledRow) -> School | None:
        if row.placement not in AT_SCHOOL or row.placement == Placement.WAITING:
            return None
        return self.by_name.get(row.place.strip(), self.dataset.school)


def _take_lessons(dataset: Dataset, by: Actor) -> int:
    """Each lesson of the sheet once, however often the sheet is sent."""
    rows = list(ReportedLesson.objects.filter(dataset=dataset, on__isnull=False).order_by("on", "id"))
    children, seen, made = _live(dataset.county, {row.person_key for row in rows}), Counter(), []
    known = set(HomeLesson.objects.filter(child__in=children.values()).values_list("child_id", "entry_key"))
    for row in rows:
        seen[row.person_key, row.on] += 1
        child, entry = children.get(row.person_key), entry_key(LESSONS, row.person_key, row.on, "", seen[row.person_key, row.on])
        if child is not None and (child.pk, entry) not in known:
            made.append(HomeLesson(
                child=child, on=row.on, lessons=row.lessons or 0, minutes=row.minutes or 0, teachers=row.teachers, place=row.place, content=row.content,
                parent_signed=bool(row.parent_signed), recorded_by=_name(by), entry_key=entry,
            ))  # fmt: skip
    HomeLesson.objects.bulk_create(made)
    return len(made)


def entry_key(ledger: str, person_key: str, on: dt.date, way: str, number: int) -> str:
    """The same for the same entry in every edition of a sheet: child, day, way, and which of them on that day."""
    return f"{ledger}-" + hashlib.sha256(f"{person_key}/{on.isoformat()}/{way}/{number}".encode()).hexdigest()[:36]


def _live(county: County, keys) -> dict[str, Child]:
    """The register's children of these keys; an erased child gets nothing new."""
    return {key: child for key, child in children_by_key(county, keys).items() if child.erased_at is None}


def _former(dataset: Dataset) -> Dataset | None:
    """The dataset this one took the place of."""
    slot = Dataset.objects.filter(county=dataset.county, ledger=dataset.ledger, school=dataset.school, period=dataset.period, retired_at__isnull=False)
    return slot.exclude(pk=dataset.pk).order_by("-retired_at", "-pk").first()


def _name(by: Actor) -> str:
    return (by.display_name or by.username)[:120]


def _log(action: str, dataset: Dataset, by: Actor, counts: Counter) -> None:
    audit.record(action, by=by, county=dataset.county.code, object=f"dataset/{dataset.pk}", **counts)
