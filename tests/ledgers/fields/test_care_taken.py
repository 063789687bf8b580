"""What approved ledgers bring into the live files: helpers, contacts, plans, home lessons; the federation's list; never twice."""
import datetime as dt

import pytest

from dropout.models import Child, Contact, HomeLesson, IndividualPlan, Pairing
from dropout.services import care, disabled, zero_refusal
from dropout.services.children import open_child
from tests.factories import OPERATOR

from .children import cared, child_id, listed, plan, pupil, sheet
from .test_children_filed import cast, file  # noqa: F401

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 25)


def child(sequence: int = 1) -> Child:
    return next(one for one in Child.objects.all() if open_child(one).get("id_number") == child_id(sequence))


def record(sequence: int = 1, **changed) -> dict:
    return {"姓名": "李小阳", "身份证号": child_id(sequence), "日期": "2025-10-11", "帮扶方式": "谈心", "效果": "情绪好转", **changed}


def care_book(*rows, records=()):
    return [sheet("关爱台账", *rows), sheet("帮扶记录", *records)]


def paired() -> set[tuple[str, str]]:
    return set(Pairing.objects.filter(until__isnull=True).values_list("group", "helper_name"))


def test_helpers_and_contacts_of_the_care_ledger_come_into_the_file_once(cast, file):  # noqa: F811
    for _ in range(2):
        file("care", *care_book(cared(1, 类别="留守、学困、随迁", 帮扶教师="王芳、吴静"), records=(record(), record(日期="2025-11-12", 帮扶方式="家访"))))
    assert paired() == {("left_behind", "王*"), ("left_behind", "吴*"), ("learning", "王*"), ("learning", "吴*")}
    assert sorted(Contact.objects.values_list("on", "way")) == [(dt.date(2025, 10, 11), "talk"), (dt.date(2025, 11, 12), "visit")]
    assert {key[:3] for key in Contact.objects.values_list("entry_key", flat=True)} == {"A9-"}


def test_a_helper_the_next_edition_no_longer_names_ends_and_a_persons_pairing_stays(cast, file):  # noqa: F811
    file("care", *care_book(cared(1, 类别="留守")))
    care.pair(child(), group="left_behind", helper_name="周明哲", since=dt.date(2025, 9, 20), by=OPERATOR)
    file("care", *care_book(cared(1, 类别="留守", 帮扶教师="吴静")))
    assert paired() == {("left_behind", "周**"), ("left_behind", "吴*")}
    file("care", *care_book(cared(1, 类别="留守", 帮扶教师="周明哲")))
    assert paired() == {("left_behind", "周**")} and Pairing.objects.filter(until__isnull=True).count() == 1


def test_a_child_the_next_edition_leaves_out_keeps_no_reported_helper(cast, file):  # noqa: F811
    file("care", *care_book(cared(1, 类别="留守"), cared(3, 姓名="王小明", 类别="留守")))
    file("care", *care_book(cared(3, 姓名="王小明", 类别="留守")))
    assert set(Pairing.objects.filter(until__isnull=True).values_list("child_id", flat=True)) == {child(3).pk}


def lesson(sequence: int = 1, **changed) -> dict:
    return {"送教对象": "李小阳", "身份证号": child_id(sequence), "送教时间": "2025-10-15", "课时数": 2, "时长": 80, "送教教师": "王芳、李军", "家长签字": "是", **changed}


def plan_book(*rows, lessons=()):
    return [sheet("一人一案", *rows), sheet("送教上门记录", *lessons)]


def test_plans_and_home_lessons_come_into_the_file_once(cast, file):  # noqa: F811
    for _ in range(2):
        file("disabled", *plan_book(plan(1, 安置方式="送教上门"), lessons=(lesson(), lesson(送教时间="2025-10-22"))))
    held = IndividualPlan.objects.get()
    assert (held.placement, held.kind, held.degree, held.school.name, held.since) == ("home", "intellect", 3, "向阳小学", dt.date(2025, 9, 1))
    assert [(row.on, row.lessons, row.minutes, row.teachers, row.parent_signed) for row in HomeLesson.objects.order_by("on")] == [
        (dt.date(2025, 10, 15), 2, 80, "王*、李*", True), (dt.date(2025, 10, 22), 2, 80, "王*、李*", True),
    ]  # fmt: skip


def test_a_plan_changes_only_when_the_ledger_says_something_new(cast, file):  # noqa: F811
    file("disabled", *plan_book(plan(1)))
    disabled.save_plan(child(), placement="home", kind="intellect", degree=3, school=cast.school, since=dt.date(2026, 3, 2), by=OPERATOR)
    file("disabled", *plan_book(plan(1), plan(3, 姓名="王小明")))
    assert disabled.plan_on(child(), TODAY).placement == "home", "the ledger repeats itself; what was written in between stays"
    file("disabled", *plan_book(plan(1, 安置方式="特殊教育学校", 就读学校="城关中学"), plan(3, 姓名="王小明")))
    assert IndividualPlan.objects.get(child=child(), until__isnull=True).school.name == "城关中学"


def test_the_federations_list_is_filed_by_the_county_and_measures_zero_refusal(cast, file):  # noqa: F811
    file("pupils", pupil(1))
    file("disabled", *plan_book(plan(1)), year=2026)
    file("disabled_list", {**listed(1), "残疾类别": "智力残疾", "残疾等级": "三级"}, {**listed(3, 姓名="王小明"), "残疾类别": "视力残疾", "残疾等级": "一级"}, year=2026)
    found = zero_refusal.enrolment(cast.county, TODAY)
    assert (found.basis, found.taught, found.total) == ("list", 1, 2)
    assert found.kinds == (("视力残疾", 0, 1), ("智力残疾", 1, 1))
    assert [one.child for one in found.refused] == [child(3)] and "没有一人一案" in found.refused[0].why
    assert child(3).tags.get().group == "disabled" and child(3).tags.get().basis == "残联名单"
