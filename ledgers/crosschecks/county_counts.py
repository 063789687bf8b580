"""B2 against the ledgers that count the same themselves: what a county states beside the lists of persons and money."""
from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.arithmetic import quotient34
from schools.quantity import QUANTITIES
from schools.sources import FIGURES, Source

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL, LEDGER, EXCHANGE = "schools.CountyNumbers", "county_numbers", "exchange"


def check(part: Checked, context: Context) -> list[Problem]:
    """A doubt for each number that another source that says anything counts otherwise."""
    rows = part.rows_by_model.get(MODEL)
    if context.siblings is None or not rows or not len(rows):
        return []
    found = []
    for code, figure in FIGURES.items():
        others = [source for source in figure.sources if source.ledger != LEDGER]
        told = part.sum(MODEL, code) if others and len(others) < len(figure.sources) else None
        if told is None:
            continue
        for source in others:
            if source.is_held(context.siblings, context.parameters):
                counted = source.count(context.siblings, context.parameters)
                if counted is not None and counted != told:
                    found.append(_differs(part, code, source, told, counted))
                break
    return found


def _differs(part: Checked, code: str, source: Source, told: int, counted: int) -> Problem:
    sheet, cell, row = part.place_of(MODEL, code)
    title, scale = part.ledger.main.column(code).header, QUANTITIES[code].scale
    said, wanted = (quotient34(value, scale) for value in (told, counted))
    kind = "differs-from-exchange" if source.ledger == EXCHANGE else "differs-from-source"
    return Problem(kind, sheet, cell, row, title, code, said, {"what": title, "wanted": wanted, "source": source.title})
