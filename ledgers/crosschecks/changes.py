"""This year against last year: a change of more than 30 % in pupils, areas, equipment or teachers is explained, not blocked."""
from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..cleaning import plain_number
from ..problems import Problem
from .pupils_and_classes import BAND, CLASS
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

LIMIT = Fraction(3, 10)
# model, fields summed, quantity of last year, words, stored integers a unit, unit
PROFILE_CHANGES = (
    ("schools.Profile", ("primary_pupils", "junior_pupils", "senior_pupils"), "pupils", "在校生数", 1, "人"),
    ("schools.Premises", ("teaching_area",), "teaching_area", "教学及辅助用房面积", 100, "㎡"),
    ("schools.Premises", ("outdoor_sports_area",), "outdoor_sports_area", "体育运动场地面积", 100, "㎡"),
    ("schools.Equipment", ("equipment_value",), "equipment_value", "教学仪器设备资产值", 1_000_000, "万元"),
    ("schools.Equipment", ("books",), "books", "图书册数", 1, "册"),
)


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or context.previous is None:
        return []
    found = [p for one in PROFILE_CHANGES if (p := _change(part, context, part.ledger.code, *one))]
    for model in (CLASS, BAND) if not part.ledger.forms else ():
        if len(part.rows_by_model.get(model, ())):
            found += [p for p in [_change(part, context, "classes", model, ("pupils",), "pupils", "学生数", 1, "人")] if p]
    return found


def _change(part: Checked, context: Context, ledger: str, model: str, fields: tuple[str, ...], quantity: str, title: str, scale: int, unit: str) -> Problem | None:
    given = [(name, v) for name in fields if (v := part.sum(model, name)) is not None]
    if not given:
        return None
    before = sum(said_by(context.previous, ledger, quantity, part.school.id, context).values())
    now = sum(v for _, v in given)
    if not before or abs(now - before) <= LIMIT * before:
        return None
    sheet, cell, row = part.place_of(model, given[0][0]) if len(part.rows_by_model[model]) == 1 else (next(iter(part.row_map.get("sheets", [])), ""), "", None)
    share = Fraction(100 * abs(now - before), before)
    params = {"what": title, "wanted": f"{plain_number(Fraction(before, scale))}{unit}", "found": f"{float(share):.1f}"}
    return Problem("changed-a-lot", sheet, cell, row, title, given[0][0], f"{plain_number(Fraction(now, scale))}{unit}", params)
