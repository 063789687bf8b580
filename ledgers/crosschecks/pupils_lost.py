"""A7 against the roster before it: pupils who were here and are no longer named, and have not finished, are asked about."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.services.claims import on_roster, on_rosters

from ..problems import Problem
from .children import PUPIL, ROSTER, named, rows_in, whole

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked


def check(part: Checked, context: Context) -> list[Problem]:
    rows = rows_in(part, context, PUPIL)
    if not rows:
        return []
    own = set(rows.get("person_key"))
    before = context.siblings.held.get((ROSTER, part.school.id))
    same_year = before is not None
    if before is None and context.previous is not None:
        before = context.previous.held.get((ROSTER, part.school.id))
    if before is None:
        return []
    former = {key: row for key, row in on_roster(before).items() if row.is_here}
    # A year later the highest grade of the school has gone on: to another school, or it has finished.
    last = 99 if same_year else max((row.grade or 0 for row in former.values()), default=0)
    lost = {key for key, row in former.items() if key not in own and (row.grade or 0) < last}
    if not lost:
        return []
    others = [i for (ledger, s), i in context.siblings.held.items() if ledger == ROSTER and s != part.school.id]
    lost -= {key for key, row in on_rosters(others, lost).items() if row.is_here}
    if not lost:
        return []
    names, count = named(context.county_id, lost)
    return [whole(part, "left-roster", "person_key", names, count=count)]

