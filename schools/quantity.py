"""Quantities: what is counted, once, in the room that owns the fact. Standards name them by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .factset import FactSet
    from .parameters import ParameterSet

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
    QUANTITIES[quantity.code] = quantity
    return quantity
