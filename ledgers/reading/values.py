"""Cell values as text: numbers in plain shortest notation, dates in ISO, truth values TRUE and FALSE."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from .styles import CellFormat

_SETTLED = re.compile(r"(?=[-\d.]{1,16}$)-?[1-9]\d{0,14}(?:\.\d*[1-9])?|[1-9]\d*|0", re.ASCII)
_TENTH_MONTH = re.compile(r"(?:19|20)\d\d\.1")
_KEPT = 200_000
_LAST_SERIAL = 2_958_466
_MIDNIGHT = time()


def number_text(raw: str) -> str:
    """The stored number without dust of notation: "3.0" → "3", "1.2E+2" → "120", digits beyond 15 as stored."""
    if _SETTLED.fullmatch(raw):
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value != value or value in (float("inf"), float("-inf")):
        return raw
    return float_text(value)


def float_text(value: float) -> str:
    """Shortest plain notation that reads back to the same number."""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def percent_text(raw: str) -> str:
    """0.85 stored under a percent format → "85%", exactly."""
    try:
        value = Decimal(number_text(raw)) * 100
    except InvalidOperation:
        return raw
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def moment_text(moment: date | datetime | time) -> str:
    """Date "2019-09-01", date with time "2019-09-01 08:30:00", time of day "08:30:00"."""
    if isinstance(moment, datetime):
        if moment.time() == _MIDNIGHT:
            return moment.date().isoformat()
        return moment.replace(microsecond=0).isoformat(" ")
    if isinstance(moment, time):
        return moment.replace(microsecond=0).isoformat()
    return moment.isoformat()


def serial_text(raw: str, date_1904: bool) -> str:
    """A serial day as ISO text; the 1900 system holds a 29 February 1900 that never was. Else the number itself."""
    try:
        value = float(raw)
    except ValueError:
        return raw
    if not 0 <= value < _LAST_SERIAL:
        return number_text(raw)
    days, rest = divmod(round(value * 86400), 86400)
    clock = time(rest // 3600, rest // 60 % 60, rest % 60)
    if days == 0 and not date_1904:
        return moment_text(clock)
    start = date(1904, 1, 1) if date_1904 else date(1899, 12, 30 if days > 59 else 31)
    return moment_text(datetime.combine(start + timedelta(days=days), clock))


class Remembered(dict):
    """A converter that remembers, for columns in which values repeat; bounded."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, raw: str) -> str:
        text = self.convert(raw)
        if len(self) < _KEPT:
            self[raw] = text
        return text


def converter(shape: CellFormat, date_1904: bool) -> Callable[[str], str]:
    """How a stored number of this format becomes text."""
    if shape.date:
        return Remembered(lambda raw: serial_text(raw, date_1904)).__getitem__
    if shape.percent:
        return Remembered(percent_text).__getitem__
    if shape.zeros:
        return Remembered(lambda raw: _padded(number_text(raw), shape.zeros)).__getitem__
    if shape.hundredths:
        return Remembered(_october).__getitem__
    return Remembered(number_text).__getitem__


def _october(raw: str) -> str:
    """A month typed as 2019.10 is stored as 2019.1; shown with two decimals it can be told from January (2019.01)."""
    text = number_text(raw)
    return text + "0" if _TENTH_MONTH.fullmatch(text) else text


def _padded(text: str, digits: int) -> str:
    return text.zfill(digits) if text.isdigit() else text
