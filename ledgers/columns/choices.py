"""Columns with a closed list of words: choices, several choices, yes and no."""
from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..cleaning import EMPTY_WORDS, split_names, squeeze
from .base import Cell, Column, Fault

# ü þ and û ý are the ticks and crosses of the font Wingdings.
YES = frozenset({"是", "√", "✓", "✔", "☑", "y", "yes", "1", "有", "true", "对", "对勾", "ü", "þ", "r", "v"})
SHOWN_WHOLE = 8  # words of a list that a sentence names all
_TICKS = "√✓✔☑■▣"
_BOXES = re.compile(rf"(?:[□☐○{_TICKS}][是否有无]){{2}}|(?:[是否有无][□☐○{_TICKS}]){{2}}|[是有][{_TICKS}][否无]|[是有][否无][{_TICKS}]")
NO = frozenset({"否", "×", "✗", "✘", "x", "n", "no", "0", "无", "false", "错", "不是", "非", "没有", "û", "ý", "☒"})


@dataclass(frozen=True)
class Choice(Column):
    """One of a closed list. `choices` [(code, word)] (a Django TextChoices has it as .choices); `words` alias -> code.

    A word that is no choice but contains one of `contains` (longest first) takes that code: "中学一级教师" by "中学一级".
    `doubtful` word -> problem code told beside the value.
    """

    choices: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    contains: Mapping[str, str] = field(default_factory=dict)
    doubtful: Mapping[str, str] = field(default_factory=dict)

    type = "choice"
    blank = ""

    @cached_property
    def known(self) -> dict[str, str]:
        table = {}
        for code, word in self.choices:
            table[squeeze(word).lower()] = code
            table.setdefault(squeeze(code).lower(), code)
        table.update((squeeze(word).lower(), code) for word, code in self.words.items())
        return table

    @property
    def allowed(self) -> list[str]:
        return [word for _, word in self.choices]

    @property
    def wanted(self) -> str:
        return "、".join(f"“{word}”" for word in self.allowed[:SHOWN_WHOLE]) + ("等" if len(self.allowed) > SHOWN_WHOLE else "")

    def find(self, text: str) -> str | None:
        """The code of a wording, None when it is not known."""
        word = squeeze(text).lower()
        if word in self.known:
            return self.known[word]
        found = self._contained(word)
        return found[0] if found else None

    def _contained(self, word: str) -> list[str]:
        """The codes of the parts a wording contains, longest part first; each part is looked for beside those before it."""
        codes = []
        for part in self._parts:
            if part in word:
                codes.append(self.contains[part])
                word = word.replace(part, "\0")
        return list(dict.fromkeys(codes))

    @cached_property
    def _parts(self) -> list[str]:
        return sorted(self.contains, key=len, reverse=True)

    def read(self, text: str, kind: str, unit: str) -> Cell:
        code = self.find(text)
        word = squeeze(text)
        if code is not None and word.lower() not in self.known and self._says_two(word.lower()):
            raise Fault("several-values")
        if code is None:
            if squeeze(text) in EMPTY_WORDS and not self.required:
                return Cell("")
            parts = split_names(text)
            if len(parts) > 1 and all(self.find(part) for part in parts):
                raise Fault("several-values")
            raise Fault("not-in-list", wanted=self._nearest(text))
        remarks = ((self.doubtful[word], {}),) if word in self.doubtful else ()
        return Cell(code, word if text != word else None, remarks)  # an alias is understood, not repaired

    def _says_two(self, word: str) -> bool:
        """Whether a wording that is only understood by its parts means two different things: “小学、初中”."""
        return len(self._contained(word)) > 1 or len({self.find(part) for part in split_names(word)} - {None}) > 1

    def _nearest(self, text: str) -> str:
        near = difflib.get_close_matches(squeeze(text), self.allowed, n=3, cutoff=0.4)
        if not near:
            return self.wanted
        closest = "、".join(f"“{word}”" for word in near)  # near in writing, not in meaning: the others are named too
        return f"{self.wanted}中的一项（写法最接近的是{closest}）" if len(self.allowed) <= SHOWN_WHOLE else f"规定的写法（最接近的是{closest}）"


@dataclass(frozen=True)
class Several(Choice):
    """Any number of a closed list, kept as codes joined by commas; a word outside the list becomes `otherwise`."""

    otherwise: str = ""

    type = "choices"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if squeeze(text) in EMPTY_WORDS:
            return Cell("")
        found = [self.find(part) or self.otherwise for part in split_names(text.replace(" ", "、"))]
        if not all(found):
            raise Fault("not-in-list", wanted=self.wanted)
        return Cell(",".join(dict.fromkeys(found)))


def _ticked(word: str) -> str:
    """The ticked one of "□是☑否" or "是□否√"; "" where it is no such form, or none or both are ticked."""
    if not _BOXES.fullmatch(word):
        return ""
    before = word[0] not in "是否有无"
    found = re.findall(rf"[{_TICKS}]([是否有无])" if before else rf"([是否有无])[{_TICKS}]", word)
    return found[0] if len(found) == 1 else ""


@dataclass(frozen=True)
class YesNo(Column):
    """是 or 否 in any of the usual marks, or in `words` of its own; blank is not filled, never 否."""

    words: Mapping[str, bool] = field(default_factory=dict)

    type = "yesno"

    @property
    def allowed(self) -> list[str]:
        return ["是", "否"]

    @property
    def wanted(self) -> str:
        return "“是”或“否”"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        word = squeeze(text).lower()
        word = _ticked(word) or word
        if word in self.words:
            return Cell(self.words[word], "是" if self.words[word] else "否")
        if word in YES:
            return Cell(True, None if text == "是" else "是")
        if word in NO:
            return Cell(False, None if text == "否" else "否")
        if word in EMPTY_WORDS:
            return Cell(None)
        raise Fault("unknown-mark")
