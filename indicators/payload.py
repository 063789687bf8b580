"""The result as plain JSON: the `snapshot` contract, and beside its keys all a page or paper needs for ever.

Every figure is a string: 34 significant digits, plain notation, in the unit of the indicator.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from indicators.arithmetic import Spread, decimal34, flips_when_printed, quotient34, ratio34, sqrt34
from indicators.items.item import as_json
from indicators.standard import SchoolIndicator, Standard
from schools.codes import AREAS, SCHOOL_TYPES, SPONSORS, area_group
from schools.factset import SchoolRef
from schools.quantity import Quantity

if TYPE_CHECKING:
    from indicators.engine import Difference, Evaluation, Measure, RowResult, Split
    from indicators.scope import LeftOut
    from indicators.verdict import Composite


def ruleset(evaluation: Evaluation, parameters: Mapping[str, Any], local_rules: Mapping[str, Any]) -> dict:
    """R of the contract, with `local_rules` (document and clause of each rule in force) beside `parameters`."""
    working = _working(evaluation.differences)
    county = evaluation.county
    return {
        "parameters": dict(parameters),
        "local_rules": dict(local_rules),
        "complete": evaluation.complete,
        "missing": _missing(evaluation),
        "left_out": [_left_out(left) for left in evaluation.scoped.left_out],
        "schools": [_school(evaluation, result, working) for result in evaluation.rows],
        "county": [_county(evaluation, difference) for difference in evaluation.differences],
        "composite": [_composite(evaluation.standard, composite) for composite in county.composites],
        "stages": [_stage(evaluation, stage) for stage in evaluation.standard.stages],
        "items": [as_json(listed) for listed in evaluation.items],
        "parts": dict(county.parts),
        "applying": county.applying, "begun": evaluation.begun,
        "verdict": county.verdict,
    }


def indicators(
    standard: Standard, quantities: Mapping[str, Quantity], listed: Sequence[SchoolIndicator] | None = None
) -> list[dict]:
    """What the `listed` indicators are (default: the national ones): titles, units, clauses, the quantities they divide."""
    listed = standard.own_indicators if listed is None else listed
    return [
        {
            "code": item.code, "title": item.title, "short": item.short, "unit": item.unit, "noun": item.noun,
            "places": item.digits, "mean_places": item.digits,
            "cv_places": standard.difference_rule.digits, "clause": item.clause, "note": item.note,
            "per": str(item.per), "split": item.split, "difference": item.difference,
            "numerator": _quantity(quantities[item.numerator]), "denominator": _quantity(quantities[item.denominator]),
        }
        for item in listed
    ]


def split_working(split: Split | None) -> dict | None:
    """The whole resource, the weights and pupils of each stage, and this stage's share as an exact fraction."""
    if split is None:
        return None
    return {
        "raw": decimal34(split.whole),
        "weights": {stage: decimal34(split.weights[stage]) for stage in split.pupils},
        "pupils": dict(split.pupils),
        "share": f"{split.share.numerator}/{split.share.denominator}",
    }


def _quantity(quantity: Quantity) -> dict:
    return {"code": quantity.code, "title": quantity.title, "unit": quantity.unit, "note": quantity.note}


def _text(value: Fraction | int | None) -> str | None:
    return None if value is None else decimal34(value)


def _named(school: SchoolRef) -> dict:
    return {"school": school.code, "name": school.name}


def _missing(evaluation: Evaluation) -> list[dict]:
    schools = {school.code: school for school in evaluation.facts.schools}
    quantities = evaluation.tallies.quantities
    return [
        {
            **_named(schools[code]), "ledger": ledger,
            "quantities": [
                {"code": quantity, "title": quantities[quantity].title, "stage": stage}
                for quantity, stage in sorted(lacking)
            ],
        }
        for (code, ledger), lacking in sorted(evaluation.missing.items())
    ]


def _left_out(left: LeftOut) -> dict:
    return {
        **_named(left.school), "stage": left.stage, "reason": left.reason, "text": left.text,
        "pupils": _text(left.pupils),
    }


def _school(evaluation: Evaluation, result: RowResult, working: Mapping[tuple, dict]) -> dict:
    row, school, verdict = result.row, result.row.school, result.verdict
    facts = {code: quotient34(count, scale) for code, (count, scale) in result.facts.items()}
    return {
        "code": school.code, "name": school.name, "stage": row.stage, "part": row.part,
        "pupils": decimal34(row.pupils),
        "grades": facts.get("grades"), "classes": facts.get("classes"),
        "sponsor_code": school.sponsor_code, "sponsor": SPONSORS.get(school.sponsor_code, ""),
        "type_code": school.type_code, "type": SCHOOL_TYPES.get(school.type_code, ""),
        "area_code": school.area_code, "area": AREAS.get(school.area_code, ""),
        "area_group": area_group(school.area_code), "township": school.township,
        "facts": facts | _register_facts(school),
        "indicators": {
            item.code: _printed(evaluation, item, result) | working.get((row.stage, item.code, school.code), {})
            for item in evaluation.indicators
        },
        "passes": verdict.passes, "met_count": verdict.met, "counted": verdict.counted,
        "misses": list(verdict.misses), "below_floor": list(verdict.below_floor),
    }


def _register_facts(school: SchoolRef) -> dict:
    """What the register says of the school beside its codes."""
    return {
        "built_year": None if school.built_year is None else str(school.built_year),
        "is_dense_centre": school.is_dense_centre,
    }


def _printed(evaluation: Evaluation, item: SchoolIndicator, result: RowResult) -> dict:
    """The cell of one measure; the twin's, where it is the very same measure."""
    key, twin = (result.row.school.id, result.row.stage, item.code), evaluation.twin
    measure = result.measures[item.code]
    if twin is not None and key in twin.printed and twin.measures.get(key) is measure:
        cell = twin.printed[key]
    else:
        cell = _cell(item, measure)
    evaluation.printed[key] = cell
    return cell


def _cell(item: SchoolIndicator, measure: Measure) -> dict:
    bounds = [b for b in (measure.threshold, measure.floor) if b is not None]
    return {
        "numerator": _text(measure.numerator), "denominator": _text(measure.denominator), "per": str(item.per),
        "value": _text(measure.value), "unit": item.unit, "threshold": _text(measure.threshold),
        "floor": _text(measure.floor), "met": measure.met, "reason": measure.reason,
        "near_flip": measure.value is not None
        and any(flips_when_printed(measure.value, bound, item.digits) for bound in bounds),
        "split": split_working(measure.split),
    }


def _working(differences: Sequence[Difference]) -> dict[tuple[str, str, str], dict]:
    """The working of the coefficient per school: weight P_i/N, term of the variance, share of CV squared.

    The printed weights add up to exactly 1, and so do the printed shares.
    """
    working = {}
    for difference in differences:
        spread = difference.spread
        if spread is None:
            continue
        weights, shares = spread.printed_weights, spread.printed_shares or [None] * len(difference.codes)
        terms = spread.printed_terms(difference.indicator.per)
        for code, weight, term, share in zip(difference.codes, weights, terms, shares, strict=True):
            working[difference.stage, difference.indicator.code, code] = {"weight": weight, "term": term, "cv_share": share}
    return working


def _scaled(variance: Fraction, per: int) -> str:
    """A variance in the indicator's own unit squared (per 100 pupils: times 100 squared)."""
    return ratio34(variance, Fraction(1, per * per))


def _county(evaluation: Evaluation, difference: Difference) -> dict:
    item, spread = difference.indicator, difference.spread
    rows = [r.measures[item.code] for r in evaluation.rows if r.row.stage == difference.stage]
    return {
        "stage": difference.stage, "indicator": item.code,
        **_spread(item, spread, difference.limit),
        "limit": _text(difference.limit), "met": difference.met, "complete": difference.complete,
        "reason": difference.reason, "unit": item.unit,
        "single_school": len(difference.codes) == 1,
        "schools_total": len(rows), "schools_known": sum(m.value is not None for m in rows),
        "schools_met": sum(m.met is True for m in rows),
        "near_flip": _cv_flips(evaluation.standard, spread, difference.limit),
    }


def _spread(item: SchoolIndicator, spread: Spread | None, limit: Fraction | None) -> dict:
    if spread is None:
        return dict.fromkeys(("mean", "cv", "variance", "deviation", "numerator", "denominator"))
    per = item.per
    return {
        "mean": decimal34(spread.mean * per),
        "cv": None if spread.cv_squared is None else sqrt34(spread.cv_squared),
        "variance": _scaled(spread.variance, per), "deviation": sqrt34(spread.variance * per * per),
        "numerator": decimal34(spread.total), "denominator": decimal34(spread.total_pupils),
    }


def _cv_flips(standard: Standard, spread: Spread | None, limit: Fraction | None) -> bool:
    if spread is None or limit is None or spread.cv_squared is None:
        return False
    # Only the printed figure is compared as a decimal; the exact verdict needs no root.
    printed_within = not flips_when_printed(sqrt34(spread.cv_squared), limit, standard.difference_rule.digits,
                                            at_most=True)
    return not printed_within


def _composite(standard: Standard, composite: Composite) -> dict:
    return {
        "stage": composite.stage, "value": _text(composite.value), "limit": decimal34(composite.limit),
        "met": composite.met, "complete": composite.complete, "reason": composite.reason,
        "near_flip": composite.value is not None and flips_when_printed(
            composite.value, composite.limit, standard.difference_rule.digits, at_most=True
        ),
    }


def _stage(evaluation: Evaluation, stage: str) -> dict:
    """How many schools of the stage there are, are judged, and pass; interim while schools are unknown."""
    rows = [result for result in evaluation.rows if result.row.stage == stage]
    parts = [result.row.part for result in rows]
    passes = [result.verdict.passes for result in rows]
    return {
        "stage": stage, "schools": len(rows), "passing": sum(p is True for p in passes),
        "failing": sum(p is False for p in passes), "undecided": sum(p is None for p in passes),
        "pupils": decimal34(sum(result.row.pupils for result in rows)),
        "parts": {part: parts.count(part) for part in sorted(set(parts))},
        "complete": stage not in evaluation.unknown_stages,
    }
