"""The formulas of consolidation 巩固率: two are in use and give different answers for the same pupils.

Pure and exact: five figures of a cohort in, numerator and denominator out. Both are computed and printed under their names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

COHORT = ("graduates", "entrants", "transfers_in", "transfers_out", "deaths")


@dataclass(frozen=True)
class Formula:
    """A named way to count: the quantities it needs, and (numerator, denominator) from the five cohort figures."""

    code: str
    title: str
    words: str
    needs: tuple[str, ...]
    terms: Callable[..., tuple[Fraction, Fraction]]
    cap: bool = False


FORMULAS = {
    formula.code: formula
    for formula in (
        Formula(
            "application_form", "申报表公式", "（毕业人数−转入＋转出）÷（三年前入学人数−死亡）", COHORT,
            lambda graduates, entrants, transfers_in, transfers_out, deaths: (
                graduates - transfers_in + transfers_out, entrants - deaths
            ),
        ),
        Formula(
            "normal_movement", "正常流动公式", "毕业人数÷（三年前入学人数＋转入−转出），最高 100%", COHORT[:4],
            lambda graduates, entrants, transfers_in, transfers_out: (graduates, entrants + transfers_in - transfers_out),
            cap=True,
        ),
    )
}  # fmt: skip
