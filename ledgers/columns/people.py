"""Columns about persons: names, resident identity numbers. Shown masked; never stored in fact rows."""
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np

from accounts.masking import mask_id, mask_name, mask_phone

from ..cleaning import ID_CHECKS, ID_WEIGHTS, id_18, id_check_digit, is_han, squeeze
from .base import Cell, Column, Fault

_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}$")
_DAMAGED = re.compile(r"[?？*＊\ue000-\uf8ff\U000f0000-\U0010ffff\ufffd□]")
_REMARK = re.compile(r"[(（【\[]")
_DOTS = re.compile(r"[•．.・∙⋅]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+$")


@dataclass(frozen=True)
class PersonName(Column):
    """姓名: blanks inside Han names away, one kind of dot; a lost rare character is an error."""

    personal: bool = True

    type = "name"
    blank = ""

    def mask(self, text: str) -> str:
        return mask_name(text)

    def parse_unique(self, keys: list, minded: bool, unit: str) -> tuple[dict, dict[object, Cell]]:
        if minded:
            return super().parse_unique(keys, minded, unit)
        plain = _PLAIN_NAME.match
        values = {key: key for key in keys if plain(key)}
        slow, odd = super().parse_unique([key for key in keys if key not in values], minded, unit)
        values.update(slow)
        return values, odd

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if _DAMAGED.search(text):
            raise Fault("name-damaged")
        name = re.sub(r"\s+", "" if is_han(text) else " ", text.replace("\u3000", " "))
        name = _DOTS.sub("·", name)
        if any(letter.isdigit() for letter in name) or not 2 <= len(name) <= 20:
            raise Fault("not-a-name")
        if re.search(r"[、,，;；/]", name):
            raise Fault("several-values")
        return Cell(name, None if name == text else name, (("name-with-remark", {}),) if _REMARK.search(name) else ())


@dataclass(frozen=True)
class Phone(Column):
    """联系电话; kept only in the person register."""

    personal: bool = True

    type = "phone"
    blank = ""
    as_text = True

    def mask(self, text: str) -> str:
        return mask_phone(squeeze(text))

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell(re.sub(r"[^\d\-+]", "", squeeze(text))[:20])


@dataclass(frozen=True)
class Identity(Column):
    """居民身份证号, GB 11643: check digit and birth date; the first six digits are never compared with today's regions.

    A number kept as an Excel number of 16 digits or more has lost its end and cannot be repaired (id-truncated).
    """

    personal: bool = True

    type = "id_number"
    needs_digits = True
    blank = ""
    as_text = True
    minds_kinds = "efnd"

    def mask(self, text: str) -> str:
        return mask_id(squeeze(text))

    def parse_unique(self, keys: list, minded: bool, unit: str) -> tuple[dict, dict[object, Cell]]:
        texts = [key for key in keys if key[1] not in "efn"] if minded else keys
        sound = sound_numbers([key[0] for key in texts] if minded else texts)
        values = {key: (key[0] if minded else key) for key, good in zip(texts, sound, strict=True) if good}
        slow, odd = super().parse_unique([key for key in keys if key not in values], minded, unit)
        values.update(slow)
        return values, odd

    def read(self, text: str, kind: str, unit: str) -> Cell:
        number = squeeze(text).strip("'‘’`").upper()
        if kind == "n" and number.endswith(".0"):
            number = number[:-2]
        if _SCIENTIFIC.match(number) or (kind == "n" and len(number) >= 16):
            raise Fault("id-truncated")
        if re.fullmatch(r"\d{15}", number):
            return self._old(number)
        if len(number) != 18 or not re.fullmatch(r"\d{17}[\dX]", number):
            raise Fault("id-wrong-length", count=len(number))
        if birth_of(number) is None:
            raise Fault("id-truncated" if number.endswith("000") else "id-birth")
        if id_check_digit(number[:17]) != number[17]:
            raise Fault("id-truncated" if number.endswith("000") else "id-checksum")
        return Cell(number, None if number == text else self.mask(number))

    def _old(self, number: str) -> Cell:
        full = id_18(number)
        if birth_of(full) is None:
            raise Fault("id-birth")
        return Cell(full, self.mask(full), (("id-old-form", {}),))


def birth_of(number: str) -> dt.date | None:
    """The birth date in an 18-digit number, None when there is no such day."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str:
    """"male" for an odd digit 17, else "female"."""
    return "male" if int(number[16]) % 2 else "female"


_WEIGHTS = np.array(ID_WEIGHTS, dtype=np.int32)
_CHECKS = np.frombuffer(ID_CHECKS.encode(), dtype=np.uint8)
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def sound_numbers(texts: list[str]) -> np.ndarray:
    """Which texts are sound 18-digit numbers as they stand (True/False each); odd ones are left to the slow path.

    29 February is checked only as a possible day; the slow path is not needed for it in practice, so it is sent there.
    """
    sound = np.zeros(len(texts), dtype=bool)
    places = np.array([i for i, text in enumerate(texts) if len(text) == 18 and text.isascii()], dtype=np.int64)
    if not places.size:
        return sound
    letters = np.frombuffer("".join(texts[i] for i in places).encode("ascii"), dtype=np.uint8).reshape(-1, 18)
    digits = letters[:, :17].astype(np.int32) - 48
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    digits[~good] = 0
    good &= _CHECKS[(digits @ _WEIGHTS) % 11] == letters[:, 17]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    good &= (month >= 1) & (month <= 12) & (year >= 1900) & (year <= 2100)
    good &= (day >= 1) & (day <= _MONTH_DAYS[np.where(good, month, 0)]) & ~((month == 2) & (day == 29))
    sound[places] = good
    return sound
