"""Pure cleaners of cell text: harmless messes away, nothing guessed. None of them knows a ledger."""
from __future__ import annotations

import datetime as dt
import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

# Words by which people say "nothing to fill in here".
EMPTY_WORDS = frozenset({"无", "暂无", "没有", "—", "——", "-", "--", "–", "/", "\\", "*", "N/A", "n/a", "NA", "空", "不适用", "…"})
_INVISIBLE = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u202a-\u202e\u2060\ufeff]|_x000[dD]_")
_EDGES = re.compile(r"^[\s\u00a0\u3000\u200b-\u200f\ufeff'‘’`]+|[\s\u00a0\u3000\u200b-\u200f\ufeff]+$")
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(?:[eE]([+-]?\d{1,2}))?")
VAGUE = re.compile(r"约|大概|大约|左右|余|多|近|不足|以上|以下|至少|~|～|±")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def squeeze(text: str) -> str:
    """NFKC, without any blank: "１ ２ 班" -> "12班". For numbers, codes, headers and choices; never for names."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def trim(text: str) -> str:
    """Blanks and a leading apostrophe away at the edges, line breaks inside become one blank; letters stay as they are."""
    text = _EDGES.sub("", text.replace("_x000D_", "\n"))
    return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text)


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """What two spellings of one school or person name share: NFKC, no blanks, no bracket style, lower case."""
    return re.sub(r"[()\[\]〔〕【】“”\"'·•．.]", "", squeeze(text)).lower()


def plain_number(value: Fraction) -> str:
    """Exact decimal text without trailing zeros: 12.50 -> "12.5"; thirds keep six digits."""
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.6f}" if value.denominator not in (2, 4, 5, 10, 20, 25, 50, 100) else f"{float(value):.2f}"
    return text.rstrip("0").rstrip(".")


def split_number(text: str) -> tuple[Fraction, str] | None:
    """A number and what follows it: "3,200㎡" -> (3200, "m2"), "2000元" -> (2000, "元"); None when it does not begin with one."""
    text = squeeze(text).lstrip("'‘’`¥$").replace("，", ",")
    found = _NUMBER.match(text)
    if not found:
        return None
    value = Fraction(found[1].replace(",", ""))
    if found[2]:
        value *= Fraction(10) ** int(found[2])
    return value, text[found.end() :]


def split_names(text: str) -> list[str]:
    """The parts of a cell that holds several values: "音乐、美术" -> ["音乐", "美术"]."""
    return [part for part in re.split(r"[、,，;；/|\n]+", trim(text)) if part.strip()]


def is_han(text: str) -> bool:
    return bool(_HAN.search(text))


# --- months -----------------------------------------------------------------------------------------------------------
_YM_FORMS = (
    re.compile(r"(\d{4})(\d{2})(\d{2})?$"),
    re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2}))?[日号]?(?:00:00(?::00)?)?$"),
    re.compile(r"(\d{4})[-./年](\d{1,2})月?(?:份)?$"),
)
_CLOCK = re.compile(r"[ \u3000T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_HAN_MONTH = re.compile(r"([〇零一二三四五六七八九]{4})年(十?[一二]|[三四五六七八九十])月(?:[一二三四五六七八九十]{1,3}[日号])?")
_SHORT_YEAR = re.compile(r"\d{2}[-./年]\d{1,2}(?:[-./月]\d{0,2})?[日号]?$")


def split_month(text: str) -> tuple[int, int, int | None] | None:
    """(year, month, day or None) of "2019.9", "201909", "20190901", "2019年9月", "2019/9/1"; None when it is none of them."""
    text = squeeze(_CLOCK.sub("", text)).replace("。", ".").replace("—", "-").replace("T", "")
    if found := _HAN_MONTH.fullmatch(text):
        text = f"{''.join(str(_HAN_DIGITS.index(digit)) for digit in found[1].replace('零', '〇'))}年{_HAN_MONTHS.index(found[2]) + 1}月"
    for form in _YM_FORMS:
        if found := form.match(text):
            year, month = int(found[1]), int(found[2])
            day = int(found[3]) if found.lastindex and found.lastindex >= 3 and found[3] else None
            if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
                return year, month, day
    return None


def split_day(text: str) -> dt.date | None:
    """The day in "2026-09-15", "2026.9.15", "2026年9月15日", "20260915"; None without a day, or where there is no such day."""
    found = split_month(text)
    if found is None or found[2] is None:
        return None
    try:
        return dt.date(*found)
    except ValueError:
        return None


def has_short_year(text: str) -> bool:
    """Two-digit years ("19.9", "98年7月") are asked for, never guessed."""
    return bool(_SHORT_YEAR.match(squeeze(text)))


# --- school years -----------------------------------------------------------------------------------------------------
_SCHOOL_YEARS = (re.compile(r"(\d{4})[-—–~至/](?:\d{2}){1,2}(?:学?年度?)?(?:第[一二12]学期|[春秋]季?)?"), re.compile(r"(\d{4})学年度?(?:第[一二12]学期)?"))
_TERM = re.compile(r"(\d{4})年?(春|秋)季?(?:学期)?")
_PLAIN_YEAR = re.compile(r"(\d{4})年?度?")


def school_year_said(text: str) -> tuple[int, ...]:
    """The first years of the school years a cell may mean: "2025-2026学年" (2025,), "2025年春" (2024,), "2025" (2025, 2024);
    empty when it names none."""
    text = squeeze(text).removesuffix(".0")
    for form in _SCHOOL_YEARS:
        if found := form.fullmatch(text):
            return (int(found[1]),)
    if found := _TERM.fullmatch(text):
        return (int(found[1]) - (found[2] == "春"),)
    if found := _PLAIN_YEAR.fullmatch(text):
        return int(found[1]), int(found[1]) - 1
    return ()


# --- grades and classes -----------------------------------------------------------------------------------------------
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}


@lru_cache(maxsize=4096)
def grade_number(text: str) -> int | None:
    """1-12 for "一年级", "七年级", "初一", "初中一年级", "小学三年级", "高二", "G1", "1", "1年级"; None when it is no grade."""
    text = squeeze(text).lower()
    if found := re.fullmatch(r"(.+)\((.+)\)", text):  # "初中一年级(七年级)": one grade said twice
        outer, inner = grade_number(found[1]), grade_number(found[2])
        return outer if outer == inner else None
    text = text.replace("年级", "").replace("級", "")
    text = re.sub(r"^(?:小学|小)(?=.)", "", text)
    start = 0
    if found := re.match(r"(初中|初|高中|高|g)", text):
        start = {"初": 6, "高": 9, "g": 0}[found[1][0]]
        text = text[found.end() :]
    number = _DIGITS.get(text) or (int(text) if re.fullmatch(r"\d{1,2}(?:\.0)?", text) and "." not in text else None)
    if number is None:
        return None
    if start and number > 3:
        return number if start == 6 and number in (7, 8, 9) else None
    number += start
    return number if 1 <= number <= 12 else None


_ORDINAL = r"\(?(\d{1,2}|[一二三四五六七八九十]{1,3})\)?"
_CLASS_FORMS = (
    re.compile(rf"(.{{1,6}}?年级|初[一二三123]|高[一二三123]|[一二三四五六七八九])(?:第|-)?{_ORDINAL}班?$"),
    re.compile(r"(\d{1,2})[.\-](\d{1,2})班?$"),
    re.compile(r"(\d)(\d{2})班?$"),
)
_CLASS_ALONE = re.compile(rf"(?:(20\d{{2}})级?)?(?:第)?{_ORDINAL}班?$")


@lru_cache(maxsize=16384)
def split_class(text: str) -> tuple[int | None, str, int | None]:
    """(grade, class, year of entry) a class name tells: "三年级2班", "三(2)班", "3.2班", "302" -> (3, "2班", None);
    "2班" -> (None, "2班", None); "2023级1班" -> (None, "1班", 2023). A name without a number stays as it is."""
    name = squeeze(text)
    for form in _CLASS_FORMS:
        if (found := form.match(name)) and (grade := grade_number(found[1])) and (number := _ordinal(found[2])):
            return grade, f"{number}班", None
    if (found := _CLASS_ALONE.match(name)) and (number := _ordinal(found[2])):
        return None, f"{number}班", int(found[1]) if found[1] else None
    return None, name, None


def _ordinal(text: str) -> int | None:
    """A class number in digits or in words up to 十九; None for 0."""
    if text.isdigit():
        return int(text) or None
    if text in _DIGITS:
        return _DIGITS[text]
    return 10 + _DIGITS[text[1:]] if text[0] == "十" and text[1:] in _DIGITS else None


def class_name(text: str) -> str:
    """One spelling of a class name: "一（1）班" -> "一(1)班", "1.1班" and "101" stay in their own form, blanks away."""
    return squeeze(text)


# --- resident identity numbers, GB 11643 ------------------------------------------------------------------------------
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"


def id_check_digit(first17: str) -> str:
    return ID_CHECKS[sum(int(d) * w for d, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def id_18(number15: str) -> str:
    """The 18-digit form of a 15-digit number of the old kind."""
    first17 = number15[:6] + "19" + number15[6:]
    return first17 + id_check_digit(first17)
