"""What the checks about children share: the place of a row, the masked name of a child, a short list of names."""
from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.masking import mask_name
from dropout.services.children import masked_children

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked, Rows

PUPIL, CARE, PLAN, AID = "dropout.Pupil", "dropout.CareRow", "dropout.DisabledRow", "dropout.AidRow"
ROSTER = "pupils"
SHOWN = 3


def rows_in(part: Checked, context: Context, model: str) -> Rows | None:
    """The part's rows of a model, where the part is a school's and there is something to compare with."""
    rows = part.rows_by_model.get(model)
    return rows if part.school is not None and context.siblings is not None and rows and len(rows) else None


def name_of(part: Checked, key: str, known: dict[str, str] | None = None) -> str:
    """The masked name of a child of this part, from the file or (a part without its persons) from the register."""
    return mask_name(part.persons.get(key, {}).get("name", "")) or (known or {}).get(key) or "该生"


def at(part: Checked, model: str, field: str, index: int, code: str, value: str, **params: object) -> Problem:
    """A problem at one row of the part."""
    sheet, cell, row = part.place_of(model, field, index)
    column = next((table.by_field[field].header for table in part.ledger.tables if field in table.by_field), "姓名")
    return Problem(code, sheet, cell, row, column, field, value, params)


def whole(part: Checked, code: str, field: str, value: str, **params: object) -> Problem:
    """A problem of the part as a whole."""
    return Problem(code, next(iter(part.row_map.get("sheets", [])), ""), field=field, value=value, params=params)


def named(county_id: int, keys: Iterable[str]) -> tuple[str, int]:
    """("李**、王*、张**等", how many) of children the register knows."""
    listed = sorted(keys)
    names = masked_children(county_id, listed[:SHOWN])
    shown = "、".join(names.get(key) or "某生" for key in listed[:SHOWN])
    return shown + ("等" if len(listed) > SHOWN else ""), len(listed)
