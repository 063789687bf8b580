"""Two datasets of one slot, row by row: what is new, changed, gone."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model

from ledgers.ledger import Ledger
from ledgers.reading.workbook import address, column_index
from schools.models import Dataset

SHOWN = 200
_NOT_COMPARED = {"id", "dataset", "sheet", "row"}


@dataclass(frozen=True)
class Change:
    """One field of one row that differs: the cell in the new file, what stood and what comes (stored units)."""

    model: str
    row: str
    title: str
    cell: str
    old: str
    new: str


@dataclass
class Difference:
    """Rows of a staged dataset against the standing one, counted over all models; the first changes in full."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    changes: list[Change] = field(default_factory=list)


def compare(staged: Dataset, standing: Dataset | None, ledger: Ledger) -> Difference:
    """New, changed and gone rows by the ledger's key; where a model has no key, rows are compared whole."""
    difference = Difference()
    for label in ledger.models:
        model = apps.get_model(label)
        key = key_of(ledger, label, model)
        fresh, old = _rows(model, staged, key), _rows(model, standing, key) if standing else {}
        for name, (row, place) in fresh.items():
            if name not in old:
                difference.new += 1
            elif old[name][0] == row:
                difference.same += 1
            else:
                difference.changed += 1
                difference.changes += _changes(label, model, staged, name, old[name][0], row, place)
        difference.gone += len(old.keys() - fresh.keys())
    return difference


def key_of(ledger: Ledger, label: str, model: type[Model]) -> tuple[str, ...] | None:
    """The fields that tell two rows of the model apart: () for one row a school, None when nothing does."""
    names = {f.name for f in model._meta.concrete_fields}
    if "person_key" in names:
        return ("person_key",)
    for table in ledger.tables:
        if any(table.model_of(column) == label for column in table.columns):
            if table.single:
                return ()
            key = tuple(name for name in table.key if name in names)
            return key or None
    return None


def _rows(model: type[Model], dataset: Dataset, key: tuple[str, ...] | None) -> dict[tuple, tuple[dict, tuple[int, int]]]:
    names = [f.name for f in model._meta.concrete_fields if f.name not in _NOT_COMPARED]
    found: dict[tuple, tuple[dict, tuple[int, int]]] = {}
    for values in model._default_manager.filter(dataset=dataset).order_by("id").values_list(*names, "sheet", "row"):
        row, place = dict(zip(names, values[:-2], strict=True)), (values[-2], values[-1])
        name = tuple(row[k] for k in key) if key is not None else tuple(row.values())
        while name in found:  # equal rows without a key: count each
            name = (*name, "+")
        found[name] = (row, place)
    return found


def _changes(label: str, model: type[Model], staged: Dataset, key: tuple, old: dict, new: dict, place: tuple[int, int]) -> list[Change]:
    columns = staged.row_map.get("targets", {}).get(label, {})
    shown = "" if "person_key" in new else " ".join(str(part) for part in key)
    return [
        Change(label, shown or (f"第{place[1]}行" if place[1] else ""), str(model._meta.get_field(name).verbose_name),
               _cell(columns, name, place, new), _text(old[name]), _text(new[name]))
        for name in new
        if old[name] != new[name] and name != "person_key"
    ]  # fmt: skip


def _cell(columns: Mapping, name: str, place: tuple[int, int], values: Mapping) -> str:
    sheet, row = place
    if name in columns.get("cell", {}):
        return columns["cell"][name]
    letters = columns.get("columns", {}).get(str(sheet), columns.get("column", {})).get(name)
    if spread := columns.get("spread", {}).get(name):
        letters = spread["column"].get(str(values[spread["by"]]))
        if "sheet" in spread:
            return letters or ""
    return address(row - 1, column_index(letters)) if letters and row else ""


def _text(value: object) -> str:
    if value is None:
        return "（空）"
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def changed_outside(fresh: Dataset, returned: Dataset, ledger: Ledger, cells: Collection[str]) -> list[dict]:
    """What a file sent after a return changed beside the cells it was returned for: [{"row", "title", "cell", "old", "new"}].

    Rows added or left out are told by number. Cells are compared by their address in the new file.
    """
    difference = compare(fresh, returned, ledger)
    found = [
        {"row": change.row, "title": change.title, "cell": change.cell, "old": change.old, "new": change.new}
        for change in difference.changes
        if change.cell not in cells
    ]
    for count, word in ((difference.new, "新增"), (difference.gone, "减少")):
        if count:
            found.append({"row": "", "title": f"{word}的行", "cell": "", "old": "", "new": f"{count} 行"})
    return found[:SHOWN]
