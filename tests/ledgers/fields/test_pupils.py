"""A7: the national register's export is taken as it is; needed columns in, the rest dropped at the door and listed."""
import datetime as dt

import pytest

from ledgers.cleaning import split_class
from ledgers.columns import id_in
from ledgers.definitions import LEDGERS
from ledgers.templates_xlsx import template_columns
from schools.parameters import PARAMETERS, ParameterSet, Setting
from tests.ledgers.checking.helpers import JUNIOR, NINE, SUNNY, context, places, rows_of, run

from .children import child_id, pupil, sheet

MODEL = "dropout.Pupil"
NUMBER = child_id(1)
# The columns of the national register in their order (domain S14), as its export prints them.
EXPORT = (
    "学校标识码", "姓名", "性别", "出生日期", "出生地", "籍贯", "民族", "国籍/地区", "身份证件类型", "港澳台侨外", "健康状况", "政治面貌", "身份证件号", "户口性质", "户口所在地", "班级",
    "入学年月", "入学方式", "就读方式", "现住址", "通信地址", "家庭地址", "联系电话", "邮政编码", "是否独生子女", "是否受过学前教育", "是否留守儿童", "是否需要申请资助", "是否享受一补",
    "是否孤儿", "是否烈士或优抚子女", "上下学距离", "上下学交通方式", "是否需要乘坐校车", "曾用名", "身份证件有效期", "血型", "特长", "学籍辅号", "班内学号", "学生来源", "电子信箱", "主页地址",
    "残疾类型", "是否由政府购买学位", "随班就读",
    *(f"成员{n}{what}" for n in (1, 2) for what in ("姓名", "关系", "关系说明", "现住址", "户口所在地", "联系电话", "是否监护人", "证件类型", "证件号", "民族", "工作单位", "职务")),
    "是否进城务工人员随迁子女",
)  # fmt: skip
SECRETS = ("青石路9号", "青石路8号", "青石村7组", "泥瓦厂", "999901198001010016", "小名阳阳", "yang@example")
VALUES = {
    "学校标识码": "9999010001", "姓名": "李小阳", "性别": 1, "出生日期": 20170312, "出生地": "999901", "籍贯": "清河", "民族": "01", "国籍/地区": "156", "身份证件类型": 1,
    "身份证件号": NUMBER, "户口性质": 1, "户口所在地": "999901001002", "班级": "三(2)班", "入学年月": 202309, "入学方式": 11, "就读方式": 2, "现住址": SECRETS[0], "通信地址": SECRETS[1],
    "家庭地址": SECRETS[2], "联系电话": "", "邮政编码": "999901", "是否留守儿童": 1, "是否孤儿": 0, "上下学距离": 1.5, "残疾类型": 0, "随班就读": 0, "曾用名": SECRETS[5], "电子信箱": SECRETS[6],
    "成员1姓名": "李建国", "成员1关系": "父亲", "成员1现住址": SECRETS[0], "成员1联系电话": "19900000001", "成员1是否监护人": "否", "成员1证件号": SECRETS[4], "成员1工作单位": SECRETS[3],
    "成员2姓名": "赵秀英", "成员2关系": "祖母", "成员2联系电话": "19900000002", "成员2是否监护人": "是", "是否进城务工人员随迁子女": "否",
}  # fmt: skip


def export(**changed):
    return run("pupils", sheet("学生信息", dict.fromkeys(EXPORT) | VALUES | changed))


def check(*rows, school=SUNNY, **more):
    return run("pupils", sheet("学生名册", *rows), school=school, **more)


def test_the_whole_export_is_taken_its_columns_known_and_the_unneeded_ones_listed_once():
    outcome = export()
    assert [(p.level, p.code) for p in outcome.problems()] == [("notice", "column-not-given"), ("notice", "columns-not-kept")]
    dropped = outcome.problems()[1]
    assert dropped.params["count"] >= 45
    assert {"血型", "家庭地址", "现住址", "成员1证件号", "主页地址", "学籍辅号"} <= set(dropped.params["names"].split("、"))
    (row,) = rows_of(outcome, MODEL)
    assert (row["birth"], row["sex"], row["grade"], row["class_name"], row["entered"], row["attends_as"]) == (dt.date(2017, 3, 12), "male", 3, "2班", 202309, "boarder")
    assert (row["left_behind"], row["disability"], row["is_inclusive"], row["is_orphan"], row["is_migrant"]) == ("one", "none", False, False, False)
    assert (row["household_region"], row["distance"]) == ("999901001002", 1500)


def test_nothing_that_is_not_needed_is_kept_anywhere():
    (part,) = export().schools
    kept = repr((part.rows_by_model, part.persons, part.problems, part.row_map))
    assert [secret for secret in SECRETS if secret in kept] == []
    assert part.persons == {part.rows_by_model[MODEL].get("person_key")[0]: {
        "name": "李小阳", "id_number": NUMBER, "guardian": "赵秀英", "relation": "祖母", "phone": "19900000002",
    }}  # fmt: skip
    assert "李" not in repr(part.rows_by_model)


@pytest.mark.parametrize("dress", ["two_rows", "slashes", "words"])
def test_the_members_columns_are_known_under_other_headers_too(dress):
    head, row = list(EXPORT), [({**dict.fromkeys(EXPORT), **VALUES})[name] for name in EXPORT]
    if dress == "two_rows":
        top = [name[:3] if name.startswith("成员") else name for name in head]
        rows, merges = [top, [name[3:] if name.startswith("成员") else None for name in head], row], []
        outcome = run("pupils", ("学生信息", rows), merges=merges)
    else:
        change = (lambda n: n.replace("成员1", "成员1/").replace("成员2", "成员2/")) if dress == "slashes" else (lambda n: n.replace("成员1", "家庭成员一").replace("成员2", "家庭成员二"))
        outcome = run("pupils", ("学生信息", [[change(name) for name in head], row]))
    assert [p.code for p in outcome.problems() if p.level != "notice"] == []
    assert "unknown-column" not in [p.code for p in outcome.problems()]
    (person,) = outcome.schools[0].persons.values()
    assert (person["guardian"], person["phone"]) == ("赵秀英", "19900000002")


def test_the_template_asks_for_the_needed_columns_only():
    titles = {column.header for column in template_columns(LEDGERS["pupils"].main)}
    assert len(titles) < 26
    assert not titles & {"现住址", "家庭地址", "血型", "成员1姓名"}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"身份证件号": NUMBER[:17], "全国学籍号": f"G{NUMBER}"}, "id_number", "id-wrong-length"),
        ({"身份证件号": NUMBER[:17] + "0", "全国学籍号": f"L{NUMBER}"}, "id_number", "id-checksum"),
        ({"身份证件号": "", "全国学籍号": f"G{NUMBER}"}, "id_number", "blank-required"),
        ({"全国学籍号": ""}, "registration", "blank-required"),
        ({"全国学籍号": NUMBER}, "registration", "registration-wrong"),
        ({"全国学籍号": f"G{NUMBER}1"}, "registration", "registration-wrong"),
        ({"全国学籍号": f"G{NUMBER[:17]}0"}, "registration", "registration-wrong"),
        ({"全国学籍号": f"G{child_id(9)}"}, "registration", "registration-differs-from-id"),
        ({"全国学籍号": "J999901201713120011"}, "registration", "registration-wrong"),
        ({"班级": ""}, "class_name", "blank-required"),
        ({"年级": "", "班级": "飞鹰班"}, "grade", "blank-required"),
        ({"年级": "大班"}, "grade", "not-a-grade"),
        ({"性别": "女"}, "sex", "sex-differs-from-id"),
        ({"出生日期": "2017-03-13"}, "birth", "birth-differs-from-id"),
        ({"出生日期": "2017-03"}, "birth", "not-a-day"),
        ({"学籍状态": "不明"}, "status", "not-in-list"),
        ({"就读方式": "飞行"}, "attends_as", "not-in-list"),
        ({"姓名": "李?阳"}, "name", "name-damaged"),
    ],
)
def test_a_fault_is_named_by_its_cell(changed, field, code):
    outcome = check(pupil(1, **changed), pupil(3, **{name: "" for name in changed if name in ("性别", "出生日期", "学籍状态", "就读方式")}))
    assert places(outcome) == [(2, field, code)]
    assert len(rows_of(outcome, MODEL)) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"年级": "四年级"}, "grade-differs-from-entry"),
        ({"身份证件号": child_id(1, "20120312")}, "age-unusual-for-grade"),
        ({"身份证件号": child_id(1, "20200312")}, "age-unusual-for-grade"),
        ({"全国学籍号": "J999901201703120011"}, "registration-doubtful"),
        ({"上下学距离": 1500}, None),
        ({"上下学距离": 80}, "unit-doubtful"),
    ],
)
def test_what_may_be_true_is_asked_about_and_not_refused(changed, code):
    row = pupil(1, **{"入学年月": "2023-09", **changed})
    outcome = check(row)
    expected = [code] if code else []
    assert [p.code for p in outcome.problems() if p.level == "doubt"] == expected
    assert [p.code for p in outcome.problems() if p.level == "error"] == ([] if code else ["outside-range"])


def test_other_documents_need_no_number_or_one_of_their_own_kind():
    rows = (
        pupil(1, 身份证件类型="Z", 身份证件号="", 全国学籍号="J999901201703120011"),
        pupil(3, 身份证件类型="护照", 身份证件号="E12345678", 全国学籍号="L999901201703120033"),
        pupil(5, 身份证件类型="居民身份证"),
    )
    outcome = check(*rows)
    assert outcome.status == "clean", [p.message for p in outcome.problems()]
    keys = [row["person_key"] for row in rows_of(outcome, MODEL)]
    assert len(set(keys)) == 3
    assert all(keys)
    assert places(check(pupil(1, 身份证件类型="1", 身份证件号="E12345678", 全国学籍号="L999901201703120033"))) == [(2, "id_number", "id-wrong-length")]


def test_a_provincial_number_is_taken_as_auxiliary_and_told():
    outcome = check(pupil(1, 全国学籍号="20170999010203456"))
    assert [(p.level, p.code) for p in outcome.problems()] == [("notice", "registration-auxiliary")]
    assert "20170999010203456" not in outcome.problems()[0].message


def test_a_pupil_twice_is_kept_once_and_two_pupils_of_one_number_are_refused():
    assert [code for _, _, code in places(check(pupil(1), pupil(1)), "error", "notice")] == ["duplicate-row"]
    assert [code for _, _, code in places(check(pupil(1), pupil(1, 班级="3班")))] == ["duplicate-key"]
    assert (3, "registration", "duplicate-key") in places(check(pupil(1, 身份证件类型="Z", 身份证件号="", 全国学籍号="J999901201703120011"),
                                                                pupil(3, 全国学籍号="J999901201703120011")))  # fmt: skip


def test_the_grade_may_stand_in_the_class_or_follow_from_the_year_of_entry():
    bare = {**pupil(1)}
    del bare["年级"]
    for given, school, expected in (
        ({"班级": "三年级2班"}, SUNNY, (3, "2班")), ({"班级": "302"}, SUNNY, (3, "2班")), ({"班级": "2023级2班"}, SUNNY, (3, "2班")), ({"班级": "2班", "入学年月": "2023-09"}, SUNNY, (3, "2班")),
        ({"班级": "2023级1班", "身份证件号": child_id(1, "20110312"), "全国学籍号": f"G{child_id(1, '20110312')}"}, JUNIOR, (9, "1班")),
    ):  # fmt: skip
        outcome = check({**bare, **given}, school=school)
        assert outcome.status == "clean", (given, [p.message for p in outcome.problems()])
        assert [(row["grade"], row["class_name"]) for row in rows_of(outcome, MODEL)] == [expected]
    assert [code for _, _, code in places(check({**bare, "班级": "2023级2班"}, school=NINE))] == ["missing-column"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三(2)班", (3, "2班", None)), ("三（2）班", (3, "2班", None)), ("三年级二班", (3, "2班", None)), ("3.2班", (3, "2班", None)), ("302班", (3, "2班", None)), ("三班", (None, "3班", None)),
        ("(12)班", (None, "12班", None)), ("七年级（10）班", (7, "10班", None)), ("初一3班", (7, "3班", None)), ("2023级1班", (None, "1班", 2023)), ("飞鹰班", (None, "飞鹰班", None)),
    ],
)  # fmt: skip
def test_class_names_come_into_one_form(text, expected):
    assert split_class(text) == expected


def test_status_of_those_who_left_is_kept_and_the_blank_means_on_the_roster():
    outcome = check(pupil(1, 学籍状态=""), pupil(3, 学籍状态="转出"), pupil(5, 学籍状态="休学"), pupil(7, 学籍状态="死亡"))
    assert [row["status"] for row in rows_of(outcome, MODEL)] == ["", "transferred", "suspended", "gone"]


def test_a_child_at_two_schools_of_one_file_is_told_unless_one_of_them_says_transferred():
    head = {"学校标识码": "9999010001"}, {"学校标识码": "9999010002"}
    twice = check({**head[0], **pupil(1)}, {**head[1], **pupil(1)}, school=None)
    assert [p.code for p in twice.problems() if p.level == "doubt"] == ["pupil-in-two-schools"] * 2
    moved = check({**head[0], **pupil(1, 学籍状态="转出")}, {**head[1], **pupil(1, 学籍状态="在校")}, school=None)
    assert [p.code for p in moved.problems() if p.level != "notice"] == []


def test_every_reported_place_leads_to_the_cell():
    (part,) = export().schools
    assert part.place_of(MODEL, "birth")[1] == "D2"
    assert part.place_of(MODEL, "grade")[1] == part.place_of(MODEL, "class_name")[1] == "P2"
    assert part.place_of(MODEL, "person_key")[1] == "M2"


def test_the_identity_number_within_a_formal_number_is_the_same_child():
    with_id, with_number = check(pupil(1)), run("care", sheet("关爱台账", {"姓名": "李小阳", "学籍号": f"G{NUMBER}", "类别": "随迁"}))
    assert rows_of(with_id, MODEL)[0]["person_key"] == rows_of(with_number, "dropout.CareRow")[0]["person_key"]
    assert id_in(f"L{NUMBER}") == ""


def test_five_four_areas_count_the_junior_grades_from_six():
    five_four = ParameterSet({"primary_years": (Setting(5, "5", "all", "999901", "文件", ""),)})
    assert PARAMETERS["primary_years"].structural
    row = pupil(1, 年级="六年级", 身份证件号=child_id(1, "20140312"), 全国学籍号=f"G{child_id(1, '20140312')}", 入学年月="2025-09")
    assert check(row, school=NINE, parameters=five_four).status == "clean"
    assert [p.code for p in check(row, school=NINE).problems()] == ["grade-differs-from-entry"]
    assert context().parameters.get("primary_years") == 6
