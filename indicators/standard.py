"""What a standard is: frozen declarations only. Numbers stand as text, as in the document, and become exact fractions.

`numerator` and `denominator` are codes of quantities (schools.quantity); no query and no formula stands in a standard.
Every number here is also a typed Parameter (indicators.rules) that a place may set by a local rule.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indicators.items.item import Item


@dataclass(frozen=True)
class SchoolIndicator:
    """One value per school and stage, and its coefficient of difference across the county.

    value = numerator x per / denominator, in `unit`. `at_least` per stage (empty: the national document sets none),
    `difference_at_most` per stage (empty: only the composite is limited). `split`: a resource that a mixed school holds
    undivided. `noun` completes "还差 3 …" in people's words. `digits`: decimals of the value, and of the county's mean, in print. `difference`: it has
    a coefficient across the county. `slot`: a place of the province's own list, listed only where a threshold is set; which
    of the standard's `figures` stands there is a rule too.
    """

    code: str
    title: str
    short: str
    clause: str
    numerator: str
    unit: str
    noun: str
    per: int = 1
    denominator: str = "pupils"
    at_least: Mapping[str, str] = field(default_factory=dict)
    difference_at_most: Mapping[str, str] = field(default_factory=dict)
    split: bool = False
    digits: int = 2
    note: str = ""
    difference: bool = True
    slot: bool = False


@dataclass(frozen=True)
class Figure:
    """What a place may put on its own list of school indicators: a figure without a threshold of its own."""

    code: str
    title: str
    short: str
    numerator: str
    unit: str
    noun: str
    per: int = 1
    denominator: str = "pupils"
    split: bool = False
    digits: int = 2

    def as_slot(self, code: str, clause: str) -> SchoolIndicator:
        """The figure standing in a slot of the list: no national threshold, no coefficient."""
        return SchoolIndicator(
            code, self.title, self.short, clause, self.numerator, self.unit, self.noun, self.per, self.denominator,
            split=self.split, digits=self.digits, difference=False, slot=True,
        )


@dataclass(frozen=True)
class SchoolRule:
    """When a school passes: at least `minimum_met` indicators met, the rest each at `floor_ratio` of their threshold.

    `minimum_met` 0: every indicator that has a threshold, as where places make the list themselves.
    """

    minimum_met: int
    floor_ratio: str
    clause: str


@dataclass(frozen=True)
class DifferenceRule:
    """When the county's coefficients pass: `kind` "each" within its own limit, or "composite" (plain mean) within `at_most`."""

    kind: str
    clause: str
    at_most: Mapping[str, str] = field(default_factory=dict)
    digits: int = 3


@dataclass(frozen=True)
class Scope:
    """Which units count. What is left out is listed with its reason beside every result."""

    clause: str
    points: bool
    point_minimum_pupils: int
    private: bool
    special: bool = False
    vocational: bool = False
    other_sponsors: bool = True


@dataclass(frozen=True)
class Standard:
    """One version of one standard. A changed national rule is a new standard version, never an edit of this one.

    `items`: everything it asks beside the schools' indicators, each a kind of indicators.items, in the order judged.
    """

    code: str
    title: str
    document: str
    clause: str
    valid_from: dt.date
    stages: tuple[str, ...]
    indicators: tuple[SchoolIndicator, ...]
    school_rule: SchoolRule
    difference_rule: DifferenceRule
    scope: Scope
    split_weights: Mapping[str, str]
    split_clause: str
    figures: tuple[Figure, ...] = ()
    items: tuple[Item, ...] = ()
    part: str = "resource"
    valid_to: dt.date | None = None

    @property
    def own_indicators(self) -> tuple[SchoolIndicator, ...]:
        """Those of the document itself, without the slots of places' lists."""
        return tuple(item for item in self.indicators if not item.slot)

    def indicator(self, code: str) -> SchoolIndicator:
        """Raises LookupError for a code the standard does not list."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise LookupError(f"{self.code} has no indicator {code}")

    def figure(self, code: str) -> Figure:
        """Raises LookupError for a code the standard does not know."""
        for figure in self.figures:
            if figure.code == code:
                return figure
        raise LookupError(f"{self.code} has no figure {code}")
