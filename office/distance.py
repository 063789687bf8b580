"""How far a school is from a bar, in the units people count in: 还差 3 名体育教师, 还差 126.50 ㎡教学用房.

Pure: works on the numerator, denominator and threshold of a snapshot's cell, exactly (Fraction).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from schools.numbers import group_thousands, half_up_text

AREA = "㎡"
WAN = 10_000


@dataclass(frozen=True)
class Distance:
    """`need`: how much more of the counted thing reaches the bar (0 when met); `spare`: how much could go.

    Both are whole steps of what can be hired, bought or built (one person, one room, one yuan, 0.01 ㎡): need is rounded
    up, spare down, the pupils standing still. `noun` completes the sentence: "名体育、艺术专任教师". `exact`: the figure equals the bar.
    """

    need: Fraction
    spare: Fraction
    places: int
    noun: str
    exact: bool

    @property
    def met(self) -> bool:
        return self.need == 0

    @property
    def text(self) -> str:
        """还差 3 名体育教师 / 高出 12.40 ㎡教学及辅助用房 / 恰好等于标准."""
        amount = self.need or self.spare
        if not amount:
            step = _decimal(Fraction(1, 10**self.places), self.places)
            return "恰好等于标准" if self.exact else f"高出不足 {step} {self.noun}"
        shown, places, unit = amount, self.places, ""
        if self.noun.startswith("元") and amount >= WAN:
            rounded = ceil(amount * 100 / WAN) if self.need else floor(amount * 100 / WAN)
            shown, places, unit = Fraction(rounded, 100), 2, "万"
        return f"{'还差' if self.need else '高出'} {group_thousands(_decimal(shown, places))} {unit}{self.noun}"


def distance(cell: dict, noun: str, bar: str | None = None) -> Distance | None:
    """The distance of one cell to `bar` (default its threshold); None when the figure or the bar is missing.

    need = bar × denominator ÷ per − numerator. For a school whose resource is split, it is this stage's share.
    """
    wanted = cell.get("threshold") if bar is None else bar
    if cell.get("value") is None or wanted is None:
        return None
    places = 2 if noun.startswith(AREA) else 0
    step = Fraction(1, 10**places)
    gap = Fraction(wanted) * Fraction(cell["denominator"]) / Fraction(cell["per"]) - Fraction(cell["numerator"])
    need = ceil(gap / step) * step if gap > 0 else Fraction(0)
    spare = floor(-gap / step) * step if gap <= 0 else Fraction(0)
    return Distance(need, spare, places, noun, gap == 0)


def _decimal(amount: Fraction, places: int) -> str:
    """A fraction that is a whole number of 10^-places, as decimal text."""
    whole, rest = divmod(int(amount * 10**places), 10**places)
    return half_up_text(f"{whole}.{rest:0{places}d}" if places else str(whole), places)
