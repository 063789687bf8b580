"""What is to be marked: plain values only, so that the task can cross to the limited process."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..problems import CATALOGUE, LEVELS, Problem

ORDER = {level: rank for rank, level in enumerate(LEVELS)}


class Found(NamedTuple):
    """One problem as `Problem.as_json` tells it."""

    level: str
    code: str
    sheet: str
    cell: str
    row: int | None
    column: str
    field: str
    value: str
    message: str

    @classmethod
    def of(cls, problem: Mapping) -> Found:
        return cls(*[problem[name] for name in cls._fields])

    @property
    def title(self) -> str:
        return CATALOGUE[self.code].title if self.code in CATALOGUE else LEVELS[self.level]

    @property
    def sentence(self) -> str:
        """The message without its place: it will stand there."""
        place = Problem(self.code, self.sheet, self.cell, self.row, self.column).place
        return self.message.removeprefix(f"{place}：")

    @property
    def addresses(self) -> list[str]:
        """The cells meant; a sum of several cells is written "E12+E13"."""
        return self.cell.split("+") if self.cell else []


@dataclass(frozen=True)
class Task:
    """`facts`: lines (label, text) about the filing for the sheet 说明. `allowed`: field → what may be filled in.

    `comments`: the most comments written (the gravest first; the colour still marks every cell). `lines`: the most lines
    of 必改 and of 汇总.
    """

    problems: list[Found]
    facts: Sequence[tuple[str, str]] = ()
    allowed: Mapping[str, str] = field(default_factory=dict)
    comments: int = 2_000
    lines: int = 190

    def plain(self) -> dict:
        """For marshal."""
        return {
            "problems": [tuple(problem) for problem in self.problems], "facts": [tuple(fact) for fact in self.facts],
            "allowed": dict(self.allowed), "comments": self.comments, "lines": self.lines,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: dict) -> Task:
        return cls(**{**plain, "problems": [Found(*problem) for problem in plain["problems"]]})
