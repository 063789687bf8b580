"""School days: every clock counted in school days asks here. Terms, holidays and make-up days are the county's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actor import Actor

from .models import Calendar, County
from .periods import current_school_year

ONE_DAY = dt.timedelta(days=1)


class NoCalendar(LookupError):
    """The county has not entered the calendar of that school year; the message is a Chinese sentence."""


@dataclass(frozen=True)
class SchoolCalendar:
    """校历 of one school year: terms [(first, last)], holidays [(first, last, name)], make-up days {day}."""

    terms: tuple[tuple[dt.date, dt.date], ...]
    holidays: tuple[tuple[dt.date, dt.date, str], ...]
    makeup_days: frozenset[dt.date]

    def is_school_day(self, day: dt.date) -> bool:
        """A weekday within a term and no holiday, or a make-up day 调休上课日."""
        if day in self.makeup_days:
            return True
        in_term = any(first <= day <= last for first, last in self.terms)
        return in_term and day.weekday() < 5 and not any(first <= day <= last for first, last, _ in self.holidays)

    def school_days_between(self, start: dt.date, end: dt.date) -> int:
        """School days after `start` up to and including `end` (0 when end <= start)."""
        return sum(self.is_school_day(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))

    def add_school_days(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th school day after `start`. Raises NoCalendar when the year's terms end before."""
        day = start
        last = max((end for _, end in self.terms), default=start)
        while count:
            day += ONE_DAY
            if day > last and day not in self.makeup_days:
                raise NoCalendar(f"从{start:%Y-%m-%d}起算的上课日超出了校历，请先录入下一学年的校历。")
            count -= self.is_school_day(day)
        return day


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def held_calendar(county: County, year: int) -> Calendar | None:
    """The stored calendar of a school year, as it was entered."""
    return Calendar.objects.filter(county=county, year=year).first()


def calendar_of(county: County, year: int) -> SchoolCalendar:
    """The county's calendar of a school year. Raises NoCalendar."""
    row = held_calendar(county, year)
    if row is None:
        raise NoCalendar(f"{county.name}还没有录入{year}-{year + 1}学年的校历，请县教育局先录入。")
    return _joined([row])


def calendars_of(county: County, years: Iterable[int]) -> dict[int, SchoolCalendar]:
    """Those of the years' calendars that the county has entered, by school year."""
    return {row.year: _joined([row]) for row in Calendar.objects.filter(county=county, year__in=list(years))}


def calendar_between(county: County, start: dt.date, end: dt.date) -> SchoolCalendar:
    """The calendars of the school years from `start` to `end` as one, with the next year's where it is entered.

    Raises NoCalendar for the first of those years that has none: a gap would make the clock stand still unnoticed.
    """
    first, last = current_school_year(start), current_school_year(end)
    held = {row.year: row for row in Calendar.objects.filter(county=county, year__range=(first, last + 1))}
    for year in range(first, last + 1):
        if year not in held:
            raise NoCalendar(f"{county.name}还没有录入{year}-{year + 1}学年的校历，请县教育局先录入。")
    return _joined([held[year] for year in sorted(held)])


def _joined(rows: list[Calendar]) -> SchoolCalendar:
    return SchoolCalendar(
        tuple((_date(a), _date(b)) for row in rows for a, b in row.terms),
        tuple((_date(a), _date(b), name) for row in rows for a, b, name in row.holidays),
        frozenset(_date(day) for row in rows for day in row.makeup_days),
    )


@transaction.atomic
def save_calendar(county: County, year: int, *, terms: list, holidays: list, makeup_days: list, by: Actor) -> Calendar:
    """Write the calendar of a school year, whole (ISO dates as in Calendar); logged."""
    row, _ = Calendar.objects.update_or_create(
        county=county, year=year, defaults={"terms": terms, "holidays": holidays, "makeup_days": makeup_days}
    )
    audit.record(
        "calendar.saved", by=by, county=county.code, object=f"calendar/{year}", terms=len(terms), holidays=len(holidays)
    )
    return row
