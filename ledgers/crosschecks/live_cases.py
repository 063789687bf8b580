"""A8 against the live register: a ledger that says another thing than the case, or leaves an open case out, is asked about."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dropout.models.cases import RESTING
from dropout.services.children import masked_children
from dropout.services.reported import latest_cases, open_cases_of_school
from dropout.states import MISSING

from ..problems import Problem
from .children import at, name_of, rows_in, whole

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MODEL = "dropout.ReportedCase"


def check(part: Checked, context: Context) -> list[Problem]:
    """Contradictions row by row; then the school's open cases that the ledger does not name (a zero report too)."""
    if part.school is None or context.siblings is None or all(table.target != MODEL for table in part.ledger.tables):
        return []
    rows = rows_in(part, context, MODEL)
    keys = rows.get("person_key") if rows else []
    known = masked_children(context.county_id, keys)
    found = _contradictions(part, context, known) if rows else []
    listed = set(keys)
    missing = [live for live in open_cases_of_school(context.county_id, part.school.id) if live.person_key not in listed]
    names = masked_children(context.county_id, [live.person_key for live in missing])
    return found + [
        whole(part, "case-not-in-ledger", f"case.{live.number}", names.get(live.person_key, "某生"), number=live.number, wanted=live.title)
        for live in missing
    ]


def _contradictions(part: Checked, context: Context, known: dict[str, str]) -> list[Problem]:
    rows = part.rows_by_model[MODEL]
    live, found = latest_cases(context.county_id, rows.get("person_key")), []
    given = zip(rows.get("person_key"), rows.get("is_struck_off"), rows.get("returned_on"), rows.get("left_on"), rows.get("found_on"), strict=True)
    for index, (key, struck, returned, left, seen) in enumerate(given):
        case = live.get(key)
        if case is None:
            continue
        name, over = name_of(part, key, known), bool(struck or returned)
        if case.is_open and over and (struck or case.state in (*MISSING, *RESTING)):
            said = "已销号" if struck else "已复学"
            found.append(at(part, MODEL, "is_struck_off" if struck else "returned_on", index, "case-open-in-register", name, found=said, number=case.number, wanted=case.title))
        elif not case.is_open and not over and case.covers(left or seen):
            found.append(at(part, MODEL, "category", index, "case-closed-in-register", name, found="在办", number=case.number,
                            on=case.closed_on.isoformat() if case.closed_on else "", wanted=case.title))  # fmt: skip
    return found
