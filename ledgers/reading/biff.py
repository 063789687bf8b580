"""Gates 4 and 5 for .xls (BIFF8, [MS-XLS]): what the file holds, and a count from its records before the reader."""
from __future__ import annotations

import struct
from dataclasses import dataclass, field

from .compound import Compound
from .limits import Limits
from .refusals import Refusal
from .sheetscan import check_merge
from .workbook import Merge, address

_BOF, _EOF, _FILEPASS, _DATE_MODE, _BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_SUPBOOK, _MERGED, _MUL_RK, _BOOL_ERR, _FORMULA = 0x01AE, 0x00E5, 0x00BD, 0x0205, 0x0006
_NUMBERS = {0x0203, 0x027E}
_TEXTS = {0x00FD, 0x0204, 0x00D6}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_OTHER_DOCUMENTS = {"worddocument": "Word 文档", "powerpoint document": "演示文稿", "visiodocument": "Visio 图"}
_WPS_STREAMS = {"etextdata", "wpsetextdata", "wpscustomdata"}


@dataclass
class XlsSheet:
    """`certain_rows` hold a number, truth value or error; `filled_rows` also text, which may be empty."""

    name: str
    hidden: bool
    ordinary: bool
    start: int
    certain_rows: set[int] = field(default_factory=set)
    filled_rows: set[int] = field(default_factory=set)
    last_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


@dataclass
class XlsBook:
    sheets: list[XlsSheet]
    date_1904: bool
    external_links: bool


def open_xls(compound: Compound, file_name: str, limits: Limits) -> XlsBook:
    """Refusal for everything that is not a plain BIFF8 workbook; else its sheets with counts."""
    names = compound.names
    if names & {"encryptedpackage", "encryptioninfo"}:
        raise Refusal("encrypted-file")
    for stream, kind in _OTHER_DOCUMENTS.items():
        if stream in names:
            raise Refusal("not-a-workbook", kind=kind)
    if file_name.lower().endswith((".et", ".ett")) or names & _WPS_STREAMS:
        raise Refusal("wps-et-file")
    if "workbook" not in names:
        if "book" in names:
            raise Refusal("old-workbook")
        raise Refusal("not-a-workbook", kind="其他程序的文档")
    if names & {"_vba_project_cur", "_vba_project", "vba"}:
        raise Refusal("macro-file")
    embedded = sorted(name for name in names if name.startswith("mbd") or name == "\x01ole10native")
    if embedded:
        raise Refusal("ole-object", name="".join(letter for letter in embedded[0] if letter.isprintable()))
    content = compound.stream("workbook")
    try:
        return _scan(content or b"", limits)
    except (struct.error, IndexError):
        raise Refusal("broken-file", detail="工作簿的记录不完整") from None


def _scan(content: bytes, limits: Limits) -> XlsBook:
    if len(content) < 8 or struct.unpack_from("<H", content)[0] != _BOF:
        raise Refusal("broken-file", detail="工作簿的开头不对")
    if struct.unpack_from("<H", content, 4)[0] != 0x0600:
        raise Refusal("old-workbook")
    book = _globals(content)
    if not book.sheets:
        raise Refusal("no-sheet")
    for sheet in book.sheets:
        if sheet.ordinary:
            _scan_sheet(content, sheet, limits)
    return book


def _globals(content: bytes) -> XlsBook:
    book, at = XlsBook([], False, False), 0
    while at + 4 <= len(content):
        record, length = struct.unpack_from("<HH", content, at)
        body = content[at + 4 : at + 4 + length]
        at += 4 + length
        if record == _FILEPASS:
            raise Refusal("encrypted-file")
        if record == _DATE_MODE:
            book.date_1904 = body[:1] == b"\x01"
        elif record == _BOUND_SHEET:
            book.sheets.append(_bound_sheet(body))
        elif record == _SUPBOOK and length > 4:
            if b"\x03" in body[4:] and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
                raise Refusal("dde-link")
            book.external_links = True
        elif record == _EOF:
            return book
    raise Refusal("broken-file", detail="工作簿被截断")


def _bound_sheet(body: bytes) -> XlsSheet:
    start, state, kind, length, flags = struct.unpack_from("<IBBBB", body)
    if kind in (1, 6):
        raise Refusal("macro-file")
    raw = body[8 : 8 + (length * 2 if flags & 1 else length)]
    name = raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace")
    return XlsSheet(name, bool(state & 3), kind == 0, start)


def _scan_sheet(content: bytes, sheet: XlsSheet, limits: Limits) -> None:
    at, depth, end = sheet.start, 0, len(content)
    unpack = struct.Struct("<HHHH").unpack_from
    if struct.unpack_from("<H", content, at)[0] != _BOF:
        raise Refusal("broken-file", detail=f"工作表“{sheet.name}”的开头不对")
    while at + 8 <= end:
        record, length, row, column = unpack(content, at)
        if record in _NUMBERS or record in _TEXTS or record in (_MUL_RK, _BOOL_ERR, _FORMULA):
            _count(content, at, (record, length, row, column), sheet)
        elif record == _MERGED:
            _add_merges(content[at + 4 : at + 4 + length], sheet, limits)
        elif record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
            if not depth:
                break
        at += 4 + length
    else:
        if depth and not (at + 4 <= end and struct.unpack_from("<H", content, at)[0] == _EOF):
            raise Refusal("broken-file", detail=f"工作表“{sheet.name}”被截断")
    _check(sheet, limits)


def _count(content: bytes, at: int, head: tuple[int, int, int, int], sheet: XlsSheet) -> None:
    record, length, row, column = head
    sheet.filled_rows.add(row)
    if record == _MUL_RK:
        column = struct.unpack_from("<H", content, at + 4 + length - 2)[0]
    sheet.last_column = max(sheet.last_column, column + 1)
    if record in _TEXTS:
        return
    if record == _BOOL_ERR:
        value, is_error = content[at + 10], content[at + 11]
        if is_error:
            sheet.errors[row, column] = _ERRORS.get(value, "#N/A")
    elif record == _FORMULA:
        if content[at + 16 : at + 18] != b"\xff\xff":
            sheet.certain_rows.add(row)
        elif content[at + 10] == 2:
            sheet.errors[row, column] = _ERRORS.get(content[at + 12], "#N/A")
        return
    sheet.certain_rows.add(row)


def _add_merges(body: bytes, sheet: XlsSheet, limits: Limits) -> None:
    for index in range(struct.unpack_from("<H", body)[0]):
        top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * index)
        check_merge((top, left, bottom, right), sheet.name, limits)
        sheet.merges.append((top, left, bottom, right))
    if len(sheet.merges) > limits.merges:
        raise Refusal("too-many-merges", sheet=sheet.name, count=len(sheet.merges), limit=limits.merges)


def _check(sheet: XlsSheet, limits: Limits) -> None:
    if not sheet.filled_rows:
        return
    if len(sheet.filled_rows) > limits.rows + limits.row_slack:
        raise Refusal("too-many-rows", sheet=sheet.name, count=len(sheet.filled_rows), limit=limits.rows)
    last = max(sheet.filled_rows)
    if last > limits.last_row:
        raise Refusal("far-cell", sheet=sheet.name, cell=address(last, sheet.last_column - 1))
    if (last + 1) * sheet.last_column > limits.cells:
        count = (last + 1) * sheet.last_column
        raise Refusal("too-many-cells", sheet=sheet.name, count=count, limit=limits.cells)
