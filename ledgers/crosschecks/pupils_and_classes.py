"""A1 against A2: pupils and classes of the same census day are the same (contracts 2: A1 ≠ A2 is an error)."""
from __future__ import annotations

from typing import TYPE_CHECKING

from schools.codes import Stage, stage_of_grade

from ..problems import Problem
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

PROFILE, CLASS, BAND = "schools.Profile", "schools.SchoolClass", "schools.ClassBand"
WHAT = (("pupils", "在校生数"), ("classes", "教学班数"))


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or part.ledger.forms:  # another source of the same fact: statistics_differ compares it
        return []
    if len(part.rows_by_model.get(PROFILE, ())):
        return [p for suffix, title in WHAT for p in _profile_side(part, context, suffix, title)]
    if len(part.rows_by_model.get(CLASS, ())) or len(part.rows_by_model.get(BAND, ())):
        return [p for suffix, title in WHAT for p in _class_side(part, context, suffix, title)]
    return []


def _profile_side(part: Checked, context: Context, suffix: str, title: str) -> list[Problem]:
    classes = said_by(context.siblings, "classes", suffix, part.school.id, context)
    if not classes:
        return []
    found = []
    for stage in Stage:
        name = f"{stage.value}_{suffix}"
        said = part.sum(PROFILE, name)
        if said is not None and said != classes.get(stage.value, 0):
            sheet, cell, row = part.place_of(PROFILE, name)
            found.append(Problem("differs-from-classes", sheet, cell, row, f"{stage.label}{title}", name, str(said),
                                 {"what": f"{stage.label}{title}", "wanted": classes.get(stage.value, 0)}))  # fmt: skip
    return found


def _class_side(part: Checked, context: Context, suffix: str, title: str) -> list[Problem]:
    profile = said_by(context.siblings, "school_profile", suffix, part.school.id, context)
    own = counted_classes(part, context, suffix)
    if not own:
        return []
    sheet = next(iter(part.row_map.get("sheets", [])), "")
    found = []
    for stage in Stage:
        said = profile.get(stage.value)
        if said is not None and said != own.get(stage.value, 0):
            what = f"学校基本情况表的{stage.label}{title}"
            found.append(Problem("differs-from-classes", sheet, field=suffix, value=str(said),
                                 params={"what": what, "wanted": own.get(stage.value, 0)}))  # fmt: skip
    return found


def counted_classes(part: Checked, context: Context, suffix: str) -> dict[str, int]:
    """stage -> pupils or classes of the checked class list (or of the size bands); empty when a needed column is missing."""
    years = context.parameters.get("primary_years")
    model = CLASS if len(part.rows_by_model.get(CLASS, ())) else BAND
    rows = part.rows_by_model[model].columns
    if "grade" not in rows or (suffix not in rows and (suffix, model) != ("classes", CLASS)):
        return {}
    counts = rows.get(suffix) or [1] * len(rows["grade"])
    totals: dict[str, int] = {}
    for grade, count in zip(rows["grade"], counts, strict=True):
        stage = stage_of_grade(grade, years)
        totals[stage] = totals.get(stage, 0) + (count or 0)
    return totals
