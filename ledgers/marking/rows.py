"""Writing a sheet of our own as XML: rows of texts and numbers, widths, links within the book."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..reading.workbook import Merge, address, column_letters
from .xml import DECLARATION, MAIN, attribute, text

Value = str | int | float | bool | None
_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def is_risky(value: str) -> bool:
    """Whether a text would become a formula when somebody edits the cell."""
    return value.startswith(_RISKY)


@dataclass
class SheetPage:
    """A sheet being written. Each row is a list of (value, style index); None as value leaves a styled blank."""

    widths: Sequence[float] = ()
    frozen_rows: int = 0
    merges: list[Merge] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    rows: bytearray = field(default_factory=bytearray)
    number: int = 0

    def add(self, cells: Iterable[tuple[Value, int]]) -> int:
        """Write the next row; returns its number."""
        self.number += 1
        inside = "".join([_cell(f"{letters_of(j)}{self.number}", value, style) for j, (value, style) in enumerate(cells)])
        self.rows += f'<row r="{self.number}">{inside}</row>'.encode()
        return self.number

    def skip(self, number: int) -> None:
        """Leave rows blank so that the next one is `number` + 1."""
        self.number = max(self.number, number)

    def link(self, column: int, sheet: str, target: str) -> None:
        """Let the cell of the row written last lead to a cell of another sheet."""
        quoted = sheet.replace("'", "''")
        self.links.append((f"{column_letters(column)}{self.number}", f"'{quoted}'!{target}", target))

    def xml(self, *, selected: bool = False) -> bytes:
        """The part."""
        view = ' tabSelected="1"' if selected else ""
        pane = ""
        if self.frozen_rows:
            pane = f'<pane ySplit="{self.frozen_rows}" topLeftCell="A{self.frozen_rows + 1}" activePane="bottomLeft" state="frozen"/>'
        columns = "".join(f'<col min="{j}" max="{j}" width="{width}" customWidth="1"/>' for j, width in enumerate(self.widths, start=1))
        merges = "".join(f'<mergeCell ref="{address(top, left)}:{address(bottom, right)}"/>' for top, left, bottom, right in self.merges)
        links = b"".join(
            b'<hyperlink ref="%s" location="%s" display="%s"/>' % (cell.encode(), attribute(where), attribute(shown)) for cell, where, shown in self.links
        )
        head = f'<sheetViews><sheetView{view} workbookViewId="0">{pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        return b"".join([
            DECLARATION, b'<worksheet xmlns="', MAIN, b'">', head.encode(), f"<cols>{columns}</cols>".encode() if columns else b"",
            b"<sheetData>", self.rows, b"</sheetData>",
            f'<mergeCells count="{len(self.merges)}">{merges}</mergeCells>'.encode() if merges else b"",
            b"<hyperlinks>" + links + b"</hyperlinks>" if links else b"", b"</worksheet>",
        ])  # fmt: skip


letters_of = lru_cache(maxsize=1024)(column_letters)


def _cell(ref: str, value: Value, style: int) -> str:
    if value is None or value == "":
        return f'<c r="{ref}" s="{style}"/>' if style else ""
    if value is True or value is False:
        return f'<c r="{ref}" s="{style}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{ref}" s="{style}"><v>{value!r}</v></c>'
    kept = "" if value == value.strip() and "\n" not in value else ' xml:space="preserve"'
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t{kept}>{text(value)}</t></is></c>'
