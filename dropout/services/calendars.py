"""The county's calendars as one clock of school days."""
from __future__ import annotations

import datetime as dt

from schools.calendar import NoCalendar, calendar_of
from schools.models import County
from schools.periods import current_school_year

from ..school_days import SchoolDays


def school_days_of(county: County, on: dt.date) -> SchoolDays:
    """The school years around a day: the one before, its own, the next; those not entered count Monday to Friday."""
    year, held = current_school_year(on), {}
    for one in (year - 1, year, year + 1):
        try:
            held[one] = calendar_of(county, one)
        except NoCalendar:
            continue
    return SchoolDays(held)
