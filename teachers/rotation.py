"""Exchange and rotation: who was eligible, who went where, and the figures of G11 with both lists of persons.

The lists are kept by person key; names are opened only by those who may see them. 教师〔2014〕4号; 教督〔2017〕6号.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schools.codes import COMPULSORY, PRIVATE, SPECIAL_TYPES, area_group, stages_of_type
from schools.factset import LOOKS_BACK, FactSet, SchoolRef
from schools.models import SchoolKind
from schools.parameters import Parameter, ParameterSet
from schools.parameters import declare as declare_parameter
from schools.quantity import remember

from .models import COUNTED_BACKBONE, Duty, Exchange, Office, Post, Teacher
from .quantities import counted

LEDGER, ROSTER = "exchange", "teachers"
CLAUSE = "教督〔2017〕6号 政府保障程度第11项；教师〔2014〕4号"
OPEN = 999912
LOOKS_BACK[LEDGER] = 9  # as long as any cycle
FIRST_MONTH = 7  # an exchange that begins in the summer belongs to the school year after it


def _parameter(code: str, title: str, kind: str, default: str, **more) -> str:
    return declare_parameter(Parameter(code, title, kind, default, CLAUSE, **more)).code


YEARS_AT_SCHOOL = _parameter("exchange_years", "符合交流条件的在同一学校任教年限", "integer", "6", unit="年", note="国家没有统一年限，多数省为6年。")
HEAD_TERMS = _parameter("exchange_head_terms", "符合交流条件的校长任满届数", "integer", "2", unit="届", note="教师花名册写明校长任现职时间的由系统算出，否则由县教育局核定后填入县级数据表。")
HEAD_TERM_YEARS = _parameter("exchange_head_term_years", "校长每届任期", "integer", "3", unit="年", note="任期由地方规定。")
AGE_LIMIT = _parameter("exchange_age_limit", "不列入交流对象的年龄", "integer", "0", unit="岁", note="达到这个年龄的教师不计入符合条件人数；填 0 表示不排除。")
EXCLUDED_DUTIES = _parameter(
    "exchange_excluded_duties", "不列入交流对象的在岗状态", "choices", "",
    choices=tuple(Duty.values), words=tuple(Duty.choices), note="空白表示不排除。",
)  # fmt: skip
PRIVATE_TOO = _parameter("exchange_private", "民办学校教师列入交流对象", "boolean", "false")
ASKED = _parameter("exchange_asked", "学校的教师列入交流对象", "boolean", "true", note="对偏远学校等另有规定的，按适用学校设为“否”。")
ELIGIBLE_ONLY = _parameter("exchange_eligible_only", "只计符合交流条件的人", "boolean", "false", note="是：台账注明不符合条件的交流人员不计入分子。")
BASE = _parameter(
    "exchange_base", "交流比例的分母", "choice", "eligible", choices=("eligible", "full_time"), words=(("eligible", "符合交流条件的教师"), ("full_time", "全部专任教师")),
    note="部分省按全部专任教师计算。",
)  # fmt: skip
BACKBONE_BASE = _parameter(
    "exchange_backbone_base", "骨干教师交流比例的分母", "choice", "exchanged", choices=("exchanged", "eligible"),
    words=(("exchanged", "交流教师总数"), ("eligible", "符合交流条件的教师")), note="交流教师总数为国家口径；安徽等地按符合交流条件的教师计算。",
)  # fmt: skip
LEAST_MONTHS = _parameter("exchange_months", "计入交流的最短时间", "integer", "10", unit="月", note="满一学年，按首尾月份计，9月至次年6月为10个月。")
HEAD_SHARE = _parameter("exchange_head_share", "交流校长占符合交流条件校长的比例", "fraction", "0", share=True, note="国家没有单独要求，填 0 表示没有这项地方规定。")
PERIOD = _parameter("exchange_period", "交流比例的计算期", "choice", "year", choices=("year", "last_year", "cycle"),
                    words=(("year", "本学年"), ("last_year", "上一学年"), ("cycle", "按周期累计")))
CYCLE_YEARS = _parameter("exchange_cycle_years", "交流周期的年数", "integer", "3", unit="年", least="1", most="10", note="只在按周期计算时使用。")


@dataclass(frozen=True)
class Move:
    """One exchange row. Schools are ids; `to` None for a posting outside the county; months YYYYMM, `end` None = going on."""

    row_id: int
    dataset_id: int
    person: str
    school: int
    to: int | None
    to_text: str
    post: str
    form: str
    backbone: bool
    eligible: bool | None
    start: int
    end: int | None

    @property
    def year(self) -> int:
        """The school year it began in; from July on the coming one."""
        return self.start // 100 if self.start % 100 >= FIRST_MONTH else self.start // 100 - 1

    @property
    def months(self) -> int:
        """Months from first to last, both counted."""
        end = self.end or OPEN
        return (end // 100 - self.start // 100) * 12 + end % 100 - self.start % 100 + 1


@dataclass(frozen=True)
class Rotation:
    """The lists behind the figures. `exchanged`: one move a person; `times`: every move that counts; `short`: moves not
    counted because they are too short; `ineligible`: left out because the place counts those who were eligible only.

    `eligible` {person: (school, roster row, dataset)} or None when it cannot be listed, with the reason in words.
    """

    exchanged: tuple[Move, ...]
    short: tuple[Move, ...]
    eligible: dict[str, tuple[int, int, int]] | None
    reason: str = ""
    times: tuple[Move, ...] = ()
    ineligible: tuple[Move, ...] = ()

    @property
    def backbone(self) -> tuple[Move, ...]:
        return tuple(move for move in self.exchanged if move.backbone)

    @property
    def heads(self) -> tuple[Move, ...]:
        return tuple(move for move in self.exchanged if move.post == Post.HEAD)


def is_held(facts: FactSet, parameters: ParameterSet) -> bool:
    """Whether the exchange ledger stands for the period counted."""
    return any(ref.ledger == LEDGER and ref.year in _window(facts, parameters) for ref in facts.datasets)


def _window(facts: FactSet, parameters: ParameterSet) -> range:
    kind = parameters.get(PERIOD)
    years = max(1, parameters.get(CYCLE_YEARS)) if kind == "cycle" else 1
    last = facts.year - (kind == "last_year")
    return range(last - years + 1, last + 1)


def rotation(facts: FactSet, parameters: ParameterSet) -> Rotation:
    """Who was exchanged in the school year (or cycle), each person once, and who was eligible.

    Counted: an exchange begun in the period, of `exchange_months` or more (or going on). Eligible: full-time teachers of
    the compulsory stages with `exchange_years` or more at their school on the census day, and those exchanged who were
    stated to be eligible when they went.
    """
    return remember(facts, "rotation", parameters, lambda own: _rotation(facts, own))


def _rotation(facts: FactSet, parameters: ParameterSet) -> Rotation:
    window, least = _window(facts, parameters), parameters.get(LEAST_MONTHS)
    begun = [move for move in list_moves(facts, parameters, window) if move.year in window]
    short = tuple(move for move in begun if move.months < least)
    long = [move for move in begun if move.months >= least]
    out = tuple(move for move in long if move.eligible is False and parameters.get(ELIGIBLE_ONLY))
    times = tuple(move for move in long if move not in out)
    first: dict[str, Move] = {}
    for move in times:
        first.setdefault(move.person, move)
    eligible, reason = _eligible(facts, parameters, first.values())
    return Rotation(tuple(first.values()), short, eligible, reason, times, out)


def list_moves(facts: FactSet, parameters: ParameterSet, years: Iterable[int]) -> list[Move]:
    """Every row of the exchange ledgers of these school years, by beginning."""
    wanted = set(years)
    ids = [ref.id for ref in facts.datasets if ref.ledger == LEDGER and ref.year in wanted]
    school_of, by_code = facts.school_of(), {school.code: school.id for school in facts.schools}
    rows = Exchange.objects.filter(dataset_id__in=ids, start__isnull=False).order_by("start", "id").values_list(
        "pk", "dataset_id", "person_key", "to_code", "to_text", "post", "form", "backbone_level", "eligible", "start", "end"
    )  # fmt: skip
    rows = list(rows)
    listed = _backbone_on_rosters(facts, [row[2] for row in rows if not row[7]])
    return [
        Move(pk, dataset_id, person, school_of[dataset_id], by_code.get(to), to_text, post, form,
             level in COUNTED_BACKBONE if level else person in listed, eligible, start, end)
        for pk, dataset_id, person, to, to_text, post, form, level, eligible, start, end in rows
    ]  # fmt: skip


def _backbone_on_rosters(facts: FactSet, persons: list[str]) -> set[str]:
    """Of these, who is on a county-or-higher list that has not run out, by the rosters."""
    if not persons:
        return set()
    rows = Teacher.objects.filter(dataset_id__in=facts.ids(ROSTER), backbone_level__in=COUNTED_BACKBONE)
    rows = rows.exclude(backbone_valid_to__lt=facts.year * 100 + 9).values_list("person_key", flat=True)
    return set(rows) & set(persons)


def _asked_schools(facts: FactSet, parameters: ParameterSet) -> list[SchoolRef]:
    """The schools whose teachers take part: of the compulsory stages, no points (their teachers stand with the parent)."""
    found = []
    for school in facts.schools:
        out = (school.sponsor_code == PRIVATE and not parameters.get(PRIVATE_TOO, school=school)) or not parameters.get(ASKED, school=school)
        taught = set(stages_of_type(school.type_code)) & set(COMPULSORY)
        if taught and not out and school.kind != SchoolKind.POINT and school.type_code not in SPECIAL_TYPES:
            found.append(school)
    return found


def _eligible(
    facts: FactSet, parameters: ParameterSet, exchanged: Iterable[Move]
) -> tuple[dict[str, tuple[int, int, int]] | None, str]:
    schools = _asked_schools(facts, parameters)
    lacking = [school.name for school in schools if (ROSTER, school.id) not in facts.held]
    if lacking or not schools:
        return None, f"{'、'.join(lacking[:5])}{'等' if len(lacking) > 5 else ''} {len(lacking)} 所学校还没有教师花名册，不能列出符合交流条件的教师。"
    asked, school_of = {school.id for school in schools}, facts.school_of()
    rows = Teacher.objects.filter(counted(parameters), dataset_id__in=facts.ids(ROSTER), stage__in=COMPULSORY)
    excluded = set(parameters.get(EXCLUDED_DUTIES))
    last, age = facts.year * 100 + 9, parameters.get(AGE_LIMIT)
    since = {school.id: last - 100 * parameters.get(YEARS_AT_SCHOOL, school=school) for school in schools}
    found, unknown = {}, 0
    for pk, dataset_id, person, arrived, birth, duty in rows.values_list("pk", "dataset_id", "person_key", "arrived_at", "birth", "duty"):
        if school_of[dataset_id] not in asked or duty in excluded or (age and birth and last - birth >= age * 100):
            continue
        if arrived is None:
            unknown += 1
        elif arrived <= since[school_of[dataset_id]]:
            found[person] = (school_of[dataset_id], pk, dataset_id)
    if unknown:
        return None, f"教师花名册中有 {unknown} 名专任教师没有填写“到本校时间”，不能判断是否符合交流条件。"
    for move in exchanged:
        if move.eligible:
            found.setdefault(move.person, (move.school, 0, 0))
    return found, ""


@dataclass(frozen=True)
class Flow:
    """How many persons went from one school to another; `to` None with its name in `to_name` for outside the county."""

    school: SchoolRef
    to: SchoolRef | None
    to_name: str
    persons: int
    backbone: int


def flows(facts: FactSet, moves: Iterable[Move]) -> list[Flow]:
    """Moves joined by sending and receiving school, the largest first."""
    joined: dict[tuple, list[Move]] = {}
    for move in moves:
        joined.setdefault((move.school, move.to, "" if move.to else move.to_text), []).append(move)
    known = facts.school_by_id
    found = [
        Flow(known[school], known.get(to), name or known[to].name, len(rows), sum(row.backbone for row in rows))
        for (school, to, name), rows in joined.items() if school in known
    ]  # fmt: skip
    return sorted(found, key=lambda flow: (-flow.persons, flow.school.code, flow.to_name))


def directions(facts: FactSet, moves: Iterable[Move]) -> dict[str, int]:
    """Person-times by direction 城→乡 …; "县外" for postings outside the county."""
    sides = {"城区": "城", "镇区": "镇", "乡村": "乡"}
    found: dict[str, int] = {}
    for move in moves:
        pair = [facts.school_by_id.get(move.school), facts.school_by_id.get(move.to) if move.to else None]
        name = "→".join(sides.get(area_group(school.area_code), "?") for school in pair) if all(pair) else "县外"
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def heads_on_rosters(facts: FactSet, parameters: ParameterSet) -> dict[int, tuple[int, int, int]] | None:
    """school -> (roster row, dataset, since) of the head of every school asked; None while a roster does not name one.

    Campuses need no head of their own.
    """
    asked = {school.id for school in _asked_schools(facts, parameters)}
    needed = {school.id for school in facts.schools if school.id in asked and school.kind == SchoolKind.WHOLE}
    school_of = facts.school_of()
    rows = Teacher.objects.filter(dataset_id__in=facts.ids(ROSTER), office=Office.HEAD, office_since__isnull=False).order_by("id")
    found = {school_of[dataset_id]: (pk, dataset_id, since) for pk, dataset_id, since in rows.values_list("pk", "dataset_id", "office_since")}
    return {i: row for i, row in found.items() if i in asked} if needed and needed <= set(found) else None


def eligible_heads(facts: FactSet, parameters: ParameterSet) -> list[tuple[int, int]] | None:
    """(roster row, dataset) of the heads who have served their terms at the school; None while rosters do not tell."""
    heads = heads_on_rosters(facts, parameters)
    if heads is None:
        return None
    known, census = facts.school_by_id, facts.year * 100 + 9

    def ready(school_id: int, since: int) -> bool:
        years = parameters.get(HEAD_TERMS, school=known[school_id]) * parameters.get(HEAD_TERM_YEARS, school=known[school_id])
        return since <= census - 100 * years

    return [(pk, dataset_id) for school_id, (pk, dataset_id, since) in heads.items() if ready(school_id, since)]


def arrivals(rows: Iterable[int]) -> dict[int, int]:
    """roster row -> the month its person came to the school (YYYYMM), for a page of a list."""
    return dict(Teacher.objects.filter(pk__in=list(rows), arrived_at__isnull=False).values_list("pk", "arrived_at"))
