"""What an approval would change: rows new, changed and gone, and the figures and verdicts that would move."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators import snapshots
from indicators.handlers import valid_standards
from indicators.rules import effective
from indicators.standard import SchoolIndicator
from indicators.standards import STANDARDS
from ledgers.models import Version
from ledgers.services.comparing import Difference, compare
from ledgers.services.receiving import ledger_of
from ledgers.services.surroundings import facts_year
from schools import datasets
from schools.factset import standing_set
from schools.numbers import exact


@dataclass(frozen=True)
class Moved:
    """One figure or verdict that would move. `school` "" for the county; values are decimal strings or None."""

    standard: str
    school: str
    stage: str
    title: str
    unit: str
    old: str | None
    new: str | None
    old_met: bool | None
    new_met: bool | None

    @property
    def flips(self) -> bool:
        return self.old_met != self.new_met


def moved_figures(version: Version) -> list[Moved]:
    """Every figure and verdict that would differ if this version stood now: those that change a verdict first.

    Both sides are evaluated on the standing set of this moment, so that only this file's effect is shown.
    """
    county, year = version.filing.county, facts_year(version.filing.period)
    standing = standing_set(county, year)
    fresh = standing.with_dataset(version.dataset)
    parameters = snapshots.parameters_for(county, year)
    found: list[Moved] = []
    for code in valid_standards(year):
        before = snapshots.evaluate_set(code, standing, parameters)["national"]
        after = snapshots.evaluate_set(code, fresh, parameters)["national"]
        found += _compare_rulesets(code, effective(STANDARDS[code], parameters), before, after)
    return sorted(found, key=lambda m: (not m.flips, m.school != "", m.standard))


def _compare_rulesets(code: str, listed: Sequence[SchoolIndicator], before: Mapping, after: Mapping) -> list[Moved]:
    standard = STANDARDS[code]
    titles = {item.code: (item.title, item.unit) for item in listed}
    found: list[Moved] = []
    was = {(row["code"], row["stage"], row["part"]): row for row in before["schools"]}
    for row in after["schools"]:
        old = was.get((row["code"], row["stage"], row["part"]), {"indicators": {}, "passes": None})
        for item, cell in row["indicators"].items():
            former = old["indicators"].get(item, {"value": None, "met": None})
            title, unit = titles[item]
            found += _moved(standard.title, row["name"], row["stage"], title, unit, former, cell)
        found += _moved(standard.title, row["name"], row["stage"], "本校综合判定", "", {"met": old["passes"]}, {"met": row["passes"]})
    former_cv = {(cell["stage"], cell["indicator"]): cell for cell in before["county"]}
    for cell in after["county"]:
        former = former_cv.get((cell["stage"], cell["indicator"]), {"cv": None, "met": None})
        title = titles.get(cell["indicator"], (cell["indicator"], ""))[0]
        found += _moved(standard.title, "", cell["stage"], f"{title} 校际差异系数", "", _cv(former), _cv(cell))
    verdicts = [{"met": {"pass": True, "fail": False}.get(side["verdict"])} for side in (before, after)]
    return found + _moved(standard.title, "", "", "全县结论", "", *verdicts)


def _cv(cell: Mapping) -> dict:
    return {"value": cell["cv"], "met": cell["met"]}


def _moved(standard: str, school: str, stage: str, title: str, unit: str, old: Mapping, new: Mapping) -> list[Moved]:
    if exact(old.get("value")) == exact(new.get("value")) and old["met"] == new["met"]:
        return []
    return [Moved(standard, school, stage, title, unit, old.get("value"), new.get("value"), old["met"], new["met"])]


@dataclass(frozen=True)
class Preview:
    """Both halves, for the page."""

    difference: Difference
    moved: list[Moved]

    @property
    def flips(self) -> list[Moved]:
        return [m for m in self.moved if m.flips]


def preview(version: Version) -> Preview | None:
    """What approving this version would change; None when it has no staged rows (faulty) or already stands."""
    if version.dataset is None or version.dataset.state != "staged":
        return None
    filing = version.filing
    standing = datasets.standing(filing.county, filing.ledger, filing.period, filing.school)
    return Preview(compare(version.dataset, standing, ledger_of(filing.ledger)), moved_figures(version))
