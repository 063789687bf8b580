"""The junior consolidation rate 初中三年巩固率: two formulas are in use and give different answers for the same pupils.

Both are computed and printed under their names; the parameter says which one decides.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.county_rate import Rate, beside, beside_in_words
from indicators.items.item import MISSING, NOT_APPLICABLE, Item, Result, Test, holds, shown, wording
from indicators.rules import code_of
from schools.cohorts import COHORT, FORMULAS, Formula
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class Consolidation(Item):
    """The rate by the formula in force, at least `at_least` per cent; the other formulas and the `rates` stand beside it."""

    at_least: str = ""
    formula: str = "application_form"
    rates: tuple[Rate, ...] = ()

    kind: ClassVar[str] = "consolidation"

    @property
    def needs(self) -> tuple[str, ...]:
        return COHORT

    @property
    def unit(self) -> str:
        return "%"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(
            code_of(standard, "threshold", self.code), f"{standard.title}：{self.title}的要求", "fraction", self.at_least,
            self.clause, unit="%",
        )
        yield Parameter(
            code_of(standard, "formula", self.code), f"{standard.title}：{self.title}的计算公式", "choice", self.formula,
            self.clause, choices=tuple(FORMULAS), words=tuple((formula.code, formula.title) for formula in FORMULAS.values()),
            note="；".join(f"{formula.title}：{formula.words}" for formula in FORMULAS.values()) + "。",
        )

    def judge(self, sight: Sight) -> Result:
        limit, chosen = sight.rule(self.code, "threshold"), sight.rule(self.code, "formula")
        cohort = {code: sight.county_amount(code) for code in COHORT}
        order = [FORMULAS[chosen], *(formula for code, formula in FORMULAS.items() if code != chosen)]
        tests = tuple(_test(self.title, formula, cohort, limit, formula.code == chosen) for formula in order)
        head = tests[0]
        missing = sight.lacking(*(c for c in FORMULAS[chosen].needs if cohort[c] is None)) if head.reason == MISSING else ()
        requirement = f"{head.title}{wording('>=', limit, '%')}"
        counted = beside(sight, self, self.rates)
        detail = "".join(map(_sentence, tests)) + beside_in_words(counted)
        return Result(head.met, head.reason, requirement, detail, (*tests, *counted), missing=missing)


def _test(title: str, formula: Formula, cohort: dict[str, Fraction | None], limit: Fraction, decides: bool) -> Test:
    known = [cohort[code] for code in formula.needs]
    said = {
        "title": f"{title}（{formula.title}）", "unit": "%", "per": 100, "comparator": ">=", "limit": limit,
        "decides": decides, "numerator_title": formula.words.partition("÷")[0],
        "denominator_title": formula.words.partition("÷")[2], "numerator_unit": "人", "places": 2,
    }
    if None in known:
        return Test(reason=MISSING, **said)
    numerator, denominator = formula.terms(*known)
    if denominator <= 0:
        return Test(numerator=numerator, denominator=denominator, reason=NOT_APPLICABLE, **said)
    value = numerator * 100 / denominator
    if formula.cap:
        value = min(value, Fraction(100))
    met = holds(">=", numerator, denominator, 100, limit)
    return Test(numerator=numerator, denominator=denominator, value=value, met=met if decides else None, **said)


def _sentence(test: Test) -> str:
    if test.reason == MISSING:
        return f"{test.title}还缺数据，暂不能判定。" if test.decides else ""
    if test.reason == NOT_APPLICABLE:
        return f"{test.title}的分母不大于 0，不适用。"
    if not test.decides:
        return f"同一批学生按{test.title}为 {shown(test.value, 2)}%，仅供对照。"
    want = wording(">=", test.limit, "%")
    return f"{test.title}为 {shown(test.value, 2)}%，{'达到要求' if test.met else '未达到要求'}（{want}）。"
