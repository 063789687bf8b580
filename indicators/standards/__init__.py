"""The declared standards. To add one: a file here and its line in the list."""
from __future__ import annotations

from evidence import catalogue
from indicators import rules
from indicators.items.item import Item
from indicators.standard import SchoolIndicator, Standard
from indicators.standards.basic_2012 import BASIC_2012
from indicators.standards.quality_2017 import QUALITY_2017

STANDARDS: dict[str, Standard] = {standard.code: standard for standard in (QUALITY_2017, BASIC_2012)}

for _standard in STANDARDS.values():
    rules.declare_parameters(_standard)
    catalogue.declare(_standard.code, _standard.title, [demand for item in _standard.items for demand in item.demands()])


def describe() -> list[dict]:
    """The standards as the catalogue publishes them: [{"code", "title", "document", "items": [{"code", "title", …}]}]."""
    return [
        {
            "code": standard.code, "title": standard.title, "document": standard.document, "clause": standard.clause,
            "items": [
                *(_indicator(standard, indicator) for indicator in standard.indicators),
                *(_item(item) for item in standard.items),
            ],
        }
        for standard in STANDARDS.values()
    ]


def _item(item: Item) -> dict:
    return {
        "code": item.code, "title": item.title, "unit": item.unit, "clause": item.clause, "part": item.part,
        "kind": item.kind, "note": item.note, "quantities": list(item.needs), "attested": item.wanted,
    }


def _indicator(standard: Standard, indicator: SchoolIndicator) -> dict:
    return {
        "code": indicator.code, "title": indicator.title, "unit": indicator.unit, "clause": indicator.clause,
        "per": str(indicator.per), "numerator": indicator.numerator, "denominator": indicator.denominator,
        "split": indicator.split, "at_least": dict(indicator.at_least),
        "difference_at_most": dict(indicator.difference_at_most), "part": standard.part, "kind": "school_indicator",
        "slot": indicator.slot,
    }
