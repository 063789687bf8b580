"""At start every name in a standard must be real: a misspelt quantity is an error then, not a silence later."""
from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, register

from indicators.standard import SchoolIndicator, Standard
from indicators.standards import STANDARDS
from schools.quantity import QUANTITIES


@register("indicators")
def check_standards(app_configs=None, **kwargs) -> list[CheckMessage]:
    """Quantities, stages, splits, clauses and units of every declared standard."""
    return [
        Error(f"{standard.code}: {message}", id="indicators.E001")
        for standard in STANDARDS.values() for message in faults(standard, QUANTITIES)
    ]


def faults(standard: Standard, quantities) -> Iterator[str]:
    """What is wrong with a declaration, as English sentences for developers."""
    codes = [indicator.code for indicator in standard.indicators]
    if len(set(codes)) != len(codes):
        yield "two indicators of one code"
    if standard.difference_rule.kind == "composite" and set(standard.difference_rule.at_most) != set(standard.stages):
        yield "the composite needs a limit for each stage"
    if standard.school_rule.minimum_met > len(codes):
        yield "more indicators must be met than there are"
    for indicator in standard.indicators:
        yield from (f"{indicator.code}: {fault}" for fault in _indicator_faults(standard, indicator, quantities))
    for figure in standard.figures:
        slot = figure.as_slot(figure.code, standard.clause)
        yield from (f"figure {figure.code}: {fault}" for fault in _indicator_faults(standard, slot, quantities))


def _indicator_faults(standard: Standard, indicator: SchoolIndicator, quantities) -> Iterator[str]:
    for name in (indicator.numerator, indicator.denominator):
        if name not in quantities:
            yield f"no quantity {name}"
    numerator = quantities.get(indicator.numerator)
    if numerator and indicator.split != (numerator.by == "school"):
        yield f"split does not fit {indicator.numerator}, which is counted by {numerator.by}"
    if indicator.per not in (1, 100):
        yield f"per {indicator.per} is neither 1 nor 100"
    if not (indicator.clause and indicator.unit and indicator.noun and indicator.short):
        yield "clause, unit, noun and short title are compulsory"
    stages = set(standard.stages)
    for values in (indicator.at_least, indicator.difference_at_most):
        if values and set(values) != stages:
            yield "a threshold or limit must name every stage"
    if standard.difference_rule.kind == "each" and not indicator.difference_at_most:
        yield "the difference rule asks for a limit"
