"""A8-A11 and the lists for matching: every fault named by its cell, nothing guessed, nothing personal in a fact row."""
import datetime as dt

import pytest

from ledgers.checking.packages import likeness, sort_sheets
from ledgers.definitions import LEDGERS
from tests.ledgers.checking.helpers import NINE, SUNNY, context, places, rows_of, run, workbook

from .children import aid, cared, case, child_id, listed, plan, pupil, sheet, visit

CHILDREN = ("pupils", "dropout_cases", "care", "disabled", "aid", "population", "household", "present", "poverty")
COUNTY_WIDE = ("population", "household", "poverty")


def one(ledger: str, *rows: dict, extra=(), school=SUNNY, **more):
    return run(ledger, sheet(LEDGERS[ledger].main.title, *rows), *extra, school=None if ledger in COUNTY_WIDE else school, **more)


def doubts(outcome) -> list[str]:
    return [p.code for p in outcome.problems() if p.level == "doubt"]


@pytest.mark.parametrize(("ledger", "row"), [("dropout_cases", case), ("care", cared), ("disabled", plan), ("aid", aid), ("pupils", pupil), *((code, listed) for code in ("population", "household", "present", "poverty"))])
def test_a_plain_row_is_clean_and_its_fact_names_the_child_by_key_alone(ledger, row):
    outcome = one(ledger, row(1))
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    (part,) = outcome.schools
    (key,) = part.persons
    for rows in part.rows_by_model.values():
        assert set(rows.get("person_key")) == {key}
        assert "李" not in repr(rows.columns)
        assert child_id(1) not in repr(rows.columns)
        assert "19900000001" not in repr(rows.columns)
    assert part.persons[key]["name"] == "李小阳"


def test_none_of_these_ledgers_is_owed_unless_a_round_asks_and_each_scope_is_as_the_contract_says():
    assert [LEDGERS[code].due for code in CHILDREN] == [False] * len(CHILDREN)
    assert {code for code in CHILDREN if LEDGERS[code].scope == "county"} == set(COUNTY_WIDE)
    assert {LEDGERS[code].clock for code in CHILDREN} == {"school_year"}


# --- A8 -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"身份证号": ""}, "id_number", "blank-required"),
        ({"台账类别": "旷课"}, "category", "not-in-list"),
        ({"发现日期": "", "辍学日期": ""}, "found_on", "blank-required"),
        ({"发现日期": "2025-09-07"}, "found_on", "dates-reversed"),
        ({"发现日期": "2099-01-01"}, "found_on", "outside-range"),
        ({"辍学日期": "9月8日"}, "left_on", "not-a-day"),
        ({"辍学日期": "25.9.8"}, "left_on", "ambiguous-month"),
        ({"辍学原因": ""}, "reason", "blank-required"),
        ({"目前去向": ""}, "whereabouts", "blank-required"),
        ({"监护人": ""}, "guardian", "blank-required"),
        ({"处理阶段": "观察"}, "stage_said", "not-in-list"),
        ({"乡镇": ""}, "township", "blank-required"),
        ({"特殊类别": "富裕"}, "groups", "not-in-list"),
        ({"复学日期": "2025-09-01"}, "returned_on", "dates-reversed"),
        ({"复学日期": "2025-09-20", "销号日期": "2025-09-19"}, "struck_off_on", "dates-reversed"),
    ],
)
def test_a_fault_of_a_case_is_named_by_its_cell(changed, field, code):
    second = case(3, **{name: "" for name in changed if name in ("复学日期", "销号日期")})
    outcome = one("dropout_cases", case(1, **changed), second)
    assert places(outcome) == [(2, field, code)]
    assert len(rows_of(outcome, "dropout.ReportedCase")) == 1


def test_a_case_is_understood_in_the_words_of_the_trade():
    row = case(1, 处理阶段="《限期返校通知书》", 辍学原因="厌学/学习困难", 特殊类别="建档立卡、留守儿童", 安置方式="降级", 是否销号="否", 复学日期="")
    (found,) = rows_of(one("dropout_cases", row), "dropout.ReportedCase")
    assert (found["stage_said"], found["reason"], found["groups"], found["placement"], found["is_struck_off"]) == ("notice", "learning", "poor,left_behind", "lower", False)
    assert (found["found_on"], found["left_on"]) == (dt.date(2025, 9, 10), dt.date(2025, 9, 8))


def test_the_household_may_stand_in_one_cell_and_flags_in_columns_of_their_own():
    row = case(1)
    for name in ("乡镇", "村", "特殊类别"):
        del row[name]
    row |= {"户籍地": "清河县城关镇王家村3组", "是否脱贫户(原建档立卡)": "是", "是否留守": "√", "是否残疾": "否"}
    outcome = one("dropout_cases", row)
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    (found,) = rows_of(outcome, "dropout.ReportedCase")
    assert (found["township"], found["village"], found["groups"]) == ("城关镇", "王家村", "poor,left_behind")


def test_a_township_outside_the_county_is_asked_about():
    outcome = one("dropout_cases", case(1, 乡镇="远方镇"))
    assert doubts(outcome) == ["township-unknown"]
    assert one("population", listed(1, 乡镇="清河县城关镇")).status == "clean"


def test_a_child_never_enrolled_needs_no_grade_and_no_class():
    row = case(1, 台账类别="失学(未入学)", 年级="", 班级="", 身份证号=child_id(1, "20190312"))
    assert one("dropout_cases", row).status == "clean"
    assert places(one("dropout_cases", case(1, 年级="", 班级=""))) == [(2, "grade", "blank-required")]


def test_visits_belong_to_the_child_of_the_same_number_or_of_the_only_such_name():
    visits = sheet("劝返记录", visit(1), visit(1, 身份证号="", 日期="2025-09-20", 方式="电话", 结果="失联"))
    outcome = one("dropout_cases", case(1), case(3, 姓名="王小明"), extra=[visits])
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    found = rows_of(outcome, "dropout.ReportedVisit")
    main = rows_of(outcome, "dropout.ReportedCase")
    assert [(row["person_key"], row["way"], row["outcome"]) for row in found] == [(main[0]["person_key"], "home", "agreed"), (main[0]["person_key"], "phone", "lost")]
    twins = one("dropout_cases", case(1), case(3), extra=[sheet("劝返记录", visit(1, 身份证号=""))])
    assert [(p.sheet, p.row, p.code) for p in twins.problems() if p.level == "error"] == [("劝返记录", 2, "child-not-named")]
    nobody = one("dropout_cases", case(1), extra=[sheet("劝返记录", visit(1, 姓名="赵四", 身份证号=""))])
    assert [(p.row, p.field, p.code) for p in nobody.problems() if p.level == "error"] == [(2, "id_number", "missing-column")] or "child-not-named" in {p.code for p in nobody.problems()}


def test_counts_typed_beside_the_records_are_compared_with_them():
    visits = sheet("劝返记录", visit(1), visit(1, 日期="2025-09-20"))
    good = one("dropout_cases", case(1, 劝返次数=2, 最近一次劝返="2025-09-20"), extra=[visits])
    assert good.status == "clean"
    wrong = one("dropout_cases", case(1, 劝返次数=5, 最近一次劝返="2025-09-12"), extra=[visits])
    assert [(p.row, p.field, p.code) for p in wrong.problems()] == [(2, "visits_said", "differs-from-computed"), (2, "last_said", "differs-from-computed")]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [({"日期": "2025-09-07"}, "on", "dates-reversed"), ({"方式": "微信"}, "way", "not-in-list"), ({"结果": ""}, "outcome", "blank-required"), ({"参加人员": ""}, "participants", "blank-required")],
)  # fmt: skip
def test_a_fault_of_a_visit_is_named_on_its_own_sheet(changed, field, code):
    outcome = one("dropout_cases", case(1), extra=[sheet("劝返记录", visit(1, **changed))])
    assert [(p.sheet, p.row, p.field, p.code) for p in outcome.problems() if p.level == "error"] == [("劝返记录", 2, field, code)]


# --- A9 -----------------------------------------------------------------------------------------------------------------
def test_one_child_has_many_tags_a_masked_helper_and_no_card_number():
    outcome = one("care", cared(1, 类别="残疾、贫困(建档立卡)、留守(民政口径)", 认定依据=f"残疾人证 {child_id(1)}53", 帮扶教师="王芳、欧阳明"))
    (row,) = rows_of(outcome, "dropout.CareRow")
    assert row["groups"] == "disabled,poor,left_behind.civil"
    assert row["helper"] == "王*、欧**"
    assert row["basis"].startswith("残疾人证 9999") and child_id(1) not in row["basis"]
    assert (row["grade"], row["class_name"], row["mode"]) == (3, "2班", "many")


def test_the_first_four_groups_need_a_helper_and_migrants_do_not():
    assert [(p.code, p.value) for p in one("care", cared(1, 帮扶教师="")).problems()] == [("helper-missing", "留守、学习困难")]
    assert one("care", cared(1, 帮扶教师="", 类别="随迁")).status == "clean"
    assert places(one("care", cared(1, 类别="优等"))) == [(2, "groups", "not-in-list")]
    assert [code for _, _, code in places(one("care", cared(1), cared(1, 类别="随迁")))] == ["duplicate-key"]


def test_records_of_help_stand_beside_the_children():
    records = sheet("帮扶记录", {"姓名": "李小阳", "日期": "2025-10-11", "帮扶方式": "谈心", "内容": "家中争吵", "效果": "好转"})
    outcome = one("care", cared(1), extra=[records])
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    (row,) = rows_of(outcome, "dropout.ReportedContact")
    assert (row["on"], row["way"], row["effect"]) == (dt.date(2025, 10, 11), "talk", "好转")
    assert "家中争吵" not in repr(outcome.schools[0].rows_by_model)


# --- A10 ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"残疾证号": f"{child_id(1)}5"}, "certificate", "certificate-wrong"),
        ({"残疾证号": f"{child_id(1)}83"}, "certificate", "certificate-wrong"),
        ({"残疾证号": f"{child_id(3)}53"}, "certificate", "certificate-differs-from-id"),
        ({"残疾类别": "肢体残疾"}, "kind", "disability-differs-from-certificate"),
        ({"残疾等级": "二级"}, "degree", "disability-differs-from-certificate"),
        ({"残疾等级": "五级"}, "degree", "not-in-list"),
        ({"安置方式": "在家"}, "placement", "not-in-list"),
        ({"安置方式": ""}, "placement", "blank-required"),
        ({"残疾类别": ""}, "kind", "blank-required"),
    ],
)
def test_a_fault_of_a_plan_is_named_by_its_cell(changed, field, code):
    outcome = one("disabled", plan(1, **changed), plan(5))
    assert places(outcome) == [(2, field, code)]


def test_a_reissued_certificate_carries_a_suffix_and_none_is_kept():
    outcome = one("disabled", plan(1, 残疾证号=f"{child_id(1)}53B1"))
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    (row,) = rows_of(outcome, "dropout.DisabledRow")
    assert (row["kind"], row["degree"], row["has_certificate"]) == ("intellect", 3, True)
    assert child_id(1) + "53" not in repr((outcome.schools[0].rows_by_model, outcome.schools[0].persons))


@pytest.mark.parametrize(("digit", "said", "wanted"), [("1", "听力残疾", "视力残疾"), ("2", "视力残疾", "听力残疾")])
def test_the_common_swap_of_sight_and_hearing_is_explained(digit, said, wanted):
    outcome = one("disabled", plan(1, 残疾证号=f"{child_id(1)}{digit}3", 残疾类别=said))
    (problem,) = [p for p in outcome.problems() if p.level == "error"]
    assert (problem.code, problem.params["wanted"]) == ("disability-differs-from-certificate", wanted)
    assert "写反" in problem.message


def test_words_without_a_certificate_are_a_field_of_their_own():
    (row,) = rows_of(one("disabled", plan(1, 残疾证号="", 残疾类别="孤独症", 残疾等级="", 有无办证="否")), "dropout.DisabledRow")
    assert (row["kind"], row["degree"], row["has_certificate"]) == ("autism", None, False)


def test_home_lessons_are_counted_and_teachers_masked():
    lesson = {"送教对象": "李小阳", "送教时间": "2025-10-15", "课时数": 2, "时长(分钟)": 80, "送教教师": "王芳、李军", "送教内容": "生活语文", "家长签字": "是"}
    outcome = one("disabled", plan(1, 安置方式="送教上门"), extra=[sheet("送教上门记录", lesson, {**lesson, "送教时间": "2025-10-22", "课时数": 11})])
    assert [(p.sheet, p.row, p.field, p.code) for p in outcome.problems() if p.level == "error"] == [("送教上门记录", 3, "lessons", "outside-range")]
    (row,) = rows_of(outcome, "dropout.ReportedLesson")
    assert (row["lessons"], row["minutes"], row["teachers"], row["parent_signed"]) == (2, 80, "王*、李*", True)


# --- A11 ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "term"),
    [("第一学期", "2025-1"), ("春季", "2025-2"), ("2025-2026学年第二学期", "2025-2"), ("2025年秋季学期", "2025-1"), ("2026年春季学期", "2025-2"), ("2025-1", "2025-1"), ("2025-2026学年度下学期", "2025-2")],
)  # fmt: skip
def test_terms_are_understood_with_and_without_a_year(text, term):
    outcome = one("aid", aid(1, 学期=text))
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    assert [row["term"] for row in rows_of(outcome, "dropout.AidRow")] == [term]


def test_money_is_exact_the_card_is_dropped_and_told():
    outcome = one("aid", aid(1, 卡号="6228480000000000019", 发放方式="打卡", 领取人签字="李建国"))
    (row,) = rows_of(outcome, "dropout.AidRow")
    assert (row["item"], row["hardship"], row["standard"], row["amount"]) == ("day", "poor", 31250, 31250)
    assert [(p.code, p.params["names"]) for p in outcome.problems()] == [("columns-not-kept", "卡号")]
    assert "6228480000000000019" not in repr(outcome.schools[0].__dict__)


def test_an_amount_other_than_the_standard_is_explained_in_the_row_or_asked_about():
    outcome = one("aid", aid(1, **{"金额(元)": 200}))
    assert [(p.row, p.field, p.code) for p in outcome.problems()] == [(2, "amount", "amount-differs-from-standard")]
    assert one("aid", aid(1, **{"金额(元)": 200, "说明": "十月转入，按两个月发放"})).status == "clean"


def test_a_pupil_may_have_several_items_and_terms_but_each_once():
    good = one("aid", aid(1), aid(1, 资助项目="营养改善计划"), aid(1, 学期="第二学期"))
    assert good.status == "clean"
    assert [code for _, _, code in places(one("aid", aid(1), aid(1, **{"金额(元)": 100, "说明": "补发"})))] == ["duplicate-key"]
    assert doubts(one("aid", aid(1, 学期="2023年秋季学期"))) == ["other-year"]
    assert [code for _, _, code in places(one("aid", aid(1, 学期="全年")))] == ["not-in-list"]


# --- the lists ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ledger", ["population", "household", "poverty"])
def test_a_county_list_has_no_school_and_needs_no_more_than_name_and_number(ledger):
    outcome = one(ledger, {"姓名": "李小阳", "身份证号": child_id(1)})
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    assert outcome.schools[0].school is None
    (row,) = rows_of(outcome, "dropout.ListedChild")
    assert (row["birth"], row["sex"]) == (dt.date(2017, 3, 12), "male")


def test_the_present_list_is_a_schools_with_grade_and_class():
    outcome = one("present", listed(1, 年级班级="三年级2班"), school=NINE)
    assert outcome.status == "clean"
    (row,) = rows_of(outcome, "dropout.ListedChild")
    assert (row["grade"], row["class_name"]) == (3, "2班")


def test_a_phone_beside_the_guardians_name_goes_where_phones_are_kept():
    (part,) = one("population", listed(1, 监护人="李建国 19900000009", 联系电话="")).schools
    (person,) = part.persons.values()
    assert (person["guardian"], person["phone"]) == ("李建国", "19900000009")


def test_a_list_sheet_among_others_is_known_by_its_name_only():
    book = workbook(sheet("名单", listed(1)), sheet("户籍适龄人口名单", listed(3)), sheet("学生名册", pupil(1)))
    contexts = [(ledger, context()) for ledger in LEDGERS.values() if not ledger.forms]
    found = sort_sheets(book, contexts).sheets
    assert (found["household"], found["pupils"]) == ([1], [2])
    assert not {"population", "poverty", "present"} & set(found)
    assert not likeness(workbook(sheet("名单", listed(1))), contexts).by_name
