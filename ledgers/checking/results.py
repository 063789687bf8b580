"""What a check gives back: one result per school and a report on the file."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schools.factset import SchoolRef

from ..ledger import Ledger
from ..problems import DOUBT, ERROR, Problem, Repair


@dataclass
class Rows:
    """Fact rows of one model as column arrays: `columns[field][i]`, with the sheet index and Excel row of each.

    Iterating yields dicts {field: value, …, "sheet": i, "row": n}.
    """

    columns: dict[str, list] = field(default_factory=dict)
    sheet: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[dict]:
        names = list(self.columns)
        for values in zip(*self.columns.values(), self.sheet, self.row, strict=True):
            yield dict(zip([*names, "sheet", "row"], values, strict=True))

    def get(self, name: str) -> list:
        """The column, None in every row when the sheet does not give it (a required one may be missing)."""
        return self.columns.get(name) or [None] * len(self)

    def append(self, values: dict, sheet: int, row: int) -> None:
        if not self.columns:
            self.columns = {name: [] for name in values}
        for name, column in self.columns.items():
            column.append(values[name])
        self.sheet.append(sheet)
        self.row.append(row)


@dataclass(frozen=True)
class Skip:
    """A row (or item) below the header that carries no data of its own."""

    sheet: str
    row: int
    reason: str


@dataclass
class Checked:
    """One school's part of a file (school None: a county ledger), ready to be staged.

    `rows_by_model` {"schools.Premises": Rows}; `row_map` as schools.models.Dataset documents it; `persons`
    {person_key: {"name", "id_number", …}} goes into the encrypted sidecar; `signers` {"填表人": "…"} for the sign page.
    `identity` what the sheet says of the school itself {"name": …}; compared with the register, never written.
    """

    ledger: Ledger
    school: SchoolRef | None
    rows_by_model: dict[str, Rows] = field(default_factory=dict)
    row_map: dict = field(default_factory=dict)
    persons: dict[str, dict[str, str]] = field(default_factory=dict)
    signers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    rows_read: int = 0
    accepted: int = 0
    refused: int = 0
    uncounted: int = 0  # rows that no sum can take in; only in a part made for counting

    def sum(self, model: str, name: str) -> int | None:
        """The sum of a field over this part's rows, None when no row gives it."""
        rows = self.rows_by_model.get(model)
        given = [v for v in rows.columns.get(name, ()) if v is not None] if rows else []
        return sum(given) if given else None

    @property
    def has_errors(self) -> bool:
        return any(p.level == ERROR for p in self.problems)

    def place_of(self, model: str, name: str, index: int = 0) -> tuple[str, str, int | None]:
        """(sheet, cell, Excel row) of a field of a row; blanks when the sheet does not give it."""
        rows, target = self.rows_by_model.get(model), self.row_map.get("targets", {}).get(model, {})
        sheets = self.row_map.get("sheets", [])
        if not rows or not len(rows) or not sheets:
            return "", "", None
        sheet = sheets[rows.sheet[index]]
        if name in target.get("cell", {}):
            return sheets[target.get("sheet", {}).get(name, rows.sheet[index])], target["cell"][name], None
        row = rows.row[index]
        column = target.get("columns", {}).get(str(rows.sheet[index]), target.get("column", {})).get(name, "")
        if spread := target.get("spread", {}).get(name):
            key = str(rows.columns[spread["by"]][index])
            column = spread["column"].get(key, "")
            if "sheet" in spread:
                return sheets[spread["sheet"].get(key, rows.sheet[index])], column, None
        return sheet, f"{column}{row}" if column and row else "", row or None


@dataclass
class Report:
    """The file as a whole. `rows_read = accepted + refused + len(skipped)` counts non-blank rows below the header
    (on a turned sheet: non-blank items). `problems` are those of no one school; `hidden` names unread hidden sheets."""

    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    rows_read: int = 0
    accepted: int = 0
    refused: int = 0
    skipped: list[Skip] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    layout: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """All of it: the report and the parts by school."""

    report: Report
    schools: list[Checked] = field(default_factory=list)

    def problems(self) -> list[Problem]:
        return [*self.report.problems, *(p for part in self.schools for p in part.problems)]

    def repairs(self) -> list[Repair]:
        return [*self.report.repairs, *(r for part in self.schools for r in part.repairs)]

    @property
    def status(self) -> str:
        """clean · doubts · faulty · refused (nothing of the ledger was found in the file)."""
        levels = {p.level for p in self.problems()}
        if ERROR in levels:
            return "faulty" if self.report.rows_read else "refused"
        return "doubts" if DOUBT in levels else "clean"
