"""Workbooks as clerks make them, judged by the real reader and checker, and what comes back marked."""
from __future__ import annotations

import io
import zipfile

import openpyxl

from ledgers.checking import check
from ledgers.definitions import LEDGERS
from ledgers.marking import Found, Task, mark
from ledgers.reading import read_workbook
from tests.ledgers.checking.helpers import context


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book_of(*rows, name: str = "班级") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    return book


def outcome_of(data: bytes, name: str = "班级.xlsx", ledger: str = "classes"):
    return check(LEDGERS[ledger], read_workbook(data, name), context())


def task_of(data: bytes, name: str = "班级.xlsx", ledger: str = "classes", **more) -> Task:
    """What the checker finds, as a task."""
    return Task([Found.of(problem.as_json()) for problem in outcome_of(data, name, ledger).problems()], **more)


def marked_bytes(data: bytes, name: str = "班级.xlsx", ledger: str = "classes", **more) -> bytes:
    return mark(data, name, task_of(data, name, ledger, **more))


def marked(data: bytes, name: str = "班级.xlsx", ledger: str = "classes", **more) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(marked_bytes(data, name, ledger, **more)))


def colour(cell) -> str:
    """The ground of a cell as RRGGBB, "" for none."""
    return cell.fill.fgColor.rgb[2:] if cell.fill.fill_type == "solid" else ""


def lines(sheet) -> list[list]:
    """The lines of 必改 or 汇总 below the header."""
    return [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(data: bytes, change) -> bytes:
    """The archive after `change(members)`."""
    parts = members(data)
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def found(cell: str, code: str = "not-a-number", sheet: str = "班级", level: str = "error", column: str = "学生数", field: str = "pupils", value: str = "约50") -> Found:
    row = int("".join(c for c in cell if c.isdigit())) if cell and "+" not in cell else None
    return Found(level, code, sheet, cell, row, column, field, value, f"「{sheet}」第{row}行“{column}”({cell})：“{value}”不能用，请改正。")
