"""Which rows enter a standard: one for each school and stage with pupils, and why the others stay out.

Rows follow the pupils, not the name of the school's type: a nine-year school is two rows, a junior school with an
attached primary class too. Campuses and points carry their own facts only.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.rules import Rules
from schools.codes import COUNTY_SPONSORS, PRIVATE, SPECIAL_TYPES, VOCATIONAL_TYPES, Stage, stages_of_type
from schools.factset import FactSet, SchoolRef
from schools.models import SchoolKind

ADULT_TYPES = frozenset({"221", "222", "228", "229", "331", "332", "364"})
NO_COMPULSORY_TYPES = frozenset({"111", "342"})
POINT_TYPE = "218"
STAGE_NAMES = dict(Stage.choices)

REASONS = {
    "special": "特殊教育学校不纳入本项评估。",
    "vocational": "职业学校不纳入本项评估。",
    "adult": "成人学校不纳入义务教育评估。",
    "private": "民办学校不纳入本项评估。",
    "other_sponsor": "县级以外举办的学校不纳入本项评估。",
    "point": "教学点不纳入本项评估。",
    "small_point": "教学点在校生 {pupils} 人，不足 {minimum} 人，不纳入评估。",
    "no_pupils": "统计时点{stage}没有在校生，不计算。",
    "no_compulsory_stage": "没有义务教育阶段在校生，不纳入评估。",
}


@dataclass(frozen=True)
class Row:
    """One school and stage in scope; `pupils` > 0, `all_pupils` by stage of the whole unit (for splitting)."""

    school: SchoolRef
    stage: str
    part: str
    pupils: int
    all_pupils: Mapping[str, int]
    senior_missing: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A unit (or one stage of it) that does not count, with its pupils where known."""

    school: SchoolRef
    stage: str
    reason: str
    text: str
    pupils: int | None


@dataclass(frozen=True)
class Scoped:
    """Rows in order of stage and school code, what is left out, and the school-stages whose pupils are missing."""

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[tuple[SchoolRef, str], ...]


def is_point(school: SchoolRef) -> bool:
    """A teaching point 教学点, by its kind or its type."""
    return school.kind == SchoolKind.POINT or school.type_code == POINT_TYPE


def select(rules: Rules, facts: FactSet, pupils: Mapping[tuple[int, str], int]) -> Scoped:
    """The rows of a standard from the pupils by (school id, stage)."""
    stages = rules.standard.stages
    rows: list[Row] = []
    left_out: list[LeftOut] = []
    unknown: list[tuple[SchoolRef, str]] = []
    for school in facts.schools:
        heads = {stage: pupils[school.id, stage] for stage in STAGE_NAMES if (school.id, stage) in pupils}
        missing = [s for s in stages_of_type(school.type_code) if s not in heads]
        if not heads and not missing and school.type_code not in NO_COMPULSORY_TYPES:
            missing = [""]  # the type does not say, and nobody has: some pupils figure must come
        if reason := _excluded(rules, school):
            left_out += _whole(school, reason, REASONS[reason], heads, stages)
            continue
        wanted_missing = [s for s in missing if s in stages or not s]
        small = _small_point(rules, school, heads, stages) if not wanted_missing else None
        if small:
            left_out += _whole(school, "small_point", small, heads, stages)
            continue
        unknown += [(school, stage) for stage in wanted_missing]
        rows += _rows(school, heads, stages, Stage.SENIOR.value in missing)
        left_out += _empty(school, heads, stages)
    order = {stage: number for number, stage in enumerate(stages)}
    rows.sort(key=lambda row: (order[row.stage], row.school.code))
    return Scoped(tuple(rows), tuple(left_out), tuple(unknown))


def _excluded(rules: Rules, school: SchoolRef) -> str:
    """The reason why the whole unit is out, empty when it is in."""
    def allowed(name: str) -> bool:
        return rules.get(f"{name}_in_scope", school=school)

    private = school.sponsor_code == PRIVATE
    tests = (
        ("special", school.type_code in SPECIAL_TYPES and not allowed("special")),
        ("vocational", school.type_code in VOCATIONAL_TYPES and not allowed("vocational")),
        ("adult", school.type_code in ADULT_TYPES),
        ("private", private and not allowed("private")),
        ("other_sponsor", bool(school.sponsor_code) and not private
         and school.sponsor_code not in COUNTY_SPONSORS and not allowed("other_sponsors")),
        ("point", is_point(school) and not allowed("points")),
    )
    return next((reason for reason, holds in tests if holds), "")


def _small_point(rules: Rules, school: SchoolRef, heads: Mapping[str, int], stages: tuple[str, ...]) -> str | None:
    """The sentence for a teaching point below the minimum; None when it is none, or has no pupils at all."""
    count = sum(heads.get(stage, 0) for stage in stages)
    minimum = rules.get("point_minimum_pupils", school=school)
    if not is_point(school) or not count or count >= minimum:
        return None
    return REASONS["small_point"].format(pupils=count, minimum=minimum)


def _whole(
    school: SchoolRef, reason: str, text: str, heads: Mapping[str, int], stages: tuple[str, ...]
) -> list[LeftOut]:
    taught = [s for s in stages if heads.get(s)] or [s for s in stages if s in stages_of_type(school.type_code)] or [""]
    return [LeftOut(school, stage, reason, text, heads.get(stage)) for stage in taught]


def _rows(school: SchoolRef, heads: Mapping[str, int], stages: tuple[str, ...], senior_missing: bool) -> list[Row]:
    taught = [stage for stage, count in heads.items() if count]
    mixed = len(taught) + senior_missing > 1
    return [
        Row(school, stage, _part(school, stage, mixed), heads[stage], heads, senior_missing)
        for stage in stages if stage in taught
    ]


def _part(school: SchoolRef, stage: str, mixed: bool) -> str:
    if is_point(school):
        return "point"
    if school.kind == SchoolKind.CAMPUS:
        return "campus"
    return f"{stage}_part" if mixed else "whole"


def _empty(school: SchoolRef, heads: Mapping[str, int], stages: tuple[str, ...]) -> list[LeftOut]:
    """Stages the school should teach, or no stage at all, with a stated 0."""
    taught = stages_of_type(school.type_code)
    empty = [s for s in stages if s in taught and heads.get(s) == 0]
    if empty:
        return [
            LeftOut(school, s, "no_pupils", REASONS["no_pupils"].format(stage=STAGE_NAMES[s]), 0) for s in empty
        ]
    compulsory_taught = any(s in stages for s in taught)
    if not compulsory_taught and not any(heads.get(s) for s in stages) and (
        heads or school.type_code in NO_COMPULSORY_TYPES
    ):
        return [LeftOut(school, "", "no_compulsory_stage", REASONS["no_compulsory_stage"], 0)]
    return []
