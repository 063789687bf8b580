"""Consolidation by name: who entered a stage, who finished it, who came, went or died between. Pure, from rosters of each year.

The five figures go into the same formulas as those of the application form (schools.cohorts); the lists behind them are children.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .flows import Fate, Roster, fate_of


@dataclass(frozen=True)
class Span:
    """A consolidation rate: from which grade to which; the years between follow from them."""

    code: str
    title: str
    first: int
    last: int

    @property
    def years(self) -> int:
        return self.last - self.first + 1


def spans(primary_years: int = 6) -> tuple[Span, ...]:
    """小学 (six years, five in 5-4 areas), 初中 and 九年."""
    return (
        Span("six", "小学六年巩固率" if primary_years == 6 else f"小学{'一二三四五六'[primary_years - 1]}年巩固率", 1, primary_years),
        Span("three", "初中三年巩固率" if primary_years == 6 else "初中四年巩固率", primary_years + 1, 9),
        Span("nine", "九年义务教育巩固率", 1, 9),
    )


@dataclass(frozen=True)
class Cohort:
    """One cohort by name."""

    entrants: frozenset[str]
    graduates: frozenset[str]
    joined: frozenset[str]
    left: frozenset[str]
    gone: frozenset[str]

    @property
    def figures(self) -> dict[str, int]:
        """The five figures of schools.cohorts."""
        return {
            "graduates": len(self.graduates), "entrants": len(self.entrants), "transfers_in": len(self.joined), "transfers_out": len(self.left),
            "deaths": len(self.gone),
        }  # fmt: skip

    @property
    def lost(self) -> frozenset[str]:
        """Entrants who neither finished nor went elsewhere nor died."""
        return self.entrants - self.graduates - self.left - self.gone


def cohort(rosters: Mapping[int, Roster], year: int, span: Span) -> Cohort | None:
    """The cohort that finished in the summer of `year`, by the rosters of each autumn from its entry on.

    None while the roster of its entry, of its last year or of any year between is not there: missing is not zero.
    """
    entry, last = year - span.years, year - 1
    if any(one not in rosters for one in range(entry, year)):
        return None
    entrants = {key for key, row in rosters[entry].items() if row.is_here and row.grade == span.first}
    after = rosters.get(year, {})
    graduates = {
        key for key, row in rosters[last].items()
        if row.is_here and row.grade == span.last and (year not in rosters or fate_of(row, after.get(key)) in (Fate.GRADUATED, Fate.STAYED))
    }  # fmt: skip
    if span.last == 9:  # who is in no later roster after grade nine has finished
        graduates |= {key for key, row in rosters[last].items() if row.is_here and row.grade == 9 and key not in after}
    said: dict[str, str] = {}
    for one in range(entry + 1, year + 1):
        for key, row in rosters.get(one, {}).items():
            if key in entrants:
                said[key] = row.status
    away = entrants - graduates
    left = {key for key in away if said.get(key) == "transferred"}
    gone = {key for key in away if said.get(key) == "gone"}
    return Cohort(frozenset(entrants), frozenset(graduates), frozenset(graduates - entrants), frozenset(left), frozenset(gone))
