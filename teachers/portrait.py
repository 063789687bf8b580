"""The county's teachers by stage and by where they teach: degrees, titles, certificates, recruitment, years in villages."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from schools.codes import COMPULSORY, area_group
from schools.factset import FactSet
from schools.parameters import ParameterSet

from .models import Certificate, Degree, Recruited, Registration, Teacher, TitleRank
from .quantities import counted, registered

ROSTER = "teachers"
AREAS = ("城区", "镇区", "乡村")
# Years taught in villages: words, lowest and highest; the last row is of those whose rosters do not tell.
RURAL_YEARS = (("没有", 0, 0), ("1-2 年", 1, 2), ("3-5 年", 3, 5), ("6-9 年", 6, 9), ("10 年及以上", 10, None))


@dataclass(frozen=True)
class Distribution:
    """How many counted teachers in each class, by column; the classes with words, in their order, the unknown last."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(row[1][n] for row in self.rows) for n in range(len(self.columns)))


def _teachers(facts: FactSet, parameters: ParameterSet):
    return Teacher.objects.filter(counted(parameters), dataset_id__in=facts.ids(ROSTER), stage__in=COMPULSORY)


def _table(title: str, columns: dict[str, str], classes: Iterable[tuple[str, str]], counts: Iterable[tuple[str, str, int]]) -> Distribution:
    """`counts` are (class, column, n); classes nobody declares (blank) come last as 未填."""
    found: dict[tuple[str, str], int] = {}
    for name, column, n in counts:
        found[name, column] = found.get((name, column), 0) + n
    listed = [*classes, ("", "未填")]
    rows = tuple((words, tuple(found.get((code, column), 0) for column in columns)) for code, words in listed)
    return Distribution(title, tuple(columns.values()), tuple(row for row in rows if any(row[1])))


def by_stage(facts: FactSet, parameters: ParameterSet) -> list[Distribution]:
    """Degrees, titles and certificates by the stage taught."""
    stages = {"primary": "小学", "junior": "初中"}
    kinds = (("最高学历", "degree", Degree), ("职称", "title_rank", TitleRank), ("教师资格证", "certificate", Certificate), ("教师资格定期注册", "registration", Registration))
    found = []
    for title, field, choices in kinds:
        rows = _teachers(facts, parameters).values_list(field, "stage").annotate(n=Count("pk"))
        found.append(_table(title, stages, choices.choices, rows))
    return found


def by_area(facts: FactSet, parameters: ParameterSet) -> list[Distribution]:
    """Recruitment and years taught in villages by where the school stands: town teachers who served, and who never did."""
    place = {ref: area_group(facts.school_by_id[s].area_code) for ref, s in facts.school_of().items() if s in facts.school_by_id}
    areas = {name: name for name in AREAS}
    rows = _teachers(facts, parameters).values_list("recruited", "dataset_id").annotate(n=Count("pk"))
    sources = _table("招聘来源", areas, Recruited.choices, ((code, place.get(i, ""), n) for code, i, n in rows))
    years = _teachers(facts, parameters).values_list("rural_years", "dataset_id").annotate(n=Count("pk"))
    bands = _table("乡村学校任教年限", areas, [(title, title) for title, *_ in RURAL_YEARS], ((_band(y), place.get(i, ""), n) for y, i, n in years))
    return [sources, bands]


def _band(years: int | None) -> str:
    if years is None:
        return ""
    return next(title for title, low, high in RURAL_YEARS if low <= years and (high is None or years <= high))


def registration_rate(facts: FactSet, parameters: ParameterSet) -> tuple[int, int] | None:
    """(teachers with a registration in force, counted teachers); None while no roster tells of registrations."""
    rows = _teachers(facts, parameters).aggregate(
        valid=Count("pk", filter=registered(facts)), told=Count("pk", filter=~Q(registration="")), total=Count("pk")
    )
    return (rows["valid"], rows["total"]) if rows["told"] else None
