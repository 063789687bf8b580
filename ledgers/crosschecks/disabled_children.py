"""A10 against A7: where the plan places a child is how the roster has it; nobody waits longer than a term."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.models import AttendsAs, Placement
from dropout.services.children import masked_children
from dropout.services.claims import OnRoster, on_rosters, waiting_in

from ..problems import Problem
from .children import PLAN, ROSTER, at, name_of, rows_in

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

WORDS = dict(Placement.choices)
# Whoever is taught holds a school record; those who wait, are deferred or found unfit hold none.
TAUGHT = frozenset({"inclusive", "special", "special_class", "home"})


def check(part: Checked, context: Context) -> list[Problem]:
    rows = rows_in(part, context, PLAN)
    if not rows:
        return []
    keys = rows.get("person_key")
    ids = context.siblings.ids(ROSTER)
    rosters, known = on_rosters(ids, keys), masked_children(context.county_id, keys)
    own = (ROSTER, part.school.id) in context.siblings.held
    waiting = waiting_in(context.previous.ids(part.ledger.code)) if context.previous is not None else set()
    found = []
    for index, (key, placement) in enumerate(zip(keys, rows.get("placement"), strict=True)):
        if not key or not placement:
            continue
        name, row = name_of(part, key, known), rosters.get(key)
        if placement == Placement.WAITING and key in waiting:
            found.append(at(part, PLAN, "placement", index, "waiting-too-long", name))
        if placement in TAUGHT and own and (row is None or not row.is_here):
            found.append(at(part, PLAN, "person_key", index, "not-on-rosters", name))
        elif row is not None and (wanted := _differs(placement, row)):
            found.append(at(part, PLAN, "placement", index, "placement-differs-from-roster", name, found=WORDS[placement], wanted=wanted))
    return found


def _differs(placement: str, row: OnRoster) -> str:
    """How the roster has the child, where that is not what the plan says; "" where they agree or the roster does not say."""
    if (placement == Placement.HOME) != (row.attends_as == AttendsAs.HOME) and row.attends_as:
        return f"的就读方式是“{row.attends}”"
    if placement == Placement.INCLUSIVE and row.is_inclusive is False:
        return "没有写明随班就读"
    if placement in ("waiting", "deferred") and row.is_here and row.status != "suspended":
        return "写为在校"
    return ""
