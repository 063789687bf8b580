"""Columns of whole days and of terms."""
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from ..cleaning import has_short_year, split_day, squeeze
from .base import Cell, Column, Fault, is_empty_word

EARLIEST = dt.date(1990, 1, 1)
_SERIAL_FIRST, _SERIAL_LAST = 32_000, 60_000  # Excel serials of 1987-08 to 2064-04: an eight-digit day is none of them
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_TERM = re.compile(r"(?:(20\d{2})(?:[-—–~至/]+(?:20)?(\d{2}))?)?(?:学年|年)?(?:度)?(?:第)?(一|二|1|2|上|下|秋|春|秋季|春季)(?:学期|季|季学期)?$")
FIRST = frozenset({"一", "1", "上", "秋", "秋季"})


@dataclass(frozen=True)
class Day(Column):
    """A whole day. `past`: a day still to come is an error. A month without its day is asked for, never completed."""

    past: bool = True

    type = "date"
    minds_kinds = "efnd"
    takes_dates = True
    needs_digits = True
    as_text = True

    @property
    def wanted(self) -> str:
        return self.example or "2026-09-15"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell(None)
        bare = squeeze(text)
        if kind == "n" and bare.endswith(".0"):
            bare = bare[:-2]
        day = self._serial(bare) if kind == "n" else None
        if day is None:
            if has_short_year(bare):
                raise Fault("ambiguous-month", reason="的年份只写了两位，看不出是哪一年", wanted=self.wanted)
            day = split_day(re.sub(r"(?<=\d)T?\d{2}:\d{2}(:\d{2})?$", "", bare) if ":" in bare else bare)
        if day is None:
            raise Fault("not-a-day", wanted=self.wanted)
        last = timezone.localdate() if self.past else dt.date(2099, 12, 31)
        if not EARLIEST <= day <= last:
            raise Fault("outside-range", low=EARLIEST, high=last)
        return Cell(day, None if bare == day.isoformat() or kind == "d" else day.isoformat())

    @staticmethod
    def _serial(bare: str) -> dt.date | None:
        if bare.isdigit() and _SERIAL_FIRST <= int(bare) <= _SERIAL_LAST:
            return _SERIAL_ORIGIN + dt.timedelta(days=int(bare))
        return None


@dataclass(frozen=True)
class Term(Column):
    """学期 as "2026-1" (first term of school year 2026). Without a year "-1": the ledger adds the year it is filed for."""

    type = "term"
    blank = ""

    @property
    def wanted(self) -> str:
        return "“2026年秋季学期”或“2026-2027学年第一学期”"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        bare = squeeze(text)
        if is_empty_word(text):
            return Cell("")
        if found := re.fullmatch(r"(20\d{2})-([12])", bare):
            return Cell(bare)
        found = _TERM.fullmatch(bare)
        if found is None:
            raise Fault("not-in-list", wanted=self.wanted)
        year, first = found[1], found[3] in FIRST
        if year and found[3] in ("春", "春季"):  # 2027年春 belongs to school year 2026
            year = str(int(year) - 1) if found[2] is None else year
        return Cell(f"{year or ''}-{1 if first else 2}")
