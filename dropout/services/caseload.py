"""Many cases at once, as the clock and the pages need them: each with its life and what is due, in a few queries."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Min

from schools.calendar import NoCalendar, calendar_between
from schools.models import County
from schools.parameters import ParameterSet, resolve
from schools.periods import current_school_year

from ..clock import STEPS, Due, Life, Limits, next_open, steps_of
from ..models import Case, CaseStep, Opening, Visit
from ..models.cases import CLOSED
from ..parameters import ESCALATE_DAYS, EXPIRY_NOTICE_DAYS
from ..school_days import SchoolDays
from ..states import RESTARTS


@dataclass(frozen=True)
class Clock:
    """School days and limits of a county on a day. `known_from`: no school days are known before it."""

    county: County
    today: dt.date
    days: SchoolDays
    limits: Limits
    parameters: ParameterSet
    terms: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def known_from(self) -> dt.date:
        return self.days.start


def clock_of(county: County, today: dt.date, earliest: dt.date | None = None) -> Clock:
    """The clock of the county, reaching back to last school year or to `earliest`, as far as calendars were entered
    without a gap. Raises NoCalendar when this school year has none: then nothing can be counted.
    """
    last_year = dt.date(current_school_year(today) - 1, 9, 1)
    start, calendar = _first_known(county, today, min(earliest or last_year, last_year))
    parameters = resolve(county.code, today)
    limits = Limits(
        {step.code: parameters.get(step.limit) for step in STEPS if step.limit}, parameters.get(ESCALATE_DAYS),
        parameters.get(EXPIRY_NOTICE_DAYS),
    )  # fmt: skip
    return Clock(county, today, SchoolDays.of_calendar(calendar, start), limits, parameters, tuple(sorted(calendar.terms)))


def _first_known(county: County, today: dt.date, earliest: dt.date):
    """(first day, calendar) of the unbroken run of school years that ends with today's."""
    start = earliest
    while True:
        try:
            return start, calendar_between(county, start, today)
        except NoCalendar:
            year = current_school_year(start)
            if year >= current_school_year(today):
                raise
            start = dt.date(year + 1, 9, 1)


@dataclass(frozen=True)
class Watched:
    """A case with what is due. `counted` False: it began before the calendars that are known, so nothing is said."""

    case: Case
    life: Life
    dues: Sequence[Due]
    counted: bool
    today: dt.date

    @property
    def pressing(self) -> Due | None:
        """The longest overdue step, else the next one to come."""
        return next_open(list(self.dues))

    @property
    def overdue(self) -> list[Due]:
        return [due for due in self.dues if due.is_overdue(self.today)]


def lives_of(cases: Iterable[Case]) -> dict[int, Life]:
    """case id -> its life, in two queries."""
    cases = list(cases)
    keys = [case.pk for case in cases]
    steps: dict[int, list[tuple[str, str, dt.date]]] = defaultdict(list)
    deadlines: dict[int, dt.date | None] = {}
    for case_id, verb, to, on, detail in CaseStep.objects.filter(case__in=keys).order_by("id").values_list("case_id", "verb", "to_state", "on", "detail"):
        steps[case_id].append((verb, to, on))
        if verb == "notice":
            deadlines[case_id] = dt.date.fromisoformat(detail["deadline"])
        elif verb in RESTARTS:
            deadlines[case_id] = None
    visits: dict[int, list[tuple[dt.date, str, str, str]]] = defaultdict(list)
    for case_id, *visit in Visit.objects.filter(case__in=keys).values_list("case_id", "on", "way", "outcome", "line"):
        visits[case_id].append(tuple(visit))
    return {
        case.pk: Life(
            case.state, case.absent_since, tuple(steps[case.pk]), tuple(visits[case.pk]), deadlines.get(case.pk), case.rests_until,
            None if case.opening == Opening.ABSENCE else case.opened_on,
        )
        for case in cases
    }


def watch(clock: Clock, cases: Iterable[Case]) -> list[Watched]:
    """The cases with what is due on the clock's day, in the order given."""
    cases = list(cases)
    lives, found = lives_of(cases), []
    for case in cases:
        life = lives[case.pk]
        counted = life.left_on >= clock.known_from
        dues = steps_of(life, clock.days, clock.limits, clock.today) if counted else []
        found.append(Watched(case, life, dues, counted, clock.today))
    return found


def open_cases(county: County):
    """The open cases of a county with child and places (the caller is the clock, or narrows them by access)."""
    return (
        Case.objects.filter(county=county).exclude(state__in=CLOSED)
        .select_related("child", "child__school", "child__township", "child__county", "school", "township", "transfer_to").order_by("absent_since", "id")
    )  # fmt: skip


def earliest_of(cases: Iterable[Case]) -> dt.date | None:
    return min((case.absent_since for case in cases), default=None)


def earliest_open(county: County) -> dt.date | None:
    """The first day missed in any open case of the county."""
    return Case.objects.filter(county=county).exclude(state__in=CLOSED).aggregate(first=Min("absent_since"))["first"]
