"""Rows of one table while they are checked: column arrays with the place of every cell."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schools.factset import SchoolRef

from ..columns import Column
from ..ledger import Table
from ..problems import CATALOGUE, ERROR, Problem, Repair
from ..reading.workbook import column_letters


@dataclass
class Frame:
    """`values[field][i]`, raw `texts[field][i]`, and where row i stands: `sheet_of[i]` indexes `sheets`, `rows[i]` is the
    Excel row (0 on a turned sheet, where `cells[field]` has the address). `schools[i]` is None until a school is found.
    `beside`: of an extra table, the frames of the main one, whose rows it speaks of.
    `own_letters` sheet index -> letters of a sheet whose columns stand in another order than `letters` says.
    Of scattered forms: `home[field]` is the sheet of a cell, `places[field][i]` and `homes[field][i]` cell and sheet of
    each row, `forms` the forms that were found with their sheets.
    """

    table: Table
    sheets: list[str]
    sheet_of: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: dict[str, list] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, list[str] | None] = field(default_factory=dict)
    bad: dict[str, set[int]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    own_letters: dict[int, dict[str, str]] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    schools: list[SchoolRef | None] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    repairs: list[tuple[int, Repair]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    signers: dict[str, str] = field(default_factory=dict)
    home: dict[str, int] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, list[int]] = field(default_factory=dict)
    forms: Mapping[str, int] = field(default_factory=dict)
    beside: list[Frame] = field(default_factory=list)
    turned: bool = False
    header_row: int | None = None
    _absent: list[None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, *fields: str) -> bool:
        """Whether the sheet gives (or `complete` made) every one of these fields."""
        return all(name in self.values for name in fields)

    def get(self, name: str) -> list:
        """The values of a field, None in every row when the sheet does not give it."""
        found = self.values.get(name)
        if found is None:
            found = self._absent
            if len(found) != len(self):
                found = self._absent = [None] * len(self)
        return found

    def usable(self) -> Iterable[int]:
        """Rows that are still wanted (not dropped as repeated)."""
        return (i for i in range(len(self)) if i not in self.dropped) if self.dropped else range(len(self))

    def address(self, i: int, name: str) -> str:
        if name in self.cells:
            return self.cells[name]
        if name in self.places:
            return self.places[name][i]
        return f"{self.letter(name, self.sheet_of[i])}{self.rows[i]}" if name in self.letters else ""

    def letter(self, name: str, sheet: int) -> str:
        """The column of a field on a sheet ("E+F" where it is a sum). A field made from another one stands where that one does."""
        own = self.own_letters.get(sheet)
        if own is None or name in own:
            return (own or self.letters)[name]
        made_from = {letter: source for source, letter in self.letters.items() if source in own}
        return "+".join(own[made_from[letter]] for letter in self.letters[name].split("+") if letter in made_from)

    def sheet(self, i: int, name: str) -> str:
        """The name of the sheet a field of row i stands on."""
        at = self.homes[name][i] if name in self.homes else self.home.get(name, self.sheet_of[i])
        return self.sheets[at]

    def row_named(self, i: int, *, beside: int) -> str:
        """第 3 行, with its sheet where row `beside` stands on another one."""
        row = f"第 {self.rows[i]} 行"
        return row if self.sheet_of[i] == self.sheet_of[beside] else f"工作表“{self.sheets[self.sheet_of[i]]}”{row}"

    def problem(self, code: str, i: int, name: str, *, value: str | None = None, **params: object) -> Problem:
        """A problem at row i, field `name`; an error refuses the row. The raw text is quoted, masked where personal."""
        column = self.column(name)
        text = self.texts[name][i] if value is None and name in self.texts else (value or "")
        if column is not None and column.personal and value is None:
            text = column.mask(text)
        found = Problem(
            code, self.sheet(i, name), self.address(i, name), self.rows[i] or None,
            self.headers.get(name) or (column.header if column else ""), name, text, params,
        )  # fmt: skip
        if CATALOGUE[code].level == ERROR:
            self.refused.add(i)
        self.problems.append((i, found))
        return found

    def repair(self, i: int, name: str, new: str) -> None:
        column = self.column(name)
        old = self.texts[name][i]
        if column is not None and column.personal:
            old, new = column.mask(old), column.mask(new) if "*" not in new else new
        self.repairs.append((i, Repair(self.sheet(i, name), self.address(i, name), old, new)))

    def column(self, name: str) -> Column | None:
        return self.table.by_field.get(name)

    def shown(self, name: str, stored: int) -> str:
        """A stored integer as people write it, with its unit."""
        column = self.column(name)
        text = column.shown(stored) if hasattr(column, "shown") else str(stored)
        return f"{text}{column.unit}" if column is not None else text


def letters_of(columns: dict[str, int]) -> dict[str, str]:
    return {name: column_letters(j) for name, j in columns.items()}
