"""One result beside earlier ones: slides below a level reached, lines that are near, figures that get worse."""
from fractions import Fraction

from indicators.history import FALLING, LOST, NEAR, below_recognised, item_history, slides, warnings


def item(code="G8", met=True, value="110", threshold="100", comparator=">=") -> dict:
    return {"code": code, "title": f"条目{code}", "met": met, "value": value, "unit": "%", "threshold": threshold, "comparator": comparator, "detail": "情况。"}


def line(cv="0.40", met=True, limit="0.5", indicator="Q5") -> dict:
    return {"stage": "primary", "indicator": indicator, "cv": cv, "limit": limit, "met": met}


def school(passes=True, misses=()) -> dict:
    return {"code": "1", "name": "向阳小学", "stage": "primary", "passes": passes, "misses": list(misses)}


def result(year: int, *, items=(), county=(), schools=(), composite=()) -> dict:
    body = {"items": list(items), "county": list(county), "schools": list(schools), "composite": list(composite)}
    return {"year": year, "year_label": f"{year}-{year + 1}学年", "rulesets": {"national": body, "local": body}}


def test_an_item_that_was_met_and_is_missed_now_slid_back_from_the_newest_year_it_was_met_in():
    now = result(2026, items=[item(met=False), item("G9", met=None), item("G7", met=False)])
    before = [result(2024, items=[item()]), result(2025, items=[item(), item("G9")])]
    found = slides(now, before)
    assert [(s.kind, s.code, s.year) for s in found] == [(LOST, "G8", 2025)]
    assert "2025-2026学年达到要求" in found[0].text
    assert slides(now, [result(2027, items=[item()])]) == [], "a later year is no past"


def test_coefficients_and_schools_slide_back_too():
    now = result(2026, county=[line("0.51", False)], schools=[school(False, ["Q2"])])
    found = slides(now, [result(2025, county=[line("0.30")], schools=[school()])])
    assert [s.code for s in found] == ["Q5", "1"]
    assert "0.300 变为 0.510" in found[0].text and "Q2" in found[1].text


def test_a_composite_above_the_recognised_one_is_a_slide_although_it_is_within_its_limit():
    composite = [{"stage": "primary", "value": "0.42", "limit": "0.65", "met": True}, {"stage": "junior", "value": "0.30", "limit": "0.55", "met": True}]
    now = result(2026, composite=composite)
    known = {2015: {"primary": Fraction("0.5"), "junior": Fraction("0.2")}, 2018: {"primary": Fraction("0.41"), "junior": Fraction("0.30")}}
    found = below_recognised(now, known)
    assert [(s.stage, s.year) for s in found] == [("primary", 2018)] and "0.420，高于 2018 年认定时的 0.410" in found[0].text
    assert below_recognised(now, {}) == [] and below_recognised(now, {2026: known[2015]}) == []


def test_what_is_close_to_its_line_is_warned_of_and_what_is_not_is_not():
    def near(margin="0.05", **figures):
        return [w for w in warnings(result(2026, **figures), [], Fraction(margin)) if w.kind == NEAR]

    assert near(county=[line("0.476")]) and not near(county=[line("0.475")]), "five per cent of 0.5 is 0.025"
    assert near(items=[item(value="98", threshold="95")]) and not near(items=[item(value="99.75", threshold="95")])
    assert near(items=[item(value="0.149", threshold="0.15", comparator="<")])
    assert not near(items=[item(value="100")]), "nothing can be above a hundred per cent of all"
    assert not near(items=[item(met=False, value="94", threshold="95")]), "a miss is no warning but a miss"


def test_three_years_of_one_direction_are_a_warning():
    years = [result(y, county=[line(cv)], items=[item(value=v, threshold="50")]) for y, cv, v in ((2024, "0.10", "90"), (2025, "0.11", "80"))]
    now = result(2026, county=[line("0.12")], items=[item(value="70", threshold="50")])
    assert [(w.kind, w.code) for w in warnings(now, years, Fraction(0))] == [(FALLING, "Q5"), (FALLING, "G8")]
    steady = result(2026, county=[line("0.11")], items=[item(value="80", threshold="50")])
    assert warnings(steady, years, Fraction(0)) == []
    assert warnings(now, years[1:], Fraction(0)) == [], "two years make no trend"


def test_the_history_of_an_item_has_a_point_for_each_year_that_lists_it():
    points = item_history([result(2026, items=[item(value="3")]), result(2024, items=[item(value="1")]), result(2025)], "national", "G8")
    assert [(p.year, p.value) for p in points] == [(2024, "1"), (2026, "3")]
