"""A4 and A5 against A3: every person named is on a roster of the county (or in its staff register), under the same name."""
from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.masking import mask_name
from schools.staff import masked_names
from teachers.services import claims

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODELS = ("teachers.Exchange", "teachers.Training")
ROSTER = "teachers"


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or context.siblings is None:
        return []
    return [problem for model in MODELS for problem in _check_model(part, context, model)]


def _check_model(part: Checked, context: Context, model: str) -> list[Problem]:
    rows = part.rows_by_model.get(model)
    if not rows or not len(rows):
        return []
    first = {key: index for index, key in reversed(list(enumerate(rows.get("person_key")))) if key}
    names = masked_names(context.county_id, first)
    listed = claims(context.siblings.ids(ROSTER), [key for key in first if key not in names])
    found = []
    for key, index in sorted(first.items(), key=lambda item: item[1]):
        sheet, cell, row = part.place_of(model, "person_key", index)
        name = mask_name(part.persons.get(key, {}).get("name", ""))
        if key not in names and key not in listed:
            code = "person-unknown" if _has_roster(part, context, rows, index) else "person-without-roster"
            found.append(Problem(code, sheet, cell, row, "身份证号", "person_key", name or "此人"))
        elif name and names.get(key) and names[key] != name:
            found.append(Problem("name-differs", sheet, cell, row, "姓名", "person_key", name, {"wanted": names[key]}))
    return found


def _has_roster(part: Checked, context: Context, rows, index: int) -> bool:
    """Whether the rosters on which the person should stand are there: the school's own, and the receiving school's."""
    to = rows.columns.get("to_code")
    schools = {part.school.code, to[index]} if to else {part.school.code}
    ids = [school.id for school in context.siblings.schools if school.code in schools]
    return all((ROSTER, school_id) in context.siblings.held for school_id in ids)
