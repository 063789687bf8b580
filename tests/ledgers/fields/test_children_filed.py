"""The ledgers about children through the whole pipeline: receipt, check, approval, register, cases; and nobody's name anywhere else."""
import datetime as dt
import io
import json
import logging

import openpyxl
import pytest
from django.apps import apps
from django.core.management import call_command

from accounts.models import AuditEvent
from dropout.models import Case, CaseState, Child, ChildStatus, ChildTag, Opening, ReportedVisit, Visit
from dropout.services.children import open_child
from ledgers.definitions import LEDGERS
from ledgers.models import Version
from schools.models import Dataset, Township
from schools.provenance import locate
from schools.quantity import SourceCell
from tests.factories import make_cast
from tests.ledgers.checking.helpers import profile_sheet

from .children import aid, cared, case, child_id, listed, plan, pupil, sheet, visit

pytestmark = pytest.mark.django_db
SUNNY, POINT, JUNIOR = "9999010001", "9999010002", "9999010003"


def book(*sheets) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        page = made.create_sheet(title)
        for row in rows:
            page.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def cast():
    made = make_cast()
    Township.objects.get_or_create(county=made.county, name="城关镇")
    return made


@pytest.fixture
def file(cast, tmp_path):
    """file(ledger, *sheets or rows, school=…, year=…) -> the JSON of import_ledger --commit."""

    def run(ledger: str, *content, school: str = SUNNY, year: int = 2025, code: int = 0, explain: str = "已核实", commit: bool = True):
        sheets = content if content and isinstance(content[0], tuple) else [sheet(LEDGERS[ledger].main.title, *content)]
        path, out, ended = tmp_path / f"{ledger}.xlsx", io.StringIO(), 0
        path.write_bytes(book(*sheets))
        arguments = [] if LEDGERS[ledger].scope == "county" else ["--school", school]
        arguments += ["--commit", "--explain", explain] if commit else []
        try:
            call_command("import_ledger", ledger, str(path), "--county", "999901", "--year", str(year), "--json", *arguments, stdout=out, stderr=io.StringIO())
        except SystemExit as end:
            ended = end.code
        answer = json.loads(out.getvalue())
        assert ended == code, answer["problems"]
        return answer

    return run


def doubts(answer) -> list[str]:
    return [problem["code"] for problem in answer["problems"] if problem["level"] in ("doubt", "error")]


def child(sequence: int = 1) -> Child:
    return next(one for one in Child.objects.all() if open_child(one).get("id_number") == child_id(sequence))


# --- the register ---------------------------------------------------------------------------------------------------------
def test_a_roster_makes_children_with_class_guardian_and_status(cast, file):
    file("pupils", pupil(1, 就读方式="住校", 监护人姓名="李建国", 联系电话="19900000001", 是否留守儿童="双亲留守", 是否随迁子女="是", 上下学距离=2.5), pupil(3, 姓名="王小明", 学籍状态="休学"))
    first = child(1)
    assert (first.masked_name, first.school, first.grade, first.class_text, first.attends_as, first.status, first.distance) == (
        "李**", cast.school, 3, "三年级/2班", "boarder", "enrolled", 2500)  # fmt: skip
    assert child(3).status == "suspended"
    assert open_child(first) == {"name": "李小阳", "id_number": child_id(1), "registration": f"G{child_id(1)}", "guardian": "李建国", "phone": "19900000001"}
    tags = first.tags.filter(until__isnull=True).values_list("group", "definition", "source")
    assert sorted(tags) == [("left_behind", "register", "pupils"), ("migrant", "", "pupils")]
    stored = " ".join(str(value) for one in Child.objects.values_list() for value in one)
    assert not any(secret in stored for secret in ("李小阳", child_id(1), "19900000001", "李建国"))


def test_siblings_share_a_key_and_others_do_not(file):
    guardian = {"监护人姓名": "李建国", "联系电话": "19900000001"}
    file("pupils", pupil(1, **guardian), pupil(3, **guardian), pupil(5, 监护人姓名="李建国", 联系电话="19900000002"), pupil(7))
    assert child(1).siblings_key == child(3).siblings_key != ""
    assert child(5).siblings_key not in ("", child(1).siblings_key)
    assert child(7).siblings_key == ""


def test_a_newer_roster_moves_children_and_those_it_no_longer_names_become_unknown(file):
    file("pupils", pupil(1), pupil(3), pupil(5, 年级="六年级", 身份证件号=child_id(5, "20140312")))
    again = file("pupils", pupil(1, 班级="3班"), pupil(5, 年级="六年级", 身份证件号=child_id(5, "20140312")))
    assert doubts(again) == ["left-roster"]
    assert "李**" in again["problems"][0]["message"]
    assert (child(1).class_text, child(3).status) == ("三年级/3班", ChildStatus.UNKNOWN)
    next_year = file("pupils", pupil(1, 年级="四年级", 班级="3班"), year=2026)
    assert doubts(next_year) == []  # the pupil of grade six has left a primary school
    leaver = next(one for one in Child.objects.all() if open_child(one)["id_number"] == child_id(5, "20140312"))
    assert (child(1).class_text, leaver.status) == ("四年级/3班", ChildStatus.UNKNOWN)
    entrant = pupil(5, 年级="七年级", 班级="1班", 身份证件号=child_id(5, "20140312"))
    file("pupils", entrant, school=JUNIOR, year=2026)
    leaver.refresh_from_db()
    assert (leaver.school.code, leaver.class_text, leaver.status) == (JUNIOR, "七年级/1班", ChildStatus.ENROLLED)


def test_pupils_of_the_last_grade_have_finished_when_the_next_roster_comes(file):
    old = {"身份证件号": child_id(1, "20110312")}
    file("pupils", pupil(1, 年级="九年级", **old), school=JUNIOR)
    file("pupils", pupil(3, 年级="七年级", 身份证件号=child_id(3, "20140312")), school=JUNIOR, year=2026)
    assert {one.status for one in Child.objects.filter(grade=9)} == {ChildStatus.GRADUATED}


def test_an_older_year_brought_later_does_not_move_anybody_back(file):
    file("pupils", pupil(1, 年级="四年级", 班级="3班"), year=2026)
    file("pupils", pupil(1), pupil(3), year=2025)
    assert (child(1).class_text, child(1).status) == ("四年级/3班", ChildStatus.ENROLLED)
    assert child(3).status == ChildStatus.UNKNOWN


def test_a_pupil_on_two_rosters_is_a_doubt_at_upload_and_an_error_at_approval(cast, file):
    file("pupils", pupil(1))
    answer = file("pupils", pupil(1, 年级="七年级"), school=JUNIOR, code=1, explain="两校都有")
    assert "pupil-in-two-schools" in doubts(answer)
    assert Dataset.objects.filter(state="standing", ledger="pupils").count() == 1
    file("pupils", pupil(1, 学籍状态="转出"))
    file("pupils", pupil(1, 年级="七年级"), school=JUNIOR)
    assert child(1).school.code == JUNIOR


def test_a_list_gives_the_household_and_an_unknown_child_comes_to_exist(cast, file):
    file("pupils", pupil(1))
    file("population", listed(1), listed(9, 姓名="赵小云"))
    town = Township.objects.get(county=cast.county, name="城关镇")
    assert (child(1).township, child(1).village, child(1).school) == (town, "王家村", cast.school)
    assert (child(9).status, child(9).school) == (ChildStatus.UNKNOWN, None)


def test_an_erased_child_is_sealed_anew_only_by_a_fresh_row(file):
    file("pupils", pupil(1), pupil(3))
    Child.objects.filter(pk=child(1).pk).update(data_key="", sealed="", erased_at=dt.datetime(2025, 9, 2, tzinfo=dt.UTC), masked_name="")
    file("pupils", pupil(3, 班级="3班"), year=2026)
    erased = Child.objects.get(erased_at__isnull=False)
    assert open_child(erased) == {}
    file("population", listed(1))
    erased.refresh_from_db()
    assert (erased.erased_at, erased.masked_name, open_child(erased)["name"]) == (None, "李**", "李小阳")


# --- tags -----------------------------------------------------------------------------------------------------------------
def test_tags_open_and_close_with_the_ledger_that_owns_them_whatever_the_order(file):
    def open_tags(sequence=1):
        return sorted(child(sequence).tags.filter(until__isnull=True).values_list("group", "source"))

    file("care", cared(1, 类别="残疾、留守", 认定依据="残疾人证"))
    assert open_tags() == [("disabled", "care"), ("left_behind", "care")]
    file("disabled", plan(1))
    assert open_tags() == [("disabled", "disabled"), ("left_behind", "care")]
    file("poverty", listed(1), listed(3))
    assert open_tags() == [("disabled", "disabled"), ("left_behind", "care"), ("poor", "poverty")]
    file("care", cared(5, 姓名="赵小云", 类别="随迁"))
    assert open_tags() == [("disabled", "disabled"), ("poor", "poverty")]
    assert ChildTag.objects.filter(child=child(1), group="left_behind", until__isnull=False).count() == 1
    ChildTag.objects.create(child=child(1), group="orphan", since=dt.date(2025, 9, 1), source="person")
    file("poverty", listed(3))
    assert open_tags() == [("disabled", "disabled"), ("orphan", "person")]


def test_a_child_named_only_by_its_registration_is_the_one_the_register_knows(file):
    file("pupils", pupil(1, 全国学籍号="L999901201703120011"))
    file("care", cared(1, 学籍号="L999901201703120011", 类别="随迁"))
    assert Child.objects.count() == 1
    assert list(child(1).tags.filter(until__isnull=True).values_list("group", flat=True)) == ["migrant"]


# --- cases ----------------------------------------------------------------------------------------------------------------
def test_a_ledger_opens_cases_and_adds_each_visit_once_and_moves_nothing(cast, file):
    first = sheet("控辍保学台账", case(1), case(3, 姓名="王小明", 是否销号="是"))
    file("dropout_cases", first, sheet("劝返记录", visit(1)))
    (opened,) = Case.objects.all()
    assert (opened.child, opened.opening, opened.absent_since, opened.reason, opened.whereabouts) == (child(1), Opening.LEDGER, dt.date(2025, 9, 8), "learning", "在家")
    assert opened.state in (CaseState.SUSPECTED, CaseState.PERSUADING)
    assert Visit.objects.filter(case=opened).count() == 1
    state = opened.state
    file("dropout_cases", sheet("控辍保学台账", case(1, 处理阶段="复学", 复学日期="2025-09-20", 是否销号="是", 销号日期="2025-09-22")), sheet("劝返记录", visit(1), visit(1, 日期="2025-09-15", 方式="电话")))
    opened.refresh_from_db()
    assert (opened.state, opened.closed_on) == (state, None)
    assert sorted(Visit.objects.values_list("on", "way")) == [(dt.date(2025, 9, 12), "home"), (dt.date(2025, 9, 15), "phone")]
    assert ReportedVisit.objects.count() == 3
    assert Case.objects.count() == 1


def test_a_contradiction_and_an_open_case_left_out_are_doubts_that_name_the_case(file):
    file("dropout_cases", case(1), case(3, 姓名="王小明"))
    numbers = {one.child_id: one.number for one in Case.objects.all()}
    answer = file("dropout_cases", case(1, 是否销号="是"))
    assert doubts(answer) == ["case-open-in-register", "case-not-in-ledger"]
    first, second = (problem["message"] for problem in answer["problems"])
    assert numbers[child(1).pk] in first
    assert "李**" in first
    assert numbers[child(3).pk] in second
    assert "王**" in second


def test_a_closed_case_is_not_opened_again_for_the_same_absence_but_a_later_one_is(file):
    file("dropout_cases", case(1))
    Case.objects.update(state=CaseState.STRUCK_OFF, closed_on=dt.date(2025, 9, 30))
    again = file("dropout_cases", case(1, 村="李家村"))
    assert doubts(again) == ["case-closed-in-register"]
    assert Case.objects.count() == 1
    file("dropout_cases", case(1, 发现日期="2025-10-12", 辍学日期="2025-10-10"))
    assert Case.objects.count() == 2


# --- cross-checks -----------------------------------------------------------------------------------------------------------
def test_the_class_list_and_the_roster_are_compared_class_by_class_whichever_comes_last(file):
    classes = sheet("班级情况", {"年级": "三年级", "班级名称": "三(2)班", "学生数": 2}, {"年级": "三年级", "班级名称": "三(1)班", "学生数": 1})
    file("classes", classes)
    answer = file("pupils", pupil(1), pupil(3), pupil(5), pupil(7, 班级="1班"), commit=False)
    assert [(p["code"], p["value"]) for p in answer["problems"]] == [("differs-from-pupils", "2")]
    assert "三年级2班" in answer["problems"][0]["message"]
    file("pupils", pupil(1), pupil(3), pupil(7, 班级="1班"), pupil(9, 学籍状态="转出"))
    other = file("classes", sheet("班级情况", {"年级": "三年级", "班级名称": "3.2班", "学生数": 3}, {"年级": "三年级", "班级名称": "3.1班", "学生数": 1}), commit=False)
    assert doubts(other) == ["differs-from-pupils"]


def test_the_profile_is_compared_with_the_roster(file):
    file("pupils", *(pupil(n) for n in range(1, 41, 2)))
    answer = file("school_profile", profile_sheet(小学在校生数=21, 小学教学班数=1), commit=False, code=0)
    assert "differs-from-pupils" in doubts(answer)


def test_placements_are_compared_with_the_roster(file):
    file("pupils", pupil(1, 就读方式="走读", 随班就读="否"), pupil(3, 姓名="王小明", 就读方式="送教上门"))
    answer = file("disabled", plan(1), plan(3, 姓名="王小明", 安置方式="送教上门"), plan(5, 姓名="赵小云", 安置方式="特殊教育学校"), plan(7, 姓名="钱小兰", 安置方式="待安置"), commit=False)
    assert sorted((p["row"], p["code"]) for p in answer["problems"]) == [(2, "placement-differs-from-roster"), (4, "not-on-rosters")]


def test_nobody_waits_for_a_place_longer_than_a_term_without_a_word(file):
    file("disabled", plan(1, 安置方式="待安置"))
    answer = file("disabled", plan(1, 安置方式="待安置", 未入学原因="等待评估"), year=2026, commit=False)
    assert doubts(answer) == ["waiting-too-long"]


def test_aid_for_boarders_goes_to_boarders_and_everybody_due_is_named(file):
    file("pupils", pupil(1, 就读方式="走读"), pupil(3, 姓名="王小明", 就读方式="住校"), pupil(5, 姓名="赵小云"))
    file("poverty", listed(1), listed(5, 姓名="赵小云"))
    answer = file("aid", aid(1, 资助项目="生活补助(寄宿)"), aid(3, 姓名="王小明", 资助项目="生活补助(寄宿)"), aid(9, 姓名="孙小美"), commit=False)
    assert sorted((p["row"] or 0, p["code"]) for p in answer["problems"] if p["level"] == "doubt") == [(0, "aid-not-covered"), (2, "boarder-differs-from-roster"), (4, "not-on-rosters")]
    covered = next(p for p in answer["problems"] if p["code"] == "aid-not-covered")
    assert "赵**" in covered["message"]
    assert "1 名脱贫户" in covered["message"]


def test_care_names_everybody_the_roster_puts_into_a_group_and_nobody_without_ground(file):
    file("pupils", pupil(1, 是否留守儿童="双亲留守"), pupil(3, 姓名="王小明", 是否随迁子女="是"), pupil(5, 姓名="赵小云"))
    answer = file("care", cared(1), cared(5, 姓名="赵小云", 类别="残疾", 认定依据=""), commit=False)
    assert sorted((p["row"] or 0, p["code"]) for p in answer["problems"] if p["level"] == "doubt") == [(0, "care-not-covered"), (3, "group-not-supported")]


# --- provenance and secrecy ---------------------------------------------------------------------------------------------------
FILED = {
    "pupils": [sheet("学生名册", pupil(1, 出生日期="2017-03-12", 入学年月="2023-09", 就读方式="走读", 上下学距离=1.5))],
    "dropout_cases": [sheet("控辍保学台账", case(1)), sheet("劝返记录", visit(1))],
    "care": [sheet("关爱台账", cared(1)), sheet("帮扶记录", {"姓名": "李小阳", "日期": "2025-10-11", "帮扶方式": "谈心"})],
    "disabled": [sheet("一人一案", plan(1)), sheet("送教上门记录", {"送教对象": "李小阳", "送教时间": "2025-10-15", "课时数": 2, "送教教师": "王芳"})],
    "aid": [sheet("学生资助", aid(1, 发放日期="2025-11-20"))],
    **{code: [sheet(LEDGERS[code].title, listed(1))] for code in ("population", "household", "present", "poverty")},
}


@pytest.mark.parametrize("ledger", list(FILED))
def test_every_stored_value_leads_back_to_a_cell_of_the_stored_file_that_says_something(file, ledger):
    file(ledger, *FILED[ledger])
    dataset = Dataset.objects.get(ledger=ledger)
    book_read = dict(FILED[ledger])
    for label in LEDGERS[ledger].models:
        model = apps.get_model(label)
        rows = list(model.objects.filter(dataset=dataset))
        assert rows, label
        for row in rows:
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if field.name in ("id", "dataset", "sheet", "row") or value in (None, ""):
                    continue
                place = locate(SourceCell(label, row.pk, dataset.pk, field.name, str(value)))
                assert place.cell, f"{label}.{field.name} has no place"
                column, line = openpyxl.utils.cell.coordinate_from_string(place.cell)
                cell = book_read[place.sheet][line - 1][openpyxl.utils.column_index_from_string(column) - 1]
                assert cell not in (None, ""), f"{label}.{field.name} at {place.cell}"


@pytest.mark.parametrize("ledger", list(FILED))
def test_a_planted_name_number_and_phone_stand_nowhere_but_sealed(file, ledger, caplog):
    caplog.set_level(logging.DEBUG)
    file(ledger, *FILED[ledger])
    answer = file(ledger, *FILED[ledger])
    secrets = ("李小阳", child_id(1), "19900000001", "李建国")
    stored = " ".join(str(row) for model in apps.get_models() if model is not Version for row in model._default_manager.values_list())
    versions = json.dumps(list(Version.objects.values("problems", "repairs", "groups", "explanations")), ensure_ascii=False, default=str)
    events = " ".join(str(event.__dict__) for event in AuditEvent.objects.all())
    for secret in secrets:
        assert secret not in stored
        assert secret not in versions
        assert secret not in events
        assert secret not in caplog.text
        assert secret not in json.dumps(answer, ensure_ascii=False)
