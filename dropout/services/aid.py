"""应助尽助: by name, who must be aided in a term and whether the aid ledger holds a payment; amounts against the standards.

Standards change by year and place, so they are Parameters with dated local rules; where none is set, only the standard
written beside the payment is compared.
"""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from schools import access
from schools.codes import COMPULSORY, stage_of_grade
from schools.models import County, Dataset, DatasetState
from schools.parameters import PRIMARY_YEARS, Parameter, ParameterSet, declare, resolve
from schools.periods import current_school_year

from ..groups import GROUP_WORDS, GROUPS, PRIVATE, open_titles
from ..models import AidItem, AidRow, AttendsAs, Child, ChildStatus, ChildTag
from .reach import CareError

LEDGER = "aid"
POLICY = "国发〔2015〕67号；家庭经济困难学生生活补助和应助尽助"
UNSET = "填 0 表示尚未设定，此时只与台账所写的标准核对。标准随年度调整的，按起止日期分别设定。"
DUE_GROUPS = declare(Parameter(
    "aid.due.groups", "应助对象的类别", "choices", "poor,watched,orphan,minimum", POLICY, choices=GROUPS, words=GROUP_WORDS,
    note="填写类别名称，用顿号或逗号分隔。",
))  # fmt: skip
DUE_ITEMS = declare(Parameter(
    "aid.due.items", "算作已资助的项目", "choices", "boarder,day,donation,other", POLICY, choices=tuple(AidItem.values), words=tuple(AidItem.choices),
    note="填写项目名称，用顿号或逗号分隔。营养改善计划和免费教科书面向全体学生，默认不算。",
))  # fmt: skip
STANDARDS = {
    AidItem.BOARDER.value: declare(Parameter(
        "aid.boarder.standard", "寄宿生生活补助标准", "stage_integers", "0", POLICY, unit="元/学年", note=UNSET)),
    AidItem.DAY.value: declare(Parameter(
        "aid.day.standard", "非寄宿生生活补助标准", "stage_integers", "0", POLICY, unit="元/学年", note=UNSET)),
}  # fmt: skip
FEN = 100
TERMS = 2  # a yearly standard is paid in halves


@dataclass(frozen=True)
class Term:
    """学期 of a school year, as AidRow writes it: "2026-1"."""

    year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def title(self) -> str:
        return f"{self.year}-{self.year + 1}学年第{'一二'[self.number - 1]}学期"

    @property
    def start(self) -> dt.date:
        """The day by which tags and standards of the term are read: 1 September, 1 February."""
        return dt.date(self.year, 9, 1) if self.number == 1 else dt.date(self.year + 1, 2, 1)

    @property
    def end(self) -> dt.date:
        return dt.date(self.year + 1, 1, 31) if self.number == 1 else dt.date(self.year + 1, 8, 31)

    @staticmethod
    def on(day: dt.date) -> Term:
        return Term(current_school_year(day), 1 if day.month >= 9 or day.month == 1 else 2)

    @staticmethod
    def read(code: str) -> Term:
        """From its code. Raises CareError."""
        year, _, number = code.partition("-")
        if not (year.isdecimal() and len(year) == 4 and number in ("1", "2")):
            raise CareError("学期应写作“2026-1”（第一学期）或“2026-2”（第二学期）。")
        return Term(int(year), int(number))


@dataclass
class Due:
    """One child who must be aided, with what was paid in the term (fen) and what is wrong about it."""

    child: Child
    titles: list[str]
    rows: list[AidRow] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def is_paid(self) -> bool:
        return bool(self.rows)

    @property
    def amount(self) -> int | None:
        """Fen in all; None where a payment names no amount."""
        amounts = [row.amount for row in self.rows]
        return None if not amounts or None in amounts else sum(amounts)


@dataclass(frozen=True)
class Aid:
    """Aid due against aid paid in one term within a scope."""

    term: Term
    due: list[Due]
    others: int
    titles: list[str]
    has_ledger: bool
    standards: list[tuple[str, dict[str, int]]]

    @property
    def missing(self) -> list[Due]:
        return [one for one in self.due if not one.is_paid]

    @property
    def paid(self) -> list[Due]:
        return [one for one in self.due if one.is_paid]

    @property
    def faulty(self) -> list[Due]:
        return [one for one in self.due if one.faults]


def aid_in(actor: Actor, county: County, term: Term, *, counts_only: bool = False) -> Aid:
    """Who of the children the actor sees must be aided in the term, and who was."""

    def seen(path: str = "") -> Q:
        return Q(**{f"{path}county": county}) if counts_only else access.children_condition(actor, county, of=path)

    parameters = resolve(county.code, term.start)
    groups, items = frozenset(parameters.get(DUE_GROUPS.code)) - PRIVATE, parameters.get(DUE_ITEMS.code)
    paid = _paid(county, term, items)
    by_key = defaultdict(list)
    for row in paid:
        by_key[row.person_key].append(row)
    due = _due(seen("child__"), term, groups)
    for one in due:
        one.rows = by_key.get(one.child.person_key, [])
        found = (_fault(row, [other for other in one.rows if other.item == row.item], one.child, parameters) for row in one.rows)
        one.faults = list(dict.fromkeys(words for words in found if words))
    aided = set(Child.objects.filter(seen(), person_key__in=paid.values("person_key")).values_list("pk", flat=True))
    return Aid(
        term, due, len(aided - {one.child.pk for one in due}), open_titles((group, "") for group in groups),
        _has_ledger(county, term), [(AidItem(item).label, parameters.get(one.code)) for item, one in STANDARDS.items()],
    )  # fmt: skip


def _due(seen: Q, term: Term, groups: frozenset[str]) -> list[Due]:
    """The children in school with a tag of these groups at any time of the term, by school and class."""
    tags = ChildTag.objects.filter(seen, group__in=groups, child__status=ChildStatus.ENROLLED, since__lte=term.end)
    tags = tags.filter(Q(until__isnull=True) | Q(until__gt=term.start)).select_related("child__school", "child__township")
    found: dict[int, Due] = {}
    held: dict[int, list] = defaultdict(list)
    for tag in tags.order_by("child__school__code", "child__grade", "child__class_text", "child_id").defer("child__sealed", "child__data_key"):
        found.setdefault(tag.child_id, Due(tag.child, []))
        held[tag.child_id].append((tag.group, tag.definition))
    for pk, one in found.items():
        one.titles = open_titles(held[pk])
    return list(found.values())


def _paid(county: County, term: Term, items: Iterable[str]) -> QuerySet[AidRow]:
    return AidRow.objects.filter(
        dataset__county=county, dataset__ledger=LEDGER, dataset__state=DatasetState.STANDING, term=term.code, item__in=items
    ).order_by("item", "id")


def _has_ledger(county: County, term: Term) -> bool:
    """Whether any aid ledger of the school year stands; without one nothing is known, which is not "nobody was paid"."""
    return Dataset.objects.filter(county=county, ledger=LEDGER, state=DatasetState.STANDING, period__start__year=term.year).exists()


def _fault(row: AidRow, parts: list[AidRow], child: Child, parameters: ParameterSet) -> str:
    """What is wrong about a payment, in words; "" when nothing is. An explanation in the ledger settles it. `parts`: all
    payments of the term for the same item, which together make up its standard."""
    title = AidItem(row.item).label
    if row.amount is None:
        return f"{title}没有写金额"
    if row.explanation:
        return ""
    if row.standard is not None and row.amount != row.standard:
        return f"{title}金额 {yuan(row.amount)} 元与台账所写标准 {yuan(row.standard)} 元不符，也没有说明"
    wanted, total = _standard(row.item, child, parameters), sum(part.amount or 0 for part in parts)
    if wanted and TERMS * total < wanted * FEN:
        return f"{title}金额 {yuan(total)} 元，低于每学期标准 {yuan(wanted * FEN // TERMS)} 元，少 {yuan(-(-wanted * FEN // TERMS) - total)} 元"
    if row.item == AidItem.BOARDER and child.attends_as == AttendsAs.DAY:
        return "按寄宿发放，学籍登记为走读"
    if row.item == AidItem.DAY and child.attends_as == AttendsAs.BOARDER and _standard(AidItem.BOARDER.value, child, parameters) > wanted:
        return "按非寄宿发放，学籍登记为住校，标准偏低"
    return ""


def _standard(item: str, child: Child, parameters: ParameterSet) -> int:
    """Yuan a school year; 0 where none is set."""
    if item not in STANDARDS or child.grade is None:
        return 0
    stage = stage_of_grade(child.grade, parameters.get(PRIMARY_YEARS.code))
    return parameters.get(STANDARDS[item].code, stage) if stage in COMPULSORY else 0


def yuan(fen: int) -> str:
    """Exact yuan of integer fen: 62550 → 625.50, 62500 → 625."""
    return f"{fen // FEN}.{fen % FEN:02}" if fen % FEN else str(fen // FEN)


def terms_of(county: County, on: dt.date) -> list[Term]:
    """The terms with payments, and the one that runs; newest first."""
    codes = AidRow.objects.filter(dataset__county=county, dataset__ledger=LEDGER, dataset__state=DatasetState.STANDING)
    found = {Term.on(on)}
    for code in codes.values_list("term", flat=True).distinct().order_by():
        try:
            found.add(Term.read(code))
        except CareError:
            continue
    return sorted(found, key=lambda term: (term.year, term.number), reverse=True)
