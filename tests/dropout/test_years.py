"""The claims of test_year over counties in which every second pupil goes missing once."""
import pytest

from tests.dropout import test_year as one
from tests.dropout.year import Year

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_year_with_many_more_missing(seed):
    made = one.drive(Year(seed=seed, pupils=1200, missing=600))
    missed = one.missed_of(made)
    expected = {pk: one.Expected(made, entry, missed[entry.child]).walk() for pk, entry in made.book.items()}
    for claim in (
        one.test_every_child_missed_for_three_school_days_has_a_case, one.test_every_notice_is_one_of_those_reminders,
        one.test_nothing_goes_out_on_days_without_lessons_or_while_the_clock_stands,
    ):  # fmt: skip
        claim(made)
    for claim in (
        one.test_every_overdue_step_reached_the_right_head_none_missed_none_doubled, one.test_what_was_done_is_closed_and_what_is_open_was_not,
        one.test_the_months_reconcile_to_the_child, one.test_the_years_figures_equal_a_count_of_the_book,
    ):  # fmt: skip
        claim(made, expected)
