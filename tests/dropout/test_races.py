"""Several people at once: no number twice, one open case a child, one winner of a move, one reminder."""
import pytest

from accounts.actor import Actor
from dropout.models import Absence, Case, CaseState, CaseStep, Child, Opening, Reminder, RollCall, Visit
from dropout.services import clock
from dropout.services.attendance import report_absences
from dropout.services.cases import StaleCase, add_visit, move, open_case
from tests.dropout.roads import MONDAY, VISIT, paper
from tests.dropout.world import CLASS, make_calendars, make_child
from tests.factories import CountyFactory, SchoolFactory
from tests.jobs.test_races import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
OPERATOR = Actor.operator()


@pytest.fixture
def school():
    county = CountyFactory(code="999901")
    make_calendars(county)
    return SchoolFactory(county=county, code="9999010001")


def child(school, number: int) -> Child:
    return make_child(school.county, number, f"赵{number}", school=school, class_text=CLASS, grade=3, status="enrolled")


def opened(one: Child) -> Case:
    return open_case(child=one, opening=Opening.MATCHING, absent_since=MONDAY, on=MONDAY, by=OPERATOR)


def test_numbers_stay_without_gaps_when_eight_open_at_once(school):
    children = [child(school, n) for n in range(8)]
    in_threads(lambda n: opened(children[n]), 8)
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"2025-{n:04d}" for n in range(1, 9)]


def test_one_child_gets_one_case_from_six_at_once(school):
    one = child(school, 1)
    assert len(set(in_threads(lambda n: opened(one).pk, 6))) == 1 and Case.objects.count() == 1


def test_of_two_moves_that_saw_the_same_case_one_wins(school):
    case = opened(child(school, 1))

    def end(number):
        try:
            move(case_id=case.pk, verb="record_emigration", revision=1, by=OPERATOR, on=MONDAY, note=f"{number}", documents=[paper("proof")])
            return "done"
        except StaleCase:
            return "stale"

    assert sorted(in_threads(end, 4)) == ["done", "stale", "stale", "stale"]
    assert CaseStep.objects.filter(verb="record_emigration").count() == 1 and Case.objects.get().state == CaseState.EMIGRATED


def test_one_visit_sent_by_five_tries_at_once_is_one(school):
    case = opened(child(school, 1))
    in_threads(lambda n: add_visit(case=case, on=MONDAY, **VISIT, entry_key="k", by=OPERATOR).pk, 5)
    assert Visit.objects.count() == 1 and Case.objects.get().revision == 2


def test_a_roll_sent_by_two_windows_at_once_is_one(school):
    one = child(school, 1)
    in_threads(lambda n: report_absences(school=school, class_text=CLASS, day=MONDAY, absences={one.pk: "unexplained"}, by=OPERATOR), 4)
    assert RollCall.objects.count() == Absence.objects.count() == Case.objects.count() == 1


def test_clocks_that_run_at_once_remind_once(school):
    opened(child(school, 1))
    in_threads(lambda n: clock.run_clock(school.county, MONDAY), 4)
    keys = list(Reminder.objects.values_list("case", "step", "round", "level"))
    assert len(keys) == len(set(keys)) == 2

