"""Grids written as a plain .xlsx: what a clerk gets back of an .xls, .csv, web table or .ods."""
from __future__ import annotations

import datetime
import re

from ..reading.workbook import BOOLEAN, DATE, NUMBER, PERCENT, TEXT, Grid, Workbook
from .parts import Parts, Sheet
from .rows import SheetPage, Value, is_risky
from .styles import NEW, StyleTable
from .xml import DECLARATION, MAIN, OFFICE, RELATIONS, TYPES, attribute

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_DIGITS_KEPT = 15
_NARROW, _WIDE, _LOOKED_AT = 9, 40, 60
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def plain_parts(book: Workbook) -> Parts:
    """A package with the visible sheets of a read workbook, each value at its own address, numbers as numbers.

    The rows of the grids are used up.
    """
    styles = StyleTable(NEW)
    looks = {kind: styles.format(number=number) for kind, number in ((DATE, 14), (PERCENT, 10), ("text", 49))}
    looks["quoted"] = styles.format(number=49, quoted=True)
    sheets, members, taken = [], {}, set()
    for number, grid in enumerate(book.visible, start=1):
        part = f"xl/worksheets/sheet{number}.xml"
        sheets.append(Sheet(grid.name, sheet_name(grid.name, taken), part, grid.merges))
        members[part] = _page(grid, looks).xml()
    frame = {
        "[Content_Types].xml": _content_types(sheets),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations([("worksheet", one.part) for one in sheets] + [("styles", "xl/styles.xml")]),
        "xl/styles.xml": styles.xml(),
    }
    return Parts({**frame, **members}, "xl/workbook.xml", sheets)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, not used yet."""
    base = _FORBIDDEN.sub("_", wanted).strip("' ")[:31] or "Sheet"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[:27]}({number})"
    taken.add(name.lower())
    return name


def _page(grid: Grid, looks: dict[str, int]) -> SheetPage:
    page = SheetPage(widths=_widths(grid), merges=list(grid.merges))
    page.skip(grid.first_row)
    for i, row in enumerate(grid.rows):
        kinds = grid.kinds[i] if grid.kinds else " " * len(row)
        grid.rows[i] = []  # written: a hundred thousand rows need not stand twice
        if any(row):
            page.add([_value(value, kind, looks) if value else (None, 0) for value, kind in zip(row, kinds, strict=True)])
        else:
            page.skip(grid.first_row + i + 1)
    return page


def _value(value: str, kind: str, looks: dict[str, int]) -> tuple[Value, int]:
    if kind == TEXT:
        return value, looks["quoted"] if is_risky(value) else looks["text"]
    if kind == NUMBER and _PLAIN_NUMBER.fullmatch(value) and len(value.strip("-").replace(".", "")) <= _DIGITS_KEPT:
        return (float(value) if "." in value else int(value)), 0
    if kind == PERCENT and _PLAIN_NUMBER.fullmatch(value.removesuffix("%")):
        return float(value.removesuffix("%")) / 100, looks[PERCENT]
    if kind == BOOLEAN:
        return value == "TRUE", 0
    if kind == DATE and (serial := _serial(value)):
        return serial, looks[DATE]
    return value, looks["quoted"] if is_risky(value) else looks["text"]


def _serial(value: str) -> int:
    """The day number of an ISO date from March 1900 on; 0 for anything else."""
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return 0
    return (day - datetime.date(1899, 12, 30)).days if day >= datetime.date(1900, 3, 1) else 0


def _widths(grid: Grid) -> list[float]:
    """Wide enough for the first rows, Chinese characters counting double."""
    widths = [float(_NARROW)] * grid.width
    covered = {(top, j) for top, left, _, right in grid.merges if right > left for j in range(left, right + 1)}
    for i, row in enumerate(grid.rows[:_LOOKED_AT]):
        for j, value in enumerate(row):
            if value and (i, j) not in covered:
                longest = max(sum(2 if sign > "\u2e7f" else 1 for sign in line) for line in value.split("\n")) + 2
                widths[j] = min(max(widths[j], longest), _WIDE)
    return widths


def _content_types(sheets: list[Sheet]) -> bytes:
    parts = [("xl/workbook.xml", MAIN_TYPE), ("xl/styles.xml", STYLES_TYPE), *[(one.part, SHEET_TYPE) for one in sheets]]
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in parts)
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return DECLARATION + b'<Types xmlns="' + TYPES + b'">' + (defaults + overrides).encode() + b"</Types>"


def _relations(targets: list[tuple[str, str]]) -> bytes:
    pieces = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE.decode()}/{kind}" Target="/{part}"/>' for n, (kind, part) in enumerate(targets, start=1)
    )
    return DECLARATION + b'<Relationships xmlns="' + RELATIONS + b'">' + pieces.encode() + b"</Relationships>"


def _workbook(sheets: list[Sheet]) -> bytes:
    listed = b"".join(b'<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (attribute(one.name), n, n) for n, one in enumerate(sheets, start=1))
    return b"".join([
        DECLARATION, b'<workbook xmlns="', MAIN, b'" xmlns:r="', OFFICE, b'"><bookViews><workbookView/></bookViews><sheets>', listed,
        b"</sheets></workbook>",
    ])  # fmt: skip
