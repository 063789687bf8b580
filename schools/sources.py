"""County figures that several ledgers can give: which of them stands, and what the others say beside it.

A room that learns to count a figure later offers its source (`offer`); what stands is the county's choice (SourceChoice),
else the first source that has anything. A source that has something but cannot count is missing, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .factset import SOURCE_ORDER, FactSet
from .parameters import ParameterSet
from .quantity import COUNTY_KEY, QUANTITIES, Quantity, SourceCell, Tally, declare

FACT_TITLES = {
    "pupils": "在校生数",
    "classes": "班级数",
    "teachers": "教师数",
    "premises": "校舍与场地",
    "equipment": "设备与图书",
}
LEDGER_TITLES = {
    "statistics": "教育事业统计",
    "classes": "班级(班额)情况表",
    "teachers": "教师花名册",
    "school_profile": "学校基本情况表",
    "county_numbers": "县级政府保障与质量数据表",
}

Count = Callable[[FactSet, ParameterSet], int | None]
Cells = Callable[[FactSet, ParameterSet], Sequence[SourceCell]]
Held = Callable[[FactSet, ParameterSet], bool]


@dataclass(frozen=True)
class Source:
    """One way to know a figure: `held` whether the ledger says anything of it, `count` the number (None = missing)."""

    ledger: str
    title: str
    count: Count
    cells: Cells
    held: Held | None = None

    def is_held(self, facts: FactSet, parameters: ParameterSet) -> bool:
        if self.held is not None:
            return self.held(facts, parameters)
        return (self.ledger, None) in facts.held


@dataclass
class Figure:
    """A county figure with its sources, the preferred first. Figures of one `fact` are chosen together."""

    code: str
    fact: str
    sources: list[Source] = field(default_factory=list)

    def standing(self, facts: FactSet, parameters: ParameterSet) -> Source | None:
        """The source that stands: the chosen one if it says anything, else the first that does."""
        chosen = facts.choices.get((self.fact, None))
        held = [source for source in self.sources if source.is_held(facts, parameters)]
        return next((source for source in held if source.ledger == chosen), held[0] if held else None)

    def tally(self, facts: FactSet, parameters: ParameterSet) -> Tally:
        source = self.standing(facts, parameters)
        value = None if source is None else source.count(facts, parameters)
        return {} if value is None else {COUNTY_KEY: value}

    def cells(self, facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        source = self.standing(facts, parameters)
        return [] if source is None else source.cells(facts, parameters)


FIGURES: dict[str, Figure] = {}


def declare_figure(
    code: str, title: str, unit: str, *, fact: str, fact_title: str, source: Source, scale: int = 1,
    clock: str = "school_year", note: str = "", others: Sequence[Source] = (),
) -> Quantity:
    """A county quantity with its first source (and `others` after it)."""
    figure = FIGURES[code] = Figure(code, fact, [source, *others])
    FACT_TITLES.setdefault(fact, fact_title)
    _order(figure)
    ledgers = tuple(dict.fromkeys(s.ledger for s in figure.sources))
    return declare(Quantity(code, title, unit, scale, "county", ledgers, clock, figure.tally, figure.cells, note))


def offer(code: str, source: Source, *, first: bool = True) -> None:
    """Add a source to a declared figure, before or behind those it has. Raises KeyError for a figure nobody declares."""
    figure = FIGURES[code]
    figure.sources.insert(0 if first else len(figure.sources), source)
    _order(figure)
    QUANTITIES[code] = replace(QUANTITIES[code], sources=tuple(dict.fromkeys(s.ledger for s in figure.sources)))


def _order(figure: Figure) -> None:
    known = [s.ledger for f in FIGURES.values() if f.fact == figure.fact for s in f.sources]
    SOURCE_ORDER[figure.fact] = tuple(dict.fromkeys((*(s.ledger for s in figure.sources), *known)))
    for source in figure.sources:
        LEDGER_TITLES.setdefault(source.ledger, source.title)


def said(code: str, facts: FactSet, parameters: ParameterSet) -> list[tuple[Source, int]]:
    """What every source that has the figure says of it, the standing one first: two that differ are a doubt."""
    figure = FIGURES[code]
    first = figure.standing(facts, parameters)
    held = [s for s in figure.sources if s.is_held(facts, parameters)]
    counted = [(s, s.count(facts, parameters)) for s in sorted(held, key=lambda s: s is not first)]
    return [(source, value) for source, value in counted if value is not None]
