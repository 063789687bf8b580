"""The reader of .xls: values by calamine, errors and merges from the records the guard has seen."""
from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from .biff import XlsBook, XlsSheet
from .refusals import NOTICES, OWN_LISTS, Refusal
from .tidying import finish
from .values import float_text, moment_text
from .workbook import BOOLEAN, DATE, ERROR, NUMBER, TEXT, Grid, Notice, Workbook


def read_xls(data: bytes, scanned: XlsBook) -> Workbook:
    """All visible sheets; Refusal when calamine cannot read it or returns fewer rows than the records hold."""
    book = Workbook("xls", scanned.date_1904)
    try:
        source = CalamineWorkbook.from_filelike(io.BytesIO(data))
        known = set(source.sheet_names)
        for sheet in scanned.sheets:
            readable = sheet.ordinary and not sheet.hidden
            if readable and sheet.name not in known:
                raise Refusal("broken-file", detail=f"工作表“{sheet.name}”的内容缺失")
            rows = source.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False) if readable else None
            book.sheets.append(_grid(sheet, rows))
            book.notices += _remarks(sheet)
    except (CalamineError, ValueError, OSError):
        raise Refusal("broken-file", detail="工作簿的内容无法解析") from None
    if scanned.external_links:
        code = "external-links-as-values"
        book.notices.append(Notice(code, "", "", f"{NOTICES[code]}：公式引用了别的文件，按文件里保存的现有数值读取，请核对。"))
    for grid in book.visible:
        book.notices += finish(grid)
    _compare(book, scanned)
    return book


def _remarks(sheet: XlsSheet) -> list[Notice]:
    if not sheet.ordinary:
        code = "other-sheet-not-read"
        return [Notice(code, sheet.name, "", f"{NOTICES[code]}：“{sheet.name}”是图表或对话框。")]
    if sheet.hidden and sheet.name != OWN_LISTS:
        code = "hidden-sheet-not-read"
        sentence = f"{NOTICES[code]}：“{sheet.name}”是隐藏的；如其中有要上报的内容，请取消隐藏后重新上传。"
        return [Notice(code, sheet.name, "", sentence)]
    return []


def _grid(sheet: XlsSheet, rows: list[list] | None) -> Grid:
    grid = Grid(sheet.name, hidden=rows is None, counted_rows=len(sheet.filled_rows))
    if rows is None:
        return grid
    width = max(max(map(len, rows), default=0), sheet.last_column)
    for values in rows:
        pairs = [_text(value) for value in values]
        pairs += [("", TEXT)] * (width - len(pairs))
        grid.rows.append([text for text, _ in pairs])
        grid.kinds.append("".join(kind for _, kind in pairs))
    grid.merges = sheet.merges
    for _ in range(len(rows), max((row for row, _ in sheet.errors), default=-1) + 1):
        grid.rows.append([""] * width)
        grid.kinds.append(TEXT * width)
    for (row, column), error in sheet.errors.items():
        grid.rows[row][column] = error
        grid.kinds[row] = grid.kinds[row][:column] + ERROR + grid.kinds[row][column + 1 :]
    return grid


def _text(value: object) -> tuple[str, str]:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n"), TEXT
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), BOOLEAN
    if isinstance(value, int):
        return str(value), NUMBER
    if isinstance(value, float):
        return float_text(value), NUMBER
    if isinstance(value, date | datetime | time):
        return moment_text(value), DATE
    if isinstance(value, timedelta):
        return float_text(value.total_seconds() / 86400), NUMBER
    return "", TEXT


def _compare(book: Workbook, scanned: XlsBook) -> None:
    for grid, sheet in zip(book.sheets, scanned.sheets, strict=True):
        if not grid.hidden and not len(sheet.certain_rows) <= grid.counted_rows <= len(sheet.filled_rows):
            count = len(sheet.filled_rows)
            raise Refusal("reader-differs", sheet=sheet.name, found=grid.counted_rows, count=count)
