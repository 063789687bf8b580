"""The clock itself: school days, limits, levels, what ends a step; no database."""
import pytest

from dropout.clock import BY_CODE, STEPS, Life, Limits, level_of, next_open, report_due, steps_of
from dropout.school_days import SchoolDays
from schools.calendar import SchoolCalendar
from tests.dropout.world import D

# Wednesday 1 October to Wednesday 8 is National Day; Saturday 11 is made up, and Sunday 28 September was.
CALENDAR = SchoolCalendar(
    terms=((D(2025, 9, 1), D(2026, 1, 23)), (D(2026, 2, 27), D(2026, 7, 3))),
    holidays=((D(2025, 10, 1), D(2025, 10, 8), "国庆"),),
    makeup_days=frozenset({D(2025, 9, 28), D(2025, 10, 11)}),
)
DAYS = SchoolDays.of_calendar(CALENDAR, D(2025, 9, 1))
LIMITS = Limits({"call": 0, "home_visit": 0, "contact": 1, "joint_visit": 2, "report": 3, "line": 20, "strike_off": 15, "persuade": 5, "transfer": 10})
TUESDAY = D(2025, 9, 30)  # the last school day before the holiday


def dues(today, state="absent", since=TUESDAY, **life):
    return {due.step.code: due for due in steps_of(Life(state, since, **life), DAYS, LIMITS, today)}


def test_the_index_counts_as_the_calendar_does():
    for n in range(0, 320, 7):
        for length in (0, 1, 5, 30, 120):
            start = DAYS.days[0].fromordinal(D(2025, 9, 1).toordinal() + n)
            end = start.fromordinal(start.toordinal() + length)
            assert DAYS.since(start, end) == CALENDAR.school_days_between(start, end)
            assert DAYS.is_school_day(start) == CALENDAR.is_school_day(start)


def test_limits_run_over_weekends_holidays_and_makeup_days():
    assert {code: due.due_on for code, due in dues(TUESDAY).items()} == {
        "call": TUESDAY, "home_visit": TUESDAY, "contact": D(2025, 10, 9), "joint_visit": D(2025, 10, 10), "report": D(2025, 10, 11),
        "line": D(2025, 11, 4),
    }


def test_a_first_missed_day_without_lessons_counts_from_the_next_one_with():
    found = dues(D(2025, 10, 9), since=D(2025, 10, 3))
    assert found["call"].due_on == D(2025, 10, 9) and found["contact"].due_on == D(2025, 10, 10)


@pytest.mark.parametrize("today, level", [
    (D(2025, 9, 29), -1), (TUESDAY, 0), (D(2025, 10, 5), 0), (D(2025, 10, 8), 0), (D(2025, 10, 9), 1), (D(2025, 10, 10), 2), (D(2025, 12, 1), 2),
])  # fmt: skip
def test_what_is_not_done_comes_to_the_next_head_each_school_day_and_rests_in_the_holidays(today, level):
    assert dues(today)["call"].level == level


def test_each_step_is_done_by_its_own_act():
    def done(code, **life):
        return dues(D(2025, 10, 20), **life)[code].done_on

    visit = (D(2025, 10, 9), "phone", "not_met", "school")
    assert done("call", visits=(visit,)) == D(2025, 10, 9) and done("home_visit", visits=(visit,)) is None and done("contact", visits=(visit,)) is None
    assert done("home_visit", visits=((D(2025, 10, 9), "home", "not_met", "school"),)) == D(2025, 10, 9)
    assert done("contact", visits=((D(2025, 10, 9), "phone", "refused", "school"),)) == D(2025, 10, 9)
    assert done("joint_visit", visits=((D(2025, 10, 9), "home", "not_met", "school"),)) is None
    assert done("joint_visit", visits=((D(2025, 10, 9), "joint", "lost", "school"),)) == D(2025, 10, 9)
    assert done("joint_visit", visits=((D(2025, 10, 9), "home", "lost", "government"),)) == D(2025, 10, 9)
    assert done("report", state="registered", steps=(("register", "registered", D(2025, 10, 13)),)) == D(2025, 10, 13)


def test_back_in_class_nothing_of_the_absence_is_due_any_more_but_the_strike_off_is():
    steps = (("suspect", "suspected", D(2025, 10, 9)), ("return", "returned", D(2025, 10, 13)))
    found = dues(D(2025, 10, 14), "returned", steps=steps)
    assert all(not found[code].is_open for code in ("call", "home_visit", "contact", "joint_visit", "report", "line"))
    assert found["strike_off"].is_open and found["strike_off"].due_on == DAYS.after(D(2025, 10, 13), 15)


def test_leaving_again_starts_the_clock_anew():
    steps = (("register", "registered", D(2025, 10, 10)), ("return", "returned", D(2025, 10, 13)), ("relapse", "persuading", D(2025, 11, 3)))
    visits = ((D(2025, 10, 9), "joint", "agreed", "government"),)
    life = Life("persuading", TUESDAY, steps, visits)
    found = {due.step.code: due for due in steps_of(life, DAYS, LIMITS, D(2025, 11, 5))}
    assert life.round == 2 and life.start == D(2025, 11, 3)
    assert found["home_visit"].is_open and found["home_visit"].due_on == D(2025, 11, 3) and "strike_off" not in found


def test_a_deadline_that_passed_is_the_towns_and_then_the_countys():
    found = dues(D(2025, 10, 21), "noticed", deadline=D(2025, 10, 17), steps=(("notice", "noticed", D(2025, 10, 13)),))["deadline"]
    assert found.due_on == D(2025, 10, 20) and found.level == 1 and found.head_kind == "county_head"


def test_an_expiry_is_told_a_month_before_and_is_never_overdue():
    found = dues(D(2026, 5, 20), "suspended", rests_until=D(2026, 6, 1), steps=(("suspend", "suspended", D(2025, 10, 10)),))
    assert found["expiry"].due_on == DAYS.on_or_after(D(2026, 5, 2)) and not found["expiry"].is_overdue(D(2026, 5, 30))
    assert not any(due.is_open for code, due in found.items() if code != "expiry")


def test_a_registered_child_is_visited_again_and_again_and_each_visit_puts_the_next_one_off():
    steps = (("suspect", "suspected", D(2025, 10, 9)), ("register", "registered", D(2025, 10, 10)))
    first = dues(D(2025, 10, 20), "registered", steps=steps)["persuade"]
    assert (first.due_on, first.level, first.turn) == (D(2025, 10, 16), 2, 10)
    visits = ((D(2025, 10, 14), "home", "refused", "school"), (D(2025, 10, 9), "phone", "lost", "school"))
    again = dues(D(2025, 10, 20), "persuading", steps=steps, visits=visits)["persuade"]
    assert (again.due_on, again.level, again.turn) == (D(2025, 10, 21), -1, 14)
    assert "persuade" not in dues(D(2025, 10, 20), "suspected", steps=steps[:1], visits=visits)
    assert "persuade" not in dues(D(2025, 10, 20), "returned", steps=(*steps, ("return", "returned", D(2025, 10, 15))), visits=visits)


def test_a_transfer_that_nobody_confirms_is_asked_for_and_asking_another_school_begins_anew():
    offer = ("offer_transfer", "suspected", D(2025, 10, 9))
    asked = dues(D(2025, 10, 24), "suspected", steps=(offer,))["transfer"]
    assert (asked.due_on, asked.level, asked.step.at_receiver) == (D(2025, 10, 22), 2, True)
    other = dues(D(2025, 10, 24), "suspected", steps=(offer, ("offer_transfer", "suspected", D(2025, 10, 20))))["transfer"]
    assert (other.due_on, other.level, other.turn) == (D(2025, 11, 3), -1, 20)
    assert "transfer" not in dues(D(2025, 10, 24), "transferred", steps=(offer, ("transfer", "transferred", D(2025, 10, 23))))


def test_an_old_absence_that_came_to_light_today_is_nobodys_delay_but_its_four_weeks_run():
    found = dues(D(2025, 11, 10), "suspected", found_on=D(2025, 11, 10))
    assert found["call"].due_on == D(2025, 11, 10) and found["report"].due_on == D(2025, 11, 13)
    assert found["line"].due_on == D(2025, 11, 4) and found["line"].is_overdue(D(2025, 11, 10))


def test_beyond_the_calendar_nothing_is_due():
    assert "line" not in dues(D(2026, 7, 1), since=D(2026, 6, 30))


def test_the_longest_overdue_step_presses_most():
    assert next_open(list(dues(D(2025, 10, 20)).values())).step.code == "call"


@pytest.mark.parametrize("month, due", [
    (D(2025, 9, 1), D(2025, 9, 28)), (D(2025, 10, 1), D(2025, 10, 28)), (D(2025, 12, 1), D(2025, 12, 26)), (D(2026, 1, 1), D(2026, 1, 23)),
    (D(2026, 2, 1), D(2026, 2, 27)), (D(2026, 7, 1), D(2026, 7, 3)), (D(2026, 8, 1), None),
])  # fmt: skip
def test_a_months_report_is_due_on_its_last_school_day_up_to_the_28th(month, due):
    assert report_due(DAYS, month, 28) == due


def test_a_month_whose_lessons_begin_after_its_due_day_is_due_on_the_first_of_them():
    assert report_due(DAYS, D(2026, 2, 1), 20) == D(2026, 2, 27)


def test_every_step_begins_with_a_head_and_has_a_title():
    assert len(BY_CODE) == len(STEPS) and all(step.chain and step.title for step in STEPS)
    assert level_of(TUESDAY, TUESDAY, DAYS, LIMITS, 1) == 0
