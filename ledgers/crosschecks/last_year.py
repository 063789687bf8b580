"""Last year's file sent again: every fact the same as a year ago is explained, not believed."""
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from schools.datasets import facts_in

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked, Rows

FEWEST = 4  # facts; fewer may be the same by chance


def check(part: Checked, context: Context) -> list[Problem]:
    school = part.school.id if part.school else None
    before = context.previous.held.get((part.ledger.code, school)) if context.previous is not None else None
    filled = {model: rows for model, rows in part.rows_by_model.items() if len(rows)}
    if before is None or not filled or sum(map(_facts, filled.values())) < FEWEST:
        return []
    if all(_same(model, rows, before) for model, rows in filled.items()):
        return [Problem("same-as-last-year", next(iter(part.row_map.get("sheets", [])), ""))]
    return []


def _facts(rows: Rows) -> int:
    return sum(value not in (None, "") for column in rows.columns.values() for value in column)


def _same(model: str, rows: Rows, dataset_id: int) -> bool:
    former = facts_in(model, dataset_id, list(rows.columns), at_most=len(rows) + 1)
    return len(former) == len(rows) and Counter(former) == Counter(zip(*rows.columns.values(), strict=True))
