"""Statistics beside rosters and the profile form: which of them stands, number by number, and how a difference is said."""
import copy
import io
from decimal import Decimal

import openpyxl
import pytest

from ledgers.checking import check
from ledgers.models import State
from ledgers.reading import read_workbook
from schools.factset import standing_set
from schools.models import School, SourceChoice
from schools.parameters import NATIONAL
from schools.provenance import locate
from schools.quantity import QUANTITIES
from tests.ledgers.checking.helpers import CLASS_HEAD, TEACHER_HEAD, YEAR, profile_sheet, teacher
from tests.ledgers.checking.test_crosschecks import checked, commit, county, keep, surroundings  # noqa: F401
from tests.ledgers.filing.conftest import approve, cast, send  # noqa: F401

from . import workbooks as made
from .test_reading import STATISTICS, cell, fresh

pytestmark = pytest.mark.django_db
NINE = "清河九年一贯制学校"
ROSTER = [
    teacher(2, 骨干级别="县级", 主要任教学科="音乐"), teacher(4, 最高学历="高中", 职称="高级教师"), teacher(6, 骨干级别="校级", 主要任教学科="体育", 职称="二级教师"),
    teacher(8, 编制类型="代课/临聘", 主要任教学科="美术"), teacher(10, 是否专任教师="否"),
]  # fmt: skip
COUNTS = {"full_time_teachers": 3, "above_degree": 2, "backbone": 1, "pe_art": 2, "mid_title": 2}


def judged(county, leaves=None, name="向阳小学"):  # noqa: F811
    """The check of a statistics workbook against what stands in the county."""
    data = made.save(leaves or made.new_workbook(made.PRIMARY_SCHOOL))
    return check(STATISTICS, read_workbook(data, "统计.xlsx"), surroundings(county, name))


def stand(county, leaves=None, name="向阳小学", year=YEAR):  # noqa: F811
    """The statistics of a school become standing."""
    return keep(county, STATISTICS.code, judged(county, leaves, name).schools[0], name, year)


def figures(county, code, name="向阳小学"):  # noqa: F811
    school = School.objects.get(name=name)
    tally = QUANTITIES[code].tally(standing_set(county, YEAR), NATIONAL)
    return {stage: value for (school_id, stage), value in tally.items() if school_id == school.pk}


def differing(outcome) -> list[tuple[str, str, str, object]]:
    return [(p.field, p.cell, p.value, p.params["wanted"]) for p in outcome.problems() if p.code == "differs-from-statistics"]


def test_statistics_alone_give_every_quantity_of_the_seven_indicators(county):  # noqa: F811
    stand(county)
    assert figures(county, "pupils") == {"primary": 394, "junior": 0, "senior": 0}
    assert figures(county, "classes") == {"primary": 9, "junior": 0}
    for code, value in (("full_time_teachers", 26), ("above_degree_teachers", 24), ("backbone_teachers", 5), ("pe_art_teachers", 5), ("mid_title_teachers", 14)):
        assert figures(county, code) == {"primary": value, "junior": 0}
    for code, value in (("teaching_area_net", 2800_25), ("sports_area", 5600_50), ("equipment_value", 1_152_000_00), ("multimedia_rooms", 14), ("books", 14400), ("computers", 52)):
        assert figures(county, code) == {"": value}
    assert figures(county, "grades") == {"primary": 6}
    assert figures(county, "classes_over") == {"primary": 1, "junior": 0, "senior": 0}


def test_a_nine_year_school_has_both_stages(county):  # noqa: F811
    stand(county, made.new_workbook(made.NINE_YEAR_SCHOOL), NINE)
    assert figures(county, "pupils", NINE) == {"primary": 394, "junior": 278, "senior": 0}
    assert figures(county, "above_degree_teachers", NINE) == {"primary": 24, "junior": 20}
    assert figures(county, "grades", NINE) == {"primary": 6, "junior": 3}


def test_a_figure_leads_back_to_its_own_sheet_and_cell(county):  # noqa: F811
    leaves = made.old_workbook(made.PRIMARY_SCHOOL)
    stand(county, leaves)
    book = openpyxl.load_workbook(io.BytesIO(made.save(leaves)))
    school = School.objects.get(name="向阳小学")
    for code, stage, scale in (("pupils", "primary", 1), ("above_degree_teachers", "primary", 1), ("teaching_area", "", 100), ("equipment_value", "", 1_000_000)):
        (source,) = QUANTITIES[code].cells(standing_set(county, YEAR), NATIONAL, school.pk, stage)
        place = locate(source)
        texts = [book[place.sheet][one].value for one in place.cell.split("+")]
        assert sum(Decimal(text) for text in texts) * scale == int(source.text), f"{code} {place.sheet}!{place.cell}"


def test_statistics_stand_before_the_class_list_unless_the_county_chooses(county):  # noqa: F811
    commit(county, "classes", ("班级", [CLASS_HEAD, ("一年级", "一(1)班", 40), ("二年级", "二(1)班", 41)]))
    assert figures(county, "pupils")["primary"] == 81
    stand(county)
    assert figures(county, "pupils")["primary"] == 394
    SourceChoice.objects.create(county=county, fact="pupils", source="classes")
    assert figures(county, "pupils")["primary"] == 81
    assert figures(county, "classes")["primary"] == 9
    SourceChoice.objects.create(county=county, fact="classes", school=School.objects.get(name="向阳小学"), source="classes")
    assert figures(county, "classes")["primary"] == 2
    assert figures(county, "grades") == {"primary": 2}


def test_a_number_the_statistics_leave_out_comes_from_the_roster(county):  # noqa: F811
    commit(county, "teachers", ("名册", [TEACHER_HEAD, *ROSTER]))
    leaves = fresh()
    del leaves["教基1102续"]
    stand(county, leaves.values())
    assert figures(county, "full_time_teachers")["primary"] == 26
    assert figures(county, "backbone_teachers")["primary"] == 1
    SourceChoice.objects.create(county=county, fact="teachers", source="teachers")
    assert figures(county, "full_time_teachers")["primary"] == 3


def test_premises_the_statistics_leave_out_come_from_the_profile_form(county):  # noqa: F811
    commit(county, "school_profile", profile_sheet(教学及辅助用房面积=3300))
    leaves = fresh()
    del leaves["教基5170"]
    stand(county, leaves.values())
    assert figures(county, "teaching_area") == {"": 3300_00}
    assert figures(county, "equipment_value") == {"": 1_152_000_00}


def test_the_class_list_is_told_where_it_differs_from_the_statistics(county):  # noqa: F811
    stand(county)
    outcome = checked(county, "classes", ("班级", [CLASS_HEAD, ("一年级", "一(1)班", 40)]))
    assert differing(outcome) == [("primary_pupils", "", "40", "394"), ("primary_classes", "", "1", "9")]
    message = next(p.message for p in outcome.problems() if p.code == "differs-from-statistics")
    assert "班级情况表是 40" in message
    assert "教育事业统计是 394" in message


def test_the_roster_is_told_where_it_differs_from_the_statistics(county):  # noqa: F811
    stand(county)
    found = {field: int(value) for field, _, value, _ in differing(checked(county, "teachers", ("名册", [TEACHER_HEAD, *ROSTER])))}
    assert found == {f"primary_{suffix}": count for suffix, count in COUNTS.items()}
    commit(county, "teachers", ("名册", [TEACHER_HEAD, *ROSTER]))
    SourceChoice.objects.create(county=county, fact="teachers", source="teachers")
    for suffix, count in COUNTS.items():  # the checker counts rows as the quantity does
        code = suffix if suffix == "full_time_teachers" else f"{suffix}_teachers"
        assert figures(county, code)["primary"] == count, suffix


def test_the_profile_form_is_told_at_its_cell(county):  # noqa: F811
    stand(county)
    outcome = checked(county, "school_profile", profile_sheet(小学在校生数=400, 教学及辅助用房面积=3200))
    found = {field: (cell, value, wanted) for field, cell, value, wanted in differing(outcome)}
    assert found["primary_pupils"] == ("H2", "400", "394")
    assert found["teaching_area"][1:] == ("3200㎡", "3200.25㎡")
    assert all(p.level == "doubt" for p in outcome.problems() if p.code == "differs-from-statistics")


def test_the_statistics_are_told_where_they_differ_from_what_stands(county):  # noqa: F811
    commit(county, "classes", ("班级", [CLASS_HEAD, ("一年级", "一(1)班", 40)]))
    commit(county, "teachers", ("名册", [TEACHER_HEAD, *ROSTER]))
    commit(county, "school_profile", profile_sheet(小学在校生数=40, 小学教学班数=1, 教学及辅助用房面积=3200, 教学仪器设备资产值=30, 网络多媒体教室=1))
    outcome = judged(county)
    found = differing(outcome)
    assert ("primary_pupils", "I6", "40", "394") in found
    assert ("primary_full_time_teachers", "C6", "3", "26") in found
    assert ("teaching_area", "F10", "3200㎡", "3200.25㎡") in found
    assert ("equipment_value", "D19", "30万元", "115.2万元") in found
    assert [p.code for p in outcome.problems() if p.level == "error"] == []
    assert "differs-from-classes" not in [p.code for p in outcome.problems()]


def test_equal_sources_are_silent(county):  # noqa: F811
    rows = [(f"{'一二三四五六'[g]}年级", f"{'一二三四五六'[g]}({k + 1})班", n) for g, sizes in enumerate(((44,), (43,), (45,), (42, 42), (44, 44), (44, 46))) for k, n in enumerate(sizes)]
    stand(county)
    assert differing(checked(county, "classes", ("班级", [CLASS_HEAD, *rows]))) == []


def test_pupils_may_stay_out_of_the_profile_once_the_statistics_stand(county):  # noqa: F811
    blank = profile_sheet(小学在校生数=None, 小学教学班数=None, 教学及辅助用房面积=3200.25, 教学仪器设备资产值=115.2)
    assert "blank-required" in [p.code for p in checked(county, "school_profile", blank).problems()]
    stand(county)
    assert [p.code for p in checked(county, "school_profile", blank).problems() if p.level == "error"] == []


def test_last_years_statistics_are_the_measure_of_a_change(county):  # noqa: F811
    stand(county, year=YEAR - 1)
    leaves = fresh()
    cell(leaves["教基5176"], "D12", "30000")
    outcome = judged(county, leaves.values())
    (problem,) = [p for p in outcome.problems() if p.code == "changed-a-lot"]
    assert (problem.sheet, problem.cell) == ("教基5176_小学", "D12")


def test_it_goes_through_the_whole_pipeline_and_stands(cast, send, approve):  # noqa: F811
    """向阳小学 of the cast files its export; approved, its figures stand and lead back to the file."""
    leaves = copy.deepcopy(made.new_workbook(made.PRIMARY_SCHOOL))
    version = send(made.save(leaves), ledger=STATISTICS.code, name="向阳小学(小学).xlsx")
    assert version.state == State.CHECKED
    approve(version)
    facts = standing_set(cast.county, YEAR)
    assert QUANTITIES["pupils"].tally(facts, NATIONAL)[cast.school.pk, "primary"] == 394
    (source,) = QUANTITIES["backbone_teachers"].cells(facts, NATIONAL, cast.school.pk, "primary")
    place = locate(source)
    assert (place.file_name, place.sheet, place.cell, place.text) == ("向阳小学(小学).xlsx", "教基1102续_小学", "D12", "5")


def test_a_faulty_export_writes_no_fact(cast, send):  # noqa: F811
    leaves = fresh()
    del leaves["教基3112"]
    version = send(made.save(leaves.values()), ledger=STATISTICS.code)
    assert version.state == State.FAULTY
    assert version.dataset is None
