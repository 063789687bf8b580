"""The statistics against the rosters and the profile form: two sources of one fact that differ are a doubt, whichever comes last."""
from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from schools.codes import Stage

from ..cleaning import plain_number
from ..problems import Problem
from .pupils_and_classes import BAND, CLASS, PROFILE, counted_classes
from .roster_counts import TEACHER, counted_teachers
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

STATISTICS = "statistics"
ROSTERS = {"classes": "班级情况表", "teachers": "教师花名册", "school_profile": "学校基本情况表"}
# suffix of the profile row's columns, quantity, words, the roster that counts it
BY_STAGE = (
    ("pupils", "pupils", "在校生数", "classes"),
    ("classes", "classes", "教学班数", "classes"),
    ("full_time_teachers", "full_time_teachers", "专任教师数", "teachers"),
    ("above_degree", "above_degree_teachers", "高于规定学历教师数", "teachers"),
    ("backbone", "backbone_teachers", "县级及以上骨干教师数", "teachers"),
    ("pe_art", "pe_art_teachers", "体育艺术专任教师数", "teachers"),
    ("mid_title", "mid_title_teachers", "中级及以上职称教师数", "teachers"),
)
# model, field (its quantity has the same name), words, stored integers a unit, unit
BY_SCHOOL = (
    ("schools.Premises", "teaching_area", "教学及辅助用房面积", 100, "㎡"),
    ("schools.Premises", "indoor_sports_area", "室内体育用房面积", 100, "㎡"),
    ("schools.Premises", "outdoor_sports_area", "体育运动场地面积", 100, "㎡"),
    ("schools.Equipment", "equipment_value", "教学仪器设备资产值", 1_000_000, "万元"),
    ("schools.Equipment", "multimedia_rooms", "网络多媒体教室", 1, "间"),
    ("schools.Equipment", "books", "图书册数", 1, "册"),
)


def check(part: Checked, context: Context) -> list[Problem]:
    if part.school is None or part.ledger.code not in (STATISTICS, *ROSTERS):
        return []
    if part.ledger.code == STATISTICS:
        return [problem for ledger in ROSTERS for problem in _statistics_side(part, context, ledger)]
    return list(_roster_side(part, context))


def _statistics_side(part: Checked, context: Context, ledger: str) -> Iterator[Problem]:
    """At the statistics' own upload: what the other ledger of the school says of the same thing."""
    for suffix, quantity, title, roster in BY_STAGE:
        if ledger not in (roster, "school_profile"):
            continue
        theirs = said_by(context.siblings, ledger, quantity, part.school.id, context)
        for stage in Stage:
            name = f"{stage.value}_{suffix}"
            ours = part.sum(PROFILE, name)
            if ours is not None and stage.value in theirs and theirs[stage.value] != ours:
                place = _place(part, PROFILE, name)
                yield _differ(place, f"{stage.label}{title}", name, ROSTERS[ledger], str(theirs[stage.value]), str(ours))
    if ledger == "school_profile":
        for model, name, title, scale, unit in BY_SCHOOL:
            ours, theirs = part.sum(model, name), said_by(context.siblings, ledger, name, part.school.id, context).get("")
            if ours is not None and theirs is not None and ours != theirs:
                yield _differ(_place(part, model, name), title, name, ROSTERS[ledger], _shown(theirs, scale, unit), _shown(ours, scale, unit))


def _roster_side(part: Checked, context: Context) -> Iterator[Problem]:
    """At the upload of a roster or of the profile form: what the statistics of the school say, if it has sent them."""
    if not context.holds(part.school, STATISTICS):
        return
    source = ROSTERS[part.ledger.code]
    for suffix, quantity, title, roster in BY_STAGE:
        ours = _counted(part, context, suffix, roster)
        if not ours:
            continue
        theirs = said_by(context.siblings, STATISTICS, quantity, part.school.id, context)
        for stage in Stage:
            mine, name = ours.get(stage.value), f"{stage.value}_{suffix}"
            if mine is not None and stage.value in theirs and theirs[stage.value] != mine:
                yield _differ(_place(part, PROFILE, name), f"{stage.label}{title}", name, source, str(mine), str(theirs[stage.value]))
    for model, name, title, scale, unit in BY_SCHOOL:
        ours, theirs = part.sum(model, name), said_by(context.siblings, STATISTICS, name, part.school.id, context).get("")
        if ours is not None and theirs is not None and ours != theirs:
            yield _differ(_place(part, model, name), title, name, source, _shown(ours, scale, unit), _shown(theirs, scale, unit))


def _counted(part: Checked, context: Context, suffix: str, roster: str) -> dict[str, int]:
    """stage -> what the checked rows say of this number; empty when this ledger does not say it. `roster`: who counts it."""
    if len(part.rows_by_model.get(TEACHER, ())):
        return counted_teachers(part, context, suffix) if roster == "teachers" else {}
    if any(len(part.rows_by_model.get(model, ())) for model in (CLASS, BAND)):
        found = counted_classes(part, context, suffix) if roster == "classes" else None
        return {stage.value: found.get(stage.value, 0) for stage in Stage} if found is not None else {}
    return {stage.value: said for stage in Stage if (said := part.sum(PROFILE, f"{stage.value}_{suffix}")) is not None}


def _place(part: Checked, model: str, name: str) -> tuple[str, str, int | None]:
    """The cell that says it; for a sum over a list the sheet alone."""
    if len(part.rows_by_model.get(model, ())) == 1:
        return part.place_of(model, name)
    rows = next((rows for rows in part.rows_by_model.values() if len(rows)), None)
    sheets = part.row_map.get("sheets", [])
    return (sheets[rows.sheet[0]] if rows and sheets else ""), "", None


def _differ(place: tuple[str, str, int | None], title: str, name: str, source: str, said: str, statistics: str) -> Problem:
    return Problem("differs-from-statistics", *place, title, name, said, {"what": title, "source": source, "wanted": statistics})


def _shown(stored: int, scale: int, unit: str) -> str:
    return f"{plain_number(Fraction(stored, scale))}{unit}"
