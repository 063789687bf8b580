"""Every quantity the portal counts, counted again from the demo county's workbooks by code that shares nothing with it."""

import io
import shutil
from dataclasses import replace
from fractions import Fraction

import pytest
from django.core.management import call_command

from dropout.models import Disability, MatchRun
from dropout.services.rates import rates_of
from indicators import snapshots
from schools.factset import set_of, standing_set
from schools.models import County
from schools.parameters import NATIONAL
from schools.quantity import COUNTY_KEY, QUANTITIES
from tests.demo.county import standing_demo
from tests.independent import earlier_rosters
from tests.independent import second_children as children
from tests.independent import second_figures as second

pytestmark = pytest.mark.django_db  # so that these tests alone make the database too
# Not of the workbooks: what is attested (tests/evidence). The demo county has two years of rosters: consolidation by name, which needs
# nine, is counted from eight more (earlier_rosters), sent the same way.
TOO_FEW_YEARS = {code for code in QUANTITIES if code.startswith("consolidation_")}
ELSEWHERE = {"attestations"}
OF_ROSTERS = {code for code, quantity in QUANTITIES.items() if set(quantity.sources) <= {"pupils", "population", "poverty"}} - TOO_FEW_YEARS
# Columns that no form of the demo county has.
NOT_FILED = {"other_campus_sports_area", "leased_sports_area", "back_payment"}


@pytest.fixture(scope="module")
def counted(django_db_setup, django_db_blocker, tmp_path_factory):
    """(the portal's facts and national result, the second figures, the folder)."""
    with standing_demo(django_db_blocker, tmp_path_factory.mktemp("figures"), schools=24, seed=11) as (written, _):
        county = County.objects.get(code=written.county.code)
        root = written.into / county.code
        rulesets = snapshots.payload(snapshots.current(county, "quality-2017", second.YEAR))["rulesets"]
        yield county, rulesets, second.figures(root) | children.figures(root), root


def portal(county: County, code: str, parameters=NATIONAL, facts=None) -> dict[tuple[str, str], Fraction]:
    facts = facts or standing_set(county, second.YEAR)
    codes = {school.id: school.code for school in facts.schools} | {COUNTY_KEY[0]: ""}
    quantity = QUANTITIES[code]
    return {
        (codes[school_id], stage): Fraction(count, quantity.scale) for (school_id, stage), count in quantity.tally(facts, parameters).items()
    }


def test_every_quantity_is_counted_twice(counted):
    _, _, figures, _ = counted
    assert set(QUANTITIES) - set(figures) == ELSEWHERE | NOT_FILED | TOO_FEW_YEARS


@pytest.mark.parametrize("code", sorted(set(QUANTITIES) - ELSEWHERE - OF_ROSTERS - TOO_FEW_YEARS))
def test_the_second_counting_agrees(counted, code):
    county, _, figures, _ = counted
    mine, theirs = figures[code], portal(county, code)
    if code in NOT_FILED:
        assert not any(theirs.values())
        return
    assert mine and {key: theirs.get(key) for key in mine} == mine
    assert not any(value for key, value in theirs.items() if key not in mine), "a stage a school does not teach has none"


def of_those_with_rosters(county: County):
    """The facts as if the county had only the schools whose rosters of both years are there: only then a figure of it is whole."""
    facts = standing_set(county, second.YEAR)
    held = [{ref.school_id for ref in facts.by_ledger["pupils", second.YEAR - back]} for back in (0, 1)]
    return replace(facts, schools=tuple(school for school in facts.schools if school.id in held[0] & held[1]))


def test_the_second_counting_of_the_children_agrees(counted):
    county, _, figures, _ = counted
    facts = of_those_with_rosters(county)
    mine = {code: figures[code] for code in sorted(OF_ROSTERS)}
    assert mine == {code: portal(county, code, facts=facts) for code in mine}
    assert sum(mine["dropout_terminology_primary"].values()) > 0 < sum(mine["age_group_junior"].values())


def test_a_figure_of_children_is_missing_while_rosters_are(counted):
    facts = standing_set(counted[0], second.YEAR)
    assert [code for code in sorted(OF_ROSTERS | TOO_FEW_YEARS) if portal(counted[0], code, facts=facts)] == []


def test_the_rates_of_the_page_follow_from_the_second_figures(counted):
    county, _, figures, root = counted
    rates, count = rates_of(county, second.YEAR), {code: value for code, values in figures.items() for value in values.values()}
    for stage in ("primary", "junior"):
        rate = rates.rate(f"enrolment_{stage}")
        assert (rate.numerator, rate.denominator) == (count[f"age_group_enrolled_{stage}"], count[f"age_group_{stage}"])
    poor = sum(count[f"poor_{stage}"] for stage in ("primary", "junior"))
    assert rates.rate("poor").numerator == poor - sum(count[f"poor_enrolled_{stage}"] for stage in ("primary", "junior"))
    assert rates.rate("poor").denominator == poor
    kinds = {Disability(kind).label: rate for kind in Disability.values if (rate := rates.rate(f"disabled_{kind}"))}
    assert {label: (rate.numerator, rate.denominator) for label, rate in kinds.items()} == children.enrolled_by_kind(root)
    assert rates.rate("disabled_plans").numerator == sum(taught for taught, _ in children.enrolled_by_kind(root).values())


def test_the_comparison_of_the_lists_agrees(counted):
    run = MatchRun.objects.filter(county=counted[0]).latest("pk")
    mine = children.compared(counted[3])
    assert {code: run.counts[code] for code in mine} == mine
    assert all(mine.values())


def test_the_local_rules_of_money_agree(counted):
    county, _, _, root = counted
    local = snapshots.parameters_for(county, second.YEAR)
    mine = second.figures(root, multiplier=Fraction(11, 10), floor_heads=300)["public_funds_due"]
    theirs = portal(county, "public_funds_due", local)
    assert {key: theirs.get(key) for key in mine} == mine


RATES = {  # item: numerators, denominators, per cent wanted nationally and locally
    "G8": (("teacher_pay",), ("civil_servant_pay",), 100, 100), "G9": (("trained_teachers",), ("full_time_teachers",), 100, 100),
    "G11": (("exchanged_teachers",), ("eligible_teachers",), 10, 15), "G12": (("certified_teachers",), ("full_time_teachers",), 100, 100),
    "G14": (("senior_high_allotted",), ("senior_high_places",), 50, 50), "G15": (("migrant_public", "migrant_bought"), ("migrant_eligible",), 85, 85),
    "E2": (("disabled_enrolled",), ("disabled_children",), 95, 95),
}  # fmt: skip


@pytest.mark.parametrize("item", sorted(RATES))
def test_the_rates_of_the_items_follow_from_the_second_figures(counted, item):
    _, rulesets, figures, _ = counted
    above, below, *wanted = RATES[item]
    for ruleset, least in zip(("national", "local"), wanted, strict=True):
        entry = next(e for e in rulesets[ruleset]["items"] if e["code"] == item)
        rows = {(row["code"], row["stage"]) for row in rulesets[ruleset]["schools"]} | {("", "")}
        top, bottom = (sum(v for code in codes for key, v in figures[code].items() if key in rows) for codes in (above, below))
        assert (Fraction(entry["numerator"]), Fraction(entry["denominator"])) == (top, bottom)
        assert entry["tests"][0]["met"] is (top * 100 >= bottom * least)


def test_the_offenders_of_the_listings_follow_from_the_second_figures(counted):
    _, rulesets, figures, _ = counted
    items = {entry["code"]: entry for entry in rulesets["national"]["items"]}

    def named(code: str) -> set:
        return {line["school"] for line in items[code]["lines"] if line["met"] is False}

    assert named("G5") == {school for (school, _), n in figures["classes_over"].items() if n}
    heads = {code: sum(figures["pupils"].get((code, stage), 0) for stage in ("primary", "junior")) for code, _ in figures["pupils"]}
    rooms = {
        code for (code, _), n in figures["music_rooms"].items()
        if heads.get(code) and code not in special(figures)
        and min(n, figures["art_rooms"][code, ""]) < -(-sum(figures["classes"].get((code, s), 0) for s in ("primary", "junior")) // 12)
    }  # fmt: skip
    assert named("G3") == rooms
    cohort = {name: figures[name]["", ""] for name in ("graduates", "entrants", "transfers_in", "transfers_out", "deaths")}
    left = cohort["graduates"] - cohort["transfers_in"] + cohort["transfers_out"]
    assert Fraction(items["E1"]["numerator"]) == left and Fraction(items["E1"]["denominator"]) == cohort["entrants"] - cohort["deaths"]


def special(figures: dict) -> set[str]:
    """Schools the ordinary items do not ask: the special school, whose pupils are in its own item."""
    return {code for code, _ in figures["pupils"] if code.startswith("51")}


def test_the_datasets_a_result_names_give_every_figure_again(counted):
    county, _, _, _ = counted
    snapshot = snapshots.current(county, "quality-2017", second.YEAR)
    kept = set_of(county, snapshot.year, snapshot.fiscal_year, snapshots.dataset_ids(snapshot))
    standing = standing_set(county, second.YEAR)
    for code, quantity in QUANTITIES.items():
        assert dict(quantity.tally(kept, NATIONAL)) == dict(quantity.tally(standing, NATIONAL)), code


@pytest.mark.once
def test_consolidation_by_name_is_counted_twice(counted, tmp_path):
    county, _, _, root = counted
    for year, path in earlier_rosters.write(root, tmp_path):
        call_command("import_ledger", "pupils", str(path), "--county", county.code, "--year", str(year), "--commit", "--explain", "已核实", "--json", stdout=io.StringIO())
        place = tmp_path / "approved" / str(year) / "pupils"
        place.mkdir(parents=True)
        path.rename(place / "county.xlsx")
    for year, ledger in ((second.YEAR, "pupils"), (second.YEAR - 1, "pupils"), *((second.YEAR, name) for name in ("population", "poverty", "disabled"))):
        shutil.copytree(root / "approved" / str(year) / ledger, tmp_path / "approved" / str(year) / ledger)
    found = children.figures(tmp_path)
    mine = {code: found[code] for code in sorted(TOO_FEW_YEARS)}
    assert len(mine) == 6
    facts = replace(standing_set(county, second.YEAR), schools=())  # as if no school's roster were lacking
    assert mine == {code: portal(county, code, facts=facts) for code in mine}
    for span in ("six", "three", "nine"):
        [kept], [base] = (mine[f"consolidation_{span}_{side}"].values() for side in ("kept", "base"))
        assert 0 < kept < base, span
