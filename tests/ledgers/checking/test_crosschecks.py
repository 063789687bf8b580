"""Checks across ledgers, years and schools, against datasets in the database."""
import pytest

from accounts.actor import Actor
from ledgers.checking import check, crosscheck
from ledgers.definitions import LEDGERS
from schools import datasets
from schools.bulk import Table
from schools.factset import standing_set
from schools.models import County, School, SchoolVersion, Staff
from schools.periods import school_year
from schools.staff import register_staff

from . import helpers
from .helpers import CLASS_HEAD, CLASS_ROWS, TEACHER_HEAD, YEAR, id_number, profile_sheet, teacher, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = County.objects.create(code="999901", name="清河县")
    for ref in helpers.SCHOOLS:
        school = School.objects.create(county=county, code=ref.code, name=ref.name, type_code=ref.type_code, sponsor_code="7", area_code=ref.area_code)
        SchoolVersion.objects.create(school=school, valid_from="2000-01-01", code=ref.code, name=ref.name, type_code=ref.type_code,
                                     sponsor_code="7", area_code=ref.area_code)  # fmt: skip
    return county


def surroundings(county, name="向阳小学"):
    siblings = standing_set(county, YEAR)
    schools = {s.code: s for s in siblings.schools}
    mine = next(s for s in siblings.schools if s.name == name)
    return helpers.context(mine, county_id=county.pk, schools=schools, names={}, siblings=siblings, previous=standing_set(county, YEAR - 1))


def checked(county, ledger, *sheets, name="向阳小学"):
    return check(LEDGERS[ledger], workbook(*sheets), surroundings(county, name))


def commit(county, ledger, *sheets, name="向阳小学", year=YEAR):
    return keep(county, ledger, checked(county, ledger, *sheets, name=name).schools[0], name, year)


def keep(county, ledger, part, name="向阳小学", year=YEAR):
    """The part of a check becomes the standing dataset."""
    tables = {m: Table((*r.columns, "sheet", "row"), list(zip(*r.columns.values(), r.sheet, r.row, strict=True))) for m, r in part.rows_by_model.items()}
    dataset = datasets.stage(
        county=county, school=School.objects.get(name=name), ledger=ledger, period=school_year(year), file=None, row_map=part.row_map,
        rows_by_model=tables, by=Actor.system("test"),
    )  # fmt: skip
    datasets.make_standing(dataset, by=Actor.system("test"))
    return dataset


CLASSES = ("班级", [CLASS_HEAD, *CLASS_ROWS])


def codes(outcome):
    return [p.code for p in outcome.problems() if p.level in ("error", "doubt")]


def test_pupils_of_the_profile_must_equal_the_class_list(county):
    commit(county, "classes", CLASSES)
    good = checked(county, "school_profile", profile_sheet(小学在校生数=126, 小学教学班数=3, 网络多媒体教室=4, 教学及辅助用房面积=800, 教学仪器设备资产值=30))
    assert codes(good) == []
    outcome = checked(county, "school_profile", profile_sheet(小学在校生数=127, 小学教学班数=3, 网络多媒体教室=4, 教学及辅助用房面积=800, 教学仪器设备资产值=30))
    problem = next(p for p in outcome.problems() if p.level == "error")
    assert (problem.code, problem.row, problem.cell, problem.field) == ("differs-from-classes", 2, "H2", "primary_pupils")
    assert "127" in problem.message
    assert "126" in problem.message


def test_the_class_list_is_compared_with_a_standing_profile_too(county):
    commit(county, "school_profile", profile_sheet())
    outcome = checked(county, "classes", CLASSES)
    assert codes(outcome) == ["differs-from-classes", "differs-from-classes"]


def test_pupils_may_stay_blank_once_the_class_list_stands(county):
    blank = profile_sheet(小学在校生数=None, 小学教学班数=None, 教学及辅助用房面积=800, 教学仪器设备资产值=30)
    assert codes(checked(county, "school_profile", blank)) == ["blank-required"]
    commit(county, "classes", CLASSES)
    assert codes(checked(county, "school_profile", blank)) == []


def test_teachers_of_the_profile_are_compared_with_the_roster(county):
    commit(county, "teachers", ("名册", [TEACHER_HEAD, teacher(2), teacher(4)]))
    outcome = checked(county, "school_profile", profile_sheet(小学专任教师数=3, 专任教师数=3))
    assert set(codes(outcome)) == {"differs-from-roster"}


def test_a_change_of_more_than_thirty_percent_is_explained(county):
    commit(county, "school_profile", profile_sheet(), year=YEAR - 1)
    assert codes(checked(county, "school_profile", profile_sheet(体育运动场地面积=6700))) == []
    outcome = checked(county, "school_profile", profile_sheet(体育运动场地面积=7000))
    assert codes(outcome) == ["changed-a-lot"]
    assert "34.6%" in outcome.problems()[-1].message


def test_one_person_on_two_rosters_is_a_doubt_with_a_masked_name(county):
    commit(county, "teachers", ("名册", [TEACHER_HEAD, teacher(2)]), name="第一初级中学")
    outcome = checked(county, "teachers", ("名册", [TEACHER_HEAD, teacher(2), teacher(4)]))
    problem = next(p for p in outcome.problems() if p.level == "doubt")
    assert (problem.code, problem.row, problem.value) == ("person-in-two-schools", 2, "王*")
    assert "第一初级中学" in problem.message


def test_two_schools_of_one_file_that_claim_a_person_are_both_told(county):
    head = ("学校(机构)标识码", *TEACHER_HEAD)
    rows = [("9999010001", *teacher(2)), ("9999010002", *teacher(2))]
    context = surroundings(county)
    outcome = check(LEDGERS["teachers"], workbook(("名册", [head, *rows])), helpers.context(None, schools=context.schools, names={}))
    assert codes(outcome) == ["person-in-two-schools"] * 2


def test_cross_checks_run_again_on_a_part_without_reading(county):
    part = checked(county, "school_profile", profile_sheet()).schools[0]
    assert crosscheck(part, surroundings(county)) == []
    commit(county, "classes", CLASSES)
    assert {p.code for p in crosscheck(part, surroundings(county))} == {"differs-from-classes"}


def test_approval_brings_persons_into_the_register_once(county):
    key, number = "a" * 32, id_number(2)
    person = {"name": "王芳", "id_number": number}
    assert register_staff(county=county, persons={key: person}) == 1
    assert register_staff(county=county, persons={key: {**person, "name": "王方方"}}) == 0
    row = Staff.objects.get()
    assert row.masked_name == "王**"
    assert number not in row.sealed


# --- one round of mending is enough, and no mistake begets another --------------------------------------------------------
SMALL = {"小学在校生数": 126, "小学教学班数": 3, "网络多媒体教室": 4, "教学及辅助用房面积": 800, "教学仪器设备资产值": 30}


def spoilt(row, column, value):
    rows = [list(one) for one in CLASS_ROWS]
    rows[row][column] = value
    return "班级", [CLASS_HEAD, *rows, ["合计", None, 126]]


@pytest.mark.parametrize(("row", "column", "value"), [(0, 2, "约40"), (0, 2, None), (1, 0, "2025级")])
def test_a_row_that_cannot_be_counted_is_no_fault_of_the_profile_or_the_total(county, row, column, value):
    commit(county, "school_profile", profile_sheet(**SMALL))
    assert len(codes(checked(county, "classes", spoilt(row, column, value)))) == 1


def test_a_row_with_another_fault_is_counted_all_the_same(county):
    commit(county, "school_profile", profile_sheet(**{**SMALL, "小学在校生数": 127}))
    assert set(codes(checked(county, "classes", spoilt(0, 1, None)))) == {"blank-required", "differs-from-classes"}
    commit(county, "school_profile", profile_sheet(**SMALL))
    assert codes(checked(county, "classes", spoilt(0, 1, None))) == ["blank-required"]


def test_a_class_listed_twice_is_not_told_as_a_wrong_sum_too(county):
    commit(county, "school_profile", profile_sheet(**SMALL))
    assert codes(checked(county, "classes", ("班级", [CLASS_HEAD, *CLASS_ROWS, ("二年级", "二(1)班", 44)]))) == ["duplicate-key"]


def test_a_profile_with_a_fault_is_compared_in_the_same_round(county):
    commit(county, "classes", CLASSES)
    outcome = checked(county, "school_profile", profile_sheet(**{**SMALL, "小学在校生数": 130, "图书册数": "约14400"}))
    assert set(codes(outcome)) == {"not-a-number", "differs-from-classes"}


def test_a_roster_with_an_unreadable_identity_is_still_counted(county):
    roster = ("教师花名册", [TEACHER_HEAD, teacher(2), teacher(4)])
    commit(county, "teachers", roster)
    profile = profile_sheet(**SMALL, 小学专任教师数=2, 专任教师数=2, 教职工数=2)
    commit(county, "school_profile", profile)
    wrong = [list(row) for row in roster[1]]
    wrong[1][2] = wrong[1][2][:17]
    assert codes(checked(county, "teachers", ("教师花名册", wrong))) == ["id-wrong-length"]


def test_a_wrong_unit_is_found_by_the_pupils_of_the_class_list(county):
    """A profile need not repeat the pupils; its amounts are measured all the same."""
    profile = profile_sheet(**{**SMALL, "小学在校生数": None, "小学教学班数": None, "教学仪器设备资产值": 300_000})
    alone = checked(county, "school_profile", profile)
    assert "unit-doubtful" not in codes(alone)
    commit(county, "classes", CLASSES)
    doubt = next(p for p in checked(county, "school_profile", profile).problems() if p.code == "unit-doubtful")
    assert (doubt.cell, doubt.field) == ("Q2", "equipment_value")
    assert "每生 23809523.81 元" in doubt.message


def test_the_largest_class_of_the_profile_is_that_of_the_class_list(county):
    commit(county, "classes", CLASSES)
    name, (head, row) = profile_sheet(**SMALL)
    for said, wanted in ((45, []), (44, ["differs-from-computed"]), (41, ["largest-below-mean"])):
        assert codes(checked(county, "school_profile", (name, [[*head, "最大班额"], [*row, said]]))) == wanted
    below = checked(county, "school_profile", (name, [[*head, "最大班额是否不足30人"], [*row, "是"]]))
    assert codes(below) == ["differs-from-computed"]


def test_the_hours_a_roster_notes_are_compared_with_the_training_ledger_whichever_comes_last(county):
    def roster(*noted):
        return "教师花名册", [(*TEACHER_HEAD, "五年培训学时"), *((*teacher(2 * n), hours) for n, hours in enumerate(noted, 1))]

    def training(*hours):
        head = ("姓名", "身份证号", *(f"{year}年" for year in range(YEAR - 4, YEAR + 1)))
        return "培训", [head, *(("王芳", id_number(2 * n), *row) for n, row in enumerate(hours, 1))]

    commit(county, "teachers", roster(360, "已完成"))
    assert codes(checked(county, "training", training((72,) * 5, (60,) * 5))) == []
    assert codes(checked(county, "training", training((72, 72)))) == [], "years still to be filed are no contradiction"
    doubt = next(p for p in checked(county, "training", training((72, 72, 72, 72, 71.5))).problems() if p.level == "doubt")
    assert (doubt.code, doubt.cell) == ("differs-from-training", "C2") and "359.5" in doubt.message and "360" in doubt.message
    commit(county, "training", training((72,) * 5, (60,) * 5))
    assert codes(checked(county, "teachers", roster("360学时", 300))) == []
    found = [(p.code, p.cell) for p in checked(county, "teachers", roster(360, 360)).problems() if p.level == "doubt"]
    assert found == [("differs-from-training", "M3")]
