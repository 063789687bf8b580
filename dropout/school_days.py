"""School days over several school years: what is due in school days, and silent in the holidays.

A year whose calendar the county has not entered counts Monday to Friday; pages then say so.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schools.calendar import SchoolCalendar
from schools.periods import current_school_year

ONE_DAY = dt.timedelta(days=1)
FAR = 400  # days: no stretch without a school day is longer


@dataclass(frozen=True)
class Week:
    """One school week: its Monday and Sunday."""

    monday: dt.date

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)


@dataclass(frozen=True)
class SchoolDays:
    """The calendars of a county by school year; pure, so that a test may hold any."""

    calendars: Mapping[int, SchoolCalendar]
    _due: dict[dt.date, dt.date] = field(default_factory=dict, compare=False, repr=False)
    _known: dict[dt.date, bool] = field(default_factory=dict, compare=False, repr=False)  # asked thousands of times a page

    def knows(self, day: dt.date) -> bool:
        """Whether the county has entered the calendar of that day's school year."""
        return current_school_year(day) in self.calendars

    def is_school_day(self, day: dt.date) -> bool:
        known = self._known.get(day)
        if known is None:
            calendar = self.calendars.get(current_school_year(day))
            known = self._known[day] = day.weekday() < 5 if calendar is None else calendar.is_school_day(day)
        return known

    def last_before(self, day: dt.date) -> dt.date:
        """The last school day before `day`; `day` less FAR days where there is none."""
        return next((one for one in self._back(day) if self.is_school_day(one)), day - ONE_DAY * FAR)

    def start_of(self, on: dt.date, count: int) -> dt.date:
        """The first of the last `count` school days up to and including `on`."""
        first, left = on, count
        for one in (on, *self._back(on)):
            if self.is_school_day(one):
                first, left = one, left - 1
                if left <= 0:
                    break
        return first

    def between(self, start: dt.date, end: dt.date) -> int:
        """School days after `start` up to and including `end`; 0 when end <= start."""
        return sum(self.is_school_day(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))

    def latest_done(self, on: dt.date, days: int) -> dt.date:
        """What was last done on or before this day, and is wanted every `days` days, is overdue `on` that day.

        A due day within the holidays moves to the first school day after them: nothing falls due in the holidays.
        """
        return self.last_before(on) - dt.timedelta(days=days)

    def due(self, last: dt.date, days: int) -> dt.date:
        """The day by which it is due again: `last` + `days`, in the holidays the next school day."""
        day = last + dt.timedelta(days=days)
        found = self._due.get(day)
        if found is None:
            found = self._due[day] = next((day + ONE_DAY * n for n in range(FAR) if self.is_school_day(day + ONE_DAY * n)), day)
        return found

    def weeks(self, start: dt.date, end: dt.date, full_days: int) -> list[Week]:
        """The school weeks that lie wholly between `start` and `end`: Monday to Sunday with at least `full_days` school days."""
        monday = start + ONE_DAY * (-start.weekday() % 7)
        found = []
        while monday + ONE_DAY * 6 <= end:
            if sum(self.is_school_day(monday + ONE_DAY * n) for n in range(7)) >= full_days:
                found.append(Week(monday))
            monday += ONE_DAY * 7
        return found

    @staticmethod
    def _back(day: dt.date) -> Iterator[dt.date]:
        return (day - ONE_DAY * n for n in range(1, FAR))
