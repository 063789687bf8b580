"""Which items a standard lists here, and their verdicts one after the other."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.items.item import ATTESTATIONS, Item, Listed, Result, relief_note
from indicators.items.sight import Sight
from schools.parameters import PARAMETERS

if TYPE_CHECKING:
    from indicators.engine import Evaluation


def judge_items(evaluation: Evaluation, *, begun: bool) -> tuple[Listed, ...]:
    """Every listed item with its result, in the standard's order.

    Before the county has `begun` to answer for more than its schools' figures, what nobody gave is open and decides
    nothing yet.
    """
    sight = Sight(evaluation)
    judged = []
    for item in evaluation.standard.items:
        if not is_listed(item, evaluation.tallies.quantities) or not item.asked(sight):
            continue
        result = _with_reliefs(item, sight, item.judge(sight))
        sight.results[item.code] = result
        waits = not begun and result.met is None
        judged.append(Listed(item, replace(result, decides=False) if waits else result))
    return tuple(judged)


def _with_reliefs(item: Item, sight: Sight, result: Result) -> Result:
    """The result with a note for each relief of the item that is in force."""
    held = sight.parameters.reliefs(item.reliefs(sight.standard))
    return replace(result, notes=(*result.notes, *map(relief_note, held))) if held else result


def is_listed(item: Item, quantities) -> bool:
    """Until its facts exist in this installation, the standard does not list an item.

    A set of quantities without attestations is one of school figures only: then no item is asked at all.
    """
    return ATTESTATIONS in quantities and all(code in quantities for code in item.needs) and all(
        code in PARAMETERS for code in item.rules
    )
