"""The reader of web tables, which many portals hand out under the name .xls."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .limits import Limits
from .refusals import Refusal
from .sheetscan import check_merge
from .sniffing import decode_text, head_text
from .tidying import finish
from .workbook import TEXT, Grid, Merge, Workbook

_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w\-]+)""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 20
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,60})</x:Name>", re.IGNORECASE)


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    reserved: dict[int, set[int]] = field(default_factory=dict)
    placed: int = 0
    number: int = 1
    row: int = -1
    cell: tuple[int, int] | None = None
    text: list[str] = field(default_factory=list)


def read_html(data: bytes, file_name: str, limits: Limits) -> Workbook:
    """One sheet for each table that says something, also one inside another; `rowspan` and `colspan` become merges."""
    text = _decode(data)
    parser = _Tables(limits)
    parser.feed(text)
    parser.close()
    book = Workbook("html")
    name = _SHEET_NAME.search(text)
    tables = [table for table in parser.tables if any(any(row) for row in table.rows)]
    for number, table in enumerate(tables, 1):
        title = name[1].strip() if name and len(tables) == 1 else f"表{number}"
        width = max(map(len, table.rows), default=0)
        for row in table.rows:
            row.extend([""] * (width - len(row)))
        grid = Grid(title, rows=table.rows, kinds=[TEXT * width] * len(table.rows), merges=table.merges)
        book.sheets.append(grid)
        book.notices += finish(grid)
    return book


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(head_text(data))
    if declared and declared[1].lower() in ("gb2312", "gbk", "gb18030"):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return decode_text(data)


class _Tables(HTMLParser):
    """Collects cells; tolerant of end tags left out, as browsers are. `_open` are the tables not yet ended, outermost first."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._limits = limits
        self._open: list[_Table] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "title"):
            self._silent += 1
        elif tag == "table":
            if len(self._open) >= _DEEPEST:
                raise Refusal("broken-file", detail="网页表格一层套一层,层数过多")
            self._open.append(_Table(number=len(self.tables) + 1))
            self.tables.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._start_row()
        elif tag in ("td", "th"):
            self._end_cell()
            self._start_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self._open[-1].cell and self._open[-1].text:
            self._open[-1].text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "title"):
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell and not self._silent:
            self._open[-1].text.append(_BLANKS.sub(" ", data))

    def _start_row(self) -> None:
        table = self._open[-1]
        table.row += 1
        while len(table.rows) <= table.row:
            table.rows.append([])
        if table.row >= self._limits.rows + self._limits.row_slack:
            name = f"表{table.number}"
            raise Refusal("too-many-rows", sheet=name, count=f"{self._limits.rows} 以上", limit=self._limits.rows)

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        table = self._open[-1]
        if table.row < 0:
            self._start_row()
        name = f"表{table.number}"
        taken = table.reserved.get(table.row, set())
        row = table.rows[table.row]
        column = len(row)
        while column in taken:
            column += 1
        high, wide = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        if column + wide > self._limits.columns:
            raise Refusal("too-many-columns", sheet=name, count=column + wide, limit=self._limits.columns)
        check_merge((table.row, column, table.row + high - 1, column + wide - 1), name, self._limits)
        table.placed += high * wide
        if table.placed > self._limits.cells:
            raise Refusal("too-many-cells", sheet=name, count=table.placed, limit=self._limits.cells)
        row.extend([""] * (column + wide - len(row)))
        if high > 1 or wide > 1:
            table.merges.append((table.row, column, table.row + high - 1, column + wide - 1))
        for below in range(1, high):
            table.reserved.setdefault(table.row + below, set()).update(range(column, column + wide))
        table.cell, table.text = (table.row, column), []

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell:
            row, column = table.cell
            lines = "".join(table.text).replace("\xa0", " ").split("\n")
            table.rows[row][column] = "\n".join(line.strip() for line in lines).strip()
        table.cell = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 1_048_576) if value and value.strip().isdigit() else 1
