"""Columns of numbers: stored as integers of the least unit, read exactly, never turned into 0."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from ..cleaning import VAGUE, plain_number, split_number, squeeze
from .base import Cell, Column, Fault, is_empty_word

COUNT_UNITS = frozenset({"人", "名", "个", "间", "台", "套", "册", "本", "班", "年", "岁", "节", "课时", "学时", "位", "处", "件"})
AREA = MappingProxyType({"㎡": Fraction(100), "m2": Fraction(100), "m²": Fraction(100), "平方米": Fraction(100), "平米": Fraction(100),
                         "平方": Fraction(100), "亩": Fraction(66667), "公顷": Fraction(1_000_000)})
MONEY = MappingProxyType({"元": Fraction(100), "千元": Fraction(100_000), "万元": Fraction(1_000_000), "百万元": Fraction(100_000_000),
                          "亿元": Fraction(10_000_000_000)})
LENGTH = MappingProxyType({"公里": Fraction(1_000), "千米": Fraction(1_000), "米": Fraction(1), "里": Fraction(500)})
TIMES = MappingProxyType({"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000})  # counts may be written so: "图书册数(万册)"
TO_CONFIRM = frozenset({"亩", "公顷"})
_BRACKETED = re.compile(r"\s*[(（][¥￥]?\s*\d")
_UNIT_IN_BRACKETS = re.compile(r"\([^\d()]{1,4}\)")
_APART = re.compile(r"\d\s+\d")
_THOUSANDS_APART = re.compile(r"^\D*\d{1,3}(?:[ \u00a0\u2009\u202f\u3000]\d{3})+(?!\d| \d)")


def number_of(text: str, wanted: str) -> tuple[Fraction, str]:
    """A definite number and the unit after it. Raises Fault("not-a-number") for “约300”, “300余”, “二百” and the like."""
    if _APART.search(text) and not _THOUSANDS_APART.search(text):
        raise Fault("not-a-number", reason="中间有空格或换行，看不出是一个数还是几个数", wanted=wanted)
    if VAGUE.search(text):
        raise Fault("not-a-number", reason="是约数", wanted=wanted)
    if is_empty_word(text):
        raise Fault("not-a-number", reason="不是数字；如果确实是 0 请填 0", wanted=wanted)
    found = split_number(text)
    if found is None:
        raise Fault("not-a-number", reason="写在括号里，看不出是负数还是说明" if _BRACKETED.match(text) else "不是数字", wanted=wanted)
    value, rest = found
    return value, rest[1:-1] if _UNIT_IN_BRACKETS.fullmatch(rest) else rest


@dataclass(frozen=True)
class Whole(Column):
    """A count. `low` and `high` are inclusive; outside them is an error."""

    low: int = 0
    high: int = 10_000_000
    summable: bool = True

    type = "whole"
    needs_digits = True

    @cached_property
    def units(self) -> Mapping[str, Fraction]:
        """Unit people may state -> how many of what is counted: multiples of this column's own unit, or any bare count."""
        own = {f"{times}{self.unit}": Fraction(factor) for times, factor in TIMES.items()} if self.unit else {}
        return {**own, **dict.fromkeys(sorted(COUNT_UNITS - own.keys()), Fraction(1))}

    def remark(self, written: str) -> tuple[str, dict]:
        return "unit-converted", {"found": written, "unit": self.unit or "个"}

    def total(self, text: str, unit: str = "") -> int | None:
        return _unbounded(self).read_cell(text, " ", unit).value

    @property
    def wanted(self) -> str:
        return f"整数{f'（单位：{self.unit}）' if self.unit else ''}"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text) and not self.required:
            return Cell(None)
        value, rest = number_of(text, self.wanted)
        value *= self.units.get(unit, 1) if not rest else 1
        repaired, remarks = None, ()
        if rest in ("万", "千", "百") or (rest[:1] in "万千百" and rest[1:] in COUNT_UNITS):
            value *= {"万": 10_000, "千": 1_000, "百": 100}[rest[0]]
            remarks = (("unit-converted", {"found": rest, "unit": self.unit or "个"}),)
        elif rest and rest != self.unit and not (rest in COUNT_UNITS and (not self.unit or self.unit in COUNT_UNITS)):
            raise Fault("not-a-number", reason=f"带有看不懂的“{rest}”", wanted=self.wanted)
        if value.denominator != 1:
            nearest = round(value)
            if abs(value - nearest) > Fraction(1, 1_000_000):
                raise Fault("not-whole", unit=f"（单位：{self.unit}）" if self.unit else "")
            value = Fraction(nearest)
        if not self.low <= value <= self.high:
            raise Fault("outside-range", low=self.low, high=self.high)
        number = int(value)
        if text != str(number) and not (kind == "n" and text in (f"{number}.0", f"{number}.")) and self.units.get(unit, 1) == 1:
            repaired = str(number)
        return Cell(number, repaired, remarks)


@dataclass(frozen=True)
class Measure(Column):
    """An amount with decimals, stored as `scale` integers a unit.

    `units` gives the stored integers of each unit people may write; the unit of the column is `unit` unless the header,
    the corner or the cell says otherwise. `digits` decimals are printed; more are kept as far as the least unit goes.
    `low` and `high` are inclusive, in stored integers; outside them is an error.
    """

    units: Mapping[str, Fraction] = field(default_factory=dict)
    digits: int = 2
    low: int = 0
    high: int = 10**15
    summable: bool = True

    type = "measure"
    needs_digits = True

    def total(self, text: str, unit: str = "") -> int | None:
        return _unbounded(self).read_cell(text, " ", unit).value

    @property
    def wanted(self) -> str:
        return f"数字（单位：{self.unit}）" if self.unit else "数字"

    @property
    def scale(self) -> Fraction:
        return Fraction(self.units[self.unit]) if self.unit in self.units else Fraction(10**self.digits)

    def shown(self, stored: int | Fraction) -> str:
        """A stored integer in the column's unit."""
        return plain_number(Fraction(stored) / self.scale)

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text) and not self.required:
            return Cell(None)
        number, rest = number_of(text, self.wanted)
        base = unit if unit in self.units else self.unit
        written, remarks = base, []
        if rest:
            written = self._unit_of(rest, base)
            if self.units.get(written) != self.units.get(base):
                remarks.append(self.remark(written))
        stored = number * (Fraction(self.units[written]) if written in self.units else self.scale)
        if not self.low <= stored <= self.high:
            raise Fault("outside-range", low=self.shown(self.low), high=self.shown(self.high))
        exact = _half_up(stored)
        if abs(stored - exact) > Fraction(1, 10_000):
            remarks.append(("rounded", {"found": self.shown(exact)}))
        bare = squeeze(text)
        return Cell(exact, None if bare == text and not rest and "," not in text and "¥" not in text else self.shown(exact), tuple(remarks))

    def _unit_of(self, rest: str, base: str) -> str:
        if rest == "万" and base == "万元":
            return base
        for known in (rest, rest.replace("元整", "元"), f"{rest}元" if rest in ("万", "千", "百万") else rest):
            if known in self.units:
                return known
        raise Fault("not-a-number", reason=f"带有看不懂的单位“{rest}”", wanted=self.wanted)

    def remark(self, written: str) -> tuple[str, dict]:
        code = "unit-to-confirm" if written in TO_CONFIRM else "unit-converted"
        return code, {"found": written, "unit": self.unit}


@dataclass(frozen=True)
class Tenths(Measure):
    """A number with one decimal (课时, 学时), stored in tenths."""

    digits: int = 1

    type = "decimal"

    def _unit_of(self, rest: str, base: str) -> str:
        if rest in COUNT_UNITS:
            return base
        raise Fault("not-a-number", reason=f"带有看不懂的“{rest}”", wanted=self.wanted)


@dataclass(frozen=True)
class Noted(Tenths):
    """A figure people note beside what the portal computes from elsewhere. It is only compared: what is no number says
    nothing and is no fault."""

    in_template: bool = False

    def read_cell(self, text: str, kind: str = " ", unit: str = "") -> Cell:
        cell = super().read_cell(text, kind, unit)
        return Cell(self.blank) if cell.bad else cell


@dataclass(frozen=True)
class Percent(Column):
    """A share, stored in hundredths of a percent. A % sign wins; a bare 0.85 among numbers above 1 is asked about."""

    type = "percent"
    needs_digits = True
    minds_kinds = "efpd"
    unit: str = "%"

    def parse_unique(self, keys: list, minded: bool, unit: str) -> tuple[dict, dict[object, Cell]]:
        texts = [squeeze(key[0] if minded else key) for key in keys]
        bare = [found[0] for text in texts if text and "%" not in text and (found := split_number(text))]
        as_shares = bool(bare) and max(bare) <= 1
        values, odd = {}, {}
        for key in keys:
            text, kind = key if minded else (key, " ")
            cell = self.read_cell(text, kind, "share" if as_shares else "mixed" if bare else "")
            values[key] = cell.value
            if cell.bad or cell.repaired is not None or cell.remarks:
                odd[key] = cell
        return values, odd

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text) and not self.required:
            return Cell(None)
        value, rest = number_of(text, "百分数，例如 85%")
        if rest not in ("", "%"):
            raise Fault("not-a-number", reason=f"带有看不懂的“{rest}”", wanted="百分数，例如 85%")
        repaired = None
        if not rest and 0 < value <= 1:
            if unit == "mixed":
                raise Fault("mixed-scale")
            value, repaired = value * 100, f"{plain_number(value * 100)}%"
        if not 0 <= value <= 100:
            raise Fault("outside-range", low="0%", high="100%")
        return Cell(_half_up(value * 100), repaired)


@dataclass(frozen=True)
class Growth(Column):
    """A growth rate people typed beside the amounts, in hundredths of a percent; may be negative, is never stored.

    A bare number is a percent as it stands: 0.9 may well be a growth of 0.9 %, so nothing is scaled.
    """

    unit: str = "%"
    target: str | None = ""

    type = "growth"
    needs_digits = True
    minds_kinds = "efpd"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell(None)
        value, rest = number_of(text, "百分数，例如 8.5%")
        if rest not in ("", "%"):
            raise Fault("not-a-number", reason=f"带有看不懂的“{rest}”", wanted="百分数，例如 8.5%")
        return Cell(_half_up(value * 100))


def _unbounded(column: Whole | Measure) -> Whole | Measure:
    return replace(column, low=0, high=10**15)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
