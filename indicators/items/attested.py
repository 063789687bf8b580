"""Items without a number: attested by the county with conclusion, reasoning and documents."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Result

if TYPE_CHECKING:
    from indicators.items.sight import Sight

NO_PAPER = "这一条没有附佐证文件，请补充。"


@dataclass(frozen=True)
class Attested(Item):
    """Met when the county attests so; `requirement` is what the document asks, in words."""

    requirement: str = ""

    kind: ClassVar[str] = "attested"

    @property
    def wanted(self) -> str:
        return self.requirement

    def judge(self, sight: Sight) -> Result:
        entry = sight.attested(self.code)
        if entry is None:
            return Result(
                None, MISSING, self.requirement, "还没有认定，请录入结论并附佐证文件。",
                missing=(("attested", self.requirement),),
            )
        notes = () if entry.documents else (NO_PAPER,)
        return Result(entry.met, None, self.requirement, entry.conclusion, entry=entry, notes=notes)
