"""What checks may look at, prepared by the caller: no cell or row check touches the database."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schools.factset import FactSet, SchoolRef
from schools.models import Period
from schools.parameters import NATIONAL, ParameterSet

from ..cleaning import name_key


@dataclass(frozen=True)
class Context:
    """The surroundings of one check.

    `school`: chosen at upload, or None (codes in the sheet decide). `schools`: code or alias code -> school.
    `names`: name_key(name or alias) -> schools of that name. `allowed`: ids the actor may file for, None = every one.
    `siblings`: the working set (each sibling's open checked version, else the standing one); `previous`: last year's
    standing set. `covers`: ids of campuses and points whose rows a package of `school` may carry along. `remembered`: answers kept for the school: {"columns": {normalised header: field}}.
    """

    county_id: int
    county_code: str
    county_name: str
    year: int
    period: Period | None
    clock: str
    school: SchoolRef | None
    schools: Mapping[str, SchoolRef]
    names: Mapping[str, list[SchoolRef]]
    allowed: frozenset[int] | None = None
    covers: frozenset[int] = frozenset()
    townships: tuple[str, ...] = ()
    siblings: FactSet | None = None
    previous: FactSet | None = None
    parameters: ParameterSet = NATIONAL
    remembered: Mapping[str, dict] = field(default_factory=dict)

    def may_file(self, school: SchoolRef) -> bool:
        return self.allowed is None or school.id in self.allowed

    def holds(self, school: SchoolRef | None, *ledgers: str) -> bool:
        """Whether one of these ledgers is held for the school and year in the working set."""
        if self.siblings is None or school is None:
            return False
        return any((ledger, school.id) in self.siblings.held for ledger in ledgers)


def index_names(named: Iterable[tuple[str, SchoolRef]]) -> dict[str, list[SchoolRef]]:
    """(name or alias, school) pairs -> Context.names."""
    index: dict[str, list[SchoolRef]] = {}
    for name, school in named:
        found = index.setdefault(name_key(name), [])
        if school not in found:
            found.append(school)
    return index
