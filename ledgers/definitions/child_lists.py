"""The four lists for matching 四查三比对 share one form (contracts 2): who, where at home, who answers; 备注 is not kept."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.actor import Actor
from dropout.services.children import register_children
from schools.models import Dataset

from ..checking.results import Checked
from ..columns import Column
from ..ledger import Table
from .child_columns import (
    BIRTH,
    GUARDIAN,
    ID_NUMBER,
    NAME,
    PERSON_FIELDS,
    PHONE,
    REGISTRATION,
    RELATION,
    SEX,
    TOWNSHIP,
    VILLAGE,
    ChildLedger,
)
from .shared import REMARKS, SERIAL, YEAR

LIST_COLUMNS: tuple[Column, ...] = (SERIAL, YEAR, NAME, ID_NUMBER, REGISTRATION, SEX, BIRTH, TOWNSHIP, VILLAGE, GUARDIAN, RELATION, PHONE, REMARKS)


@dataclass(frozen=True)
class ChildList(ChildLedger):
    """A list says that a child is there; everything else follows from comparing the lists (dropout.matching)."""

    by_name: bool = True

    def claimed(self, part: Checked) -> Iterable[str]:
        """Everybody it lists, also when it is checked again without its persons."""
        return [key for rows in part.rows_by_model.values() for key in rows.get("person_key") if key]

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """Children the register does not know come to exist there, with their household's place."""
        register_children(dataset=dataset, persons=persons, by=by)


def child_list(code: str, title: str, order: int, note: str, columns: tuple[Column, ...] = LIST_COLUMNS, **more) -> ChildList:
    """A list of children in the common form."""
    table = Table("main", title, columns, target="dropout.ListedChild", key=("person_key",), note="每名儿童一行。")
    return ChildList(code=code, title=title, order=order, tables=(table,), person=("id_number", PERSON_FIELDS[:-1]), note=note, **more)
