"""What is counted from the teacher roster: one person once, at the school that holds the personnel relation.

Counted are full-time teachers 专任教师 who are established or contracted at the school 在编、特岗、县管校聘、合同制;
substitute, part-time and visiting ones are not (教督〔2017〕6号 readings; the visiting ones count where their relation is).
Where a school has no roster, or the statistics stand before it, the counts by stage of that form stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Count, Q

from schools.factset import FactSet
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantities import STAGES, StageField
from schools.quantity import Quantity, SourceCell, Tally, declare

from . import pe_art_relief
from .models import (
    COUNTED_BACKBONE,
    COUNTED_STAFFING,
    PE_ART_SUBJECTS,
    VALID_REGISTRATION,
    Certificate,
    Degree,
    Teacher,
    TitleRank,
)

DEGREES = (Degree.BELOW, Degree.COLLEGE, Degree.BACHELOR, Degree.MASTER, Degree.DOCTOR)
HELD_CERTIFICATES = tuple(kind.value for kind in Certificate if kind != Certificate.NONE)
MID_TITLES = (TitleRank.MIDDLE.value, TitleRank.VICE.value, TitleRank.SENIOR.value)

ABOVE_DEGREE = {
    stage: declare_parameter(
        Parameter(
            f"above_degree_from.{stage}",
            f"{title}高于规定学历的起点",
            "choice",
            default,
            "教督〔2017〕6号；小学专科及以上、初中本科及以上",
            choices=tuple(degree.value for degree in DEGREES), words=tuple((degree.value, degree.label) for degree in DEGREES),
            note="从这一级学历起算作高于规定学历。",
        )
    ).code
    for stage, title, default in (
        ("primary", "小学", "college"),
        ("junior", "初中", "bachelor"),
        ("senior", "高中", "master"),
    )
}


def counted(parameters: ParameterSet) -> Q:
    """The rows that count as full-time teachers of the school."""
    return Q(is_full_time=True, staffing__in=COUNTED_STAFFING)


def _above_degree(facts: FactSet, parameters: ParameterSet) -> Q:
    condition = Q(pk__in=[])
    for stage, code in ABOVE_DEGREE.items():
        start = [degree.value for degree in DEGREES].index(parameters.get(code))
        condition |= Q(stage=stage, degree__in=[degree.value for degree in DEGREES[start:]])
    return condition


def _backbone(facts: FactSet, parameters: ParameterSet) -> Q:
    """On a county-or-higher list that has not expired by the census day; a list without an end stays valid."""
    return Q(backbone_level__in=COUNTED_BACKBONE) & (
        Q(backbone_valid_to__isnull=True) | Q(backbone_valid_to__gte=facts.year * 100 + 9)
    )


# What a relief adds to a count: (school, stage) -> the cells of the persons added.
More = Callable[[FactSet, ParameterSet], Mapping[tuple[int, str], Sequence[SourceCell]]]


def _declare(code: str, title: str, suffix: str, field: str, condition, note: str, more: More | None = None) -> Quantity:
    """A count of roster rows by stage; `suffix` names the profile's columns that stand in where no roster does."""
    form = StageField("teachers", suffix)

    def rows(facts: FactSet, parameters: ParameterSet, ids: list[int]):
        return Teacher.objects.filter(counted(parameters) & condition(facts, parameters), dataset_id__in=ids)

    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        school_of = facts.school_of()
        found, ids = form.tally(facts), form.rosters(facts, "teachers")
        found.update({(school_of[i], stage): 0 for i in ids for stage in STAGES})
        for dataset_id, stage, count in (
            rows(facts, parameters, ids).values_list("dataset_id", "stage").annotate(n=Count("pk"))
        ):
            if stage:
                found[school_of[dataset_id], stage] = count
        for key, added in (more(facts, parameters) if more else {}).items():
            if key in found:
                found[key] += len(added)
        return found

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        if form.standing(facts).get(school_id) != "teachers":
            return form.cells(facts, school_id, stage)
        dataset_id = facts.held["teachers", school_id]
        listed = rows(facts, parameters, [dataset_id]).filter(stage=stage).order_by("sheet", "row")
        shown = Teacher._meta.get_field(field)
        words = dict(shown.flatchoices)
        return [
            SourceCell("teachers.Teacher", pk, dataset_id, field, str(words.get(value, value)))
            for pk, value in listed.values_list("pk", field)
        ] + list(more(facts, parameters).get((school_id, stage), ()) if more else ())

    sources = ("teachers", "school_profile", "statistics")
    return declare(Quantity(code, title, "人", 1, "stage", sources, "school_year", tally, cells, note))


RULE = "按9月1日在册专任教师计，含在编、特岗、县管校聘和合同制聘用，不含兼职、代课和支教交流来校人员；按任教学段归属。"

FULL_TIME = _declare("full_time_teachers", "专任教师数", "full_time_teachers", "is_full_time", lambda f, p: Q(), RULE)
ABOVE = _declare(
    "above_degree_teachers",
    "高于规定学历教师数",
    "above_degree",
    "degree",
    _above_degree,
    f"小学为专科及以上，初中为本科及以上。{RULE}",
)
BACKBONE = _declare(
    "backbone_teachers",
    "县级及以上骨干教师数",
    "backbone",
    "backbone_level",
    _backbone,
    f"在有效期内的县级及以上骨干教师。{RULE}",
)
PE_ART = _declare(
    "pe_art_teachers",
    "体育、艺术(美术、音乐)专任教师数",
    "pe_art",
    "subject",
    lambda f, p: Q(subject__in=PE_ART_SUBJECTS),
    f"按主要任教学科计体育、音乐、美术、艺术。过渡性放宽有效时，50至99人的乡村小规模学校另计交流、兼职和走教的体艺教师。{RULE}",
    more=pe_art_relief.added,
)
MID_TITLE = _declare(
    "mid_title_teachers",
    "中级及以上专业技术职务教师数",
    "mid_title",
    "title_rank",
    lambda f, p: Q(title_rank__in=MID_TITLES),
    RULE,
)
REGISTERED = declare_parameter(
    Parameter(
        "certificate_registered",
        "持证率只计在定期注册有效期内的教师",
        "boolean",
        "false",
        "中小学教师资格定期注册暂行办法；教督〔2017〕6号 政府保障程度第12项只要求持证",
        note="是：教师花名册写明首次注册或注册合格且未过期的才计入。",
    )
).code


def registered(facts: FactSet) -> Q:
    """Registered, and the registration has not run out by the census day; one without an end stays valid."""
    return Q(registration__in=VALID_REGISTRATION) & (
        Q(registration_valid_to__isnull=True) | Q(registration_valid_to__gte=facts.year * 100 + 9)
    )


def _certified(facts: FactSet, parameters: ParameterSet) -> Q:
    held = Q(certificate__in=HELD_CERTIFICATES)
    return held & registered(facts) if parameters.get(REGISTERED) else held


CERTIFIED = _declare(
    "certified_teachers",
    "持有教师资格证的专任教师数",
    "certified",
    "certificate",
    _certified,
    f"教师资格证种类不为“无”；地方要求定期注册的，只计在有效期内的。{RULE}",
)
