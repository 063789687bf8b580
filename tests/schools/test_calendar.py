"""School days: terms less holidays, plus make-up days."""

import datetime as dt

import pytest

from schools.calendar import NoCalendar, SchoolCalendar, calendar_of
from tests.factories import CountyFactory

D = dt.date
CALENDAR = SchoolCalendar(
    terms=((D(2026, 9, 1), D(2027, 1, 22)),),
    holidays=((D(2026, 10, 1), D(2026, 10, 8), "国庆"),),
    makeup_days=frozenset({D(2026, 10, 10)}),
)


def test_a_weekend_is_no_school_day_but_a_makeup_day_is():
    assert not CALENDAR.is_school_day(D(2026, 9, 5))
    assert CALENDAR.is_school_day(D(2026, 10, 10))


def test_a_clock_stands_still_in_the_holidays():
    assert CALENDAR.school_days_between(D(2026, 9, 30), D(2026, 10, 8)) == 0
    assert CALENDAR.add_school_days(D(2026, 9, 30), 1) == D(2026, 10, 9)
    assert CALENDAR.add_school_days(D(2026, 9, 30), 2) == D(2026, 10, 10)


def test_adding_and_counting_agree():
    for count in range(60):
        end = CALENDAR.add_school_days(D(2026, 9, 1), count)
        assert CALENDAR.school_days_between(D(2026, 9, 1), end) == count


def test_beyond_the_calendar_is_said_not_guessed():
    with pytest.raises(NoCalendar, match="校历"):
        CALENDAR.add_school_days(D(2027, 1, 20), 9)


@pytest.mark.django_db
def test_a_county_without_a_calendar_is_told_so():
    with pytest.raises(NoCalendar, match="清河县"):
        calendar_of(CountyFactory(), 2026)
