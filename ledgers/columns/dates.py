"""Columns of months, years, grades and class names."""
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from ..cleaning import class_name, grade_number, has_short_year, split_month, squeeze
from .base import Cell, Column, Fault, is_empty_word

EARLIEST = 1930
FOREVER = 999912
_MONTH = r"\d{4}(?:年|[.\-/])?\d{1,2}月?"
_OPEN = re.compile(rf"({_MONTH})(?:起|开始|以来)")
_RANGE = re.compile(rf"({_MONTH})(?:-|—|–|~|至|到){{1,2}}({_MONTH}|至今|今|现在)")
_SERIAL_FIRST, _SERIAL_LAST = 10_000, 60_000  # Excel serials of 1927-05 to 2064-04
_SERIAL_ORIGIN = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class YearMonth(Column):
    """A month, stored as YYYYMM. `past`: a month still to come is an error. `lasting`: 长期 is allowed (999912)."""

    past: bool = True
    lasting: bool = False

    type = "month"
    needs_digits = True
    minds_kinds = "efnd"
    as_text = True
    takes_dates = True

    @property
    def wanted(self) -> str:
        return self.example or "2019-09"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        bare = squeeze(text)
        if is_empty_word(text):
            return Cell(None)
        if self.lasting and bare in ("长期", "长期有效", "至今", "永久", "终身"):
            return Cell(FOREVER)
        found = self._serial(bare) if kind == "n" else None
        if found is None:
            if has_short_year(bare):
                raise Fault("ambiguous-month", reason="的年份只写了两位，看不出是哪一年", wanted=self.wanted)
            # A number 2019.1 is what Excel makes of 2019.10 as well as of 2019.1; as text it is what was typed.
            if kind == "n" and len(bare) == 6 and bare[4:] == ".1":
                reason = "可能是 1 月，也可能是 10 月（Excel 把 2019.10 存成了 2019.1）"
                raise Fault("ambiguous-month", reason=reason, wanted=self.wanted)
            if kind == "n" and bare.endswith(".0"):
                bare = bare[:-2]
            found = split_month(bare if kind == "n" else text)
        if found is None:
            raise Fault("not-a-date", wanted=self.wanted)
        year, month, _ = found
        self._check_range(year, month)
        value = f"{year}-{month:02}"
        return Cell(year * 100 + month, None if bare == value or kind == "d" else value)

    @staticmethod
    def _serial(bare: str) -> tuple[int, int, int] | None:
        number = bare[:-2] if bare.endswith(".0") else bare
        if number.isdigit() and _SERIAL_FIRST <= int(number) <= _SERIAL_LAST:
            day = _SERIAL_ORIGIN + dt.timedelta(days=int(number))
            return day.year, day.month, day.day
        return None

    def _check_range(self, year: int, month: int) -> None:
        today = timezone.localdate()
        last = (today.year, today.month) if self.past else (2099, 12)
        if year < EARLIEST or (year, month) > last:
            raise Fault("outside-range", low=f"{EARLIEST}-01", high=f"{last[0]}-{last[1]:02}")


@dataclass(frozen=True)
class MonthRange(Column):
    """起止时间 in one cell, "2025.09-2026.07": (first, last) as YYYYMM; last None for 至今."""

    type = "months"
    needs_digits = True
    as_text = True
    takes_dates = True

    @property
    def wanted(self) -> str:
        return self.example or "2025-09至2026-07"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell(None)
        bare = squeeze(text)
        if begun := _OPEN.fullmatch(bare):
            return Cell((self._month(begun[1]), None))
        found = _RANGE.fullmatch(bare)
        if found is None:
            raise Fault("not-a-date", wanted=self.wanted)
        first, last = (self._month(part) for part in (found[1], found[2]))
        return Cell((first, last))

    def _month(self, part: str) -> int | None:
        if part in ("至今", "今", "现在"):
            return None
        found = split_month(part)
        if found is None or has_short_year(part):
            raise Fault("not-a-date", wanted=self.wanted)
        return found[0] * 100 + found[1]


@dataclass(frozen=True)
class Year(Column):
    """A year of four digits, e.g. 建校年份; a whole date gives its year."""

    low: int = 1800

    type = "year"
    needs_digits = True
    takes_dates = True

    @property
    def wanted(self) -> str:
        return "四位数的年份"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell(None)
        bare = squeeze(text).removesuffix("度").removesuffix("年").removesuffix("始建").removesuffix(".0")
        found = split_month(bare)
        year = found[0] if found and not (bare.isdigit() and len(bare) == 4) else int(bare) if bare.isdigit() else None
        if year is None:
            raise Fault("not-a-date", wanted=self.example or "1958")
        if not self.low <= year <= timezone.localdate().year:
            raise Fault("outside-range", low=self.low, high=timezone.localdate().year)
        return Cell(year, None if text == str(year) or kind in "nd" else str(year))


@dataclass(frozen=True)
class Grade(Column):
    """年级, 1-9 compulsory and 10-12 senior."""

    type = "grade"

    @property
    def wanted(self) -> str:
        return "“一年级”至“九年级”（高中“高一”至“高三”）"

    @property
    def allowed(self) -> list[str]:
        return list(GRADES.values())

    def read(self, text: str, kind: str, unit: str) -> Cell:
        number = grade_number(text.removesuffix(".0"))
        if number is None:
            raise Fault("not-a-grade")
        return Cell(number, None if text == GRADES[number] else GRADES[number])


GRADES = {
    1: "一年级", 2: "二年级", 3: "三年级", 4: "四年级", 5: "五年级", 6: "六年级", 7: "七年级", 8: "八年级", 9: "九年级",
    10: "高一", 11: "高二", 12: "高三",
}  # fmt: skip


@dataclass(frozen=True)
class ClassName(Column):
    """班级名称 in one spelling: full-width signs and blanks away, no class number invented or taken off."""

    longest: int = 40

    type = "text"
    blank = ""
    as_text = True

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell("")
        name = class_name(text)
        if kind == "n" and name.endswith(".0"):
            name = name[:-2]
        if len(name) > self.longest:
            raise Fault("text-too-long", count=len(name), wanted=self.longest)
        return Cell(name, None if name == text else name)
