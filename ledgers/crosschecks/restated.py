"""B1 against B1: a year whose figures were final last time is restated only with a word on it (growth must be 同口径)."""
from __future__ import annotations

from typing import TYPE_CHECKING

from funding.series import AMOUNTS, stated_before

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL = "funding.FinanceYear"


def check(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model.get(MODEL)
    if context.siblings is None or not rows or not len(rows):
        return []
    before = stated_before(context.siblings, context.year)
    table = part.ledger.main
    found = []
    for index, year in enumerate(rows.get("fiscal_year")):
        for name in AMOUNTS:
            now, then = rows.columns.get(name, [None] * len(rows))[index], before.get(year, {}).get(name)
            if then is not None and now is not None and now != then:
                column = table.column(name)
                sheet, cell, row = part.place_of(MODEL, name, index)
                params = {"what": f"{year} 年度{column.header}", "wanted": f"{column.shown(then)}{column.unit}"}
                found.append(Problem("restated", sheet, cell, row, column.header, name, f"{column.shown(now)}{column.unit}", params))
    return found
