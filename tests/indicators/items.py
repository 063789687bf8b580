"""Counties made of numbers for the tests of items: figures by quantity, evidence by hand, no database."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evidence.quantities import Attested, Evidence
from indicators.engine import evaluate
from indicators.standards import STANDARDS
from schools.factset import FactSet
from schools.parameters import NATIONAL, ParameterSet
from schools.quantity import Quantity
from tests.indicators.county import COUNTY_ANSWERS, Unit, facts_of, plenty, quantities_of

MET = Attested(True, "符合要求。")
NOT_MET = Attested(False, "不符合要求。")
UNITS = {"school": "所", "county": "人", "stage": "人"}


@dataclass
class Made:
    """Units (schools), `county` figures {code: n}, `stage` figures {code: {(school no., stage): n}}, `school` likewise."""

    units: list[Unit] = field(default_factory=lambda: [plenty("1", {"primary": 1000}), plenty("2", {"junior": 1000})])
    county: dict[str, int | None] = field(default_factory=dict)
    stage: dict[str, dict[tuple[int, str], int]] = field(default_factory=dict)
    school: dict[str, dict[int, int]] = field(default_factory=dict)
    years: dict[int, dict[str, int]] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    built: dict[int, int] = field(default_factory=dict)
    begun: bool = True

    def quantities(self) -> dict[str, Quantity]:
        made = quantities_of(self.units)
        made["attestations"] = _quantity("attestations", "county", {})
        for code, value in self.county.items():
            made[code] = _quantity(code, "county", {} if value is None else {(0, ""): value})
        for code, tally in self.stage.items():
            made[code] = _quantity(code, "stage", tally)
        for code, tally in self.school.items():
            made[code] = _quantity(code, "school", {(number, ""): n for number, n in tally.items()})
        for code in {code for figures in self.years.values() for code in figures}:
            made[code] = _yearly(code, self.years)
        return made

    def facts(self) -> FactSet:
        facts = facts_of(self.units, [COUNTY_ANSWERS] if self.begun else [])
        schools = tuple(replace(s, built_year=self.built.get(s.id)) for s in facts.schools)
        return replace(facts, schools=schools)

    def rules(self, standard: str = "quality-2017", parameters: ParameterSet = NATIONAL) -> dict:
        return evaluate(STANDARDS[standard], self.facts(), parameters, self.quantities(), self.evidence)

    def item(self, code: str, standard: str = "quality-2017", parameters: ParameterSet = NATIONAL) -> dict:
        """The item's entry in the result."""
        return next(entry for entry in self.rules(standard, parameters)["items"] if entry["code"] == code)


def verdict(entry: Mapping) -> tuple:
    """(met, reason) of an item."""
    return entry["met"], entry["reason"]


def _quantity(code: str, by: str, tally: Mapping) -> Quantity:
    return Quantity(code, code, UNITS[by], 1, by, ("county_numbers",), "school_year", lambda facts, parameters: tally, lambda *a: [])


def _yearly(code: str, years: Mapping[int, Mapping[str, int]]) -> Quantity:
    """A county figure that depends on the fiscal year of the facts."""
    def tally(facts, parameters):
        value = years.get(facts.fiscal_year, {}).get(code)
        return {} if value is None else {(0, ""): value}

    return Quantity(code, code, "元", 1, "county", ("county_finance",), "fiscal_year", tally, lambda *a: [])


