"""A report is declared: code, title, scope, who may have it, formats, and how it is built from one snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schools.models import County

from .document import Document

COUNTY, SCHOOL = "county", "school"


@dataclass(frozen=True)
class Material:
    """All a report may look at: the frozen words and figures of one snapshot, nothing live.

    `payload` is the snapshot's JSON (indicators.snapshots.payload), `ruleset` the chosen one of its rulesets,
    `school` the code of the school of a school report, `school_codes` every code it has or had.
    """

    payload: dict[str, Any]
    ruleset: dict[str, Any]
    ruleset_name: str
    county_name: str
    school: str = ""
    school_codes: frozenset[str] = frozenset()
    month: str = ""

    @property
    def year_label(self) -> str:
        year = self.payload["year"]
        return f"{year}-{year + 1}学年"

    @property
    def indicators(self) -> list[dict[str, Any]]:
        return self.payload["indicators"]

    def rows(self, stage: str | None = None) -> list[dict[str, Any]]:
        """The school rows, of one stage or (school reports) of the school in question."""
        rows = self.ruleset["schools"]
        if self.school:
            rows = [row for row in rows if row["code"] in {self.school, *self.school_codes}]
        return [row for row in rows if stage is None or row["stage"] == stage]


@dataclass(frozen=True)
class Ground:
    """What a paper of living registers stands on instead of a snapshot: facts gathered once, known by their fingerprint.

    `pk` names them (a month), `frozen_at` is the time since which they are complete (None: the paper is a draft),
    `footer` the line printed small on every page. The other names are a snapshot's.
    """

    pk: str
    payload: dict[str, Any]
    fingerprint: str
    data_version: int
    created_at: dt.datetime
    frozen_at: dt.datetime | None
    footer: str


@dataclass(frozen=True)
class Report:
    """One kind of paper. `standards` it can be made for, the default first; `build` turns Material into a Document.

    `gather(county, year, month)` makes a paper of a month from living registers; without it a snapshot is the ground.
    """

    code: str
    title: str
    scope: str
    formats: tuple[str, ...]
    standards: tuple[str, ...]
    build: Callable[[Material], Document]
    description: str = ""
    verb: str = "make_report"
    template: str = "reports/document.html"
    gather: Callable[[County, int, str], Ground] | None = None

    @property
    def by_month(self) -> bool:
        """Whether an order must name a month."""
        return self.gather is not None


class CannotMake(Exception):
    """The paper cannot be made; the message is a Chinese sentence saying why and what to do."""


class BadOrder(CannotMake):
    """There is no such report, format or standard, or a school is named where none belongs: the order itself is wrong."""
