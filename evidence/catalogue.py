"""What may be attested: each standard tells this room its items when it is loaded (the room knows no standard itself)."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ITEM, VETO, SURVEY, MONITORING, POINTS, PAST = "item", "veto", "survey", "monitoring", "points", "past"
KINDS = (ITEM, VETO, SURVEY, MONITORING, POINTS, PAST)

SUBJECTS = {"chinese": "语文", "maths": "数学", "science": "科学", "pe": "体育", "arts": "艺术", "moral": "德育"}
GROUPS = {"all": "计", "parents": "其中：家长"}
LEVELS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}


@dataclass(frozen=True)
class Demand:
    """One thing a standard asks evidence for: item code, title, kind of entry, clause, and what to attest in words."""

    code: str
    title: str
    kind: str
    clause: str
    wanted: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that one standard asks, in its order."""

    standard: str
    title: str
    demands: tuple[Demand, ...]

    def of(self, kind: str) -> tuple[Demand, ...]:
        return tuple(demand for demand in self.demands if demand.kind == kind)

    def codes(self, kind: str) -> set[str]:
        return {demand.code for demand in self.of(kind)}

    def demand(self, code: str) -> Demand | None:
        return next((demand for demand in self.demands if demand.code == code), None)


CATALOGUES: dict[str, Catalogue] = {}


def declare(standard: str, title: str, demands: Iterable[Demand]) -> Catalogue:
    """Let a standard's evidence be entered. A kind nobody knows is a programming error."""
    found = Catalogue(standard, title, tuple(demands))
    if unknown := {demand.kind for demand in found.demands} - set(KINDS):
        raise ValueError(f"{standard} asks for evidence of unknown kinds {unknown}")
    CATALOGUES[standard] = found
    return found
