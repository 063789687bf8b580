"""Duties and home teaching, counted by hand: on the day, a day later, over a holiday, in a week with a long holiday."""
import datetime as dt

import pytest

from dropout.duties import CareState, Clock, Settings, overdue
from dropout.groups import CATEGORIES, category_of, open_titles
from dropout.home_teaching import Rule, Taught, state_of
from dropout.school_days import SchoolDays
from schools.calendar import SchoolCalendar
from schools.parameters import NATIONAL, PARAMETERS, BadValue, Setting, parse

D = dt.date
CALENDAR = SchoolCalendar(
    ((D(2026, 9, 1), D(2027, 1, 22)), (D(2027, 2, 22), D(2027, 7, 9))), ((D(2026, 10, 1), D(2026, 10, 8), "国庆节"),), frozenset({D(2026, 10, 10)})
)
DAYS = SchoolDays.of_years({2026: CALENDAR})
SETTINGS = Settings.of(NATIONAL)


def late(state: CareState, on: dt.date, settings: Settings = SETTINGS) -> dict[str, dt.date]:
    return {one.duty.code: one.due_on for one in overdue(state, Clock.at(on, settings, DAYS))}


def test_a_child_without_a_helper_has_thirty_days_and_then_is_overdue():
    state = CareState(groups={"poor": D(2026, 9, 1)})
    assert late(state, D(2026, 10, 1)) == {}
    # 30 days after 1 September is 1 October; the holiday moves it to the first school day, Friday 9 October.
    assert late(state, D(2026, 10, 9)) == {}
    assert late(state, D(2026, 10, 10)) == {"helper": D(2026, 10, 9)}


def test_nothing_falls_due_in_the_holidays():
    state = CareState(groups={"disabled": D(2026, 9, 1)}, helped={"disabled": D(2026, 9, 2)}, contacts={"visit": D(2027, 1, 4)})
    assert late(state, D(2027, 2, 21)) == {} and late(state, D(2027, 2, 22)) == {}
    assert late(state, D(2027, 2, 23)) == {"contact": D(2027, 2, 22)}


def test_a_contact_in_time_settles_the_month_and_only_talk_or_counselling_settles_the_mind():
    state = CareState(groups={"left_behind": D(2026, 1, 5)}, helped={"left_behind": D(2026, 1, 6)}, contacts={"phone": D(2026, 11, 20)}, has_card=True)
    assert set(late(state, D(2026, 11, 25))) == {"mind"}
    state.contacts["talk"] = D(2026, 11, 20)
    assert late(state, D(2026, 11, 25)) == {}


def test_a_left_behind_child_needs_a_contact_card():
    state = CareState(groups={"left_behind": D(2026, 9, 1)}, helped={"left_behind": D(2026, 9, 2)}, contacts={"talk": D(2026, 11, 20)})
    assert set(late(state, D(2026, 11, 25))) == {"card"}


def test_migrant_children_need_no_helper_and_duties_of_several_groups_add_up():
    assert late(CareState(groups={"migrant": D(2026, 1, 1)}), D(2026, 11, 25)) == {}
    both = CareState(groups={"migrant": D(2026, 1, 1), "left_behind": D(2026, 9, 1)})
    assert set(late(both, D(2026, 11, 25))) == {"helper", "card"}


def test_one_helper_serves_every_group_unless_the_county_wants_one_for_each():
    state = CareState(groups={"poor": D(2026, 9, 1), "left_behind": D(2026, 9, 1)}, helped={"poor": D(2026, 9, 2)})
    assert SETTINGS.lacks_helper(state) == set()
    assert Settings.of(_with("care.helper_per_group", True)).lacks_helper(state) == {"left_behind"}


def _with(code, value):
    return type(NATIONAL)({code: (Setting(value, str(value), "all", "999901", "文件", ""),)})


def test_a_rule_may_name_the_groups_as_people_do_and_no_others():
    rule = PARAMETERS["care.helper.groups"]
    assert rule.coded("残疾、脱贫户，留守") == "disabled,poor,left_behind" and parse(rule, "学困") == ("learning",)
    assert rule.worded("poor,learning") == "脱贫户(原建档立卡)、学习困难"
    with pytest.raises(BadValue, match="“飞行”不在可选范围内，请填写：残疾、脱贫户"):
        parse(rule, "残疾、飞行")


def test_titles_of_duties_and_lists_name_no_private_group():
    assert "学" not in "".join(one.duty.title for one in overdue(CareState(groups={"learning": D(2026, 1, 1)}), Clock.at(D(2026, 11, 25), SETTINGS, DAYS)))
    assert open_titles([("learning", ""), ("poor", "")]) == ["脱贫户(原建档立卡)"]


def test_the_two_definitions_of_left_behind_are_two_categories():
    assert category_of("left_behind", "register").title == "留守（学籍口径）" and category_of("left_behind", "civil").title == "留守（民政口径）"
    assert len({c.title for c in CATEGORIES.values()}) == len(CATEGORIES)


def rule(**changed) -> Rule:
    return Rule(**{"visits": 2, "lessons": 6, "yearly": 216, "minutes": 0, "full_week": 3, **changed})


def lessons(*days: dt.date, number: int = 3, minutes: int = 120) -> list[Taught]:
    return [Taught(day, number, minutes) for day in days]


def test_home_teaching_is_asked_for_in_finished_school_weeks():
    # Weeks from Monday 7 September on; the week of the long holiday (28 Sep: three days) counts, 5 October (two days) does not.
    start = D(2026, 9, 4)
    state = state_of([], rule(), DAYS, start, D(2026, 9, 13))
    assert (state.weeks, state.is_overdue) == (0, False), "the first week ends on the 13th, nobody is late on that day"
    assert state_of([], rule(), DAYS, start, D(2026, 9, 14)).is_overdue
    held = DAYS.weeks(start, D(2026, 10, 18), 3)
    assert [week.monday for week in held] == [D(2026, 9, 7), D(2026, 9, 14), D(2026, 9, 21), D(2026, 9, 28), D(2026, 10, 12)]


def test_a_week_that_was_made_good_is_no_longer_overdue():
    first, second = (D(2026, 9, 8), D(2026, 9, 10)), (D(2026, 9, 15), D(2026, 9, 16), D(2026, 9, 17), D(2026, 9, 18))
    short = state_of(lessons(*first[:1], *second[:2]), rule(), DAYS, D(2026, 9, 7), D(2026, 9, 21))
    assert short.is_overdue and short.short == (D(2026, 9, 7),) and short.missing_lessons == 3
    good = state_of(lessons(*first[:1], *second[:3]), rule(), DAYS, D(2026, 9, 7), D(2026, 9, 21))
    assert not good.is_overdue and good.short == (D(2026, 9, 7),)
    early = state_of(lessons(*second), rule(), DAYS, D(2026, 9, 7), D(2026, 9, 28))
    assert early.is_overdue and early.newest_short, "many visits earlier do not cover a newest week without any"


@pytest.mark.parametrize("minutes, counted", [(90, 3), (60, 2), (29, 0)])
def test_a_lesson_shorter_than_the_rule_counts_by_its_minutes(minutes, counted):
    state = state_of(lessons(D(2026, 9, 8), minutes=minutes), rule(minutes=30), DAYS, D(2026, 9, 7), D(2026, 9, 21))
    assert state.lessons == counted


def test_the_national_default_is_the_strictest_seen_and_says_so():
    held = Rule.of(NATIONAL)
    assert (held.visits, held.lessons, held.yearly) == (2, 6, 216)
    assert held.worded() == "每周 2 次、6 课时，每学年不少于 216 课时"


def test_school_days_of_a_year_without_calendar_are_weekdays():
    empty = SchoolDays.of_years({})
    assert empty.is_school_day(D(2026, 11, 25)) and not empty.is_school_day(D(2026, 11, 28)) and not empty.knows(D(2026, 11, 25))
    assert DAYS.start_of(D(2026, 11, 25), 3) == D(2026, 11, 23) and DAYS.last_before(D(2026, 10, 9)) == D(2026, 9, 30)
    assert DAYS.since(D(2026, 9, 30), D(2026, 10, 12)) == 3
