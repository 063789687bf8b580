"""Document to Excel: the form's layout cell by cell; text stays text, printed figures stay numbers."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from .document import Cell, Document, Table, plain

FONT = "宋体"


def render_xlsx(document: Document, made_at: dt.datetime, mark: str = "") -> bytes:
    """One sheet a table. `made_at` (the freeze time) is the file's own date, so that the same paper is the same bytes;
    `mark` says which paper it is (reports.marks)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": document.title, "created": made_at.replace(tzinfo=None), "author": "均衡台账", "keywords": mark})
    formats = _Formats(book)
    for index, table in enumerate(document.tables, start=1):
        _Sheet(book.add_worksheet((table.sheet or f"表{index}")[:31]), table, document, formats).write()
    book.close()
    return buffer.getvalue()


class _Formats:
    """xlsxwriter formats made once for each look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book, self.made = book, {}

    def __call__(self, **look):
        key = tuple(sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(
                {"font_name": FONT, "font_size": 10.5, "valign": "vcenter", "text_wrap": True, **look}
            )
        return self.made[key]


class _Sheet:
    """One table on one worksheet, row by row, spans filled."""

    def __init__(self, sheet, table: Table, document: Document, formats: _Formats) -> None:
        self.sheet, self.table, self.document, self.formats = sheet, table, document, formats
        self.columns = len(table.widths)
        self.taken: set[tuple[int, int]] = set()

    def write(self) -> None:
        self._page()
        row = self._full(0, self.document.title, bold=True, font_size=16, align="center")
        if self.document.subtitle:
            row = self._full(row, plain(self.document.subtitle), align="center")
        if self.table.title:
            row = self._full(row, self.table.title, bold=True, font_size=12, align="center")
        top = row
        for cells in (*self.table.header, *self.table.body):
            self._row(row, cells)
            row += 1
        self.sheet.repeat_rows(top, top + len(self.table.header) - 1)
        self.sheet.freeze_panes(top + len(self.table.header), 0)
        for note in self.table.notes:
            row = self._full(row, plain(note))
        for line in self.document.footer:
            row = self._full(row, line, font_size=8, font_color="#555555")

    def _page(self) -> None:
        if self.table.landscape:
            self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        total = sum(self.table.widths)
        for column, width in enumerate(self.table.widths):
            self.sheet.set_column(column, column, max(6, 130 * width / total))

    def _full(self, row: int, text: str, **look) -> int:
        if self.columns > 1:
            self.sheet.merge_range(row, 0, row, self.columns - 1, "", self.formats(**look))
        self.sheet.write_string(row, 0, text, self.formats(**look))
        lines = 1 + sum(2 if ord(c) > 255 else 1 for c in text) // 125
        self.sheet.set_row(row, 18 * lines + (8 if look.get("font_size", 0) > 12 else 0))
        return row + 1

    def _row(self, row: int, cells: tuple[Cell, ...]) -> None:
        column = 0
        for cell in cells:
            while (row, column) in self.taken:
                column += 1
            self._cell(row, column, cell)
            for r in range(row, row + cell.rowspan):
                for c in range(column, column + cell.colspan):
                    self.taken.add((r, c))
            column += cell.colspan

    def _cell(self, row: int, column: int, cell: Cell) -> None:
        look = {"border": 1, "align": cell.align}
        if cell.strong:
            look["bold"] = True
        if cell.failing:
            look["bg_color"] = "#C8C8C8"
        if cell.places is not None:
            look["num_format"] = f"0.{'0' * cell.places}" if cell.places else "0"
        style = self.formats(**look)
        if cell.colspan > 1 or cell.rowspan > 1:
            self.sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", style)
        if cell.places is not None:
            self.sheet.write_number(row, column, float(cell.text), style)
        else:
            text = "\n".join(plain(line) for line in cell.lines) if cell.lines else cell.text
            self.sheet.write_string(row, column, text, style)
