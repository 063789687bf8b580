"""Quantities: what is counted, once, in the room that owns the fact. Standards name them by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .factset import FactSet
from .parameters import PARAMETERS, ParameterSet, RecordingParameters

Tally = Mapping[tuple[int, str], int]
COUNTY_KEY = (0, "")


@dataclass(frozen=True)
class SourceCell:
    """One stored value behind a figure: `model` "schools.Premises", its row and field, as text in the stored unit."""

    model: str
    row_id: int
    dataset_id: int
    field: str
    text: str


@dataclass(frozen=True)
class Quantity:
    """One number per school and stage, per school, or for the county.

    `by` "stage": tally keys are (school_id, "primary"|"junior"|"senior"). `by` "school": keys are (school_id, ""), and the
    engine splits it between the stages of a mixed school. `by` "county": the one key is COUNTY_KEY, and the figure belongs
    to no school's row. A key that is absent is missing, never 0.
    `scale` stored integers make one `unit` (0.01 m2: 100; fen: 100). `sources`: ledger codes that can give it, preferred
    first; the first is named when it is missing. `clock`: school_year or fiscal_year.
    """

    code: str
    title: str
    unit: str
    scale: int
    by: str
    sources: tuple[str, ...]
    clock: str
    tally: Callable[[FactSet, ParameterSet], Tally]
    cells: Callable[[FactSet, ParameterSet, int, str], Sequence[SourceCell]]
    note: str = ""


QUANTITIES: dict[str, Quantity] = {}


def declare(quantity: Quantity) -> Quantity:
    """Add a quantity to the register; a second one of the same code is a programming error."""
    if quantity.code in QUANTITIES:
        raise ValueError(f"quantity {quantity.code} is declared twice")
    made = replace(quantity, tally=_once(quantity.code, quantity.tally))
    QUANTITIES[quantity.code] = made
    return made


def remember(facts: FactSet, name: object, parameters: ParameterSet, make: Callable[[ParameterSet], Any]) -> Any:
    """`make(parameters)` once for this set of facts and these settings: figures share their parts. To be read, not changed.

    What it asked of the rules is remembered with it, so that whoever is answered from memory has asked the same.
    """
    value, asked = _remembered(facts, name, parameters, make)
    parameters.note(asked)
    return value


def _remembered(facts: FactSet, name: object, parameters: ParameterSet, make: Callable[[ParameterSet], Any]) -> tuple[Any, frozenset[str]]:
    key = name, id(parameters.settings), parameters.on
    found = facts.memory.get(key)
    if found is None or found[0] is not parameters.settings:  # held, so that no other settings come to have its id
        own = RecordingParameters(parameters.settings, parameters.on, set())
        found = facts.memory[key] = (parameters.settings, make(own), frozenset(own.used))
    return found[1], found[2]


def asked_by(facts: FactSet, quantity: Quantity, parameters: ParameterSet) -> frozenset[str]:
    """The rules this count asks."""
    quantity.tally(facts, parameters)
    found = facts.memory.get((("tally", quantity.code), id(parameters.settings), parameters.on))
    return found[2] if found else frozenset(PARAMETERS)


def _once(code: str, tally: Callable[[FactSet, ParameterSet], Tally]) -> Callable[[FactSet, ParameterSet], Tally]:
    """The same count, done once for a set of facts and its rules: one quantity often stands in another."""
    def counted(facts: FactSet, parameters: ParameterSet) -> Tally:
        return remember(facts, ("tally", code), parameters, lambda own: tally(facts, own))

    return counted
