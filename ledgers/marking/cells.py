"""Colouring cells in the XML of a sheet, touching nothing else: a hundred thousand in about a second."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..reading.sheetscan import data_of
from ..reading.workbook import column_index, column_letters

Restyle = Callable[[int, str], int]
_ROW = re.compile(rb'<row\b[^>]*?\sr="(\d{1,7})"[^>]*?(/?)>')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})\d+"')
_STYLE = re.compile(rb'\ss="(\d+)"')
_SPANS = re.compile(rb'\sspans="[^"]*"')
_COLUMN = re.compile(rb"<col\b[^>]*>")
_EMPTY_DATA = re.compile(rb"<sheetData\b([^>]*?)/>")


def colour_cells(xml: bytes, marks: Mapping[int, Mapping[int, str]], restyle: Restyle) -> bytes | bytearray:
    """The sheet with cells on other grounds: `marks` {row number: {column index: level}}.

    `restyle(style, level)` gives the new style index. A cell (or row) that is not written yet is added, in its place and
    with the style of its row or column. The sheet must be regular (`reading.sheetscan.regular`).
    """
    if not marks:
        return xml
    xml = _EMPTY_DATA.sub(rb"<sheetData\1></sheetData>", xml, count=1)
    start, end = data_of(xml)
    columns = _column_styles(xml[:start])
    view, out, done, at = memoryview(xml), bytearray(), 0, start
    waiting = sorted(marks, reverse=True)
    while waiting and (found := xml.find(b"<row", at, end)) >= 0:
        row = _ROW.match(xml, found, end)
        number = int(row[1])
        close = row.end() if row[2] else xml.find(b"</row>", row.end(), end)
        at = row.end() if row[2] else close + 6
        while waiting and waiting[-1] < number:
            missing = waiting.pop()
            out += view[done:found]
            out += _new_row(missing, marks[missing], columns, restyle)
            done = found
        if waiting and waiting[-1] == number:
            waiting.pop()
            inside = b"" if row[2] else xml[row.end() : close]
            out += view[done:found]
            out += _row(row[0], inside, number, marks[number], columns, restyle)
            done = at
    out += view[done:end]
    for number in reversed(waiting):
        out += _new_row(number, marks[number], columns, restyle)
    out += view[end:]
    return out


def _row(tag: bytes, inside: bytes, number: int, wanted: Mapping[int, str], columns: Mapping[int, int], restyle: Restyle) -> bytes:
    edits: list[tuple[int, int, bytes]] = []
    missing = []
    for column, level in wanted.items():
        head = b'<c r="%s%d"' % (column_letters(column).encode(), number)
        at = inside.find(head)
        if at < 0:
            missing.append(column)
            continue
        after = at + len(head)
        close = inside.index(b">", after)
        given = inside[after:close]
        style = _STYLE.search(given)
        new = b' s="%d"' % restyle(int(style[1]) if style else 0, level)
        if style:
            edits.append((after + style.start(), after + style.end(), new))
        else:
            edits.append((after, after, new))
    if missing:
        tag = _SPANS.sub(b"", tag)
        edits += _added(tag, inside, number, missing, wanted, columns, restyle)
    edits.sort(key=lambda edit: edit[:2])
    pieces, done = [], 0
    for first, last, new in edits:
        pieces += [inside[done:first], new]
        done = last
    return b"".join([tag[:-2] + b">" if tag.endswith(b"/>") else tag, *pieces, inside[done:], b"</row>"])


def _added(tag: bytes, inside: bytes, number: int, missing: list[int], wanted: Mapping[int, str], columns: Mapping[int, int], restyle: Restyle) -> list:
    """Cells that a blank place lacks, put before the first cell further right."""
    standing = [(column_index(cell[1].decode()), cell.start()) for cell in _CELL.finditer(inside)]
    row_style = _STYLE.search(tag) if b'customFormat="1"' in tag else None
    edits = []
    for column in sorted(missing):
        at = next((start for other, start in standing if other > column), len(inside))
        base = int(row_style[1]) if row_style else columns.get(column, 0)
        edits.append((at, at, _blank_cell(column, number, restyle(base, wanted[column]))))
    return edits


def _blank_cell(column: int, number: int, style: int) -> bytes:
    return b'<c r="%s%d" s="%d"/>' % (column_letters(column).encode(), number, style)


def _new_row(number: int, wanted: Mapping[int, str], columns: Mapping[int, int], restyle: Restyle) -> bytes:
    cells = [_blank_cell(column, number, restyle(columns.get(column, 0), wanted[column])) for column in sorted(wanted)]
    return b'<row r="%d">%s</row>' % (number, b"".join(cells))


def _column_styles(head: bytes) -> dict[int, int]:
    """Column index → style of blank cells in it, for the columns a ledger can have."""
    styles = {}
    for tag in _COLUMN.findall(head):
        given = dict(re.findall(rb'(\w+)="(\d+)"', tag))
        if b"style" in given and b"min" in given:
            first, last = int(given[b"min"]), int(given.get(b"max", given[b"min"]))
            styles.update(dict.fromkeys(range(first - 1, min(last, 1024)), int(given[b"style"])))
    return styles
