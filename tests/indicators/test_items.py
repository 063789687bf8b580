"""Every kind of item: passing, failing by the smallest unit, exactly on the line, missing, not applicable."""
import datetime as dt
from fractions import Fraction
from types import SimpleNamespace

import pytest

from evidence.quantities import Attested, Evidence, Monitored, Past, Points, Survey
from indicators.items.item import Line
from indicators.items.listing import summed
from indicators.standards import STANDARDS
from schools.parameters import PARAMETERS, Parameter, ParameterSet, Setting, parse
from tests.indicators.county import Unit, plenty
from tests.indicators.items import MET, NOT_MET, Made, verdict

Q, B = "quality-2017", "basic-2012"
MISSING, NOT_APPLICABLE = (None, "missing"), (None, "not_applicable")


@pytest.fixture(autouse=True)
def money_rules(monkeypatch):
    """The parameters of the funding room, whether or not it is part of this run."""
    for code, kind, default in (("small_school_floor", "integer", "100"), ("training_share", "fraction", "0.05")):
        if code not in PARAMETERS:
            monkeypatch.setitem(PARAMETERS, code, Parameter(code, code, kind, default, "测试"))


def local(code: str, text: str) -> ParameterSet:
    return ParameterSet({code: (Setting(parse(PARAMETERS[code], text), text, "all", "999901", "文件", "第一条"),)})


def attested(code: str, entry: Attested = MET, standard: str = Q) -> Evidence:
    return Evidence(items={(standard, code): entry})


# --- county rates: (item, figures exactly on the line, the figure one unit worse, the denominators made 0) ---------------

COUNTY_RATES = [
    ("G7", {"special_school_funds": 80000, "special_school_pupils": 10}, "special_school_funds", -1),
    ("G8", {"teacher_pay": 100000, "civil_servant_pay": 100000}, "teacher_pay", -1),
    ("G11", {"eligible_teachers": 1000, "exchanged_teachers": 100, "exchanged_backbone": 20}, "exchanged_backbone", -1),
    ("G11", {"eligible_teachers": 1000, "exchanged_teachers": 100, "exchanged_backbone": 50}, "eligible_teachers", 1),
    ("G14", {"senior_high_places": 1000, "senior_high_allotted": 500, "senior_high_rural": 1}, "senior_high_allotted", -1),
    ("G15", {"migrant_eligible": 1000, "migrant_public": 800, "migrant_bought": 50}, "migrant_bought", -1),
    ("E2", {"disabled_children": 100, "disabled_enrolled": 95, "disabled_special": 5}, "disabled_enrolled", -1),
]


@pytest.mark.parametrize(("code", "line", "name", "step"), COUNTY_RATES, ids=lambda v: str(v)[:30])
def test_a_county_rate_passes_on_the_line_and_fails_by_one(code, line, name, step):
    made = Made(county=dict(line), evidence=attested(code))
    assert verdict(made.item(code)) == (True, None)
    assert verdict(Made(county=line | {name: line[name] - step}, evidence=attested(code)).item(code)) == (True, None)
    worse = Made(county=line | {name: line[name] + step}, evidence=attested(code)).item(code)
    assert verdict(worse) == (False, None) and "未达到要求" in worse["detail"]


@pytest.mark.parametrize(("code", "line", "name", "step"), COUNTY_RATES, ids=lambda v: str(v)[:30])
def test_a_county_rate_without_its_figure_is_open_never_a_pass(code, line, name, step):
    entry = Made(county=line | {name: None}, evidence=attested(code)).item(code)
    assert verdict(entry) == MISSING
    assert {"ledger": "county_numbers", "title": name} in entry["missing"]


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("G7", {"special_school_funds": 0, "special_school_pupils": 0}),
        ("G11", {"eligible_teachers": 0, "exchanged_teachers": 0, "exchanged_backbone": 0}),
        ("E2", {"disabled_children": 0, "disabled_enrolled": 0, "disabled_special": 0}),
    ],
)
def test_a_denominator_of_zero_does_not_apply(code, figures):
    entry = Made(county=figures).item(code)
    assert verdict(entry) == NOT_APPLICABLE and entry["value"] is None and "不适用" in entry["detail"]


@pytest.mark.parametrize("code", ["G8", "G14", "G15"])
def test_a_rate_is_not_enough_where_something_must_be_attested(code):
    line = next(figures for item, figures, *_ in COUNTY_RATES if item == code)
    assert verdict(Made(county=dict(line)).item(code)) == MISSING
    assert verdict(Made(county=dict(line), evidence=attested(code, NOT_MET)).item(code)) == (False, None)


def test_migrant_children_of_none_ask_only_what_is_attested():
    figures = {"migrant_eligible": 0, "migrant_public": 0, "migrant_bought": 0}
    assert verdict(Made(county=figures).item("G15")) == MISSING
    assert verdict(Made(county=figures, evidence=attested("G15")).item("G15")) == (True, None)


def test_the_value_and_working_of_a_rate_are_exact():
    entry = Made(county={"eligible_teachers": 300, "exchanged_teachers": 31, "exchanged_backbone": 7}).item("G11")
    assert Fraction(entry["numerator"]) == 31 and Fraction(entry["denominator"]) == 300 and entry["unit"] == "%"
    assert entry["value"].startswith("10.33333333333333333333333333333333") and entry["threshold"] == "10"
    assert [test["met"] for test in entry["tests"]] == [True, True]
    assert entry["requirement"] == "交流轮岗教师占符合条件教师的比例不低于 10%；骨干教师占交流轮岗教师的比例不低于 20%"


def test_heads_are_asked_for_only_where_a_place_asks(monkeypatch):
    if "exchange_head_share" not in PARAMETERS:
        monkeypatch.setitem(PARAMETERS, "exchange_head_share", Parameter("exchange_head_share", "交流校长", "fraction", "0", "测试"))
    figures = {"eligible_teachers": 1000, "exchanged_teachers": 150, "exchanged_backbone": 30, "eligible_heads": 20, "exchanged_heads": 3}
    rule = local("exchange_head_share", "0.15")
    assert len(Made(county=figures).item("G11")["tests"]) == 2
    on = Made(county=figures).item("G11", parameters=rule)
    assert verdict(on) == (True, None) and [test["threshold"] for test in on["tests"]] == ["10", "20", "15"]
    assert verdict(Made(county=figures | {"exchanged_heads": 2}).item("G11", parameters=rule)) == (False, None)
    assert verdict(Made(county=figures | {"exchanged_heads": None}).item("G11", parameters=rule)) == MISSING


def test_the_rural_share_of_places_is_shown_and_asks_nothing():
    figures = {"senior_high_places": 100, "senior_high_allotted": 60, "senior_high_rural": 0}
    entry = Made(county=figures, evidence=attested("G14")).item("G14")
    assert verdict(entry) == (True, None) and entry["tests"][1]["value"] == "0" and entry["tests"][1]["decides"] is False


@pytest.mark.parametrize(("code", "numerator"), [("G9", "trained_teachers"), ("G12", "certified_teachers")])
def test_every_teacher_of_every_school_counts(code, numerator):
    units = [plenty("1", {"primary": 1000}), plenty("2", {"junior": 1000})]
    for unit, (stage, count) in zip(units, (("primary", 60), ("junior", 40)), strict=True):
        unit.amounts["full_time_teachers"] = {stage: count}
    full = {(1, "primary"): 60, (2, "junior"): 40}
    assert verdict(Made(units, stage={numerator: full}).item(code)) == (True, None)
    less = Made(units, stage={numerator: full | {(2, "junior"): 39}}).item(code)
    assert verdict(less) == (False, None) and less["value"] == "99"
    gone = Made(units, stage={numerator: {(1, "primary"): 60}}).item(code)
    assert verdict(gone) == MISSING and [line["school"] for line in gone["lines"] if line.get("reason")] == ["2"]
    for unit in units:
        unit.amounts["full_time_teachers"] = dict.fromkeys(unit.pupils, 0)
    assert verdict(Made(units, stage={numerator: dict.fromkeys(full, 0)}).item(code)) == NOT_APPLICABLE


def test_nearby_enrolment_is_judged_stage_by_stage_over_the_schools_that_have_it():
    zone = {(1, "primary"): 100, (2, "junior"): 100}
    met = Made(stage={"zone_pupils": zone, "in_zone_pupils": {(1, "primary"): 100, (2, "junior"): 95}}).item("G13")
    assert verdict(met) == (True, None) and [test["threshold"] for test in met["tests"]] == ["100", "95"]
    for figures in ({(1, "primary"): 99, (2, "junior"): 100}, {(1, "primary"): 100, (2, "junior"): 94}):
        assert verdict(Made(stage={"zone_pupils": zone, "in_zone_pupils": figures}).item("G13")) == (False, None)
    assert verdict(Made(stage={"zone_pupils": zone, "in_zone_pupils": {(1, "primary"): 100}}).item("G13")) == MISSING
    assert verdict(Made(stage={"zone_pupils": {}, "in_zone_pupils": {}}).item("G13")) == MISSING
    none = Made(stage={"zone_pupils": dict.fromkeys(zone, 0), "in_zone_pupils": dict.fromkeys(zone, 0)}).item("G13")
    assert verdict(none) == NOT_APPLICABLE


# --- listings --------------------------------------------------------------------------------------------------------


def test_no_class_may_be_over_its_limit_and_offenders_are_named():
    line = {(1, "primary"): 0, (2, "junior"): 0}
    on = Made(stage={"classes_over": line}).item("G5")
    assert verdict(on) == (True, None) and on["requirement"] == "小学每班不超过 45 人；初中每班不超过 50 人"
    over = Made(stage={"classes_over": line | {(1, "primary"): 1}}).item("G5")
    assert verdict(over) == (False, None) and "学校1" in over["detail"] and over["lines"][0]["school"] == "1"
    assert verdict(Made(stage={"classes_over": {(1, "primary"): 0}}).item("G5")) == MISSING
    stricter = Made(stage={"classes_over": line}).item("G5", parameters=local("class_size_limit", "primary:40,junior:45"))
    assert stricter["requirement"] == "小学每班不超过 40 人；初中每班不超过 45 人"


def test_no_school_no_listing():
    special = Made([Unit("1", {"primary": 50}, type_code="514")], stage={"classes_over": {(1, "primary"): 1}})
    assert verdict(special.item("G5")) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("pupils", "limit"), [({"primary": 2000}, 2000), ({"junior": 2000}, 2000), ({"primary": 1500, "junior": 1000}, 2500)]
)
def test_school_size_is_judged_by_the_kind_of_school(pupils, limit):
    on = Made([plenty("1", pupils)]).item("G4")
    assert verdict(on) == (True, None) and on["lines"][0]["threshold"] == str(limit)
    stage = next(iter(pupils))
    over = Made([plenty("1", pupils | {stage: pupils[stage] + 1})]).item("G4")
    assert verdict(over) == (False, None) and "学校1" in over["detail"]


def test_school_size_waits_for_unknown_pupils_and_senior_ones_do_not_count():
    assert verdict(Made([plenty("1", {"primary": 10}), Unit("2", {}, type_code="311")]).item("G4")) == MISSING
    twelve = Made([plenty("1", {"primary": 1250, "junior": 1250, "senior": 900})])
    assert verdict(twelve.item("G4")) == (True, None)
    assert verdict(Made([Unit("1", {"primary": 60}, type_code="514")]).item("G4")) == NOT_APPLICABLE


def test_the_relief_of_2019_is_off_until_a_dated_rule_turns_it_on():
    made = Made([plenty("1", {"primary": 2400})], built={1: 2010})
    assert verdict(made.item("G4")) == (False, None)
    relieved = made.item("G4", parameters=local(f"{Q}.G4.relief", "true"))
    assert verdict(relieved) == (True, None) and "过渡性放宽" in relieved["notes"][0]
    made.built[1] = 2011
    assert verdict(made.item("G4", parameters=local(f"{Q}.G4.relief", "true"))) == (False, None)


def test_the_relief_holds_nationally_in_its_years_and_prints_its_dates():
    made = Made([plenty("1", {"primary": 2400})], built={1: 2010})
    within = made.item("G4", parameters=ParameterSet({}, dt.date(2021, 8, 31)))
    assert verdict(within) == (True, None) and any("自 2019-09-01 至 2022-12-31" in note for note in within["notes"])
    assert verdict(made.item("G4", parameters=ParameterSet({}, dt.date(2023, 8, 31)))) == (False, None)
    held = made.rules(parameters=ParameterSet({}, dt.date(2021, 8, 31)))["reliefs"]
    assert f"{Q}.G4.relief" in {relief["code"] for relief in held} and made.rules()["reliefs"] == []


def test_more_than_half_migrant_children_relieve_a_school_and_half_does_not():
    rule = local(f"{Q}.G4.relief", "true")
    for migrants, met in ((1201, True), (1200, False)):
        made = Made([plenty("1", {"primary": 2400})], school={"migrant_pupils": {1: migrants}, "built_by_2010": {1: 0}})
        assert verdict(made.item("G4", parameters=rule)) == (met, None)
    told = Made([plenty("1", {"primary": 2400})], school={"built_by_2010": {1: 1}, "migrant_pupils": {}}, built={1: 2020})
    assert verdict(told.item("G4", parameters=rule)) == (True, None), "what the school says stands before the register"


def test_training_money_is_a_share_of_wages_and_rises_only_where_a_place_asks():
    schools = {"training_funds": {1: 5, 2: 5}, "public_funds_budget": {1: 100, 2: 100}}
    years = {2024: {"county_training_funds": 15, "teacher_wages": 1000}, 2023: {"county_training_funds": 14, "teacher_wages": 1000}}
    made = Made(school=schools, years=years)
    assert len(made.item("E4")["tests"]) == 1 and verdict(made.item("E4")) == (True, None)
    share = local("training_wage_share", "0.015")
    assert verdict(made.item("E4", parameters=share)) == (True, None)
    short = Made(school=schools, years=years | {2024: {"county_training_funds": 14, "teacher_wages": 1000}})
    assert verdict(short.item("E4", parameters=share)) == (False, None) and "1.4%" in short.item("E4", parameters=share)["detail"]
    rising = local("training_must_rise", "true")
    assert verdict(made.item("E4", parameters=rising)) == (True, None) and verdict(short.item("E4", parameters=rising)) == (False, None)
    untold = Made(school=schools, years={2024: {"county_training_funds": 15, "teacher_wages": 1000}})
    assert verdict(untold.item("E4", parameters=rising)) == MISSING


def test_rotation_may_be_measured_against_all_teachers_and_backbone_against_the_eligible():
    units = [plenty("1", {"primary": 1000}, full_time_teachers={"primary": 500}), plenty("2", {"junior": 1000}, full_time_teachers={"junior": 500})]
    figures = {"eligible_teachers": 100, "exchanged_teachers": 30, "exchanged_backbone": 19}
    made = Made(units, county=figures)
    assert verdict(made.item("G11")) == (True, None)
    by_all = made.item("G11", parameters=local("exchange_base", "full_time"))
    assert verdict(by_all) == (False, None) and by_all["denominator"] == "1000" and "占专任教师" in by_all["requirement"]
    anhui = made.item("G11", parameters=local("exchange_backbone_base", "eligible"))
    assert verdict(anhui) == (False, None) and anhui["tests"][1]["denominator"] == "100", "19 of 100 eligible, not of 30 exchanged"


def test_vacant_posts_beside_off_quota_staff_are_a_hint_and_no_verdict():
    made = Made(school={"vacant_posts": {1: 2, 2: 0}, "off_quota_staff": {1: 3, 2: 4}}, evidence=Evidence(vetoes={(Q, "V4"): MET}))
    entry = made.item("V4")
    assert verdict(entry) == (True, None) and [line["school"] for line in entry["lines"]] == ["1"] and "请核实" in entry["notes"][0]


def rooms(music: int | None, art: int | None, classes: int | None) -> Made:
    held = {code: ({} if n is None else {1: n}) for code, n in (("music_rooms", music), ("art_rooms", art))}
    stage = {"classes": {} if classes is None else {(1, "primary"): classes}}
    return Made([plenty("1", {"primary": 900})], school=held, stage=stage)


def test_a_begun_dozen_of_classes_needs_a_whole_room_of_each_kind():
    assert verdict(rooms(1, 1, 12).item("G3")) == (True, None)
    assert verdict(rooms(1, 1, 13).item("G3")) == (False, None)
    assert verdict(rooms(2, 2, 13).item("G3")) == (True, None)
    assert verdict(rooms(2, 1, 13).item("G3")) == (False, None)
    together = local(f"{Q}.G3.counting", "together")
    assert verdict(rooms(2, 0, 13).item("G3", parameters=together)) == (True, None)
    for lacking in (rooms(None, 1, 12), rooms(1, None, 12), rooms(1, 1, None)):
        assert verdict(lacking.item("G3")) == MISSING
    assert verdict(rooms(0, 0, 0).item("G3")) == (True, None), "no class needs no room"


def test_rooms_that_are_too_small_are_told_beside_and_count_for_nothing():
    school = {"music_rooms": {1: 0}, "art_rooms": {1: 1}, "short_music_rooms": {1: 2}, "short_art_rooms": {1: 0}}
    entry = Made([plenty("1", {"primary": 900})], school=school, stage={"classes": {(1, "primary"): 12}}).item("G3")
    assert verdict(entry) == (False, None)
    assert entry["lines"][0]["text"].endswith("另有short_music_rooms 2 间。")


def small(paid: int | None, due: int | None, pupils: int = 99) -> Made:
    figures = {"public_funds_paid": paid, "public_funds_due": due}
    return Made([plenty("1", {"primary": pupils})], school={c: {} if n is None else {1: n} for c, n in figures.items()})


def test_a_small_school_is_paid_for_a_hundred_pupils():
    assert verdict(small(72000, 72000).item("G6")) == (True, None)
    short = small(71999, 72000).item("G6")
    assert verdict(short) == (False, None) and "学校1" in short["detail"]
    assert verdict(small(None, 72000).item("G6")) == MISSING and verdict(small(72000, None).item("G6")) == MISSING
    assert verdict(small(0, 72000, pupils=100).item("G6")) == NOT_APPLICABLE, "a school of 100 is not small"


def test_training_takes_its_share_of_every_school():
    def made(funds, budget):
        figures = {"training_funds": funds, "public_funds_budget": budget}
        return Made([plenty("1", {"primary": 900})], school={c: {} if n is None else {1: n} for c, n in figures.items()})

    on = made(5, 100).item("E4")
    assert verdict(on) == (True, None) and on["lines"][0]["threshold"] == "5"
    assert verdict(made(4, 100).item("E4")) == (False, None) and verdict(made(5, 101).item("E4")) == (False, None)
    assert verdict(made(None, 100).item("E4")) == MISSING
    assert verdict(made(0, 0).item("E4")) == NOT_APPLICABLE


# --- attested, vetoes, survey, monitoring, points -------------------------------------------------------------------------

ATTESTED = [item.code for item in STANDARDS[Q].items if item.kind == "attested"]


@pytest.mark.parametrize("code", ATTESTED)
def test_an_attested_item_follows_what_the_county_attests(code):
    assert verdict(Made(evidence=attested(code)).item(code)) == (True, None)
    assert verdict(Made(evidence=attested(code, NOT_MET)).item(code)) == (False, None)
    assert verdict(Made().item(code)) == MISSING
    assert verdict(Made(evidence=attested(code, MET, B)).item(code)) == MISSING, "another standard's word is none"


@pytest.mark.parametrize("code", [f"V{n}" for n in range(1, 8)])
def test_one_veto_overrides_everything(code):
    entry = Made(evidence=Evidence(vetoes={(Q, code): NOT_MET}))
    assert verdict(entry.item(code)) == (False, None)
    assert entry.rules()["verdict"] == "fail" and entry.rules()["parts"]["veto"] == "fail"
    assert verdict(Made(evidence=Evidence(vetoes={(Q, code): MET})).item(code)) == (True, None)
    assert verdict(Made().item(code)) == MISSING


@pytest.mark.parametrize("standard", [Q, B])
def test_satisfaction_is_satisfied_over_valid(standard):
    def entry(valid, satisfied):
        return Made(evidence=Evidence(survey={(standard, "all"): Survey(500, valid, satisfied)})).item("S1", standard)

    assert verdict(entry(200, 170)) == (True, None) and entry(200, 170)["value"] == "85"
    assert verdict(entry(200, 169)) == (False, None) and verdict(entry(200, 171)) == (True, None)
    assert verdict(entry(None, 170)) == MISSING and verdict(Made().item("S1", standard)) == MISSING
    assert verdict(entry(0, 0)) == NOT_APPLICABLE
    empty = Made(evidence=Evidence(survey={(standard, "all"): Survey(0, 0, 0)})).rules(standard)
    assert empty["parts"]["recognition"] == "incomplete", "a survey nobody answered is no pass"


SUBJECTS = ("chinese", "maths", "science", "pe", "arts", "moral")


def monitored(**changed: Monitored | None) -> Evidence:
    rows = {s: Monitored(3, Fraction("0.149999")) for s in SUBJECTS} | changed
    return Evidence(monitoring={(Q, s): row for s, row in rows.items() if row is not None})


def test_the_difference_rate_must_be_strictly_below():
    assert verdict(Made(evidence=monitored()).item("E9")) == (True, None)
    assert verdict(Made(evidence=monitored(pe=Monitored(3, Fraction("0.15")))).item("E9")) == (False, None)
    assert verdict(Made(evidence=monitored(pe=Monitored(2, Fraction(0)))).item("E9")) == (False, None)
    assert verdict(Made(evidence=monitored(pe=None)).item("E9")) == MISSING
    assert verdict(Made().item("E9")) == MISSING


def scored(**changed) -> Evidence:
    rows = {f"W{n}": Points(self=Fraction(5)) for n in range(1, 18)} | changed
    return Evidence(points={(B, code): points for code, points in rows.items() if points is not None})


def test_seventeen_items_must_score_85_together():
    assert verdict(Made(evidence=scored()).item("W", B)) == (True, None), "17 x 5 = 85"
    short = Made(evidence=scored(W17=Points(self=Fraction("4.99")))).item("W", B)
    assert verdict(short) == (False, None) and short["value"] == "84.99"
    assert verdict(Made(evidence=scored(W17=None)).item("W", B)) == MISSING
    assert verdict(Made().item("W", B)) == MISSING


def test_the_highest_column_anybody_filled_decides():
    province = {f"W{n}": Points(Fraction(6), Fraction(6), Fraction(4)) for n in range(1, 18)}
    entry = Made(evidence=scored(**province)).item("W", B)
    assert verdict(entry) == (False, None) and entry["value"] == "68"
    assert [test["value"] for test in entry["tests"]] == ["68", "102", "102"]
    assert verdict(Made(evidence=scored(**province | {"W3": Points(Fraction(6))})).item("W", B)) == MISSING


def test_a_single_scored_item_shows_its_points_and_decides_nothing():
    made = Made(evidence=scored())
    assert verdict(made.item("W6", B)) == (None, None) and made.item("W6", B)["value"] == "5"
    assert verdict(Made().item("W6", B)) == MISSING


# --- consolidation, growth, conditions ------------------------------------------------------------------------------------

COHORT = {"graduates": 980, "entrants": 1020, "transfers_in": 40, "transfers_out": 55, "deaths": 1}


def test_both_consolidation_formulas_stand_by_name_on_the_same_pupils():
    entry = Made(county=dict(COHORT)).item("E1")
    named = {test["title"]: test["value"][:7] for test in entry["tests"]}
    assert named == {"初中三年巩固率（申报表公式）": "97.6447", "初中三年巩固率（正常流动公式）": "97.5124"}
    assert "97.64%" in entry["detail"] and "97.51%" in entry["detail"]
    other = Made(county=dict(COHORT)).item("E1", parameters=local(f"{Q}.E1.formula", "normal_movement"))
    assert other["value"].startswith("97.5124") and verdict(other) == (True, None)


def test_consolidation_on_the_line_below_missing_and_without_a_cohort():
    line = {"graduates": 950, "entrants": 1001, "transfers_in": 0, "transfers_out": 0, "deaths": 1}
    assert verdict(Made(county=line).item("E1")) == (True, None)
    assert verdict(Made(county=line | {"graduates": 949}).item("E1")) == (False, None)
    assert verdict(Made(county=line | {"deaths": None}).item("E1")) == MISSING
    assert verdict(Made(county=dict.fromkeys(line, 0)).item("E1")) == NOT_APPLICABLE


def growth(**changed: int | None) -> Made:
    """Facts of 2025 stand on fiscal year 2024; every figure rises by one each year, the revenue not at all."""
    rising = ("education_appropriation", "per_pupil_spending_primary", "per_pupil_spending_junior",
              "per_pupil_public_funds_primary", "per_pupil_public_funds_junior", "average_pay")
    years = {y: dict.fromkeys(rising, 1000 + y) | {"recurrent_revenue": 500} for y in range(2021, 2025)}
    years[2024] |= changed
    return Made(years=years)


def test_three_growths_are_strict_and_name_the_gap():
    assert verdict(growth().item("T1", B)) == (True, None)
    equal = growth(average_pay=3023).item("T1", B)
    assert verdict(equal) == (False, None) and "没有增长" in equal["detail"], "equality is no growth"
    assert verdict(growth(average_pay=3024).item("T1", B)) == (True, None)
    slower = growth(education_appropriation=3326, recurrent_revenue=550).item("T1", B)  # 3023 x 1.1 = 3325.3
    assert verdict(slower) == (True, None)
    slower = growth(education_appropriation=3325, recurrent_revenue=550).item("T1", B)
    gaps = [line["text"] for line in slower["lines"] if line["met"] is False]
    assert verdict(slower) == (False, None) and len(gaps) == 1 and "缺口 0.3 元" in gaps[0]
    assert verdict(growth(average_pay=None).item("T1", B)) == MISSING


def test_falling_revenue_is_flagged_and_growth_from_nothing_does_not_apply():
    falling = growth(education_appropriation=3000, recurrent_revenue=400).item("T1", B)
    line = next(x for x in falling["lines"] if x["title"] == "2024年财政教育拨款")
    assert line["met"] is True and "下降" in line["text"]
    nothing = Made(years={y: dict.fromkeys(next(i for i in STANDARDS[B].items if i.code == "T1").needs, 0) for y in range(2021, 2025)})
    assert verdict(nothing.item("T1", B)) == NOT_APPLICABLE


def test_three_growths_are_shown_and_the_points_decide():
    rules = growth(average_pay=1).rules(B)
    assert rules["parts"]["guarantee"] == "incomplete"


def past(*years: int, **composite: str) -> Evidence:
    values = {stage: Fraction(v) for stage, v in composite.items()}
    return Evidence(past={(B, year): Past(True, values) for year in years})


def test_recognition_must_be_three_years_old():
    assert verdict(Made(evidence=past(2022)).item("C1")) == (True, None)
    assert verdict(Made(evidence=past(2023)).item("C1")) == (False, None)
    assert verdict(Made().item("C1")) == MISSING
    never = Evidence(past={(B, 2015): Past(False)})
    assert verdict(Made(evidence=never).item("C1")) == MISSING


def test_the_composites_of_the_three_years_before_must_hold():
    years = (2022, 2023, 2024)
    assert verdict(Made(evidence=past(*years, primary="0.60", junior="0.50")).item("C3")) == (True, None)
    assert verdict(Made(evidence=past(*years, primary="0.6001", junior="0.50")).item("C3")) == (False, None)
    assert verdict(Made(evidence=past(2023, 2024, primary="0.6", junior="0.5")).item("C3")) == MISSING


def test_conditions_follow_the_items_and_move_no_verdict():
    assert verdict(Made(evidence=monitored()).item("C5")) == (True, None)
    assert verdict(Made(evidence=monitored(pe=Monitored(2, Fraction(0)))).item("C5")) == (False, None)
    assert verdict(Made().item("C4")) == (True, None)
    rules = Made(evidence=Evidence(items={(Q, "C6"): NOT_MET})).rules()
    assert rules["applying"] == "fail" and "condition" not in rules["parts"] and rules["verdict"] == "incomplete"


def test_the_provincial_school_standard_is_computed_where_it_is_set_else_attested():
    assert verdict(Made().item("P", B)) == MISSING
    assert verdict(Made(evidence=attested("P", MET, B)).item("P", B)) == (True, None)
    rule = local(f"{B}.B5.threshold", "primary:15,junior:25")
    made = Made([plenty("1", {"primary": 100}, books=1500)])
    assert verdict(made.item("P", B, rule)) == (True, None)
    made = Made([plenty("1", {"primary": 100}, books=1499)], evidence=attested("P", MET, B))
    assert verdict(made.item("P", B, rule)) == (False, None), "a computed miss outweighs a word"


def provincial(**rules: str) -> ParameterSet:
    """A province's list: {"P5_threshold": "primary:800,junior:900"}."""
    codes = {f"{B}.{name.replace('_', '.', 1)}": text for name, text in rules.items()}
    return ParameterSet({c: (Setting(parse(PARAMETERS[c], t), t, "all", "999901", "省定标准", ""),) for c, t in codes.items()})


def test_a_province_fills_the_slots_of_its_list_with_the_figures_it_names():
    rules = provincial(P1_threshold="primary:15,junior:15", P1_figure="books", P2_threshold="primary:5,junior:5", P2_figure="teaching",
                       P3_threshold="primary:90,junior:90", P3_figure="above_degree")  # fmt: skip
    line = {"books": 1500, "teaching_area": 50000, "full_time_teachers": {"primary": 100}, "above_degree_teachers": {"primary": 90}}
    made = Made([plenty("1", {"primary": 100}, **line)])
    row = made.rules(B, rules)["schools"][0]
    assert [row["indicators"][code]["value"] for code in ("P1", "P2", "P3")] == ["15", "5", "90"]
    assert row["passes"] is True and row["met_count"] == 3 and verdict(made.item("P", B, rules)) == (True, None)
    assert {c["indicator"] for c in made.rules(B, rules)["county"]} == {f"B{n}" for n in range(1, 9)}, "a list has no coefficient"
    assert "P1" not in made.rules(B)["schools"][0]["indicators"], "nationally nothing is on the list"
    worse = Made([plenty("1", {"primary": 100}, **line | {"books": 1499})])
    assert worse.rules(B, rules)["schools"][0]["misses"] == ["P1"] and verdict(worse.item("P", B, rules)) == (False, None)
    assert verdict(Made([plenty("1", {"primary": 100}, **line | {"books": None})]).item("P", B, rules)) == MISSING


def test_a_province_may_allow_misses_that_reach_a_part_of_the_standard():
    set_rules = {"P1_threshold": "primary:15,junior:15", "P1_figure": "books", "P2_threshold": "primary:5,junior:5", "P2_figure": "teaching"}
    made = Made([plenty("1", {"primary": 100}, books=900, teaching_area=50000)])
    assert made.rules(B, provincial(**set_rules))["schools"][0]["passes"] is False
    eased = provincial(**set_rules).settings | local(f"{B}.minimum_met", "1").settings | local(f"{B}.floor_ratio", "0.6").settings
    assert made.rules(B, ParameterSet(eased))["schools"][0]["passes"] is True, "one of two is enough, the other at 60 per cent"
    under = Made([plenty("1", {"primary": 100}, books=899, teaching_area=50000)])
    assert under.rules(B, ParameterSet(eased))["schools"][0]["passes"] is False


# --- joining -------------------------------------------------------------------------------------------------------------


def whole() -> Evidence:
    """Everything that can be attested for quality balance, attested."""
    items = STANDARDS[Q].items
    return Evidence(
        items={(Q, i.code): MET for i in items if i.wanted}, vetoes={(Q, i.code): MET for i in items if i.kind == "veto"},
        survey={(Q, "all"): Survey(100, 100, 90)}, monitoring=monitored().monitoring,
        past=past(2021, 2022, 2023, 2024, primary="0.4", junior="0.4").past,
    )


def test_a_county_with_everything_attested_passes_every_part():
    rules = Made(evidence=whole()).rules()
    assert rules["parts"] == dict.fromkeys(("resource", "guarantee", "quality", "recognition", "veto"), "pass")
    assert rules["verdict"] == "pass" and rules["applying"] == "pass" and rules["complete"]


def test_what_nobody_gave_leaves_the_verdict_open_and_the_resource_part_as_it_is():
    rules = Made().rules()
    assert rules["parts"] == {
        "resource": "pass", "guarantee": "incomplete", "quality": "incomplete", "recognition": "incomplete", "veto": "incomplete",
    }
    assert rules["verdict"] == "incomplete" and rules["complete"], "complete speaks of the schools' figures"


def test_before_the_county_answers_at_all_the_result_speaks_of_the_resource_part():
    rules = Made(begun=False).rules()
    assert (rules["parts"], rules["verdict"], rules["begun"]) == ({"resource": "pass"}, "pass", False)
    waiting = {entry["code"] for entry in rules["items"] if entry["met"] is None and not entry["decides"]}
    assert waiting >= {"G1", "E9", "S1", "V1"}, "what will be asked is listed as open and decides nothing yet"


def test_a_known_failure_counts_although_nobody_has_begun_to_answer():
    rules = Made(begun=False, school={"music_rooms": {1: 0}, "art_rooms": {1: 0}}, stage={"classes": {(1, "primary"): 24}}).rules()
    failing = [entry["code"] for entry in rules["items"] if entry["met"] is False]
    assert failing and rules["parts"]["guarantee"] == "fail" and rules["verdict"] == "fail"


def test_until_its_facts_exist_in_the_installation_an_item_is_not_listed():
    listed = {entry["code"] for entry in Made().rules()["items"]}
    assert {"G1", "S1", "V7", "E9"} <= listed and not {"G7", "G11", "E1"} & listed
    assert "E1" in {entry["code"] for entry in Made(county=dict.fromkeys(COHORT)).rules()["items"]}


def test_a_share_of_schools_of_which_none_is_known_is_no_figure():
    sight = SimpleNamespace(lacking=lambda *codes: ())
    unknown = [Line(name, "还没有报送。", name, reason="missing") for name in ("甲校", "乙校")]
    share = summed(None, sight, unknown, "要求", "学校", ("pupils",)).tests[0]
    assert (share.numerator, share.value, share.met, share.reason) == (None, None, None, "missing")
    share = summed(None, sight, [*unknown, Line("丙校", "", "丙校", met=True)], "要求", "学校", ("pupils",)).tests[0]
    assert (share.numerator, share.value, share.met) == (1, Fraction(100, 3), None)
