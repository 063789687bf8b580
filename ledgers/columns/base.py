"""The base of typed columns: one declaration gives header matching, parsing, template, help page and catalogue."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from ..cleaning import EMPTY_WORDS, squeeze, trim


class Fault(Exception):
    """Raised by a column for one text: the problem code and its parameters."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Cell:
    """What one text became: `value`; `repaired` when the text had to be mended; `remarks` [(code, params)]."""

    value: object
    repaired: str | None = None
    remarks: tuple[tuple[str, dict], ...] = ()
    bad: bool = False


@dataclass
class Parsed:
    """A column read whole. `bad`: positions whose text could not be used. `remarks`: (position, code, params)."""

    values: list
    bad: set[int] = field(default_factory=set)
    remarks: list[tuple[int, str, dict]] = field(default_factory=list)
    repairs: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """One column of a ledger.

    `header` is what the template prints, `aliases` what people write instead (for turned sheets also 填报项目 labels);
    `weak_aliases` mean it only on a sheet that has no better column for it.
    `field` names the value; `target` the model it is stored in (None: the table's own model; "" : not stored).
    `required`: True, False, or the name of a condition that `Ledger.needed_rows` knows. `absent_notice`: not required, but its
    absence is told. `example` is compulsory: it fills the template, the help sheet and the round-trip test.
    `identity`: "code", "name", "type", "sponsor", "area", "township" are compared with the register, never written.
    `adds_to`: a part that is summed into another field. `personal`: masked wherever it is shown.
    """

    header: str
    field: str
    example: str = ""
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    required: bool | str = False
    absent_notice: bool = False
    target: str | None = None
    unit: str = ""
    personal: bool = False
    help: str = ""
    identity: str = ""
    adds_to: str = ""
    in_template: bool = True
    only_turned: bool = False

    type = "text"
    blank: ClassVar[object] = None
    as_text = False
    summable = False
    minds_kinds = "efd"
    takes_dates = False
    needs_digits = False

    @property
    def wanted(self) -> str:
        """What to fill in, for messages: “全日制学历中最高的一个，例如“本科”"."""
        return f"，例如“{self.example}”".lstrip("，") if self.example else "内容"

    @property
    def allowed(self) -> list[str]:
        """The words a person may choose from; empty when free."""
        return []

    def mask(self, text: str) -> str:
        """The text as it may be shown."""
        return "***" if self.personal and text else text

    def parse(self, texts: Sequence[str], kinds: Sequence[str] | None = None, unit: str = "") -> Parsed:
        """Read a whole column: each different text once. `kinds` one letter a cell, `unit` from header or corner."""
        minded = kinds is not None and not set(self.minds_kinds).isdisjoint(kinds)
        keys: Sequence = list(zip(texts, kinds, strict=True)) if minded else texts
        values, odd = self.parse_unique(list(dict.fromkeys(keys)), minded, unit)
        parsed = Parsed(list(map(values.__getitem__, keys)))
        if odd:
            self._collect(parsed, keys, odd)
        return parsed

    def _collect(self, parsed: Parsed, keys: Sequence, odd: Mapping[object, Cell]) -> None:
        for position, key in enumerate(keys):
            if key in odd:
                cell = odd[key]
                if cell.bad:
                    parsed.bad.add(position)
                if cell.repaired is not None:
                    parsed.repairs.append((position, cell.repaired))
                parsed.remarks.extend((position, code, params) for code, params in cell.remarks)

    def parse_unique(self, keys: list, minded: bool, unit: str) -> tuple[dict, dict[object, Cell]]:
        """(value of each key, the odd ones in full). A key is a text, or (text, kind) when kinds are minded."""
        values, odd = {}, {}
        for key in keys:
            text, kind = key if minded else (key, " ")
            cell = self.read_cell(text, kind, unit)
            values[key] = cell.value
            if cell.bad or cell.repaired is not None or cell.remarks:
                odd[key] = cell
        return values, odd

    def read_cell(self, text: str, kind: str = " ", unit: str = "") -> Cell:
        """One text. Faults become remarks; the value is then the column's blank."""
        if kind == "e":
            return Cell(self.blank, remarks=(("error-value", {}),), bad=True)
        if kind == "f":
            return Cell(self.blank, remarks=(("formula-without-value", {}),), bad=True)
        if kind == "d" and not self.takes_dates:
            return Cell(self.blank, remarks=(("became-a-date", {}),), bad=True)
        if not text or not (bare := trim(text)):
            return Cell(self.blank)
        try:
            return self.read(bare, kind, unit)
        except Fault as fault:
            return Cell(self.blank, remarks=((fault.code, fault.params),), bad=True)

    def total(self, text: str, unit: str = "") -> int | None:
        """A sum of this column under its rows, which may exceed what one row may hold; None when it is no number."""
        return None

    def read(self, text: str, kind: str, unit: str) -> Cell:
        """The value of a text that is not blank. Raises Fault."""
        raise NotImplementedError


def is_empty_word(text: str) -> bool:
    return text in EMPTY_WORDS or squeeze(text) in EMPTY_WORDS


@dataclass(frozen=True)
class Text(Column):
    """Free text of at most `longest` characters; edges trimmed."""

    longest: int = 120

    type = "text"
    blank = ""
    takes_dates = True

    def read(self, text: str, kind: str, unit: str) -> Cell:
        if len(text) > self.longest:
            raise Fault("text-too-long", count=len(text), wanted=self.longest)
        if is_empty_word(text):
            return Cell("")
        return Cell(text)


@dataclass(frozen=True)
class Ignored(Column):
    """A column people keep for themselves (序号, 备注): recognised, so that nobody is told of it; nothing is stored."""

    type = "ignored"
    target: str | None = ""
    in_template: bool = False

    def parse(self, texts: Sequence[str], kinds: Sequence[str] | None = None, unit: str = "") -> Parsed:
        return Parsed([None] * len(texts))


@dataclass(frozen=True)
class Dropped(Ignored):
    """A column another system exports and this portal does not need: recognised and never kept. A file that has some is
    told once which they were (design: needed columns in, the rest dropped at the door)."""
