"""A yearly plan against the fact: no more than the number planned for this year. Asked only where a place has set a plan."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Result, Test, combined, wording

if TYPE_CHECKING:
    from indicators.items.sight import Sight


@dataclass(frozen=True)
class Planned:
    """`amount` (a quantity by stage or school, summed over the county) at most what the parameter `rule` plans for the year."""

    title: str
    amount: str
    rule: str


@dataclass(frozen=True)
class Plan(Item):
    """Every plan that speaks of this year, or of an earlier one when it speaks of none later, is kept."""

    plans: tuple[Planned, ...] = ()
    noun: str = "个"

    kind: ClassVar[str] = "plan"

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(plan.amount for plan in self.plans)

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(plan.rule for plan in self.plans)

    @property
    def unit(self) -> str:
        return self.noun

    def asked(self, sight: Sight) -> bool:
        return any(planned_for(sight.common(plan.rule), sight.facts.year) is not None for plan in self.plans)

    def judge(self, sight: Sight) -> Result:
        tests, words, missing = [], [], []
        for plan in self.plans:
            limit = planned_for(sight.common(plan.rule), sight.facts.year)
            if limit is None:
                continue
            total, lacking = sight.sum_of(plan.amount, sight.standard.stages)
            said = {"title": plan.title, "unit": self.noun, "comparator": "<=", "limit": Fraction(limit), "places": 0}
            if total is None:
                tests.append(Test(reason=MISSING, **said))
                words.append(f"{plan.title}还缺 {len(lacking)} 所学校的数据，暂不能判定。")
                missing += sight.lacking(plan.amount)
                continue
            met = total <= limit
            tests.append(Test(value=total, met=met, **said))
            words.append(f"{plan.title} {total} {self.noun}，计划不超过 {limit} {self.noun}，{'按计划完成' if met else '没有完成计划'}。")
        met, reason = combined(tests)
        requirement = "；".join(f"{test.title}{wording('<=', test.limit, self.noun)}" for test in tests)
        return Result(met, reason, requirement, "".join(words), tuple(tests), missing=tuple(missing))


def planned_for(plan: dict[int, int], year: int) -> int | None:
    """The number planned for a year: its own, else that of the last year before it; None before the plan begins."""
    return next((plan[y] for y in sorted(plan, reverse=True) if y <= year), None)
