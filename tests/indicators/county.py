"""A county made of numbers: fact sets and quantities without a database, for the engine's tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from indicators.engine import evaluate
from indicators.standards import STANDARDS
from schools.factset import DatasetRef, FactSet, SchoolRef
from schools.parameters import NATIONAL, ParameterSet
from schools.quantity import Quantity

BY_SCHOOL = {
    "teaching_area_net": ("㎡", 100),
    "teaching_area": ("㎡", 100),
    "sports_area": ("㎡", 100),
    "equipment_value": ("元", 100),
    "multimedia_rooms": ("间", 1),
    "computers": ("台", 1),
    "books": ("册", 1),
}
BY_STAGE = (
    "pupils",
    "above_degree_teachers",
    "backbone_teachers",
    "pe_art_teachers",
    "full_time_teachers",
    "mid_title_teachers",
)
TYPE_OF_STAGES = {
    ("primary",): "211",
    ("junior",): "311",
    ("primary", "junior"): "312",
    ("junior", "senior"): "341",
    ("primary", "junior", "senior"): "345",
}
# Enough of everything for any school of the sizes used in tests.
PLENTY = 10**12


@dataclass
class Unit:
    """One school: pupils by stage, teachers as {quantity: {stage: n}}, resources as {quantity: least units}."""

    code: str
    pupils: dict[str, int | None]
    amounts: dict[str, object] = field(default_factory=dict)
    type_code: str | None = None
    kind: str = "whole"
    sponsor: str = "7"
    area: str = "121"

    def ref(self, number: int) -> SchoolRef:
        stages = tuple(s for s in ("primary", "junior", "senior") if self.pupils.get(s) is not None)
        type_code = self.type_code if self.type_code is not None else TYPE_OF_STAGES.get(stages, "")
        return SchoolRef(
            number,
            self.code,
            f"学校{self.code}",
            self.kind,
            None,
            type_code,
            self.sponsor,
            self.area,
            "城关镇",
            None,
            None,
        )


COUNTY_ANSWERS = DatasetRef(900_001, None, "attested", "school_year", 2025)


def facts_of(units: Iterable[Unit], datasets: Iterable[DatasetRef] = ()) -> FactSet:
    """A fact set of these schools; ids are their places, from 1."""
    refs = tuple(unit.ref(number) for number, unit in enumerate(units, 1))
    return FactSet(1, "999901", 2025, 2024, 1, tuple(datasets), refs)


def quantities_of(units: Iterable[Unit]) -> dict[str, Quantity]:
    """Quantities whose tallies are the units' own numbers; None = missing."""
    tallies: dict[str, dict[tuple[int, str], int]] = {code: {} for code in (*BY_SCHOOL, *BY_STAGE)}
    for number, unit in enumerate(units, 1):
        for stage, count in unit.pupils.items():
            if count is not None:
                tallies["pupils"][number, stage] = count
        for code, amount in unit.amounts.items():
            if code in BY_SCHOOL:
                if amount is not None:
                    tallies[code][number, ""] = amount
            else:
                tallies[code].update({(number, s): n for s, n in amount.items() if n is not None})
    return {code: _quantity(code, tally) for code, tally in tallies.items()}


def _quantity(code: str, tally: dict) -> Quantity:
    unit, scale = BY_SCHOOL.get(code, ("人", 1))
    sources = ("school_profile", "statistics") if code in BY_SCHOOL else ("teachers", "school_profile", "statistics")
    if code == "pupils":
        sources = ("classes", "school_profile", "statistics")
    return Quantity(
        code,
        code,
        unit,
        scale,
        "school" if code in BY_SCHOOL else "stage",
        sources,
        "school_year",
        lambda facts, parameters: tally,
        lambda *a: [],
    )


def result(
    units: list[Unit],
    standard: str = "quality-2017",
    parameters: ParameterSet = NATIONAL,
    datasets: Iterable[DatasetRef] = (),
) -> dict:
    """The engine's ruleset for a county of these units."""
    return evaluate(STANDARDS[standard], facts_of(units, datasets), parameters, quantities_of(units))


def plenty(code: str, pupils: dict[str, int], **amounts) -> Unit:
    """A school rich in everything except what `amounts` says; per-pupil equal enough only within itself."""
    own: dict[str, object] = dict.fromkeys(BY_SCHOOL, PLENTY)
    own |= {name: dict.fromkeys(pupils, PLENTY) for name in BY_STAGE if name != "pupils"}
    return Unit(code, pupils, own | amounts)


def valued(code: str, stage: str, pupils: int, values: dict[str, str], standard: str = "quality-2017") -> Unit:
    """A plain school whose indicators have exactly these values (pupils must make every amount whole)."""
    amounts: dict[str, object] = {}
    for indicator, value in values.items():
        item = STANDARDS[standard].indicator(indicator)
        unit, scale = BY_SCHOOL.get(item.numerator, ("人", 1))
        amount = Fraction(value) * pupils * scale / item.per
        assert amount.denominator == 1, f"{indicator} {value} is not whole for {pupils} pupils"
        amounts[item.numerator] = int(amount) if item.numerator in BY_SCHOOL else {stage: int(amount)}
    return Unit(code, {stage: pupils}, amounts)


def row_of(rules: dict, code: str, stage: str) -> dict:
    """The row of a school and stage."""
    return next(row for row in rules["schools"] if (row["code"], row["stage"]) == (code, stage))


def county_of(rules: dict, stage: str, indicator: str) -> dict:
    """The county entry of a stage and indicator."""
    return next(e for e in rules["county"] if (e["stage"], e["indicator"]) == (stage, indicator))
