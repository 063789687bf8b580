"""The clock of a case, without a database: given school days, limits and what was done, which steps are due, and whose.

All limits count school days of the county's calendar: weekends and holidays pass unseen, make-up days count. A step with
limit 0 is due on the first day missed itself. A step that is not done is its first head's; with every further
`escalate` school days it is the next head's too.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .models import HeadKind, Outcome, VisitWay
from .parameters import (
    CALL_DAYS,
    CONTACT_DAYS,
    HOME_VISIT_DAYS,
    JOINT_VISIT_DAYS,
    LINE_DAYS,
    PERSUADE_DAYS,
    REPORT_DAYS,
    STRIKE_OFF_DAYS,
    TRANSFER_DAYS,
)
from .school_days import ONE_DAY, SchoolDays
from .states import ABSENT, BACK, MISSING, OUT, RESTARTS, RESTING


@dataclass(frozen=True)
class Life:
    """What the clock knows of one case: its state, every step (verb, to, on) and visit (on, way, outcome, line)."""

    state: str
    absent_since: dt.date
    steps: tuple[tuple[str, str, dt.date], ...] = ()
    visits: tuple[tuple[dt.date, str, str, str], ...] = ()
    deadline: dt.date | None = None
    rests_until: dt.date | None = None
    found_on: dt.date | None = None  # when a list, ledger or person made it known; None: the school missed the child itself

    @property
    def round(self) -> int:
        """1, and one more each time the child left again or a leave expired."""
        return 1 + sum(verb in RESTARTS for verb, _, _ in self.steps)

    @property
    def left_on(self) -> dt.date:
        """The first day of the present absence."""
        return next((on for verb, _, on in reversed(self.steps) if verb in RESTARTS), self.absent_since)

    @property
    def start(self) -> dt.date:
        """The day from which people could act: the first one missed, or that on which an old absence came to light."""
        return max(self.left_on, self.found_on) if self.found_on else self.left_on

    @property
    def of_round(self) -> tuple[tuple[str, str, dt.date], ...]:
        """The steps since the present absence began."""
        last = max((n for n, step in enumerate(self.steps) if step[0] in RESTARTS), default=-1)
        return self.steps[last + 1 :]

    def first(self, *verbs: str) -> dt.date | None:
        """When one of these was first done in the present round."""
        return next((on for verb, _, on in self.of_round if verb in verbs), None)

    def visited(self, matters: Callable[[str, str, str], bool]) -> dt.date | None:
        """The day of the first visit of the present round for which `matters(way, outcome, line)`."""
        days = [on for on, way, outcome, line in self.visits if on >= self.left_on and matters(way, outcome, line)]
        return min(days, default=None)

    @property
    def persuaded_on(self) -> dt.date:
        """When somebody last tried to bring the child back: the last visit of this round, else the day from which they had to."""
        return max([self.left_on, *filter(None, [self.first("register")]), *(on for on, *_ in self.visits if on >= self.left_on)])

    @property
    def offered_on(self) -> dt.date | None:
        """When another school was last asked in this round to confirm that it takes the child."""
        return max((on for verb, _, on in self.of_round if verb == "offer_transfer"), default=None)

    @property
    def present_again(self) -> dt.date | None:
        """When the child ceased to be missing in this round: back in class, on leave, or the case closed."""
        missing = {ABSENT, *MISSING}
        return next((on for _, to, on in self.of_round if to not in missing), None)


@dataclass(frozen=True)
class Limits:
    """The county's numbers: school days of each step, days of escalation, days before an expiry."""

    days: Mapping[str, int]
    escalate: int = 1
    before_expiry: int = 30


@dataclass(frozen=True)
class ClockStep:
    """One thing that must be done in time. `chain`: the heads, first the one whose it is. `due`: the day, None when the
    case has nothing to do with it. `done`: the day it was done or fell away. `warns`: a reminder beforehand, never overdue.
    `since`: the day an act put the step off from, for one that falls due again after each such act; every one is a turn of its own.
    `at_receiver`: the school of its chain is the one asked to take the child."""

    code: str
    title: str
    chain: tuple[HeadKind, ...]
    due: Callable[[Life, SchoolDays, Limits], dt.date | None]
    done: Callable[[Life], dt.date | None]
    limit: str = ""
    warns: bool = False
    since: Callable[[Life], dt.date | None] = lambda life: None
    at_receiver: bool = False

    def turn(self, life: Life) -> int:
        """Which of the turns of one round this is: the days from the absence's first to `since`; 0 for a step that comes once."""
        since = self.since(life)
        return (since - life.left_on).days if since else 0


TEACHER, SCHOOL, BUREAU, VILLAGE, TOWN, COUNTY = (
    HeadKind.TEACHER, HeadKind.SCHOOL, HeadKind.BUREAU, HeadKind.VILLAGE, HeadKind.TOWN, HeadKind.COUNTY,
)  # fmt: skip
AT_HOME = (VisitWay.HOME, VisitWay.JOINT, VisitWay.NOTICE)
REACHED = (Outcome.AGREED, Outcome.REFUSED)


def _missing(
    code: str, title: str, limit: str, chain: tuple[HeadKind, ...], done: Callable[[Life], dt.date | None],
    since: Callable[[Life], dt.date] = lambda life: life.start,
) -> ClockStep:
    """A step for a child that is not in school, so many school days after people could act (or `since`)."""

    def due(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
        return days.after(since(life), limits.days[code])

    return ClockStep(code, title, chain, due, lambda life: _earliest(done(life), life.present_again), limit)


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def _deadline(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
    return days.on_or_after(life.deadline + ONE_DAY) if life.deadline else None


def _back(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
    returned = life.first("return", "resume")
    return days.after(returned, limits.days["strike_off"]) if returned and life.state in BACK else None


def _persuade(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
    return days.after(life.persuaded_on, limits.days["persuade"]) if life.state in OUT else None


def _transfer(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
    return days.after(life.offered_on, limits.days["transfer"]) if life.offered_on and life.state in MISSING else None


def _expiry(life: Life, days: SchoolDays, limits: Limits) -> dt.date | None:
    if life.state not in RESTING or life.rests_until is None:
        return None
    return days.on_or_after(life.rests_until - ONE_DAY * limits.before_expiry)


STEPS: tuple[ClockStep, ...] = (
    _missing("call", "联系家长", CALL_DAYS, (TEACHER, SCHOOL, BUREAU), lambda life: life.visited(lambda way, outcome, line: True)),
    _missing("home_visit", "家访", HOME_VISIT_DAYS, (TEACHER, SCHOOL, BUREAU),
             lambda life: life.visited(lambda way, outcome, line: way in AT_HOME)),
    _missing("contact", "联系上监护人", CONTACT_DAYS, (SCHOOL, BUREAU), lambda life: life.visited(lambda way, outcome, line: outcome in REACHED)),
    _missing("joint_visit", "会同村(社区)联合家访", JOINT_VISIT_DAYS, (VILLAGE, TOWN, BUREAU, COUNTY),
             lambda life: life.visited(lambda way, outcome, line: way == VisitWay.JOINT or line == "government")),
    _missing("report", "登记辍学并书面报告", REPORT_DAYS, (SCHOOL, BUREAU, COUNTY), lambda life: life.first("register")),
    _missing("line", "无故缺勤满四周，按辍学处理", LINE_DAYS, (BUREAU, COUNTY), lambda life: life.first("register"),
             since=lambda life: life.left_on),
    ClockStep("deadline", "限期返校到期未返校", (TOWN, COUNTY), _deadline, lambda life: life.present_again),
    ClockStep("persuade", "再次劝返", (SCHOOL, BUREAU, COUNTY), _persuade, lambda life: None, PERSUADE_DAYS, since=lambda life: life.persuaded_on),
    ClockStep("transfer", "接收学校确认转入", (SCHOOL, BUREAU, COUNTY), _transfer, lambda life: None, TRANSFER_DAYS,
              since=lambda life: life.offered_on, at_receiver=True),
    ClockStep("strike_off", "复学后核查、会签、销号", (SCHOOL, BUREAU), _back, lambda life: life.first("strike_off"), STRIKE_OFF_DAYS),
    ClockStep("expiry", "缓学(休学)将到期", (SCHOOL,), _expiry, lambda life: None, warns=True),
)  # fmt: skip
BY_CODE: Mapping[str, ClockStep] = {step.code: step for step in STEPS}


@dataclass(frozen=True)
class Due:
    """A step with its day: how far it has come up the chain today (-1: not due yet), since when it is done, which turn it is."""

    step: ClockStep
    due_on: dt.date
    level: int
    done_on: dt.date | None = None
    turn: int = 0

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    def is_overdue(self, today: dt.date) -> bool:
        return self.is_open and today > self.due_on and not self.step.warns

    @property
    def head_kind(self) -> HeadKind:
        """Whose it is now."""
        return self.step.chain[max(0, self.level)]


def steps_of(life: Life, days: SchoolDays, limits: Limits, today: dt.date) -> list[Due]:
    """Every step of the present round that has a due day: done, due, or still ahead."""
    found = []
    for step in STEPS:
        due_on = step.due(life, days, limits)
        if due_on is not None:
            done = step.done(life)
            level = -1 if done is not None else level_of(due_on, today, days, limits, len(step.chain))
            found.append(Due(step, due_on, level, done, step.turn(life)))
    return found


def level_of(due_on: dt.date, today: dt.date, days: SchoolDays, limits: Limits, heads: int) -> int:
    """How far something undone has come up a chain of so many heads; -1 before its day."""
    if today < due_on:
        return -1
    return min(days.since(due_on, today) // max(1, limits.escalate), heads - 1)


def next_open(dues: list[Due]) -> Due | None:
    """What presses most: the longest overdue step, else the next one to come."""
    return min((due for due in dues if due.is_open), key=lambda due: due.due_on, default=None)


def report_due(days: SchoolDays, month: dt.date, day_of_month: int) -> dt.date | None:
    """The day a month's report is due: the last school day up to that day of the month; None for a month of holidays."""
    following = (month.replace(day=28) + ONE_DAY * 4).replace(day=1)
    latest = min(month + ONE_DAY * (day_of_month - 1), following - ONE_DAY)
    due = days.on_or_before(latest)
    if due is not None and due >= month:
        return due
    later = days.on_or_after(latest)
    return later if later is not None and later < following else None
