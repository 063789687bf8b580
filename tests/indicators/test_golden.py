"""Every case of the golden file, published or worked by hand, against the arithmetic and the engine."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from indicators.arithmetic import Spread, cv_within, half_up, mean_root, mean_root_within, split_shares, sqrt34
from schools.cohorts import FORMULAS
from tests.indicators.county import Unit, county_of, result, row_of, valued

CASES = json.loads((Path(__file__).parents[1] / "golden" / "golden.json").read_text("utf-8"))
WEIGHTS = {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
BY_NAME = {
    "above_required_degree_per_100": "Q1",
    "county_backbone_per_100": "Q2",
    "pe_art_teachers_per_100": "Q3",
    "teaching_area": "Q4",
    "sports_area": "Q5",
    "equipment_value": "Q6",
    "multimedia_rooms_per_100": "Q7",
}


def exact(value) -> Fraction:
    return Fraction(str(value))


def near(found, wanted, tolerance) -> bool:
    return abs(Fraction(found) - exact(wanted)) <= exact(tolerance)


def cases(*kinds):
    found = [case for case in CASES if kinds_of(case) in kinds]
    assert found
    return [pytest.param(case, id=case["id"]) for case in found]


def kinds_of(case) -> str:
    if case["kind"] != "constructed":
        return case["kind"]
    first = case["schools"][0]
    if "values" in first:
        return "school"
    if "graduates" in first:
        return "consolidation"
    return "split" if "split" in case["id"] else "spread"


def spread_of(case) -> tuple[Spread, list]:
    counted = [s for s in case["schools"] if s["students"]]
    return Spread.of([exact(s["raw"]) for s in counted], [s["students"] for s in counted]), counted


def test_every_case_has_a_test():
    assert {kinds_of(case) for case in CASES} == {"cv", "spread", "split", "composite", "verdict", "school", "consolidation"}


@pytest.mark.parametrize("case", cases("cv"))
def test_it_gives_the_published_books_coefficient(case):
    spread, schools = spread_of(case)
    published, computed, tolerance = case["published"], case["computed"], case["tolerance"]
    assert spread.total_pupils == published["total_students"] and spread.total == published["total_raw"]
    assert near(spread.mean, published["mean"], tolerance["mean"])
    assert near(spread.variance, published["variance"], tolerance["variance"])
    assert near(sqrt34(spread.variance), published["sd"], tolerance["sd"])
    assert near(sqrt34(spread.cv_squared), computed["cv"], "0.0000005")
    assert half_up(sqrt34(spread.cv_squared), 3) == "0.515"
    for term, wanted in zip(spread.terms, published["terms"], strict=True):
        assert near(term, wanted, "0.01")
    assert not spread.within(Fraction("0.50")), "the unweighted form would pass; the official one fails"


@pytest.mark.parametrize("case", cases("spread"))
def test_it_gives_the_constructed_means_and_coefficients(case):
    spread, counted = spread_of(case)
    computed, tolerance = case["computed"], max(case["tolerance"].values())
    assert near(spread.mean, computed["mean"], tolerance)
    if computed["cv"] is None:
        assert spread.cv_squared is None and spread.within(Fraction("0.5")) is None
    else:
        assert near(sqrt34(spread.cv_squared), computed["cv"], tolerance)
    if "schools_used" in computed:
        assert len(counted) == computed["schools_used"]


@pytest.mark.parametrize("case", cases("split"))
def test_it_splits_mixed_schools_as_the_note_does(case):
    school = case["schools"][0]
    pupils = {stage: school[f"{stage}_students"] for stage in WEIGHTS if f"{stage}_students" in school}
    shares = split_shares(pupils, WEIGHTS)
    assert sum(shares.values()) == 1
    raw = exact(school["raw"])
    for stage, share in shares.items():
        for key, value in ((f"{stage}_raw", raw * share), (f"{stage}_per_pupil", raw * share / pupils[stage])):
            if key in case["computed"]:
                assert near(value, case["computed"][key], "0.000001")
    if "primary" in shares and "junior" in shares:
        per = {stage: raw * shares[stage] / pupils[stage] for stage in shares}
        assert per["junior"] == per["primary"] * Fraction("1.1"), "exactly 1.1 times inside one school"


@pytest.mark.parametrize("case", cases("composite"))
def test_it_averages_coefficients_before_rounding(case):
    squares = [exact(cv) ** 2 for cv in case["published"]["indicator_cvs"].values()]
    limit = exact(case["computed"]["composite_limit"])
    assert near(mean_root(squares), case["computed"]["mean_of_published_cvs"], "0.0000005")
    assert near(mean_root(squares), case["published"]["composite_cv"], case["tolerance"]["composite_cv"])
    assert mean_root_within(squares, limit) is case["computed"]["composite_passes"]
    above = [name for name, cv in case["published"]["indicator_cvs"].items() if exact(cv) > limit]
    assert above == case["computed"]["indicators_above_limit"]


@pytest.mark.parametrize("case", cases("verdict"))
def test_under_quality_each_coefficient_must_hold(case):
    limit, published = exact(case["computed"]["limit"]), case["published"]["indicator_cvs"]
    above = [name for name, cv in published.items() if not cv_within(limit, exact(cv) ** 2, Fraction(1))]
    assert above == case["computed"]["above_limit"] and len(above) == case["computed"]["count_above"]
    assert (not above) is case["computed"]["every_indicator_passes"]


@pytest.mark.parametrize("case", cases("school"))
def test_it_judges_the_constructed_schools(case):
    stage, wanted = case["level"], case["computed"]
    values = {BY_NAME[name]: str(value) for name, value in case["schools"][0]["values"].items()}
    row = row_of(result([valued("1", stage, 20000, values)]), "1", stage)
    assert row["met_count"] == wanted["met"]
    assert row["passes"] is wanted["school_passes"]
    if row["misses"]:
        assert (not row["below_floor"]) is wanted["rest_at_least_85pct"]
    for code, value in values.items():
        assert Fraction(row["indicators"][code]["value"]) == Fraction(value)


@pytest.mark.parametrize("case", cases("consolidation"))
def test_the_two_consolidation_formulas_differ(case):
    s = case["schools"][0]
    figures = (s["graduates"], s["entrants_three_years_ago"], s["transfer_in"], s["transfer_out"])
    if "deaths" in s:
        numerator, denominator = FORMULAS["application_form"].terms(*figures, s["deaths"])
    else:
        numerator, denominator = FORMULAS["normal_movement"].terms(*figures)
    rate = Fraction(numerator, denominator)
    assert near(rate * 100, case["computed"]["rate"], case["tolerance"]["all"])


def test_the_published_county_comes_out_of_the_engine_too():
    case = next(c for c in CASES if c["id"] == "cv-books-5-primary")
    units = [Unit(str(n), {"primary": s["students"]}, {"books": s["raw"]}) for n, s in enumerate(case["schools"], 1)]
    entry = county_of(result(units, "basic-2012"), "primary", "B5")
    assert half_up(entry["mean"], 2) == "6.33" and half_up(entry["cv"], 3) == "0.515"
    assert entry["complete"] and entry["limit"] is None and entry["met"] is None
