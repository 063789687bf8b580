"""Changing cells of a workbook: an .xlsx where it stands, any other file as an .xlsx written from what was read."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..marking.parts import Parts, xlsx_parts
from ..marking.plain import plain_parts
from ..reading.apart import CannotDo
from ..reading.archive import Archive
from ..reading.limits import Limits
from ..reading.ods import is_ods
from ..reading.readers import read_here
from ..reading.sheetscan import regular
from ..reading.sniffing import ZIP, sniff
from ..reading.workbook import NUMBER, TEXT, Grid, Merge, Workbook, position
from .cells import Place, change_cells, is_number
from .task import Change

_CHAIN = re.compile(rb"<Relationship\b[^>]*calcChain[^>]*?(?:/>|>\s*</Relationship>)|<Override\b[^>]*calcChain[^>]*?(?:/>|>\s*</Override>)")


def mend_here(data: bytes, file_name: str, changes: Sequence[Change], limits: Limits) -> bytes:
    """The workbook as .xlsx with these cells changed. Refusal for a file that does not pass the gates; CannotDo.

    In this very process: only for the limited child and for tests.
    """
    by_sheet: dict[str, dict[Place, Change]] = {}
    for change in changes:
        by_sheet.setdefault(change.sheet, {})[position(change.cell)] = change
    if sniff(data, file_name) == ZIP and not is_ods(Archive(data, limits)):
        return _mend_xlsx(xlsx_parts(data, limits), by_sheet)
    book = read_here(data, file_name, limits)
    for sheet, wanted in by_sheet.items():
        _change_grid(_grid(book, sheet), wanted)
    return plain_parts(book).packed()


def blank_here(data: bytes, file_name: str, cells: Iterable[tuple[str, str]], limits: Limits) -> bytes:
    """The workbook as a plain .xlsx of what was read of it, without these cells; every other value stays at its address.

    Written anew whatever the format: a text taken out of an .xlsx where it stands would live on in its table of texts, in
    hidden sheets, comments or caches. Look and hidden sheets are not carried over. Raises Refusal.
    """
    book = read_here(data, file_name, limits)
    grids = {grid.name: grid for grid in book.visible}
    for sheet, cell in cells:
        grid, (row, column) = grids[sheet], position(cell)
        grid.rows[row - grid.first_row][column] = ""
    return plain_parts(book).packed()


def _mend_xlsx(parts: Parts, by_sheet: dict[str, dict[Place, Change]]) -> bytes:
    sheets = {one.read_as: one for one in parts.sheets}
    for name, wanted in by_sheet.items():
        if name not in sheets:
            raise CannotDo(f"没有找到工作表“{name}”。请刷新页面后再试。")
        _refuse_covered(sheets[name].merges, wanted)
        part = sheets[name].part
        parts.members[part] = change_cells(regular(parts.edit(part)), wanted)
    _drop_chain(parts)
    return parts.packed()


def _drop_chain(parts: Parts) -> None:
    """The order of calculation may name a cell that has no formula any more; programs make it anew."""
    chain = parts.find("xl/calcChain.xml")
    if chain is None:
        return
    del parts.members[chain]
    for name in (parts.find("[Content_Types].xml"), parts.relations_name(parts.workbook)):
        if name in parts.members:
            parts.members[name] = _CHAIN.sub(b"", parts.edit(name))


def _refuse_covered(merges: Sequence[Merge], wanted: dict[Place, Change]) -> None:
    """A covered cell of a merged range shows nothing of its own."""
    for top, left, bottom, right in merges:
        for (row, column), change in wanted.items():
            if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
                raise CannotDo(f"单元格 {change.cell} 是合并单元格的一部分，不能单独改正，请在工作簿中取消合并后重新上传。")


def _grid(book: Workbook, name: str) -> Grid:
    for grid in book.visible:
        if grid.name == name:
            return grid
    raise CannotDo(f"没有找到工作表“{name}”。请刷新页面后再试。")


def _change_grid(grid: Grid, wanted: dict[Place, Change]) -> None:
    _refuse_covered(grid.merges, wanted)
    for (row, column), change in wanted.items():
        i = row - grid.first_row
        if not (0 <= i < len(grid.rows) and column < grid.width):
            raise CannotDo(f"单元格 {change.cell} 不在表的范围之内，请在工作簿中改正后重新上传。")
        kinds = list(grid.kinds[i]) if grid.kinds else [TEXT] * grid.width
        grid.rows[i][column], kinds[column] = change.text, NUMBER if is_number(change) else TEXT
        if grid.kinds:
            grid.kinds[i] = "".join(kinds)
