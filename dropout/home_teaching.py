"""送教上门: how often a child is taught at home, counted in school weeks of the county's calendar.

There is no national frequency; provinces differ (domain: standards §8.5). The default is the strictest one seen, the
others are rule packs.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from schools.parameters import Parameter, ParameterSet, declare

from .school_days import SchoolDays

SOURCE = "没有全国统一规定；默认取所见最严的一种（山东：每周两次、每次三课时、每年不少于216课时）"
VISITS = declare(Parameter("home_teaching.visits_per_week", "送教上门每周次数", "integer", "2", SOURCE, unit="次"))
LESSONS = declare(Parameter("home_teaching.lessons_per_week", "送教上门每周课时", "integer", "6", SOURCE, unit="课时"))
YEARLY = declare(Parameter("home_teaching.lessons_per_year", "送教上门每学年课时", "integer", "216", SOURCE, unit="课时", note="填 0 表示不设年度总量。"))
MINUTES = declare(Parameter("home_teaching.minutes_per_lesson", "送教上门每课时分钟数", "integer", "0", SOURCE, unit="分钟", note="填 0 表示不作要求。"))
FULL_WEEK = declare(Parameter(
    "home_teaching.full_week_days", "计入送教周的最少上课日", "integer", "3", "一周内上课日不足此数的（如长假）不计入，由地方规定", unit="天",
))  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """The frequency in force."""

    visits: int
    lessons: int
    yearly: int
    minutes: int
    full_week: int

    @staticmethod
    def of(parameters: ParameterSet) -> Rule:
        return Rule(*(parameters.get(one.code) for one in (VISITS, LESSONS, YEARLY, MINUTES, FULL_WEEK)))

    def worded(self) -> str:
        """每周 2 次、6 课时，每学年不少于 216 课时."""
        words = f"每周 {self.visits} 次、{self.lessons} 课时"
        words += f"，每学年不少于 {self.yearly} 课时" if self.yearly else ""
        return words + (f"，每课时不少于 {self.minutes} 分钟" if self.minutes else "")


@dataclass(frozen=True)
class Taught:
    """One visit: its day, lessons, minutes in all."""

    on: dt.date
    lessons: int
    minutes: int


@dataclass(frozen=True)
class HomeState:
    """How one child stands within a school year: weeks that count, weeks that fell short, lessons given and due by now."""

    weeks: int
    short: tuple[dt.date, ...]
    visits: int
    visits_due: int
    lessons: int
    lessons_due: int
    yearly: int
    last: dt.date | None
    newest_short: bool

    @property
    def is_overdue(self) -> bool:
        """The newest finished school week fell short, or an earlier one did and was never made good."""
        return self.newest_short or self.visits < self.visits_due or self.lessons < self.lessons_due

    @property
    def missing_lessons(self) -> int:
        return max(self.lessons_due - self.lessons, 0)


def state_of(taught: Iterable[Taught], rule: Rule, days: SchoolDays, start: dt.date, on: dt.date) -> HomeState:
    """Home teaching of one child from `start` (of the plan, or of the school year) to `on`.

    Only finished weeks are asked for. A lesson shorter than the rule's minutes counts by its minutes.
    """
    given = [(one.on, _lessons(one, rule)) for one in taught if start <= one.on <= on]
    weeks = days.weeks(start, on - dt.timedelta(days=1), rule.full_week)
    short = []
    for week in weeks:
        within = [lessons for day, lessons in given if week.monday <= day <= week.sunday]
        if len(within) < rule.visits or sum(within) < rule.lessons:
            short.append(week.monday)
    return HomeState(
        len(weeks), tuple(short), len(given), rule.visits * len(weeks), sum(lessons for _, lessons in given),
        rule.lessons * len(weeks), rule.yearly, max((day for day, _ in given), default=None),
        bool(weeks and short and short[-1] == weeks[-1].monday),
    )  # fmt: skip


def _lessons(one: Taught, rule: Rule) -> int:
    return min(one.lessons, one.minutes // rule.minutes) if rule.minutes else one.lessons
