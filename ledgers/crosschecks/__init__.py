"""Checks across ledgers, years and schools: the list is the table of contents. Each is one function (part, context) -> problems."""
from . import (
    changes,
    county_counts,
    exchanges,
    last_year,
    listed_persons,
    paid_heads,
    persons,
    pupils_and_classes,
    restated,
    roster_counts,
    statistics_differ,
)

CROSSCHECKS = (
    pupils_and_classes.check,
    roster_counts.check,
    statistics_differ.check,
    changes.check,
    last_year.check,
    persons.check,
    listed_persons.check,
    exchanges.check,
    paid_heads.check,
    county_counts.check,
    restated.check,
)
