"""County figures with several sources, the line of the appropriation, restated years and what is kept of an earlier year."""
import pytest

from funding.series import growths, series
from schools.models import SourceChoice
from schools.rules import BadRule, choose_source
from schools.sources import FIGURES, said
from tests.factories import SchoolFactory

from .conftest import BY, YEAR

pytestmark = pytest.mark.django_db


def account(facts, school, **amounts):
    facts.put("school_funds", "funding.SchoolFunds", amounts, school=school)


def special(facts):
    school = SchoolFactory(county=facts.county, code="5199010009", name="特教学校", type_code="514", area_code="111")
    facts.put("classes", "schools.SchoolClass", {"grade": 1, "name": "a", "pupils": 10}, school=school, year=YEAR - 1)
    return school


def test_special_schools_own_accounts_stand_before_the_countys_numbers(facts):
    facts.put("county_numbers", "schools.CountyNumbers", {"special_school_funds": 1, "special_school_pupils": 2})
    school = special(facts)
    assert (facts.county_value("special_school_funds"), facts.county_value("special_school_pupils")) == (1, 2), "no account yet"
    account(facts, school, base_funds=80_000_00, special_funds=5_00)
    assert (facts.county_value("special_school_funds"), facts.county_value("special_school_pupils")) == (80_005_00, 10)
    assert [cell.field for cell in facts.cells("special_school_funds")] == ["base_funds", "special_funds"]
    choose_source(facts.county, fact="special_school", source="county_numbers", by=BY)
    assert (facts.county_value("special_school_funds"), facts.county_value("special_school_pupils")) == (1, 2), "the county chose"
    assert SourceChoice.objects.get().fact == "special_school"
    with pytest.raises(BadRule):
        choose_source(facts.county, fact="special_school", source="exchange", by=BY)


def test_a_place_may_add_pupils_of_ordinary_classes_and_their_money(facts):
    account(facts, special(facts), base_funds=80_000_00)
    facts.rules["special_school_scope"] = "with_inclusive"
    assert facts.county_value("special_school_funds") is None, "one ordinary school has no account yet"
    for school in (facts.town, facts.village, facts.junior):
        account(facts, school, base_funds=1_00, special_funds=7_000_00, special_pupils=1)
    assert (facts.county_value("special_school_funds"), facts.county_value("special_school_pupils")) == (101_000_00, 13)


def test_wages_and_training_are_the_countys_own_else_the_sum_of_all_public_accounts(facts):
    for school in (facts.town, facts.village):
        account(facts, school, wages=100_00, training_budget=2_00)
    assert facts.county_value("teacher_wages") is None, "one school is missing, so the sum is not the county's"
    account(facts, facts.junior, wages=50_00, training_budget=1_00)
    assert (facts.county_value("teacher_wages"), facts.county_value("county_training_funds")) == (250_00, 5_00)
    facts.put("county_finance", "funding.FinanceYear", {"fiscal_year": YEAR - 1, "wages_total": 260_00, "training_total": 6_00})
    assert (facts.county_value("teacher_wages"), facts.county_value("county_training_funds")) == (260_00, 6_00)
    assert [(source.ledger, value) for source, value in said("teacher_wages", facts.set, facts.parameters)] == [("county_finance", 260_00), ("school_funds", 250_00)]


def test_the_appropriation_is_that_of_the_line_the_place_counts_by(facts):
    rows = {YEAR - 1: {"appropriation": 100, "surcharge": 5, "fund_money": 2}, YEAR - 2: {"appropriation": 90, "surcharge": 5}}
    facts.put("county_finance", "funding.FinanceYear", *({"fiscal_year": y, **row} for y, row in rows.items()))

    def lines():
        return [year.amounts.get("appropriation") for year in series(facts.set, 2, facts.parameters)]

    assert lines() == [100, 90]
    facts.rules["appropriation_line"] = "surcharge"
    assert lines() == [105, 95] and facts.county_value("education_appropriation") == 105
    assert [cell.field for cell in facts.cells("education_appropriation")] == ["appropriation", "surcharge"]
    facts.rules["appropriation_line"] = "all"
    assert lines() == [107, None], "a part that is not told is missing, not nothing"


def test_an_earlier_year_is_seen_as_it_has_been_restated_since(facts):
    facts.put("county_finance", "funding.FinanceYear", {"fiscal_year": YEAR - 2, "appropriation": 90, "revenue": 50}, {"fiscal_year": YEAR - 3, "appropriation": 80, "revenue": 40}, year=YEAR - 2)
    facts.put("county_finance", "funding.FinanceYear", {"fiscal_year": YEAR - 1, "appropriation": 100, "revenue": 55}, {"fiscal_year": YEAR - 2, "appropriation": 95, "revenue": 50})
    now, before, earlier = series(facts.set, 3)
    assert (before.amounts["appropriation"], before.stated) == (95, {"appropriation": (90, 95)}) and earlier.amounts["appropriation"] == 80
    assert {g.year: g.met for g in growths([now, before, earlier]) if g.code == "appropriation"} == {YEAR - 1: False, YEAR - 2: False}
    assert series(facts.set.years_before(1), 1)[0].amounts["appropriation"] == 95, "an item looks back with today's eyes"


def test_every_county_figure_names_its_fact_and_its_sources():
    for code, figure in FIGURES.items():
        assert figure.fact and figure.sources and all(source.title for source in figure.sources), code
