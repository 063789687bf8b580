"""Shares for print: numerator and denominator are integers, rounded half up once; no denominator, no share."""
from __future__ import annotations


def percent(part: int | None, whole: int | None, places: int = 1) -> str:
    """"97.6%"; "—" where either is missing or the denominator is 0."""
    if part is None or not whole:
        return "—"
    scale = 10**places
    number = (200 * scale * part + whole) // (2 * whole)
    return f"{number // scale}.{number % scale:0{places}}%" if places else f"{number}%"


def each(whole: int | None, parts: int | None) -> str:
    """How many of `whole` fall to each of `parts`, to one decimal half up; "—" without a denominator."""
    if whole is None or not parts:
        return "—"
    number = (20 * whole + parts) // (2 * parts)
    return f"{number // 10}.{number % 10}"
