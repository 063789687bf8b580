"""A1 against A3: teachers of the profile form are those of the roster; a difference between two sources is a doubt."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schools.codes import COMPULSORY, Stage
from teachers.models import COUNTED_BACKBONE, COUNTED_STAFFING, PE_ART_SUBJECTS
from teachers.quantities import ABOVE_DEGREE, DEGREES, MID_TITLES

from ..problems import Problem
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

PROFILE, TEACHER = "schools.Profile", "teachers.Teacher"
# suffix of the profile's columns, quantity of the roster, words
COMPARED = (
    ("full_time_teachers", "full_time_teachers", "专任教师数"),
    ("above_degree", "above_degree_teachers", "高于规定学历教师数"),
    ("backbone", "backbone_teachers", "县级及以上骨干教师数"),
    ("pe_art", "pe_art_teachers", "体育艺术专任教师数"),
    ("mid_title", "mid_title_teachers", "中级及以上职称教师数"),
)

_COUNTED_BY = ("is_full_time", "stage", "staffing", "degree", "backbone_level", "backbone_valid_to", "subject", "title_rank")


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or part.ledger.forms:  # another source of the same fact: statistics_differ compares it
        return []
    if len(part.rows_by_model.get(PROFILE, ())):
        return _profile_side(part, context)
    if len(part.rows_by_model.get(TEACHER, ())):
        return _roster_side(part, context)
    return []


def _profile_side(part: Checked, context: Context) -> list[Problem]:
    found = []
    for suffix, quantity, title in COMPARED:
        roster = said_by(context.siblings, "teachers", quantity, part.school.id, context)
        if not roster:
            continue
        for stage in COMPULSORY:
            _compare(part, found, f"{stage}_{suffix}", f"{Stage(stage).label}{title}", roster.get(stage, 0))
        if suffix == "full_time_teachers":
            _compare(part, found, "full_time_teachers", title, sum(roster.values()))
    return found


def _compare(part: Checked, found: list[Problem], name: str, title: str, roster: int) -> None:
    said = part.sum(PROFILE, name)
    if said is not None and said != roster:
        sheet, cell, row = part.place_of(PROFILE, name)
        found.append(Problem("differs-from-roster", sheet, cell, row, title, name, str(said), {"what": title, "wanted": roster}))


def _roster_side(part: Checked, context: Context) -> list[Problem]:
    profile = said_by(context.siblings, "school_profile", "full_time_teachers", part.school.id, context)
    if not profile:
        return []
    own = counted_teachers(part, context, "full_time_teachers")
    sheet = next(iter(part.row_map.get("sheets", [])), "")
    return [
        Problem("differs-from-roster", sheet, field="is_full_time", value=str(said),
                params={"what": f"学校基本情况表的{Stage(stage).label}专任教师数", "wanted": own.get(stage, 0)})
        for stage, said in sorted(profile.items())
        if said != own.get(stage, 0)
    ]  # fmt: skip


def counted_teachers(part: Checked, context: Context, suffix: str) -> dict[str, int]:
    """stage -> how many rows of the checked roster the quantity of this suffix counts; a stage nobody teaches has 0."""
    rows = part.rows_by_model[TEACHER]
    given = {name: rows.columns.get(name) or [None] * len(rows) for name in _COUNTED_BY}
    found = dict.fromkeys((stage.value for stage in Stage), 0)
    for values in zip(*given.values(), strict=True):
        row = dict(zip(given, values, strict=True))
        if row["is_full_time"] and row["stage"] and (not row["staffing"] or row["staffing"] in COUNTED_STAFFING) and _counts(row, suffix, context):
            found[row["stage"]] = found.get(row["stage"], 0) + 1
    return found


def _counts(row: Mapping[str, object], suffix: str, context: Context) -> bool:
    """What the quantities of teachers.quantities ask of a row beside being a full-time teacher."""
    if suffix == "above_degree":
        order = [degree.value for degree in DEGREES]
        return row["degree"] in order and order.index(row["degree"]) >= order.index(context.parameters.get(ABOVE_DEGREE[row["stage"]]))
    if suffix == "backbone":
        until = row["backbone_valid_to"]
        return row["backbone_level"] in COUNTED_BACKBONE and (until is None or until >= context.year * 100 + 9)
    if suffix == "pe_art":
        return row["subject"] in PE_ART_SUBJECTS
    if suffix == "mid_title":
        return row["title_rank"] in MID_TITLES
    return True
