"""Reading what is to be attested: the JSON of `manage.py attest` (and of the forms) into rows, or sentences about faults.

Pure: nothing is stored and no file is opened here. The shape is the contract's:
{"items": […], "vetoes": […], "survey": […], "monitoring": […], "points": […], "past": […]}.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .catalogue import GROUPS, ITEM, LEVELS, POINTS, SUBJECTS, VETO, Catalogue

DECIMAL = re.compile(r"\d{1,12}(\.\d{1,20})?")
FILES_AN_ITEM = 5
LEVEL_WORDS = {
    word: number
    for number, words in {1: ("1", "I", "Ⅰ", "一"), 2: ("2", "II", "Ⅱ", "二"), 3: ("3", "III", "Ⅲ", "三"),
                          4: ("4", "IV", "Ⅳ", "四")}.items()
    for word in words
}
SUBJECT_CODES = {title: code for code, title in SUBJECTS.items()} | {code: code for code in SUBJECTS}
GROUP_CODES = {"all": "all", "parents": "parents", "计": "all", "合计": "all", "家长": "parents", "其中：家长": "parents"}


@dataclass(frozen=True)
class Paper:
    """A cited document as it was given; `file` is the name it was given under, "" without one."""

    title: str
    issuer: str
    number: str = ""
    date: dt.date | None = None
    page: str = ""
    file: str = ""
    known: int | None = None


@dataclass
class Entries:
    """Rows by kind, each a dict of model fields; `papers` by item code."""

    items: list[dict] = field(default_factory=list)
    vetoes: list[dict] = field(default_factory=list)
    survey: list[dict] = field(default_factory=list)
    monitoring: list[dict] = field(default_factory=list)
    points: list[dict] = field(default_factory=list)
    past: list[dict] = field(default_factory=list)
    papers: dict[str, list[Paper]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.items, self.vetoes, self.survey, self.monitoring, self.points, self.past))

    def count(self) -> dict[str, int]:
        return {kind: len(getattr(self, kind)) for kind in READERS}


class Fault(ValueError):
    """One entry cannot be taken; the message is a Chinese sentence."""


def read_entries(content: Any, catalogue: Catalogue) -> tuple[Entries, list[dict]]:
    """(entries, problems): problems are [{"place": "items[0]", "code", "message"}]; with any, nothing may be written."""
    entries, problems = Entries(), []
    if not isinstance(content, Mapping):
        return entries, [_problem("", "", "文件内容应是一个 JSON 对象，含 items、vetoes、survey 等部分。")]
    for name in content:
        if name not in READERS:
            problems.append(_problem(name, "", f"没有“{name}”这一部分，可用的有：{'、'.join(READERS)}。"))
    for name, reader in READERS.items():
        rows = content.get(name) or []
        if not isinstance(rows, list):
            problems.append(_problem(name, "", f"“{name}”应是一个列表。"))
            continue
        seen: set = set()
        for number, row in enumerate(rows):
            place = f"{name}[{number}]"
            try:
                if not isinstance(row, Mapping):
                    raise Fault("这一条应是一个 JSON 对象。")
                key = reader(entries, row, catalogue)
                if key in seen:
                    raise Fault("同一份文件里这一条出现了两次，请只保留一条。")
                seen.add(key)
            except Fault as fault:
                problems.append(_problem(place, str(row.get("code", "")) if isinstance(row, Mapping) else "", str(fault)))
    if not problems and not entries:
        problems.append(_problem("", "", "没有可录入的内容，请至少填写一条。"))
    return entries, problems


def _problem(place: str, code: str, message: str) -> dict:
    return {"place": place, "code": code, "message": message}


def _item(entries: Entries, row: Mapping, catalogue: Catalogue) -> str:
    code = _code(row, catalogue, ITEM, "认定条目")
    values = row.get("values") or {}
    if not isinstance(values, Mapping):
        raise Fault("values 应是一个 JSON 对象。")
    entries.items.append({
        "code": code, "met": _yes_no(row, "met", "是否达标"), "conclusion": _text(row, "conclusion", "结论", 4000),
        "values": {str(k): v if isinstance(v, bool) or v is None else str(v) for k, v in values.items()}, **_decision(row),
    })
    entries.papers[code] = list(_papers(row))
    return code


def _veto(entries: Entries, row: Mapping, catalogue: Catalogue) -> str:
    code = _code(row, catalogue, VETO, "一票否决条目")
    found = _yes_no(row, "found", "是否发现")
    detail = _text(row, "detail", "情况", 4000, required=found)
    entries.vetoes.append({"code": code, "found": found, "detail": detail, **_decision(row)})
    entries.papers[code] = list(_papers(row))
    return code


def _survey(entries: Entries, row: Mapping, catalogue: Catalogue) -> str:
    group = GROUP_CODES.get(str(row.get("group", "")).strip())
    if group is None:
        raise Fault(f"调查人群“{row.get('group', '')}”应为 all（{GROUPS['all']}）或 parents（{GROUPS['parents']}）。")
    counts = {name: _count(row, name) for name in ("issued", "valid", "satisfied", "visited", "visit_satisfied")}
    for part, whole, words in (("valid", "issued", "有效问卷数不能多于问卷总数"), ("satisfied", "valid", "满意问卷数不能多于有效问卷数"),
                               ("visit_satisfied", "visited", "走访满意人数不能多于走访人数")):
        if counts[part] is not None and counts[whole] is not None and counts[part] > counts[whole]:
            raise Fault(f"{words}：{counts[part]} 大于 {counts[whole]}，请核对。")
    entries.survey.append({"group": group, **counts})
    return group


def _monitoring(entries: Entries, row: Mapping, catalogue: Catalogue) -> str:
    subject = SUBJECT_CODES.get(str(row.get("subject", "")).strip())
    if subject is None:
        raise Fault(f"学科“{row.get('subject', '')}”应为：{'、'.join(SUBJECTS.values())}。")
    level = LEVEL_WORDS.get(str(row.get("level", "")).strip().upper().removesuffix("级"))
    if level is None:
        raise Fault(f"等级“{row.get('level', '')}”应为：{'、'.join(LEVELS.values())}。")
    entries.monitoring.append(
        {"subject": subject, "level": level, "difference_rate": _decimal(row, "difference_rate", "校际差异率")}
    )
    return subject


def _points(entries: Entries, row: Mapping, catalogue: Catalogue) -> str:
    code = _code(row, catalogue, POINTS, "评分条目")
    columns = {f"{name}_points": _decimal(row, name, words, required=False)
               for name, words in (("self", "自评分"), ("city", "市复评分"), ("province", "省评分"))}
    if not any(columns.values()):
        raise Fault("自评、复评、省评至少填写一个分数。")
    if over := [text for text in columns.values() if text and float(text) > 100]:
        raise Fault(f"得分 {over[0]} 超过 100 分，请核对。")
    entries.points.append({"code": code, **columns})
    return code


def _past(entries: Entries, row: Mapping, catalogue: Catalogue) -> tuple[str, int]:
    standard = _text(row, "standard", "标准", 40)
    year = row.get("year")
    if isinstance(year, bool) or not str(year).isdecimal() or not 1990 <= int(year) <= 2100:
        raise Fault(f"年份“{year}”应为四位数的年份，例如 2022。")
    composite = row.get("composite") or {}
    if not isinstance(composite, Mapping):
        raise Fault("composite 应是一个 JSON 对象，含 primary 和 junior。")
    entries.past.append({
        "standard": standard, "year": int(year), "recognised": _yes_no(row, "recognised", "是否认定"),
        "primary_composite": _decimal(composite, "primary", "小学综合差异系数", required=False),
        "junior_composite": _decimal(composite, "junior", "初中综合差异系数", required=False),
    })
    return standard, int(year)


READERS = {"items": _item, "vetoes": _veto, "survey": _survey, "monitoring": _monitoring, "points": _points, "past": _past}


def _code(row: Mapping, catalogue: Catalogue, kind: str, words: str) -> str:
    code = str(row.get("code", "")).strip()
    if code not in catalogue.codes(kind):
        known = "、".join(demand.code for demand in catalogue.of(kind)) or "没有这类条目"
        raise Fault(f"“{catalogue.title}”没有代码为“{code}”的{words}，可用的有：{known}。")
    return code


def _papers(row: Mapping) -> Iterator[Paper]:
    papers = row.get("documents") or []
    if not isinstance(papers, list):
        raise Fault("documents 应是一个列表。")
    if sum(bool(isinstance(p, Mapping) and p.get("file")) for p in papers) > FILES_AN_ITEM:
        raise Fault(f"一个条目最多附 {FILES_AN_ITEM} 个文件，请合并后再录入。")
    for number, paper in enumerate(papers, 1):
        if not isinstance(paper, Mapping):
            raise Fault(f"第 {number} 份文件应是一个 JSON 对象。")
        try:
            yield _paper(paper)
        except Fault as fault:
            raise Fault(f"第 {number} 份文件：{fault}") from None


def _paper(paper: Mapping) -> Paper:
    known = paper.get("document")
    if known is not None:
        return Paper("", "", page=_text(paper, "page", "页码", 40, required=False), known=int(known))
    return Paper(
        _text(paper, "title", "文件名称", 200), _text(paper, "issuer", "发文单位", 120),
        _text(paper, "number", "文号", 80, required=False), _date(paper, "date", "文件日期"),
        _text(paper, "page", "页码", 40, required=False), _text(paper, "file", "附件", 255, required=False),
    )


def _decision(row: Mapping) -> dict:
    return {
        "decided_by": _text(row, "decided_by", "认定人", 120, required=False),
        "decided_on": _date(row, "decided_on", "认定日期"),
    }


def _text(row: Mapping, name: str, words: str, longest: int, *, required: bool = True) -> str:
    value = row.get(name)
    text = "" if value is None else str(value).strip()
    if required and not text:
        raise Fault(f"缺少{words}（{name}），请填写。")
    if len(text) > longest:
        raise Fault(f"{words}有 {len(text)} 个字，最多 {longest} 个字，请缩短。")
    return text


def _yes_no(row: Mapping, name: str, words: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise Fault(f"{words}（{name}）应填写 true（是）或 false（否）。")
    return value


def _date(row: Mapping, name: str, words: str) -> dt.date | None:
    text = str(row.get(name) or "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{words}“{text}”应写成 2025-09-01 的样子。") from None


def _count(row: Mapping, name: str) -> int | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not str(value).isdecimal() or int(value) > 10**9:
        raise Fault(f"“{value}”（{name}）应为不小于 0 的整数。")
    return int(value)


def _decimal(row: Mapping, name: str, words: str, *, required: bool = True) -> str:
    value = row.get(name)
    text = "" if value is None else str(value).strip()
    if not text and not required:
        return ""
    if isinstance(value, bool) or not DECIMAL.fullmatch(text):
        raise Fault(f"{words}“{text}”应为不小于 0 的数，例如 0.12。")
    return text
