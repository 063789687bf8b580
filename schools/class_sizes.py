"""Class sizes: every class against the limit of its stage or grade, by name; bands where only those are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .codes import COMPULSORY, GRADE_NAMES, stage_of_grade, stages_of_type
from .factset import FactSet, SchoolRef
from .models import ClassBand, SchoolClass
from .parameters import Parameter, ParameterSet, declare
from .quantities import STAGES
from .quantity import Quantity, SourceCell, Tally, remember
from .quantity import declare as declare_quantity

CLASS, BAND = "schools.SchoolClass", "schools.ClassBand"
# The ten official bands: field, words, lowest and highest number of pupils.
BANDS = (
    ("upto_25", "25人及以下", 0, 25),
    ("from_26", "26-30人", 26, 30),
    ("from_31", "31-35人", 31, 35),
    ("from_36", "36-40人", 36, 40),
    ("from_41", "41-45人", 41, 45),
    ("from_46", "46-50人", 46, 50),
    ("from_51", "51-55人", 51, 55),
    ("from_56", "56-60人", 56, 60),
    ("from_61", "61-65人", 61, 65),
    ("from_66", "66人及以上", 66, None),
)

LIMIT = declare(
    Parameter(
        "class_size_limit",
        "班额上限",
        "stage_integers",
        "primary:45,junior:50",
        "教督〔2017〕6号 政府保障程度第5项",
        unit="人",
        note="超过上限的班级逐班列出。",
    )
)
LIMIT_BY_GRADE = declare(
    Parameter(
        "class_size_grades",
        "分年级的班额上限",
        "grade_integers",
        "",
        "地方规定（如起始年级先行）",
        unit="人",
        note="只写另有规定的年级，例如 一年级 40、七年级 45；没有写的年级按学段的班额上限。",
    )
)
LARGE = declare(Parameter("large_class", "大班额的起点", "integer", "56", "教育部统计口径", unit="人", note="不低于这个人数为大班额。"))
SUPER_LARGE = declare(
    Parameter("super_large_class", "超大班额的起点", "integer", "66", "教育部统计口径", unit="人", note="不低于这个人数为超大班额。")
)
LARGE_PLAN = declare(
    Parameter("large_class_plan", "大班额班级数年度计划", "year_integers", "", "消除大班额专项规划", unit="个",
              note="按学年写大班额（含超大班额）最多还剩几个班，例如 2025学年 12、2026学年 4、2027学年 0。")
)  # fmt: skip
SUPER_PLAN = declare(
    Parameter("super_large_class_plan", "超大班额班级数年度计划", "year_integers", "", "消除大班额专项规划", unit="个",
              note="按学年写超大班额最多还剩几个班，例如 2025学年 2、2026学年 0。")
)  # fmt: skip
LARGE_SHARE = declare(Parameter("large_class_share", "大班额比例控制目标", "fraction", "0.05", "教育部：2020年底前大班额控制在5%以内", share=True))
SUPER_SHARE = declare(Parameter("super_large_class_share", "超大班额比例控制目标", "fraction", "0.02", "教育部：2018年底前超大班额控制在2%以内", share=True))
_GRADES = {str(grade): word for grade, word in GRADE_NAMES.items() if grade <= 9}
FREE_GRADES = declare(
    Parameter(
        "large_class_free_grades",
        "不得再有大班额的年级",
        "choices",
        "",
        "地方规定（如起始年级先行）",
        choices=tuple(_GRADES),
        words=tuple(_GRADES.items()),
        note="例如 一年级、七年级；空白表示没有这项规定。",
    )
)


@dataclass(frozen=True)
class ClassSize:
    """One class by name. `over` pupils above its limit (0 = within); `kind` "", "large" or "super"; `banned`: a large
    class in a grade in which the place allows none any more."""

    school: SchoolRef
    stage: str
    grade: int
    name: str
    pupils: int
    limit: int
    kind: str
    banned: bool
    row_id: int
    dataset_id: int

    @property
    def over(self) -> int:
        return max(0, self.pupils - self.limit)


class Limits:
    """The limit of each school's grades under one set of parameters, each asked once."""

    def __init__(self, parameters: ParameterSet):
        self.parameters = parameters
        self._known: dict[tuple[int, int], int] = {}

    def of(self, school: SchoolRef, grade: int, stage: str) -> int:
        key = (school.id, grade)
        if key not in self._known:
            own = self.parameters.get(LIMIT_BY_GRADE.code, school=school)
            by_stage = self.parameters.get(LIMIT.code, school=school)
            self._known[key] = own.get(grade, by_stage[stage])
        return self._known[key]


def list_classes(facts: FactSet, parameters: ParameterSet, ids: Sequence[int] | None = None) -> list[ClassSize]:
    """Every class of the compulsory stages that the standing class ledgers name, by school and grade."""
    if ids is None:
        return remember(facts, "classes", parameters, lambda own: list_classes(facts, own, facts.ids("classes")))
    school_of, years, limits = facts.school_of(), parameters.get("primary_years"), Limits(parameters)
    large, super_large = parameters.get(LARGE.code), parameters.get(SUPER_LARGE.code)
    free = {int(grade) for grade in parameters.get(FREE_GRADES.code)}
    rows = SchoolClass.objects.filter(dataset_id__in=ids)
    found = []
    for pk, dataset_id, grade, name, pupils in rows.order_by("dataset_id", "grade", "id").values_list(
        "pk", "dataset_id", "grade", "name", "pupils"
    ):
        school, stage = facts.school_by_id.get(school_of[dataset_id]), stage_of_grade(grade, years)
        if school is None or stage not in COMPULSORY:
            continue
        kind = "super" if pupils >= super_large else "large" if pupils >= large else ""
        limit = limits.of(school, grade, stage)
        banned = bool(kind) and grade in free
        found.append(ClassSize(school, stage, grade, name, pupils, limit, kind, banned, pk, dataset_id))
    return found


def count_bands(classes: Sequence[ClassSize]) -> dict[str, dict[str, int]]:
    """stage -> band field -> number of classes, from classes by name."""
    found = {stage: {code: 0 for code, *_ in BANDS} for stage in COMPULSORY}
    for one in classes:
        band = next(code for code, _, low, high in BANDS if low <= one.pupils and (high is None or one.pupils <= high))
        found[one.stage][band] += 1
    return found


def _banded(facts: FactSet, parameters: ParameterSet) -> dict[tuple[int, str], int | None]:
    """(school, stage) -> classes over the limit by size bands; None where a band lies across the limit."""
    school_of, years, limits = facts.school_of(), parameters.get("primary_years"), Limits(parameters)
    found: dict[tuple[int, str], int | None] = {}
    rows = ClassBand.objects.filter(dataset_id__in=_banded_ids(facts))
    for dataset_id, grade, *counts in rows.values_list("dataset_id", "grade", *(code for code, *_ in BANDS)):
        school, stage = facts.school_by_id.get(school_of[dataset_id]), stage_of_grade(grade, years)
        if school is None or stage not in COMPULSORY:
            continue
        over, limit = 0, limits.of(school, grade, stage)
        for (_, _, low, high), count in zip(BANDS, counts, strict=True):
            if low > limit:
                over = None if over is None else over + (count or 0)
            elif count and (high is None or high > limit):
                over = None
        key = (school.id, stage)
        before = found.get(key, 0)
        found[key] = None if before is None or over is None else before + over
    return found


def _banded_ids(facts: FactSet) -> list[int]:
    """Datasets whose size bands count: class ledgers without a list by name; the statistics where no class ledger is held."""
    if "banded" not in facts.memory:
        facts.memory["banded"] = _find_banded(facts)
    return facts.memory["banded"]


def _find_banded(facts: FactSet) -> list[int]:
    ids = facts.ids("classes")
    listed = set(SchoolClass.objects.filter(dataset_id__in=ids).values_list("dataset_id", flat=True))
    with_classes = {school_id for ledger, school_id in facts.held if ledger == "classes"}
    official = [i for (ledger, s), i in facts.held.items() if ledger == "statistics" and s not in with_classes]
    return [i for i in ids if i not in listed] + official


def _over_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    found = _held(facts)
    unknown = set()
    for key, count in _banded(facts, parameters).items():
        for stage in _not_taught(facts, key[0]):
            found.setdefault((key[0], stage), 0)
        found[key] = count or 0
        if count is None:
            unknown.add(key)
    for one in list_classes(facts, parameters):
        found[one.school.id, one.stage] += one.over > 0
    return {key: count for key, count in found.items() if key not in unknown}


def _not_taught(facts: FactSet, school_id: int) -> list[str]:
    """Stages the school's type does not have; none where the type does not say."""
    taught = stages_of_type(facts.school_by_id[school_id].type_code)
    return [stage for stage in STAGES if taught and stage not in taught]


def _held(facts: FactSet) -> dict[tuple[int, str], int]:
    return {
        (school_id, stage): 0
        for (ledger, school_id) in facts.held
        if ledger == "classes" and school_id is not None
        for stage in STAGES
    }


def _largest_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    found: dict[tuple[int, str], int] = {}
    for one in list_classes(facts, parameters):
        key = (one.school.id, one.stage)
        found[key] = max(found.get(key, 0), one.pupils)
    return found


def _classes_of(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[ClassSize]:
    ids = [facts.held["classes", school_id]] if ("classes", school_id) in facts.held else []
    return [one for one in list_classes(facts, parameters, ids) if one.stage == stage]


def _cell(one: ClassSize) -> SourceCell:
    return SourceCell(CLASS, one.row_id, one.dataset_id, "pupils", str(one.pupils))


def _over_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    return [_cell(one) for one in _classes_of(facts, parameters, school_id, stage) if one.over]


def _largest_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    classes = _classes_of(facts, parameters, school_id, stage)
    most = max((one.pupils for one in classes), default=0)
    return [_cell(one) for one in classes if one.pupils == most]


LARGEST_CLASS = declare_quantity(
    Quantity(
        "largest_class",
        "最大班额",
        "人",
        1,
        "stage",
        ("classes",),
        "school_year",
        _largest_tally,
        _largest_cells,
        "逐班名单中学生最多的一个班；只报了班额分段的学校不能得出。",
    )
)
CLASSES_OVER = declare_quantity(
    Quantity(
        "classes_over",
        "超过班额上限的班级数",
        "个",
        1,
        "stage",
        ("classes", "statistics"),
        "school_year",
        _over_tally,
        _over_cells,
        "学生数超过班额上限的班级；只报了班额分段而上限落在某一段之内的，不能得出。",
    )
)


def _sized(code: str, title: str, start: str) -> Quantity:
    """Classes of `start` pupils or more, by name; of the band that begins there where only bands are known."""

    def over_bands(facts: FactSet, parameters: ParameterSet) -> dict[tuple[int, str], int]:
        """Only where a band begins exactly at the number; elsewhere the bands cannot tell."""
        least, years, school_of = parameters.get(start), parameters.get("primary_years"), facts.school_of()
        names = [name for name, _, low, _ in BANDS if low >= least]
        if not any(low == least for _, _, low, _ in BANDS):
            return {}
        found: dict[tuple[int, str], int] = {}
        for dataset_id, grade, *counts in ClassBand.objects.filter(dataset_id__in=_banded_ids(facts)).values_list("dataset_id", "grade", *names):
            key = (school_of[dataset_id], stage_of_grade(grade, years))
            found[key] = found.get(key, 0) + sum(count or 0 for count in counts)
        return found

    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        classes = list_classes(facts, parameters)
        named = {one.school.id for one in classes}
        found = {key: n for key, n in _held(facts).items() if key[0] in named} | over_bands(facts, parameters)
        least = parameters.get(start)
        for one in classes:
            found[one.school.id, one.stage] += one.pupils >= least
        return found

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
        least = parameters.get(start)
        return [_cell(one) for one in _classes_of(facts, parameters, school_id, stage) if one.pupils >= least]

    return declare_quantity(
        Quantity(code, title, "个", 1, "stage", ("classes", "statistics"), "school_year", tally, cells, "按逐班名单；只报了班额分段的按分段。")
    )


LARGE_CLASSES = _sized("large_classes", "大班额班级数", LARGE.code)
SUPER_LARGE_CLASSES = _sized("super_large_classes", "超大班额班级数", SUPER_LARGE.code)
