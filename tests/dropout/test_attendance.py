"""The daily roll: a case for the first absence nobody can explain, its end when the child is there, corrections."""
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dropout.models import Absence, Case, CaseState, ChildStatus, RollCall
from dropout.services.attendance import explain, report_absences
from dropout.services.cases import CaseError
from jobs.models import Job
from schools.models import Calendar
from tests.dropout.roads import DAY, MONDAY, Road
from tests.dropout.world import CLASS, OTHER_CLASS, D

SATURDAY = D(2025, 11, 8)


def call(world, absences, *, day=MONDAY, by="teacher", on=None, class_text=CLASS, school=None):
    named = {child.pk: kind for child, kind in absences.items()}
    return report_absences(school=school or world.school, class_text=class_text, day=day, absences=named, by=world.actor(by), on=on)


def test_an_unexplained_absence_opens_a_case_in_the_same_minute(world):
    child, sick, there = (world.child() for _ in range(3))
    roll = call(world, {child: "unexplained", sick: "sick"})
    [case] = roll.opened
    assert (case.child, case.state, case.absent_since) == (child, CaseState.ABSENT, MONDAY)
    assert Absence.objects.count() == 2 and RollCall.objects.get().absent == 2 and not Case.objects.filter(child__in=[sick, there]).exists()
    assert Job.objects.get(kind="dropout_clock").key == "999901/2025-11-03", "the clock looks at once"


def test_the_roll_sent_twice_is_one(world):
    child = world.child()
    for _ in range(2):
        call(world, {child: "unexplained"})
    assert Absence.objects.count() == Case.objects.count() == RollCall.objects.count() == 1


def test_a_second_day_belongs_to_the_same_case(world):
    child = world.child()
    for number in range(3):
        call(world, {child: "unexplained"}, day=MONDAY + number * DAY)
    assert Case.objects.get().absent_since == MONDAY and Absence.objects.count() == 3


def test_back_in_class_the_case_of_a_mere_absence_ends(world):
    child = world.child()
    call(world, {child: "unexplained"})
    [ended] = call(world, {}, day=MONDAY + DAY).ended
    assert Case.objects.get(pk=ended.pk).state == CaseState.CLEARED and ended.steps.last().verb == "come_back"
    call(world, {child: "unexplained"}, day=MONDAY + 2 * DAY)
    assert Case.objects.count() == 2


def test_a_suspected_case_does_not_end_by_a_roll(world):
    road = Road(world).suspected()
    call(world, {}, day=road.day)
    assert road.fresh().state == CaseState.SUSPECTED


def test_a_corrected_roll_takes_the_absence_back(world):
    child, other = world.child(), world.child()
    call(world, {child: "unexplained", other: "unexplained"})
    call(world, {other: "sick"})
    assert list(Absence.objects.values_list("child", "kind")) == [(other.pk, "sick")]
    assert [case.steps.last().verb for case in Case.objects.order_by("id")] == ["come_back", "explain"]


def test_yesterdays_roll_corrected_today_leaves_todays_absence_alone(world):
    child = world.child()
    call(world, {child: "unexplained"})
    call(world, {child: "unexplained"}, day=MONDAY + DAY)
    call(world, {}, day=MONDAY, on=MONDAY + DAY)
    assert Case.objects.get().state == CaseState.ABSENT


def test_the_case_of_a_late_roll_is_opened_on_the_day_it_was_told(world):
    [case] = call(world, {world.child(): "unexplained"}, on=MONDAY + 2 * DAY).opened
    assert (case.absent_since, case.opened_on) == (MONDAY, MONDAY + 2 * DAY)


def test_an_absence_told_late_of_a_child_that_was_there_again_since_ends_at_once(world):
    child = world.child()
    call(world, {}, day=MONDAY + DAY)
    roll = call(world, {child: "unexplained"}, on=MONDAY + DAY)
    assert [case.pk for case in roll.opened] == [case.pk for case in roll.ended] and Case.objects.get().state == CaseState.CLEARED
    assert Absence.objects.get().explained_on is None, "it stays a day nobody explained"


def test_explained_days_end_a_mere_absence(world):
    child = world.child()
    for day in (MONDAY, MONDAY + DAY):
        call(world, {child: "unexplained"}, day=day)
    assert explain(child=child, days=[MONDAY], note="家长来电，看牙。", on=MONDAY + DAY, by=world.actor("teacher")) == 1
    assert Case.objects.get().state == CaseState.ABSENT
    assert explain(child=child, days=None, note="补交请假条。", on=MONDAY + DAY, by=world.actor("clerk")) == 1
    assert Case.objects.get().state == CaseState.CLEARED
    call(world, {child: "unexplained"}, day=MONDAY + DAY)
    assert Case.objects.count() == 1, "an explanation once given stays when the roll is sent again"


def test_explaining_does_not_end_a_suspected_case(world):
    road = Road(world).suspected()
    Absence.objects.create(child=road.child, day=MONDAY, kind="unexplained")
    explain(child=road.child, days=None, note="说是打工去了。", on=road.day, by=world.actor("head"))
    assert road.fresh().state == CaseState.SUSPECTED


@pytest.mark.parametrize("day, on, sentence", [
    (SATURDAY, None, "按校历不上课"), (D(2025, 10, 3), D(2025, 10, 9), "按校历不上课"), (MONDAY + DAY, MONDAY, "以后的日子"),
])  # fmt: skip
def test_no_roll_on_a_day_without_lessons_or_in_the_future(world, day, on, sentence):
    with pytest.raises(CaseError, match=sentence):
        call(world, {}, day=day, on=on)
    assert not RollCall.objects.exists()


def test_a_roll_is_taken_on_a_makeup_day_and_without_a_calendar(world):
    call(world, {}, day=D(2025, 9, 28))
    Calendar.objects.all().delete()
    call(world, {world.child(): "unexplained"}, day=MONDAY)
    assert RollCall.objects.count() == 2


def test_children_of_another_class_or_without_a_kind_are_refused(world):
    for named in ({world.child(class_text=OTHER_CLASS): "unexplained"}, {world.child(): "holiday"}):
        with pytest.raises(CaseError, match="刷新页面"):
            call(world, named)
    assert not Absence.objects.exists() and not Case.objects.exists()


def test_one_who_left_the_roll_meanwhile_is_passed_over(world):
    gone = world.child(status=ChildStatus.OUT)
    assert call(world, {gone: "unexplained"}).call.absent == 0


@pytest.mark.parametrize("by, answer", [
    ("teacher", None), ("clerk", None), ("head", None), ("other_teacher", Http404), ("other_head", Http404), ("officer", PermissionDenied),
    ("village", PermissionDenied), ("town", PermissionDenied), ("reviewer", PermissionDenied), ("inspector", Http404), ("stranger", Http404),
])  # fmt: skip
def test_who_calls_the_roll(world, by, answer):
    child = world.child()
    if answer is None:
        assert call(world, {child: "unexplained"}, by=by).call.absent == 1
    else:
        with pytest.raises(answer):
            call(world, {child: "unexplained"}, by=by)
