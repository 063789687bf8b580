"""Rough weather: a school merged while cases are open, an erased child with a case, a clock that stood still for forty days."""
import pytest
from django.http import Http404

from accounts.models import Notice
from dropout.models import Case, CaseDocument, CaseState, CaseStep, Child, Reminder, Visit
from dropout.services import clock, counting, reporting
from dropout.services.caseload import open_cases
from dropout.services.erasure import erase_child
from dropout.services.mergers import follow_mergers
from schools import access
from schools.school_changes import record_event
from tests.dropout.roads import DAY, MONDAY, Road
from tests.dropout.world import CLASS, MIDDLE, D
from tests.factories import OPERATOR

TUESDAY = MONDAY + DAY


def merged(world, on=TUESDAY):
    """向阳小学 becomes part of 城关中学."""
    record_event(world.school, "merge", on=on, other=world.other_school, document="县政府批复", by=OPERATOR)


def test_after_a_merger_the_children_and_their_cases_are_the_other_schools(world):
    road, finished = Road(world), world.child(status="graduated")
    merged(world)
    clock.run_clock(world.county, TUESDAY)
    child = Child.objects.get(pk=road.child.pk)
    assert child.school == world.other_school and child.class_text == f"{CLASS}（原向阳小学）"
    assert Child.objects.get(pk=finished.pk).school == world.school, "who had finished stays where it learnt"
    for name, sees in (("other_head", True), ("other_clerk", True), ("head", False), ("teacher", False)):
        assert access.may_for_child(world.actor(name), "persuade", child) is sees, name
    notice = Notice.objects.filter(text__contains="已并入城关中学")
    assert set(notice.values_list("user__username", flat=True)) == {"other_head", "other_clerk", "officer", "lead"}
    assert "1 名有未结的控辍保学案件" in notice.first().text and child.masked_name not in notice.first().text
    road.do("come_back", "other_clerk", on=TUESDAY)
    assert follow_mergers(world.county, TUESDAY, by=OPERATOR) == 0


def test_a_merger_is_followed_in_the_holidays_and_not_before_its_day(world):
    child = world.child()
    merged(world, D(2026, 7, 20))
    for day, school in ((D(2026, 7, 18), world.school), (D(2026, 7, 20), world.other_school)):
        clock.run_clock(world.county, day)
        assert Child.objects.get(pk=child.pk).school == school


def test_the_months_of_a_merged_school_go_on_in_the_other_and_what_was_reported_stays_true(world):
    Road(world)
    october, november = D(2025, 10, 1), D(2025, 11, 1)
    reporting.file_report(school=world.other_school, month=october, on=D(2025, 10, 28), zero=True, by=world.actor("other_head"))
    merged(world)
    clock.run_clock(world.county, TUESDAY)
    [line] = [line for line in reporting.month_lines(world.county, october) if line.school == world.other_school]
    assert line.differs == []
    made = reporting.file_report(school=world.other_school, month=november, on=D(2025, 11, 28), by=world.actor("other_head"))
    assert (made.counts["opened"], made.counts["open_after"]) == (1, 1) and counting.adds_up(made.counts)
    assert [s.code for s in counting.reporting_schools(world.county, TUESDAY)] == [MIDDLE]


def test_an_erased_child_keeps_its_open_case_and_the_clock_does_not_stumble(world):
    road = Road(world).registered()
    erase_child(road.child, world.actor("lead"), "监护人书面申请，县局已核准")
    done = clock.run_clock(world.county, D(2025, 11, 20))
    assert done["reminders"] > 0 and road.fresh().state == CaseState.REGISTERED
    road.visit("village", way="joint", on=D(2025, 11, 20))
    assert road.fresh().state == CaseState.PERSUADING and Case.objects.count() == 1
    with pytest.raises(Http404):
        access.require_for_child(world.actor("other_teacher"), "persuade", road.child)


def test_the_free_words_of_an_erased_childs_cases_go_and_its_steps_stay(world):
    road, said = Road(world).registered(), "张小某现在县城姑姑家"
    road.visit("village", way="joint", on=D(2025, 11, 13))
    Case.objects.update(whereabouts=said)
    CaseStep.objects.update(note=said)
    CaseDocument.objects.update(title=said)
    Visit.objects.update(next_plan=said)
    steps = CaseStep.objects.count()
    erase_child(road.child, world.actor("lead"), "监护人书面申请，县局已核准")
    left = [*Case.objects.values_list("whereabouts", flat=True), *CaseStep.objects.values_list("note", flat=True),
            *CaseDocument.objects.values_list("title", flat=True), *Visit.objects.values_list("next_plan", flat=True)]  # fmt: skip
    assert len(left) > 3 and set(left) == {""}
    assert CaseStep.objects.count() == steps and road.fresh().state == CaseState.PERSUADING


def test_after_forty_days_without_a_beat_everything_is_made_up_once(world):
    roads = [Road(world), Road(world).registered(), Road(world).noticed(), Road(world).placed(), Road(world).resting(until=D(2025, 11, 20))]
    clock.run_clock(world.county, D(2025, 11, 13))
    late = D(2025, 12, 23)
    done = clock.run_clock(world.county, late)
    assert done["expired"] == 1 and done["uncounted"] == 0
    keys = list(Reminder.objects.values_list("case", "step", "round", "turn", "level"))
    assert len(keys) == len(set(keys)) > 30
    assert clock.run_clock(world.county, late)["reminders"] == 0
    assert open_cases(world.county).count() == len(roads)
    told = Notice.objects.filter(url__contains="/cases/").count()
    clock.run_clock(world.county, late)
    assert Notice.objects.filter(url__contains="/cases/").count() == told
