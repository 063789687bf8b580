"""Money by hand: three growths on the line, quotas by date, the floor of 100 and of 300."""
from fractions import Fraction

import pytest

from funding.rules import quota_of
from funding.series import FiscalYear, appropriation_growth, growths, only_increases, rise, series

pytestmark = pytest.mark.django_db
YUAN = 100


def year(number, **amounts) -> FiscalYear:
    return FiscalYear(number, amounts)


# --- three growths ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("appropriation", "met", "gap"),
    [(1101, True, 0), (1100, False, 0), (1099, False, 1), (1000, False, 100), (900, False, 200)],
)
def test_equality_is_no_growth_and_the_gap_is_what_was_lacking(appropriation, met, gap):
    found = appropriation_growth(year(2025, appropriation=appropriation, revenue=5500), year(2024, appropriation=1000, revenue=5000))
    assert (found.met, found.gap) == (met, gap)


def test_the_gap_is_rounded_up_to_the_fen():
    found = appropriation_growth(year(2025, appropriation=1000, revenue=1001), year(2024, appropriation=1000, revenue=1000))
    assert (found.met, found.gap, found.other_rate) == (False, 1, Fraction(1, 1000))
    third = appropriation_growth(year(2025, appropriation=100, revenue=4), year(2024, appropriation=100, revenue=3))
    assert third.gap == 34  # 133.33… - 100, up


def test_a_smaller_fall_than_the_revenues_meets_it_and_is_flagged():
    found = appropriation_growth(year(2025, appropriation=951, revenue=4750), year(2024, appropriation=1000, revenue=5000))
    assert found.met is True
    assert "减少" in found.note


@pytest.mark.parametrize(("now", "before"), [({"appropriation": 1}, {"appropriation": 1, "revenue": 1}), ({"appropriation": 1, "revenue": 1}, {})])
def test_a_missing_amount_is_never_a_growth(now, before):
    found = appropriation_growth(year(2025, **now), year(2024, **before))
    assert found.met is None
    assert "缺少" in found.reason


@pytest.mark.parametrize("before", [{"appropriation": 0, "revenue": 5}, {"appropriation": 5, "revenue": 0}])
def test_a_year_before_of_zero_is_not_judged(before):
    found = appropriation_growth(year(2025, appropriation=9, revenue=9), year(2024, **before))
    assert found.met is None
    assert "为 0" in found.reason


@pytest.mark.parametrize(("now", "met", "gap"), [(1001, True, 0), (1000, False, 0), (999, False, 50)])
def test_a_per_pupil_amount_rises_strictly_and_its_gap_is_times_the_pupils(now, met, gap):
    found = rise("primary_spending", year(2025, primary_spending=now), year(2024, primary_spending=1000), heads=50)
    assert (found.met, found.gap) == (met, gap)
    assert rise("primary_spending", year(2025, primary_spending=5), year(2024, primary_spending=0)).met is None


def test_only_increase_is_content_with_equality():
    kept = {"education_spending": 10, "primary_spending": 10, "junior_spending": 10}
    assert [g.met for g in only_increases([year(2025, **kept), year(2024, **kept)])] == [True, True, True]
    assert [g.met for g in only_increases([year(2025, **{**kept, "education_spending": 9}), year(2024, **kept)])] == [False, True, True]


def test_the_newest_filing_of_a_year_is_believed_and_a_year_nobody_stated_is_empty(facts):
    facts.put("county_finance", "funding.FinanceYear", {"fiscal_year": 2023, "appropriation": 900}, {"fiscal_year": 2022, "appropriation": 800}, year=2023)
    facts.put("county_finance", "funding.FinanceYear", {"fiscal_year": 2024, "appropriation": 1000}, {"fiscal_year": 2023, "appropriation": 950})
    found = series(facts.set)
    assert [(row.year, dict(row.amounts)) for row in found] == [(2024, {"appropriation": 1000}), (2023, {"appropriation": 950}), (2022, {"appropriation": 800})]
    assert len(growths(found)) == 12
    assert facts.county_value("education_appropriation") == 1000
    assert facts.cells("education_appropriation")[0].text == "1000"


# --- public funds -------------------------------------------------------------------------------------------------------
def census(facts, school, *classes, year=2024):
    facts.put("classes", "schools.SchoolClass", *[{"grade": g, "name": f"{n}班", "pupils": p, **more} for n, (g, p, more) in enumerate(classes)], school=school, year=year)


def due(facts, school):
    value = facts.tally("public_funds_due").get((school.pk, ""))
    return None if value is None else Fraction(value, YUAN)


def test_the_quota_is_that_of_the_fiscal_year():
    assert [(y, quota_of(y).primary, quota_of(y).junior, quota_of(y).boarding) for y in (2015, 2019, 2020, 2022, 2023, 2026)] == [
        (2015, 600, 800, 200), (2019, 600, 800, 200), (2020, 650, 850, 200), (2022, 650, 850, 200), (2023, 720, 940, 300), (2026, 720, 940, 300)
    ]  # fmt: skip


@pytest.mark.parametrize(("pupils", "yuan"), [(101, 101 * 720), (100, 72_000), (99, 72_000), (1, 72_000)])
def test_a_school_below_the_floor_is_due_as_if_it_had_a_hundred(facts, pupils, yuan):
    census(facts, facts.village, (1, pupils, {}))
    assert due(facts, facts.village) == yuan


def test_the_floor_may_hold_for_rural_schools_only_and_be_300(facts):
    for school in (facts.town, facts.village):
        census(facts, school, (1, 40, {}))
    facts.rules["small_school_scope"] = "rural"
    assert (due(facts, facts.town), due(facts, facts.village)) == (40 * 720, 72_000)
    facts.rules.update(small_school_scope="all", small_school_floor="300", public_funds_multiplier="1.1")
    assert due(facts, facts.town) == 300 * 792


def test_a_mixed_school_below_the_floor_is_topped_up_as_its_pupils_are(facts):
    facts.village.type_code = "312"
    facts.village.save()
    census(facts, facts.village, (1, 30, {}), (7, 20, {}))
    assert due(facts, facts.village) == (30 * 720 + 20 * 940) * 2


def test_boarders_add_and_special_pupils_have_their_own_quota(facts):
    census(facts, facts.town, (1, 200, {"boarders": 10, "inclusive_pupils": 2}))
    assert due(facts, facts.town) == 198 * 720 + 2 * 7000 + 10 * 300


def test_pupils_are_those_of_the_first_of_september_of_the_fiscal_year(facts):
    census(facts, facts.town, (1, 200, {}))
    census(facts, facts.town, (1, 500, {}), year=2025)
    assert due(facts, facts.town) == 200 * 720


def test_without_a_census_the_heads_of_the_ledger_stand_and_without_both_it_is_missing(facts):
    assert due(facts, facts.town) is None
    facts.put("school_funds", "funding.SchoolFunds", {"base_funds": 1, "primary_pupils": 150}, school=facts.town)
    assert due(facts, facts.town) == 150 * 720


def test_a_local_quota_replaces_the_national_one(facts):
    census(facts, facts.town, (1, 200, {}))
    facts.rules["public_funds_quota"] = "primary:1150,junior:1350"
    assert due(facts, facts.town) == 200 * 1150


def test_paid_is_the_ledgers_sum_else_the_profiles_final_accounts(facts):
    key = (facts.town.pk, "")
    facts.put("school_profile", "funding.SchoolMoney", {"public_funds_final": 700, "public_funds_budget": 800, "training_budget": 40}, school=facts.town)
    assert [facts.tally(code).get(key) for code in ("public_funds_paid", "public_funds_budget", "training_funds")] == [700, 800, 40]
    facts.put("school_funds", "funding.SchoolFunds", {"base_funds": 500, "boarding_funds": 30, "heating_funds": 9, "training_budget": 0}, school=facts.town)
    assert [facts.tally(code).get(key) for code in ("public_funds_paid", "public_funds_budget", "training_funds")] == [530, 800, 0]
    assert [cell.field for cell in facts.cells("public_funds_paid", facts.town)] == ["base_funds", "boarding_funds"]
    facts.rules["heating_quota"] = "50"
    assert facts.tally("public_funds_paid")[key] == 539
