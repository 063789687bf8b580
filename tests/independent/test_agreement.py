"""The portal and the second computation, which shares no code with it, agree on every school, indicator and county figure."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators import snapshots
from schools.models import County
from tests.demo.county import standing_demo
from tests.independent import second_computation as second

pytestmark = pytest.mark.django_db  # so that these tests alone make the database too
CLOSE = Decimal("1e-30")
YEARS = (2024, 2025, 2026)
STANDARDS = ("quality-2017", "basic-2012")
CASES = [(standard, year) for standard in STANDARDS for year in YEARS]


@pytest.fixture(scope="module", params=[20260901, 7])
def demo(request, django_db_setup, django_db_blocker, tmp_path_factory):
    schools = 20 if request.param == 7 else 24
    with standing_demo(django_db_blocker, tmp_path_factory.mktemp("demo"), schools=schools, seed=request.param) as (
        written,
        _,
    ):
        yield written


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def both(request, demo):
    """(the portal's national ruleset, the second computation) of one standard and year."""
    standard, year = request.param
    snapshot = snapshots.current(County.objects.get(code=demo.county.code), standard, year)
    portal = snapshots.payload(snapshot)["rulesets"]["national"]
    return portal, second.compute(second.read_county(demo.into / demo.county.code, year), standard)


def agrees(printed: str | None, exact: Fraction | Decimal | int) -> bool:
    """The printed figure is the exact one to 1e-30 of its size (of one, for small figures)."""
    if printed is None:
        return False
    expected = exact if isinstance(exact, Decimal) else second.decimal(Fraction(exact))
    with second.localcontext() as context:
        context.prec = 60
        return abs(Decimal(printed) - expected) <= CLOSE * max(Decimal(1), abs(expected))


def test_the_same_schools_count_and_the_same_are_left_out(both):
    portal, result = both
    assert [(row["code"], row["stage"]) for row in portal["schools"]] == sorted(
        result.rows, key=lambda key: (key[1] != "primary", key[0])
    )
    assert {left["school"] for left in portal["left_out"]} == result.left_out
    assert portal["complete"] and portal["missing"] == []


def test_every_school_figure_agrees(both):
    portal, result = both
    wrong, compared = [], 0
    for row in portal["schools"]:
        mine = result.rows[row["code"], row["stage"]]
        assert row["pupils"] == str(mine.pupils)
        for code, cell in row["indicators"].items():
            compared += 1
            met = mine.met.get(code)
            if not (agrees(cell["value"], mine.values[code]) and agrees(cell["numerator"], mine.numerators[code])
                    and agrees(cell["denominator"], mine.pupils) and cell["met"] is met):  # fmt: skip
                wrong.append(
                    (row["name"], row["stage"], code, cell["value"], float(mine.values[code]), cell["met"], met)
                )
    assert wrong == []
    assert compared == len(result.rows) * len(next(iter(result.rows.values())).values)


def test_every_school_verdict_agrees(both):
    portal, result = both
    assert {(row["code"], row["stage"]): row["passes"] for row in portal["schools"]} == {
        key: row.passes for key, row in result.rows.items()
    }


def test_every_county_figure_agrees(both):
    portal, result = both
    assert {(line["stage"], line["indicator"]) for line in portal["county"]} == set(result.means)
    for line in portal["county"]:
        key = line["stage"], line["indicator"]
        assert agrees(line["mean"], result.means[key]), line
        assert agrees(line["cv"], result.coefficients[key]), line
        if line["limit"] is not None:
            assert line["met"] is result.within[key], line


def test_the_composite_and_the_verdict_agree(both):
    portal, result = both
    stated = {line["stage"]: line for line in portal["composite"]}
    assert set(stated) == set(result.composite)
    for stage, value in result.composite.items():
        assert agrees(stated[stage]["value"], value)
        assert stated[stage]["met"] is result.composite_met[stage]
    assert portal["parts"]["resource"] == result.verdict
