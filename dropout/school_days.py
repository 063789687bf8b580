"""School days: the one index every clock of this room counts by. Weekends and holidays pass unseen, make-up days count."""
from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from schools.calendar import SchoolCalendar
from schools.periods import current_school_year

ONE_DAY = dt.timedelta(days=1)
FAR = 400  # days: no stretch without a school day is longer
FIRST, LAST = dt.date(1995, 1, 1), dt.date(2095, 12, 31)  # where a year without calendar is guessed


@dataclass(frozen=True)
class Week:
    """One school week: its Monday and Sunday."""

    monday: dt.date

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)


class SchoolDays:
    """The school days from `start` on, ready for counting thousands of times. `entered`: the school years whose calendar is known.

    Two ways to come by it. A case is never counted by guess: `of_calendar` knows no day beyond the calendar. The duties of
    care must not stand still because a calendar is late: `of_years` takes Monday to Friday where one is missing, and pages
    say so (`knows`).
    """

    def __init__(self, days: list[dt.date], start: dt.date, entered: Iterable[int]):
        self.days, self.start, self.entered = days, start, frozenset(entered)

    @staticmethod
    def of_calendar(calendar: SchoolCalendar, start: dt.date) -> SchoolDays:
        """From `start` to the end of the calendar's last term."""
        last = max([end for _, end in calendar.terms] + sorted(calendar.makeup_days), default=start)
        return SchoolDays(_of(calendar, start, last), start, range(current_school_year(start), current_school_year(last) + 1))

    @staticmethod
    def of_years(calendars: Mapping[int, SchoolCalendar]) -> SchoolDays:
        """All years: those of `calendars` as the county entered them, Monday to Friday in the others."""
        days = list(_weekdays())
        for year, calendar in calendars.items():
            start, end = dt.date(year, 9, 1), dt.date(year + 1, 8, 31)
            days[bisect_left(days, start) : bisect_right(days, end)] = _of(calendar, start, end)
        return SchoolDays(days, FIRST, calendars)

    def knows(self, day: dt.date) -> bool:
        """Whether the county has entered the calendar of that day's school year."""
        return current_school_year(day) in self.entered

    def is_school_day(self, day: dt.date) -> bool:
        place = bisect_left(self.days, day)
        return place < len(self.days) and self.days[place] == day

    def since(self, start: dt.date, end: dt.date) -> int:
        """School days after `start` up to and including `end`; 0 when end <= start."""
        return max(0, bisect_right(self.days, end) - bisect_right(self.days, start))

    def on_or_after(self, day: dt.date) -> dt.date | None:
        """The first school day not before `day`; None beyond what is known."""
        place = bisect_left(self.days, day)
        return self.days[place] if place < len(self.days) else None

    def on_or_before(self, day: dt.date) -> dt.date | None:
        place = bisect_right(self.days, day)
        return self.days[place - 1] if place else None

    def after(self, start: dt.date, count: int) -> dt.date | None:
        """The `count`-th school day after `start`, which itself moves to a school day first; None beyond what is known."""
        place = bisect_left(self.days, start) + count
        return self.days[place] if place < len(self.days) else None

    def last(self, count: int, on: dt.date) -> list[dt.date]:
        """The last `count` school days up to and including `on`; fewer where fewer are known."""
        place = bisect_right(self.days, on)
        return self.days[max(0, place - count) : place]

    def start_of(self, on: dt.date, count: int) -> dt.date:
        """The first of the last `count` school days up to and including `on`."""
        return next(iter(self.last(max(1, count), on)), on)

    def last_before(self, day: dt.date) -> dt.date:
        """The last school day before `day`; `day` less FAR days where there is none."""
        return self.on_or_before(day - ONE_DAY) or day - ONE_DAY * FAR

    def latest_done(self, on: dt.date, days: int) -> dt.date:
        """What was last done on or before this day, and is wanted every `days` days, is overdue `on` that day.

        A due day within the holidays moves to the first school day after them: nothing falls due in the holidays.
        """
        return self.last_before(on) - dt.timedelta(days=days)

    def due(self, last: dt.date, days: int) -> dt.date:
        """The day by which it is due again: `last` + `days`, in the holidays the next school day."""
        day = last + dt.timedelta(days=days)
        return self.on_or_after(day) or day

    def weeks(self, start: dt.date, end: dt.date, full_days: int) -> list[Week]:
        """The school weeks that lie wholly between `start` and `end`: Monday to Sunday with at least `full_days` school days."""
        monday = start + ONE_DAY * (-start.weekday() % 7)
        found = []
        while monday + ONE_DAY * 6 <= end:
            if self.since(monday - ONE_DAY, monday + ONE_DAY * 6) >= full_days:
                found.append(Week(monday))
            monday += ONE_DAY * 7
        return found


def _of(calendar: SchoolCalendar, start: dt.date, end: dt.date) -> list[dt.date]:
    return [day for n in range((end - start).days + 1) if calendar.is_school_day(day := start + ONE_DAY * n)]


@cache
def _weekdays() -> tuple[dt.date, ...]:
    return tuple(day for n in range((LAST - FIRST).days + 1) if (day := FIRST + ONE_DAY * n).weekday() < 5)
