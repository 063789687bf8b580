"""B2 against A3 and A4: the exchange counts a county states beside the lists of persons."""
from __future__ import annotations

from typing import TYPE_CHECKING

from schools.quantity import COUNTY_KEY, QUANTITIES

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL, LEDGER = "schools.CountyNumbers", "exchange"
COMPARED = ("eligible_teachers", "exchanged_teachers", "exchanged_backbone", "exchanged_heads")


def check(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model.get(MODEL)
    if context.siblings is None or not rows or not len(rows) or not context.siblings.ids(LEDGER):
        return []
    found = []
    for name in COMPARED:
        said = part.sum(MODEL, name)
        if said is None:
            continue
        counted = QUANTITIES[name].tally(context.siblings, context.parameters).get(COUNTY_KEY)
        if counted is not None and counted != said:
            sheet, cell, row = part.place_of(MODEL, name)
            title = part.ledger.main.column(name).header
            found.append(Problem("differs-from-exchange", sheet, cell, row, title, name, str(said), {"what": title, "wanted": counted}))
    return found
