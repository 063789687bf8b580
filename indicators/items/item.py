"""What every item is and what judging one gives: declarations frozen, results exact, words in Chinese."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from evidence.catalogue import ITEM, Demand
from evidence.quantities import Attested as Entry
from evidence.quantities import Document
from indicators.arithmetic import decimal34, half_up
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

RESOURCE, GUARANTEE, QUALITY, RECOGNITION, VETO = "resource", "guarantee", "quality", "recognition", "veto"
CONDITION = "condition"
PARTS = (RESOURCE, GUARANTEE, QUALITY, RECOGNITION, VETO)
PART_TITLES = {RESOURCE: "资源配置", GUARANTEE: "政府保障", QUALITY: "教育质量", RECOGNITION: "社会认可度", VETO: "一票否决",
               CONDITION: "申报条件"}

MISSING, UNDEFINED, NOT_APPLICABLE = "missing", "undefined", "not_applicable"
ATTESTATIONS = "attestations"


@dataclass(frozen=True)
class Test:
    """One comparison of an item: value = numerator x per / denominator against `limit`; `met` None with a `reason`.

    `decides` False: shown beside the others, no demand.
    """

    title: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    value: Fraction | None = None
    unit: str = ""
    per: int = 1
    comparator: str = ""
    limit: Fraction | None = None
    met: bool | None = None
    reason: str | None = None
    stage: str = ""
    decides: bool = True
    numerator_title: str = ""
    denominator_title: str = ""
    numerator_unit: str = ""
    places: int = 1


@dataclass(frozen=True)
class Line:
    """A school (or class, subject, year) behind an item, with its own words and figures."""

    title: str
    text: str = ""
    school: str = ""
    stage: str = ""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    value: Fraction | None = None
    limit: Fraction | None = None
    met: bool | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Result:
    """The verdict of one item. `met` None: not decided (`reason`), or nothing to decide (`decides` False)."""

    met: bool | None
    reason: str | None = None
    requirement: str = ""
    detail: str = ""
    tests: tuple[Test, ...] = ()
    lines: tuple[Line, ...] = ()
    entry: Entry | None = None
    missing: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    decides: bool = True


@dataclass(frozen=True)
class Item:
    """One item of a standard. Kinds add their fields and say how to judge: `judge(sight) -> Result`.

    `needs`: quantity codes without which the standard does not list the item (they are not part of this installation).
    """

    code: str
    title: str
    part: str
    clause: str
    note: str = ""

    kind: ClassVar[str] = ""
    evidence_kind: ClassVar[str] = ""
    # What an entry that decides nothing is there for.
    beside: ClassVar[str] = "只作参考"

    @property
    def needs(self) -> tuple[str, ...]:
        return (ATTESTATIONS,)

    @property
    def rules(self) -> tuple[str, ...]:
        """Parameters of other rooms the item asks; without them it is not listed either."""
        return ()

    @property
    def shows(self) -> tuple[str, ...]:
        """Quantities whose cells the item's page lists as its sources."""
        return tuple(code for code in self.needs if code != ATTESTATIONS)

    @property
    def unit(self) -> str:
        return ""

    @property
    def line_unit(self) -> str:
        """The unit of the figures of its lines, where that is another than the item's own."""
        return ""

    @property
    def wanted(self) -> str:
        """What must be attested for this item; "" when nothing."""
        return ""

    def reliefs(self, standard: Standard) -> tuple[str, ...]:
        """Parameters of transitional reliefs this item knows; one in force prints as a note."""
        return ()

    def asked(self, sight: Sight) -> bool:
        """Whether anybody asks it here: an item that only a local rule asks is not listed without that rule."""
        return True

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        """The typed Parameters of this item's numbers."""
        yield from ()

    def demands(self) -> Iterator[Demand]:
        """What the evidence room is to ask for this item."""
        if self.wanted:
            yield Demand(self.code, self.title, self.evidence_kind or ITEM, self.clause, self.wanted)

    def judge(self, sight: Sight) -> Result:
        raise NotImplementedError


_WORDS = {">=": "不低于", "<=": "不超过", ">": "高于", "<": "低于"}


def holds(comparator: str, numerator: Fraction, denominator: Fraction, per: int, limit: Fraction) -> bool:
    """numerator x per / denominator against the limit, cross-multiplied; denominator > 0."""
    left, right = numerator * per, limit * denominator
    return {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}[comparator]


def wording(comparator: str, limit: Fraction, unit: str) -> str:
    """不低于 95%."""
    return f"{_WORDS[comparator]} {decimal34(limit)}{'' if unit in ('%', '') else ' '}{unit}"


def shown(value: Fraction | None, places: int = 1) -> str:
    """A figure in a sentence: at most `places` decimals, half up, without trailing zeros; a dash for none."""
    if value is None:
        return "—"
    text = half_up(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


WAN = 10_000


def amount_text(value: Fraction, unit: str) -> str:
    """A figure with its unit; large money in 万元, as people write it."""
    if unit == "元" and abs(value) >= 100 * WAN:
        return f"{shown(value / WAN, 2)} 万元"
    return f"{shown(value, 2)} {unit}".strip()


def combined(tests: tuple[Test, ...] | list[Test]) -> tuple[bool | None, str | None]:
    """What several tests together say: any failed → failed; any missing → missing; all without object → not applicable."""
    deciding = [test for test in tests if test.decides]
    if any(test.met is False for test in deciding):
        return False, None
    for reason in (MISSING, UNDEFINED):
        if any(test.reason == reason for test in deciding):
            return None, reason
    if any(test.met for test in deciding):
        return True, None
    return None, NOT_APPLICABLE


def with_entry(result: Result, sight: Sight, item: Item) -> Result:
    """A computed result that an attestation must complete (item.wanted): both must hold."""
    entry = sight.attested(item.code)
    if entry is None:
        lacking = (*result.missing, ("attested", item.wanted))
        detail = f"{result.detail}还没有认定：{item.wanted}。"
        if result.met is False:
            return replace(result, detail=detail, missing=lacking)
        return replace(result, met=None, reason=MISSING, detail=detail, missing=lacking)
    said = replace(result, entry=entry, detail=f"{result.detail}{entry.conclusion}")
    if not entry.met:
        return replace(said, met=False, reason=None)
    if result.reason == NOT_APPLICABLE:
        return replace(said, met=True, reason=None)
    return said


def relief_note(relief: dict[str, str]) -> str:
    """过渡性放宽“学校规模”有效，自 2019-09-01 至 2022-12-31（文件）。"""
    days = f"自 {relief['valid_from'] or '—'} 至 {relief['valid_to'] or '长期'}"
    scope = "" if relief["scope"] == "all" else "，限部分学校"
    return f"“{relief['title']}”有效，{days}{scope}（{relief['document']}{relief['clause']}）。"


@dataclass(frozen=True)
class Listed:
    """An item with its result, as payload and verdict take it."""

    item: Item
    result: Result


def as_json(listed: Listed) -> dict:
    """The item's entry in `items` of the snapshot: plain JSON, figures as strings in the item's unit."""
    item, result = listed.item, listed.result
    head = result.tests[0] if result.tests else None
    return {
        "code": item.code, "title": item.title, "part": item.part, "kind": item.kind, "clause": item.clause,
        "note": item.note, "unit": head.unit if head else item.unit,
        "value": _text(head.value) if head else None, "numerator": _text(head.numerator) if head else None,
        "denominator": _text(head.denominator) if head else None, "per": str(head.per) if head else "1",
        "threshold": _text(head.limit) if head else None, "comparator": head.comparator if head else "",
        "requirement": result.requirement, "met": result.met, "reason": result.reason, "decides": result.decides,
        "beside": item.beside, "detail": result.detail, "tests": [_test(test) for test in result.tests],
        "lines": [_line(line) for line in result.lines], "missing": _lacking(result.missing),
        "notes": list(result.notes), "rules": list(item.rules), "quantities": list(item.shows), "attested": _entry(result.entry),
    }


def _test(test: Test) -> dict:
    margin = None if test.value is None or test.limit is None else test.value - test.limit
    return {
        "title": test.title, "stage": test.stage, "numerator": _text(test.numerator),
        "denominator": _text(test.denominator), "value": _text(test.value), "unit": test.unit, "per": str(test.per),
        "comparator": test.comparator, "threshold": _text(test.limit), "margin": _text(margin), "met": test.met,
        "reason": test.reason, "decides": test.decides, "numerator_title": test.numerator_title,
        "denominator_title": test.denominator_title, "numerator_unit": test.numerator_unit, "places": test.places,
    }


def _line(line: Line) -> dict:
    """What is known of a line: a county of 300 schools has thousands, so what is not known is left out."""
    said = {
        "title": line.title, "text": line.text, "school": line.school, "stage": line.stage,
        "numerator": _text(line.numerator), "denominator": _text(line.denominator), "value": _text(line.value),
        "threshold": _text(line.limit), "reason": line.reason,
    }
    return {name: value for name, value in said.items() if value} | {"met": line.met}


def _lacking(missing: tuple[tuple[str, str], ...]) -> list[dict]:
    return [{"ledger": ledger, "title": title} for ledger, title in dict.fromkeys(missing)]


def _entry(entry: Entry | None) -> dict | None:
    if entry is None:
        return None
    return {
        "met": entry.met, "conclusion": entry.conclusion, "values": dict(entry.values), "decided_by": entry.decided_by,
        "decided_on": entry.decided_on.isoformat() if entry.decided_on else None,
        "documents": [_document(document) for document in entry.documents],
    }


def _document(document: Document) -> dict:
    return {
        "id": document.id, "title": document.title, "issuer": document.issuer, "number": document.number,
        "date": document.date.isoformat() if document.date else None, "page": document.page,
        "has_file": document.has_file,
    }


def _text(value: Fraction | int | None) -> str | None:
    return None if value is None else decimal34(value)


