"""What an item may look at: one evaluation's facts, rules, school rows, evidence, and the items judged before it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evidence.quantities import Attested, Evidence
from indicators.items.item import Result
from schools.codes import PRIVATE, SPECIAL_TYPES
from schools.factset import SchoolRef

if TYPE_CHECKING:
    from indicators.engine import Evaluation, Tallies

COUNTY = (0, "")


class Sight:
    """The view of one evaluation for its items. Amounts are in the quantity's unit, exact; None = missing."""

    def __init__(self, evaluation: Evaluation):
        self.evaluation = evaluation
        self.standard, self.rules, self.facts = evaluation.standard, evaluation.rules, evaluation.facts
        self.tallies: Tallies = evaluation.tallies
        self.parameters = evaluation.rules.parameters
        self.results: dict[str, Result] = {}

    def rule(self, item: str, name: str, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The value in force of one of the item's own parameters."""
        return self.rules.get(name, item, stage, school)

    def common(self, code: str, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The value in force of a parameter of another room."""
        return self.tallies.parameters.get(code, stage, school)

    @cached_property
    def evidence(self) -> Evidence:
        return self.tallies.evidence

    def attested(self, code: str) -> Attested | None:
        """What stands attested for an item of this standard."""
        return self.evidence.items.get((self.standard.code, code))

    def amount(self, code: str, key: tuple[int, str]) -> Fraction | None:
        count = self.tallies.of(code).get(key)
        return None if count is None else Fraction(count, self.tallies.quantities[code].scale)

    def county_amount(self, code: str) -> Fraction | None:
        """A figure of the county itself."""
        return self.amount(code, COUNTY)

    def known(self, *codes: str) -> bool:
        """Whether these quantities are part of this installation."""
        return all(code in self.tallies.quantities for code in codes)

    def title(self, code: str) -> str:
        return self.tallies.quantities[code].title

    def unit(self, code: str) -> str:
        return self.tallies.quantities[code].unit

    def lacking(self, *codes: str) -> tuple[tuple[str, str], ...]:
        """(ledger, title) of quantities that must still come."""
        return tuple((self.tallies.quantities[code].sources[0], self.title(code)) for code in codes)

    @cached_property
    def schools(self) -> Sequence[SchoolRef]:
        """Every ordinary school or point that teaches a compulsory stage, those too small for the indicators too."""
        taught = {school_id for (school_id, stage), n in self.pupils.items() if n and stage in self.standard.stages}
        return [s for s in self.facts.schools if s.id in taught and s.type_code not in SPECIAL_TYPES]

    def schools_for(self, item: str) -> list[SchoolRef]:
        """Those an item with the parameter private_in_scope asks."""
        return [s for s in self.schools if s.sponsor_code != PRIVATE or self.rule(item, "private_in_scope", school=s)]

    @cached_property
    def unknown(self) -> list[SchoolRef]:
        """Schools whose pupils nobody has given: whatever asks every school is not complete without them."""
        return list(dict.fromkeys(school for school, _ in self.evaluation.scoped.unknown))

    @cached_property
    def pupils(self) -> Mapping[tuple[int, str], int]:
        return self.tallies.of("pupils")

    def heads(self, school: SchoolRef) -> int:
        """Pupils of the school's compulsory stages."""
        return sum(self.pupils.get((school.id, stage), 0) for stage in self.standard.stages)

    def asked_keys(self, by_stage: bool, stages: Sequence[str]) -> list[tuple[SchoolRef, tuple[int, str]]]:
        """(school, key) of the standard's school rows of these stages, each key once."""
        found: dict[tuple[int, str], SchoolRef] = {}
        for result in self.evaluation.rows:
            row = result.row
            if row.stage in stages:
                found.setdefault((row.school.id, row.stage if by_stage else ""), row.school)
        return [(school, key) for key, school in found.items()]

    def sum_of(self, code: str, stages: Sequence[str]) -> tuple[Fraction | None, list[SchoolRef]]:
        """The sum of a quantity over the standard's school rows of these stages, and the schools that lack it."""
        by_stage = self.tallies.quantities[code].by == "stage"
        total, lacking = Fraction(0), []
        asked = self.asked_keys(by_stage, stages)
        for school, key in asked:
            found = self.amount(code, key)
            if found is None:
                lacking.append(school)
            else:
                total += found
        lacking += [s for s, stage in self.evaluation.scoped.unknown if not stage or stage in stages]
        return (None if lacking or not asked else total), list(dict.fromkeys(lacking))

    def before(self, years: int) -> Tallies:
        """The same counts as they were some years ago, from the earlier datasets of the same set."""
        return self.tallies.elsewhere(self.facts.years_before(years))
