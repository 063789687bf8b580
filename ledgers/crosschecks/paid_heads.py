"""A6 against A2: the pupils money was counted for are those of that year's census (contracts 2: census of 1 September F)."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schools.codes import COMPULSORY, Stage

from ..problems import Problem
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL = "funding.SchoolFunds"


def check(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model.get(MODEL)
    if part.school is None or context.siblings is None or not rows or not len(rows):
        return []
    of_year = replace(context.siblings, year=context.year)
    census = said_by(of_year, "classes", "pupils", part.school.id, context)
    found = []
    for stage in COMPULSORY if census else ():
        said = part.sum(MODEL, f"{stage}_pupils")
        if said is not None and said != census.get(stage, 0):
            sheet, cell, row = part.place_of(MODEL, f"{stage}_pupils")
            title = f"{Stage(stage).label}学生数"
            found.append(Problem("differs-from-census", sheet, cell, row, title, f"{stage}_pupils", str(said), {"what": title, "wanted": census.get(stage, 0)}))
    return found
