"""Veto items 一票否决: one case found and the county does not pass, whatever was computed."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from indicators.items.item import MISSING, Item, Result

if TYPE_CHECKING:
    from indicators.items.sight import Sight


@dataclass(frozen=True)
class Veto(Item):
    """Met when the county declares that no such case was found; undeclared, it is incomplete."""

    kind: ClassVar[str] = "veto"
    evidence_kind: ClassVar[str] = catalogue.VETO

    @property
    def wanted(self) -> str:
        return f"是否发现{self.title}"

    def judge(self, sight: Sight) -> Result:
        requirement = f"没有{self.title}的情形"
        entry = sight.evidence.vetoes.get((sight.standard.code, self.code))
        if entry is None:
            return Result(None, MISSING, requirement, "还没有认定，请录入是否发现这一情形。",
                          missing=(("attested", self.wanted),))
        if entry.met:
            return Result(True, None, requirement, f"未发现{self.title}的情形。{entry.conclusion}", entry=entry)
        return Result(False, None, requirement, f"发现{self.title}的情形，一票否决：{entry.conclusion}", entry=entry)
