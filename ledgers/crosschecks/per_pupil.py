"""Amounts for each pupil within any plausible band: a wrong unit is the commonest killer. The pupils may stand in another ledger."""
from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..problems import Problem
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

PROFILE = "schools.Profile"
PUPILS = ("primary_pupils", "junior_pupils", "senior_pupils")
# model, field, words, unit, least and most for each pupil in stored integers (hundredths), as printed
BANDS = (
    ("schools.Equipment", "equipment_value", "生均教学仪器设备值", "元", 100_00, 50_000_00, "100 元", "50000 元"),
    ("schools.Premises", "teaching_area", "生均教学及辅助用房面积", "㎡", 50, 100_00, "0.5 ㎡", "100 ㎡"),
)


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or not any(len(part.rows_by_model.get(model, ())) == 1 for model, *_ in BANDS):
        return []
    own = [v for name in PUPILS if (v := part.sum(PROFILE, name)) is not None]
    pupils = sum(own) if own else _elsewhere(part, context)
    found = []
    for model, name, what, unit, least, most, low, high in BANDS:
        value = part.sum(model, name)
        if pupils and value and not least * pupils <= value <= most * pupils:
            sheet, cell, row = part.place_of(model, name)
            params = {"what": what, "found": f"每生 {float(Fraction(value, 100 * pupils)):.2f} {unit}", "low": low, "high": high}
            found.append(Problem("unit-doubtful", sheet, cell, row, _header(part, name), name, params=params))
    return found


def _elsewhere(part: Checked, context: Context) -> int:
    """The school's pupils by the class list, else by the statistics; 0 when neither is held."""
    for ledger in ("classes", "statistics"):
        if said := said_by(context.siblings, ledger, "pupils", part.school.id, context):
            return sum(said.values())
    return 0


def _header(part: Checked, name: str) -> str:
    return next((table.by_field[name].header for table in part.ledger.tables if name in table.by_field), "")
