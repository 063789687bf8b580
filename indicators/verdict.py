"""From values to verdicts: the school's rule, the county's coefficients, and how they join."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from indicators import arithmetic
from indicators.items.item import CONDITION, NOT_APPLICABLE, PARTS, Listed, Result
from indicators.rules import Rules
from schools.factset import SchoolRef

if TYPE_CHECKING:
    from indicators.engine import Difference, Measure, RowResult

PASS, FAIL, INCOMPLETE = "pass", "fail", "incomplete"
NOTHING = ""  # an item that does not apply


@dataclass(frozen=True)
class SchoolVerdict:
    """`passes` None while a needed figure is missing (or no threshold is set); the misses and those below the floor."""

    passes: bool | None
    met: int
    counted: int
    misses: tuple[str, ...]
    below_floor: tuple[str, ...]


@dataclass(frozen=True)
class Composite:
    """The plain mean of the unrounded coefficients of one stage; `value` None with a reason."""

    stage: str
    value: Fraction | None
    limit: Fraction
    met: bool | None
    complete: bool
    reason: str | None


@dataclass(frozen=True)
class CountyVerdict:
    """The composites (where the standard has one), each part and the joined verdict: pass, fail or incomplete.

    `applying`: the conditions to apply together, beside the verdict; None where the standard lists none.
    """

    composites: tuple[Composite, ...]
    parts: Mapping[str, str]
    verdict: str
    applying: str | None = None


def judge_school(rules: Rules, school: SchoolRef, measures: Mapping[str, Measure]) -> SchoolVerdict:
    """At least `minimum_met` met and each miss at its floor.

    Counted as misses allowed, so that an indicator that does not apply, or has no threshold, is no miss. Where a place makes
    the list itself, the number is of those it has set, 0 meaning all of them. A school
    already beyond its misses fails although figures are missing; it never passes while one is.
    """
    judged = {code: m for code, m in measures.items() if m.threshold is not None}
    misses = tuple(code for code, m in judged.items() if m.met is False)
    below = tuple(code for code in misses if judged[code].value < judged[code].floor)
    met = sum(m.met is True for m in judged.values())
    least = rules.get("minimum_met", school=school)
    asked = len(judged) if rules.standard.figures else len(measures)
    allowed = asked - (least or asked)
    if below or len(misses) > allowed:
        passes: bool | None = False
    elif not judged or any(m.reason == "missing" for m in judged.values()):
        passes = None
    else:
        passes = True
    return SchoolVerdict(passes, met, len(judged), misses, below)


def judge_county(rules: Rules, rows: Sequence[RowResult], differences: Sequence[Difference]) -> CountyVerdict:
    """Every school passes (where a school rule applies) and the coefficients hold.

    Incomplete exactly while figures are missing (or no school counts) and nothing known fails already.
    """
    composites, difference_results = _DIFFERENCE_RULES[rules.standard.difference_rule.kind](rules, differences)
    school_results = [result.verdict.passes for result in rows if result.verdict.counted]
    results = school_results + difference_results
    if any(result is False for result in results):
        verdict = FAIL
    elif not rows or any(result is None for result in results) or not all(d.complete for d in differences):
        verdict = INCOMPLETE
    else:
        verdict = PASS
    return CountyVerdict(composites, {rules.standard.part: verdict}, verdict)


def join_items(county: CountyVerdict, items: Sequence[Listed], *, begun: bool) -> CountyVerdict:
    """The same with the listed items: each part by its items, the verdict by the parts (a veto fails it like any other).

    Until the county has `begun` to answer beyond its schools' figures (nothing attested, no ledger of its own), a part
    counts only where a known figure already fails it: the result then speaks of the resource part, and says so.
    """
    said: dict[str, list[str]] = {}
    for listed in items:
        if listed.result.decides:
            said.setdefault(listed.item.part, []).append(_word(listed.result))
    judged = {part: _joined(words) for part, words in said.items() if begun or FAIL in words}
    applying = judged.pop(CONDITION, None)
    parts = {
        part: _joined([*([county.parts[part]] if part in county.parts else []), *([judged[part]] if part in judged else [])])
        for part in PARTS if part in county.parts or part in judged
    }
    return CountyVerdict(county.composites, parts, _joined(list(parts.values())), applying)


def _word(result: Result) -> str:
    if result.met is not None:
        return PASS if result.met else FAIL
    return NOTHING if result.reason == NOT_APPLICABLE else INCOMPLETE


def _joined(words: Sequence[str]) -> str:
    """Any fail fails; any open one leaves it open, and so do only items that ask nothing: a pass needs something that passed."""
    for word in (FAIL, INCOMPLETE, PASS):
        if word in words:
            return word
    return INCOMPLETE


def _counts(result: Difference | Composite) -> bool | None:
    """What a coefficient brings to the verdict: None only while figures are missing.

    An undefined one (mean 0) shows no verdict of its own, but with every figure given it is certainly no pass.
    """
    return False if result.reason == "undefined" and result.complete else result.met


def _each(rules: Rules, differences: Sequence[Difference]) -> tuple[tuple[Composite, ...], list[bool | None]]:
    """Each coefficient within its own limit; a stage without schools asks nothing."""
    return (), [_counts(d) for d in differences if d.reason != "not_applicable"]


def _composite(rules: Rules, differences: Sequence[Difference]) -> tuple[tuple[Composite, ...], list[bool | None]]:
    """The plain mean of all coefficients of a stage, unrounded, within the stage's limit; single ones may exceed it."""
    composites = []
    for stage in rules.standard.stages:
        own = [d for d in differences if d.stage == stage]
        limit = rules.get("composite_limit", stage=stage)
        complete = all(d.complete for d in own)
        reasons = [d.reason for d in own if d.reason]
        if reasons:
            composites.append(Composite(stage, None, limit, None, complete, reasons[0]))
            continue
        squares = [d.spread.cv_squared for d in own]
        met = arithmetic.mean_root_within(squares, limit) if complete else None
        composites.append(Composite(stage, arithmetic.mean_root(squares), limit, met, complete, None))
    return tuple(composites), [_counts(c) for c in composites if c.reason != "not_applicable"]


_DIFFERENCE_RULES: dict[str, Callable] = {"each": _each, "composite": _composite}
