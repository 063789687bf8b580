"""Training hours: the sum of a five-year cycle for each teacher, the gap, and who has reached 360 hours.

Hours are tenths of a 学时 throughout. 教督〔2017〕6号 政府保障程度第9项.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from schools.factset import LOOKS_BACK, FactSet
from schools.models import Profile
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantities import STAGES
from schools.quantity import Quantity, SourceCell, Tally, declare

from .models import Teacher, Training, TrainingLevel
from .quantities import counted

LEDGER, ROSTER = "training", "teachers"
MOST_ASKED = 5_000  # persons a query may name
CLAUSE = "教督〔2017〕6号 政府保障程度第9项"
LOOKS_BACK[LEDGER] = 9  # as long as any cycle
HOURS = declare_parameter(Parameter("training_hours", "五年培训学时要求", "integer", "360", CLAUSE, unit="学时")).code
YEARS = declare_parameter(Parameter("training_years", "培训学时的累计年数", "integer", "5", CLAUSE, unit="年", least="1", most="10")).code
CYCLE_START = declare_parameter(Parameter(
    "training_cycle_start", "培训周期的起始年度", "integer", "0", CLAUSE, note="填 0 表示滚动计算（到本学年开始的年度为止的五年）；填年度表示固定周期。",
)).code  # fmt: skip
PRO_RATA = declare_parameter(Parameter(
    "training_new_pro_rata", "新教师按工作年数折算学时要求", "boolean", "false", CLAUSE, note="是：参加工作不满周期的教师按年数折算。",
)).code  # fmt: skip


@dataclass(frozen=True)
class Trained:
    """One counted teacher: hours by calendar year in tenths, what was wanted, and the gap (0 when reached)."""

    person: str
    school: int
    stage: str
    row_id: int
    dataset_id: int
    by_year: dict[int, int]
    wanted: int

    @property
    def hours(self) -> int:
        return sum(self.by_year.values())

    @property
    def gap(self) -> int:
        return max(0, self.wanted - self.hours)


@dataclass(frozen=True)
class _Row:
    row_id: int
    dataset_id: int
    year: int
    item: str
    start: int | None
    hours: int


def cycle(facts: FactSet, parameters: ParameterSet) -> range:
    """The calendar years whose hours are added: fixed where a place says so, else the last ones up to the census."""
    first, years = parameters.get(CYCLE_START), parameters.get(YEARS)
    first = first or facts.year - years + 1
    return range(first, first + years)


def _rows(facts: FactSet, parameters: ParameterSet, persons: Sequence[str] | None = None) -> dict[str, list[_Row]]:
    """person -> the rows that count (of these persons only). What a school files anew for a person and year replaces what
    it filed before; what two schools say is added, the same item once."""
    window = cycle(facts, parameters)
    filed = {ref.id: (ref.year, ref.school_id) for ref in facts.datasets if ref.ledger == LEDGER and ref.year <= facts.year}
    rows = Training.objects.filter(dataset_id__in=filed, year__in=window)
    if persons is not None and len(persons) <= MOST_ASKED:
        rows = rows.filter(person_key__in=persons)
    rows = rows.values_list("person_key", "pk", "dataset_id", "year", "item", "start", "hours")
    newest: dict[tuple[str, int, int | None], int] = {}
    listed = list(rows)
    for person, _, dataset_id, year, *_ in listed:
        when, school = filed[dataset_id]
        key = (person, year, school)
        newest[key] = max(newest.get(key, 0), when)
    found: dict[str, dict[tuple, _Row]] = defaultdict(dict)
    for person, pk, dataset_id, year, item, start, hours in listed:
        when, school = filed[dataset_id]
        if newest[person, year, school] == when:
            key = (year, item, start)
            known = found[person].get(key)
            if known is None or hours > known.hours:
                found[person][key] = _Row(pk, dataset_id, year, item, start, hours)
    return {person: list(by_item.values()) for person, by_item in found.items()}


def hours_told(facts: FactSet, parameters: ParameterSet, persons: Sequence[str]) -> dict[str, dict[tuple[int | None, int], int]]:
    """person -> {(school, calendar year): hours in tenths} of the cycle, as the training ledgers have them."""
    school_of = facts.school_of()
    found: dict[str, dict[tuple[int | None, int], int]] = {}
    for person, rows in _rows(facts, parameters, persons).items():
        for row in rows:
            by_year = found.setdefault(person, {})
            key = (school_of[row.dataset_id], row.year)
            by_year[key] = by_year.get(key, 0) + row.hours
    return found


def schools_told(facts: FactSet) -> set[int]:
    """The schools that have filed training hours in this school year or before, and a roster to measure them by."""
    filed = {ref.school_id for ref in facts.datasets if ref.ledger == LEDGER and ref.year <= facts.year}
    return {school_id for school_id in filed if school_id is not None and (ROSTER, school_id) in facts.held}


def list_trained(facts: FactSet, parameters: ParameterSet, school_id: int | None = None) -> list[Trained]:
    """Every counted teacher of the schools that told, with hours and gap; in the order of the rosters."""
    told, school_of, window = schools_told(facts), facts.school_of(), cycle(facts, parameters)
    ids = [i for i in facts.ids(ROSTER) if school_of[i] in told and school_id in (None, school_of[i])]
    hours = _rows(facts, parameters)
    known = {i: facts.school_by_id.get(i) for i in told}
    rules = {i: (10 * parameters.get(HOURS, school=s), parameters.get(PRO_RATA, school=s)) for i, s in known.items()}
    teachers = Teacher.objects.filter(counted(parameters), dataset_id__in=ids).order_by("dataset_id", "sheet", "row")
    found = []
    for pk, dataset_id, person, stage, started in teachers.values_list("pk", "dataset_id", "person_key", "stage", "started_work"):
        by_year = dict.fromkeys(window, 0)
        for row in hours.get(person, ()):
            by_year[row.year] += row.hours
        wanted, pro_rata = rules[school_of[dataset_id]]
        if pro_rata and started and started // 100 > window[0]:
            wanted = -(-wanted * max(0, window[-1] - started // 100 + 1) // len(window))
        found.append(Trained(person, school_of[dataset_id], stage, pk, dataset_id, by_year, wanted))
    return found


def hours_by_level(facts: FactSet, parameters: ParameterSet) -> dict[str, tuple[int, int]]:
    """level ("" = not told) -> (person-times, hours in tenths) over the cycle."""
    kept = {row.row_id: row.hours for rows in _rows(facts, parameters).values() for row in rows}
    filed = [ref.id for ref in facts.datasets if ref.ledger == LEDGER]
    found: dict[str, list[int]] = {level: [0, 0] for level in (*TrainingLevel.values, "")}
    for pk, level in Training.objects.filter(dataset_id__in=filed).values_list("pk", "level"):
        if pk in kept:
            found[level][0] += 1
            found[level][1] += kept[pk]
    return {level: (times, hours) for level, (times, hours) in found.items() if times}


def _tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    found = {key: value for key, (_, _, value) in _form(facts).items()}
    found.update({(school_id, stage): 0 for school_id in schools_told(facts) for stage in STAGES})
    for teacher in list_trained(facts, parameters):
        if teacher.stage and not teacher.gap:
            found[teacher.school, teacher.stage] += 1
    return found


def _form(facts: FactSet) -> dict[tuple[int, str], tuple[int, int, int]]:
    """(school, stage) -> (row, dataset, count) of the profile form; it also stands beside a roster, which knows no hours."""
    school_of = facts.school_of()
    stages = [stage for stage in STAGES if hasattr(Profile, f"{stage}_trained")]
    rows = Profile.objects.filter(dataset_id__in=facts.ids("school_profile", "statistics"))
    found = {}
    for dataset_id, pk, *values in rows.values_list("dataset_id", "pk", *(f"{stage}_trained" for stage in stages)):
        for stage, value in zip(stages, values, strict=True):
            if value is not None:
                found[school_of[dataset_id], stage] = (pk, dataset_id, value)
    return found


def _cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    if school_id not in schools_told(facts):
        told = _form(facts).get((school_id, stage))
        return [SourceCell("schools.Profile", told[0], told[1], f"{stage}_trained", str(told[2]))] if told else []
    rows = _rows(facts, parameters)
    return [
        SourceCell("teachers.Training", row.row_id, row.dataset_id, "hours", str(row.hours))
        for teacher in list_trained(facts, parameters, school_id)
        if teacher.stage == stage and not teacher.gap
        for row in rows.get(teacher.person, ())
    ]


def shown_hours(tenths: int) -> str:
    """3605 -> "360.5"."""
    value = Fraction(tenths, 10)
    return str(value.numerator) if value.denominator == 1 else f"{tenths // 10}.{tenths % 10}"


TRAINED = declare(
    Quantity(
        "trained_teachers", "五年培训满规定学时的专任教师数", "人", 1, "stage", (LEDGER, "school_profile", "statistics"), "school_year", _tally, _cells,
        "按教师花名册中的专任教师逐人累计五个年度的学时；没有培训学时台账的学校采用学校基本情况表。",
    )
)  # fmt: skip
