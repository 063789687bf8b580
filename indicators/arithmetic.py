"""The arithmetic of balance, exact: Fractions in, Fractions out; decimals only when a figure leaves.

The formulas are those of the calculation note to 教督〔2012〕3号 (domain: coefficient of variation, mixed schools):

    N = sum P_i      X = sum R_i / N      V = sum (P_i / N) (R_i / P_i - X)^2      CV = sqrt(V) / X

weighted by enrolment, without n-1. No root is ever taken to reach a verdict: CV <= limit is V <= limit^2 X^2.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isqrt

DIGITS = 34
_OUTPUT = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=2000, rounding=ROUND_HALF_UP)


def exact_sum(values: Sequence[Fraction]) -> Fraction:
    """The sum, added in pairs: denominators of hundreds of schools grow large only in the last steps."""
    layer = list(values) or [Fraction(0)]
    while len(layer) > 1:
        pairs = [a + b for a, b in zip(layer[::2], layer[1::2], strict=False)]
        layer = pairs + layer[len(pairs) * 2:]
    return layer[0]


@dataclass(frozen=True)
class Spread:
    """The schools of one stage and one indicator: resources R_i and pupils P_i > 0, in the same order."""

    resources: tuple[Fraction, ...]
    pupils: tuple[Fraction, ...]

    @classmethod
    def of(cls, resources: Sequence, pupils: Sequence) -> Spread:
        """Raises ValueError when there is no school, or one without pupils: such a school has no value."""
        if len(resources) != len(pupils) or not pupils or any(p <= 0 for p in pupils):
            raise ValueError("a spread needs schools, each with pupils")
        return cls(tuple(map(Fraction, resources)), tuple(map(Fraction, pupils)))

    @cached_property
    def total_pupils(self) -> Fraction:
        return exact_sum(self.pupils)

    @cached_property
    def total(self) -> Fraction:
        return exact_sum(self.resources)

    @cached_property
    def printed_weights(self) -> list[str]:
        """Each school's part of the pupils; as printed they add up to exactly 1."""
        return shares34(self.pupils, self.total_pupils)

    @cached_property
    def printed_shares(self) -> list[str] | None:
        """Each school's part of the coefficient squared, adding up to exactly 1; None where nothing differs."""
        return shares34(self.terms, self.variance) if self.variance else None

    @cached_property
    def _terms_in(self) -> dict[int, list[str]]:
        return {}

    def printed_terms(self, per: int) -> list[str]:
        """Each school's term of the variance in the indicator's own unit squared (per 100 pupils: times 100 squared); printed once."""
        if per not in self._terms_in:
            unit = Fraction(1, per * per)
            self._terms_in[per] = [ratio34(term, unit) for term in self.terms]
        return self._terms_in[per]

    @cached_property
    def mean(self) -> Fraction:
        """County mean: all resources over all pupils, not the mean of the schools' values."""
        return self.total / self.total_pupils

    @cached_property
    def terms(self) -> tuple[Fraction, ...]:
        """(P_i / N) (x_i - X)^2 of each school; their sum is the variance."""
        return tuple(_term(r, p, self.mean, self.total_pupils) for r, p in zip(self.resources, self.pupils, strict=True))

    @cached_property
    def variance(self) -> Fraction:
        """sum R_i^2 / P_i / N - X^2, which is the sum of the terms."""
        squares = exact_sum([
            Fraction(r.numerator**2 * p.denominator, r.denominator**2 * p.numerator) for r, p in zip(self.resources, self.pupils, strict=True)
        ])
        return squares / self.total_pupils - self.mean**2

    @cached_property
    def cv_squared(self) -> Fraction | None:
        """CV^2, or None when the mean is 0: then the coefficient is undefined, never a pass."""
        return self.variance / self.mean**2 if self.mean else None

    @property
    def shares(self) -> tuple[Fraction, ...] | None:
        """What part of CV^2 each school brings; they sum to exactly 1. None when nothing differs."""
        return tuple(t / self.variance for t in self.terms) if self.variance else None

    def within(self, limit: Fraction) -> bool | None:
        """Whether CV <= limit, without a root; None when the coefficient is undefined."""
        return cv_within(limit, self.variance, self.mean)


def _term(resource: Fraction, pupils: Fraction, mean: Fraction, total: Fraction) -> Fraction:
    """(P / N) (R / P - X)^2 = (R - P X)^2 / (P N), reduced once at the end: of a county there are thousands."""
    (a, b), (c, d), (m, n), (e, f) = ((x.numerator, x.denominator) for x in (resource, pupils, mean, total))
    return Fraction((a * d * n - c * m * b) ** 2 * f, (b * n) ** 2 * d * c * e)


def weighted_mean(resources: Sequence, pupils: Sequence) -> Fraction:
    """sum R_i / sum P_i."""
    return Spread.of(resources, pupils).mean


def variance(resources: Sequence, pupils: Sequence) -> Fraction:
    """The enrolment-weighted variance of R_i / P_i."""
    return Spread.of(resources, pupils).variance


def cv_within(limit: Fraction, variance: Fraction, mean: Fraction) -> bool | None:
    """variance <= limit^2 mean^2; None when the mean is 0."""
    return variance <= limit * limit * mean * mean if mean else None


def meets(numerator: Fraction, denominator: Fraction, per: int, threshold: Fraction) -> bool:
    """numerator x per / denominator >= threshold, cross-multiplied; the number itself passes (以上 includes it)."""
    left = numerator.numerator * per * threshold.denominator * denominator.denominator
    return left >= threshold.numerator * denominator.numerator * numerator.denominator


def per_unit(numerator: Fraction, denominator: Fraction, per: int) -> Fraction:
    """numerator x per / denominator (> 0), reduced once."""
    return Fraction(numerator.numerator * per * denominator.denominator, numerator.denominator * denominator.numerator)


def split_shares(pupils: Mapping[str, int], weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The part of an undivided resource that belongs to each stage of a mixed school; they sum to exactly 1.

    By pupils times weight, 1 : 1.1 : 1.32 for primary, junior, senior (so junior to senior 1 : 1.2 in a complete middle
    school). Raises ValueError when no stage has pupils.
    """
    weighted = {stage: weights[stage] * count for stage, count in pupils.items() if count}
    whole = sum(weighted.values())
    if not whole:
        raise ValueError("a school without pupils has nothing to split")
    return {stage: part / whole for stage, part in weighted.items()}


def root_bounds(square: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """The square root between two decimals `digits` places long; both equal the root when it is such a decimal."""
    scale = 10**digits
    scaled, rest = divmod(square.numerator * scale * scale, square.denominator)
    low = isqrt(scaled)
    exact = not rest and low * low == scaled
    return Fraction(low, scale), Fraction(low if exact else low + 1, scale)


def exact_root(square: Fraction) -> Fraction | None:
    """The root when it is rational."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top * top == square.numerator and bottom * bottom == square.denominator:
        return Fraction(top, bottom)
    return None


def mean_root_within(squares: Sequence[Fraction], limit: Fraction) -> bool:
    """Whether the plain mean of the square roots is <= limit, decided exactly (composite 综合差异系数).

    A sum of square roots is rational only if every root is (roots of different square-free numbers are linearly
    independent), so either all are rational and are compared as they are, or the sum never equals the limit and a few
    more digits decide.
    """
    bound = limit * len(squares)
    roots = [exact_root(square) for square in squares]
    if all(root is not None for root in roots):
        return sum(roots) <= bound
    digits = 40
    while True:
        bounds = [root_bounds(square, digits) for square in squares]
        if sum(high for _, high in bounds) <= bound:
            return True
        if sum(low for low, _ in bounds) > bound:
            return False
        digits *= 2


def mean_root(squares: Sequence[Fraction]) -> Fraction:
    """The plain mean of the roots, near enough for 34 digits of output (60 places); exact when the roots are rational."""
    roots = [exact_root(square) for square in squares]
    return sum(
        (root if root is not None else root_bounds(square, 60)[0] for root, square in zip(roots, squares, strict=True)),
        Fraction(0),
    ) / len(squares)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text and text[-1] == "0":
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def decimal34(value: Fraction | int) -> str:
    """34 significant digits, rounded half up, plain notation without an exponent or idle zeros: "4.5", "0.0003"."""
    return quotient34(value.numerator, value.denominator)


@lru_cache(maxsize=4096)
def quotient34(top: int, bottom: int) -> str:
    """decimal34 of top / bottom. Remembered: a county prints the same thresholds and floors thousands of times."""
    return _plain(_OUTPUT.divide(Decimal(top), Decimal(bottom))) if bottom != 1 else str(top)


def ratio34(top: Fraction, bottom: Fraction) -> str:
    """decimal34(top / bottom), without reducing the fraction first (their parts may have thousands of digits)."""
    return _plain(_OUTPUT.divide(
        Decimal(top.numerator * bottom.denominator), Decimal(top.denominator * bottom.numerator)
    ))


def sqrt34(square: Fraction) -> str:
    """The square root to 34 significant digits, correctly rounded: an integer root with a mark for what is left over."""
    if square < 0:
        raise ValueError("no square root of a negative number")
    if not square:
        return "0"
    places = DIGITS + 4 + max(0, (square.denominator.bit_length() - square.numerator.bit_length()) // 6)
    scaled, rest = divmod(square.numerator * 10 ** (2 * places), square.denominator)
    root = isqrt(scaled)
    left_over = 1 if rest or root * root != scaled else 0
    return _plain(_OUTPUT.plus(Decimal(root * 10 + left_over).scaleb(-places - 1, context=_WIDE)))


def half_up(value: str | Fraction | int, digits: int) -> str:
    """Rounded half up to `digits` decimals for print, once: half_up("3.825", 2) == "3.83"."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if exact < 0 and whole else ""
    text = str(whole).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def flips_when_printed(value: Fraction | str, bound: Fraction, digits: int, *, at_most: bool = False) -> bool:
    """Whether comparing the printed figure would give another verdict than comparing the exact one.

    `at_most`: the verdict is value <= bound (coefficients), else value >= bound (thresholds).
    """
    exact = Fraction(value)
    apart = abs(exact.numerator * bound.denominator - bound.numerator * exact.denominator)
    if apart * 10**digits > exact.denominator * bound.denominator:
        return False  # further apart than print can move a figure
    printed = Fraction(half_up(exact, digits))
    if at_most:
        return (exact <= bound) != (printed <= bound)
    return (exact >= bound) != (printed >= bound)


SHARE_DIGITS = 34


def shares34(parts: Sequence[Fraction], whole: Fraction) -> list[str]:
    """Each part of the whole in decimals that add up to exactly 1: the last digit goes where most was cut off.

    `whole` > 0 and the sum of the parts; parts >= 0.
    """
    one = 10**SHARE_DIGITS
    scaled = [(part.numerator * whole.denominator * one, part.denominator * whole.numerator) for part in parts]
    cut = [top // bottom for top, bottom in scaled]
    # What was cut off, in 2^-64 of the last digit; the order settles ties, so that the same parts give the same text.
    rest = sorted(range(len(parts)), key=lambda i: -(((scaled[i][0] % scaled[i][1]) << 64) // scaled[i][1]))
    for i in rest[: one - sum(cut)]:
        cut[i] += 1
    return ["1" if n == one else f"0.{n:0{SHARE_DIGITS}d}".rstrip("0").rstrip(".") for n in cut]
