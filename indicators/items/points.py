"""Scored government work: every item in points by the county, the city and the province; the sum must reach a line."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from evidence.quantities import Points as Scores
from indicators.items.county_rate import Rate, beside, beside_in_words
from indicators.items.item import MISSING, Item, Line, Result, Test, holds, shown, wording
from indicators.rules import code_of
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

COLUMNS = {"self": "自评", "city": "市复评", "province": "省评"}


@dataclass(frozen=True)
class Points(Item):
    """One scored item; alone it is neither met nor missed: the sum decides (PointsTotal). `rates` stand beside the score."""

    asks: str = ""
    rates: tuple[Rate, ...] = ()

    kind: ClassVar[str] = "points"
    beside: ClassVar[str] = "计入合计"
    evidence_kind: ClassVar[str] = catalogue.POINTS

    @property
    def unit(self) -> str:
        return "分"

    @property
    def wanted(self) -> str:
        return self.asks or self.title

    def judge(self, sight: Sight) -> Result:
        scores = sight.evidence.points.get((sight.standard.code, self.code), Scores())
        tests = tuple(
            Test(title, value=getattr(scores, column), unit="分", decides=False, places=2)
            for column, title in COLUMNS.items()
        )
        known = [test for test in tests if test.value is not None]
        detail = "，".join(f"{test.title} {shown(test.value, 2)} 分" for test in known) + "。" if known else "还没有评分。"
        counted = beside(sight, self, self.rates)
        ordered = (*(tuple(reversed(known)) or tests[:1]), *counted)
        return Result(None, None if known else MISSING, self.asks, detail + beside_in_words(counted), ordered, decides=False,
                      missing=() if known else (("attested", f"{self.title}的评分"),))


@dataclass(frozen=True)
class PointsTotal(Item):
    """The sum of the scored items `of`, at least `at_least` out of 100.

    The highest column anybody has filled decides (省评, else 市复评, else 自评), once it has every item.
    """

    of: tuple[str, ...] = ()
    at_least: str = ""

    kind: ClassVar[str] = "points_total"

    @property
    def unit(self) -> str:
        return "分"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "threshold", self.code), f"{standard.title}：{self.title}的要求", "fraction",
                        self.at_least, self.clause, unit="分")

    def judge(self, sight: Sight) -> Result:
        limit = sight.rule(self.code, "threshold")
        held = {code: sight.evidence.points.get((sight.standard.code, code), Scores()) for code in self.of}
        columns = [c for c in reversed(COLUMNS) if any(getattr(s, c) is not None for s in held.values())] or ["self"]
        tests = tuple(self._column(held, column, limit, column == columns[0]) for column in columns)
        head = tests[0]
        lacking = [code for code, scores in held.items() if getattr(scores, columns[0]) is None]
        name = COLUMNS[columns[0]]
        if lacking:
            detail = f"{name}还缺 {len(lacking)} 项评分：{'、'.join(lacking)}。"
        else:
            detail = f"{name}合计 {shown(head.value, 2)} 分，{'达到要求' if head.met else '未达到要求'}（{wording('>=', limit, '分')}）。"
        lines = tuple(
            Line(code, "，".join(f"{title} {shown(getattr(s, column), 2)}" for column, title in COLUMNS.items()),
                 value=getattr(s, columns[0]), reason=MISSING if getattr(s, columns[0]) is None else None)
            for code, s in held.items()
        )
        return Result(head.met, head.reason, f"合计{wording('>=', limit, '分')}", detail, tests, lines,
                      missing=tuple(("attested", f"{code} 的{name}分") for code in lacking))

    def _column(self, held: dict[str, Scores], column: str, limit: Fraction, decides: bool) -> Test:
        amounts = [getattr(scores, column) for scores in held.values()]
        said = {"title": f"{COLUMNS[column]}合计", "unit": "分", "comparator": ">=", "limit": limit, "decides": decides,
                "places": 2}
        if None in amounts:
            return Test(reason=MISSING, **said)
        total = sum(amounts, Fraction(0))
        return Test(value=total, met=holds(">=", total, Fraction(1), 1, limit) if decides else None, **said)
