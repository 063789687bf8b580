"""What a paper is made of: a flat list of blocks that PDF, Excel and the screen all render from the same words.

A report builds one Document from a snapshot; no renderer knows any report by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Blank:
    """A blank of an official form, filled by the portal and underlined; `text` empty = left to be written by hand."""

    text: str = ""
    width: int = 4


Line = tuple["str | Blank", ...]


def filled(pattern: str, *values: str | None) -> Line:
    """The words of a form with each `{}` a filled blank: filled("小学{}人", "12"). None leaves the blank empty."""
    words = pattern.split("{}")
    if len(words) != len(values) + 1:
        raise ValueError(f"{len(values)} values for {len(words) - 1} blanks: {pattern}")
    line: list[str | Blank] = [words[0]]
    for value, word in zip(values, words[1:], strict=True):
        line += [Blank("" if value is None else value), word]
    return tuple(part for part in line if part != "")


def plain(line: Line) -> str:
    """A line as bare text (Excel, tests): an empty blank is shown as a rule."""
    return "".join(part if isinstance(part, str) else (part.text or "＿＿") for part in line)


@dataclass(frozen=True)
class Cell:
    """A table cell. `places` not None: `text` is a printed number with so many decimals, written to Excel as a number."""

    text: str = ""
    lines: tuple[Line, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    places: int | None = None
    align: str = "center"
    failing: bool = False
    strong: bool = False


def number(text: str | None, places: int, *, failing: bool = False, none: str = "—") -> Cell:
    """A figure already rounded for print; a missing one is a dash, never 0."""
    return Cell(none if text is None else text, places=None if text is None else places, failing=failing)


def label(text: str, *, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, colspan=colspan, rowspan=rowspan, strong=True)


@dataclass(frozen=True)
class Table:
    """A form table: header rows repeat on every page; `widths` are relative column widths; `landscape` is A4 turned.
    `follows`: stands below the table before it, where the page has room, instead of on a page of its own."""

    title: str
    header: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    subtitle: str = ""
    unit_line: str = ""
    notes: tuple[Line, ...] = ()
    landscape: bool = False
    follows: bool = False
    sheet: str = ""

    @property
    def percents(self) -> tuple[str, ...]:
        """The column widths as percentages of the type area."""
        whole = sum(self.widths)
        return tuple(f"{100 * width / whole:.3f}%" for width in self.widths)


@dataclass(frozen=True)
class Paragraph:
    """Running text of an official paper; `level` 1-4 are the headings 一、 (一) 1. (1), 0 is body text."""

    line: Line
    level: int = 0


@dataclass(frozen=True)
class Signatures:
    """The sign block at the foot of a form: names of the places to sign, in one row."""

    places: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One paper. `footer` lines are printed small on every page; `draft` prints the mark 草稿 across each page."""

    title: str
    blocks: tuple[Table | Paragraph | Signatures, ...]
    subtitle: Line = ()
    footer: tuple[str, ...] = ()
    draft: bool = False
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))
