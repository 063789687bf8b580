"""Three growths 三个增长: this year against the year before, strictly, with the gap amounts that are missing.

教育法 art. 56: the education appropriation grows faster than the recurrent fiscal revenue, spending and public funds per
pupil rise, teachers' pay rises. Equality is no growth. Rates are never stored: amounts are compared by cross-multiplication.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, NOT_APPLICABLE, Item, Line, Result, Test, amount_text, combined, shown
from indicators.rules import code_of
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.engine import Tallies
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class Growth:
    """`amount` must rise; with `faster_than` it must grow faster than that quantity does. All belong to the county.

    `paid`: what has been paid afterwards towards a gap; it is named beside the gap and changes no verdict.
    """

    title: str
    amount: str
    faster_than: str = ""
    paid: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code in (self.amount, self.faster_than) if code)


@dataclass(frozen=True)
class Trend(Item):
    """Every growth holds in each of the last `years` fiscal years. `decides` False: shown, the points decide.

    `or_equal`: an amount that stays as it was is enough (只增不减 is strict in the law's growths only). `asked_by`: a yes-or-no
    parameter without which nobody asks this.
    """

    growths: tuple[Growth, ...] = ()
    years: str = "1"
    decides: bool = True
    or_equal: bool = False
    asked_by: str = ""

    kind: ClassVar[str] = "trend"

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.asked_by,) if self.asked_by else ()

    def asked(self, sight: Sight) -> bool:
        return not self.asked_by or bool(sight.common(self.asked_by))

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for growth in self.growths for code in growth.codes))

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "years", self.code), f"{standard.title}：{self.title}连续年数", "integer", self.years,
                        self.clause, unit="年", least="1", most="10")

    def judge(self, sight: Sight) -> Result:
        tests, lines, missing = [], [], []
        for back in range(sight.rule(self.code, "years")):
            now, before = sight.before(back), sight.before(back + 1)
            for growth in self.growths:
                test, line = _compare(growth, now, before, self.or_equal)
                tests.append(test)
                lines.append(line)
                missing += sight.lacking(*growth.codes) if test.reason == MISSING else []
        met, reason = combined(tests)
        bad = [line for line in lines if line.met is not True and line.reason != NOT_APPLICABLE]
        detail = "".join(f"{line.title}：{line.text}" for line in bad) or f"{len(lines)} 项比较全部增长。"
        requirement = "；".join(f"{g.title}{'（高于财政经常性收入增幅）' if g.faster_than else ''}" for g in self.growths)
        return Result(met, reason, f"{'逐年不减' if self.or_equal else '逐年增长'}：{requirement}", detail, tuple(tests), tuple(lines),
                      missing=tuple(missing), decides=self.decides)


def _amount(tallies: Tallies, code: str) -> Fraction | None:
    count = tallies.of(code).get((0, ""))
    return None if count is None else Fraction(count, tallies.quantities[code].scale)


def _compare(growth: Growth, now: Tallies, before: Tallies, or_equal: bool) -> tuple[Test, Line]:
    year = now.facts.fiscal_year
    title = f"{year}年{growth.title}"
    new, old = _amount(now, growth.amount), _amount(before, growth.amount)
    rate = Fraction(1)
    reason = None
    if new is None or old is None:
        reason = MISSING
    if growth.faster_than:
        revenue, earlier = _amount(now, growth.faster_than), _amount(before, growth.faster_than)
        if revenue is None or earlier is None:
            reason = MISSING
        elif not earlier:
            reason = reason or NOT_APPLICABLE
        else:
            rate = revenue / earlier
    if reason is None and not old:
        reason = NOT_APPLICABLE
    unit = now.quantities[growth.amount].unit
    said = {"unit": "%", "per": 100, "comparator": ">=" if or_equal else ">", "places": 2, "numerator_title": f"{year}年",
            "denominator_title": f"{year - 1}年", "numerator_unit": unit}
    if reason:
        text = f"缺 {year} 年或 {year - 1} 年的数据。" if reason == MISSING else "上年数为 0，不适用。"
        return Test(title, new, old, reason=reason, **said), Line(title, text, numerator=new, denominator=old, reason=reason)
    # new/old > rate, without a division: new > rate x old
    met, bar = new > rate * old or (or_equal and new == rate * old), (rate - 1) * 100
    value = (new / old - 1) * 100
    gap = max(Fraction(0), rate * old - new)
    falling = "财政经常性收入下降，增幅为负，请核对口径。" if growth.faster_than and rate < 1 else ""
    text = f"由 {amount_text(old, unit)} 到 {amount_text(new, unit)}，增长 {shown(value, 2)}%"
    if growth.faster_than:
        text += f"，财政经常性收入增长 {shown(bar, 2)}%"
    if not met:
        text += f"，缺口 {amount_text(gap, unit)}" if gap else "，没有增长"
        paid = _amount(now, growth.paid) if growth.paid and growth.paid in now.quantities else None
        text += f"，已补拨 {amount_text(paid, unit)}" if paid is not None else ""
    text += f"。{falling}"
    test = Test(title, new, old, value, limit=bar, met=met, **said)
    return test, Line(title, text, numerator=new, denominator=old, value=value, limit=bar, met=met)
