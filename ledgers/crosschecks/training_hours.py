"""A3 against A5: the five-year hours a roster notes are those of the training ledger, whichever of the two comes last."""
from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.masking import mask_name
from teachers.services import stated_hours
from teachers.training import cycle, hours_told, shown_hours

from ..problems import Problem

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

TEACHER, TRAINING, ROSTER, LEDGER = "teachers.Teacher", "teachers.Training", "teachers", "training"


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or context.siblings is None:
        return []
    if len(part.rows_by_model.get(TEACHER, ())):
        # Asking for the hours reads the whole roster back at approval: not where there is nothing to compare them with.
        return _roster_side(part, context) if context.siblings.ids(LEDGER) else []
    if len(part.rows_by_model.get(TRAINING, ())):
        return _training_side(part, context)
    return []


def _roster_side(part: Checked, context: Context) -> list[Problem]:
    rows = part.rows_by_model[TEACHER]
    columns = (rows.get(name) for name in ("person_key", "training_hours", "is_full_time"))
    noted = {key: (i, hours) for i, (key, hours, full) in enumerate(zip(*columns, strict=True)) if key and full and hours is not None}
    told = hours_told(context.siblings, context.parameters, list(noted)) if noted else {}
    ours = {year for by_year in told.values() for school, year in by_year if school == part.school.id}
    if not ours:
        return []
    found = []
    for key, (i, hours) in noted.items():
        total = sum(told.get(key, {}).values())
        if _contradicts(hours, total, ours, context):
            found.append(_problem(part, TEACHER, "training_hours", i, "五年培训学时", hours, "教师培训学时台账", total, key))
    return found


def _training_side(part: Checked, context: Context) -> list[Problem]:
    rows, window = part.rows_by_model[TRAINING], set(cycle(context.siblings, context.parameters))
    own: dict[str, dict[int, int]] = {}
    first: dict[str, int] = {}
    for i, (key, year, hours) in enumerate(zip(*(rows.get(name) for name in ("person_key", "year", "hours")), strict=True)):
        if key and year in window and hours is not None:
            by_year = own.setdefault(key, {})
            by_year[year] = by_year.get(year, 0) + hours
            first.setdefault(key, i)
    rosters = [dataset_id for (ledger, _), dataset_id in context.siblings.held.items() if ledger == ROSTER]
    noted = stated_hours(rosters, own)
    told = hours_told(context.siblings, context.parameters, list(noted)) if noted else {}
    # What is filed anew for a person and year replaces what this school filed before.
    rest = {key: {at: h for at, h in told.get(key, {}).items() if at[0] != part.school.id or at[1] not in own[key]} for key in noted}
    years = {year for by_year in own.values() for year in by_year} | {year for kept in rest.values() for school, year in kept if school == part.school.id}
    found = []
    for key, hours in noted.items():
        total = sum(own[key].values()) + sum(rest[key].values())
        if _contradicts(hours, total, years, context):
            found.append(_problem(part, TRAINING, "hours", first[key], "五年学时累计", total, "教师花名册", hours, key))
    return found


def _contradicts(noted: int, total: int, years: set[int], context: Context) -> bool:
    """More than noted is a contradiction at any time; less only once every year of the cycle has been filed."""
    return total > noted or total < noted and years >= set(cycle(context.siblings, context.parameters))


def _problem(part: Checked, model: str, name: str, index: int, what: str, said: int, source: str, wanted: int, key: str) -> Problem:
    sheet, cell, row = part.place_of(model, name, index)
    person = mask_name(part.persons.get(key, {}).get("name", "")) or "此人"
    params = {"what": f"{person}的{what}", "source": source, "wanted": shown_hours(wanted)}
    return Problem("differs-from-training", sheet, cell, row, what, name, shown_hours(said), params)
