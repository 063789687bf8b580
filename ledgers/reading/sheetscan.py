"""The counting half of gate 5: rows, columns, far cells and merges of one sheet, from its tags, before any reader.

`regular` first brings odd but legal writing (single quotes, missing or late `r` attributes) to the one form that
every common program writes, so that this scan and the reader may search bytes instead of building a tree.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .limits import Limits
from .refusals import Refusal
from .workbook import Merge, address, column_index, column_letters, position

_SHEET_DATA = re.compile(rb"<sheetData\b[^>]*?(/?)>")
_ROW_OR_CELL = re.compile(rb"<(row|c)(?=[\s/>])([^>]*)>|</row>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)[\"']")
_SINGLE_QUOTED = re.compile(rb"<[A-Za-z][^<>]*='[^<>]*>")
_UNADDRESSED = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z])|<row(?=[\s/>])(?![^>]*\sr="\d)')
_MERGE = re.compile(rb"<mergeCell\b[^>]*?\bref=\"([A-Z]+[0-9]+)(?::([A-Z]+[0-9]+))?\"")
_HIDDEN_ROW = re.compile(rb"<row\b[^>]*\shidden=\"(?:1|true)\"")
_HIDDEN_COLUMN = re.compile(rb"<col\b[^>]*\shidden=\"(?:1|true)\"")
_ROW_START = re.compile(rb'<row\b[^>]*?\sr="(\d{1,9})"[^>]*?(/?)>')
VALUE_MARKS = (b"</v>", b"</is>", b"<f")
_CELL_LETTERS = re.compile(rb'<c r="([A-Z]{1,3})')
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384


@dataclass
class SheetFacts:
    """What the tags of a sheet say. `last_row` and `last_column` are counts (0 = blank sheet)."""

    rows_with_values: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    merges: list[Merge] = field(default_factory=list)
    protected: bool = False


def regular(xml: bytes) -> bytes:
    """The sheet with double quotes and an address in front of every row and cell."""
    if b"='" in xml and _SINGLE_QUOTED.search(xml):
        xml = _SINGLE_QUOTED.sub(_double_quotes, xml)
    if not _UNADDRESSED.search(xml):
        return xml
    return _addressed(xml)


def _double_quotes(found: re.Match) -> bytes:
    return re.sub(rb"='([^'\"]*)'", rb'="\1"', found[0])


def _addressed(xml: bytes) -> bytes:
    """Rows and cells may leave out their address: it is then the next one."""
    pieces, done, row, column = [], 0, 0, 0
    for found in _ROW_OR_CELL.finditer(xml):
        kind = found[1]
        if kind is None:
            continue
        given = _REFERENCE.search(found[2])
        rest = _REFERENCE.sub(b"", found[2], count=1).strip()
        if kind == b"row":
            row = int(given[1]) if given and given[1].isdigit() else row + 1
            column = 0
            tag = b'<row r="%d"' % row
        else:
            letters = given[1].rstrip(b"0123456789").decode("ascii", "replace") if given else ""
            column = column_index(letters) + 1 if letters.isalpha() and letters.isupper() else column + 1
            tag = b'<c r="%s%d"' % (column_letters(column - 1).encode(), row)
        closing = b"" if not rest else rest if rest == b"/" else b" " + rest
        pieces += [xml[done : found.start()], tag, closing, b">"]
        done = found.end()
    return b"".join([*pieces, xml[done:]])


def without_blank_tail(xml: bytes) -> bytes:
    """The sheet cut after the last row that holds a value: a million formatted blank rows cost nothing further."""
    last = _last_value(xml)
    end = xml.rfind(b"</sheetData>")
    if end < 0 or last > end:
        return xml
    start = _SHEET_DATA.search(xml)
    if last < 0:
        return xml[: start.end()] + xml[end:]
    row_end = xml.find(b"</row>", last)
    return xml if row_end < 0 or row_end + 6 == end else xml[: row_end + 6] + xml[end:]


def _last_value(piece: bytes, start: int = 0) -> int:
    """Where the last value of a piece ends, or -1: a cell is filled when it has a value, inline text or a formula."""
    at = max(piece.rfind(b"</v>", start), piece.rfind(b"</is>", start))
    formula = piece.rfind(b"<f", max(at, start))
    return max(at, formula)


def data_of(xml: bytes) -> tuple[int, int]:
    """Where the rows of a sheet begin and end; (0, 0) when it has none."""
    start = _SHEET_DATA.search(xml)
    end = xml.rfind(b"</sheetData>")
    if not start or (end < start.end() and not start[1]):
        raise Refusal("broken-file", detail="一张工作表的数据部分不完整")
    return (0, 0) if start[1] else (start.end(), end)


def scan_sheet(xml: bytes, name: str, limits: Limits) -> SheetFacts:
    """Count one regular sheet; Refusal when it leaves the limits or contradicts itself."""
    start, end = data_of(xml)
    facts = SheetFacts()
    if end:
        _count_rows(xml, start, end, name, limits, facts)
        facts.hidden_rows = len(_HIDDEN_ROW.findall(xml, start, end)) if b' hidden="' in xml else 0
    head, tail = xml[:start], xml[end:]
    facts.hidden_columns = len(_HIDDEN_COLUMN.findall(head))
    facts.protected = b"<sheetProtection" in tail
    facts.merges = _merges(tail, name, limits)
    if facts.rows_with_values > limits.rows + limits.row_slack:
        raise Refusal("too-many-rows", sheet=name, count=facts.rows_with_values, limit=limits.rows)
    if facts.last_row * facts.last_column > limits.cells:
        raise Refusal("too-many-cells", sheet=name, count=facts.last_row * facts.last_column, limit=limits.cells)
    return facts


def _count_rows(xml: bytes, at: int, end: int, name: str, limits: Limits, facts: SheetFacts) -> None:
    previous, rightmost = 0, b"A"
    marks = [mark for mark in VALUE_MARKS if mark in xml]
    for number, start, close in rows_of(xml, at, end):
        value = max([xml.rfind(mark, start, close) for mark in marks], default=-1)
        if value < 0:
            continue
        cell = _CELL_LETTERS.match(xml, xml.rfind(b'<c r="', start, value))
        if not cell or not previous < number <= MAX_ROW:
            raise Refusal("broken-file", detail=f"工作表“{name}”第 {number or previous + 1} 行的次序或位置混乱")
        previous = number
        facts.rows_with_values += 1
        letters = cell[1]
        if letters != rightmost and (len(letters), letters) > (len(rightmost), rightmost):
            rightmost = letters
            _check_column(column_index(letters.decode()), number, name, limits)
        if number > limits.last_row:
            far = address(number - 1, column_index(letters.decode()))
            raise Refusal("far-cell", sheet=name, cell=far)
    if facts.rows_with_values:
        facts.last_row, facts.last_column = previous, column_index(rightmost.decode()) + 1


def rows_of(xml: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(row number, start and end of its inside) of every row that is not written as an empty tag."""
    find, match = xml.find, _ROW_START.match
    while (start := find(b"<row", at, end)) >= 0:
        row = match(xml, start, end)
        if not row or (start > at and xml[at:start].strip()):
            raise Refusal("broken-file", detail="工作表里有一行没有写完")
        at = row.end()
        if row[2]:
            continue
        close = find(b"</row>", at, end)
        if close < 0:
            raise Refusal("broken-file", detail=f"第 {row[1].decode()} 行没有写完")
        yield int(row[1]), at, close
        at = close + 6
    if xml[at:end].strip():
        raise Refusal("broken-file", detail="工作表的最后一行没有写完")


def _check_column(column: int, row: int, name: str, limits: Limits) -> None:
    if column >= MAX_COLUMN:
        raise Refusal("broken-file", detail=f"工作表“{name}”有不存在的列")
    if column >= limits.columns:
        raise Refusal("far-cell", sheet=name, cell=address(row - 1, column))


def _merges(tail: bytes, name: str, limits: Limits) -> list[Merge]:
    count = tail.count(b"<mergeCell ")
    if count > limits.merges:
        raise Refusal("too-many-merges", sheet=name, count=count, limit=limits.merges)
    merges = []
    for first, last in _MERGE.findall(tail):
        top, left = position(first.decode())
        bottom, right = position((last or first).decode())
        check_merge((top, left, bottom, right), name, limits)
        merges.append((top, left, bottom, right))
    return merges


def check_merge(merge: Merge, name: str, limits: Limits) -> None:
    """Refusal `huge-merge` for a range that no ledger has."""
    top, left, bottom, right = merge
    if (bottom - top + 1) * (right - left + 1) > limits.merge_cells:
        raise Refusal("huge-merge", sheet=name, cell=f"{address(top, left)}:{address(bottom, right)}")
