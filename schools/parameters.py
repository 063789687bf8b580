"""Typed parameters: every locally variable rule, declared beside the code that uses it and set by LocalRule rows.

The national result is always computed without local rules. Values are text in the database and exact here:
`fraction` Fraction · `integer` int · `boolean` bool · `choice`, `text` str · `stage_fractions`, `stage_integers`
{stage: Fraction|int}, written "primary:0.45,junior:0.40" · `grade_integers` {grade: int}, written "1:40,7:45" ·
`choices` tuple of codes, written "lent,sick" · `year_integers` {year: int}, written "2025:12,2026:4" · `named_fractions` {name: Fraction}, written "语文:7,数学:5".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from .codes import PRIVATE, is_rural
from .factset import SchoolRef
from .models import LocalRule
from .numbers import exact, plain_text
from .parameter_values import BadValue, coded, parse_value, worded

__all__ = ["BadValue", "Dated", "NATIONAL", "PARAMETERS", "Parameter", "ParameterSet", "RecordingParameters", "Setting", "accept", "coded", "declare", "parse", "resolve", "worded"]
TYPES = (
    "fraction", "integer", "boolean", "choice", "text", "stage_fractions", "stage_integers", "grade_integers", "year_integers",
    "named_fractions", "choices",
)  # fmt: skip


@dataclass(frozen=True)
class Dated:
    """A national value that holds from one day to another (both included; None = open), instead of the default."""

    value: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def holds(self, on: dt.date | None) -> bool:
        """Without a day only a value without an end holds."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Parameter:
    """One rule that places may set. `default` is the national (or strict) value in text form; `clause` its source.

    `choices`: the codes a choice may take, `words` what people call them (several words for a code may be written, the last is
    shown): rules are read and written in words.
    `structural`: a fact of the place (5-4 school system), not a local demand; it holds in the national result too.
    `relief`: a transitional relief (boolean); one that is in force prints as a note beside the result.
    `share`: a share of one, read aloud as per cent too.
    `dated`: national values of certain years (a transitional relief, an earlier quota), the first that holds stands.
    `least`, `most`: the bounds of a number, both included, where others would make no sense ("" = none but 0).
    """

    code: str
    title: str
    type: str
    default: str
    clause: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    note: str = ""
    structural: bool = False
    relief: bool = False
    share: bool = False
    dated: tuple[Dated, ...] = ()
    least: str = ""
    most: str = ""

    def text_on(self, on: dt.date | None) -> str:
        """The national value on a day, in text form."""
        return next((one.value for one in self.dated if one.holds(on)), self.default)

    def worded(self, text: str) -> str:
        """A value as people read it: the words of its choices; a share as per cent too; else the general words."""
        if self.share and (number := exact(text)):
            return f"{text}（{plain_text(number * 100)}%）"
        if not self.words:
            return worded(text, self.type)
        titles = dict(self.words)  # of several words for a code the last is shown
        return "、".join(titles.get(part.strip(), part.strip()) for part in str(text).split(","))

    def coded(self, text: str) -> str:
        """A value as rules keep it, from words or codes."""
        codes = {word: code for code, word in self.words}
        if self.type == "choice":
            return codes.get(text.strip(), text.strip())
        written = coded(re.sub(r"（[\d.]+%）$", "", text.strip()) if self.share else text)
        return ",".join(codes.get(part, part) for part in written.split(",")) if codes else written


PARAMETERS: dict[str, Parameter] = {}


def declare(parameter: Parameter) -> Parameter:
    """Add a parameter to the register. Raises ValueError on a second one of that code or a default that does not parse."""
    if parameter.code in PARAMETERS:
        raise ValueError(f"parameter {parameter.code} is declared twice")
    for text in (parameter.default, *(one.value for one in parameter.dated)):
        accept(parameter, text)
    PARAMETERS[parameter.code] = parameter
    return parameter


def parse(parameter: Parameter, text: str) -> Any:
    """The exact value of a text form. Raises BadValue with a Chinese sentence."""
    written = parameter.coded(str(text)) if parameter.words else text
    return parse_value(parameter.type, written, parameter.choices, dict(parameter.words))


def accept(parameter: Parameter, text: str) -> Any:
    """`parse` for a value about to be set: within the bounds as well. A rule set before is read whatever its bounds are now."""
    if re.search(r"\d\s*[eE]", str(text)):  # 1e999999999 would keep the machine busy for hours
        raise BadValue(f"“{text}”请写成普通的数，不用科学计数法。")
    value = parse(parameter, text)
    for number in value.values() if isinstance(value, dict) else [value]:
        if parameter.least and number < Fraction(parameter.least):
            raise BadValue(f"“{text}”小于 {parameter.least}，请填写不小于 {parameter.least} 的数。")
        if parameter.most and number > Fraction(parameter.most):
            raise BadValue(f"“{text}”大于 {parameter.most}，请填写不大于 {parameter.most} 的数。")
    return value


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
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

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
def _default(parameter: Parameter, on: dt.date | None) -> Any:
    """The national value, shared: one computation asks thousands of times."""
    return parse(parameter, parameter.text_on(on))


@dataclass(frozen=True)
class ParameterSet:
    """The values in force: defaults, overridden by settings (the most specific first). Empty settings = national.

    `on`: the day for which they were resolved, which settles dated national values; None leaves only the lasting ones.
    """

    settings: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict)
    on: dt.date | None = None

    def get(self, code: str, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The exact value of a parameter, for a stage where it has stages, for a school where rules have a scope."""
        parameter = PARAMETERS[code]
        default = _default(parameter, self.on)
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
                    "valid_from": s.valid_from.isoformat() if s.valid_from else "",
                    "valid_to": s.valid_to.isoformat() if s.valid_to else "",
                }
                for s in settings
            ]
            for code, settings in sorted(self.settings.items())
        }

    def dated(self) -> dict[str, str]:
        """The national values that hold on this day instead of their defaults: code -> text."""
        held = ((code, p.text_on(self.on)) for code, p in sorted(PARAMETERS.items()) if p.dated)
        return {code: text for code, text in held if text != PARAMETERS[code].default}

    def reliefs(self, codes: Iterable[str]) -> list[dict[str, str]]:
        """The reliefs among these that are in force, anywhere: where they stand and how long they hold."""
        found = []
        for parameter in (PARAMETERS[code] for code in sorted(codes) if PARAMETERS[code].relief):
            said = {"code": parameter.code, "title": parameter.title}
            for s in self.settings.get(parameter.code, ()):
                if s.value:
                    days = {name: day.isoformat() if day else "" for name, day in (("valid_from", s.valid_from), ("valid_to", s.valid_to))}
                    found.append(said | days | {"document": s.document, "clause": s.clause, "scope": s.scope})
            dated = next((one for one in parameter.dated if one.holds(self.on) and parse(parameter, one.value)), None)
            if dated and not any(s.scope == "all" for s in self.settings.get(parameter.code, ())):
                days = {"valid_from": str(dated.valid_from or ""), "valid_to": str(dated.valid_to or "")}
                found.append(said | days | {"document": parameter.clause, "clause": "", "scope": "all"})
        return found

    @classmethod
    def from_plain(cls, changed: Mapping[str, list[Mapping[str, str]]], on: dt.date | None = None) -> ParameterSet:
        """The set of which `changed` gave this plain text; a parameter no longer declared is left out."""
        names = ("scope", "jurisdiction", "document", "clause")

        def setting(parameter: Parameter, told: Mapping[str, str]) -> Setting:
            days = (dt.date.fromisoformat(told[name]) if told.get(name) else None for name in ("valid_from", "valid_to"))
            return Setting(parse(parameter, told["value"]), told["value"], *(told[name] for name in names), told.get("pack", ""), *days)

        known = {code: told for code, told in changed.items() if code in PARAMETERS}
        return cls({code: tuple(setting(PARAMETERS[code], one) for one in told) for code, told in known.items()}, on)

    @property
    def is_national(self) -> bool:
        return all(PARAMETERS[code].structural for code in self.settings)

    def national(self) -> ParameterSet:
        """The same without local demands: only structural settings remain."""
        return ParameterSet({code: s for code, s in self.settings.items() if PARAMETERS[code].structural}, self.on)


    def note(self, codes: Iterable[str]) -> None:
        """These codes were asked on somebody's behalf; only a recording set cares."""


@dataclass(frozen=True)
class RecordingParameters(ParameterSet):
    """A ParameterSet that remembers which codes were asked, so that a snapshot can print the rules it stood on."""

    used: set[str] = field(default_factory=set, compare=False)

    def get(self, code: str, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        self.used.add(code)
        return super().get(code, stage, school)

    def note(self, codes: Iterable[str]) -> None:
        self.used.update(codes)


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
        setting = Setting(value, rule.value, rule.scope, rule.jurisdiction, rule.document, rule.clause, rule.pack,
                          rule.valid_from, rule.valid_to)
        found.setdefault(rule.parameter, []).append((rank, setting))
    return ParameterSet(
        {code: tuple(s for _, s in sorted(pairs, key=lambda p: p[0], reverse=True)) for code, pairs in found.items()}, on
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
        least="5",
        most="6",
    )
)
