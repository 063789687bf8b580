"""The scattered shape: one workbook of many printed forms, whose values stand here and there and are found by their labels.

A form is known by its number (表号), a value by the label of its row and the label of its column; never by an address. A
ledger of this shape is only a declaration: `Ledger.forms` and, in its tables, `Spot`s (one value each) and `Sweep`s (a row
of the table for each grade, band or other label met).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MUST, SHOULD, MAY = "must", "should", "may"


@dataclass(frozen=True)
class Form:
    """One printed form.

    `numbers`: its numbers of all generations ("教基3112", "基础基312"); a sheet is the form's when its name or one of its
    first rows carries one of them. `stage`: only schools that teach it need the form. `need`: MUST (its absence is an
    error), SHOULD (a doubt), MAY (a notice). `sections`: labels that open a block of rows ("小学", "初中" in a form for
    both); on a sheet that has such rows, a bare label means nothing.
    """

    code: str
    title: str
    numbers: tuple[str, ...]
    stage: str = ""
    need: str = SHOULD
    sections: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """教基3112/基础基312 小学学生数."""
        return f"{'/'.join(self.numbers)}《{self.title}》"


@dataclass(frozen=True)
class Spot:
    """Where one field stands: in the row and the column of these labels ("上级/下级" is a path; several are alternatives).

    Without `column` it is the first column of values. Rows and columns may be exchanged on the sheet. A form without a
    grid is read as label and value side by side. `at`: generation of the number -> the cell of the layout known, only
    compared. Several spots of one field are tried in order.
    """

    field: str
    form: str
    row: tuple[str, ...]
    column: tuple[str, ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sweep:
    """Values that repeat: for each value of `by` (value -> labels) a row of the table, its `fields` (field -> labels)."""

    form: str
    by: str
    labels: Mapping[int, tuple[str, ...]]
    fields: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Scattered:
    """Where the columns of one table stand: `spots` for a table of one row, `sweeps` for one of several."""

    spots: tuple[Spot, ...] = ()
    sweeps: tuple[Sweep, ...] = ()

    def forms_of(self, name: str) -> list[str]:
        """The forms that can give a field, the first preferred."""
        found = [spot.form for spot in self.spots if spot.field == name]
        return list(dict.fromkeys(found + [sweep.form for sweep in self.sweeps if name in sweep.fields]))
