"""One pupil, one school: a child on two rosters (or present at two schools) is a doubt here, an error at the county's approval."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.services.children import masked_children
from dropout.services.claims import claims

from ..problems import Problem
from .children import PUPIL, at, name_of, rows_in

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

LISTED = "dropout.ListedChild"


def check(part: Checked, context: Context) -> list[Problem]:
    if not part.ledger.one_school_each:
        return []
    model = next((model for model in (PUPIL, LISTED) if rows_in(part, context, model)), None)
    if model is None:
        return []
    own = list(part.ledger.claimed(part))
    others = {i: s for (ledger, s), i in context.siblings.held.items() if ledger == part.ledger.code and s not in (None, part.school.id)}
    twice = claims(model, others, own)
    if not twice:
        return []
    mine, known = set(own), masked_children(context.county_id, twice)
    found = []
    for index, key in enumerate(part.rows_by_model[model].get("person_key")):
        if key in twice and key in mine:
            school = context.siblings.school_by_id.get(others[twice[key]])
            found.append(at(part, model, "person_key", index, part.ledger.two_schools, name_of(part, key, known), wanted=school.name if school else "另一所学校"))
    return found
