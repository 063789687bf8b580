"""What the number formats of a workbook say about its cells: date, percent, leading zeros, struck out.

Built-in formats 27–36 and 50–58 are dates in Chinese Excel and stand in no file (ECMA-376 part 1, 18.8.30).
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from .xmlparts import attributes

_NUMBER_FORMAT = re.compile(rb"<numFmt\b[^>]*>")
_CELL_FORMATS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<xf\b[^>]*>")
_FONTS = re.compile(rb"<fonts\b.*?</fonts>", re.DOTALL)
_FONT = re.compile(rb"<font>.*?</font>|<font/>|<font\s[^>]*/>|<font\s.*?</font>", re.DOTALL)
_STRIKE = re.compile(rb"<strike(?:\s+val=\"(?:1|true)\")?\s*/>")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]|上午|a{3,4}", re.IGNORECASE)
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}


@dataclass(frozen=True)
class CellFormat:
    """`zeros` is the number of digits a format such as 000 fills up to, 0 for none. `hundredths`: two decimals are shown."""

    date: bool = False
    percent: bool = False
    zeros: int = 0
    struck: bool = False
    hundredths: bool = False


PLAIN = CellFormat()


def cell_formats(styles: bytes) -> list[CellFormat]:
    """One CellFormat per index that `s=` of a cell may name."""
    codes = {}
    for tag in _NUMBER_FORMAT.findall(styles):
        given = attributes(tag)
        codes[given.get("numFmtId", "")] = given.get("formatCode", "")
    fonts = _FONTS.search(styles)
    struck = [bool(_STRIKE.search(font)) for font in _FONT.findall(fonts[0])] if fonts else []
    block = _CELL_FORMATS.search(styles)
    found = []
    for tag in _CELL_FORMAT.findall(block[0]) if block else []:
        given = attributes(tag)
        number, font = given.get("numFmtId", "0"), given.get("fontId", "")
        line = font.isdigit() and int(font) < len(struck) and struck[int(font)]
        found.append(_format(number, codes.get(number), line))
    return found


def _format(number: str, code: str | None, struck: bool) -> CellFormat:
    if code is None:
        built_in = int(number) if number.isdigit() else 0
        return CellFormat(built_in in _BUILT_IN_DATES, built_in in (9, 10), 0, struck, built_in == 2)
    return CellFormat(is_date(code), is_percent(code), zeros(code), struck, _bare(code).strip() == "0.00")


def _bare(code: str) -> str:
    """The first section of a format without quoted text, fillers, colours and locales."""
    return _BRACKETS.sub("", _QUOTED.sub("", code)).split(";")[0]


def is_date(code: str) -> bool:
    """Whether a format shows a date or a time of day; elapsed time such as [h]:mm is a number."""
    if _ELAPSED.search(code):
        return False
    bare = _bare(code)
    if "general" in bare.lower() or "0" in bare or "#" in bare or "@" in bare:
        return "y" in bare.lower() or ("s" in bare.lower() and "." in bare and ":" in bare)
    return bool(_DATE_LETTERS.search(bare))


def is_percent(code: str) -> bool:
    return "%" in _bare(code)


def zeros(code: str) -> int:
    """`000` → 3: digits shown with leading zeros; 0 for every other format."""
    bare = _bare(code).strip()
    return len(bare) if len(bare) > 1 and set(bare) == {"0"} else 0
