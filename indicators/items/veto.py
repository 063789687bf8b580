"""Veto items 一票否决: one case found and the county does not pass, whatever was computed."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from indicators.items.item import MISSING, Item, Line, Result
from schools.codes import PRIVATE

if TYPE_CHECKING:
    from indicators.items.sight import Sight


@dataclass(frozen=True)
class Veto(Item):
    """Met when the county declares that no such case was found; undeclared, it is incomplete.

    `watch`: quantities by school that together hint at such a case (all above 0 at one school). A hint is shown to whoever
    declares and reads, and decides nothing.
    """

    watch: tuple[str, ...] = ()

    kind: ClassVar[str] = "veto"
    evidence_kind: ClassVar[str] = catalogue.VETO

    @property
    def wanted(self) -> str:
        return f"是否发现{self.title}"

    @property
    def shows(self) -> tuple[str, ...]:
        return self.watch

    def judge(self, sight: Sight) -> Result:
        lines = tuple(self._hints(sight)) if self.watch and sight.known(*self.watch) else ()
        named = "、".join(line.title for line in lines[:5]) + ("等" if len(lines) > 5 else "")
        notes = (f"{named} {len(lines)} 所学校的数据提示可能有这一情形，请核实后再认定。",) if lines else ()
        return replace(self._declared(sight), lines=lines, notes=notes)

    def _hints(self, sight: Sight) -> Iterator[Line]:
        for school in sight.schools:
            if school.sponsor_code == PRIVATE:
                continue
            amounts = [sight.amount(code, (school.id, "")) for code in self.watch]
            if all(amounts):
                units = [sight.unit(code) for code in self.watch]
                said = "，".join(f"{sight.title(code)} {n} {unit}" for code, n, unit in zip(self.watch, amounts, units, strict=True))
                yield Line(school.name, f"{said}。", school.code, value=amounts[0])

    def _declared(self, sight: Sight) -> Result:
        requirement = f"没有{self.title}的情形"
        entry = sight.evidence.vetoes.get((sight.standard.code, self.code))
        if entry is None:
            return Result(None, MISSING, requirement, "还没有认定，请录入是否发现这一情形。",
                          missing=(("attested", self.wanted),))
        if entry.met:
            return Result(True, None, requirement, f"未发现{self.title}的情形。{entry.conclusion}", entry=entry)
        return Result(False, None, requirement, f"发现{self.title}的情形，一票否决：{entry.conclusion}", entry=entry)
