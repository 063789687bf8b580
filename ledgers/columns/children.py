"""Columns about children: identity documents of every kind, 学籍号, disability certificates, classes, regions."""
from __future__ import annotations

import re
from dataclasses import dataclass

from accounts.masking import mask_id

from ..cleaning import class_name, id_check_digit, squeeze
from .base import Cell, Column, Fault, Text, is_empty_word
from .dates import Grade
from .people import Identity, birth_of

_OTHER_DOCUMENT = re.compile(r"[A-Z0-9()/\-]{5,20}")
_FORMAL = re.compile(r"([GLJ])(\d{17}[\dX])")
_AUXILIARY = re.compile(r"[A-Z0-9]{16,20}")
_COHORT = re.compile(r"(20\d{2})[级届]?")


class Unsound(str):
    """A number that is no sound 居民身份证号: it may be another document. `code` and `params` say what is wrong otherwise."""

    code: str
    params: dict

    @classmethod
    def of(cls, number: str, fault: Fault) -> Unsound:
        made = cls(number)
        made.code, made.params = fault.code, fault.params
        return made

    @property
    def may_be_other(self) -> bool:
        """Whether it looks like a passport or permit: a letter beside the last place, of a plausible length."""
        return bool(_OTHER_DOCUMENT.fullmatch(self)) and any(letter.isalpha() for letter in self[:-1])


@dataclass(frozen=True)
class DocumentNumber(Identity):
    """身份证件号 of a child: a sound 居民身份证号 as it is; anything else is left Unsound for the ledger, which knows the
    kind of document (a passport, a permit of 港澳台, or a mistyped identity number)."""

    type = "id_number"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell("")
        try:
            return super().read(text, kind, unit)
        except Fault as fault:
            if fault.code == "id-truncated":
                raise
            return Cell(Unsound.of(squeeze(text).strip("'‘’`").upper(), fault))


@dataclass(frozen=True)
class Registration(Column):
    """全国学籍号: G + ID (formal), J + 18 (formal without ID), L + 18 (provisional); an older provincial number is taken
    as 学籍辅号 and told."""

    personal: bool = True

    type = "registration"
    blank = ""
    as_text = True
    minds_kinds = "efnd"

    @property
    def wanted(self) -> str:
        return "19 位全国学籍号，以 G、J 或 L 开头"

    def mask(self, text: str) -> str:
        return mask_id(squeeze(text))

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell("")
        number = squeeze(text).strip("'‘’`").upper()
        bare = number.removesuffix(".0") if kind == "n" else number
        if kind == "n" and len(bare) >= 16:
            raise Fault("id-truncated")
        if found := _FORMAL.fullmatch(bare):
            self._check(found[1], found[2])
            return Cell(bare, None if bare == text else self.mask(bare))
        if re.fullmatch(r"\d{17}[\dX]", bare):
            raise Fault("registration-wrong", reason="像是身份证号，缺少开头的字母 G、J 或 L")
        if _AUXILIARY.fullmatch(bare) and bare[0] not in "GLJ":
            return Cell(bare, None if bare == text else self.mask(bare), (("registration-auxiliary", {}),))
        raise Fault("registration-wrong", reason=f"有 {len(bare)} 位" if len(bare) != 19 else "含有不该有的字符")

    @staticmethod
    def _check(letter: str, body: str) -> None:
        """G carries a real identity number; J is in the same form; of L nothing more is known."""
        if letter == "G" and (birth_of(body) is None or id_check_digit(body[:17]) != body[17]):
            raise Fault("registration-wrong", reason="G 之后不是正确的身份证号")
        if letter == "J" and birth_of(body) is None:
            raise Fault("registration-wrong", reason="J 之后第 7 至 14 位不是真实的日期")


def id_in(registration: str) -> str:
    """The identity number a G number carries; "" for every other 学籍号."""
    return registration[1:] if registration.startswith("G") and len(registration) == 19 else ""


@dataclass(frozen=True)
class DisabilityCertificate(Column):
    """残疾人证号: ID (18) + kind (1) + degree (1) = 20 characters; a reissued one carries a suffix such as B1."""

    personal: bool = True

    type = "certificate"
    blank = ""
    as_text = True
    minds_kinds = "efnd"

    @property
    def wanted(self) -> str:
        return "20 位残疾人证号（身份证号 + 类别 1 位 + 等级 1 位，补发的另有 B1 等后缀）"

    def mask(self, text: str) -> str:
        return mask_id(squeeze(text))

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell("")
        number = squeeze(text).strip("'‘’`").upper()
        if kind == "n":
            raise Fault("id-truncated")
        if not re.fullmatch(r"\d{17}[\dX][1-7][1-4](?:B\d{1,2})?", number):
            count = len(re.sub(r"B\d{1,2}$", "", number))
            reason = f"有 {count} 位，应为 20 位" if count != 20 else "第 19 位应为 1 至 7、第 20 位应为 1 至 4"
            raise Fault("certificate-wrong", reason=reason)
        return Cell(number, None if number == text else self.mask(number))


@dataclass(frozen=True)
class PupilGrade(Grade):
    """年级; a year of entry ("2023级") is kept negative, for the ledger to turn into the grade of its school."""

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if is_empty_word(text):
            return Cell(None)
        if found := _COHORT.fullmatch(squeeze(text).removesuffix(".0")):
            return Cell(-int(found[1]))
        return super().read(text, kind, unit)


@dataclass(frozen=True)
class PupilClass(Text):
    """班级 as written; the ledger brings it into one form ("2班") and takes the grade out of it."""

    longest: int = 30
    as_text = True
    minds_kinds = "efnd"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        name = class_name(text)
        return super().read(name[:-2] if kind == "n" and name.endswith(".0") else name, kind, unit)


@dataclass(frozen=True)
class Region(Column):
    """行政区划 by its code of 6 to 12 digits; an address in words is not needed and not kept."""

    type = "code"
    blank = ""
    as_text = True

    def read(self, text: str, kind: str, unit: str) -> Cell:
        code = squeeze(text).removesuffix(".0")
        found = re.match(r"\d{6}(?:\d{3}|\d{6})?(?!\d)", code)
        return Cell(found[0] if found else "")
