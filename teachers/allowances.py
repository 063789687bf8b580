"""Rural teachers' allowances: what each is due for a month against what is paid, with a place's top-up for village schools.

Due = the person's own township allowance × (1 + top-up) at village schools and teaching points, the allowance elsewhere.
Fen a month throughout; the roster gives both columns, and a blank one is missing, never 0.
"""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from django.db.models import Count, Q, Sum

from schools.codes import is_village
from schools.factset import FactSet, SchoolRef
from schools.models import SchoolKind
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantity import Quantity, SourceCell, Tally, declare

from .models import Teacher

ROSTER, POINT_TYPE = "teachers", "218"
TOP_UP = declare_parameter(Parameter(
    "village_top_up", "村小和教学点教师补贴高于乡镇工作补贴的比例", "fraction", "0", "地方规定（国家只要求差别化补助）", share=True, note="例如高出 50% 填 0.5；填 0 表示只按本人的乡镇工作补贴。",
)).code  # fmt: skip
WANTED = declare_parameter(Parameter(
    "allowance_share", "农村教师补贴实发占应发的最低比例", "fraction", "0", "地方规定", share=True, note="填 1 表示应发尽发；填 0 表示没有列为地方考核要求。",
)).code  # fmt: skip


def top_up_of(school: SchoolRef, parameters: ParameterSet) -> Fraction:
    """By how much the allowance is raised at this school; 0 away from villages."""
    village = is_village(school.area_code) or school.kind == SchoolKind.POINT or school.type_code == POINT_TYPE
    return parameters.get(TOP_UP, school=school) if village else Fraction(0)


def _sums(facts: FactSet) -> dict[int, tuple[int, int, int, int, int]]:
    """school -> (persons due, sum of standards, sum paid, paid not told, standards not told) of its roster."""
    school_of = facts.school_of()
    due = Q(allowance_standard__gt=0)
    rows = Teacher.objects.filter(dataset_id__in=facts.ids(ROSTER)).values_list("dataset_id")
    sums = rows.annotate(
        persons=Count("pk", filter=due), standard=Sum("allowance_standard", filter=due), paid=Sum("allowance_paid", filter=due),
        untold=Count("pk", filter=due & Q(allowance_paid__isnull=True)), blank=Count("pk", filter=Q(allowance_standard__isnull=True)),
    )  # fmt: skip
    return {school_of[i]: (n, standard or 0, paid or 0, untold, blank) for i, n, standard, paid, untold, blank in sums}


def _due_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    """Missing where a roster leaves a standard blank: nobody knows then whether the person is due."""
    known = facts.school_by_id
    return {
        (school_id, ""): ceil(standard * (1 + top_up_of(known[school_id], parameters)))
        for school_id, (_, standard, _, _, blank) in _sums(facts).items() if not blank and school_id in known
    }


def _paid_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    return {(school_id, ""): paid for school_id, (_, _, paid, untold, blank) in _sums(facts).items() if not (untold or blank)}


def _cells(name: str):
    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        ids = [facts.held[ROSTER, school_id]] if (ROSTER, school_id) in facts.held else []
        rows = Teacher.objects.filter(dataset_id__in=ids, allowance_standard__gt=0).order_by("sheet", "row")
        return [
            SourceCell("teachers.Teacher", pk, dataset_id, name, str(value))
            for pk, dataset_id, value in rows.values_list("pk", "dataset_id", name) if value is not None
        ]

    return cells


ALLOWANCE_DUE = declare(Quantity(
    "allowance_due", "应发农村教师补贴(月)", "元", 100, "school", (ROSTER,), "school_year", _due_tally, _cells("allowance_standard"),
    "花名册中本人乡镇工作补贴标准之和；村小和教学点按地方规定的比例提高。",
))  # fmt: skip
ALLOWANCE_PAID = declare(Quantity(
    "allowance_paid", "实发农村教师补贴(月)", "元", 100, "school", (ROSTER,), "school_year", _paid_tally, _cells("allowance_paid"),
    "花名册中应享受补贴的人每月实发之和。",
))  # fmt: skip


def underpaid(facts: FactSet, parameters: ParameterSet) -> list[tuple[str, int, int, int]]:
    """(person, school, due, paid) of everybody paid less than due; fen a month, the largest gap first."""
    known, school_of = facts.school_by_id, facts.school_of()
    rates = {i: 1 + top_up_of(school, parameters) for i, school in known.items()}
    rows = Teacher.objects.filter(dataset_id__in=facts.ids(ROSTER), allowance_standard__gt=0, allowance_paid__isnull=False)
    found = []
    for person, dataset_id, standard, paid in rows.values_list("person_key", "dataset_id", "allowance_standard", "allowance_paid"):
        school_id = school_of[dataset_id]
        due = ceil(standard * rates.get(school_id, 1))
        if paid < due:
            found.append((person, school_id, due, paid))
    return sorted(found, key=lambda row: row[3] - row[2])
