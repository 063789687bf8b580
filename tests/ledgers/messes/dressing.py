"""One class list, one roster and one profile as tidy files, and the tools to dress them as schools do.

Every dressing goes through a real file and the real reader: `Sent(data, name)` → `outcome(ledger, sent)`.
"""
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl

from ledgers.checking import Outcome, check
from ledgers.definitions import LEDGERS
from ledgers.reading import read_workbook
from tests.ledgers.checking.helpers import CLASS_HEAD, CLASS_ROWS, SUNNY, TEACHER_HEAD, context, profile_sheet, teacher

CLASSES = [list(CLASS_HEAD), *[list(row) for row in CLASS_ROWS]]
ROSTER = [list(TEACHER_HEAD), list(teacher(2)), list(teacher(4, 最高学历="专科", 骨干级别="县级"))]
PROFILE = profile_sheet()[1]
TIDY = {"classes": CLASSES, "teachers": ROSTER, "school_profile": PROFILE}


@dataclass(frozen=True)
class Sent:
    """A file as it arrives."""

    data: bytes
    name: str = "台账.xlsx"


def book_of(rows: Sequence[Sequence], name: str = "台账") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    return book


def sent(rows_or_book, edit: Callable | None = None) -> Sent:
    """Rows, or a workbook, as an .xlsx; `edit(sheet)` may change the first sheet."""
    book = rows_or_book if isinstance(rows_or_book, openpyxl.Workbook) else book_of(rows_or_book)
    if edit:
        edit(book.worksheets[0])
    buffer = io.BytesIO()
    book.save(buffer)
    return Sent(buffer.getvalue())


def repacked(one: Sent, change: Callable[[dict[str, bytes]], None]) -> Sent:
    """The same archive with its members changed."""
    with zipfile.ZipFile(io.BytesIO(one.data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return Sent(buffer.getvalue(), one.name)


def outcome(ledger: str, one: Sent, school=SUNNY, limits=None, **more) -> Outcome:
    """What the engine makes of it. Raises Refusal."""
    return check(LEDGERS[ledger], read_workbook(one.data, one.name, limits), context(school, **more))


def facts(found: Outcome) -> list:
    """The facts of every school, without their places; in the order of their values."""
    kept = []
    for part in found.schools:
        for model, rows in part.rows_by_model.items():
            for row in rows:
                values = {k: v for k, v in row.items() if k not in ("sheet", "row", "title_text")}
                kept.append((part.school.code, model, sorted(values.items(), key=lambda item: item[0])))
    return sorted(kept, key=repr)


def places(found: Outcome, *levels: str) -> list[tuple[str, str]]:
    """[(code, cell)] of the problems of these levels (errors alone by default)."""
    return [(p.code, p.cell) for p in found.problems() if p.level in (levels or ("error",))]


def codes(found: Outcome) -> set[str]:
    return {p.code for p in found.problems()}


def with_cell(ledger: str, cell: str, value: object, **styles) -> Sent:
    """The tidy file with one cell changed."""

    def edit(sheet) -> None:
        sheet[cell] = value
        for name, given in styles.items():
            setattr(sheet[cell], name, given)

    return sent(TIDY[ledger], edit)


def with_header(ledger: str, old: str, new: str) -> Sent:
    rows = [list(row) for row in TIDY[ledger]]
    rows[0][rows[0].index(old)] = new
    return sent(rows)


def with_column(ledger: str, header: str, *values: object) -> Sent:
    """The tidy file with one more column at the end."""
    head, *rows = [list(row) for row in TIDY[ledger]]
    values = (*values, *[None] * (len(rows) - len(values)))
    return sent([[*head, header], *[[*row, value] for row, value in zip(rows, values, strict=True)]])
