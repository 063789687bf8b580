"""One child one plan, home teaching, zero refusal: a new plan closes the former; the list's denominator is the federation's."""
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import AuditEvent
from dropout.models import Child, DisabledRow, HomeLesson, IndividualPlan, ResourceRoom
from dropout.services import disabled, zero_refusal
from dropout.services.reach import CareError
from schools.datasets import make_standing, stage
from schools.periods import school_year
from schools.rules import apply_pack, set_local_rule
from tests.factories import OPERATOR

from .world import TODAY, make_child, tag

D = dt.date
FIRST_VISIT = D(2026, 9, 8)


def plan(world, child, placement="inclusive", name="clerk", **more):
    said = {"school": child.school, "kind": "hearing", "degree": 2, "since": D(2026, 9, 1), **more}
    return disabled.save_plan(child, placement=placement, by=world.actor(name), **said)


def lesson(world, child, on=FIRST_VISIT, key="k1", name="teacher", **more):
    said = {"lessons": 3, "minutes": 120, "teachers": "周明哲、吴静", "today": TODAY, **more}
    return disabled.add_home_lesson(child, on=on, entry_key=key, by=world.actor(name), **said)


def test_a_new_plan_closes_the_former_and_the_same_one_again_is_the_same(world):
    first = plan(world, world.mine)
    assert plan(world, world.mine).pk == first.pk
    second = plan(world, world.mine, "home", since=D(2026, 10, 12))
    first.refresh_from_db()
    assert (first.until, second.until) == (D(2026, 10, 12), None)
    assert disabled.plan_on(world.mine, D(2026, 10, 11)) == first and disabled.plan_on(world.mine, D(2026, 10, 12)) == second
    assert AuditEvent.objects.filter(action="plan.saved").count() == 2


@pytest.mark.parametrize("placement, changed, words", [
    ("inclusive", {"school": None}, "须选择承担教育的学校"), ("waiting", {"school": None}, "须写明原因"), ("lying", {}, "安置方式"),
    ("inclusive", {"degree": 5}, "1 至 4"), ("inclusive", {"kind": "tall"}, "残疾类别"),
])  # fmt: skip
def test_a_plan_that_is_not_whole_is_refused_in_words(world, placement, changed, words):
    with pytest.raises(CareError, match=words):
        plan(world, world.mine, placement, **changed)
    assert not IndividualPlan.objects.exists()


def test_deferral_and_a_finding_are_not_the_schools_to_decide(world):
    for placement in ("deferred", "finding"):
        with pytest.raises(PermissionDenied):
            plan(world, world.mine, placement, name="clerk", reason="疾病", finding="重度")
    assert plan(world, world.mine, "deferred", name="town", school=None, reason="疾病").placement == "deferred"
    with pytest.raises(CareError, match="评估结论"):
        plan(world, world.mine, "finding", name="officer", school=None, since=D(2026, 10, 1))
    assert plan(world, world.mine, "finding", name="officer", school=None, finding="暂不具备学习条件", since=D(2026, 10, 1)).placement == "finding"


@pytest.mark.parametrize("name, error", [("village", PermissionDenied), ("centre", PermissionDenied), ("other_teacher", Http404), ("inspector", Http404), ("stranger", Http404), ("department", Http404)])
def test_others_write_no_plan(world, name, error):
    with pytest.raises(error):
        plan(world, world.mine, name=name)


def test_a_home_lesson_sent_twice_is_one_row_and_its_teachers_are_masked(world):
    plan(world, world.mine, "home")
    assert lesson(world, world.mine).pk == lesson(world, world.mine).pk
    row = HomeLesson.objects.get()
    assert row.teachers == "周**、吴*" and row.recorded_by == "teacher"


@pytest.mark.parametrize("changed, words", [
    ({"on": D(2026, 11, 26)}, "还没有到"), ({"on": D(2026, 8, 30)}, "不是送教上门"), ({"lessons": 9}, "课时数"), ({"teachers": " ，"}, "教师姓名"),
])  # fmt: skip
def test_a_home_lesson_that_cannot_be_is_refused_in_words(world, changed, words):
    plan(world, world.mine, "home")
    with pytest.raises(CareError, match=words):
        lesson(world, world.mine, **changed)


def test_a_child_taught_in_school_gets_no_home_lessons(world):
    plan(world, world.mine)
    with pytest.raises(CareError, match="不是送教上门"):
        lesson(world, world.mine)


def late(world, name="officer", on=TODAY):
    return [line.child.pk for line in disabled.plans_of(world.actor(name), world.county, on).late_home]


def test_home_teaching_is_late_when_a_finished_school_week_fell_short(world):
    plan(world, world.mine, "home", since=D(2026, 11, 16))
    assert late(world, on=D(2026, 11, 22)) == []
    assert late(world, on=D(2026, 11, 23)) == [world.mine.pk]
    for number, day in enumerate((D(2026, 11, 17), D(2026, 11, 19))):
        lesson(world, world.mine, on=day, key=f"k{number}")
    assert late(world, on=D(2026, 11, 23)) == []
    state, rule = disabled.home_of(world.mine, disabled.plan_on(world.mine, TODAY), TODAY)
    assert (state.visits, state.visits_due, state.lessons, state.lessons_due, rule.visits) == (2, 2, 6, 6, 2)


def test_a_province_with_one_lesson_a_week_is_a_pack(world):
    plan(world, world.mine, "home", since=D(2026, 11, 16))
    lesson(world, world.mine, on=D(2026, 11, 17), lessons=2, minutes=60)
    assert late(world) == [world.mine.pk]
    apply_pack(world.county, "home-teaching-hainan", by=OPERATOR)
    assert late(world) == []


def test_waiting_longer_than_a_term_is_named(world):
    plan(world, world.mine, "waiting", school=None, reason="等待评估", since=D(2026, 9, 1))
    plan(world, world.elder, "waiting", name="middle_clerk", school=None, reason="等待评估", since=D(2026, 11, 2))
    held = disabled.plans_of(world.actor("officer"), world.county, TODAY)
    assert held.too_long == [] and held.lines[0].waits == 56
    set_local_rule(world.county, parameter="disabled.waiting_days", value="40", document="清教〔2026〕8号", valid_from=D(2026, 9, 1), by=OPERATOR)
    assert [line.child for line in disabled.plans_of(world.actor("officer"), world.county, TODAY).too_long] == [world.mine]


def test_the_school_record_belongs_to_the_serving_school(world):
    plan(world, world.mine, "special", school=world.cast.other_school)
    plan(world, world.at_point, "inclusive", school=world.cast.school)
    held = disabled.plans_of(world.actor("officer"), world.county, TODAY)
    assert [line.child for line in held.elsewhere] == [world.mine], "the head school serves its point"


@pytest.mark.parametrize("name, seen", [("teacher", 1), ("other_teacher", 0), ("clerk", 1), ("middle_clerk", 1), ("officer", 2), ("village", 2), ("inspector", 0), ("stranger", 0)])
def test_each_role_sees_the_plans_of_its_own_children(world, name, seen):
    plan(world, world.mine)
    plan(world, world.elder, name="middle_clerk")
    assert len(disabled.plans_of(world.actor(name), world.county, TODAY).lines) == seen


# Zero refusal

def list_of(world, *rows):
    """The federation's list as the department filed it: one county dataset of the school year."""
    dataset = stage(
        county=world.county, school=None, ledger="disabled_list", period=school_year(2026), file=None, row_map={},
        rows_by_model={"dropout.DisabledRow": [{"sheet": 0, "row": n, "person_key": key, "kind": kind, "degree": 2} for n, (key, kind) in enumerate(rows, 2)]}, by=OPERATOR,
    )  # fmt: skip
    make_standing(dataset, by=OPERATOR)


def enrolment(world):
    return zero_refusal.enrolment(world.county, TODAY)


def test_against_the_federations_list_the_rate_has_its_denominator_by_kind(world):
    placed, out, deferred, planless = world.mine, world.next_door, world.at_point, world.elder
    list_of(world, (placed.person_key, "hearing"), (out.person_key, "hearing"), (deferred.person_key, "sight"), (planless.person_key, "sight"), ("f" * 32, "sight"))
    plan(world, placed)
    plan(world, out)
    Child.objects.filter(pk=out.pk).update(status="out")
    plan(world, deferred, "deferred", name="officer", school=None, reason="住院")
    found = enrolment(world)
    assert (found.basis, found.taught, found.total) == ("list", 2, 5)
    assert found.kinds == (("视力残疾", 1, 3), ("听力残疾", 1, 2))
    why = [(one.child and one.child.pk, one.why) for one in found.refused]
    assert why == [(out.pk, "随班就读（学籍状态：辍学）"), (deferred.pk, "缓学：住院"), (None, "学生名册和适龄儿童名单中都没有此人")]


def test_a_child_listed_twice_counts_once_and_one_that_moved_away_not_at_all(world):
    list_of(world, (world.mine.person_key, "hearing"), (world.mine.person_key, "multiple"), (world.elder.person_key, "sight"))
    Child.objects.filter(pk=world.elder.pk).update(status="transferred")
    assert (enrolment(world).taught, enrolment(world).total) == (1, 1)


def test_without_a_list_the_countys_number_is_the_denominator_and_without_either_there_is_none(world):
    tag(world.mine, "disabled")
    plan(world, world.next_door, "waiting", school=None, reason="等待评估")
    found = enrolment(world)
    assert (found.basis, found.taught, found.total) == ("count", 1, None), "the schools' own sum never stands in"
    dataset = stage(county=world.county, school=None, ledger="county_numbers", period=school_year(2026), file=None, row_map={},
                    rows_by_model={"schools.CountyNumbers": [{"sheet": 0, "row": 2, "disabled_children": 3}]}, by=OPERATOR)  # fmt: skip
    make_standing(dataset, by=OPERATOR)
    assert (enrolment(world).taught, enrolment(world).total) == (1, 3)


def test_a_list_that_stands_empty_is_a_list(world):
    list_of(world)
    assert (enrolment(world).basis, enrolment(world).total) == ("list", 0)
    assert not DisabledRow.objects.exists()


def test_resource_rooms_are_the_schools_to_record_and_the_former_row_ends(world):
    for rooms in (1, 1, 2):
        disabled.save_resource_room(world.cast.school, rooms=rooms, area=6_050, teachers=2, since=D(2026, 9, 1), by=world.actor("clerk"))
    assert list(ResourceRoom.objects.order_by("id").values_list("rooms", "until")) == [(1, D(2026, 9, 1)), (2, None)]
    for name in ("teacher", "inspector", "middle_clerk", "town"):
        with pytest.raises(PermissionDenied):
            disabled.save_resource_room(world.cast.school, rooms=3, area=None, teachers=None, since=TODAY, by=world.actor(name))
    assert [row.rooms for row in disabled.rooms_of(world.actor("officer"), world.county)] == [2]


def test_many_plans_need_no_more_queries(world, django_assert_num_queries):
    officer = world.actor("officer")
    plan(world, world.mine, "home")
    with django_assert_num_queries(5):
        disabled.plans_of(officer, world.county, TODAY)
    for number in range(20, 40):
        child = make_child(world.county, number, school=world.cast.school)
        IndividualPlan.objects.create(child=child, placement="home", since=D(2026, 9, 1), school=world.cast.school)
    with django_assert_num_queries(5):
        disabled.plans_of(officer, world.county, TODAY)
