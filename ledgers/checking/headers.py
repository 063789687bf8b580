"""Finding the header: titles and aliases against the first rows of a sheet (domain ledgers 1, matching rule)."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..cleaning import squeeze
from ..columns import AREA, LENGTH, MONEY, Column
from ..columns.numbers import COUNT_UNITS
from ..ledger import Table
from ..reading.workbook import Grid

SCAN_ROWS = 15
DEEPEST = 3
WEAKER = 10
ENOUGH = 0.6
UNITS = frozenset({*AREA, *MONEY, *LENGTH, *COUNT_UNITS, "%", "元/生", "m2/生", "平方米/生"})
# What may stand in a bracket as a unit although no column knows it: it is asked about, never passed over.
_UNIT_LIKE = re.compile(r"^[十百千万亿]*(?:元|人|名|册|本|间|个|台|套|件|米|尺|寸|里|公里|亩|顷|公顷|平方\w{1,2}|m|km2)(?:/(?:生|人))?$")
_AFTER_SLASH = re.compile(r"(?<=.)/([^/]{1,4})$")
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LEAD = re.compile(r"^[★☆*※#●▲△•·、.\-]+")
_TAIL = re.compile(r"(?:[(\[]?(?:必填|选填|必填项)[)\]]?|[★☆*※]+)$")
_NUMBERED = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\(?\d{1,2}[)、.](?!\d))")
_PART = re.compile(r"^(?:其中|其中的|包括|含)[::,]?")
_TOTAL_WORDS = frozenset({"计", "合计", "小计", "总计", "总数", "合计数", "数量", "人数", "数"})


@lru_cache(maxsize=8192)
def normal(text: str) -> tuple[str, str]:
    """(normalised header, unit it states): "★占地面积（亩） 必填" -> ("占地面积", "亩")."""
    text = _LEAD.sub("", squeeze(text))
    text = _TAIL.sub("", text)
    unit = ""

    def drop_unit(found: re.Match) -> str:
        nonlocal unit
        inside = re.sub(r"^单位[::]?", "", found[1])
        if unit_like(inside):
            unit = unit or inside
            return ""
        return "" if inside in ("必填", "选填") else found[0]

    text = _TAIL.sub("", _BRACKET.sub(drop_unit, text))
    if not unit and (found := _AFTER_SLASH.search(text)) and found[1] in UNITS:
        text, unit = text[: found.start()], found[1]
    return text.strip(":,。").lower(), unit


def unit_like(text: str) -> bool:
    """Whether a text is a unit, known or not."""
    return text in UNITS or bool(_UNIT_LIKE.match(text))


@lru_cache(maxsize=8192)
def forms(levels: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """The names a header of these (normalised) levels may be known by, the strongest first."""
    bare = tuple(_PART.sub("", _NUMBERED.sub("", level)) or level for level in levels)
    if len(bare) > 1 and bare[-1] in _TOTAL_WORDS:
        short = bare[:-1]
    else:
        short = bare
    found: list[tuple[str, int]] = [("/".join(levels), 9), ("".join(bare), 8), ("".join(short), 7)]
    if len(short) > 1:
        found += [(short[-1] + short[0], 6), ("".join(short[-2:]), 6), (short[-1], 5)]
    found += [(_without_brackets(name), strength - 4) for name, strength in tuple(found)]
    return tuple(dict.fromkeys((name, strength) for name, strength in found if name))


def _without_brackets(name: str) -> str:
    """Brackets within brackets too: 班级名称(如:一(1)班)."""
    shorter = _BRACKET.sub("", name)
    return name if shorter == name else _without_brackets(shorter)


class Names(dict):
    """normalised name -> column. `weak` names mean the column only where nothing better does."""

    def __init__(self) -> None:
        super().__init__()
        self.weak: set[str] = set()


def lookup_of(table: Table, remembered: Mapping[str, str] | None = None, turned: bool = False) -> Names:
    """The names of a table's columns: headers, aliases and what the school once answered."""
    index = Names()
    loose: dict[str, set[str]] = {}
    for column in table.columns:
        if column.only_turned and not turned:
            continue
        for name in (column.header, *column.aliases):
            index.setdefault(normal(name)[0], column)
            loose.setdefault(_BRACKET.sub("", normal(name)[0]), set()).add(column.field)
    for column in table.columns:
        for name in (normal(alias)[0] for alias in column.weak_aliases):
            if name not in index:
                index[name] = column
                index.weak.add(name)
    for name, fields in loose.items():  # a bracket left out is forgiven where it leaves no choice
        if len(fields) == 1:
            index.setdefault(name, table.column(*fields))
    for name, field_name in (remembered or {}).items():
        if any(column.field == field_name for column in table.columns):
            index[name] = table.column(field_name)
            index.weak.discard(name)
    index.pop("", None)
    return index


def find_column(levels: tuple[str, ...], index: Names) -> tuple[Column, int] | None:
    """The column a header means and how surely (9 exact … 1; below that for a weak name)."""
    for name, strength in forms(levels):
        if name in index:
            return index[name], strength - WEAKER if name in index.weak else strength
    return None


@dataclass
class Header:
    """A header found: rows `top`..`top + depth - 1` of the grid; `columns` field -> grid column."""

    table: Table
    top: int
    depth: int
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    rivals: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def first_row(self) -> int:
        return self.top + self.depth

    @property
    def score(self) -> tuple[float, int, int]:
        """Share of the required columns found, how many columns in all, shallower first."""
        wanted = self.table.required
        found = sum(1 for column in wanted if column.field in self.columns)
        return (found / len(wanted) if wanted else 0.0, len(self.columns), -self.depth)


def filled(grid: Grid, rows: int) -> list[list[str]]:
    """The first rows with merged ranges filled right and down."""
    head = [list(row) for row in grid.rows[:rows]]
    for top, left, bottom, right in grid.merges:
        if top >= len(head):
            continue
        for i in range(top, min(bottom + 1, len(head))):
            for j in range(left, min(right + 1, len(head[i]))):
                head[i][j] = grid.rows[top][left]
    return head


def find_header(grid: Grid, table: Table, remembered: Mapping[str, str] | None = None) -> Header | None:
    """The best header of this table in the sheet, None when fewer than 60 % of the required columns are there."""
    head = filled(grid, SCAN_ROWS + DEEPEST)
    index = lookup_of(table, remembered)
    best: Header | None = None
    for top in range(min(SCAN_ROWS, len(head))):
        if not any(head[top]):
            continue
        for depth in range(1, DEEPEST + 1):
            if top + depth > len(head):
                break
            found = _match(head[top : top + depth], top, table, index)
            if len(found.columns) >= 2 and (best is None or found.score > best.score):
                best = found
    if best is None or best.score[0] < ENOUGH or (table.any_of and not best.columns.keys() & set(table.any_of)):
        return None
    _take_row_of_units(best, head)
    return best


def _take_row_of_units(header: Header, head: Sequence[Sequence[str]]) -> None:
    """A row of nothing but units right below the header belongs to it."""
    row = [squeeze(text) for text in head[header.first_row]] if header.first_row < len(head) else []
    units = {j: text.strip("()") for j, text in enumerate(row) if text}
    if len(units) < 2 or not all(map(unit_like, units.values())):
        return
    header.depth += 1
    for name, j in header.columns.items():
        if j in units:
            header.units.setdefault(name, units[j])


def header_key(title: str) -> str:
    """What an answer about a header is remembered by: "面积（亩）" and "面积" are one question."""
    return "/".join(dict.fromkeys(normal(part)[0] for part in title.split("/")))


def header_at(grid: Grid, table: Table, top: int, remembered: Mapping[str, str] | None = None) -> Header | None:
    """The header that begins in a row somebody pointed at, however few of its columns are known: the others are asked about.
    None where the row is blank."""
    head = filled(grid, top + DEEPEST)
    index = lookup_of(table, remembered)
    tried = [_match(head[top : top + depth], top, table, index) for depth in range(1, DEEPEST + 1) if top + depth <= len(head)]
    return max((one for one in tried if one.columns or one.unknown), key=lambda one: one.score, default=None)


def _match(rows: Sequence[Sequence[str]], top: int, table: Table, index: Mapping[str, Column]) -> Header:
    header = Header(table, top, len(rows))
    strengths: dict[str, int] = {}
    for j in range(len(rows[0])):
        raw = [row[j] for row in rows if row[j].strip()]
        if not raw:
            continue
        named = [normal(text) for text in raw]
        levels = tuple(dict.fromkeys(name for name, _ in named if name))
        if not levels:
            continue
        title = "/".join(dict.fromkeys(squeeze(text) for text in raw))
        found = find_column(levels, index)
        if found is None:
            header.unknown[j] = title
            continue
        column, strength = found
        if column.field in header.columns:
            other = header.columns[column.field]
            if strength <= strengths[column.field]:
                if strength == strengths[column.field]:
                    header.rivals.append((column.field, other, j))
                else:
                    header.unknown[j] = title
                continue
            header.unknown[other] = header.titles.pop(other)
        header.columns[column.field], strengths[column.field], header.titles[j] = j, strength, title
        unit = next((unit for _, unit in reversed(named) if unit), "")
        if unit:
            header.units[column.field] = unit
        else:
            header.units.pop(column.field, None)
    return header
