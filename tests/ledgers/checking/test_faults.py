"""Faults are named by cell: row, field, code. None becomes 0, none is mended silently."""
import pytest

from .helpers import (
    CLASS_HEAD,
    CLASS_ROWS,
    NINE,
    TEACHER_HEAD,
    id_number,
    places,
    profile_sheet,
    rows_of,
    run,
    teacher,
)


def classes(*rows, head=CLASS_HEAD, **more):
    return run("classes", ("班级", [head, *rows]), **more)


def roster(*rows, **more):
    return run("teachers", ("名册", [TEACHER_HEAD, *rows]), **more)


@pytest.mark.parametrize("text", ["约40", "40余", "四十", "40上下", "无", "4O", "40kg"])
def test_a_count_that_is_no_definite_number_is_an_error_and_never_zero(text):
    outcome = classes(("一年级", "1班", text), ("一年级", "2班", 40))
    assert places(outcome) == [(2, "pupils", "not-a-number")]
    assert [row["pupils"] for row in rows_of(outcome, "schools.SchoolClass")] == [40]


@pytest.mark.parametrize(("value", "code"), [(0, "outside-range"), (101, "outside-range"), (40.5, "not-whole"), (-3, "outside-range"), (None, "blank-required")])
def test_a_class_has_between_one_and_a_hundred_pupils(value, code):
    assert places(classes(("一年级", "1班", value), ("一年级", "2班", 40))) == [(2, "pupils", code)]


def test_the_counts_of_rows_add_up():
    outcome = classes(*CLASS_ROWS, ("一年级", "一(1)班", 40), ("二年级", "二(2)班", "约50"), ("合计", None, 126), ("注：以上为9月1日数据",))
    report = outcome.report
    assert (report.rows_read, report.accepted, report.refused, len(report.skipped)) == (7, 3, 1, 3)
    assert report.rows_read == report.accepted + report.refused + len(report.skipped)


def test_a_missing_required_column_refuses_every_row():
    outcome = classes(("一年级", "1班"), head=("年级", "班级名称"))
    assert places(outcome) == [(1, "pupils", "missing-column")]
    assert (outcome.report.accepted, outcome.report.refused, outcome.status) == (0, 1, "faulty")


def test_a_workbook_of_something_else_is_refused_with_what_is_wanted():
    outcome = run("classes", ("Sheet1", [("物品", "数量"), ("桌子", 3)]))
    assert [p.code for p in outcome.problems()] == ["no-matching-sheet"]
    assert outcome.status == "refused"
    assert "年级" in outcome.problems()[0].message


def test_the_same_key_with_other_contents_is_an_error_the_same_row_is_kept_once():
    outcome = classes(("一年级", "1班", 40), ("一年级", "1班", 40), ("一年级", "1班", 41))
    assert places(outcome, "error", "notice") == [(3, "name", "duplicate-row"), (4, "name", "duplicate-key")]
    assert len(rows_of(outcome, "schools.SchoolClass")) == 1


def test_boys_and_girls_make_the_pupils():
    outcome = classes(("一年级", "1班", 40, 21, 20), head=(*CLASS_HEAD, "男", "女"))
    assert places(outcome) == [(2, "pupils", "parts-differ-from-total")]


def test_a_total_row_that_differs_is_a_doubt_with_both_numbers():
    outcome = classes(*CLASS_ROWS, ("合计", None, 130))
    doubt = next(p for p in outcome.problems() if p.level == "doubt")
    assert (doubt.code, doubt.row, doubt.cell) == ("total-differs", 5, "C5")
    assert "130" in doubt.message
    assert "126" in doubt.message


def test_error_values_and_formulas_without_result_are_told():
    def edit(book):
        book.worksheets[0]["C3"] = "=SUM(1,2)"

    outcome = classes(("一年级", "1班", 40), ("一年级", "2班", None), edit=edit)
    assert places(outcome) == [(3, "pupils", "formula-without-value")]


# --- identity numbers ---------------------------------------------------------------------------------------------------
def test_a_sound_number_passes_and_the_row_holds_no_name_and_no_number():
    outcome = roster(teacher(2))
    assert outcome.status == "clean"
    row = rows_of(outcome, "teachers.Teacher")[0]
    assert not {"name", "id_number", "phone"} & set(row)
    assert len(row["person_key"]) == 32
    assert outcome.schools[0].persons == {row["person_key"]: {"name": "王芳", "id_number": id_number(2)}}


def test_a_number_cut_by_excel_is_told_and_not_repaired():
    number = int(id_number(2)[:17] + "0")
    outcome = roster(teacher(2, 身份证号=number), teacher(4, 身份证号="1.10101E+17"), teacher(6, 身份证号=id_number(6)[:15] + "000"))
    assert places(outcome) == [(2, "id_number", "id-truncated"), (3, "id_number", "id-truncated"), (4, "id_number", "id-truncated")]


def test_wrong_check_digit_length_and_birth_are_three_different_faults():
    good = id_number(2)
    wrong = good[:17] + ("1" if good[17] != "1" else "2")
    outcome = roster(teacher(2, 身份证号=wrong), teacher(4, 身份证号=good[:17]), teacher(6, 身份证号="999901198502301234"))
    assert places(outcome) == [(2, "id_number", "id-checksum"), (3, "id_number", "id-wrong-length"), (4, "id_number", "id-birth")]


def test_values_of_personal_columns_are_masked_in_problems_and_repairs():
    wrong = id_number(2)[:17] + ("1" if id_number(2)[17] != "1" else "2")
    outcome = roster(teacher(2, 身份证号=wrong, 姓名="张三?"), teacher(4, 身份证号=" " + id_number(4).lower() + "　", 姓名="李　四"))
    told = "".join(p.message + p.value for p in outcome.problems()) + "".join(r.old + r.new for r in outcome.repairs())
    assert wrong not in told
    assert id_number(4) not in told
    assert "张三" not in told
    assert "李四" not in told
    assert "19850612" not in told


def test_sex_and_birth_are_compared_with_the_number():
    head = (*TEACHER_HEAD, "出生年月")
    outcome = run("teachers", ("名册", [head, (*teacher(2, 性别="男"), "1986-06")]))
    assert sorted(places(outcome)) == [(2, "birth", "birth-differs-from-id"), (2, "sex", "sex-differs-from-id")]


def test_two_rows_of_one_person_that_differ_are_an_error():
    assert places(roster(teacher(2), teacher(2, 最高学历="专科"))) == [(3, "id_number", "duplicate-key")]


def test_a_full_time_teacher_needs_a_degree_a_worker_does_not():
    outcome = roster(teacher(2, 最高学历=None), teacher(4, 是否专任教师="否", 最高学历=None, 主要任教学科=None, 职称=None, 教师资格证种类=None, 编制类型=None))
    assert places(outcome) == [(2, "degree", "blank-required")]


def test_a_word_outside_the_list_gets_the_nearest_words():
    outcome = roster(teacher(2, 主要任教学科="语问"))
    assert places(outcome) == [(2, "subject", "not-in-list")]
    assert "语文" in outcome.problems()[0].message


def test_two_subjects_in_one_cell_are_asked_about():
    assert places(roster(teacher(2, 主要任教学科="音乐、美术"))) == [(2, "subject", "several-values")]


@pytest.mark.parametrize(("value", "code"), [(2019.1, "ambiguous-month"), ("19.9", "ambiguous-month"), ("去年", "not-a-date"), ("1899-01", "outside-range")])
def test_a_month_that_cannot_be_read_one_way_is_asked_about(value, code):
    outcome = run("teachers", ("名册", [(*TEACHER_HEAD, "到本校时间"), (*teacher(2), value)]))
    assert places(outcome) == [(2, "arrived_at", code)]


def test_doubts_on_certificate_age_and_title():
    old = "19500101"
    head = (*TEACHER_HEAD, "聘任时间")
    outcome = run(
        "teachers",
        ("名册", [head, (*teacher(2, 任教学段="初中"), None), (*teacher(4, 身份证号=id_number(4, old)), None), (*teacher(6, 职称="高级教师"), "2010-09")]),
        school=NINE,
    )
    assert sorted(places(outcome, "doubt")) == [(2, "certificate", "certificate-below-stage"), (3, "id_number", "age-unusual"), (4, "title_rank", "title-ambiguous")]


# --- schools -----------------------------------------------------------------------------------------------------------
def test_another_school_in_the_sheet_or_the_title_is_an_error():
    head = ("学校(机构)标识码", *CLASS_HEAD)
    by_code = run("classes", ("班级", [head, ("9999010002", "一年级", "1班", 40)]))
    assert places(by_code) == [(2, "school_code", "other-school")]
    by_title = run("classes", ("班级", [("填报单位：清河九年一贯制学校", None, None), CLASS_HEAD, *CLASS_ROWS]))
    assert "other-school" in [p.code for p in by_title.problems()]


def test_an_unknown_school_is_an_error_with_a_near_name():
    outcome = run("classes", ("班级", [("学校名称", *CLASS_HEAD), ("向阳小雪", "一年级", "1班", 40)]), school=None)
    assert places(outcome) == [(2, "school_name", "unknown-school")]
    assert "向阳小学" in outcome.problems()[0].message
    assert outcome.schools == []


def test_a_school_the_sender_may_not_file_for_is_refused():
    head = ("学校(机构)标识码", *CLASS_HEAD)
    outcome = run("classes", ("班级", [head, ("9999010001", "一年级", "1班", 40), ("9999010002", "一年级", "1班", 40)]), school=None, allowed=frozenset({1}))
    assert places(outcome) == [(3, "school_code", "not-allowed-school")]


def test_a_sheet_without_any_school_is_told_so():
    outcome = run("classes", ("班级", [CLASS_HEAD, *CLASS_ROWS[:1]]), school=None)
    assert places(outcome) == [(2, "school_code", "no-school")]


def test_the_register_is_compared_and_never_written():
    outcome = run("school_profile", profile_sheet(办学类型="初级中学"))
    assert places(outcome, "doubt") == [(2, "school_type", "differs-from-register")]
    assert all("school_type" not in row for model in outcome.schools[0].rows_by_model for row in rows_of(outcome, model))


def test_last_years_sheet_is_a_doubt():
    outcome = run("classes", ("班级", [("2024-2025学年班级情况表", None, None), CLASS_HEAD, *CLASS_ROWS]))
    assert [p.code for p in outcome.problems() if p.level == "doubt"] == ["other-year"]


# --- the profile ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"室内体育用房面积": 4000}, "indoor_sports_area", "part-above-whole"),
        ({"室内体育用房面积": None}, "indoor_sports_area", "blank-required"),
        ({"专任教师数": 40}, "full_time_teachers", "part-above-whole"),
        ({"教学及辅助用房面积": "三千多"}, "teaching_area", "not-a-number"),
        ({"小学在校生数": None}, "primary_pupils", "blank-required"),
        ({"小学高于规定学历教师数": 34}, "primary_above_degree", "degrees-above-teachers"),
    ],
)
def test_the_profile_is_checked_in_itself(changed, field, code):
    assert places(run("school_profile", profile_sheet(**changed))) == [(2, field, code)]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"教学仪器设备资产值": 1152000}, "equipment_value", "unit-doubtful"),
        ({"教学仪器设备资产值": 0.5}, "equipment_value", "unit-doubtful"),
        ({"占地面积": 22}, "land_area", "unit-doubtful"),
        ({"占地面积": "22.5亩"}, "land_area", "unit-to-confirm"),
        ({"网络多媒体教室": 40}, "multimedia_rooms", "unusual-number"),
    ],
)
def test_implausible_amounts_are_doubts(changed, field, code):
    outcome = run("school_profile", profile_sheet(**changed))
    assert (2, field, code) in places(outcome, "doubt")
    assert places(outcome) == []


def test_two_units_for_one_column_are_an_error():
    name, rows = profile_sheet()
    rows[0] = [h if h != "教学仪器设备资产值" else "教学仪器设备资产值(万元)" for h in rows[0]]
    outcome = run("school_profile", (name, [["单位：元"], *rows]))
    assert "two-units" in [p.code for p in outcome.problems() if p.level == "error"]


def test_two_columns_for_one_thing_that_differ_are_an_error():
    outcome = run("classes", ("班级", [("年级", "班级名称", "学生数", "人数"), ("一年级", "1班", 40, 41)]))
    assert places(outcome) == [(1, "pupils", "column-twice")]
