"""National quality monitoring: every subject at the level asked or above, its difference between schools below a rate."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from indicators.items.item import MISSING, Item, Line, Result, Test, combined, shown
from indicators.rules import code_of
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class Monitoring(Item):
    """Level at least `level` (1-4), difference rate strictly below `below`, for each of the subjects."""

    level: int = 0
    below: str = ""
    subjects: tuple[str, ...] = tuple(catalogue.SUBJECTS)

    kind: ClassVar[str] = "monitoring"
    evidence_kind: ClassVar[str] = catalogue.MONITORING

    @property
    def wanted(self) -> str:
        return "国家义务教育质量监测结果：" + "、".join(catalogue.SUBJECTS[subject] for subject in self.subjects)

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "level", self.code), f"{standard.title}：{self.title}的最低等级", "integer",
                        str(self.level), self.clause, unit="级")
        yield Parameter(code_of(standard, "difference_rate", self.code), f"{standard.title}：{self.title}的校际差异率须低于",
                        "fraction", self.below, self.clause)

    def judge(self, sight: Sight) -> Result:
        level, below = sight.rule(self.code, "level"), sight.rule(self.code, "difference_rate")
        word = catalogue.LEVELS.get(level, str(level))
        tests, lines, missing = [], [], []
        for subject in self.subjects:
            title = catalogue.SUBJECTS[subject]
            row = sight.evidence.monitoring.get((sight.standard.code, subject))
            if row is None:
                tests.append(Test(f"{title}校际差异率", comparator="<", limit=below, reason=MISSING, places=3))
                lines.append(Line(title, "还没有录入监测结果。", reason=MISSING))
                missing.append(("attested", f"{title}质量监测结果"))
                continue
            met = row.level >= level and row.difference_rate < below
            tests += [
                Test(f"{title}校际差异率", value=row.difference_rate, comparator="<", limit=below,
                     met=row.difference_rate < below, places=3),
                Test(f"{title}等级", value=Fraction(row.level), unit="级", comparator=">=", limit=Fraction(level),
                     met=row.level >= level, places=0),
            ]
            words = f"{catalogue.LEVELS.get(row.level, row.level)}级，校际差异率 {shown(row.difference_rate, 4)}"
            lines.append(Line(title, f"{words}，{'达到要求' if met else '未达到要求'}。", value=row.difference_rate, limit=below, met=met))
        met, reason = combined(tests)
        want = f"每个学科达到{word}级以上，且校际差异率低于 {shown(below, 4)}"
        return Result(met, reason, want, "".join(f"{x.title}{x.text}" for x in lines if not x.met), tuple(tests),
                      tuple(lines), missing=tuple(missing))
