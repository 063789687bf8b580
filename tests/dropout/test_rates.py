"""The rates as quantities of a set of facts: complete or missing, each with its cells; live figures by a dated extract."""
import datetime as dt
from dataclasses import replace

import pytest

from dropout.models import Case, CaseState, CaseStep, Child, ChildTag, ExtractRow, IndividualPlan, Opening, Pupil
from dropout.quantities import extracted, extracted_day
from dropout.services.extract import make_extract
from indicators import snapshots
from schools.factset import standing_set
from schools.models import Dataset, SourceChoice
from schools.parameters import NATIONAL
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.rules import choose_source
from schools.sources import said
from tests.factories import OPERATOR
from tests.fields.conftest import YEAR, facts  # noqa: F401  (a fixture)
from tests.ledgers.checking.helpers import run
from tests.ledgers.fields.test_money import NUMBERS

pytestmark = pytest.mark.django_db
PUPIL, LISTED = "dropout.Pupil", "dropout.ListedChild"


def pupil(key, grade, status="", **more) -> dict:
    return {"person_key": key, "grade": grade, "status": status, "class_name": "1班", **more}


@pytest.fixture
def county(facts):  # noqa: F811
    """Last year's and this year's rosters of all three schools; b0 dropped out, b1 vanished, b2 is suspended, n0 came in."""
    facts.put("pupils", PUPIL, *(pupil(f"a{n}", 2) for n in range(8)), school=facts.town, year=YEAR - 1)
    facts.put("pupils", PUPIL, *(pupil(f"b{n}", 5) for n in range(4)), school=facts.village, year=YEAR - 1)
    facts.put("pupils", PUPIL, *(pupil(f"c{n}", 9) for n in range(5)), pupil("d0", 7), school=facts.junior, year=YEAR - 1)
    facts.put("pupils", PUPIL, *(pupil(f"a{n}", 3) for n in range(8)), pupil("n0", 3), school=facts.town)
    facts.put("pupils", PUPIL, pupil("b0", 5, "out"), pupil("b2", 5, "suspended"), pupil("b3", 6), school=facts.village)
    facts.put("pupils", PUPIL, pupil("d0", 8), school=facts.junior)
    return facts


def test_dropout_is_counted_in_three_ways_over_the_pupils_of_last_autumn(county):
    values = {code: county.county_value(f"dropout_{code}_primary") for code in ("base", "statistics", "two_basics", "terminology")}
    assert values == {"base": 12, "statistics": 1, "two_basics": 3 - 1, "terminology": 3}
    assert [county.county_value(f"dropout_{code}_junior") for code in ("base", "statistics", "terminology")] == [6, 0, 0]


def test_a_figure_leads_to_the_rows_of_the_children_behind_it(county):
    cells = county.cells("dropout_terminology_primary")
    rows = {row.pk: row for row in Pupil.objects.all()}
    assert sorted(rows[cell.row_id].person_key for cell in cells) == ["b0", "b1", "b2"]
    assert {cell.field for cell in cells} == {"grade"}
    assert all("b" not in cell.text for cell in cells)


def test_while_one_school_has_no_roster_the_figure_is_missing_and_not_smaller(county):
    Dataset.objects.filter(school=county.village, period__start__year=YEAR).update(state="retired")
    assert county.county_value("dropout_statistics_primary") is None
    assert county.county_value("dropout_base_junior") is None


def test_enrolment_is_of_the_listed_children_and_says_nothing_without_a_list(county):
    assert county.county_value("age_group_primary") is None
    born = {"a0": dt.date(2017, 3, 1), "b2": dt.date(2014, 3, 1), "x0": dt.date(2018, 5, 1), "d0": dt.date(2012, 3, 1), "little": dt.date(2021, 1, 1)}
    county.put("population", LISTED, *({"person_key": key, "birth": birth} for key, birth in born.items()))
    values = [county.county_value(code) for code in ("age_group_primary", "age_group_enrolled_primary", "age_group_junior", "age_group_enrolled_junior")]
    assert values == [3, 1, 1, 1]
    assert len(county.cells("age_group_primary")) == 3


def test_poverty_relieved_households_have_a_rate_of_their_own(county):
    county.put("poverty", LISTED, {"person_key": "a0", "birth": dt.date(2017, 3, 1)}, {"person_key": "x9", "birth": dt.date(2016, 3, 1)})
    assert [county.county_value(code) for code in ("poor_primary", "poor_enrolled_primary")] == [2, 1]


def test_three_kinds_of_disability_are_counted_from_the_plans(county):
    plans = [("k1", "sight", "special"), ("k2", "hearing", "inclusive"), ("k3", "intellect", "waiting"), ("k4", "limbs", "inclusive"), ("k5", "intellect", "home")]
    county.put("disabled", "dropout.DisabledRow", *({"person_key": k, "kind": kind, "placement": placement} for k, kind, placement in plans), school=county.town)
    assert [county.county_value(code) for code in ("three_kinds_listed", "three_kinds_placed")] == [4, 3]
    assert len(county.cells("three_kinds_placed")) == 3


def test_counts_are_kept_while_the_same_datasets_stand_and_made_anew_with_others(county):
    assert county.county_value("dropout_statistics_primary") == 1
    county.put("pupils", PUPIL, pupil("b0", 6), pupil("b1", 6), pupil("b2", 5, "suspended"), pupil("b3", 6), school=county.village)
    assert county.county_value("dropout_statistics_primary") == 0


# --- the extract ------------------------------------------------------------------------------------------------------------
DAY = dt.date(YEAR, 12, 1)


def a_child(county, key, **more) -> Child:
    return Child.objects.create(county=county.county, person_key=key, masked_name="李**", grade=3, status="enrolled", school=county.town, **more)


def a_case(child, number, state, opened, closed=None, steps=()) -> Case:
    made = Case.objects.create(county=child.county, child=child, number=number, state=state, state_since=opened, opening=Opening.PERSON, opened_on=opened,
                               absent_since=opened, closed_on=closed, school=child.school)  # fmt: skip
    for on, to in steps:
        CaseStep.objects.create(case=made, verb="x", to_state=to, on=on)
    return made


@pytest.fixture
def living(county):
    """Cases through the autumn, disabled and poor children."""
    children = [a_child(county, f"k{n}") for n in range(6)]
    autumn = [dt.date(YEAR, 9, 10), dt.date(YEAR, 10, 10), dt.date(YEAR, 11, 10), dt.date(YEAR, 12, 10)]
    a_case(children[0], "1", CaseState.STRUCK_OFF, autumn[0], autumn[2], [(autumn[0], "suspected"), (autumn[1], "registered"), (autumn[2], "struck_off")])
    a_case(children[1], "2", CaseState.STRUCK_OFF, autumn[0], autumn[3], [(autumn[0], "suspected"), (autumn[1], "registered"), (autumn[3], "struck_off")])
    a_case(children[2], "3", CaseState.SUSPECTED, autumn[2], None, [(autumn[2], "suspected")])
    a_case(children[3], "4", CaseState.SUSPECTED, autumn[3], None, [(autumn[3], "suspected")])
    ChildTag.objects.create(child=children[1], group="poor", since=autumn[0], source="poverty")
    for child, placement in ((children[4], "special"), (children[5], "waiting")):
        ChildTag.objects.create(child=child, group="disabled", since=autumn[0], source="disabled")
        IndividualPlan.objects.create(child=child, placement=placement, since=autumn[0])
    return county


def test_an_extract_says_how_the_register_stood_at_the_end_of_a_day(living):
    dataset = make_extract(county=living.county, year=YEAR, on=DAY, by=OPERATOR)
    values = {code: value for (code, stage), value in extracted(living.set).items() if stage == "primary"}
    assert {code: values[code] for code in ("suspected", "dropouts", "opened", "struck_off", "returned")} == {"suspected": 1, "dropouts": 1, "opened": 3, "struck_off": 1, "returned": 0}
    assert (values["disabled_children"], values["disabled_enrolled"], values["disabled_special"]) == (2, 1, 1)
    assert (values["poor_children"], values["poor_out"]) == (1, 0)
    assert extracted_day(living.set) == "2025-12-01"
    assert ExtractRow.objects.filter(dataset=dataset, school=living.town, code="opened").get().value == 3


def test_an_extract_is_never_rewritten_and_a_frozen_snapshot_keeps_its_own(living):
    first = make_extract(county=living.county, year=YEAR, on=DAY, by=OPERATOR)
    before = list(ExtractRow.objects.filter(dataset=first).order_by("pk").values())
    choose_source(living.county, fact="disabled", source="dropout_extract", by=OPERATOR)
    snapshot = snapshots.compute(living.county, "quality-2017", YEAR)
    assert first.pk in snapshots.dataset_ids(snapshot)
    Child.objects.update(grade=4)
    second = make_extract(county=living.county, year=YEAR, on=DAY + dt.timedelta(days=1), by=OPERATOR)
    assert list(ExtractRow.objects.filter(dataset=first).order_by("pk").values()) == before
    first.refresh_from_db()
    assert (first.state, second.state) == ("retired", "standing")
    assert snapshots.is_stale(snapshot)


@pytest.mark.parametrize("on", [dt.date(YEAR, 8, 31), dt.date(YEAR + 1, 9, 1), dt.date(2099, 1, 1)])
def test_a_day_outside_the_year_or_still_to_come_is_refused(living, on):
    with pytest.raises(ValueError, match="摘录日期"):
        make_extract(county=living.county, year=YEAR, on=on, by=OPERATOR)
    assert not ExtractRow.objects.exists()


def test_the_declared_figure_stands_until_the_county_chooses_the_extract_and_both_are_known(living):
    living.put("county_numbers", "schools.CountyNumbers", {"disabled_children": 4, "disabled_enrolled": 4, "disabled_special": 2})
    make_extract(county=living.county, year=YEAR, on=DAY, by=OPERATOR)
    assert living.county_value("disabled_enrolled") == 4
    told = [(source.ledger, value) for source, value in said("disabled_enrolled", living.set, NATIONAL)]
    assert told == [("county_numbers", 4), ("dropout_extract", 1)]
    choose_source(living.county, fact="disabled", source="dropout_extract", by=OPERATOR)
    assert living.county_value("disabled_enrolled") == 1
    assert living.county_value("disabled_children") == 4
    assert {cell.model for cell in living.cells("disabled_enrolled")} == {"dropout.ExtractRow"}
    SourceChoice.objects.all().delete()
    assert {cell.model for cell in living.cells("disabled_enrolled")} == {"schools.CountyNumbers"}


def test_the_standard_shows_the_rates_beside_its_items(living):
    living.put("county_numbers", "schools.CountyNumbers", {"disabled_children": 4, "disabled_enrolled": 4, "disabled_special": 2})
    items = {item["code"]: item for item in snapshots.evaluate_set("basic-2012", living.set, NATIONAL)["national"]["items"]}
    titles = [test["title"] for test in items["W14"]["tests"]]
    assert "小学辍学率(统计词典)" in titles
    assert not any("巩固率" in title for title in titles)  # no roster of six years ago: nothing is made up
    assert "8.33%（1÷12）" in items["W14"]["detail"]
    assert "残疾儿童少年入学率100%（4÷4）" in items["W3"]["detail"]
    assert all(not test["decides"] for test in items["W14"]["tests"])


def test_no_quantity_of_children_is_made_of_anything_but_the_given_datasets(county):
    whole = standing_set(county.county, YEAR)
    empty = replace(whole, datasets=())
    mine = [code for code in QUANTITIES if code.startswith(("dropout_", "age_group", "poor", "consolidation_", "three_kinds"))]
    assert len(mine) > 20
    assert all(COUNTY_KEY not in QUANTITIES[code].tally(empty, NATIONAL) for code in mine)


def test_b2_is_compared_with_the_extract_at_its_upload(living):
    make_extract(county=living.county, year=YEAR, on=DAY, by=OPERATOR)
    row = {**NUMBERS, "适龄残疾儿童少年数": 4, "入学的残疾儿童少年数": 3, "在特殊教育学校就读的残疾儿童少年数": 1}
    outcome = run("county_numbers", ("县级数据", [list(row), list(row.values())]), school=None, siblings=living.set, county_id=living.county.pk)
    assert [(p.code, p.field) for p in outcome.problems() if p.level == "doubt"] == [("differs-from-source", "disabled_enrolled")]
