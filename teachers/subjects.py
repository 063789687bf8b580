"""Teachers by subject: how many periods a school's classes have each week, how many teachers that takes, who is short.

Periods and loads are places' rules (课程方案 leaves them to the provinces); the defaults are the usual timetable. 音乐、美术
and 艺术 are one group: a teacher of 艺术 teaches both.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.db.models import Count

from schools.codes import COMPULSORY
from schools.factset import FactSet
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantity import QUANTITIES, Quantity, SourceCell, Tally, declare

from .models import Subject, Teacher
from .quantities import counted

ROSTER = "teachers"
CLAUSE = "义务教育课程方案（2022年版）；周课时由各省安排"
# The group of each subject on a roster; what no group names is not measured.
GROUPS: dict[str, tuple[str, ...]] = {
    "语文": (Subject.CHINESE,), "数学": (Subject.MATHS,), "英语": (Subject.ENGLISH,), "道德与法治": (Subject.MORAL,), "科学": (Subject.SCIENCE,),
    "物理": (Subject.PHYSICS,), "化学": (Subject.CHEMISTRY,), "生物": (Subject.BIOLOGY,), "历史": (Subject.HISTORY, Subject.HISTORY_SOCIETY),
    "地理": (Subject.GEOGRAPHY,), "体育": (Subject.PE,), "音乐美术": (Subject.MUSIC, Subject.ART, Subject.ARTS), "信息科技": (Subject.IT,),
    "劳动与综合实践": (Subject.LABOUR, Subject.PRACTICE),
}  # fmt: skip
GROUP_OF = {str(subject): group for group, subjects in GROUPS.items() for subject in subjects}
PERIODS = {
    stage: declare_parameter(Parameter(
        f"subject_periods.{stage}", f"{title}各学科每班周课时", "named_fractions", default, CLAUSE, unit="课时", note="写学科和各年级平均的周课时，例如 语文:7,数学:5。",
    )).code
    for stage, title, default in (
        ("primary", "小学", "语文:7,数学:5,英语:2,道德与法治:2,科学:2,体育:4,音乐美术:4,信息科技:1,劳动与综合实践:2"),
        ("junior", "初中", "语文:5,数学:5,英语:4,道德与法治:3,物理:5/3,化学:1,生物:4/3,历史:2,地理:4/3,体育:4,音乐美术:2,信息科技:1,劳动与综合实践:2"),
    )
}  # fmt: skip
LOAD = declare_parameter(Parameter(
    "subject_load", "专任教师标准周课时", "stage_fractions", "primary:15,junior:13", CLAUSE, unit="课时", note="一名专任教师每周的标准课时量。",
)).code  # fmt: skip


@dataclass(frozen=True)
class Subjects:
    """One subject at one school and stage: periods a week, teachers needed (exact) and there."""

    school: int
    stage: str
    group: str
    periods: Fraction
    needed: Fraction
    have: int

    @property
    def short(self) -> int:
        """Whole teachers lacking; part of a post is no shortage (somebody teaches two subjects)."""
        return max(0, floor(self.needed - self.have))

    @property
    def surplus(self) -> int:
        return max(0, floor(self.have - self.needed))


def list_subjects(facts: FactSet, parameters: ParameterSet, school_id: int | None = None) -> list[Subjects]:
    """Every subject of every school with a roster and known classes, by school, stage and subject."""
    school_of = facts.school_of()
    ids = [i for i in facts.ids(ROSTER) if school_id in (None, school_of[i])]
    rows = Teacher.objects.filter(counted(parameters), dataset_id__in=ids).values_list("dataset_id", "stage", "subject").annotate(n=Count("pk"))
    have: dict[tuple[int, str, str], int] = {}
    for dataset_id, stage, subject, n in rows:
        if group := GROUP_OF.get(subject):
            key = (school_of[dataset_id], stage, group)
            have[key] = have.get(key, 0) + n
    classes = QUANTITIES["classes"].tally(facts, parameters)
    plans = {stage: parameters.get(PERIODS[stage]) for stage in COMPULSORY}
    found = []
    for i in ids:
        school = facts.school_by_id.get(school_of[i])
        for stage in COMPULSORY if school else ():
            count, load = classes.get((school.id, stage)), parameters.get(LOAD, stage, school)
            for group, periods in plans[stage].items() if count and load else ():
                total = periods * count
                found.append(Subjects(school.id, stage, group, total, total / load, have.get((school.id, stage, group), 0)))
    return found


def _tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    found: dict[tuple[int, str], int] = {}
    for one in list_subjects(facts, parameters):
        found[one.school, ""] = found.get((one.school, ""), 0) + one.short
    return found


def _cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
    return [cell for one in COMPULSORY for cell in QUANTITIES["classes"].cells(facts, parameters, school_id, one)]


SUBJECT_SHORTAGE = declare(Quantity(
    "subject_shortage", "学科教师缺额", "人", 1, "school", (ROSTER,), "school_year", _tally, _cells,
    "各学科周课时按标准工作量折算应配教师，减去以该学科为主的专任教师，整人的缺额相加；一名教师兼教两科的零头不计。",
))  # fmt: skip
