"""Harmless messes import to the same rows as the tidy sheet, and every repair is listed old → new."""
import pytest

from .helpers import (
    CLASS_HEAD,
    CLASS_ROWS,
    NINE,
    TEACHER_HEAD,
    places,
    profile_sheet,
    rows_of,
    run,
    teacher,
    vertical_sheet,
)

MODEL = "schools.SchoolClass"
TIDY = [{"grade": g, "name": n, "pupils": p} for g, n, p in ((1, "一(1)班", 40), (1, "一(2)班", 41), (2, "二(1)班", 45))]


def same(outcome):
    assert places(outcome) == []
    return rows_of(outcome, MODEL) == TIDY


def test_titles_index_row_notes_totals_and_sample_rows_are_passed_over():
    rows = [
        ("清河县2025-2026学年班级情况表",), ("填报单位：向阳小学", None, "填表日期：2025年9月5日"), CLASS_HEAD, ("甲", "乙", "1"),
        ("示例：一年级", "一(1)班", 45), CLASS_ROWS[0], (None, None, None), CLASS_ROWS[1], ("小计", None, 81), CLASS_ROWS[2], ("合 计", None, 126),
        ("注：以9月1日为准", None, None), ("填表人：李四", None, "审核人：王五"),
    ]  # fmt: skip
    outcome = run("classes", ("班级", rows))
    assert same(outcome)
    assert outcome.status == "clean"
    assert [s.reason for s in outcome.report.skipped] == ["编号行", "示例行", "合计行", "合计行", "说明或签字行", "说明或签字行"]
    assert outcome.schools[0].signers == {"填表人": "李四", "审核人": "王五"}


def test_a_header_of_two_rows_with_merged_cells():
    rows = [("年级", "班级名称", "学生数", None, None), (None, None, "计", "男", "女"), *[(*row, row[2] - 20, 20) for row in CLASS_ROWS]]
    outcome = run("classes", ("班级", rows), merges=("A1:A2", "B1:B2", "C1:E1"))
    assert places(outcome) == []
    assert [(r["pupils"], r["girls"]) for r in rows_of(outcome, MODEL)] == [(40, 20), (41, 20), (45, 20)]


def test_marks_units_and_spaces_in_headers():
    rows = [("★年　级", "*班级\n名称（必填）", "学生数（人）"), *CLASS_ROWS]
    assert same(run("classes", ("班级", rows)))


def test_columns_in_another_order_with_foreign_ones_between():
    rows = [("教室", "学生人数", "班级", "年级"), *[("东楼", p, n, g) for g, n, p in CLASS_ROWS]]
    outcome = run("classes", ("班级", rows))
    assert same(outcome)
    assert places(outcome, "notice") == [(1, "", "unknown-column")]


def test_full_width_digits_spaces_and_numbers_as_text():
    rows = [CLASS_HEAD, ("一 年级", "一（1）班", "４０"), ("1", "一(2)班 ", "41人"), ("二年级", "二(1)班", " 45 ")]
    outcome = run("classes", ("班级", rows))
    assert same(outcome)
    assert ("C2", "４０", "40") in [(r.cell, r.old, r.new) for r in outcome.repairs()]
    assert ("C3", "41人", "41") in [(r.cell, r.old, r.new) for r in outcome.repairs()]


def test_a_merged_grade_speaks_for_its_rows_a_blank_one_does_not():
    rows = [CLASS_HEAD, CLASS_ROWS[0], (None, "一(2)班", 41), CLASS_ROWS[2]]
    assert same(run("classes", ("班级", rows), merges=("A2:A3",)))
    assert places(run("classes", ("班级", rows))) == [(3, "grade", "blank-required")]


def test_sheets_of_the_same_shape_are_joined_with_a_doubt():
    outcome = run("classes", ("一年级", [CLASS_HEAD, *CLASS_ROWS[:2]]), ("二年级", [CLASS_HEAD, CLASS_ROWS[2]]))
    assert same(outcome)
    assert [p.code for p in outcome.problems()] == ["sheets-combined"]
    assert [r["sheet"] for r in outcome.schools[0].rows_by_model[MODEL]] == [0, 0, 1]


@pytest.mark.parametrize("grade", ["七年级", "初一", "7", "初中一年级", "七", "G7", "7年级", "初一年级"])
def test_the_seventh_grade_has_many_names(grade):
    outcome = run("classes", ("班级", [CLASS_HEAD, (grade, "1班", 40)]), school=NINE)
    assert [r["grade"] for r in rows_of(outcome, MODEL)] == [7]


def test_size_bands_by_grade_are_a_second_shape():
    head = [["年级", "学生数", "班数", *["班额"] * 10], [None, None, None, "25人及以下", "26-30人", "31-35人", "36-40人", "41-45人", "46-50人", "51-55人", "56-60人", "61-65人", "66人及以上"]]
    row = ["一年级", 85, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    outcome = run("classes", ("班额", [*head, row]))
    assert places(outcome) == []
    assert rows_of(outcome, "schools.ClassBand")[0]["from_41"] == 2
    wrong = run("classes", ("班额", [*head, [*row[:1], 95, *row[2:]], ["二年级", 85, 3, *row[3:]]]))
    assert places(wrong) == [(3, "pupils", "outside-range"), (4, "classes", "parts-differ-from-total")]


# --- the roster ----------------------------------------------------------------------------------------------------------
def test_aliases_and_marks_of_the_roster_mean_the_same():
    tidy = run("teachers", ("名册", [TEACHER_HEAD, teacher(2), teacher(4, 职称="小学高级", 最高学历="专科", 骨干级别="县级")]))
    head = [h.replace("身份证号", "公民身份号码").replace("最高学历", "文化程度").replace("骨干级别", "骨干教师") for h in TEACHER_HEAD]
    number = teacher(4)[2]
    messy = run(
        "teachers",
        ("名册", [head, teacher(2, 是否专任教师="√", 最高学历="大学本科", 姓名="王 芳", 任教学段="小学部"),
                  teacher(4, 身份证号=f"'{number}", 职称="小高", 最高学历="大专", 骨干级别="县级骨干教师")]),
    )  # fmt: skip
    assert places(messy, "error", "doubt") == []
    drop = {"title_text"}
    assert [{k: v for k, v in r.items() if k not in drop} for r in rows_of(messy, "teachers.Teacher")] == [
        {k: v for k, v in r.items() if k not in drop} for r in rows_of(tidy, "teachers.Teacher")
    ]
    assert {row["title_rank"] for row in rows_of(tidy, "teachers.Teacher")} == {"middle"}


@pytest.mark.parametrize("text", ["2019.9", "2019-9", "201909", "20190901", "2019年9月", "2019/9/1", 43709, "２０１９．９"])
def test_months_in_every_usual_form(text):
    outcome = run("teachers", ("名册", [(*TEACHER_HEAD, "到本校时间"), (*teacher(2), text)]))
    assert places(outcome) == []
    assert rows_of(outcome, "teachers.Teacher")[0]["arrived_at"] == 201909


@pytest.mark.parametrize(("title", "rank"), [("正高级教师", "senior"), ("中学高级教师", "vice"), ("高级教师", "vice"), ("中小学一级教师", "middle"), ("小学高级教师", "middle"),
                                             ("小学一级", "assistant"), ("二级教师", "assistant"), ("小学二级", "junior"), ("未评", "none")])  # fmt: skip
def test_titles_fall_into_the_ranks_of_the_statistics(title, rank):
    outcome = run("teachers", ("名册", [TEACHER_HEAD, teacher(2, 职称=title)]))
    assert rows_of(outcome, "teachers.Teacher")[0]["title_rank"] == rank


def test_a_substitute_is_kept_apart_from_contracted_staff():
    outcome = run("teachers", ("名册", [TEACHER_HEAD, teacher(2, 编制类型="代课教师"), teacher(4, 编制类型="县管校聘"), teacher(6, 编制类型="合同制")]))
    assert [r["staffing"] for r in rows_of(outcome, "teachers.Teacher")] == ["substitute", "county", "contract"]


# --- the profile ---------------------------------------------------------------------------------------------------------
def test_the_vertical_form_gives_the_rows_of_the_horizontal_one():
    across, down = run("school_profile", profile_sheet()), run("school_profile", vertical_sheet())
    assert across.status == down.status == "clean"
    for model in ("schools.Profile", "schools.Premises", "schools.Equipment", "funding.SchoolMoney"):
        assert rows_of(across, model) == rows_of(down, model) != []
    cells = down.schools[0].row_map["targets"]["schools.Premises"]["cell"]
    assert cells["teaching_area"].startswith("E")


def test_a_vertical_fault_names_its_cell():
    outcome = run("school_profile", vertical_sheet(教学及辅助用房面积="约3000"))
    assert [(p.cell, p.code) for p in outcome.problems() if p.level == "error"] == [("E16", "not-a-number")]


@pytest.mark.parametrize(
    ("header", "value"),
    [("教学仪器设备资产值（元）", 1152000), ("教学仪器设备资产值(千元)", 1152), ("教学仪器设备资产值", "115.2万元"), ("教学仪器设备资产值", "115.2万"), ("仪器设备值", "1,152,000元")],
)
def test_money_in_another_unit_is_converted_exactly(header, value):
    name, rows = profile_sheet()
    rows[0] = [header if h == "教学仪器设备资产值" else h for h in rows[0]]
    rows[1] = [value if v == 115.2 else v for v in rows[1]]
    outcome = run("school_profile", (name, rows))
    assert places(outcome, "error", "doubt") == []
    assert rows_of(outcome, "schools.Equipment")[0]["equipment_value"] == 115_200_000


def test_the_corner_gives_the_unit_of_the_money_columns():
    name, rows = profile_sheet(教学仪器设备资产值=1152000, 上年度公用经费预算总额=576000, 教师培训经费预算=32000)
    outcome = run("school_profile", (name, [["学校基本情况表", "单位：元"], *rows]))
    assert places(outcome, "error", "doubt") == []
    assert rows_of(outcome, "funding.SchoolMoney") == [{"public_funds_budget": 57_600_000, "training_budget": 3_200_000}]


def test_special_rooms_come_from_their_own_sheet():
    rooms = ("专用教室", [["教室类别", "教室名称", "面积(㎡)"], ["音乐", "音乐1", 96], ["美术教室", "美术1", 90.5]])
    outcome = run("school_profile", profile_sheet(), rooms)
    assert outcome.status == "clean"
    assert rows_of(outcome, "schools.SpecialRoom") == [{"kind": "music", "name": "音乐1", "area": 9600}, {"kind": "art", "name": "美术1", "area": 9050}]


def test_the_long_vertical_form_adds_up_degrees_bands_and_rooms():
    name, rows = vertical_sheet()
    more = {
        "小学本科学历教师数": 20, "小学大专学历教师数": 8, "小学体育教师数": 2, "小学音乐教师数": 1, "小学美术教师数": 1,
        "小学41-45人班级数": 7, "小学36-40人班级数": 5, "音乐教室96平方米及以上间数": 2, "美术教室67-90平方米间数": 1,
    }  # fmt: skip
    rows = [row for row in rows if "小学教学班数" not in row]
    rows += [[99, "教师", label, "", value, "", ""] for label, value in more.items()]
    outcome = run("school_profile", (name, rows))
    assert places(outcome, "error", "doubt") == []
    profile = rows_of(outcome, "schools.Profile")[0]
    assert (profile["primary_above_degree"], profile["primary_pe_art"], profile["primary_classes"]) == (28, 4, 12)
    assert rows_of(outcome, "schools.SpecialRoom") == [
        {"kind": "music", "name": "音乐教室(96㎡及以上)", "area": 9600}, {"kind": "music", "name": "音乐教室(96㎡及以上)", "area": 9600},
        {"kind": "art", "name": "美术教室(67-90㎡)", "area": 6700},
    ]  # fmt: skip


def test_a_county_sheet_is_split_by_school():
    name, rows = profile_sheet()
    other = [*rows[1]]
    other[:6] = ["9999010003", "第一初级中学", "初级中学", "县级教育部门", "主城区", "城关镇"]
    rows[0] = [h.replace("小学在校生数", "在校生数").replace("小学教学班数", "教学班数") for h in rows[0]]
    outcome = run("school_profile", (name, [*rows, other]), school=None)
    assert places(outcome, "error", "doubt") == []
    assert [part.school.name for part in outcome.schools] == ["向阳小学", "第一初级中学"]
    assert [rows_of(outcome, "schools.Profile", i)[0].get(f) for i, f in ((0, "primary_pupils"), (1, "junior_pupils"))] == [480, 480]
    assert rows_of(outcome, "schools.Profile", 1)[0]["primary_pupils"] is None
