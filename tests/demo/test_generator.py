"""The demo county shows what it is there to show; read back by the second computation, without the portal."""

import filecmp
import re
from collections import Counter

import openpyxl
import pytest

from config.demo import county, generator, layout
from config.demo.county import sports_rows, spreads
from tests.independent import second_computation as second

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return generator.write(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def result(written):
    return second.compute(second.read_county(written.into / "999901", 2026), "quality-2017")


@pytest.fixture
def row(written, result):
    """The result row of the school with this story."""
    codes = {unit.story: unit.code for unit in written.county.units if unit.story}
    return lambda story, stage="primary": result.rows[codes[story], stage]


def test_the_county_is_as_large_as_promised(written):
    schools = written.county.years[2026]
    assert len(schools) == 60
    assert 26_000 <= sum(school.pupils(stage) for school in schools for stage in "PJ") <= 33_000
    assert 2_000 <= sum(row["是否专任教师"] == "是" for school in schools for row in school.roster) <= 2_600
    assert {"211", "218", "311", "312", "341", "345", "365", "514"} == {unit.type_code for unit in written.county.units}
    assert {"校区", "教学点", "本部"} == {unit.kind for unit in written.county.units}
    assert {"5", "7", "10"} == {unit.sponsor for unit in written.county.units}


def test_six_of_seven_with_the_seventh_exactly_at_the_floor_passes(row):
    school = row("exact_floor")
    assert school.values["Q5"] == second.Fraction("6.375") and sum(school.met.values()) == 6 and school.passes


def test_one_least_unit_less_fails(row):
    school = row("below_floor")
    assert school.numerators["Q5"] == second.Fraction("3059.99") and sum(school.met.values()) == 6 and not school.passes


def test_exactly_on_a_threshold_is_met(row):
    assert (
        row("on_threshold", "junior").values["Q5"] == second.Fraction("10.2")
        and row("on_threshold", "junior").met["Q5"]
    )


def test_no_teacher_of_pe_and_arts_fails(row):
    assert row("no_pe_art").values["Q3"] == 0 and not row("no_pe_art").passes


def test_of_a_nine_year_school_only_the_junior_part_fails(row):
    assert row("junior_short").passes and not row("junior_short", "junior").passes


def test_weighting_by_enrolment_turns_the_verdict_on_sports_ground(written, result):
    weighted, plain = spreads(sports_rows(written.county.years[2026]))
    assert plain < 0.50 < weighted < 0.52
    assert result.within["primary", "Q5"] is False
    assert [key for key, within in result.within.items() if not within] == [("primary", "Q5")]


def test_most_schools_pass(result):
    failing = [key for key, row in result.rows.items() if not row.passes]
    assert 5 <= len(failing) <= 8


def test_one_class_is_over_sized(written):
    over = [
        row.pupils
        for school in written.county.years[2026]
        for row in school.classes
        if row.pupils > (45 if row.grade < 7 else 50)
    ]
    assert over == [56]


def test_points_lie_on_both_sides_of_fifty(written, result):
    points = {s.unit.code: s.pupils("P") for s in written.county.years[2026] if s.unit.kind == "教学点"}
    assert {code for code, pupils in points.items() if pupils < 50} == set(points) & result.left_out
    assert 3 <= sum(pupils < 50 for pupils in points.values()) < len(points)


def test_every_identity_number_is_unassigned_right_and_unique(written):
    numbers = [
        str(row["身份证号"])
        for county in (written.county, written.neighbour)
        for s in county.years[2026]
        for row in s.roster
    ]
    assert [n for n, count in Counter(numbers).items() if count > 1] == []
    for number in numbers:
        assert re.fullmatch(r"99990[12]\d{11}[\dX]", number)
        assert "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True)) % 11] == number[-1]


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first, second_time = (generator.write(tmp_path / name, schools=20) for name in ("a", "b"))
    files = [p.relative_to(first.into) for p in first.into.rglob("*.xlsx")]
    assert len(files) > 60
    assert filecmp.cmpfiles(first.into, second_time.into, files, shallow=False) == (files, [], [])


def test_both_shapes_of_the_profile_and_harmless_messes_occur(written):
    folder = written.into / "999901" / "approved" / "2026"
    heads = Counter()
    for path in (folder / "school_profile").glob("*.xlsx"):
        sheet = openpyxl.load_workbook(path).worksheets[0]
        heads["vertical" if sheet["C2"].value == "填报项目" else "wide"] += 1
    assert min(heads["vertical"], heads["wide"]) >= 15
    merged = sum(
        bool(openpyxl.load_workbook(path).worksheets[0].merged_cells.ranges)
        for path in (folder / "classes").glob("*.xlsx")
    )
    assert merged >= 10


def test_too_few_schools_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="至少需要 20 所学校"):
        generator.write(tmp_path, schools=5)


@pytest.mark.parametrize("schools", [20, 37, 90, 300])
def test_smaller_and_larger_counties_keep_their_stories(schools):
    built = county.build("999901", "清河县", layout.plan(schools), seed=schools)
    assert len({unit.code for unit in built.units}) == len({unit.name for unit in built.units}) == schools
    assert spreads(sports_rows(built.years[2026]))[0] > 0.5
