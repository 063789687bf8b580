"""The reader of text tables: comma (a full-width one too), semicolon or tab, UTF-8, UTF-16 or GB18030, also when renamed .xls."""
from __future__ import annotations

import csv
import io
import os
import re

from .limits import Limits
from .refusals import Refusal
from .sniffing import decode_text
from .tidying import finish
from .workbook import TEXT, Grid, Notice, Workbook

FULL_WIDTH = "，"
_DELIMITERS = (",", "\t", ";", FULL_WIDTH)
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_FORCED_TEXT = re.compile(r'="([^"]*)"')


def read_csv(data: bytes, file_name: str, limits: Limits) -> Workbook:
    """One sheet named after the file; everything is text."""
    text = decode_text(data).replace("\x00", "")
    declared = _SEPARATOR_LINE.match(text)
    delimiter = declared[1] if declared else _delimiter(text)
    body = text[declared.end() :] if declared else text
    name = os.path.splitext(os.path.basename(file_name.replace("\\", "/")))[0] or "Sheet1"
    rows = _rows(body, delimiter, name, limits)
    width = max(map(len, rows), default=0)
    if len(rows) * width > limits.cells:
        raise Refusal("too-many-cells", sheet=name, count=len(rows) * width, limit=limits.cells)
    for row in rows:
        row.extend([""] * (width - len(row)))
    grid = Grid(name, rows=rows, kinds=[TEXT * width] * len(rows))
    book = Workbook("csv", sheets=[grid])
    if delimiter == FULL_WIDTH:
        book.notices.append(Notice("full-width-commas", name, "", "这个文本文件各列之间用的是全角逗号“，”，已按逗号分列读取。请核对各列是否对齐。"))
    book.notices += finish(grid)
    return book


def _rows(body: str, delimiter: str, name: str, limits: Limits) -> list[list[str]]:
    csv.field_size_limit(1_000_000)
    rows: list[list[str]] = []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter):
            if len(row) > limits.columns:
                row = _without_blank_end(row, name, limits)
            rows.append([_plain(cell) for cell in row])
            filled += any(row)
            if filled > limits.rows + limits.row_slack or len(rows) > limits.last_row:
                raise Refusal("too-many-rows", sheet=name, count=f"{limits.rows} 以上", limit=limits.rows)
    except csv.Error:
        raise Refusal("broken-file", detail=f"第 {len(rows) + 1} 行的引号没有成对") from None
    if rows and rows[-1] and "\n" in rows[-1][-1] and not body.rstrip().endswith('"'):
        raise Refusal("broken-file", detail=f"第 {len(rows)} 行有一个引号没有成对，其后的内容会粘成一格")
    return rows


def _without_blank_end(row: list[str], name: str, limits: Limits) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    if len(row) > limits.columns:
        raise Refusal("too-many-columns", sheet=name, count=len(row), limit=limits.columns)
    return row


def _plain(cell: str) -> str:
    """`="0012"` is how a text table says that 0012 is text."""
    if cell.startswith('="'):
        found = _FORCED_TEXT.fullmatch(cell)
        return found[1] if found else cell
    return cell.replace("\r\n", "\n") if "\r" in cell else cell


def _delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of fields."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:30]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        score = counts.count(usual) * usual
        if usual and score > best_score:
            best, best_score = delimiter, score
    return best
