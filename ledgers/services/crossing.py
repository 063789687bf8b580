"""The checks across ledgers, years and schools, run again on staged rows: at approval, without reading the file again."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db.models import Model, QuerySet

from ledgers.checking import Checked, Rows, crosscheck
from ledgers.models import Version

from .receiving import ledger_of
from .surroundings import context_of

# One person counts once per county, one pupil is at one school (design §4): a doubt at the school's upload, an error at the county's approval.
ERRORS_AT_APPROVAL = frozenset({"person-in-two-schools", "pupil-in-two-schools"})
_NOT_FIELDS = ("id", "dataset", "sheet", "row")
LARGE = 2_000  # rows


def cross_problems(version: Version, *, at_approval: bool = False) -> list[dict]:
    """What the checks across ledgers say of a staged version now; doubts already explained are left out.

    At approval a person claimed by two schools is an error, not a doubt.
    """
    context = context_of(version.filing, allowed=None, without=[version.pk])
    explained = {(g["code"], g["field"]) for g in version.groups if g["key"] in version.explanations}
    found = []
    for problem in crosscheck(checked_of(version, context.school), context):
        plain = problem.as_json()
        if at_approval and problem.code in ERRORS_AT_APPROVAL:
            plain["level"] = "error"
        if plain["level"] == "error" or (problem.code, problem.field) not in explained:
            found.append(plain)
    return found


def checked_of(version: Version, school) -> Checked:
    """A staged dataset as the checker left it, from the database."""
    dataset = version.dataset
    ledger = ledger_of(version.filing.ledger)
    checked = Checked(ledger, school, row_map=dataset.row_map)
    for label in ledger.models:
        checked.rows_by_model[label] = _rows(apps.get_model(label), dataset.pk)
    return checked


def _rows(model: type[Model], dataset_id: int) -> Rows:
    names = [field.name for field in model._meta.concrete_fields if field.name not in _NOT_FIELDS]
    rows = model._default_manager.filter(dataset_id=dataset_id).order_by("id")
    found = list(rows.values_list(*names, "sheet", "row")[: LARGE + 1])
    if len(found) > LARGE:
        places = list(rows.values_list("sheet", "row"))
        return Rows(StagedColumns(rows, names), [sheet for sheet, _ in places], [row for _, row in places])
    columns = {name: [row[i] for row in found] for i, name in enumerate(names)}
    return Rows(columns, [row[-2] for row in found], [row[-1] for row in found])


class StagedColumns(Mapping[str, list]):
    """The columns of a large staged dataset; each is fetched when a check first asks for it: they look at a few of many."""

    def __init__(self, rows: QuerySet, names: list[str]):
        self._rows, self._names = rows, names
        self._held: dict[str, list] = {}

    def __getitem__(self, name: str) -> list:
        if name not in self._held:
            if name not in self._names:
                raise KeyError(name)
            self._held[name] = list(self._rows.values_list(name, flat=True))
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
