"""Flags in life: gathered from the registers, raised once, kept up to date, and each ended by a check or a case."""
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import AuditEvent, Notice
from dropout.models import Absence, Case, CaseState, CaseStep, Child, ChildStatus, ChildTag, Flag, FlagState, Pupil
from dropout.services import warning
from dropout.services.reach import CareConflict, CareError
from dropout.warning import Limits
from jobs.runner import drain
from schools.models import DatasetState
from schools.parameters import resolve
from schools.periods import school_year
from schools.rules import set_local_rule
from tests.factories import OPERATOR, SchoolFactory

from .world import TODAY, make_calendar, tag

D = dt.date


def miss(child: Child, *days: dt.date, kind="unexplained", explained_on=None):
    for day in days:
        Absence.objects.create(child=child, day=day, kind=kind, explained_on=explained_on)


def run(world, on=TODAY):
    return warning.raise_flags(world.county, on, by=OPERATOR)


def codes(flag) -> set[str]:
    return {one["code"] for one in flag.rules}


def make_case(child: Child, number: str, state: str) -> Case:
    return Case.objects.create(
        county=child.county, child=child, number=number, state=state, state_since=D(2026, 9, 3), opening="person", opened_on=D(2026, 9, 3),
        absent_since=D(2026, 9, 1), school=child.school,
    )  # fmt: skip


def test_two_days_missed_without_a_reason_raise_one_flag_however_often_the_job_runs(world):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    assert run(world).new == 1
    again = run(world)
    assert (again.new, again.updated) == (0, 0)
    flag = Flag.objects.get()
    assert flag.child == world.mine and codes(flag) == {"unexplained", "repeated"} and flag.score == 45
    assert "无故缺勤 2 天" in flag.rules[0]["evidence"]
    assert AuditEvent.objects.filter(action="flags.raised").count() == 2


def test_absences_count_within_the_window_and_not_when_explained(world):
    first = D(2026, 10, 29)  # the first of the last 20 school days to 25 November
    miss(world.mine, first)
    miss(world.next_door, first - dt.timedelta(days=1))
    miss(world.elder, D(2026, 11, 20), D(2026, 11, 23), explained_on=D(2026, 11, 24))
    days = warning.school_days_of(world.county, TODAY)
    facts = warning.facts_of(world.county, TODAY, Limits.of(resolve(world.county.code, TODAY), TODAY), days)
    assert {pk: (one.unexplained, one.absent) for pk, one in facts.items()} == {
        world.mine.pk: (1, 1), world.next_door.pk: (0, 0), world.at_point.pk: (0, 0), world.elder.pk: (0, 2),
    }  # fmt: skip


def test_every_source_of_evidence_is_gathered(world, facts_of_pupils):
    child = world.mine
    Child.objects.filter(pk=child.pk).update(birth=D(2016, 1, 1), distance=4000)
    for group, definition in (("poor", ""), ("left_behind", "register"), ("disabled", ""), ("learning", ""), ("orphan", "")):
        tag(child, group, definition=definition)
    miss(child, *(D(2026, 11, day) for day in (16, 17, 18, 19, 20)))
    make_case(world.elder, "2026-0003", CaseState.PERSUADING)
    Case.objects.filter(pk=make_case(child, "2025-0001", CaseState.STRUCK_OFF).pk).update(closed_on=D(2025, 12, 1))
    facts_of_pupils(child, 2024, 2025)
    run(world)
    flag = Flag.objects.get(child=child)
    assert codes(flag) == set(warning.Limits.of(resolve("999901", TODAY), TODAY).weights)
    said = {one["code"]: one["evidence"] for one in flag.rules}
    assert "2026-0003" in said["sibling"] and "2025-0001" in said["earlier"] and "2 次" in said["suspended"]


@pytest.fixture
def facts_of_pupils():
    """Rows of the pupil rosters of some school years in which the child stands as suspended."""

    def write(child: Child, *years: int) -> None:
        for year in years:
            dataset = child.county.datasets.create(
                school=child.school, ledger="pupils", period=school_year(year), number=1, state=DatasetState.STANDING
            )
            Pupil.objects.create(dataset=dataset, sheet=0, row=2, person_key=child.person_key, status=ChildStatus.SUSPENDED)

    return write


def test_a_suspension_in_a_case_counts_too(world):
    case = make_case(world.mine, "2025-0001", CaseState.STRUCK_OFF)
    for verb in ("suspend", "renew"):
        CaseStep.objects.create(case=case, verb=verb, to_state="suspended", on=D(2025, 10, 1))
    run(world)
    assert codes(Flag.objects.get()) == {"suspended", "earlier"}


def test_children_who_are_out_or_have_an_open_case_are_not_warned_of(world):
    for child in (world.mine, world.elder):
        miss(child, D(2026, 11, 20), D(2026, 11, 23))
    Child.objects.filter(pk=world.elder.pk).update(status=ChildStatus.OUT)
    make_case(world.mine, "2026-0001", CaseState.SUSPECTED)
    assert run(world).new == 0


def test_new_facts_update_the_open_flag_and_a_calmer_child_stays_to_be_looked_at(world):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    tag(world.mine, "poor")
    assert run(world).updated == 1
    assert Flag.objects.get().score == 60
    Absence.objects.all().delete()
    ChildTag.objects.all().delete()
    run(world)
    flag = Flag.objects.get()
    assert (flag.state, flag.score) == ("open", 60), "nobody has looked yet"


def test_a_checked_flag_is_quiet_until_something_new_comes(world):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    warning.check_flag(Flag.objects.get(), outcome="已家访，孩子感冒", on=TODAY, by=world.actor("clerk"))
    assert run(world).new == 0
    tag(world.mine, "disabled")
    assert run(world).new == 1
    assert list(Flag.objects.order_by("id").values_list("state", flat=True)) == ["checked", "open"]


def test_after_the_quiet_days_the_same_reasons_warn_again(world):
    tag(world.mine, "poor")
    tag(world.mine, "left_behind", definition="register")
    run(world)
    warning.check_flag(Flag.objects.get(), outcome="已家访，祖父照料良好", on=TODAY, by=world.actor("clerk"))
    assert run(world, TODAY + dt.timedelta(days=60)).new == 0
    assert run(world, TODAY + dt.timedelta(days=61)).new == 1


def test_a_check_wants_a_word_and_happens_once(world):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    flag = Flag.objects.get()
    with pytest.raises(CareError, match="核查结果"):
        warning.check_flag(flag, outcome="好", on=TODAY, by=world.actor("clerk"))
    warning.check_flag(flag, outcome="已家访，孩子感冒", on=TODAY, by=world.actor("clerk"))
    with pytest.raises(CareConflict, match="已由"):
        warning.check_flag(flag, outcome="再看一次吧", on=TODAY, by=world.actor("head"))
    flag.refresh_from_db()
    assert (flag.state, flag.outcome, flag.checked_on) == (FlagState.CHECKED, "已家访，孩子感冒", TODAY)


def test_a_flag_becomes_a_case_and_one_that_a_case_overtook_ends_in_it(world):
    for child in (world.mine, world.elder):
        miss(child, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    case = warning.open_case_from(Flag.objects.get(child=world.mine), absent_since=D(2026, 11, 20), on=TODAY, reason="learning", by=world.actor("clerk"))
    assert (case.opening, case.state, case.absent_since) == ("warning", CaseState.SUSPECTED, D(2026, 11, 20))
    assert Flag.objects.get(child=world.mine).case == case
    other = make_case(world.elder, "2026-0009", CaseState.REGISTERED)
    assert run(world).ended == 1
    assert Flag.objects.get(child=world.elder).case == other
    assert not Flag.objects.filter(state="open").exists()


@pytest.mark.parametrize("name, error", [
    ("teacher", PermissionDenied), ("town", PermissionDenied), ("village", PermissionDenied), ("other_teacher", Http404),
    ("middle_clerk", Http404), ("inspector", Http404), ("stranger", Http404), ("department", Http404),
])  # fmt: skip
def test_only_those_who_check_warnings_for_the_child_end_its_flag(world, name, error):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    flag = Flag.objects.get()
    with pytest.raises(error):
        warning.check_flag(flag, outcome="已家访，孩子感冒", on=TODAY, by=world.actor(name))
    with pytest.raises(error):
        warning.open_case_from(flag, absent_since=D(2026, 11, 20), on=TODAY, by=world.actor(name))
    flag.refresh_from_db()
    assert flag.state == "open" and not Case.objects.exists()


@pytest.mark.parametrize("name, seen", [("teacher", 1), ("other_teacher", 0), ("clerk", 1), ("officer", 2), ("village", 2), ("middle_clerk", 1), ("inspector", 0), ("stranger", 0)])
def test_each_role_sees_the_flags_of_its_own_children(world, name, seen):
    for child in (world.mine, world.elder):
        miss(child, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    assert warning.flags_of(world.actor(name), world.county).count() == seen


def test_the_warning_ends_with_its_reason_when_the_child_left_or_finished(world):
    for child in (world.mine, world.next_door, world.elder):
        miss(child, D(2026, 11, 20), D(2026, 11, 23))
    assert run(world).new == 3
    Child.objects.filter(pk=world.mine.pk).update(status=ChildStatus.TRANSFERRED)
    Child.objects.filter(pk=world.next_door.pk).update(status=ChildStatus.GRADUATED)
    Child.objects.filter(pk=world.elder.pk).update(status=ChildStatus.OUT)
    assert run(world).left == 2
    ended = dict(Flag.objects.filter(state=FlagState.LEFT).values_list("child_id", "outcome"))
    assert "转出" in ended[world.mine.pk] and "毕业" in ended[world.next_door.pk]
    assert Flag.objects.get(child=world.elder).state == FlagState.OPEN, "who is out without a case still has to be looked for"
    Child.objects.filter(pk=world.mine.pk).update(status=ChildStatus.ENROLLED)
    assert run(world).new == 1, "back again, it is warned of again at once"


def test_an_unchecked_flag_is_overdue_after_its_school_days(world):
    miss(world.mine, D(2026, 11, 20), D(2026, 11, 23))
    run(world, D(2026, 11, 25))  # Wednesday: five school days are over with Wednesday 2 December
    days = warning.school_days_of(world.county, TODAY)

    def overdue(on):
        since = warning.overdue_since(Limits.of(resolve("999901", on), on), days, on)
        return warning.flag_counts(world.actor("clerk"), world.county, since)["overdue"]

    assert (overdue(D(2026, 12, 2)), overdue(D(2026, 12, 3))) == (0, 1)


def test_the_school_is_told_in_one_line_without_a_name(world):
    for child in (world.mine, world.next_door):
        miss(child, D(2026, 11, 20), D(2026, 11, 23))
    run(world)
    run(world)
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"clerk", "head"}
    assert {notice.text for notice in Notice.objects.all()} == {"有 2 名学生新列入辍学预警，请在期限内核查。"}


def test_the_weekly_order_runs_as_a_job_for_each_county_once(world):
    assert warning.order_all() == 2
    assert warning.order_all() == 2
    done = drain([warning.KIND])
    assert [job.state for job in done] == ["done", "done"] and {job.key for job in done} == {"999901", "999902"}
    assert done[0].result["children"] == 4


def test_the_line_is_the_countys(world):
    tag(world.mine, "poor")
    assert run(world).new == 0
    set_local_rule(world.county, parameter="warning.threshold", value="15", document="清教〔2026〕5号", valid_from=D(2026, 9, 1), by=OPERATOR)
    assert run(world).new == 1


def test_thirty_thousand_children_are_judged_in_a_few_queries(world, django_assert_max_num_queries):
    make_calendar(world.county, 2025)
    schools = [SchoolFactory(county=world.county) for _ in range(10)]
    Child.objects.bulk_create(
        Child(county=world.county, person_key=f"{n:032x}", masked_name="测*", school=schools[n % 10], grade=1 + n % 9, class_text=f"班{n % 50}",
              birth=D(2020 - n % 9, 3, 1), status="enrolled", attends_as="day", distance=n % 4000, siblings_key=f"{n // 2:032x}")
        for n in range(30_000)
    )  # fmt: skip
    ids = list(Child.objects.filter(masked_name="测*").values_list("pk", flat=True))
    ChildTag.objects.bulk_create(
        [ChildTag(child_id=pk, group="poor", since=D(2026, 9, 1)) for pk in ids[::5]]
        + [ChildTag(child_id=pk, group="left_behind", definition="register", since=D(2026, 9, 1)) for pk in ids[::4]]
    )
    Absence.objects.bulk_create([Absence(child_id=pk, day=D(2026, 11, 20), kind="unexplained") for pk in ids[::20]])
    with django_assert_max_num_queries(60):
        done = run(world)
    # One in twenty is poor, left behind and was missing a day: those alone reach the line.
    assert done.children == 30_004 and done.new == Flag.objects.count() == 1_500
