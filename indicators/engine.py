"""The engine: quantities of one fixed set of datasets in, every value and verdict with its reason out.

It knows no standard and no indicator by name; it reads declarations (indicators.standard), numbers in force
(indicators.rules) and tallies (schools.quantity), once each for all schools.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from evidence.quantities import Evidence, evidence_in
from indicators import arithmetic, payload
from indicators.items import judging
from indicators.rules import Rules, effective, in_force
from indicators.scope import Row, Scoped, select
from indicators.standard import SchoolIndicator, Standard
from indicators.verdict import SchoolVerdict, join_items, judge_county, judge_school
from schools.codes import Stage
from schools.factset import FactSet, SchoolRef
from schools.parameters import ParameterSet, RecordingParameters
from schools.quantity import QUANTITIES, Quantity, Tally, asked_by

ENGINE = "3"
PUPILS = "pupils"

MISSING, UNDEFINED, NOT_APPLICABLE = "missing", "undefined", "not_applicable"


@dataclass(frozen=True)
class Split:
    """How a mixed school's undivided resource was shared: `whole` R in the unit, `share` of this stage."""

    whole: Fraction
    share: Fraction
    pupils: Mapping[str, int]
    weights: Mapping[str, Fraction]


@dataclass(frozen=True)
class Measure:
    """One indicator of one row. `numerator` and `denominator` in units; `value` None with a `reason`."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    threshold: Fraction | None
    floor: Fraction | None
    met: bool | None
    reason: str | None = None
    split: Split | None = None


@dataclass(frozen=True)
class RowResult:
    """A row with its measures by indicator code and whether the school passes there.

    `facts`: every quantity known of the school, undivided, as (least units, scale), of this stage where it is counted
    by stage.
    """

    row: Row
    measures: Mapping[str, Measure]
    verdict: SchoolVerdict
    facts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Difference:
    """One stage and indicator across the county, over the schools whose figure is known."""

    stage: str
    indicator: SchoolIndicator
    codes: tuple[str, ...]
    spread: arithmetic.Spread | None
    limit: Fraction | None
    complete: bool
    met: bool | None
    reason: str | None


class Tallies:
    """Each quantity counted once for the county, whatever standards ask it, and the ledger to name where it is missing.

    `used`: the parameters the quantities asked, so that a snapshot can print the rules it stood on. `base`: the counts of
    the same facts under other rules; a quantity that asks none of the rules that differ is not counted again.
    """

    def __init__(
        self, facts: FactSet, parameters: ParameterSet, quantities: Mapping[str, Quantity] = QUANTITIES,
        evidence: Evidence | None = None, base: Tallies | None = None,
    ):
        self.facts, self.quantities = facts, quantities
        self._evidence = evidence
        self._base = base
        self._row_facts: dict[tuple[int, str], dict[str, tuple[int, int]]] = {}
        self._elsewhere: dict[tuple[int, int], Tallies] = {(facts.year, facts.fiscal_year): self}
        self.used: set[str] = set()
        self.parameters = RecordingParameters(parameters.settings, parameters.on, self.used)
        self._counted: dict[str, Tally] = {}
        self._held = Counter(ledger for ledger, school_id in facts.held if school_id is not None)

    def of(self, code: str) -> Tally:
        if code not in self._counted:
            quantity = self.quantities[code]
            if self._base is not None and self._same(quantity):
                self._counted[code] = self._base.of(code)
            else:
                self._counted[code] = quantity.tally(self.facts, self.parameters)
        return self._counted[code]

    def _same(self, quantity: Quantity) -> bool:
        asked = asked_by(self.facts, quantity, self._base.parameters)
        mine, theirs = self.parameters.settings, self._base.parameters.settings
        if any(mine.get(code, ()) != theirs.get(code, ()) for code in asked):
            return False
        self.parameters.note(asked)
        return True

    def facts_of(self, school_id: int, stage: str) -> dict[str, tuple[int, int]]:
        """Every quantity known of a school: as (least units, scale), of this stage where it is counted by stage."""
        key = school_id, stage
        if key not in self._row_facts:
            whole = school_id, ""
            counts = ((code, tally.get(key if by_stage else whole), scale) for code, by_stage, scale, tally in self._columns)
            self._row_facts[key] = {code: (count, scale) for code, count, scale in counts if count is not None}
        return self._row_facts[key]

    @cached_property
    def _columns(self) -> list[tuple[str, bool, int, Tally]]:
        """(code, by stage?, scale, tally) of every quantity of schools; a county's own is no school's figure."""
        return [
            (code, quantity.by == "stage", quantity.scale, self.of(code))
            for code, quantity in self.quantities.items() if quantity.by != "county"
        ]

    @property
    def evidence(self) -> Evidence:
        """What stands attested, read once for all standards."""
        if self._evidence is None:
            self._evidence = evidence_in(self.facts) if self._base is None else self._base.evidence
        return self._evidence

    def elsewhere(self, facts: FactSet) -> Tallies:
        """The counts of another year's view of the same datasets, kept likewise."""
        key = facts.year, facts.fiscal_year
        if key not in self._elsewhere:
            base = None if self._base is None else self._base.elsewhere(facts)
            other = Tallies(facts, self.parameters, self.quantities, base=base)
            other.parameters, other.used = self.parameters, self.used
            self._elsewhere[key] = other
        return self._elsewhere[key]

    def ledger(self, code: str, school: SchoolRef) -> str:
        """The ledger that should bring the figure: one the school holds, else the county's usual one, else the first."""
        sources = self.quantities[code].sources
        own = [ledger for ledger in sources if (ledger, school.id) in self.facts.held]
        if own:
            return own[0]
        return max(sources, key=lambda ledger: (self._held[ledger], -sources.index(ledger)))


class Evaluation:
    """One standard over one set of facts under one set of parameters; `indicators` are those listed.

    `twin`: the same standard under other rules; a value that stands on the same counts is neither worked out nor printed
    again. `printed`: what the payload made of each measure, (school id, stage, indicator) -> cell.
    """

    def __init__(
        self, standard: Standard, parameters: ParameterSet, tallies: Tallies, indicators: Sequence[SchoolIndicator],
        twin: Evaluation | None = None,
    ):
        self.standard, self.indicators, self.twin = standard, indicators, twin
        self.facts = facts = tallies.facts
        self.rules = Rules(standard, parameters)
        self.weights = self.rules.weights()
        self.tallies = tallies
        self.missing: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self.scoped: Scoped = select(self.rules, facts, self.tallies.of(PUPILS))
        self.unknown_stages = {
            stage for _, unknown in self.scoped.unknown for stage in ([unknown] if unknown else standard.stages)
        }
        for school, stage in self.scoped.unknown:
            self.lacks(PUPILS, school, stage)
        self._shared = {i.code: self._shares(i) for i in indicators}
        self.rows = [self._row(row) for row in self.scoped.rows]
        self.differences = [
            self._difference(stage, indicator) for stage in standard.stages for indicator in indicators if indicator.difference
        ]
        # A ledger or an attestation of the county itself shows that it answers for more than its schools' figures;
        # until then an item that nobody gave is listed as open and decides nothing.
        self.begun = any(school_id is None for _, school_id in facts.held)
        self.items = judging.judge_items(self, begun=self.begun)
        self.county = join_items(judge_county(self.rules, self.rows, self.differences), self.items, begun=self.begun)
        self.complete = bool(self.rows) and not self.missing
        self.printed: dict[tuple[int, str, str], dict] = {}

    def _shares(self, indicator: SchoolIndicator) -> bool:
        """Whether the twin has the very same counts for this indicator."""
        if self.twin is None or self.weights != self.twin.weights:
            return False
        codes = (indicator.numerator, indicator.denominator, PUPILS)
        return all(self.tallies.of(code) is self.twin.tallies.of(code) for code in codes)

    @cached_property
    def measures(self) -> dict[tuple[int, str, str], Measure]:
        """(school id, stage, indicator) -> its measure."""
        return {(r.row.school.id, r.row.stage, code): m for r in self.rows for code, m in r.measures.items()}

    def lacks(self, quantity: str, school: SchoolRef, stage: str) -> None:
        """Note that this figure must still come, by the ledger that brings it."""
        self.missing.setdefault((school.code, self.tallies.ledger(quantity, school)), set()).add((quantity, stage))

    def _row(self, row: Row) -> RowResult:
        measures = {indicator.code: self._measure(row, indicator) for indicator in self.indicators}
        return RowResult(row, measures, judge_school(self.rules, row.school, measures),
                         self.tallies.facts_of(row.school.id, row.stage))

    def _measure(self, row: Row, indicator: SchoolIndicator) -> Measure:
        known = self.twin.measures.get((row.school.id, row.stage, indicator.code)) if self._shared[indicator.code] else None
        if known is not None and known.value is not None:
            threshold = self.rules.threshold(indicator.code, row.stage, row.school)
            floor = None if threshold is None else threshold * self.rules.get("floor_ratio", school=row.school)
            if (threshold, floor) == (known.threshold, known.floor):
                return known
            met = None if threshold is None else arithmetic.meets(known.numerator, known.denominator, indicator.per, threshold)
            return replace(known, threshold=threshold, floor=floor, met=met)
        numerator, split = self._amount(row, indicator.numerator)
        denominator, _ = self._amount(row, indicator.denominator)
        threshold = self.rules.threshold(indicator.code, row.stage, row.school)
        floor = None if threshold is None else threshold * self.rules.get("floor_ratio", school=row.school)
        if numerator is None or denominator is None:
            return Measure(numerator, denominator, None, threshold, floor, None, MISSING, split)
        if not denominator:
            return Measure(numerator, denominator, None, threshold, floor, None, NOT_APPLICABLE, split)
        met = None if threshold is None else arithmetic.meets(numerator, denominator, indicator.per, threshold)
        value = arithmetic.per_unit(numerator, denominator, indicator.per)
        return Measure(numerator, denominator, value, threshold, floor, met, None, split)

    def _amount(self, row: Row, code: str) -> tuple[Fraction | None, Split | None]:
        """A quantity of the row in its unit: by stage as counted, by school split between the stages taught."""
        quantity, tally = self.tallies.quantities[code], self.tallies.of(code)
        key = (row.school.id, row.stage if quantity.by == "stage" else "")
        if key not in tally:
            self.lacks(code, row.school, row.stage)
            return None, None
        amount = Fraction(tally[key], quantity.scale)
        if quantity.by == "stage":
            return amount, None
        if row.senior_missing:
            self.lacks(PUPILS, row.school, Stage.SENIOR.value)
            return None, None
        taught = {stage: count for stage, count in row.all_pupils.items() if count}
        if len(taught) == 1:
            return amount, None
        share = arithmetic.split_shares(taught, self.weights)[row.stage]
        return amount * share, Split(amount, share, taught, self.weights)

    def _difference(self, stage: str, indicator: SchoolIndicator) -> Difference:
        rows = [result for result in self.rows if result.row.stage == stage]
        known = [r for r in rows if r.measures[indicator.code].value is not None]
        complete = stage not in self.unknown_stages and not any(
            r.measures[indicator.code].reason == MISSING for r in rows
        )
        limit = self.rules.get("cv_limit", indicator.code, stage) if indicator.difference_at_most else None
        codes = tuple(r.row.school.code for r in known)
        if not known:
            reason = NOT_APPLICABLE if complete else MISSING
            return Difference(stage, indicator, codes, None, limit, complete, None, reason)
        measures = [r.measures[indicator.code] for r in known]
        spread = self._known_spread(stage, indicator, codes)
        if spread is None:
            spread = arithmetic.Spread.of([m.numerator for m in measures], [m.denominator for m in measures])
        met = spread.within(limit) if limit is not None and complete else None
        return Difference(stage, indicator, codes, spread, limit, complete, met, None if spread.mean else UNDEFINED)

    def _known_spread(self, stage: str, indicator: SchoolIndicator, codes: tuple[str, ...]) -> arithmetic.Spread | None:
        """The twin's spread, where it is of the same schools and counts."""
        if not self._shared[indicator.code]:
            return None
        found = (d for d in self.twin.differences if (d.stage, d.indicator.code, d.codes) == (stage, indicator.code, codes))
        return next((d.spread for d in found), None)


def evaluate(
    standard: Standard, facts: FactSet, parameters: ParameterSet, quantities: Mapping[str, Quantity] = QUANTITIES,
    evidence: Evidence | None = None,
) -> dict:
    """The ruleset result R of the `snapshot` contract: plain JSON, every figure a string. `evidence` default: the facts' own.

    A missing figure is never 0: the county results it belongs to are interim (暂算值), never a pass, and name what is
    missing. Raises KeyError for a quantity nobody declares (the system check finds it at start).
    """
    tallies = Tallies(facts, parameters, quantities, evidence)
    return _ruleset(Evaluation(standard, parameters, tallies, effective(standard, parameters)), parameters)


def _ruleset(evaluation: Evaluation, parameters: ParameterSet) -> dict:
    rules = in_force(evaluation.standard, parameters, evaluation.tallies.used)
    return payload.ruleset(evaluation, rules, parameters.changed()) | {"reliefs": parameters.reliefs(rules)}


class Engine:
    """Several standards over one set of facts: what is counted for one is not counted again for the next."""

    def __init__(self, facts: FactSet, parameters: ParameterSet, quantities: Mapping[str, Quantity] = QUANTITIES):
        self.parameters, self.national_parameters = parameters, parameters.national()
        self._national = Tallies(facts, self.national_parameters, quantities)
        self._local = None if parameters.is_national else Tallies(facts, parameters, quantities, base=self._national)

    def indicators(self, standard: Standard) -> tuple[SchoolIndicator, ...]:
        """Those both results list: what a place has put on its own list stands in the national one without a threshold."""
        return effective(standard, self.parameters)

    def both(self, standard: Standard) -> dict:
        """{"national": R, "local": R | None}: None where no local demand is set, the local result being the national."""
        listed = self.indicators(standard)
        twin = Evaluation(standard, self.national_parameters, self._national, listed)
        national, local = _ruleset(twin, self.national_parameters), None
        if self._local is not None:
            local = _ruleset(Evaluation(standard, self.parameters, self._local, listed, twin), self.parameters)
        return {"national": national, "local": local}
