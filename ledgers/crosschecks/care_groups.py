"""A9 against A7, A10 and the tags: whoever the roster calls 留守, 随迁 or 残疾 is cared for, and no group is without a ground."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.models import Group
from dropout.services.children import masked_children
from dropout.services.claims import disabled_listed, on_roster, tagged

from ..problems import Problem
from .children import CARE, ROSTER, at, name_of, named, rows_in, whole

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

WORDS = dict(Group.choices)
ROSTERED = (Group.DISABLED.value, Group.LEFT_BEHIND.value, Group.MIGRANT.value)
GROUNDED = (Group.DISABLED.value, Group.POOR.value)  # what another list or a certificate must say


def check(part: Checked, context: Context) -> list[Problem]:
    rows = rows_in(part, context, CARE)
    if not rows:
        return []
    held = context.siblings.held.get((ROSTER, part.school.id))
    roster = on_roster(held) if held is not None else {}
    keys = rows.get("person_key")
    said = {key: {one.partition(".")[0] for one in (groups or "").split(",") if one} for key, groups in zip(keys, rows.get("groups"), strict=True)}
    return _without_ground(part, context, said, roster) + _not_covered(part, context, said, roster)


def _without_ground(part: Checked, context: Context, said: dict[str, set[str]], roster: dict) -> list[Problem]:
    rows = part.rows_by_model[CARE]
    keys, bases = rows.get("person_key"), rows.get("basis")
    wanted = [key for key, groups in said.items() if groups & set(GROUNDED)]
    tags, plans = tagged(context.county_id, wanted, GROUNDED), disabled_listed(context.siblings.ids("disabled"), wanted)
    known, found = masked_children(context.county_id, wanted), []
    for index, key in enumerate(keys):
        for group in GROUNDED:
            if group not in said.get(key, ()) or bases[index]:
                continue
            grounds = tags.get(key, set()) | (roster[key].groups if key in roster else set()) | ({Group.DISABLED.value} if key in plans else set())
            if group not in grounds:
                found.append(at(part, CARE, "groups", index, "group-not-supported", name_of(part, key, known), found=WORDS[group]))
    return found


def _not_covered(part: Checked, context: Context, said: dict[str, set[str]], roster: dict) -> list[Problem]:
    found = []
    for group in ROSTERED:
        lacking = {key for key, row in roster.items() if row.is_here and group in row.groups and group not in said.get(key, ())}
        if lacking:
            names, count = named(context.county_id, lacking)
            found.append(whole(part, "care-not-covered", f"groups.{group}", names, count=count, what=WORDS[group]))
    return found
