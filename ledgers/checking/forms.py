"""Reading a printed form by its labels: which sheet it is, its label columns, its header and its body."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..cleaning import squeeze
from ..reading.workbook import Grid
from ..scattered import Form
from .body import is_note
from .headers import UNITS, filled, normal

HEAD_ROWS = 8  # a form's number stands in one of these
CHILDREN = 12  # rows below a label in which its parts are looked for
TOTALS = frozenset({"计", "合计", "总计", "小计", "总数"})
_NUMBERED = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\(?\d{1,2}[)、.](?!\d))")
_PART = re.compile(r"^(?:其中|包括|含|#)[::,]?")
_INDEX = re.compile(r"[甲乙丙丁]")
_VALUE = re.compile(r"[-+]?[\d,]*\.?\d*%?|[*—\-–/]+")


@lru_cache(maxsize=8192)
def label(text: str) -> str:
    """A label as it is compared: "　其中：教学用(台)" -> "教学用"."""
    name = _PART.sub("", _NUMBERED.sub("", normal(text)[0]))
    return name or normal(text)[0]


@dataclass(frozen=True)
class Cell:
    """A value found: its grid place, its text and kind, the labels that lead to it and the unit they state."""

    row: int
    column: int
    text: str
    kind: str
    title: str
    unit: str = ""


class FormSheet:
    """One sheet that is one form. `row_names[i]`, `column_names[j]`: the labels that lead to a row or column of values."""

    def __init__(self, form: Form, index: int, grid: Grid, number: str) -> None:
        self.form, self.index, self.grid, self.number = form, index, grid, number
        self._cells = filled(grid, len(grid.rows))
        self._left = 1 if _numbered(grid) else 0
        self._index_row = next((i for i, row in enumerate(grid.rows) if self._is_index(row)), None)
        self._first = (self._index_row + 1) if self._index_row is not None else self._first_body_row()
        self._split_columns()

    def _is_index(self, row: Sequence[str]) -> bool:
        given = [squeeze(text) for text in row[self._left :] if text.strip()]
        return len(given) >= 2 and given[0] == "甲" and all(_INDEX.fullmatch(t) or t.isdigit() for t in given)

    def _first_body_row(self) -> int:
        """Without an index row: the first row with a label and a number after it."""
        for i, row in enumerate(self.grid.rows):
            texts = [squeeze(text) for text in row[self._left :]]
            named = next((k for k, text in enumerate(texts) if text and not _VALUE.fullmatch(text)), None)
            if named is not None and any(text and _VALUE.fullmatch(text) for text in texts[named + 1 :]):
                return i
        return len(self.grid.rows)

    def _split_columns(self) -> None:
        width = self.grid.width
        if self._index_row is not None:
            marks = [squeeze(text) for text in self.grid.rows[self._index_row]]
            self.value_columns = [j for j in range(self._left, width) if j < len(marks) and marks[j].isdigit()]
            self._label_columns = [j for j in range(self._left, width) if j not in self.value_columns]
        else:
            body = self._cells[self._first :]
            words = [sum(1 for row in body if (t := squeeze(row[j])) and not _VALUE.fullmatch(t)) for j in range(width)]
            last = max((j for j in range(self._left, width) if words[j] * 2 > len(body)), default=self._left)
            self._label_columns = list(range(self._left, last + 1))
            self.value_columns = list(range(last + 1, width))

    @cached_property
    def row_names(self) -> dict[int, tuple[str, ...]]:
        """Rows of the body down to the note row; blank ones and codes of rows (01, 02) left out."""
        names: dict[int, tuple[str, ...]] = {}
        for i in range(self._first, len(self._cells)):
            if any(is_note(squeeze(text)) for text in self.grid.rows[i][: self._left + 2]):
                break
            texts = [squeeze(self._cells[i][j]) for j in self._label_columns]
            levels = [label(text) for text in texts if text and not text.isdigit() and text not in UNITS]
            if levels:
                names[i] = tuple(dict.fromkeys(levels))
        return names

    @cached_property
    def column_names(self) -> dict[int, tuple[str, ...]]:
        end = self._index_row if self._index_row is not None else self._first
        return {
            j: tuple(dict.fromkeys(label(self._cells[i][j]) for i in range(end) if self._cells[i][j].strip()))
            for j in self.value_columns
        }

    @cached_property
    def has_sections(self) -> bool:
        return any(names[-1] in self.form.sections for names in self.row_names.values())

    def find(self, rows: Sequence[str], columns: Sequence[str]) -> Cell | None:
        """The value in the row and column of these labels, either way round; beside its label where there is no grid."""
        if not columns and self._index_row is None and (found := self._beside(rows)):
            return found
        for path in rows:
            for i in self._rows(path.split("/")):
                if (j := self._column(columns)) is not None:
                    return self._cell(i, j)
        for path in rows:
            for j in self._columns(path.split("/")):
                for i in self._rows_for_swapped(columns):
                    return self._cell(i, j)
        return None

    def count(self, path: str) -> int:
        """In how many rows a label stands (a bare label that stands twice is not sure)."""
        return len(list(self._rows(path.split("/"))))

    def _rows(self, path: list[str]) -> Iterator[int]:
        names = self.row_names
        if len(path) == 1 and self.has_sections and path[0] not in self.form.sections:
            return
        own = [i for i, levels in names.items() if _leads(levels, path)]
        yield from own
        if len(path) == 1 or own:
            return
        order = list(names)
        for top in (i for i in order if _leads(names[i], path[:-1])):
            below = order[order.index(top) + 1 :][:CHILDREN]
            for i in below:
                if self.form.sections and names[i][-1] in self.form.sections:
                    break
                if names[i][-1] == path[-1]:
                    yield i
                    break

    def _columns(self, path: list[str]) -> Iterator[int]:
        yield from (j for j, levels in self.column_names.items() if _leads(levels, path))

    def _column(self, columns: Sequence[str]) -> int | None:
        if not columns:
            return self.value_columns[0] if self.value_columns else None
        return next((j for path in columns for j in self._columns(path.split("/"))), None)

    def _rows_for_swapped(self, columns: Sequence[str]) -> Iterator[int]:
        if columns:
            for path in columns:
                yield from self._rows(path.split("/"))
            return
        names = self.row_names
        yield from (i for i, levels in names.items() if levels[-1] in TOTALS)
        yield from list(names)[:1]

    def _beside(self, rows: Sequence[str]) -> Cell | None:
        wanted = {path for path in rows if "/" not in path}
        for i, row in enumerate(self._cells):
            for j, text in enumerate(row):
                if text.strip() and label(text) in wanted:
                    return next((self._cell(i, k) for k in range(j + 1, len(row)) if self.grid.rows[i][k].strip() and row[k] != text), None)
        return None

    def _cell(self, i: int, j: int) -> Cell:
        grid = self.grid
        heads = [*(self._cells[i][k] for k in self._label_columns if k != j), *(self._cells[k][j] for k in range(self._first) if j in self.value_columns)]
        unit = next((found for text in heads if (found := normal(text)[1] or (squeeze(text) if squeeze(text) in UNITS else ""))), "")
        titles = [*self.row_names.get(i, ())[-1:], *self.column_names.get(j, ())[-1:]]
        kind = grid.kinds[i][j] if grid.kinds else " "
        return Cell(i, j, grid.rows[i][j], kind, "/".join(titles), unit)


def _leads(levels: tuple[str, ...], path: list[str]) -> bool:
    """Whether the labels of a row or column mean the path: its parts in order, the last one last (a 计 may follow)."""
    if not levels:
        return False
    ends = levels if levels[-1] == path[-1] else levels[:-1] if levels[-1] in TOTALS else ()
    if not ends or ends[-1] != path[-1]:
        return False
    rest = iter(ends)
    return all(part in rest for part in path)


def _numbered(grid: Grid) -> bool:
    """Whether the first column only counts the rows (an export with the grid's own numbers as data)."""
    given = [squeeze(row[0]) for row in grid.rows if row and row[0].strip()]
    numbers = [int(text) for text in given if text.isdigit()]
    return len(numbers) >= 3 and len(given) - len(numbers) <= 1 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def form_of(grid: Grid, forms: Sequence[Form]) -> tuple[Form, str] | None:
    """(form, its number as printed) that a sheet is: by its name, else by the one number its first rows carry.

    A table of contents carries many numbers and is none of them.
    """
    named = _numbers_in(squeeze(grid.name), forms)
    if named:
        return named[0]
    texts = [squeeze(text) for row in grid.rows[:HEAD_ROWS] for text in row if text]
    found = {form.code: (form, number) for text in texts for form, number in _numbers_in(text, forms)}
    return next(iter(found.values())) if len(found) == 1 else None


def _numbers_in(text: str, forms: Sequence[Form]) -> list[tuple[Form, str]]:
    return [(form, number) for form in forms for number in form.numbers if re.search(rf"{re.escape(number)}(?!\d)", text)]
