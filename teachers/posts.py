"""Posts 编制 of each school: due by the ratio, approved, filled, away, vacant; and staff off the quota beside vacant posts.

中央编办发〔2014〕72号. Approved posts come from the school profile, persons from the roster. 有编不补 is a veto (V4): a
school with vacant posts and off-quota teachers at once is a signal for whoever must declare it, never a verdict.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Count, Q

from schools.codes import COMPULSORY
from schools.factset import FactSet
from schools.models import Profile
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantities import FormField
from schools.quantity import QUANTITIES, Quantity, SourceCell, Tally, declare

from .models import Duty, Staffing, Teacher

ROSTER, PROFILE = "teachers", "school_profile"
ESTABLISHED = (Staffing.POST.value, Staffing.COUNTY.value)
OFF_QUOTA = (Staffing.CONTRACT.value, Staffing.SUBSTITUTE.value, Staffing.PART_TIME.value)
AWAY = (Duty.LENT.value, Duty.STUDY.value, Duty.EXCHANGE.value)
STAFF_RATIO = declare_parameter(Parameter(
    "staff_ratio", "教职工编制标准(每名教职工对应学生数)", "stage_fractions", "primary:19,junior:13.5", "中央编办发〔2014〕72号", unit="人",
    note="小学 1∶19、初中 1∶13.5；各省另有规定的按省定标准。",
)).code  # fmt: skip
LEAST_STAFF = declare_parameter(Parameter(
    "staff_least", "学校最少教职工编制数", "integer", "0", "地方规定（小规模学校生师比与班师比相结合）", unit="人", note="填 0 表示只按生师比核算。",
)).code  # fmt: skip


@dataclass(frozen=True)
class _Count:
    """Roster rows of a school under one condition; a school with a roster and no such row has 0."""

    condition: Q
    field: str

    def _rows(self, ids: list[int]):
        return Teacher.objects.filter(self.condition, dataset_id__in=ids)

    def tally(self, facts: FactSet, parameters: ParameterSet) -> Tally:
        school_of, ids = facts.school_of(), facts.ids(ROSTER)
        found = {(school_of[i], ""): 0 for i in ids}
        for dataset_id, count in self._rows(ids).values_list("dataset_id").annotate(n=Count("pk")):
            found[school_of[dataset_id], ""] = count
        return found

    def cells(self, facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        ids = [facts.held[ROSTER, school_id]] if (ROSTER, school_id) in facts.held else []
        words = dict(Teacher._meta.get_field(self.field).flatchoices)
        rows = self._rows(ids).order_by("sheet", "row").values_list("pk", "dataset_id", self.field)
        return [SourceCell("teachers.Teacher", pk, dataset_id, self.field, str(words.get(v, v))) for pk, dataset_id, v in rows]


def _roster(code: str, title: str, condition: Q, field: str, note: str) -> Quantity:
    count = _Count(condition, field)
    return declare(Quantity(code, title, "人", 1, "school", (ROSTER,), "school_year", count.tally, count.cells, note))


ESTABLISHED_STAFF = _roster("established_staff", "在编教职工数", Q(staffing__in=ESTABLISHED), "staffing", "花名册中编制类型为在编和县管校聘的教职工。")
OFF_QUOTA_STAFF = _roster("off_quota_staff", "编外聘用教师数", Q(staffing__in=OFF_QUOTA) & ~Q(is_full_time=False), "staffing", "合同制(编外)、代课或临聘、兼职教师。")
AWAY_STAFF = _roster("away_staff", "在编不在岗教职工数", Q(staffing__in=ESTABLISHED, duty__in=AWAY), "duty", "借调、脱产学习、外出交流。")
APPROVED = FormField("teachers", Profile, ("approved_posts",), (1,))
APPROVED_POSTS = declare(Quantity(
    "approved_posts", "核定教职工编制数", "人", 1, "school", (PROFILE,), "school_year", APPROVED.tally, APPROVED.cells, "机构编制部门核定给学校的编制。",
))  # fmt: skip


def _due_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    """Pupils of each stage by its ratio, begun posts counted whole, at least the place's minimum."""
    heads: dict[int, Fraction] = {}
    known = facts.school_by_id
    for (school_id, stage), count in QUANTITIES["pupils"].tally(facts, parameters).items():
        if stage in COMPULSORY and school_id in known:
            ratio = parameters.get(STAFF_RATIO, stage, known[school_id])
            heads[school_id] = heads.get(school_id, Fraction(0)) + (Fraction(count) / ratio if ratio else 0)
    return {
        (school_id, ""): max(ceil(share), parameters.get(LEAST_STAFF, school=known[school_id])) if share else 0
        for school_id, share in heads.items()
    }


def _due_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
    return [cell for one in COMPULSORY for cell in QUANTITIES["pupils"].cells(facts, parameters, school_id, one)]


STAFF_DUE = declare(Quantity(
    "staff_due", "按标准应配教职工数", "人", 1, "school", ("classes", PROFILE), "school_year", _due_tally, _due_cells,
    "小学、初中在校生按编制标准折算，不足一人的按一人计。",
))  # fmt: skip


def _vacant_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    filled = ESTABLISHED_STAFF.tally(facts, parameters)
    return {key: max(0, posts - filled[key]) for key, posts in APPROVED.tally(facts, parameters).items() if key in filled}


def _vacant_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
    return [*APPROVED.cells(facts, parameters, school_id, ""), *ESTABLISHED_STAFF.cells(facts, parameters, school_id, "")]


VACANT_POSTS = declare(Quantity(
    "vacant_posts", "空缺编制数", "人", 1, "school", (PROFILE, ROSTER), "school_year", _vacant_tally, _vacant_cells, "核定编制数减去花名册中的在编教职工数。",
))  # fmt: skip
