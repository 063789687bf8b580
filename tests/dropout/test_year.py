"""A county-year under the clock: nobody lost, every overdue step with the right head once, months and year add up.

What must be is computed here from the driver's book by plain loops over days; nothing of dropout.clock is used.
"""
from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from functools import cache

import pytest
from django.db import transaction

from accounts.models import Notice
from dropout.models import Absence, Case, CaseState, Child, HeadKind, MonthlyReport, Reminder, ReportReminder
from dropout.services import clock, counting, reporting
from dropout.services.caseload import open_cases
from tests.dropout.world import D
from tests.dropout.year import DAY, END, STANDSTILLS, Entry, Year, lessons

pytestmark = pytest.mark.django_db
TEACHER, SCHOOL, BUREAU, VILLAGE, TOWN, COUNTY = (
    HeadKind.TEACHER, HeadKind.SCHOOL, HeadKind.BUREAU, HeadKind.VILLAGE, HeadKind.TOWN, HeadKind.COUNTY,
)  # fmt: skip
# step: school days, heads, what does it (way, outcome, line of a visit; or the move)
LIMITS = {
    "call": (0, (TEACHER, SCHOOL, BUREAU), lambda way, outcome, line: True),
    "home_visit": (0, (TEACHER, SCHOOL, BUREAU), lambda way, outcome, line: way in ("home", "joint", "notice")),
    "contact": (1, (SCHOOL, BUREAU), lambda way, outcome, line: outcome in ("agreed", "refused")),
    "joint_visit": (2, (VILLAGE, TOWN, BUREAU, COUNTY), lambda way, outcome, line: way == "joint" or line == "government"),
    "report": (3, (SCHOOL, BUREAU, COUNTY), "register"), "line": (20, (BUREAU, COUNTY), "register"),
}  # fmt: skip


@pytest.fixture(scope="module")
def year(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = drive(Year(seed=7, pupils=1200, missing=170))
        yield made
        transaction.set_rollback(True)


def drive(made: Year) -> Year:
    """The year with the clock run once a day, on some days twice or three times."""
    dice = random.Random(3)

    def run(day: dt.date) -> None:
        for _ in range(dice.choice((1, 1, 1, 1, 2))):
            clock.run_clock(made.county, day)

    made.run(run)
    return made


# What must be, day by day

@cache
def nth_school_day(start: dt.date, count: int) -> dt.date | None:
    """The `count`-th school day after the first one not before `start`."""
    day = start
    while day <= END:
        if lessons(day):
            if count == 0:
                return day
            count -= 1
        day += DAY
    return None


@cache
def school_days_after(start: dt.date, end: dt.date) -> int:
    return sum(lessons(start + DAY * n) for n in range(1, (end - start).days + 1))


class Expected:
    """Walks one case through the runs of the clock and writes down every reminder that must have gone out."""

    def __init__(self, year: Year, entry: Entry, missed: set[dt.date]):
        self.year, self.entry, self.missed = year, entry, missed
        self.phase, self.round, self.start = "missing", 1, entry.since
        self.events, self.until, self.deadline = list(entry.events), None, None
        self.out, self.acted, self.asked = False, entry.since, None  # reported as a dropout; last visited; another school asked
        self.due: dict[tuple[str, int, int, int], tuple[dt.date, str, tuple]] = {}
        self.left: list[dt.date] = []  # when the clock itself began another round

    def walk(self) -> Expected:
        for run in self.year.runs:
            if run < self.entry.opened:
                continue
            while self.events and self.events[0][0] <= run:
                self._take(self.events.pop(0))
            self._by_itself(run)
            for step, due, chain, turn in self._open(run):
                late = school_days_after(due, run)
                for level in range(min(late, len(chain) - 1) + 1):
                    self.due.setdefault((step, self.round, turn, level), (run, chain[level], chain[level:]))
        return self

    def _take(self, event: tuple) -> None:
        day, what, *more = event
        match what:
            case "return":
                self.phase, self.start = "back", day
            case "relapse":
                self._missing_again(day, out=True)
            case "register":
                self.out, self.acted = True, day
            case "visit":
                self.acted = max(self.acted, day)
            case "offer_transfer":
                self.asked = day
            case "suspend":
                self.phase, self.until = "resting", more[0]
            case "notice":
                self.deadline = more[0]
            case "end" | "strike_off" | "transfer":
                self.phase = "closed"

    def _missing_again(self, day: dt.date, *, out: bool) -> None:
        self.phase, self.round, self.start, self.deadline = "missing", self.round + 1, day, None
        self.out, self.acted, self.asked = out, day, None

    def _by_itself(self, run: dt.date) -> None:
        last = [day for day in self.year.school_days if day <= run][-3:]
        if self.phase == "resting" and self.until < run or self.phase == "back" and all(day in self.missed for day in last):
            self._missing_again(run, out=self.phase == "back")
            self.left.append(run)

    def _open(self, run: dt.date):
        """(step, due day, heads, turn) of everything due by now and not done."""
        if self.phase == "missing":
            for step, (limit, chain, does) in LIMITS.items():
                due = nth_school_day(self.start, limit)
                if due and due <= run and not self._done(does, run):
                    yield step, due, chain, 0
            if self.deadline and (due := nth_school_day(self.deadline + DAY, 0)) and due <= run:
                yield "deadline", due, (TOWN, COUNTY), 0
            if self.out and (due := nth_school_day(self.acted, 5)) and due <= run:
                yield "persuade", due, (SCHOOL, BUREAU, COUNTY), (self.acted - self.start).days
            if self.asked and (due := nth_school_day(self.asked, 10)) and due <= run:
                yield "transfer", due, ("receiver", BUREAU, COUNTY), (self.asked - self.start).days
        elif self.phase == "back" and (due := nth_school_day(self.start, 15)) and due <= run:
            yield "strike_off", due, (SCHOOL, BUREAU), 0
        elif self.phase == "resting" and (due := nth_school_day(self.until - DAY * 30, 0)) and due <= run:
            yield "expiry", due, (SCHOOL,), 0

    def _done(self, does, run: dt.date) -> bool:
        return any(
            self.start <= day <= run and (what == does or what == "visit" and callable(does) and does(*more[-3:]))
            for day, what, *more in self.entry.events
        )


def missed_of(year: Year) -> dict[int, set[dt.date]]:
    found = defaultdict(set)
    for child, day in Absence.objects.filter(kind="unexplained", explained_on__isnull=True).values_list("child_id", "day"):
        found[child].add(day)
    return found


@pytest.fixture(scope="module")
def expected(year) -> dict[int, Expected]:
    missed = missed_of(year)
    return {pk: Expected(year, entry, missed[entry.child]).walk() for pk, entry in year.book.items()}


# Claims

def test_the_year_is_worth_looking_at(year, expected):
    kinds = Counter(event[1] for entry in year.book.values() for event in entry.events)
    assert len(year.book) > 160 and len(year.runs) > 150
    assert all(kinds[what] >= least for what, least in {"visit": 120, "register": 20, "return": 25, "strike_off": 10, "suspend": 2, "transfer": 2, "relapse": 2, "end": 60}.items()), kinds
    assert sum(len(one.left) for one in expected.values()) >= 4, "the clock itself began rounds anew"
    assert {level for one in expected.values() for *_, level in one.due} == {0, 1, 2, 3}


def test_every_child_missed_for_three_school_days_has_a_case(year):
    missed = {child: days for child, days in missed_of(year).items() if len(days) >= 3}
    assert len(missed) > 40
    known = set(Case.objects.values_list("child_id", flat=True))
    assert [child for child in missed if child not in known] == []
    found = Case.objects.filter(child__school=year.schools[-1])
    assert found and all(case.opened_by == "系统" for case in found), "those whom no roll named, the clock found"


def test_a_case_as_old_as_three_school_days_is_suspected_at_least(year):
    for case in open_cases(year.county).filter(state=CaseState.ABSENT):
        assert school_days_after(case.absent_since - DAY, END) <= 3, case.number


def test_every_overdue_step_reached_the_right_head_none_missed_none_doubled(year, expected):
    sent = defaultdict(list)
    for row in Reminder.objects.select_related("case__school"):
        sent[row.case_id, row.step, row.round, row.turn, row.level].append(row)
    assert [key for key, rows in sent.items() if len(rows) > 1] == []
    wanted = {(pk, *key): told for pk, one in expected.items() for key, told in one.due.items()}
    assert set(wanted) - set(sent) == set(), "missed"
    assert set(sent) - set(wanted) == set(), "too many"
    children = {child.pk: child for child in Child.objects.filter(pk__in={entry.child for entry in year.book.values()}).select_related("school")}
    for key, (run, head, chain) in wanted.items():
        [row] = sent[key]
        child = children[year.book[key[0]].child]
        reached = next(users for kind in chain if (users := _reached(year, kind, child, row)))
        assert (row.sent_on, row.head_kind, row.users) == (run, SCHOOL if head == "receiver" else head, reached), key
    steps = Counter(row.step for rows in sent.values() for row in rows)
    assert steps["persuade"] > 20 and steps["transfer"] >= 3, steps


def _reached(year: Year, kind: str, child: Child, row: Reminder) -> list[int]:
    """A child that was transferred later had other heads when the reminder went out: its case says which school."""
    if kind == "receiver":
        return [year.users["school", row.case.transfer_to_id].pk]
    at_the_time = Child(school=row.case.school, class_text=row.case.class_text, township=child.township, village=child.village)
    return year.reached(kind, at_the_time)


def test_every_notice_is_one_of_those_reminders(year):
    told = Counter()
    for users in Reminder.objects.values_list("users", flat=True):
        told.update(users)
    assert Counter(Notice.objects.filter(url__regex="/(cases|receiving)/").values_list("user", flat=True)) == told
    assert all(users for users in Reminder.objects.values_list("users", flat=True))


def test_nothing_goes_out_on_days_without_lessons_or_while_the_clock_stands(year):
    days = set(Reminder.objects.values_list("sent_on", flat=True)) | set(ReportReminder.objects.values_list("sent_on", flat=True))
    assert all(lessons(day) for day in days)
    assert not any(first <= day <= last for day in days for first, last in STANDSTILLS)


def test_what_was_done_is_closed_and_what_is_open_was_not(year, expected):
    for row in Reminder.objects.select_related("case"):
        one = expected[row.case_id]
        still = row.round == one.round and any((step, turn) == (row.step, row.turn) for step, _, _, turn in one._open(year.runs[-1]))
        assert (row.done_on is None) == still, (row.case.number, row.step)


def test_the_months_reconcile_to_the_child(year, expected):
    entries = year.book.values()
    ends = {pk: next(((day, what) for day, what, *_ in entry.events if what in ("end", "strike_off", "transfer")), (None, "")) for pk, entry in year.book.items()}
    by_number = {entry.number: ends[pk] for pk, entry in year.book.items()}
    reports = MonthlyReport.objects.select_related("school").order_by("school", "month", "number")
    assert len(reports) > 90
    before: dict[int, MonthlyReport] = {}
    for report in reports:
        counts, start, upto = report.counts, *(D.fromisoformat(report.counts[key]) for key in ("from", "upto"))
        own = [entry for entry in entries if entry.school == report.school.code]
        ended = {entry.number: by_number[entry.number] for entry in own if by_number[entry.number][0]}
        assert counting.adds_up(counts)
        assert counts["opened"] == sum(start <= entry.opened <= upto for entry in own)
        assert counts["open_before"] == sum(entry.opened < start and not (entry.number in ended and ended[entry.number][0] < start) for entry in own)
        assert counts["open_after"] == sum(entry.opened <= upto and not (entry.number in ended and ended[entry.number][0] <= upto) for entry in own)
        for key, what in (("struck_off", "strike_off"), ("explained", "end"), ("transferred", "transfer")):
            assert counts[key] == sum(start <= day <= upto and how == what for day, how in ended.values()), (report.school.code, report.month, key)
        for key, what in (("returned", "return"), ("registered", "register"), ("visits", "visit"), ("suspended", "suspend")):
            assert counts[key] == sum(start <= day <= upto and kind == what for entry in own for day, kind, *_ in entry.events)
        if report.school_id in before:
            last = before[report.school_id]
            assert D.fromisoformat(last.counts["upto"]) + DAY == start and last.counts["open_after"] == counts["open_before"]
        assert report.zero_report == counting.is_zero(counts)
        before[report.school_id] = report


def test_the_years_figures_equal_a_count_of_the_book(year, expected):
    whole = reporting.summarise(year.county, *reporting.year_span(2025)).whole
    events = Counter(what for entry in year.book.values() for _, what, *_ in entry.events)
    closed = events["end"] + events["strike_off"] + events["transfer"]
    clock_relapses = sum(1 for one in expected.values() for _ in one.left) - sum(_expiries(one) for one in expected.values())
    assert whole["opened"] == len(year.book) and whole["open_before"] == 0 and whole["open_after"] == len(year.book) - closed
    assert whole["registered"] == events["register"] and whole["returned"] == events["return"] and whole["visits"] == events["visit"]
    assert whole["struck_off"] == events["strike_off"] and whole["explained"] == events["end"] and whole["transferred"] == events["transfer"]
    assert whole["relapsed"] == events["relapse"] + clock_relapses and whole["suspended"] == events["suspend"]
    assert counting.adds_up(whole)
    phases = Counter(one.phase for one in expected.values())
    assert (whole["back"], whole["resting"]) == (phases["back"], phases["resting"])
    assert whole["absent"] + whole["suspected"] + whole["out"] == phases["missing"]


def _expiries(one: Expected) -> int:
    """Rounds the clock began because a leave had run out."""
    return sum(one.until is not None and day > one.until for day in one.left[:1])


def test_reports_that_were_late_or_never_came_were_asked_for_once(year):
    never = ReportReminder.objects.filter(school=year.schools[7], step="month")
    assert {row.level for row in never} == {0, 1} and len(never) == len({(row.start, row.level) for row in never}) >= 16
    assert all(row.done_on is None for row in never) and set(never.get(start=D(2025, 10, 1), level=1).users) == {year.users["bureau",].pk}
    late = ReportReminder.objects.filter(school=year.schools[3], step="month")
    assert late and all(row.done_on for row in late if row.start < D(2026, 6, 1))
    assert {"quarter", "term"} <= set(ReportReminder.objects.filter(school__isnull=True).values_list("step", flat=True))
