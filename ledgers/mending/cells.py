"""Changing single cells in the XML of a sheet; everything else in it stays as it is."""
from __future__ import annotations

import re
from collections.abc import Mapping

from ..marking.cells import colour_cells
from ..marking.xml import text
from ..reading.apart import CannotDo
from ..reading.workbook import column_letters
from .task import Change

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_GIVEN = re.compile(rb"\s(?:t|cm|vm)=\"[^\"]*\"")
_SHARED = re.compile(rb"<f\b[^>]*\bt=\"(?:shared|array)\"[^>]*\bref=|<f\b[^>]*\bref=[^>]*\bt=\"(?:shared|array)\"")

Place = tuple[int, int]


def change_cells(xml: bytes, changes: Mapping[Place, Change]) -> bytes:
    """The sheet with these cells holding other texts, each keeping its look. Raises CannotDo for the head of a shared formula.

    The sheet must be regular (`reading.sheetscan.regular`).
    """
    wanted: dict[int, dict[int, str]] = {}
    for row, column in changes:
        wanted.setdefault(row + 1, {})[column] = ""
    out = bytes(colour_cells(xml, wanted, lambda style, _: style))  # every cell that is not written yet now stands
    for (row, column), change in changes.items():
        out = _change(out, b"%s%d" % (column_letters(column).encode(), row + 1), change)
    return out


def _change(xml: bytes, address: bytes, change: Change) -> bytes:
    found = re.search(rb'<c r="' + address + rb'"((?:\s[^>]*?)?)(?:/>|>(.*?)</c>)', xml, re.DOTALL)
    if found is None:
        raise CannotDo(f"单元格 {change.cell} 不能在这里改正，请在工作簿中改正后重新上传。")
    if _SHARED.search(found[2] or b""):
        raise CannotDo(f"单元格 {change.cell} 的公式还管着别的单元格，不能在这里改正，请在工作簿中改正后重新上传。")
    look = _GIVEN.sub(b"", found[1])
    return xml[: found.start()] + b'<c r="' + address + b'"' + look + _content(change) + xml[found.end() :]


def _content(change: Change) -> bytes:
    if not change.text:
        return b"/>"
    if is_number(change):
        return b"><v>" + change.text.encode() + b"</v></c>"
    return b' t="inlineStr"><is><t xml:space="preserve">' + text(change.text).encode() + b"</t></is></c>"


def is_number(change: Change) -> bool:
    """Whether the text is written as a number: only where a number belongs, and only what no program would round."""
    return change.numeric and bool(_PLAIN_NUMBER.fullmatch(change.text))
