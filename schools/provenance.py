"""From a stored value to the file, sheet and cell it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from .models import Dataset
from .quantity import SourceCell


@dataclass(frozen=True)
class Place:
    """Where a value stands: `cell` is an address such as "D7"; empty `sheet` and `cell` when the source has none."""

    dataset_id: int
    school_id: int | None
    ledger: str
    file_id: str | None
    file_name: str
    sheet: str
    cell: str
    model: str
    field: str
    text: str


def locate(cell: SourceCell) -> Place:
    """The place of one value. Raises LookupError when its dataset or row is gone."""
    return locate_all([cell])[0]


def locate_all(cells: Iterable[SourceCell]) -> list[Place]:
    """The places of many values, in order, with one query a model."""
    cells = list(cells)
    datasets = {d.pk: d for d in Dataset.objects.filter(pk__in={c.dataset_id for c in cells}).select_related("file")}
    rows: dict[tuple[str, int], dict] = {}
    for label in {c.model for c in cells}:
        wanted = [c.row_id for c in cells if c.model == label]
        more = {spread["by"] for dataset in datasets.values() for spread in _target(dataset, label).get("spread", {}).values()}
        for row in apps.get_model(label).objects.filter(pk__in=wanted).values("pk", "sheet", "row", *more):
            rows[label, row["pk"]] = row
    return [_place(cell, datasets[cell.dataset_id], rows[cell.model, cell.row_id]) for cell in cells]


def _target(dataset: Dataset, label: str) -> dict:
    return dataset.row_map.get("targets", {}).get(label, {})


def _place(cell: SourceCell, dataset: Dataset, values: dict) -> Place:
    sheet, row = values["sheet"], values["row"]
    sheets = dataset.row_map.get("sheets", [])
    target = _target(dataset, cell.model)
    address = target.get("cell", {}).get(cell.field, "")
    column = target.get("columns", {}).get(str(sheet), target.get("column", {})).get(cell.field)
    home = target.get("sheet", {}).get(cell.field, sheet)
    if spread := target.get("spread", {}).get(cell.field):
        key = str(values[spread["by"]])
        column = spread["column"].get(key)
        if "sheet" in spread:  # whole addresses on sheets of their own, not letters of the row's sheet
            address, home = column or "", spread["sheet"].get(key, home)
    if not address and column and row:
        address = f"{column}{row}"
    name = sheets[home] if home < len(sheets) else ""
    file = dataset.file
    return Place(
        dataset.pk,
        dataset.school_id,
        dataset.ledger,
        str(file.pk) if file else None,
        file.name if file else "",
        name,
        address,
        cell.model,
        cell.field,
        cell.text,
    )
