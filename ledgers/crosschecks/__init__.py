"""Checks across ledgers, years and schools: the list is the table of contents. Each is one function (part, context) -> problems."""
from . import (
    aid_paid,
    care_groups,
    changes,
    county_counts,
    disabled_children,
    exchanges,
    last_year,
    listed_persons,
    live_cases,
    paid_heads,
    per_pupil,
    persons,
    pupils_and_classes,
    pupils_counted,
    pupils_lost,
    pupils_twice,
    restated,
    roster_counts,
    statistics_differ,
)

# What compares sums over rows: nobody can while a row that counts is unreadable. The others look at each person or figure.
OF_SUMS = (
    pupils_and_classes.check,
    roster_counts.check,
    statistics_differ.check,
    changes.check,
    last_year.check,
    pupils_counted.check,
    pupils_lost.check,
)
CROSSCHECKS = (
    *OF_SUMS,
    per_pupil.check,
    persons.check,
    listed_persons.check,
    exchanges.check,
    paid_heads.check,
    county_counts.check,
    restated.check,
    pupils_twice.check,
    live_cases.check,
    care_groups.check,
    disabled_children.check,
    aid_paid.check,
)
