"""How exact numbers are shown to people: rounded half up once, never computed with.

Everything takes the decimal strings of a snapshot (up to 34 significant digits, no exponent), integers or Decimals.
None means "no value" and is shown as a dash, never as 0.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
DASH = "—"


def exact(value) -> Decimal | None:
    """The value as a Decimal without any rounding; None for None, "" and text that is no finite number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def half_up_text(value, places: int = 2) -> str:
    """`value` rounded half up to `places` decimals ("4.505", 2 → "4.51"); a dash when there is no value."""
    number = exact(value)
    if number is None:
        return DASH
    rounded = number.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return format(abs(rounded) if rounded == 0 else rounded, "f")


def plain_text(value) -> str:
    """All digits of `value` without trailing zeros: a threshold as the document writes it ("4.20" → "4.2")."""
    number = exact(value)
    if number is None:
        return DASH
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def group_thousands(text: str) -> str:
    """ "1234567.50" → "1,234,567.50"; anything that is no number stays as it is."""
    number = exact(text)
    return format(number, ",f") if number is not None else str(text)


def difference(value, other) -> Decimal | None:
    """value − other, exact; None when either is missing."""
    left, right = exact(value), exact(other)
    return None if left is None or right is None else _WIDE.subtract(left, right)


def share_of(value, whole) -> float | None:
    """value ÷ whole for drawing only (a position on a chart, never a figure)."""
    left, right = exact(value), exact(whole)
    return None if left is None or not right else float(_WIDE.divide(left, right))


def flips_when_rounded(value, limit, met: bool | None, places: int, at_most: bool = False) -> bool:
    """Would the verdict be another if the printed figure were compared with the limit? (4.2 wanted, 4.196 shown as 4.20)"""
    number, bar = exact(half_up_text(value, places)), exact(limit)
    if number is None or bar is None or met is None:
        return False
    return (number <= bar if at_most else number >= bar) != met
