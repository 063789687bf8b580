"""The county's calendars as one clock of school days."""
from __future__ import annotations

import datetime as dt

from schools.calendar import calendars_of
from schools.models import County
from schools.periods import current_school_year

from ..school_days import SchoolDays


def school_days_of(county: County, on: dt.date) -> SchoolDays:
    """The school years around a day: the one before, its own, the next; those not entered count Monday to Friday."""
    year = current_school_year(on)
    return SchoolDays.of_years(calendars_of(county, (year - 1, year, year + 1)))
