"""Values of parameters as text and exact: what a rule's text means, and how it is read aloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .codes import COMPULSORY, GRADE_NAMES


class BadValue(ValueError):
    """The text is not a value of the parameter's type; the message is a Chinese sentence."""


def _fraction(text: str) -> Fraction:
    try:
        value = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise BadValue(f"“{text}”不是数字，请填写整数、小数或分数。") from None
    if value < 0:
        raise BadValue(f"“{text}”小于 0，请填写不小于 0 的数。")
    return value


def _integer(text: str) -> int:
    value = _fraction(text)
    if value.denominator != 1:
        raise BadValue(f"“{text}”不是整数，请填写整数。")
    return int(value)


def parse_value(kind: str, text: str, choices: Sequence[str] = (), words: Mapping[str, str] | None = None) -> Any:
    """The exact value of a text form of this type; `words` name the choices. Raises BadValue with a Chinese sentence."""
    text = str(text).strip()
    match kind:
        case "fraction":
            return _fraction(text)
        case "integer":
            return _integer(text)
        case "boolean":
            if text.lower() not in ("true", "false", "是", "否"):
                raise BadValue(f"“{text}”应填写“是”或“否”。")
            return text.lower() in ("true", "是")
        case "choice":
            return _chosen(text, choices, words or {})
        case "choices":
            return tuple(_chosen(part.strip(), choices, words or {}) for part in text.split(",") if part.strip())
        case "stage_fractions" | "stage_integers":
            return _by_stage(_integer if kind == "stage_integers" else _fraction, text)
        case "grade_integers":
            return _by_grade(text)
        case "year_integers":
            return _by_year(text)
        case "named_fractions":
            return _by_name(text)
        case "text":
            return text
    raise ValueError(f"unknown type {kind}")


def _chosen(text: str, choices: Sequence[str], words: Mapping[str, str]) -> str:
    if text not in choices:
        raise BadValue(f"“{text}”不在可选范围内，请填写：{'、'.join(words.get(code, code) for code in choices)}。")
    return text


# The words of a value or scope, as people write them; rules keep the codes, as commands and packs do.
WORDS = {"小学": "primary", "初中": "junior", "全部": "all", "乡村": "rural", "公办": "public"}
TRUTH = {"true": "是", "false": "否"}
GRADE_CODES = {word: str(grade) for grade, word in GRADE_NAMES.items()}
_COMMAS = str.maketrans({"，": ",", "、": ",", "：": ":"})


def coded(text: str) -> str:
    """A value or scope with the codes in place of the words: 小学:0.45，初中 0.40 → primary:0.45,junior:0.40; also
    一年级 40 → 1:40 and 2025学年 12 → 2025:12. What worded() prints is read back."""
    return ",".join(_coded_part(part.strip()) for part in text.translate(_COMMAS).split(","))


def _coded_part(part: str) -> str:
    name, colon, value = part.partition(":")
    if not colon and len(pair := part.split()) == 2:
        name, colon, value = pair[0], ":", pair[1]
    name = name.strip()
    bare = name.removesuffix("学年").removesuffix("年")
    code = WORDS.get(name) or GRADE_CODES.get(name) or (bare if bare.isdecimal() else name)
    return f"{code}{colon}{value.strip()}"


def worded(text: str, kind: str = "") -> str:
    """The same for reading: primary:0.45,junior:0.40 → 小学 0.45、初中 0.40; true → 是; rural → 乡村; grades and years of
    the types that are written by them in words."""
    text = TRUTH.get(str(text).lower(), str(text))
    titles = {code: word for word, code in WORDS.items()}
    if kind == "grade_integers":
        titles = {code: word for word, code in GRADE_CODES.items()}
    parts = [part.strip().partition(":") for part in text.split(",")]
    years = "学年" if kind == "year_integers" else ""
    return "、".join(f"{titles.get(name, name + years if value else name)} {value}".strip() for name, _, value in parts)


def _by_stage(one: Callable[[str], Any], text: str) -> dict[str, Any]:
    if ":" not in text:
        return dict.fromkeys(COMPULSORY, one(text))
    values = {}
    for part in text.split(","):
        stage, _, value = part.partition(":")
        if stage.strip() not in COMPULSORY:
            raise BadValue(f"“{part}”的学段应为小学或初中，例如 小学:0.45,初中:0.40。")
        values[stage.strip()] = one(value)
    return values


def _by_grade(text: str) -> dict[int, int]:
    values = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        grade, _, value = part.partition(":")
        if not grade.strip().isdecimal() or not 1 <= int(grade) <= 12:
            raise BadValue(f"“{part}”的年级应为 1 至 12，例如 1:40,7:45 表示一年级 40、七年级 45。")
        values[int(grade)] = _integer(value)
    return values


def _by_year(text: str) -> dict[int, int]:
    values = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        year, _, value = part.partition(":")
        if not year.strip().isdecimal() or not 2000 <= int(year) <= 2099:
            raise BadValue(f"“{part}”的年份应为四位数，例如 2025:12,2026:4 表示 2025 年不超过 12、2026 年不超过 4。")
        values[int(year)] = _integer(value)
    return values


def _by_name(text: str) -> dict[str, Fraction]:
    values = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, colon, value = part.partition(":")
        if not colon or not name.strip():
            raise BadValue(f"“{part}”应写成“名称:数值”，例如 语文:7,数学:5。")
        values[name.strip()] = _fraction(value)
    return values
