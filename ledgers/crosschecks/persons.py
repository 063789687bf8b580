"""One person counts once per county and period: a person on two rosters is a doubt here, an error at the county's approval."""
from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.masking import mask_name
from teachers.services import claims

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL = "teachers.Teacher"


def check(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model.get(MODEL)
    if part.school is None or context.siblings is None or not rows or not len(rows):
        return []
    others = {i: s for (ledger, s), i in context.siblings.held.items() if ledger == part.ledger.code and s not in (None, part.school.id)}
    twice = claims(others, [key for key in rows.get("person_key") if key])
    if not twice:
        return []
    found = []
    for index, key in enumerate(rows.get("person_key")):
        if key in twice:
            school = context.siblings.school_by_id.get(others[twice[key]])
            sheet, cell, row = part.place_of(MODEL, "person_key", index)
            name = mask_name(part.persons.get(key, {}).get("name", "")) or "此人"
            found.append(Problem("person-in-two-schools", sheet, cell, row, "姓名", "person_key", name, {"wanted": school.name if school else "另一所学校"}))
    return found
