"""Pupils nearby and pupils through the years: enrolment in the zone, the cohort that left junior school."""

from __future__ import annotations

from .codes import COMPULSORY, PRIVATE, area_group, stages_of_type
from .factset import FactSet, SchoolRef
from .models import Profile, School, SchoolKind
from .parameters import ParameterSet
from .quantity import QUANTITIES, Quantity, SourceCell, Tally, declare
from .sources import LEDGER_TITLES, Source, declare_figure

LEDGERS = ("school_profile", "statistics")
PROFILE = "schools.Profile"
NEARBY = ("城区", "镇区")
COHORT = {
    "graduates": "初中毕业生数",
    "entrants": "三年前初一入学数",
    "transfers_in": "三年转入数",
    "transfers_out": "三年转出数",
    "deaths": "三年死亡数",
}


def _profiles(facts: FactSet, *fields: str) -> dict[int, tuple]:
    """school id -> (row, dataset, values…) of its profile."""
    school_of = facts.school_of()
    rows = Profile.objects.filter(dataset_id__in=facts.ids(*LEDGERS)).values_list("dataset_id", "pk", *fields)
    return {school_of[row[0]]: (row[1], row[0], *row[2:]) for row in rows}


def _nearby_schools(facts: FactSet) -> list[SchoolRef]:
    """Public non-boarding schools of city and town; boarding by this year's profile, else by the register."""
    told = _profiles(facts, "is_boarding")
    register = dict(School.objects.filter(county_id=facts.county_id).values_list("id", "is_boarding"))

    def boards(school: SchoolRef) -> bool:
        said = told[school.id][2] if school.id in told else None
        return bool(register.get(school.id) if said is None else said)

    return [s for s in facts.schools if area_group(s.area_code) in NEARBY and s.sponsor_code != PRIVATE and not boards(s)]


def _zone_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    pupils = QUANTITIES["pupils"].tally(facts, parameters)
    asked = {school.id for school in _nearby_schools(facts)}
    return {key: count for key, count in pupils.items() if key[0] in asked and key[1] in COMPULSORY and count}


def _zone_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    return list(QUANTITIES["pupils"].cells(facts, parameters, school_id, stage))


def _in_zone_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    told = _profiles(facts, *(f"{stage}_in_zone" for stage in COMPULSORY))
    found = {}
    for school_id, stage in _zone_tally(facts, parameters):
        value = told[school_id][2 + COMPULSORY.index(stage)] if school_id in told else None
        if value is not None:
            found[school_id, stage] = value
    return found


def _in_zone_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    field = f"{stage}_in_zone"
    row = _profiles(facts, field).get(school_id)
    return [SourceCell(PROFILE, row[0], row[1], field, str(row[2]))] if row and row[2] is not None else []


ZONE_NOTE = "只计城区和镇区的公办非寄宿制学校。"
ZONE_PUPILS = declare(
    Quantity(
        "zone_pupils",
        "应就近入学学校的在校生数",
        "人",
        1,
        "stage",
        ("classes", "school_profile", "statistics"),
        "school_year",
        _zone_tally,
        _zone_cells,
        ZONE_NOTE,
    )
)
IN_ZONE_PUPILS = declare(
    Quantity(
        "in_zone_pupils",
        "就近划片入学的学生数",
        "人",
        1,
        "stage",
        LEDGERS,
        "school_year",
        _in_zone_tally,
        _in_zone_cells,
        ZONE_NOTE,
    )
)


def junior_schools(facts: FactSet) -> list[SchoolRef]:
    """The schools with a junior stage, whose leavers make the cohort."""
    return [s for s in facts.schools if "junior" in stages_of_type(s.type_code) and s.kind != SchoolKind.POINT]


def _cohort(code: str, title: str) -> Quantity:
    def told(facts: FactSet) -> dict[int, tuple]:
        return {s: row for s, row in _profiles(facts, code).items() if row[2] is not None}

    def count(facts: FactSet, parameters: ParameterSet) -> int | None:
        """The county's sum; missing while one school with a junior stage has not told it."""
        rows, schools = told(facts), junior_schools(facts)
        if not schools or any(school.id not in rows for school in schools):
            return None
        return sum(rows[school.id][2] for school in schools)

    def cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
        rows = told(facts)
        listed = [rows[school.id] for school in junior_schools(facts) if school.id in rows]
        return [SourceCell(PROFILE, pk, dataset_id, code, str(value)) for pk, dataset_id, value in listed]

    def held(facts: FactSet, parameters: ParameterSet) -> bool:
        return bool(facts.ids(*LEDGERS))

    return declare_figure(
        code, title, "人", fact="cohort", fact_title="初中三年巩固率的人数", note="全县有初中学段的各校之和；有一所学校没有填报即为缺数。",
        source=Source("school_profile", LEDGER_TITLES["school_profile"], count, cells, held),
    )  # fmt: skip


COHORT_QUANTITIES = {code: _cohort(code, title) for code, title in COHORT.items()}
