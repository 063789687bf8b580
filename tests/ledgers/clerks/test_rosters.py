"""Rosters as schools keep them: the words of real files, the national system's export, names and numbers that Excel has worn."""
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.ledgers.checking.helpers import NINE, TEACHER_HEAD, id_number, teacher
from tests.ledgers.messes.dressing import codes, facts, outcome, places, sent

pytestmark = pytest.mark.once  # no database is asked
HEAD = [*TEACHER_HEAD, "到本校时间"]


def roster(*rows, edit=None, head=HEAD):
    return sent([head, *rows], edit)


def one(sequence=2, arrived="2015-09", **changed):
    return [*teacher(sequence, **changed), arrived]


def value(found, name, index=0):
    return found.schools[0].rows_by_model["teachers.Teacher"].columns[name][index]


@pytest.mark.parametrize(
    ("header", "text", "name", "code"),
    [
        ("职称", "小教高级", "title_rank", "middle"), ("职称", "小教一级", "title_rank", "assistant"), ("职称", "中教高级", "title_rank", "vice"),
        ("职称", "中小学高级教师(副高)", "title_rank", "vice"), ("职称", "小学高级教师(七级)", "title_rank", "middle"), ("职称", "一级教师(九级)", "title_rank", "middle"),
        ("职称", "见习期未定级", "title_rank", "none"), ("最高学历", "大学本科(函授)", "degree", "bachelor"), ("最高学历", "专科起点升本科", "degree", "bachelor"),
        ("最高学历", "大专(自考)", "degree", "college"), ("编制类型", "财政全额", "staffing", "post"), ("编制类型", "正式在编", "staffing", "post"),
        ("骨干级别", "县名师", "backbone_level", "county"), ("骨干级别", "市级学科带头人", "backbone_level", "city"), ("骨干级别", "校骨干", "backbone_level", "school"),
        ("教师资格证种类", "小学教师资格证书", "certificate", "primary"),
    ],
)  # fmt: skip
def test_the_words_of_real_rosters_are_understood(header, text, name, code):
    found = outcome("teachers", roster(one(**{header: text})))
    assert places(found) == []
    assert value(found, name) == code


@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("任教学段", "小学、初中", "several-values"), ("教师资格证种类", "小学,初级中学", "several-values"), ("最高学历", "专科(本科在读)", "several-values"),
        ("骨干级别", "市级骨干、县级名师", "several-values"), ("主要任教学科", "小学全科", "not-in-list"), ("教师资格证种类", "有", "not-in-list"), ("姓名", "王*芳", "name-damaged"),
        ("姓名", "李\ue86d", "name-damaged"), ("身份证号", "身份证:999901198506120026", "id-wrong-length"), ("身份证号", "H12345678", "id-wrong-length"),
    ],
)  # fmt: skip
def test_what_can_mean_two_things_or_nothing_is_asked(header, text, code):
    at = f"{get_column_letter(HEAD.index(header) + 1)}2"
    found = outcome("teachers", roster(one(**{header: text} if header != "身份证号" else {}), edit=lambda sheet: sheet.__setitem__(at, text)), NINE)
    assert (code, at) in places(found)


@pytest.mark.parametrize("name", ["𠮷川", "㛃娜", "阿依古丽·买买提", "阿卜杜热合曼．图尔荪", "Mary Smith", "欧阳  娜娜"])
def test_rare_and_long_names_pass(name):
    assert places(outcome("teachers", roster(one(姓名=name)))) == []


def test_october_shown_with_two_decimals_is_october():
    found = outcome("teachers", roster(one(2, 2019.1), one(3, 2019.09), edit=lambda sheet: [setattr(sheet[f"M{i}"], "number_format", "0.00") for i in (2, 3)]))
    assert places(found) == []
    assert [value(found, "arrived_at", k) for k in (0, 1)] == [201910, 201909]


@pytest.mark.parametrize(("text", "month"), [("2015-9-1 0:00:00", 201509), ("2015-09-01 08:30", 201509), ("二〇一五年九月", 201509), ("二〇一九年十二月", 201912), ("2015.9月", 201509)])
def test_more_forms_of_a_month(text, month):
    found = outcome("teachers", roster(one(arrived=text)))
    assert places(found) == []
    assert value(found, "arrived_at") == month


@pytest.mark.parametrize("text", ["15.9", 2019.1, "2015", "2015、9", "2015.9—今", 15.9])
def test_months_that_leave_a_doubt_are_asked(text):
    assert places(outcome("teachers", roster(one(arrived=text))))[0][1] == "M2"


def test_a_county_roster_may_call_the_school_the_unit():
    found = outcome("teachers", roster(["向阳小学", *one(2)], ["清河九年一贯制学校", *one(4)], head=["单位", *HEAD]), None)
    assert [(part.school.name, part.accepted) for part in found.schools] == [("向阳小学", 1), ("清河九年一贯制学校", 1)]


def test_groups_of_teachers_with_their_own_numbering():
    head = ["序号", *HEAD]
    rows = [["向阳小学2025—2026学年度教师花名册"], head, ["语文组"], [1, *one(2)], [2, *one(3)], ["数学组"], [1, *one(4)], ["合计", "3人"]]
    found = outcome("teachers", sent(rows, lambda sheet: [sheet.merge_cells(f"A{i}:N{i}") for i in (1, 3, 6)]))
    assert (found.status, found.report.accepted, len(found.report.skipped)) == ("clean", 3, 3)


def test_a_second_sheet_with_one_column_more_is_named():
    book = openpyxl.Workbook()
    for row in [HEAD, one(2)]:
        book.active.append(row)
    other = book.create_sheet("临聘教师")
    for row in [[*HEAD, "兼教学科"], [*one(3, 编制类型="临聘"), "音乐"]]:
        other.append(row)
    (problem,) = [p for p in outcome("teachers", sent(book)).problems() if p.code == "sheets-differ"]
    assert "“临聘教师”与“Sheet”相比，多出“兼教学科”" in problem.message


# --- the export of the national teacher system: some 65 columns under three header rows -------------------------------------
GROUPS = {
    "基本信息": {
        "个人": ("序号", "学校名称", "学校标识码", "教师个人标识码", "姓名", "曾用名", "性别", "教职工号", "国籍/地区", "身份证件类型", "身份证件号", "出生日期", "籍贯",
                 "出生地", "民族", "政治面貌", "婚姻状况", "健康状况"),
        "工作": ("参加工作年月", "进本校年月", "教职工来源", "教职工类别", "是否专任教师", "编制类别", "用人形式", "签订合同情况", "在岗状态", "是否全日制师范类专业毕业",
                 "是否受过特教专业培养培训", "信息技术应用能力"),
    },
    "学习经历": {"学历": ("最高学历", "获得学历的国家(地区)", "毕业院校", "所学专业", "是否师范类专业", "入学年月", "毕业年月"), "学位": ("学位层次", "学位名称")},
    "岗位与职务": {"岗位聘任": ("岗位类别", "岗位等级", "岗位聘任开始年月", "是否兼任其他岗位"), "专业技术职务": ("专业技术职务", "职务聘任开始年月", "聘任单位")},
    "教育教学": {"任课": ("任教学段", "任课状况", "主要任教学科", "兼教学科", "周课时数", "担任班主任")},
    "教师资格": {"证书": ("教师资格证种类", "教师资格证号码", "证书任教学科", "证书颁发日期", "颁发机构")},
    "荣誉与培训": {"骨干": ("骨干级别", "骨干称号", "认定文号", "骨干有效期"), "培训": ("近五年培训学时", "年度考核结果"), "其他": ("普通话等级", "备注")},
}  # fmt: skip
LEAVES = [leaf for parts in GROUPS.values() for leaves in parts.values() for leaf in leaves]


def exported(sequence, **changed):
    number = id_number(sequence)
    row = {
        "序号": sequence, "学校名称": "向阳小学", "学校标识码": "9999010001", "教师个人标识码": f"2015{sequence:08}", "姓名": "王芳", "性别": "男" if int(number[16]) % 2 else "女",
        "国籍/地区": "中国", "身份证件类型": "居民身份证", "身份证件号": number, "出生日期": "19850612", "民族": "汉族", "政治面貌": "群众", "参加工作年月": "200708",
        "进本校年月": "201208", "教职工类别": "专任教师", "是否专任教师": "是", "编制类别": "事业编制", "用人形式": "在编", "在岗状态": "在岗", "最高学历": "大学本科毕业", "毕业院校": "某师范学院",
        "入学年月": "200309", "毕业年月": "200707", "学位层次": "学士", "岗位类别": "专业技术岗位", "岗位等级": "专业技术岗位十级", "专业技术职务": "中小学一级教师", "职务聘任开始年月": "201609",
        "任教学段": "小学", "任课状况": "任课", "主要任教学科": "语文", "周课时数": 14, "教师资格证种类": "小学教师资格", "教师资格证号码": "20074200121000001", "证书任教学科": "语文",
        "骨干级别": "县级", "骨干称号": "县级骨干教师", "认定文号": "县教〔2020〕3号", "骨干有效期": "2030-08", "近五年培训学时": 372,
    }  # fmt: skip
    return [{**row, **changed}.get(leaf) for leaf in LEAVES]


def export(*rows):
    first, second, merges, at = [], [], [], 1
    for group, parts in GROUPS.items():
        start = at
        for part, leaves in parts.items():
            first += [group if at == start else None, *[None] * (len(leaves) - 1)]
            second += [part, *[None] * (len(leaves) - 1)]
            merges.append((2, at, at + len(leaves) - 1))
            at += len(leaves)
        merges.append((1, start, at - 1))

    def merge(sheet):
        for row, left, right in merges:
            sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)

    return sent([first, second, LEAVES, *rows], merge)


def test_the_export_of_the_national_system_is_read_as_it_is():
    assert len(LEAVES) == 65
    found = outcome("teachers", export(exported(2), exported(3, 主要任教学科="体育", 骨干级别="无"), exported(4, 最高学历="大学专科毕业")))
    assert places(found) == []
    rows = found.schools[0].rows_by_model["teachers.Teacher"].columns
    assert (rows["degree"], rows["subject"], rows["backbone_level"]) == (["bachelor", "bachelor", "college"], ["chinese", "pe", "chinese"], ["county", "none", "county"])
    assert (rows["post_category"][0], rows["staffing"][0], rows["arrived_at"][0], rows["appointed"][0]) == ("teacher", "post", 201208, 201609)
    place = found.schools[0].place_of("teachers.Teacher", "subject", 1)
    assert place == ("台账", f"{get_column_letter(LEAVES.index('主要任教学科') + 1)}5", 5)


def test_a_fault_in_the_export_is_told_under_three_header_rows():
    found = outcome("teachers", export(exported(2), exported(3, 专业技术职务="某某")))
    assert places(found) == [("not-in-list", f"{get_column_letter(LEAVES.index('专业技术职务') + 1)}5")]


def test_the_same_export_without_its_second_column_of_a_kind_gives_the_same():
    """骨干称号 says the level only where 骨干级别 is not given."""
    with_both = outcome("teachers", export(exported(2)))
    assert "column-twice" not in codes(with_both)
    only_title = outcome("teachers", roster([*teacher(2)[:-1], "县级骨干教师", "2012-08"], head=[*HEAD[:-2], "骨干称号", "到本校时间"]))
    assert places(only_title) == []
    assert value(only_title, "backbone_level") == value(with_both, "backbone_level") == "county"
    assert facts(only_title) != []


def test_a_remark_behind_a_name_is_asked_about_and_closest_words_do_not_hide_the_others():
    found = outcome("teachers", roster(one(姓名="王芳（已退休）"), one(4, 在岗状态="退休"), one(6, 是否专任教师="专任")))
    assert places(found, "error", "doubt") == [("name-with-remark", "A2"), ("not-in-list", "K3")]
    message = next(p.message for p in found.problems() if p.code == "not-in-list")
    assert "“在岗”" in message and "最接近的是“病休”" in message
    assert value(found, "is_full_time") is True


def test_a_middle_school_teacher_of_a_school_with_both_stages_is_asked():
    whole = replace(NINE, type_code="341")
    assert ("stage-ambiguous", "F2") in places(outcome("teachers", roster(one(任教学段="中学")), whole), "doubt")
    assert ("stage-ambiguous", "F2") not in places(outcome("teachers", roster(one(任教学段="中学")), NINE), "doubt")
