"""The engine on counties made of numbers: rows, scope, missing figures, verdicts."""

import json
import time
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.engine import Engine
from indicators.standards import STANDARDS
from schools.factset import DatasetRef
from schools.parameters import PARAMETERS, ParameterSet, Setting, parse
from tests.indicators.county import (
    BY_SCHOOL,
    Unit,
    county_of,
    facts_of,
    plenty,
    quantities_of,
    result,
    row_of,
    valued,
)

ON_THE_LINE = {
    "primary": {"Q1": "4.2", "Q2": "1", "Q3": "0.9", "Q4": "4.5", "Q5": "7.5", "Q6": "2000", "Q7": "2.3"},
    "junior": {"Q1": "5.3", "Q2": "1", "Q3": "0.9", "Q4": "5.8", "Q5": "10.2", "Q6": "2500", "Q7": "2.4"},
}


def local(**values: str) -> ParameterSet:
    """A parameter set with these county rules; `__` stands for the dots and dashes of the code."""
    settings_ = {}
    for code, text in values.items():
        parameter = PARAMETERS[
            code.replace("__", ".").replace("quality.", "quality-2017.").replace("basic.", "basic-2012.")
        ]
        settings_[parameter.code] = (Setting(parse(parameter, text), text, "all", "999901", "文件", "第一条"),)
    return ParameterSet(settings_)


# --- verdicts ---------------------------------------------------------------------------------------------------------


def test_a_county_exactly_on_every_line_passes():
    units = [valued("1", "primary", 20000, ON_THE_LINE["primary"]), valued("2", "junior", 20000, ON_THE_LINE["junior"])]
    rules = result(units)
    assert rules["verdict"] == "pass" and rules["parts"] == {"resource": "pass"} and rules["complete"]
    for row in rules["schools"]:
        assert row["passes"] is True and row["met_count"] == 7
        assert all(Fraction(c["value"]) == Fraction(c["threshold"]) for c in row["indicators"].values())
    for entry in rules["county"]:
        assert entry["single_school"] and entry["cv"] == "0" and entry["met"] is True


@pytest.mark.parametrize("indicator", list(ON_THE_LINE["primary"]))
def test_six_of_seven_with_the_seventh_exactly_at_85_percent_passes(indicator):
    for stage, line in ON_THE_LINE.items():
        floor = Fraction(line[indicator]) * Fraction("0.85")
        row = row_of(result([valued("1", stage, 200000, line | {indicator: str(floor)})]), "1", stage)
        assert row["passes"] is True and row["misses"] == [indicator] and row["below_floor"] == []
        assert Fraction(row["indicators"][indicator]["floor"]) == floor
        unit = valued("1", stage, 200000, line | {indicator: str(floor)})
        name = STANDARDS["quality-2017"].indicator(indicator).numerator
        amount = unit.amounts[name]
        unit.amounts[name] = amount - 1 if isinstance(amount, int) else {s: n - 1 for s, n in amount.items()}
        row = row_of(result([unit]), "1", stage)
        assert row["passes"] is False and row["below_floor"] == [indicator]


def test_five_of_seven_fails_although_both_are_above_the_floor():
    values = ON_THE_LINE["primary"] | {"Q3": "0.88", "Q5": "7.4"}
    rules = result([valued("1", "primary", 20000, values)])
    assert row_of(rules, "1", "primary")["passes"] is False and rules["verdict"] == "fail"


def test_one_coefficient_above_its_limit_fails_the_county():
    rich = valued("1", "primary", 20000, ON_THE_LINE["primary"] | {"Q5": "40"})
    poor = valued("2", "primary", 20000, ON_THE_LINE["primary"])
    rules = result([rich, poor])
    assert all(row["passes"] for row in rules["schools"])
    entry = county_of(rules, "primary", "Q5")
    assert entry["met"] is False and rules["verdict"] == "fail"
    assert [e["indicator"] for e in rules["county"] if e["met"] is False] == ["Q5"]


def test_the_composite_decides_and_single_coefficients_may_exceed_it():
    """合肥庐阳 primary: one coefficient of 1.299, composite 0.592, passes (published)."""
    published = dict(
        zip(
            (f"B{n}" for n in range(1, 9)),
            ("0.881", "1.299", "0.977", "0.379", "0.17", "0.334", "0.286", "0.408"),
            strict=True,
        )
    )
    units = _with_coefficients(published)
    rules = result(units, "basic-2012")
    found = {e["indicator"]: e["cv"] for e in rules["county"] if e["stage"] == "primary"}
    assert found == published
    primary = next(c for c in rules["composite"] if c["stage"] == "primary")
    assert primary["value"] == "0.59175" and primary["met"] is True and rules["verdict"] == "pass"
    assert all(row["passes"] is None for row in rules["schools"]), "no provincial standard is set"


def _with_coefficients(wanted: dict[str, str]) -> list[Unit]:
    """A small and a large school (weights 1 : 3) whose coefficients are exactly these.

    With weights w and 1-w and values X(1+a), X(1-b), wa = (1-w)b and CV^2 = w a^2 + (1-w) b^2 = a^2 w/(1-w); with w = 1/10
    a = 3 CV and b = CV/3.
    """
    small, large, mean = 100_000, 900_000, 6000
    units = [Unit("1", {"primary": small}, {}), Unit("2", {"primary": large}, {})]
    for indicator, text in wanted.items():
        cv = Fraction(text)
        name = STANDARDS["basic-2012"].indicator(indicator).numerator
        for unit, pupils, value in ((units[0], small, mean * (1 + 3 * cv)), (units[1], large, mean * (1 - cv / 3))):
            amount = value * pupils
            assert amount.denominator == 1
            unit.amounts[name] = int(amount) if name in BY_SCHOOL else {"primary": int(amount)}
    return units


def test_a_composite_exactly_on_the_limit_passes_and_the_least_more_fails():
    on = {f"B{n}": "0.65" for n in range(1, 9)}
    assert result(_with_coefficients(on), "basic-2012")["verdict"] == "pass"
    over = _with_coefficients(on)
    over[0].amounts["books"] += 1
    rules = result(over, "basic-2012")
    assert rules["composite"][0]["met"] is False and rules["verdict"] == "fail"
    assert rules["composite"][0]["near_flip"] is True, "printed 0.650, yet above"


# --- on-the-line schools, drawn at random -----------------------------------------------------------------------------

WEIGHTS = {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
SPLIT_CODES = ("Q4", "Q5", "Q6", "Q7")
shapes = st.sampled_from(
    [("primary",), ("junior",), ("primary", "junior"), ("junior", "senior"), ("primary", "junior", "senior")]
)


@given(shapes, st.data())
@settings(max_examples=300, deadline=None)
def test_a_school_exactly_on_a_threshold_meets_it_and_the_least_unit_less_does_not(shape, data):
    stage = data.draw(st.sampled_from([s for s in shape if s != "senior"]))
    code = data.draw(st.sampled_from(SPLIT_CODES))
    item = STANDARDS["quality-2017"].indicator(code)
    scale = BY_SCHOOL[item.numerator][1]
    pupils = {s: data.draw(st.integers(1, 3000)) for s in shape}
    threshold = Fraction(item.at_least[stage])
    # The whole R for which this stage's part lies on the line, R = t P / per x (sum w P) / (w P): make it whole by size.
    weighted = sum(WEIGHTS[s] * n for s, n in pupils.items())
    whole = threshold / item.per * weighted / WEIGHTS[stage] * scale
    pupils = {s: n * whole.denominator for s, n in pupils.items()}
    amount = int(whole * whole.denominator)
    exactly = plenty("1", pupils, **{item.numerator: amount})
    cell = row_of(result([exactly]), "1", stage)["indicators"][code]
    assert cell["met"] is True and cell["near_flip"] is False
    less = plenty("1", pupils, **{item.numerator: amount - 1})
    assert row_of(result([less]), "1", stage)["indicators"][code]["met"] is False


@given(st.integers(1, 2000), st.sampled_from(["Q1", "Q2", "Q3"]), st.sampled_from(["primary", "junior"]))
@settings(max_examples=100, deadline=None)
def test_teachers_exactly_on_a_threshold_meet_it(times, code, stage):
    item = STANDARDS["quality-2017"].indicator(code)
    threshold = Fraction(item.at_least[stage]) / 100
    pupils = threshold.denominator * times
    teachers = threshold.numerator * times
    on = plenty("1", {stage: pupils}, **{item.numerator: {stage: teachers}})
    assert row_of(result([on]), "1", stage)["indicators"][code]["met"] is True
    less = plenty("1", {stage: pupils}, **{item.numerator: {stage: teachers - 1}})
    assert row_of(result([less]), "1", stage)["indicators"][code]["met"] is False


@given(st.integers(1, 50), st.sampled_from(SPLIT_CODES), st.sampled_from(["primary", "junior"]))
@settings(max_examples=60, deadline=None)
def test_a_county_exactly_on_the_coefficient_limit_passes(times, code, stage):
    item = STANDARDS["quality-2017"].indicator(code)
    limit = Fraction(item.difference_at_most[stage])
    pupils, mean = 1000 * times, 10**6
    low, high = int(mean * (1 - limit)) * pupils, int(mean * (1 + limit)) * pupils
    pair = [
        plenty("1", {stage: pupils}, **{item.numerator: low}),
        plenty("2", {stage: pupils}, **{item.numerator: high}),
    ]
    assert county_of(result(pair), stage, code)["met"] is True
    pair[0].amounts[item.numerator] = low - 1
    entry = county_of(result(pair), stage, code)
    assert entry["met"] is False and entry["near_flip"] is True


# --- rows and scope ---------------------------------------------------------------------------------------------------


def test_rows_follow_the_pupils_and_senior_shares_are_dropped():
    units = [
        plenty("1", {"primary": 400, "junior": 300, "senior": 200}, teaching_area_net=1_200_000),
        plenty("2", {"junior": 600, "senior": 900}, teaching_area_net=1_800_000),
        plenty("3", {"junior": 300, "primary": 40}),
        plenty("4", {"primary": 90}),
        plenty("5", {"primary": 60}),
        plenty("6", {"primary": 30}),
    ]
    units[2].type_code = "311"
    units[3].kind = "campus"
    units[4].kind = units[5].kind = "point"
    rules = result(units)
    assert [(r["code"], r["stage"], r["part"]) for r in rules["schools"]] == [
        ("1", "primary", "primary_part"),
        ("3", "primary", "primary_part"),
        ("4", "primary", "campus"),
        ("5", "primary", "point"),
        ("1", "junior", "junior_part"),
        ("2", "junior", "junior_part"),
        ("3", "junior", "junior_part"),
    ]
    twelve = row_of(rules, "1", "primary")["indicators"]["Q4"]
    assert abs(Fraction(twelve["numerator"]) - Fraction("4828.973843")) < Fraction("0.000001")
    assert twelve["split"]["raw"] == "12000" and twelve["split"]["pupils"] == {
        "primary": 400,
        "junior": 300,
        "senior": 200,
    }
    assert twelve["split"]["weights"] == {"primary": "1", "junior": "1.1", "senior": "1.32"}
    assert Fraction(twelve["split"]["share"]) == Fraction(400, 994)
    middle = row_of(rules, "2", "junior")["indicators"]["Q4"]
    assert Fraction(middle["split"]["share"]) == Fraction(600) / (600 + Fraction("1.2") * 900)
    assert row_of(rules, "4", "primary")["indicators"]["Q4"]["split"] is None
    assert [(left["school"], left["reason"]) for left in rules["left_out"]] == [("6", "small_point")]
    assert "不足 50 人" in rules["left_out"][0]["text"] and rules["left_out"][0]["pupils"] == "30"


def test_inside_one_mixed_school_junior_is_exactly_one_point_one_times_primary():
    rules = result([plenty("1", {"primary": 166, "junior": 210}, sports_area=2_322_600)])
    values = [Fraction(row_of(rules, "1", s)["indicators"]["Q5"]["value"]) for s in ("primary", "junior")]
    assert abs(values[1] - values[0] * Fraction("1.1")) < Fraction(1, 10**30)


def test_scope_differs_between_the_standards_and_the_left_out_are_named():
    kinds = {
        "special": ("514", "7", "whole"),
        "vocational": ("365", "7", "whole"),
        "private": ("211", "10", "whole"),
        "other_sponsor": ("211", "3", "whole"),
        "point": ("211", "7", "point"),
        "adult": ("331", "7", "whole"),
    }
    units = [plenty("0", {"primary": 100})]
    for name, (type_code, sponsor, kind) in kinds.items():
        unit = plenty(name, {"primary": 100})
        unit.type_code, unit.sponsor, unit.kind = type_code, sponsor, kind
        units.append(unit)
    quality = result(units)
    assert {left["reason"] for left in quality["left_out"]} == {"special", "vocational", "adult"}
    assert {row["code"] for row in quality["schools"]} == {"0", "private", "other_sponsor", "point"}
    basic = result(units, "basic-2012")
    assert {left["school"]: left["reason"] for left in basic["left_out"]} == {name: name for name in kinds}
    assert [row["code"] for row in basic["schools"]] == ["0"]
    assert all(left["name"] and left["text"].endswith("。") for left in basic["left_out"])


def test_a_left_out_school_moves_nothing():
    units = [plenty("1", {"primary": 300}, sports_area=10**6), plenty("2", {"primary": 200}, sports_area=10**6)]
    special = plenty("3", {"primary": 90}, sports_area=1)
    special.type_code = "514"
    assert result(units)["county"] == result([*units, special])["county"]


def test_a_stated_zero_of_pupils_leaves_the_stage_out_by_name():
    rules = result([plenty("1", {"primary": 120, "junior": 0}), plenty("2", {"primary": 0})])
    assert [(r["code"], r["stage"], r["part"]) for r in rules["schools"]] == [("1", "primary", "whole")]
    assert [(left["school"], left["stage"], left["reason"]) for left in rules["left_out"]] == [
        ("1", "junior", "no_pupils"),
        ("2", "primary", "no_pupils"),
    ]
    assert rules["complete"]


def test_a_county_without_junior_schools_is_judged_on_its_primary_schools():
    rules = result([valued("1", "primary", 20000, ON_THE_LINE["primary"])])
    entry = county_of(rules, "junior", "Q1")
    assert entry["cv"] is None and entry["reason"] == "not_applicable" and entry["met"] is None
    assert rules["verdict"] == "pass"


# --- missing figures --------------------------------------------------------------------------------------------------


def test_a_missing_figure_is_never_zero_and_never_a_pass():
    good = [valued(str(n), "primary", 20000, ON_THE_LINE["primary"]) for n in (1, 2)]
    good[1].amounts["sports_area"] = None
    rules = result(good)
    cell = row_of(rules, "2", "primary")["indicators"]["Q5"]
    assert cell["value"] is None and cell["met"] is None and cell["reason"] == "missing"
    assert row_of(rules, "2", "primary")["passes"] is None
    entry = county_of(rules, "primary", "Q5")
    assert entry["complete"] is False and entry["met"] is None and entry["mean"] == "7.5"
    assert (entry["schools_known"], entry["schools_total"]) == (1, 2)
    assert county_of(rules, "primary", "Q4")["met"] is True, "other indicators stand"
    assert rules["verdict"] == "incomplete" and rules["complete"] is False
    assert [(m["school"], m["ledger"]) for m in rules["missing"]] == [("2", "school_profile")]


def test_a_stated_zero_is_a_zero():
    units = [valued("1", "primary", 20000, ON_THE_LINE["primary"] | {"Q5": "0"})]
    rules = result(units)
    assert row_of(rules, "1", "primary")["indicators"]["Q5"]["value"] == "0"
    entry = county_of(rules, "primary", "Q5")
    assert entry["cv"] is None and entry["reason"] == "undefined" and entry["met"] is None and entry["mean"] == "0"
    assert rules["complete"] and rules["verdict"] == "fail"


def test_a_mean_of_zero_is_never_a_pass_under_the_composite_either():
    units = _with_coefficients({f"B{n}": "0.1" for n in range(1, 9)})
    for unit in units:
        unit.amounts["books"] = 0
    rules = result(units, "basic-2012")
    assert rules["composite"][0] | {"limit": ""} == {
        "stage": "primary",
        "value": None,
        "limit": "",
        "met": None,
        "complete": True,
        "reason": "undefined",
        "near_flip": False,
    }
    assert rules["verdict"] == "fail", "every figure is given, and none shows balance"


def test_a_school_already_failing_fails_although_figures_are_missing():
    unit = valued("1", "primary", 20000, ON_THE_LINE["primary"] | {"Q1": "1"})
    unit.amounts["sports_area"] = None
    rules = result([unit])
    assert row_of(rules, "1", "primary")["passes"] is False and rules["verdict"] == "fail" and not rules["complete"]


def test_unknown_pupils_make_every_result_of_the_stage_interim():
    units = [valued("1", "primary", 20000, ON_THE_LINE["primary"]), Unit("2", {"primary": None}, {}, type_code="211")]
    units.append(valued("3", "junior", 20000, ON_THE_LINE["junior"]))
    rules = result(units)
    assert [(m["school"], m["ledger"]) for m in rules["missing"]] == [("2", "classes")]
    assert {e["stage"] for e in rules["county"] if not e["complete"]} == {"primary"}
    assert rules["verdict"] == "incomplete"
    assert [r["code"] for r in rules["schools"]] == ["1", "3"]


def test_a_complete_middle_school_without_its_senior_count_cannot_be_split():
    unit = plenty("1", {"junior": 600})
    unit.type_code = "341"
    row = row_of(result([unit]), "1", "junior")
    assert row["indicators"]["Q4"]["reason"] == "missing" and row["indicators"]["Q1"]["reason"] is None


def test_it_names_the_ledger_the_school_or_the_county_uses():
    units = [Unit("1", {"primary": None}, {}, type_code="211"), plenty("2", {"primary": 60})]
    ref = DatasetRef(5, 2, "school_profile", "school_year", 2025)
    assert result(units, datasets=[ref])["missing"][0]["ledger"] == "school_profile"
    both = [ref, DatasetRef(6, 1, "statistics", "school_year", 2025)]
    assert result(units, datasets=both)["missing"][0]["ledger"] == "statistics"


def test_an_empty_county_passes_nothing():
    for standard in STANDARDS:
        rules = result([], standard)
        assert rules["verdict"] == "incomplete" and rules["schools"] == [] and not rules["complete"]


# --- parameters -------------------------------------------------------------------------------------------------------


def test_local_rules_change_the_local_result_only():
    units = [valued("1", "primary", 20000, ON_THE_LINE["primary"])]
    rules = local(quality__Q1__threshold="primary:4.3")
    both = Engine(facts_of(units), rules, quantities_of(units)).both(STANDARDS["quality-2017"])
    assert both["national"]["schools"][0]["indicators"]["Q1"]["met"] is True
    cell = both["local"]["schools"][0]["indicators"]["Q1"]
    assert cell["met"] is False and cell["threshold"] == "4.3"
    assert both["local"]["parameters"]["quality-2017.Q1.threshold"] == {"primary": "4.3", "junior": "5.3"}
    assert both["local"]["local_rules"]["quality-2017.Q1.threshold"][0]["document"] == "文件"
    assert both["national"]["local_rules"] == {}
    assert (
        Engine(facts_of(units), ParameterSet(), quantities_of(units)).both(STANDARDS["quality-2017"])["local"] is None
    )


def test_every_number_of_the_standards_is_a_parameter():
    for standard in STANDARDS.values():
        for item in standard.own_indicators:
            assert f"{standard.code}.{item.code}.threshold" in PARAMETERS
        for name in ("minimum_met", "floor_ratio", "point_minimum_pupils", "private_in_scope", "points_in_scope"):
            assert PARAMETERS[f"{standard.code}.{name}"].clause
    assert PARAMETERS["quality-2017.Q1.cv_limit"].default == "primary:0.50,junior:0.45"
    assert PARAMETERS["basic-2012.composite_limit"].default == "primary:0.65,junior:0.55"


@pytest.mark.parametrize(
    ("rule", "value", "passes"),
    [
        ("quality__minimum_met", "5", True),
        ("quality__floor_ratio", "0.99", False),
        ("quality__minimum_met", "6", False),
    ],
)
def test_the_schools_rule_reads_its_parameters(rule, value, passes):
    unit = valued("1", "primary", 20000, ON_THE_LINE["primary"] | {"Q3": "0.88", "Q5": "7.4"})
    row = row_of(result([unit], parameters=local(**{rule: value})), "1", "primary")
    assert row["passes"] is passes


def test_a_provincial_school_standard_judges_schools_under_basic_balance():
    units = _with_coefficients({f"B{n}": "0.1" for n in range(1, 9)})
    rules = result(units, "basic-2012", local(basic__B5__threshold="primary:5000"))
    assert [row["passes"] for row in rules["schools"]] == [True, True] and rules["verdict"] == "pass"
    rules = result(units, "basic-2012", local(basic__B5__threshold="primary:999999"))
    assert [row["passes"] for row in rules["schools"]] == [False, False] and rules["verdict"] == "fail"


def test_scope_rules_are_parameters():
    unit = plenty("1", {"primary": 45})
    unit.kind = "point"
    assert result([unit])["schools"] == []
    assert result([unit], parameters=local(quality__point_minimum_pupils="45"))["schools"][0]["part"] == "point"
    private = plenty("2", {"primary": 45})
    private.sponsor = "10"
    assert result([private], parameters=local(quality__private_in_scope="false"))["left_out"][0]["reason"] == "private"


def test_rules_for_some_schools_hold_for_those_only():
    units = [valued(str(n), "primary", 20000, ON_THE_LINE["primary"]) for n in (1, 2)]
    units[1].area = "220"
    parameter = PARAMETERS["quality-2017.Q1.threshold"]
    setting = Setting(parse(parameter, "primary:4.3"), "primary:4.3", "rural", "999901", "文件", "")
    rules = result(units, parameters=ParameterSet({parameter.code: (setting,)}))
    assert [row["indicators"]["Q1"]["met"] for row in rules["schools"]] == [True, False]


# --- laws and the second computation ----------------------------------------------------------------------------------


def seeded_county(draw, schools: int) -> list[Unit]:
    units = []
    for number in range(schools):
        shape = draw(shapes)
        pupils = {stage: draw(st.integers(1, 2500)) for stage in shape}
        amounts: dict[str, object] = {name: draw(st.integers(0, 10**8)) for name in BY_SCHOOL}
        for name in (
            "above_degree_teachers",
            "backbone_teachers",
            "pe_art_teachers",
            "full_time_teachers",
            "mid_title_teachers",
        ):
            amounts[name] = {stage: draw(st.integers(0, 200)) for stage in shape}
        units.append(Unit(f"{number:03}", pupils, amounts))
    return units


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_schools_moves_no_figure(data):
    units = seeded_county(data.draw, data.draw(st.integers(1, 8)))
    shuffled = data.draw(st.permutations(units))
    for standard in STANDARDS:
        assert json.dumps(result(units, standard)) == json.dumps(result(list(shuffled), standard))


@given(st.data(), st.sampled_from(list(STANDARDS)))
@settings(max_examples=15, deadline=None)
def test_a_second_computation_in_decimals_agrees(data, standard_code):
    units = seeded_county(data.draw, data.draw(st.integers(2, 10)))
    rules = result(units, standard_code)
    with localcontext(prec=80):
        _compare(units, rules, STANDARDS[standard_code])


def _compare(units, rules, standard):
    weights = {"primary": Decimal(1), "junior": Decimal("1.1"), "senior": Decimal("1.32")}
    tolerance = Decimal("1e-30")

    def near(text, value):
        assert abs(Decimal(text) - value) <= tolerance * max(1, abs(value)), (text, value)

    for stage in standard.stages:
        taught = [u for u in units if stage in u.pupils]
        cvs = []
        for item in standard.own_indicators:
            resources = []
            for unit in taught:
                amount = unit.amounts[item.numerator]
                if isinstance(amount, dict):
                    part = Decimal(amount[stage])
                else:
                    whole = Decimal(amount) / BY_SCHOOL[item.numerator][1]
                    part = (
                        whole
                        * weights[stage]
                        * unit.pupils[stage]
                        / sum(weights[s] * n for s, n in unit.pupils.items())
                    )
                resources.append(part)
                cell = row_of(rules, unit.code, stage)["indicators"][item.code]
                near(cell["numerator"], part)
                near(cell["value"], part * item.per / unit.pupils[stage])
            if not taught:
                continue
            pupils = [unit.pupils[stage] for unit in taught]
            total = sum(pupils)
            mean = sum(resources) / total
            variance = sum(Decimal(p) / total * (r / p - mean) ** 2 for r, p in zip(resources, pupils, strict=True))
            entry = county_of(rules, stage, item.code)
            near(entry["mean"], mean * item.per)
            if mean:
                near(entry["cv"], variance.sqrt() / mean)
                cvs.append(variance.sqrt() / mean)
                if entry["limit"]:
                    assert entry["met"] is (variance.sqrt() / mean <= Decimal(entry["limit"]))
            shares = [row_of(rules, u.code, stage)["indicators"][item.code]["cv_share"] for u in taught]
            if variance > Decimal("1e-60"):
                assert sum(map(Decimal, shares)) == 1, "exactly, as printed"
            printed = [row_of(rules, u.code, stage)["indicators"][item.code]["weight"] for u in taught]
            assert sum(map(Decimal, printed)) == 1
        composite = next((c for c in rules["composite"] if c["stage"] == stage), None)
        if composite and len(cvs) == len(standard.own_indicators):
            near(composite["value"], sum(cvs) / len(cvs))


def test_the_payload_is_plain_json_with_strings_for_figures():
    rules = result([plenty("1", {"primary": 166, "junior": 210}), plenty("2", {"primary": 45})])
    assert json.loads(json.dumps(rules)) == rules
    cell = rules["schools"][0]["indicators"]["Q4"]
    for key in ("numerator", "denominator", "value", "threshold", "floor", "per"):
        assert isinstance(cell[key], str) and "e" not in cell[key].lower()
    assert all(isinstance(row["pupils"], str) for row in rules["schools"])


def test_a_county_of_300_schools_is_rebuilt_within_a_second():
    units = []
    for n in range(300):
        pupils = (
            {"primary": 300 + 7 * n % 1700, "junior": 211 + 13 * n % 900}
            if n % 5 == 0
            else {"primary": 97 + 11 * n % 1900}
        )
        unit = plenty(f"{n:04}", pupils)
        unit.amounts |= dict.fromkeys(BY_SCHOOL, 1000003 + 7919 * n)
        unit.amounts |= {name: dict.fromkeys(pupils, 3 + n % 60) for name in unit.amounts if name not in BY_SCHOOL}
        units.append(unit)
    facts, quantities = facts_of(units), quantities_of(units)
    started = time.process_time()
    engine = Engine(facts, ParameterSet(), quantities)
    for standard in STANDARDS.values():
        engine.both(standard)
    assert time.process_time() - started < 1
