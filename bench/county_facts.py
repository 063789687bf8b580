"""A standing county of any size for benchmarks: the demo generator's facts laid as datasets, without workbooks."""
from __future__ import annotations

import tempfile
from pathlib import Path

from accounts.actor import Actor
from config.demo.county import THIS_YEAR, SchoolYear, build
from config.demo.layout import plan
from config.demo.workbooks import write_register
from schools import datasets
from schools.models import County, School
from schools.periods import school_year
from schools.register import apply_register, read_register
from teachers.models import Backbone, Degree, Staffing, Subject

BY = Actor.system("bench")
STAGES = {"小学": "primary", "初中": "junior", "高中": "senior"}
_DEGREES = {word: code for code, word in Degree.choices}
_STAFFING = {word: code for code, word in Staffing.choices} | {"合同制": Staffing.CONTRACT.value}
_BACKBONE = {word: code for code, word in Backbone.choices}
_SUBJECTS = {word: code for code, word in Subject.choices}
_TITLES = {"高级教师": "vice", "一级教师": "middle", "二级教师": "assistant", "三级教师": "junior", "未评": "none"}


def lay_county(code: str, schools: int) -> tuple[County, list[SchoolYear]]:
    """Register and standing datasets of this year for a county of so many schools."""
    built = build(code, f"测速县{code}", plan(schools, prefix=code[-3:]), seed=schools, years=(THIS_YEAR,))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_register(built, path)
        apply_register(read_register(path.read_bytes(), path.name), county_code=code, county_name=built.name, by=BY)
    county = County.objects.get(code=code)
    known = {school.code: school for school in School.objects.filter(county=county)}
    for school in built.years[THIS_YEAR]:
        for ledger, rows in _facts(school).items():
            lay(county, known[school.unit.code], ledger, rows)
    county.refresh_from_db()
    return county, built.years[THIS_YEAR]


def lay(county: County, school: School, ledger: str, rows: dict[str, list[dict]]) -> None:
    """One standing dataset of a school's ledger."""
    staged = datasets.stage(
        county=county, school=school, ledger=ledger, period=school_year(THIS_YEAR), file=None, row_map={}, rows_by_model=rows, by=BY
    )
    datasets.make_standing(staged, by=BY)


def profile_rows(school: SchoolYear) -> dict[str, list[dict]]:
    figures = school.figures
    return {
        "schools.Profile": [{f"{stage}_pupils": school.pupils(word) for stage, word in (("primary", "P"), ("junior", "J"), ("senior", "S"))}],
        "schools.Premises": [{"teaching_area": figures["teaching"], "indoor_sports_area": figures["indoor"], "outdoor_sports_area": figures["outdoor"]}],
        "schools.Equipment": [{"equipment_value": figures["equipment"] * 10000, "multimedia_rooms": figures["multimedia"],
                               "teaching_computers": figures["computers"], "books": figures["books"]}],
    }  # fmt: skip


def _facts(school: SchoolYear) -> dict[str, dict[str, list[dict]]]:
    classes = [{"grade": row.grade, "name": str(row.number), "pupils": row.pupils} for row in school.classes]
    roster = [
        {"person_key": str(row["身份证号"]), "is_full_time": row["是否专任教师"] == "是", "stage": STAGES[str(row["任教学段"])],
         "degree": _DEGREES[str(row["最高学历"])], "staffing": _STAFFING[str(row["编制类型"])], "subject": _SUBJECTS[str(row["主要任教学科"])],
         "backbone_level": _BACKBONE[str(row["骨干级别"])], "title_rank": _TITLES[str(row["职称"])]}
        for row in school.roster
    ]  # fmt: skip
    return {"school_profile": profile_rows(school), "classes": {"schools.SchoolClass": classes}, "teachers": {"teachers.Teacher": roster}}
