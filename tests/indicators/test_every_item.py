"""Every item of both standards in one table: better than asked, on the line, one least unit worse, missing, without object.

A situation that an item cannot be in says why instead; the table must name every item that the standards declare.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest

from evidence.quantities import Attested, Evidence, Monitored, Past, Points, Survey
from indicators.standards import STANDARDS
from schools.parameters import NATIONAL, PARAMETERS, ParameterSet, Setting, parse
from tests.indicators.county import BY_SCHOOL, Unit, plenty
from tests.indicators.items import MET, NOT_MET, Made, verdict

Q, B = "quality-2017", "basic-2012"
BETTER, ON, WORSE, MISSING, NONE = SITUATIONS = ("better", "on the line", "one unit worse", "missing", "without object")
EXPECTED = {BETTER: (True, None), ON: (True, None), WORSE: (False, None), MISSING: (None, "missing"), NONE: (None, "not_applicable")}
WORD = "a word has no line to be better than"
ALWAYS = "asked of every county"
SUBJECTS = ("chinese", "maths", "science", "pe", "arts", "moral")


@dataclass(frozen=True)
class Case:
    """What the county is like in each situation: a Made, or the reason why there is none. `rules` are local rules."""

    better: Made | str
    on: Made | str
    worse: Made | str
    missing: Made | str
    none: Made | str
    rules: ParameterSet = NATIONAL
    otherwise: Mapping[str, tuple] = field(default_factory=dict)

    def of(self, situation: str) -> Made | str:
        return dict(zip(SITUATIONS, (self.better, self.on, self.worse, self.missing, self.none), strict=True))[situation]


def rules(**texts: str) -> ParameterSet:
    """Local rules by their codes."""
    return ParameterSet({c: (Setting(parse(PARAMETERS[c], t), t, "all", "999901", "文件", ""),) for c, t in texts.items()})


# --- the kinds -----------------------------------------------------------------------------------------------------------


def worded(code: str, standard: str = Q) -> Case:
    def said(entry: Attested) -> Made:
        return Made(evidence=Evidence(items={(standard, code): entry}))

    return Case(WORD, said(MET), said(NOT_MET), Made(), ALWAYS)


def vetoed(code: str, standard: str = Q) -> Case:
    def said(entry: Attested) -> Made:
        return Made(evidence=Evidence(vetoes={(standard, code): entry}))

    return Case(WORD, said(MET), said(NOT_MET), Made(), ALWAYS)


def county(code: str, line: dict, step: dict, zero: dict | str = "", word: bool = False, local: ParameterSet = NATIONAL) -> Case:
    """A county rate: `line` exactly on the bound, `step` the change of one least unit for the worse.

    `word`: something is attested beside the figure; where there is nothing to divide, the word alone decides.
    """
    evidence = Evidence(items={(Q, code): MET}) if word else Evidence()
    better = {name: line[name] - change for name, change in step.items()}
    worse = {name: line[name] + change for name, change in step.items()}
    none = zero if isinstance(zero, str) else Made(county=line | zero, evidence=evidence)
    return Case(
        Made(county=line | better, evidence=evidence), Made(county=dict(line), evidence=evidence), Made(county=line | worse, evidence=evidence),
        Made(county=line | dict.fromkeys(step), evidence=evidence), none, local, {NONE: (True, None)} if word else {},
    )  # fmt: skip


def every_teacher(code: str, numerator: str) -> Case:
    def made(counted: dict, teachers: int = 50) -> Made:
        unit = plenty("1", {"primary": 1000}, full_time_teachers={"primary": teachers})
        return Made([unit], stage={numerator: counted})

    key = (1, "primary")
    return Case("100 per cent is all there is", made({key: 50}), made({key: 49}), made({}), made({key: 0}, 0))


def indicator(standard: str, code: str) -> Case:
    """A school indicator of a primary school with 1,000 pupils; those without a national threshold take a province's."""
    figure = STANDARDS[standard].indicator(code)
    item = figure.at_least.get("primary") or "5"
    local = NATIONAL if figure.at_least else rules(**{f"{standard}.{code}.threshold": f"primary:{item},junior:{item}"})
    per_pupil = figure.denominator == "pupils"
    heads = 1000
    line = Fraction(item) * heads / figure.per
    assert line.denominator == 1

    def made(amount: int | None, base: int = heads) -> Made:
        by_school = figure.numerator in BY_SCHOOL or figure.numerator in ("land_area", "building_area")
        unit = plenty("1", {"primary": base if per_pupil else heads})
        unit.amounts.pop(figure.numerator, None)
        if not per_pupil:
            unit.amounts[figure.denominator] = {"primary": base}
        extra = {} if amount is None else {figure.numerator: {1: amount} if by_school else {(1, "primary"): amount}}
        return Made([unit], **({"school": extra} if by_school else {"stage": extra}) if extra else {
            "school" if by_school else "stage": {figure.numerator: {}}})

    none = "a school without pupils is left out and listed" if per_pupil else made(0, 0)
    return Case(made(int(line) + 1), made(int(line)), made(int(line) - 1), made(None), none, local)


def nearby() -> Case:
    zone = {(1, "primary"): 100, (2, "junior"): 100}

    def made(primary: int | None, junior: int | None, whole: dict = zone) -> Made:
        inside = {key: n for key, n in (((1, "primary"), primary), ((2, "junior"), junior)) if n is not None}
        return Made(stage={"zone_pupils": whole, "in_zone_pupils": inside})

    return Case(made(100, 96), made(100, 95), made(100, 94), made(100, None), made(0, 0, dict.fromkeys(zone, 0)))


def classes() -> Case:
    def made(over: dict) -> Made:
        return Made([plenty("1", {"primary": 1000})], stage={"classes_over": over})

    special = Made([Unit("1", {"primary": 50}, type_code="514")], stage={"classes_over": {}})
    return Case("no class over the limit is all there is", made({(1, "primary"): 0}), made({(1, "primary"): 1}), made({}), special)


def size() -> Case:
    def made(pupils: int) -> Made:
        return Made([plenty("1", {"primary": pupils})])

    unknown = Made([plenty("1", {"primary": 10}), Unit("2", {}, type_code="311")])
    return Case(made(1999), made(2000), made(2001), unknown, Made([Unit("1", {"primary": 60}, type_code="514")]))


def rooms() -> Case:
    def made(music: int | None, art: int | None, count: int = 13) -> Made:
        held = {code: ({} if n is None else {1: n}) for code, n in (("music_rooms", music), ("art_rooms", art))}
        return Made([plenty("1", {"primary": 900})], school=held, stage={"classes": {(1, "primary"): count}})

    special = replace(made(0, 0), units=[Unit("1", {"primary": 50}, type_code="514")])
    return Case(made(3, 3), made(2, 2), made(2, 1), made(2, None), special)


def small_school() -> Case:
    def made(paid: int | None, pupils: int = 99) -> Made:
        return Made([plenty("1", {"primary": pupils})], school={"public_funds_paid": {} if paid is None else {1: paid}, "public_funds_due": {1: 72000}})

    return Case(made(72001), made(72000), made(71999), made(None), made(0, 100))


def training() -> Case:
    def made(funds: int | None, budget: int = 100) -> Made:
        return Made([plenty("1", {"primary": 900})], school={"training_funds": {} if funds is None else {1: funds}, "public_funds_budget": {1: budget}})

    return Case(made(6), made(5), made(4), made(None), made(0, 0))


def allowances() -> Case:
    def made(paid: int | None, due: int = 100) -> Made:
        return Made([plenty("1", {"primary": 900})], school={"allowance_paid": {} if paid is None else {1: paid}, "allowance_due": {1: due}})

    return Case(made(101), made(100), made(99), made(None), made(0, 0), rules(allowance_share="1"))


def plan() -> Case:
    def made(large: int | None) -> Made:
        figures = {(1, "primary"): large} if large is not None else {}
        return Made([plenty("1", {"primary": 900})], stage={"large_classes": figures, "super_large_classes": {(1, "primary"): 0}})

    return Case(made(3), made(4), made(5), made(None), "listed only while a plan speaks of the year", rules(large_class_plan="2024:9,2025:4"))


def surveyed(standard: str) -> Case:
    def made(valid: int | None, satisfied: int | None) -> Made:
        return Made(evidence=Evidence(survey={(standard, "all"): Survey(500, valid, satisfied)}))

    return Case(made(200, 171), made(200, 170), made(200, 169), made(200, None), made(0, 0))


def monitored() -> Case:
    def made(rate: str | None, level: int = 3) -> Made:
        rows = {s: Monitored(4, Fraction(0)) for s in SUBJECTS}
        rows |= {"arts": Monitored(level, Fraction(rate))} if rate else {}
        return Made(evidence=Evidence(monitoring={(Q, s): row for s, row in rows.items() if rate or s != "arts"}))

    return Case(made("0.149999"), "strictly below: the line itself is too much", made("0.15"), made(None), ALWAYS)


def conditions() -> dict[str, Case]:
    def past(years: range, primary: str = "0.60") -> Made:
        composite = {"primary": Fraction(primary), "junior": Fraction("0.5")}
        return Made(evidence=Evidence(past={(B, year): Past(True, composite) for year in years}))

    spread = plenty("2", {"primary": 1000}, sports_area=0)
    apart = Made([plenty("1", {"primary": 1000}), spread, plenty("3", {"junior": 1000})])
    lacking = Made([plenty("1", {"primary": 1000}, sports_area=None), plenty("2", {"junior": 1000})])
    held = "no line of its own"
    e9 = monitored()
    return {
        "C1": Case(past(range(2021, 2025)), past(range(2022, 2025)), past(range(2023, 2025)), Made(), ALWAYS),
        "C2": worded("C2"),
        "C3": Case(past(range(2022, 2025), "0.5999"), past(range(2022, 2025)), past(range(2022, 2025), "0.6001"), past(range(2023, 2025)), ALWAYS),
        "C4": Case(held, Made(), apart, lacking, ALWAYS),
        "C5": Case(e9.better, held, e9.worse, e9.missing, ALWAYS),
        "C6": worded("C6"),
    }  # fmt: skip


def consolidated() -> Case:
    line = {"graduates": 950, "entrants": 1001, "transfers_in": 0, "transfers_out": 0, "deaths": 1}
    return Case(*(Made(county=line | {"graduates": n}) for n in (951, 950, 949, None)), Made(county=dict.fromkeys(line, 0)))


def growing(item: str) -> Case:
    """Three years of figures that rise by one; the newest pay (or spending) stays as it was, then falls by one."""
    names = next(i for i in STANDARDS[B].items if i.code == item).needs
    years = {y: dict.fromkeys(names, 1000 + y) | {"recurrent_revenue": 500} for y in range(2021, 2025)}
    name = names[-1]

    def made(value: int | None) -> Made:
        return Made(years=years | {2024: years[2024] | {name: value}})

    strict = "strictly more: the line itself is no growth"
    nothing = Made(years={y: dict.fromkeys(names, 0) for y in range(2021, 2025)})
    if item == "T1":
        return Case(made(3024), strict, made(3023), made(None), nothing)
    return Case(made(3024), made(3023), made(3022), made(None), nothing)


def scored() -> Iterator[tuple[str, Case]]:
    def made(last: str | None) -> Made:
        rows = {f"W{n}": Points(self=Fraction(5)) for n in range(1, 17)} | {"W17": Points(self=None if last is None else Fraction(last))}
        return Made(evidence=Evidence(points={(B, code): row for code, row in rows.items()}))

    yield "W", Case(made("5.01"), made("5"), made("4.99"), made(None), ALWAYS)


def provincial() -> Case:
    rule = rules(**{f"{B}.P1.threshold": "primary:15,junior:15", f"{B}.P1.figure": "books"})

    def made(books: int | None) -> Made:
        return Made([plenty("1", {"primary": 100}, books=books)])

    return Case(made(1501), made(1500), made(1499), made(None), "attested where no province sets a list", rule)


RURAL = {"rural_new_money": 70, "new_money": 100}
QUALITY: dict[str, Case] = {
    **{f"Q{n}": indicator(Q, f"Q{n}") for n in range(1, 8)},
    **{f"G{n}": worded(f"G{n}") for n in (1, 2, 10)}, **{f"E{n}": worded(f"E{n}") for n in (3, 5, 6, 7, 8)},
    **{f"V{n}": vetoed(f"V{n}") for n in range(1, 8)}, **conditions(),
    "G3": rooms(), "G4": size(), "G5": classes(), "G6": small_school(),
    "G7": county("G7", {"special_school_funds": 80000, "special_school_pupils": 10}, {"special_school_funds": -1}, {"special_school_pupils": 0}),
    "G8": county("G8", {"teacher_pay": 100000, "civil_servant_pay": 100000}, {"teacher_pay": -1}, {"civil_servant_pay": 0}, word=True),
    "G9": every_teacher("G9", "trained_teachers"),
    "G11": county("G11", {"eligible_teachers": 1000, "exchanged_teachers": 100, "exchanged_backbone": 20}, {"exchanged_backbone": -1},
                  {"eligible_teachers": 0, "exchanged_teachers": 0, "exchanged_backbone": 0}),
    "G12": every_teacher("G12", "certified_teachers"), "G13": nearby(),
    "G14": county("G14", {"senior_high_places": 1000, "senior_high_allotted": 500, "senior_high_rural": 1}, {"senior_high_allotted": -1},
                  {"senior_high_places": 0, "senior_high_allotted": 0}, word=True),
    "G15": county("G15", {"migrant_eligible": 1000, "migrant_public": 800, "migrant_bought": 50}, {"migrant_bought": -1},
                  {"migrant_eligible": 0, "migrant_public": 0, "migrant_bought": 0}, word=True),
    "E1": consolidated(),
    "E2": county("E2", {"disabled_children": 100, "disabled_enrolled": 95, "disabled_special": 5}, {"disabled_enrolled": -1},
                 {"disabled_children": 0, "disabled_enrolled": 0}),
    "E4": training(), "E9": monitored(), "S1": surveyed(Q),
    "L1": plan(), "L4": allowances(),
    "L2": county("L2", {"education_spending": 15, "budget_spending": 100}, {"education_spending": -1}, {"budget_spending": 0}, local=rules(education_share="0.15")),
    "L3": county("L3", RURAL, {"rural_new_money": -1}, {"new_money": 0}, local=rules(rural_new_money_share="0.7")),
    "L5": county("L5", {"migrant_public": 90, "migrant_eligible": 100}, {"migrant_public": -1}, {"migrant_eligible": 0}, local=rules(migrant_public_share="0.9")),
}  # fmt: skip
BASIC: dict[str, Case] = {
    **{f"B{n}": indicator(B, f"B{n}") for n in range(1, 9)}, **{f"P{n}": indicator(B, f"P{n}") for n in range(1, 11)},
    "P": provincial(), **dict(scored()), "T1": growing("T1"), "T2": growing("T2"), "S1": surveyed(B), "V7": vetoed("V7", B),
}  # fmt: skip
# The single scored items are neither met nor missed: their sum is (test_items: a single scored item shows its points).
NEVER_JUDGED = {f"W{n}" for n in range(1, 18)}
TABLE = [(Q, code, case) for code, case in QUALITY.items()] + [(B, code, case) for code, case in BASIC.items()]
CASES = [
    pytest.param(standard, code, case, situation, id=f"{standard}-{code}-{situation}")
    for standard, code, case in TABLE for situation in SITUATIONS
]  # fmt: skip


def outcome(made: Made, standard: str, code: str, parameters: ParameterSet) -> tuple:
    """(met, reason) of an item, or of a school indicator at the first school."""
    found = made.rules(standard, parameters)
    entry = next((e for e in found["items"] if e["code"] == code), None)
    if entry is None:
        entry = next(row for row in found["schools"] if row["code"] == "1")["indicators"][code]
    return verdict(entry)


def test_the_table_names_every_item_of_both_standards():
    for standard, table in ((Q, QUALITY), (B, BASIC)):
        declared = {one.code for one in (*STANDARDS[standard].indicators, *STANDARDS[standard].items)}
        assert set(table) == declared - NEVER_JUDGED, standard


@pytest.mark.parametrize(("standard", "code", "case", "situation"), CASES)
def test_an_item_judges_each_situation_as_the_document_asks(standard: str, code: str, case: Case, situation: str):
    made: Made | str | Callable = case.of(situation)
    if isinstance(made, str):
        assert made, "a situation that cannot be says why"
        return
    assert outcome(made, standard, code, case.rules) == (EXPECTED | dict(case.otherwise))[situation]


@pytest.mark.parametrize(("standard", "code", "case"), TABLE, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_missing_is_named_and_never_passes(standard: str, code: str, case: Case):
    if isinstance(case.missing, str):
        pytest.skip("no missing situation")
    found = case.missing.rules(standard, case.rules)
    entry = next((e for e in found["items"] if e["code"] == code), None)
    if entry is not None:
        assert entry["met"] is None and entry["missing"], "an item that lacks something says what"
    else:
        assert code in str(found["schools"][0]["misses"]) or found["missing"], "a school that lacks a figure is named"
    assert found["verdict"] != "pass"
