"""A1 学校基本情况表: one row per school and year, or a vertical form (序号·类别·填报项目·单位·填报值)."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schools.codes import stages_of_type

from ..checking.context import Context
from ..checking.frame import Frame
from ..ledger import Expansion, Ledger, Table
from ..problems import Problem
from .profile_columns import (
    BASIC_STAGES,
    CLASSES,
    PROFILE_COLUMNS,
    PUPILS,
    ROOM,
    ROOM_BANDS,
    ROOM_COLUMNS,
    STAGES,
    TEACHERS,
)
from .profile_computed import check_computed

SOURCES = {PUPILS: ("classes", "statistics"), CLASSES: ("classes", "statistics"), TEACHERS: ("teachers", "statistics")}
# (part, whole): what may never exceed what.
WITHIN = (
    ("indoor_sports_area", "teaching_area"), ("teaching_area", "building_area"), ("full_time_teachers", "staff"),
    ("teaching_computers", "computers"),
    *((f"{stage}_{part}", f"{stage}_full_time_teachers") for stage, _ in BASIC_STAGES
      for part in ("backbone", "pe_art", "mid_title", "certified", "trained")),
    *((f"{stage}_in_zone", f"{stage}_pupils") for stage, _ in BASIC_STAGES),
    ("training_budget", "public_funds_budget"), ("training_final", "public_funds_final"),
)  # fmt: skip
SUBGROUPS = ("migrant_pupils", "inclusive_pupils", "special_class_pupils", "home_taught_pupils")
LAND_BAND = (500_00, 300_000_00)  # 0.01 ㎡


@dataclass(frozen=True)
class SchoolProfile(Ledger):
    """What A2, A3 or the statistics already say need not be said again: it is computed and, if present, compared."""

    def complete(self, frame: Frame, context: Context) -> None:
        """What follows from another column: totals of a one-stage school, and 计算机台数 where no teaching computers are told."""
        if frame.table.extra:
            return
        stages = {s.id: taught[0] for s in frame.schools if s and len(taught := stages_of_type(s.type_code)) == 1}
        for whole, suffix in (("all_pupils", "pupils"), ("all_classes", "classes"), ("full_time_teachers", "full_time_teachers")):
            if frame.has(whole):
                self._hand_down(frame, whole, suffix, stages)
        if frame.has("computers") and not frame.has("teaching_computers"):
            _copy(frame, "computers", "teaching_computers", range(len(frame)))
            for i in frame.usable():
                if frame.values["computers"][i] is not None:
                    frame.problem("taken-from", i, "teaching_computers", wanted="教学用计算机台数", found="计算机台数")

    @staticmethod
    def _hand_down(frame: Frame, whole: str, suffix: str, stages: dict[int, str]) -> None:
        """A total at a school of one stage is that stage's number, unless the stage's own column gives it."""
        for stage in set(stages.values()):
            name = f"{stage}_{suffix}"
            if frame.table.by_field.get(name) is None:
                continue
            rows = [i for i, s in enumerate(frame.schools) if s and stages.get(s.id) == stage and frame.get(name)[i] is None]
            if rows and not frame.has(name):
                _copy(frame, whole, name, rows)

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.extra:
            return
        for i in frame.usable():
            if frame.schools[i] is not None:
                self._stage_pupils(frame, context, i)
                self._not_given(frame, context, i)
                check_computed(frame, context, i)
            self.check_within(frame, i)
            self.check_units(frame, i)
        yield from ()

    def _stage_pupils(self, frame: Frame, context: Context, i: int) -> None:
        """Pupils by stage are needed while neither class list nor statistics stand."""
        school = frame.schools[i]
        if context.holds(school, *SOURCES[PUPILS]):
            return
        taught = stages_of_type(school.type_code)
        given = [stage for stage, _ in STAGES if frame.get(f"{stage}_pupils")[i] is not None]
        wanted = [stage for stage, _ in STAGES if stage in taught] or ([] if given else ["primary"])
        for stage in wanted:
            name = f"{stage}_pupils"
            if stage in given or i in frame.bad.get(name, ()):
                continue
            column = frame.table.column(name)
            if frame.has(name):
                frame.problem("blank-required", i, name, value="", wanted=f"“{column.header}”（本校尚无班级情况表，学生数须在本表填写）")
            else:
                frame.problem("missing-column", i, name, value="", wanted=column.header, names=f"{column.header}；也可以先上传班级情况表")

    def _not_given(self, frame: Frame, context: Context, i: int) -> None:
        """Classes and teachers that no ledger gives: told, since their figures will be missing."""
        if not context.holds(frame.schools[i], *SOURCES[TEACHERS]):
            names = [f"{stage}_full_time_teachers" for stage, _ in BASIC_STAGES]
            if all(frame.get(name)[i] is None for name in names):
                frame.problem("source-missing", i, "full_time_teachers", value="", what="分学段的教师数", wanted="教师花名册")
        if not context.holds(frame.schools[i], *SOURCES[CLASSES]) and all(frame.get(f"{s}_classes")[i] is None for s, _ in BASIC_STAGES):
            frame.problem("source-missing", i, "primary_classes", value="", what="教学班数", wanted="班级情况表")

    def check_within(self, frame: Frame, i: int) -> None:
        for part, whole in WITHIN:
            a, b = frame.get(part)[i], frame.get(whole)[i]
            if a is not None and b is not None and a > b:
                self._above(frame, i, part, a, whole, b)
        pupils = [v for stage, _ in STAGES if (v := frame.get(f"{stage}_pupils")[i]) is not None]
        for part in SUBGROUPS:
            a = frame.get(part)[i]
            if pupils and a is not None and a > sum(pupils):
                frame.problem("part-above-whole", i, part, value=str(a), what=frame.table.column(part).header, whole="在校生总数", wanted=sum(pupils))
        for stage, _ in BASIC_STAGES:
            a, b = frame.get(f"{stage}_above_degree")[i], frame.get(f"{stage}_full_time_teachers")[i]
            b = frame.get("full_time_teachers")[i] if b is None else b
            if a is not None and b is not None and a > b:
                name = f"{stage}_above_degree"
                frame.problem("degrees-above-teachers", i, name, value=str(a), what=frame.table.column(name).header, wanted=b)

    @staticmethod
    def _above(frame: Frame, i: int, part: str, a: int, whole: str, b: int) -> None:
        column, of = frame.table.column(part), frame.table.column(whole)
        frame.problem("part-above-whole", i, part, value=frame.shown(part, a), what=column.header, whole=of.header, wanted=frame.shown(whole, b))

    def check_units(self, frame: Frame, i: int) -> None:
        """What no school has: so little or so much land, more multimedia rooms than classrooms. Amounts for each pupil: crosschecks.per_pupil."""
        land = frame.get("land_area")[i]
        if land is not None and land and not LAND_BAND[0] <= land <= LAND_BAND[1]:
            frame.problem("unit-doubtful", i, "land_area", what="占地面积", found=frame.shown("land_area", land), low="500㎡", high="300000㎡")
        classes = sum(v for stage, _ in BASIC_STAGES if (v := frame.get(f"{stage}_classes")[i]) is not None)
        media = frame.get("multimedia_rooms")[i]
        if classes and media and media * 10 > classes * 16:
            frame.problem("unusual-number", i, "multimedia_rooms", value=str(media), what="网络多媒体教室", whole="教学班数", wanted=classes)


def _copy(frame: Frame, source: str, name: str, rows: Iterable[int]) -> None:
    """Take over values with the place they stand at."""
    wanted = set(rows)
    frame.values[name] = [value if i in wanted else None for i, value in enumerate(frame.values[source])]
    frame.texts[name], frame.bad[name] = frame.texts[source], set()
    places = frame.cells if frame.turned else frame.letters
    places[name] = places[source]
    frame.headers[name] = frame.headers.get(source, "")


SCHOOL_PROFILE = SchoolProfile(
    code="school_profile",
    due=True,
    title="学校基本情况表",
    order=10,
    tables=(
        Table("main", "学校基本情况", PROFILE_COLUMNS, target="schools.Profile", single=True, turned=True,
              note="每校一行；也可用“填报项目—填报值”的竖表。"),
        Table("rooms", "专用教室", ROOM_COLUMNS, target=ROOM, extra=True, note="音乐、美术教室每间一行。"),
    ),
    expansions=tuple(
        Expansion(f"{kind}_rooms_{code}", ROOM, {"kind": kind, "name": f"{name}教室({title})", "area": least}, by="name")
        for kind, name, bands in ROOM_BANDS
        for code, title, least in bands
    ),
    note="办学条件、经费和学生流动。学生、班级、教师数已在其他台账中的，可以不填。",
)  # fmt: skip
