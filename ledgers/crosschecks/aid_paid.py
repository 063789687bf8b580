"""A11 against A7 and the tags: boarders are boarders, and every child whose household is poor is aided (应助尽助)."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.models import AidItem, AttendsAs, Group
from dropout.services.children import masked_children
from dropout.services.claims import on_roster, on_rosters, tagged

from ..problems import Problem
from .children import AID, ROSTER, at, name_of, named, rows_in, whole

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

ITEMS = dict(AidItem.choices)
DUE = (Group.POOR.value, Group.WATCHED.value, Group.MINIMUM.value, Group.ORPHAN.value)
LIVING = (AidItem.BOARDER.value, AidItem.DAY.value)


def check(part: Checked, context: Context) -> list[Problem]:
    rows = rows_in(part, context, AID)
    if not rows:
        return []
    keys, items = rows.get("person_key"), rows.get("item")
    rosters, known = on_rosters(context.siblings.ids(ROSTER), keys), masked_children(context.county_id, keys)
    own = context.siblings.held.get((ROSTER, part.school.id))
    found = []
    for index, (key, item) in enumerate(zip(keys, items, strict=True)):
        row = rosters.get(key)
        if key and row is None and own is not None:
            found.append(at(part, AID, "person_key", index, "not-on-rosters", name_of(part, key, known)))
        elif row is not None and item in LIVING and row.attends_as and (item == AidItem.BOARDER) != (row.attends_as == AttendsAs.BOARDER):
            found.append(at(part, AID, "item", index, "boarder-differs-from-roster", name_of(part, key, known), found=ITEMS[item], wanted=row.attends))
    return found + (_not_covered(part, context, own, set(keys)) if own is not None else [])


def _not_covered(part: Checked, context: Context, roster: int, aided: set[str]) -> list[Problem]:
    """Pupils of the school whose tags say that aid is due and whom no row of this ledger names."""
    here = {key for key, row in on_roster(roster).items() if row.is_here}
    lacking = tagged(context.county_id, here - aided, DUE)
    if not lacking:
        return []
    names, count = named(context.county_id, lacking)
    what = "、".join(str(Group(group).label) for group in DUE if any(group in said for said in lacking.values()))
    return [whole(part, "aid-not-covered", "person_key", names, count=count, what=what)]
