"""Answers given once: what a header or a unit means, which row is the header, which school a name means. Kept and used again."""
from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actor import Actor
from jobs.models import Job
from ledgers.checking.headers import header_key
from ledgers.cleaning import name_key
from ledgers.ledger import Ledger
from ledgers.models import Filing, Remembered, State, Version
from ledgers.verdicts import whole_lists
from schools import access
from schools.models import School, SchoolAlias

from .errors import BadRequest, WrongState
from .receiving import enqueue_check, is_carrier, ledger_of
from .steps import lock_filing, move, open_version, refuse_locked
from .verbs import require

Kind = Remembered.Kind
ANSWERABLE = (State.FAULTY, State.CHECKED)
IGNORE = "-"  # on the form: this column is none of the ledger's, do not tell again
SOURCE = "填报时确认"
SUGGESTED = 12
UNIT_CODES = ("two-units", "unit-unknown", "unit-doubtful", "unit-to-confirm")
NAME_CODES = ("unknown-school", "ambiguous-school")
MISSING_CODES = ("missing-column", "column-not-given", "source-missing")
COLUMN_CODES = ("unknown-column", "unknown-item")


@dataclass(frozen=True)
class Answer:
    """One answer: `question` a header's key, a sheet's name, a field or a school's name; `answer` a field ("-": none), an
    Excel row number, a unit or a school code."""

    kind: str
    question: str
    answer: str


@dataclass(frozen=True)
class Question:
    """A question the page asks: `options` [(answer, shown)]."""

    kind: str
    question: str
    shown: str
    options: tuple[tuple[str, str], ...]


def questions_of(version: Version, by: Actor) -> list[Question]:
    """What the check could not know and a person can say once: headers, units and names of schools."""
    ledger = ledger_of(version.filing.ledger)
    problems = whole_lists(version)[0]
    missing = {problem["field"] for problem in problems if problem["code"] in MISSING_CODES}
    fields = tuple(sorted(_fields(ledger), key=lambda option: option[0] not in missing))  # what is missed is the likeliest answer
    found: dict[tuple[str, str], Question] = {}
    schools: list[School] | None = None
    for problem in problems:
        if problem["code"] in COLUMN_CODES and (key := header_key(problem["value"])):
            found[Kind.COLUMN, key] = Question(Kind.COLUMN, key, f"“{problem['value']}”是哪一项", fields)
        elif problem["code"] in UNIT_CODES and (units := _units(ledger, problem["field"])):
            shown = f"“{problem['column'] or problem['field']}”的单位"
            found[Kind.UNIT, problem["field"]] = Question(Kind.UNIT, problem["field"], shown, tuple((unit, unit) for unit in units))
        elif problem["code"] in NAME_CODES and problem["field"] == "school_name" and problem["value"]:
            schools = list(access.schools_of(by, version.filing.county, "file", version.filing.ledger)) if schools is None else schools
            near = _near(problem["value"], schools)
            found[Kind.NAME, problem["value"]] = Question(Kind.NAME, problem["value"], f"“{problem['value']}”是哪所学校", near)
    return [question for question in found.values() if question.options]


def _fields(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    fields: dict[str, str] = {}
    for column in (column for table in ledger.tables for column in table.columns if column.type != "ignored"):
        fields.setdefault(column.field, column.header)
    return ((IGNORE, "不属于本台账，不必读取"), *fields.items())


def in_words(ledger: Ledger, kind: str, question: str, answer: str) -> str:
    """An answer as people read it: “操场面积”是“体育运动场地面积”."""
    headers = dict(_fields(ledger))
    if kind == Kind.COLUMN:
        return f"“{question}”是“{headers[answer]}”" if answer not in ("", IGNORE) and answer in headers else f"“{question}”不必读取"
    if kind == Kind.UNIT:
        return f"“{headers.get(question, question)}”的单位是“{answer}”"
    if kind == Kind.HEADER:
        return f"工作表“{question}”的表头在第 {answer} 行"
    return f"“{question}”是标识码为 {answer} 的学校"


def _units(ledger: Ledger, field: str) -> Sequence[str]:
    """The units a column may be written in, each once: ㎡ and 平方米 are one answer."""
    column = next((table.by_field[field] for table in ledger.tables if field in table.by_field), None)
    once: dict[object, str] = {}
    for unit, factor in (getattr(column, "units", None) or {}).items():
        once.setdefault(factor, unit)
    return list(once.values())


def _near(name: str, schools: Iterable[School]) -> tuple[tuple[str, str], ...]:
    """The schools the actor files for, the likest first. Never chosen by itself."""
    key = name_key(name)
    ranked = sorted(schools, key=lambda s: -difflib.SequenceMatcher(None, key, name_key(s.name)).ratio())
    return tuple((school.code, f"{school.name}（{school.code}）") for school in ranked[:SUGGESTED])


def answer_doubts(*, filing_id: int, number: int, answers: Sequence[Answer], by: Actor) -> Job:
    """Keep the answers for the school (a carrying workbook's: for the county) and check the version again with them.

    Raises BadRequest for an answer nobody asked for, WrongState, StaleVersion, FilingLocked, PermissionDenied.
    """
    if not answers:
        raise BadRequest("没有选择任何回答。")
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, "file", filing)
        refuse_locked(filing)
        version = _in_hand(filing, number)
        for answer in answers:
            _keep(filing, answer, by)
        note = "；".join(in_words(ledger_of(filing.ledger), one.kind, one.question, one.answer) for one in answers)
        move(version, verb="answer", seen=ANSWERABLE, to=State.RECEIVED, by=by, note=note)
        version.filing = filing
        return enqueue_check(version, by=by)


def _in_hand(filing: Filing, number: int) -> Version:
    """The version that can be checked again: the open one, or a carrying workbook that has handed out nothing yet."""
    if not is_carrier(filing):
        return open_version(filing, number)
    version = Version.objects.filter(filing=filing, number=number).first()
    if version is None or version.parts.exists():
        raise WrongState("这个工作簿已拆分到各校各台账，请在它们各自的页面上回答，或改正后重新上传。")
    return version


def _keep(filing: Filing, answer: Answer, by: Actor) -> None:
    ledger = ledger_of(filing.ledger)
    question, said = answer.question.strip()[:200], answer.answer.strip()[:200]
    if answer.kind == Kind.NAME:
        return _keep_name(filing, question, said, by)
    if answer.kind == Kind.COLUMN:
        question, said = header_key(question), "" if said == IGNORE else said
        fits = said == "" or any(said in table.by_field for table in ledger.tables)
    elif answer.kind == Kind.UNIT:
        fits = said in _units(ledger, question)
    else:
        fits = answer.kind == Kind.HEADER and said.isdecimal() and 0 < int(said) <= 1000
    if not question or not fits:
        raise BadRequest("这个回答不在可选范围内，请刷新页面后重新选择。")
    _write(filing, filing.school, filing.ledger, answer.kind, question, said, by)


def _keep_name(filing: Filing, name: str, code: str, by: Actor) -> None:
    """A name confirmed once is an alias of the school in the whole county, with its source."""
    school = School.objects.filter(county=filing.county, code=code).first()
    if school is None or not name:
        raise BadRequest("没有这所学校，请刷新页面后重新选择。")
    access.require(by, "file", school=school, ledger=filing.ledger)
    source = f"{SOURCE}（{by.display_name or by.username}）"[:60]
    SchoolAlias.objects.get_or_create(school=school, county=filing.county, kind="name", text=name[:120], defaults={"source": source})
    _write(filing, None, "", Kind.NAME, name, code, by)


def _write(filing: Filing, school: School | None, ledger: str, kind: str, question: str, said: str, by: Actor) -> None:
    Remembered.objects.update_or_create(
        county=filing.county, school=school, ledger=ledger, kind=kind, question=question,
        defaults={"answer": said, "by_id": by.user_id, "by_name": by.display_name or by.username},
    )  # fmt: skip
    audit.record("answer.remembered", by=by, object=f"filing/{filing.pk}", county=filing.county.code, kind=kind, question=question, answer=said)


def answers_of(filing: Filing) -> list[Remembered]:
    """The answers that serve this slot, newest first."""
    mine = Q(school=None) if filing.school is None else Q(school=None) | Q(school=filing.school)
    found = list(Remembered.objects.filter(mine, county=filing.county, ledger__in=[filing.ledger]).order_by("-at"))
    for one in found:
        one.words = in_words(ledger_of(filing.ledger), one.kind, one.question, one.answer)
    return found


def forget(*, filing: Filing, answer_id: int, by: Actor) -> None:
    """An answer is taken back; the next check asks again. What serves the whole county only the county may take back."""
    with transaction.atomic():
        row = next((one for one in answers_of(filing) if one.pk == answer_id), None)
        if row is None:
            raise BadRequest("这个回答已经删去了。")
        if row.school_id is None:
            access.require(by, "file", county=filing.county, ledger=filing.ledger)
        else:
            require(by, "file", filing)
        audit.record("answer.forgotten", by=by, object=f"filing/{filing.pk}", county=filing.county.code, kind=row.kind, question=row.question, answer=row.answer)
        row.delete()
