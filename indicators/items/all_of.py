"""One item that asks several things of different kinds: all of them must hold. A part only a local rule asks may stay out."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Result, combined
from schools.parameters import PARAMETERS

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard
    from schools.parameters import Parameter


@dataclass(frozen=True)
class AllOf(Item):
    """`demands_of`: the parts, the first of which gives the item its value. Parts carry this item's own code."""

    demands_of: tuple[Item, ...] = ()

    kind: ClassVar[str] = "all_of"

    @property
    def needs(self) -> tuple[str, ...]:
        return self.demands_of[0].needs

    @property
    def shows(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for part in self.demands_of for code in part.shows))

    @property
    def rules(self) -> tuple[str, ...]:
        named = (code for part in self.demands_of for code in part.rules)
        return tuple(dict.fromkeys(code for code in named if code in PARAMETERS))

    @property
    def unit(self) -> str:
        return self.demands_of[0].unit

    @property
    def wanted(self) -> str:
        return self.demands_of[0].wanted

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        for part in self.demands_of:
            yield from part.parameters(standard)

    def reliefs(self, standard: Standard) -> tuple[str, ...]:
        return tuple(code for part in self.demands_of for code in part.reliefs(standard))

    def judge(self, sight: Sight) -> Result:
        first, *others = self.demands_of
        parts = [first, *(part for part in others if sight.known(*part.shows) and part.asked(sight))]
        results = [part.judge(sight) for part in parts]
        deciding = [result for result in results if result.decides]
        met, reason = combined(deciding)
        return Result(
            met, reason, "；".join(r.requirement for r in results if r.requirement), "".join(r.detail for r in results),
            tuple(test for r in results for test in r.tests), tuple(line for r in results for line in r.lines),
            next((r.entry for r in results if r.entry), None),
            tuple(entry for r in results for entry in r.missing) if reason == MISSING or met is False else (),
            tuple(dict.fromkeys(note for r in results for note in r.notes)),
        )
