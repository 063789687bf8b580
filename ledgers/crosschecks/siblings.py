"""What one other ledger of the same school says, by the quantities of the rooms that own the facts."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schools.factset import FactSet
from schools.quantity import QUANTITIES

if TYPE_CHECKING:
    from ..checking.context import Context


def said_by(facts: FactSet | None, ledger: str, quantity: str, school_id: int, context: Context) -> dict[str, int]:
    """stage -> value of a quantity by that ledger alone; empty when the ledger is not held for the school."""
    if facts is None or (ledger, school_id) not in facts.held:
        return {}
    dataset_id = facts.held[ledger, school_id]
    alone = replace(facts, datasets=tuple(ref for ref in facts.datasets if ref.id == dataset_id))
    tally = QUANTITIES[quantity].tally(alone, context.parameters)
    return {stage: value for (school, stage), value in tally.items() if school == school_id}
