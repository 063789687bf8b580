"""A4 against A4: one person cannot be on two exchanges in the same months, whichever school or year reports them."""
from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.masking import mask_name
from teachers.services import exchanges_of

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL, LEDGER = "teachers.Exchange", "exchange"


def check(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model.get(MODEL)
    if part.school is None or context.siblings is None or not rows or not len(rows):
        return []
    own = (context.siblings.year, part.school.id)
    others = {ref.id: ref.school_id for ref in context.siblings.datasets if ref.ledger == LEDGER and (ref.year, ref.school_id) != own}
    known = exchanges_of(others, rows.get("person_key"))
    blank = [None] * len(rows)
    found = []
    columns = (rows.columns.get(name, blank) for name in ("person_key", "start", "end", "to_code"))
    for index, (key, start, end, to) in enumerate(zip(*columns, strict=True)):
        for dataset_id, begun, ended, to_code in known.get(key, ()) if start else ():
            same = (begun, to_code) == (start, to)  # last year's row of an exchange that goes on
            if not same and begun <= (end or 999912) and start <= (ended or 999912):
                school = context.siblings.school_by_id.get(others[dataset_id])
                sheet, cell, row = part.place_of(MODEL, "start", index)
                name = mask_name(part.persons.get(key, {}).get("name", "")) or "此人"
                found.append(Problem("periods-overlap", sheet, cell, row, "开始时间", "start", name, {"other": f"“{school.name if school else '另一所学校'}”所报"}))
                break
    return found
