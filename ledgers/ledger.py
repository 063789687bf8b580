"""What a ledger is: tables of typed columns, and the few checks that columns cannot say. The engine does the work."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .cleaning import squeeze
from .columns import Column
from .scattered import Form, Scattered

if TYPE_CHECKING:
    from accounts.actor import Actor
    from schools.models import Dataset

    from .checking.context import Context
    from .checking.frame import Frame
    from .checking.results import Checked
    from .problems import Problem

SCHOOL, COUNTY = "school", "county"
WORDS_SHOWN = 30  # of a list of allowed words; the template has them all
SCHOOL_YEAR, FISCAL_YEAR = "school_year", "fiscal_year"


@dataclass(frozen=True)
class Spread:
    """A wide sheet: each filled column of `columns` (value of `by` -> field) is a row of its own with the amount in `field`.

    2021年 | 2022年 | … becomes rows {year: 2021, hours: 720}, {year: 2022, hours: 650}; each keeps the cell it came from.
    """

    by: str
    field: str
    columns: Mapping[int, str]


@dataclass(frozen=True)
class Table:
    """One table of a ledger's workbook.

    `title` is the sheet name of the template. `target`: the model of columns that name none. `key`: fields that tell two
    rows of one school apart. `single`: one row per school. `turned`: may also arrive as a vertical sheet, read by its
    labels. `extra`: stands beside the main table (a repeat group) and may be absent. `any_of`: a shape that is known only
    when at least one of these fields has a column. `made_up`: whole -> all its parts (classes -> the ten bands). `counted_by`: the fields by which other
    ledgers count the rows; while one of them is unreadable in a row, nobody compares sums. `spread`: several columns of a row that are rows of their own.
    `scattered`: its values stand here and there in printed forms (every table of a ledger with `forms` has it).
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    target: str = ""
    key: tuple[str, ...] = ()
    single: bool = False
    turned: bool = False
    extra: bool = False
    note: str = ""
    any_of: tuple[str, ...] = ()
    made_up: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counted_by: tuple[str, ...] = ()
    spread: Spread | None = None
    scattered: Scattered | None = None

    def column(self, name: str) -> Column:
        return self.by_field[name]

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        return {column.field: column for column in self.columns}

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required is True]

    def model_of(self, column: Column) -> str:
        """The model a column is stored in; "" when it is not stored."""
        return self.target if column.target is None else column.target


@dataclass(frozen=True)
class NotRead:
    """A shape people use that cannot be read: at least `cells` cells of one of the first rows match `pattern`. `sentence`
    says what it is and how to write it instead."""

    pattern: str
    sentence: str
    cells: int = 2

    def fits(self, rows: Iterable[list[str]]) -> bool:
        return any(sum(bool(re.fullmatch(self.pattern, squeeze(text))) for text in row) >= self.cells for row in rows)


@dataclass(frozen=True)
class Expansion:
    """A counted item that becomes so many rows of a model: 3 rooms of 96 m2 or more -> 3 SpecialRoom rows of 9600."""

    field: str
    model: str
    values: Mapping[str, object]
    by: str  # the field of `values` that tells the expansions of one model apart: each names the cell it was counted in


@dataclass(frozen=True)
class Ledger:
    """A kind of ledger. Subclasses override the checks; everything else is data.

    `tables`: the first is the main one; others not `extra` are second shapes of it. `person`: (field of the ID, fields
    that go to the person register) for ledgers about persons. `other_numbers`: fields that name a person
    where the ID is blank. `one_school_each`: a person belongs to one school only; a file that names one at two is told, as the problem
    `two_schools`. `by_name`: its header is so plain (姓名、身份证号) that of the sheets of a package only those of its name are its own.
    `may_be_none`: a school may have nothing of the kind, and says so by a 零报告.
    `carries`: this is a package 填报包, a workbook with sheets of these ledgers and no
    table of its own; each is filed in its own slot. `forms`: the ledger is a workbook of these printed forms (ledgers.scattered), exported
    by another system and sent as it is; there is nothing to fill in, so its template is a help sheet. `due`: every school owes it each year
    even where no round asks for anything; the others are owed only when a round asks. `not_read`: shapes it is often kept in
    that cannot be read, each with its own sentence.
    """

    code: str
    title: str
    tables: tuple[Table, ...]
    scope: str = SCHOOL
    clock: str = SCHOOL_YEAR
    note: str = ""
    order: int = 100
    person: tuple[str, tuple[str, ...]] | None = None
    expansions: tuple[Expansion, ...] = ()
    other_names: tuple[str, ...] = field(default=())
    one_school_each: bool = True
    two_schools: str = "person-in-two-schools"
    other_numbers: tuple[str, ...] = ()
    by_name: bool = False
    may_be_none: bool = False
    carries: tuple[Ledger, ...] = ()
    forms: tuple[Form, ...] = ()
    due: bool = False
    not_read: tuple[NotRead, ...] = ()

    @property
    def main(self) -> Table:
        return self.tables[0]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.main.columns

    @property
    def models(self) -> list[str]:
        """Every model this ledger writes."""
        named = [table.model_of(column) for table in self.tables for column in table.columns]
        return list(dict.fromkeys([m for m in named if m] + [e.model for e in self.expansions]))

    def allowed_in(self, field: str) -> str:
        """What may be filled into a column, in words: its list, or the form of its values."""
        column = next((table.by_field[field] for table in self.tables if field in table.by_field), None)
        if column is None:
            return ""
        return "、".join(column.allowed[:WORDS_SHOWN]) or (f"例如“{column.wanted}”" if column.wanted[:1].isdigit() else column.wanted)

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        """Rows in which columns with `required=condition` must be filled."""
        return []

    def complete(self, frame: Frame, context: Context) -> None:
        """Fill values that follow from others (a birth month from the ID) before rows are checked."""

    def person_numbers(self, frame: Frame) -> list[str] | None:
        """The number that names the person of each row, "" where there is none; None when the sheet has no such column."""
        return frame.values[self.person[0]] if frame.has(self.person[0]) else None

    def claimed(self, part: Checked) -> Iterable[str]:
        """The persons a school's part claims for itself (`one_school_each`)."""
        return part.persons

    def known_persons(self, keys: list[str], frame: Frame, context: Context) -> list[str]:
        """The keys by which the register knows the persons that other numbers (`other_numbers`) named."""
        return keys

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        """Problems within a row or between rows of one table; whole columns at a time."""
        return iter(())

    def check_part(self, part: Checked, context: Context) -> Iterator[Problem]:
        """Problems of one school's part as a whole."""
        return iter(())

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """Once, when the dataset has become standing, inside the approving transaction: one service call downward.

        `persons` is the opened sidecar {person_key: {"name", "id_number", …}} (empty where there is none).
        """
