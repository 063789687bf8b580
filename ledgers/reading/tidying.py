"""What every grid gets at the end, whatever it was read from: no control characters, no blank edge, an honest count."""
from __future__ import annotations

from itertools import islice

from .refusals import NOTICES, Refusal
from .workbook import TEXT, Grid, Notice
from .xmlparts import has_control, without_control

NAMED_AT_MOST = 200
LONGEST = 32_767  # characters Excel keeps in a cell


def finish(grid: Grid, notices: list[Notice] | None = None, cleaned: int = 0) -> list[Notice]:
    """Trim, clean and count one grid in place; the remarks to be made. Of the first `cleaned` rows they are in `notices`."""
    notices = [] if notices is None else notices
    clean(grid, notices, cleaned)
    while grid.rows and _is_blank(grid.rows[-1], grid.kinds[-1]):
        grid.rows.pop()
        grid.kinds.pop()
    width = _used_width(grid)
    if grid.rows and width < len(grid.rows[0]):
        grid.rows = [row[:width] for row in grid.rows]
        grid.kinds = [kinds[:width] for kinds in grid.kinds]
    bottom, right = len(grid.rows) - 1, width - 1
    grid.merges = [
        (top, left, min(low, bottom), min(far, right))
        for top, left, low, far in grid.merges
        if top <= bottom and left <= right
    ]
    grid.counted_rows = sum(not _is_blank(row, kinds) for row, kinds in zip(grid.rows, grid.kinds, strict=True))
    return notices


def _is_blank(row: list[str], kinds: str) -> bool:
    return not any(map(str.strip, row)) and not kinds.strip(TEXT)


def _used_width(grid: Grid) -> int:
    width = grid.width
    while width and not any(
        row[width - 1].strip() or kinds[width - 1] != TEXT for row, kinds in zip(grid.rows, grid.kinds, strict=True)
    ):
        width -= 1
    return width


def clean(grid: Grid, notices: list[Notice], first: int = 0) -> None:
    """Take control characters out of the rows from `first` on, in place; Refusal for a text that no cell can hold."""
    for index, row in enumerate(islice(grid.rows, first, None), first):
        together = "".join(row)
        if len(together) > LONGEST:
            _refuse_overlong(grid, index)
        if together.isprintable():
            continue
        for column, text in enumerate(row):
            if has_control(text):
                row[column] = without_control(text)
                cell = grid.cell(index, column)
                if len(notices) < NAMED_AT_MOST:
                    sentence = f"{NOTICES['control-characters-removed']}:工作表“{grid.name}”{cell}。"
                    notices.append(Notice("control-characters-removed", grid.name, cell, sentence))


def _refuse_overlong(grid: Grid, index: int) -> None:
    for column, text in enumerate(grid.rows[index]):
        if len(text) > LONGEST:
            cell = grid.cell(index, column)
            raise Refusal("cell-too-long", sheet=grid.name, cell=cell, count=len(text), limit=LONGEST)
