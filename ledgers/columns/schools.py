"""Columns that say which school a row is about: compared with the register, never written."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..cleaning import school_year_said, squeeze
from .base import Cell, Column, Fault, is_empty_word


@dataclass(frozen=True)
class SchoolCode(Column):
    """学校(机构)标识码, or the county's own alias code; kept as text."""

    target: str | None = ""
    identity: str = "code"

    type = "code"
    blank = ""
    as_text = True

    def read(self, text: str, kind: str, unit: str) -> Cell:
        code = squeeze(text).strip("'‘’`").upper()
        if is_empty_word(code):
            return Cell("")
        if code.endswith(".0") and code[:-2].isdigit():
            code = code[:-2]
        if not re.fullmatch(r"[0-9A-Z\-]{1,20}", code):
            raise Fault("not-in-list", wanted="10 位学校(机构)标识码")
        return Cell(code, None if code == text else code)


@dataclass(frozen=True)
class SchoolName(Column):
    """学校名称 as in the statistics; former names and short forms are known by the register's aliases."""

    target: str | None = ""
    identity: str = "name"

    type = "text"
    blank = ""

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell("" if is_empty_word(text) else text)


@dataclass(frozen=True)
class SchoolYear(Column):
    """学年 beside the rows: compared with the year that is filed, never written. The value is the years it may mean."""

    target: str | None = ""
    identity: str = "year"
    in_template: bool = False

    type = "school_year"
    blank = ()

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell(school_year_said(text))


@dataclass(frozen=True)
class RegisterCode(Column):
    """A coded property of the school (type, sponsor, area): `codes` code -> word, `words` alias -> code.

    `groups` word -> codes it may stand for (乡村 for 210 and 220), so that a coarse word is no difference.
    """

    target: str | None = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    type = "code"
    blank = ()
    as_text = True

    @property
    def allowed(self) -> list[str]:
        return list(self.codes.values())

    def read(self, text: str, kind: str, unit: str) -> Cell:
        word = squeeze(text).removesuffix(".0")
        if is_empty_word(word):
            return Cell(())
        if word in self.groups:
            return Cell(tuple(self.groups[word]))
        if word in self.codes:
            return Cell((word,))
        lead = re.match(r"\d{1,3}(?=\D)", word)
        if lead and lead[0] in self.codes:
            return Cell((lead[0],))
        code = self.words.get(word) or next((code for code, name in self.codes.items() if squeeze(name) == word), None)
        if code is None:
            raise Fault("not-in-list", wanted="、".join(self.codes.values()))
        return Cell((code,))


@dataclass(frozen=True)
class TownshipName(Column):
    """乡镇(街道), compared with the register."""

    target: str | None = ""
    identity: str = "township"

    type = "text"
    blank = ""

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell("" if is_empty_word(text) else squeeze(text))
