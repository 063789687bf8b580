"""Typed parameters: every locally variable rule, declared beside the code that uses it and set by LocalRule rows.

The national result is always computed without local rules. Values are text in the database and exact here:
`fraction` Fraction · `integer` int · `boolean` bool · `choice`, `text` str · `stage_fractions`, `stage_integers`
{stage: Fraction|int}, written "primary:0.45,junior:0.40" · `grade_integers` {grade: int}, written "1:40,7:45".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from .codes import COMPULSORY, PRIVATE, is_rural
from .factset import SchoolRef
from .models import LocalRule

TYPES = ("fraction", "integer", "boolean", "choice", "text", "stage_fractions", "stage_integers", "grade_integers")


@dataclass(frozen=True)
class Parameter:
    """One rule that places may set. `default` is the national (or strict) value in text form; `clause` its source.

    `structural`: a fact of the place (5-4 school system), not a local demand; it holds in the national result too.
    """

    code: str
    title: str
    type: str
    default: str
    clause: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    structural: bool = False


PARAMETERS: dict[str, Parameter] = {}


def declare(parameter: Parameter) -> Parameter:
    """Add a parameter to the register. Raises ValueError on a second one of that code or a default that does not parse."""
    if parameter.code in PARAMETERS:
        raise ValueError(f"parameter {parameter.code} is declared twice")
    parse(parameter, parameter.default)
    PARAMETERS[parameter.code] = parameter
    return parameter


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


def parse(parameter: Parameter, text: str) -> Any:
    """The exact value of a text form. Raises BadValue with a Chinese sentence."""
    text = str(text).strip()
    match parameter.type:
        case "fraction":
            return _fraction(text)
        case "integer":
            return _integer(text)
        case "boolean":
            if text.lower() not in ("true", "false", "是", "否"):
                raise BadValue(f"“{text}”应填写 true（是）或 false（否）。")
            return text.lower() in ("true", "是")
        case "choice":
            if text not in parameter.choices:
                raise BadValue(f"“{text}”不在可选范围内，请填写：{'、'.join(parameter.choices)}。")
            return text
        case "stage_fractions" | "stage_integers":
            return _by_stage(parameter, text)
        case "grade_integers":
            return _by_grade(text)
        case "text":
            return text
    raise ValueError(f"parameter {parameter.code} has the unknown type {parameter.type}")


# The words of a value or scope, as people write them; rules keep the codes, as commands and packs do.
WORDS = {"小学": "primary", "初中": "junior", "全部": "all", "乡村": "rural", "公办": "public"}
TRUTH = {"true": "是", "false": "否"}


def coded(text: str) -> str:
    """A value or scope with the codes in place of the words: 小学:0.45，初中:0.40 → primary:0.45,junior:0.40."""
    parts = [part.strip().partition(":") for part in text.replace("：", ":").replace("，", ",").split(",")]
    return ",".join(f"{WORDS.get(name.strip(), name)}{colon}{value}" for name, colon, value in parts)


def worded(text: str) -> str:
    """The same for reading: primary:0.45,junior:0.40 → 小学 0.45、初中 0.40; true → 是; rural → 乡村."""
    text = TRUTH.get(str(text).lower(), str(text))
    titles = {code: word for word, code in WORDS.items()}
    parts = [part.partition(":") for part in text.split(",")]
    return "、".join(f"{titles.get(name, name)} {value}".strip() for name, _, value in parts)


def _by_stage(parameter: Parameter, text: str) -> dict[str, Any]:
    one = _integer if parameter.type == "stage_integers" else _fraction
    if ":" not in text:
        return dict.fromkeys(COMPULSORY, one(text))
    values = {}
    for part in text.split(","):
        stage, _, value = part.partition(":")
        if stage.strip() not in COMPULSORY:
            raise BadValue(f"“{part}”的学段应为 primary（小学）或 junior（初中），例如 primary:0.45,junior:0.40。")
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


@dataclass(frozen=True)
class Setting:
    """One rule in force: value and scope, with the document it stands on."""

    value: Any
    text: str
    scope: str
    jurisdiction: str
    document: str
    clause: str
    pack: str = ""

    def covers(self, school: SchoolRef | None) -> bool:
        if self.scope == "all":
            return True
        if school is None:
            return False
        if self.scope == "rural":
            return is_rural(school.area_code)
        if self.scope == "public":
            return school.sponsor_code != PRIVATE
        return school.code in {code.strip() for code in self.scope.split(",")}


@cache
def _default(parameter: Parameter) -> Any:
    """The default's value, shared: one computation asks thousands of times."""
    return parse(parameter, parameter.default)


@dataclass(frozen=True)
class ParameterSet:
    """The values in force: defaults, overridden by settings (the most specific first). Empty settings = national."""

    settings: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict)

    def get(self, code: str, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The exact value of a parameter, for a stage where it has stages, for a school where rules have a scope."""
        parameter = PARAMETERS[code]
        default = _default(parameter)
        candidates = [s.value for s in self.settings.get(code, ()) if s.covers(school)]
        if not isinstance(default, dict):
            return candidates[0] if candidates else default
        if stage is None:
            merged = dict(default)
            for value in reversed(candidates):
                merged.update(value)
            return merged
        return next((value[stage] for value in candidates if stage in value), default.get(stage))

    def changed(self) -> dict[str, list[dict[str, str]]]:
        """The settings in force as plain text, for snapshots and pages."""
        return {
            code: [
                {
                    "value": s.text,
                    "scope": s.scope,
                    "jurisdiction": s.jurisdiction,
                    "document": s.document,
                    "clause": s.clause,
                    "pack": s.pack,
                }
                for s in settings
            ]
            for code, settings in sorted(self.settings.items())
        }

    @property
    def is_national(self) -> bool:
        return all(PARAMETERS[code].structural for code in self.settings)

    def national(self) -> ParameterSet:
        """The same without local demands: only structural settings remain."""
        return ParameterSet({code: s for code, s in self.settings.items() if PARAMETERS[code].structural})


NATIONAL = ParameterSet()


def resolve(county_code: str, on: dt.date) -> ParameterSet:
    """The local rules in force for a county on a day: longest prefix first, a school list before a group before all."""
    prefixes = [county_code[:n] for n in range(1, len(county_code) + 1)]
    rules = LocalRule.objects.filter(jurisdiction__in=prefixes, valid_from__lte=on, withdrawn_at__isnull=True)
    found: dict[str, list[tuple[tuple, Setting]]] = {}
    for rule in rules.exclude(valid_to__lt=on):
        if rule.parameter not in PARAMETERS:
            continue
        value = parse(PARAMETERS[rule.parameter], rule.value)
        width = {"all": 0, "rural": 1, "public": 1}.get(rule.scope, 2)
        rank = (len(rule.jurisdiction), width, rule.valid_from, rule.id)
        setting = Setting(value, rule.value, rule.scope, rule.jurisdiction, rule.document, rule.clause, rule.pack)
        found.setdefault(rule.parameter, []).append((rank, setting))
    return ParameterSet(
        {code: tuple(s for _, s in sorted(pairs, key=lambda p: p[0], reverse=True)) for code, pairs in found.items()}
    )


PRIMARY_YEARS = declare(
    Parameter(
        "primary_years",
        "小学学制年限",
        "integer",
        "6",
        "义务教育法；五四学制地区由地方规定",
        unit="年",
        note="小学几年级止：六三学制为 6，五四学制为 5。",
        structural=True,
    )
)
