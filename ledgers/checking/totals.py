"""合计 and 小计 rows against our own sums of the rows they stand under."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from ..columns import Column
from ..problems import Problem
from ..reading.workbook import Grid, column_index
from .frame import Frame


@dataclass(frozen=True)
class Total:
    """A total row of a sheet: grid row `i`; `since` the Excel rows after which its own rows may begin, the likeliest first.

    Empty: the whole sheet, also rows below it. A 小计 sums the rows since the total or the small heading above it; one of several levels may
    reach further back.
    """

    frame: Frame
    grid: Grid
    i: int
    since: tuple[int, ...]


def check_totals(totals: list[Total]) -> Iterator[Problem]:
    """Totals that none of their possible sums equals."""
    if not totals:
        return
    sums: dict[tuple[str, str], _Column] = {}
    for total in totals:
        frame, grid = total.frame, total.grid
        for name in frame.letters:
            column = frame.column(name)
            if column is None or not column.summable or name not in frame.texts:
                continue
            if (grid.name, name) not in sums:
                sums[grid.name, name] = _column(frame, grid, name)
            yield from _compare(total, column, sums[grid.name, name])


@dataclass(frozen=True)
class _Column:
    """One column of one sheet: Excel rows with a value, running sums beginning with 0, rows whose value cannot be read."""

    rows: list[int]
    running: list[int]
    unread: list[int]


def _column(frame: Frame, grid: Grid, name: str) -> _Column:
    sheet, values, bad = frame.sheets.index(grid.name), frame.values[name], frame.bad[name]
    here = [k for k in range(len(frame)) if frame.sheet_of[k] == sheet]
    given = [(frame.rows[k], values[k]) for k in here if values[k] is not None]
    must = frame.column(name).required is True
    unread = [frame.rows[k] for k in here if k in bad or must and values[k] is None]
    return _Column([row for row, _ in given], list(accumulate((v for _, v in given), initial=0)), unread)


def _compare(total: Total, column: Column, own: _Column) -> Iterator[Problem]:
    rows, running = own.rows, own.running
    frame, grid, i, name = total.frame, total.grid, total.i, column.field
    j = column_index(frame.letter(name, frame.sheets.index(grid.name)))
    text = grid.rows[i][j]
    said = column.total(text, frame.units.get(name, "")) if text else None
    if said is None:
        return
    end = bisect_left(rows, grid.row_number(i)) if total.since else len(rows)
    last = grid.row_number(i) if total.since else 10**9
    if any((total.since or (0,))[0] < row < last for row in own.unread):
        return  # a row that cannot be read yet may explain any difference
    found = [running[end] - running[start] for since in total.since or (0,) if (start := bisect_left(rows, since)) < end]
    if found and said not in found:
        place = (grid.name, grid.cell(i, j), grid.row_number(i), frame.headers.get(name, ""), name)
        yield Problem("total-differs", *place, value=text, params={"found": frame.shown(name, found[0])})
