"""What the ledger A8 may do to the live register: open a case, add visits. Never more: cases move and close by people.

The ledger's approval was the permission. What it says beyond that (returned, struck off) is compared at the check, and
told as a doubt naming the case.
"""
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from accounts.actor import Actor
from dropout.models import Case, CaseState, Opening, ReportedCase, ReportedVisit
from dropout.models.cases import CLOSED
from schools.models import Dataset

from .cases import add_visit, open_case
from .children import children_by_key, register_children

LEDGER = "dropout_cases"
BATCH = 2_000


@dataclass(frozen=True)
class Live:
    """A child's latest case as a check may compare it: no name, no word of what was said."""

    number: str
    state: str
    school_id: int | None
    person_key: str
    absent_since: dt.date
    closed_on: dt.date | None

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def title(self) -> str:
        return str(CaseState(self.state).label)

    def covers(self, absent: dt.date | None) -> bool:
        """Whether an absence that began then belongs to this case: open, or begun before it was closed."""
        return self.is_open or absent is None or self.closed_on is None or absent <= self.closed_on


def take_reported_cases(*, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> dict[str, int]:
    """Register the children of a standing A8 dataset, open the cases that are not there and add the visits that are new.

    Returns {"opened", "visits"}. A row that says 已销号 or 已复学 of a child without a case opens none: what is over is not begun.
    """
    register_children(dataset=dataset, persons=persons, by=by)
    today, counts = timezone.localdate(), {"opened": 0, "visits": 0}
    rows = {row.person_key: row for row in ReportedCase.objects.filter(dataset=dataset).order_by("id")}
    children = children_by_key(dataset.county, rows)
    live = latest_cases(dataset.county_id, rows)
    for key, row in rows.items():
        child, known = children.get(key), live.get(key)
        if child is None or child.erased_at or row.is_struck_off or row.returned_on or (known and known.covers(row.left_on or row.found_on)):
            continue
        absent = min(day for day in (row.left_on, row.found_on, today) if day)
        open_case(child=child, opening=Opening.LEDGER, absent_since=absent, on=today, by=by, reason=row.reason, whereabouts=row.whereabouts)
        counts["opened"] += 1
    visits = list(ReportedVisit.objects.filter(dataset=dataset, on__isnull=False).order_by("on", "id"))
    counts["visits"] = _add_visits(dataset, visits, by)
    return counts


def _add_visits(dataset: Dataset, visits: list[ReportedVisit], by: Actor) -> int:
    """Each visit of the sheet to the child's open case, once, however often the sheet is sent."""
    cases = {case.child.person_key: case for case in _open_cases(dataset.county_id, {visit.person_key for visit in visits})}
    added, seen = 0, {}
    for visit in visits:
        case = cases.get(visit.person_key)
        if case is None or visit.on < case.absent_since:
            continue
        place = (visit.person_key, visit.on, visit.way)
        seen[place] = seen.get(place, 0) + 1
        key = entry_key(*place, seen[place])
        if not case.visits.filter(entry_key=key).exists():
            add_visit(case=case, on=visit.on, way=visit.way, outcome=visit.outcome, participants=visit.participants, source=LEDGER, entry_key=key, by=by)
            added += 1
    return added


def entry_key(person_key: str, on: dt.date, way: str, number: int) -> str:
    """The same for the same visit in every edition of the sheet: child, day, way, and which of them on that day."""
    return "A8-" + hashlib.sha256(f"{person_key}/{on.isoformat()}/{way}/{number}".encode()).hexdigest()[:36]


def _open_cases(county_id: int, keys: Iterable[str]) -> Iterator[Case]:
    listed = list(keys)
    for start in range(0, len(listed), BATCH):
        cases = Case.objects.filter(county_id=county_id, child__person_key__in=listed[start : start + BATCH])
        yield from cases.exclude(state__in=CLOSED).select_related("child", "child__county")


def latest_cases(county_id: int, keys: Iterable[str]) -> dict[str, Live]:
    """person_key -> the child's open case, else the one closed last."""
    listed, found = list(keys), {}
    for start in range(0, len(listed), BATCH):
        for live in _live(county_id, child__person_key__in=listed[start : start + BATCH]):
            known = found.get(live.person_key)
            if known is None or live.is_open or not known.is_open:
                found[live.person_key] = live
    return found


def open_cases_of_school(county_id: int, school_id: int) -> list[Live]:
    """The open cases for which a school answers today, by number."""
    return [live for live in _live(county_id, child__school_id=school_id) if live.is_open]


def _live(county_id: int, **condition) -> list[Live]:
    fields = ("number", "state", "child__school_id", "child__person_key", "absent_since", "closed_on")
    rows = Case.objects.filter(county_id=county_id, **condition).order_by("number").values_list(*fields)
    return [Live(*row) for row in rows]
