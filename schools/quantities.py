"""What is counted from the facts of the school itself: pupils, classes, premises, equipment.

Every tally reads only the datasets of the FactSet it is given. Where several ledgers can give a fact, the one that
stands for the school (SourceChoice, else statistics before roster before profile) is read, field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Model, Sum

from . import reliefs
from .codes import Stage, stage_of_grade, stages_of_type
from .factset import SOURCE_ORDER, FactSet
from .models import ClassBand, Equipment, Premises, Profile, SchoolClass
from .parameters import ParameterSet
from .parameters import declare as declare_parameter
from .quantity import Quantity, SourceCell, Tally, declare

STAGES = tuple(stage.value for stage in Stage)
CENSUS = "统计时点为9月1日。"
FORMS = ("statistics", "school_profile")  # ledgers whose counts stand in one profile row, not in a list


def form_rows(facts: FactSet, model: type[Model]) -> dict[int, dict]:
    """dataset id -> the one row of this model that each form of the set brought; read once for all its fields."""
    key = "rows", model._meta.label
    if key not in facts.memory:
        facts.memory[key] = {row["dataset_id"]: row for row in model.objects.filter(dataset_id__in=facts.ids(*FORMS)).values()}
    return facts.memory[key]


@dataclass(frozen=True)
class FormField:
    """A quantity that stands in one field (or the sum of several) of a one-row model; `signs` are +1 or -1 a field.

    The first field must be given; a later one that is blank adds nothing (a relief area most schools do not have).
    """

    fact: str
    model: type[Model]
    fields: tuple[str, ...]
    signs: tuple[int, ...]
    required: int = 1

    def _rows(self, facts: FactSet) -> dict[int, tuple[int, tuple]]:
        rows = form_rows(facts, self.model)
        return {dataset_id: (row["id"], tuple(row[name] for name in self.fields)) for dataset_id, row in rows.items()}

    def _standing(self, facts: FactSet) -> dict[int, tuple[int, int, tuple]]:
        """school id -> (dataset id, row id, values) from the preferred ledger whose needed fields are given."""
        rows = self._rows(facts)
        found = {}
        for school_id in {s for (ledger, s) in facts.held if ledger in FORMS and s is not None}:
            for ledger in facts.preference(self.fact, school_id):
                dataset_id = facts.held[ledger, school_id]
                row = rows.get(dataset_id)
                if row and all(value is not None for value in row[1][: self.required]):
                    found[school_id] = (dataset_id, *row)
                    break
        return found

    def tally(self, facts: FactSet, parameters: ParameterSet) -> Tally:
        return {
            (school_id, ""): sum(sign * (value or 0) for sign, value in zip(self.signs, values, strict=True))
            for school_id, (_, _, values) in self._standing(facts).items()
        }

    def cells(self, facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        found = self._standing(facts).get(school_id)
        if found is None:
            return []
        dataset_id, row_id, values = found
        return [
            SourceCell(self.model._meta.label, row_id, dataset_id, name, str(value))
            for name, value in zip(self.fields, values, strict=True)
            if value is not None
        ]


@dataclass(frozen=True)
class StageField:
    """A quantity by stage: fields `<stage><suffix>` of the profile row that the statistics or the profile form brought.

    What stands is settled number by number: a workbook without this table leaves it to the next ledger in the order.
    """

    fact: str
    suffix: str

    def standing(self, facts: FactSet) -> dict[int, str]:
        """school id -> the ledger this number is taken from: a roster that is held, or the first form that gives it."""
        return self._standing(facts, self._given(facts))

    def rosters(self, facts: FactSet, ledger: str) -> list[int]:
        """Dataset ids of the roster `ledger` at the schools where it stands for this number."""
        return [facts.held[ledger, school_id] for school_id, one in self.standing(facts).items() if one == ledger]

    def tally(self, facts: FactSet) -> dict[tuple[int, str], int]:
        """Blank in a stage the school's type does not teach is 0; blank in one it teaches is missing."""
        given = self._given(facts)
        found: dict[tuple[int, str], int] = {}
        for school_id, ledger in self._standing(facts, given).items():
            if (ledger, school_id) not in given:
                continue
            school = facts.school_by_id.get(school_id)
            taught = stages_of_type(school.type_code) if school else ()
            for stage, value in given[ledger, school_id].items():
                if value is not None:
                    found[school_id, stage] = value
                elif taught and stage not in taught:
                    found[school_id, stage] = 0
        return found

    def cells(self, facts: FactSet, school_id: int, stage: str) -> list[SourceCell]:
        name, ledger = f"{stage}_{self.suffix}", self.standing(facts).get(school_id)
        if ledger not in FORMS or name not in self._names().values():
            return []
        rows = Profile.objects.filter(dataset_id=facts.held[ledger, school_id]).values_list("pk", "dataset_id", name)
        return [
            SourceCell("schools.Profile", pk, dataset_id, name, str(value))
            for pk, dataset_id, value in rows
            if value is not None
        ]

    def _names(self) -> dict[str, str]:
        return {stage: f"{stage}_{self.suffix}" for stage in STAGES if hasattr(Profile, f"{stage}_{self.suffix}")}

    def _given(self, facts: FactSet) -> dict[tuple[str, int], dict[str, int | None]]:
        """(form, school id) -> {stage: value} where at least one stage is given."""
        names = self._names()
        held = {dataset_id: slot for slot, dataset_id in facts.held.items() if slot[0] in FORMS}
        found = {}
        for dataset_id, row in form_rows(facts, Profile).items():
            values = {stage: row[name] for stage, name in names.items()}
            if any(value is not None for value in values.values()):
                found[held[dataset_id]] = values
        return found

    def _standing(self, facts: FactSet, given: Collection[tuple[str, int]]) -> dict[int, str]:
        schools = {school_id for ledger, school_id in facts.held if ledger in SOURCE_ORDER[self.fact] and school_id}
        found = {}
        for school_id in schools:
            for ledger in facts.preference(self.fact, school_id):
                if ledger not in FORMS or (ledger, school_id) in given:
                    found[school_id] = ledger
                    break
        return found


def _class_rows(facts: FactSet, parameters: ParameterSet, value: str, ids: list[int]) -> dict[tuple[int, str], int]:
    """`value` "pupils" or "classes" by stage of these class lists: class rows, else size bands per grade."""
    school_of, years = facts.school_of(), parameters.get("primary_years")
    found = {(school_of[i], stage): 0 for i in ids for stage in STAGES}
    measure = Sum("pupils") if value == "pupils" else Count("pk")
    listed = set()
    for dataset_id, grade, count in (
        SchoolClass.objects.filter(dataset_id__in=ids).values_list("dataset_id", "grade").annotate(n=measure)
    ):
        listed.add(dataset_id)
        found[school_of[dataset_id], stage_of_grade(grade, years)] += count
    for dataset_id, grade, count in (
        ClassBand.objects.filter(dataset_id__in=ids)
        .exclude(dataset_id__in=listed)
        .values_list("dataset_id", "grade", value)
    ):
        if count is not None:
            found[school_of[dataset_id], stage_of_grade(grade, years)] += count
    return found


def _class_cells(
    facts: FactSet, parameters: ParameterSet, school_id: int, stage: str, field: str
) -> list[SourceCell]:
    dataset_id, years = facts.held["classes", school_id], parameters.get("primary_years")
    cells = []
    for model, name in ((SchoolClass, field if field == "pupils" else "name"), (ClassBand, field)):
        for pk, grade, value in (
            model.objects.filter(dataset_id=dataset_id).order_by("sheet", "row").values_list("pk", "grade", name)
        ):
            if value is not None and stage_of_grade(grade, years) == stage:
                cells.append(SourceCell(model._meta.label, pk, dataset_id, name, str(value)))
        if cells:
            break
    return cells


def _by_stage(code: str, title: str, unit: str, fact: str, suffix: str, note: str) -> Quantity:
    """Pupils or classes: the class ledger where it stands, the profile's columns elsewhere."""
    form = StageField(fact, suffix)

    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        return {**form.tally(facts), **_class_rows(facts, parameters, suffix, form.rosters(facts, "classes"))}

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        if form.standing(facts).get(school_id) == "classes":
            return _class_cells(facts, parameters, school_id, stage, suffix)
        return form.cells(facts, school_id, stage)

    return declare(
        Quantity(
            code,
            title,
            unit,
            1,
            "stage",
            ("classes", "school_profile", "statistics"),
            "school_year",
            tally,
            cells,
            note,
        )
    )


def _grades(facts: FactSet, parameters: ParameterSet) -> Tally:
    """Grades that have classes, in the list or the size bands of the ledger that stands; of the next one if it names none."""
    years = parameters.get("primary_years")
    by_dataset: dict[int, set[int]] = {}
    for model in (SchoolClass, ClassBand):
        rows = model.objects.filter(dataset_id__in=facts.ids("classes", "statistics")).values_list("dataset_id", "grade")
        for dataset_id, grade in rows.distinct():
            by_dataset.setdefault(dataset_id, set()).add(grade)
    found: dict[tuple[int, str], int] = {}
    for school_id in {school_id for _, school_id in facts.held if school_id}:
        ledgers = facts.preference("classes", school_id)
        grades = next((one for ledger in ledgers if (one := by_dataset.get(facts.held[ledger, school_id]))), set())
        for grade in grades:
            key = (school_id, stage_of_grade(grade, years))
            found[key] = found.get(key, 0) + 1
    return found


def _form(code: str, title: str, unit: str, scale: int, form: FormField, note: str = CENSUS) -> Quantity:
    return declare(
        Quantity(
            code,
            title,
            unit,
            scale,
            "school",
            ("school_profile", "statistics"),
            "school_year",
            form.tally,
            form.cells,
            note,
        )
    )


def _no_cells(*_: object) -> Sequence[SourceCell]:
    return []


PUPILS = _by_stage("pupils", "在校生数", "人", "pupils", "pupils", f"按学籍计，含随班就读和送教上门学生；{CENSUS}")
CLASSES = _by_stage("classes", "班级数", "个", "classes", "classes", CENSUS)
GRADES = declare(
    Quantity("grades", "年级数", "个", 1, "stage", ("classes", "statistics"), "school_year", _grades, _no_cells, CENSUS)
)

TEACHING_AREA = _form(
    "teaching_area", "教学及辅助用房面积", "㎡", 100, FormField("premises", Premises, ("teaching_area",), (1,))
)
TEACHING_AREA_NET = _form(
    "teaching_area_net",
    "教学及辅助用房面积(不含室内体育用房)",
    "㎡",
    100,
    FormField("premises", Premises, ("teaching_area", "indoor_sports_area"), (1, -1), required=2),
    "统计口径的教学及辅助用房含室内体育用房，此处减去。",
)
SPORTS = FormField("premises", Premises, ("outdoor_sports_area", "indoor_sports_area"), (1, 1), required=2)
SPORTS_RELIEF = FormField("premises", Premises, ("other_campus_sports_area", "leased_sports_area"), (1, 1), required=0)
SPORTS_AREA_RELIEF = declare_parameter(reliefs.relief(
    "sports_area_relief", "体育场馆面积过渡性放宽", "放宽时，人口密集中心城区学校可另计校内其他专用运动场地和校外租借场馆；",
))  # fmt: skip


def _relieved(facts: FactSet, parameters: ParameterSet, school_id: int) -> bool:
    school = facts.school_by_id.get(school_id)
    return bool(school and school.is_dense_centre and parameters.get("sports_area_relief", school=school))


def _sports_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    relief = SPORTS_RELIEF.tally(facts, parameters)
    return {
        key: area + (relief.get(key, 0) if _relieved(facts, parameters, key[0]) else 0)
        for key, area in SPORTS.tally(facts, parameters).items()
    }


def _sports_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
    cells = list(SPORTS.cells(facts, parameters, school_id, stage))
    if _relieved(facts, parameters, school_id):
        cells += SPORTS_RELIEF.cells(facts, parameters, school_id, stage)
    return cells


SPORTS_AREA = declare(
    Quantity(
        "sports_area",
        "体育运动场馆面积",
        "㎡",
        100,
        "school",
        ("school_profile", "statistics"),
        "school_year",
        _sports_tally,
        _sports_cells,
        "体育运动场地与室内体育用房之和；放宽规则有效时，人口密集中心城区学校另计校内其他专用运动场地和校外租借场馆。",
    )
)
EQUIPMENT_VALUE = _form(
    "equipment_value",
    "教学仪器设备值",
    "元",
    100,
    FormField("equipment", Equipment, ("equipment_value",), (1,)),
    "账面原值。",
)
MULTIMEDIA_ROOMS = _form(
    "multimedia_rooms", "网络多媒体教室", "间", 1, FormField("equipment", Equipment, ("multimedia_rooms",), (1,))
)
COMPUTERS = _form(
    "computers", "教学用计算机", "台", 1, FormField("equipment", Equipment, ("teaching_computers",), (1,))
)
BOOKS = _form("books", "图书", "册", 1, FormField("equipment", Equipment, ("books",), (1,)))


def _area(code: str, title: str, field: str) -> Quantity:
    return _form(code, title, "㎡", 100, FormField("premises", Premises, (field,), (1,)))


LAND_AREA = _area("land_area", "占地面积", "land_area")
BUILDING_AREA = _area("building_area", "校舍建筑面积", "building_area")
OUTDOOR_SPORTS_AREA = _area("outdoor_sports_area", "体育运动场地面积", "outdoor_sports_area")
INDOOR_SPORTS_AREA = _area("indoor_sports_area", "室内体育用房面积", "indoor_sports_area")
OTHER_CAMPUS_SPORTS_AREA = _area("other_campus_sports_area", "校内其他专用运动场地面积", "other_campus_sports_area")
LEASED_SPORTS_AREA = _area("leased_sports_area", "校外租借体育场馆面积", "leased_sports_area")
MIGRANT_PUPILS = _form(
    "migrant_pupils", "随迁子女在校生数", "人", 1, FormField("pupils", Profile, ("migrant_pupils",), (1,))
)
BUILT_BY_2010 = _form(
    "built_by_2010", "2010年及之前规划并建成", "", 1, FormField("premises", Profile, ("built_by_2010",), (1,)), "1 为是，0 为否。"
)
