"""The cells behind an item: for each quantity it counts, the figure and every cell it was made from."""
from __future__ import annotations

from dataclasses import dataclass

from indicators.models import Snapshot
from indicators.snapshots import dataset_ids, parameters_for, payload
from schools.factset import set_of
from schools.quantity import COUNTY_KEY, QUANTITIES, Quantity, SourceCell


@dataclass(frozen=True)
class Behind:
    """One quantity of an item: `count` in least units (None = missing); `cells` of the county, or of the one school asked."""

    quantity: Quantity
    count: int | None
    cells: tuple[SourceCell, ...]

    @property
    def of_county(self) -> bool:
        return self.quantity.by == "county"


def item_sources(snapshot: Snapshot, ruleset: str, code: str, school_code: str = "") -> list[Behind]:
    """What the quantities of an item were made from, read from the snapshot's own datasets, whatever stands today.

    Figures of schools give their cells for the school asked only: a county has tens of thousands. Raises LookupError for an
    item the result does not list or a school the register does not have.
    """
    content = payload(snapshot)
    entry = next((e for e in content["rulesets"][ruleset]["items"] if e["code"] == code), None)
    if entry is None:
        raise LookupError(f"snapshot {snapshot.pk} lists no item {code}")
    facts = set_of(snapshot.county, snapshot.year, snapshot.fiscal_year, dataset_ids(snapshot))
    parameters = parameters_for(snapshot.county, snapshot.year)
    parameters = parameters.national() if ruleset == "national" else parameters
    school = next((s for s in facts.schools if s.code == school_code), None)
    if school_code and school is None:
        raise LookupError(f"the register has no school {school_code} on that census day")
    found = []
    for quantity in (QUANTITIES[name] for name in entry.get("quantities", ()) if name in QUANTITIES):
        if quantity.by == "county":
            count = quantity.tally(facts, parameters).get(COUNTY_KEY)
            found.append(Behind(quantity, count, tuple(quantity.cells(facts, parameters, *COUNTY_KEY))))
        elif school is not None:
            tally = quantity.tally(facts, parameters)
            keys = [key for key in tally if key[0] == school.id]
            cells = [cell for _, stage in keys for cell in quantity.cells(facts, parameters, school.id, stage)]
            found.append(Behind(quantity, sum(tally[key] for key in keys) if keys else None, tuple(cells)))
    return found
