"""Whole files recognised: the wrong ledger, a file already sent for another school or another year."""
from __future__ import annotations

from dataclasses import replace

from ledgers.checking import Outcome
from ledgers.checking.context import Context
from ledgers.checking.packages import likeness
from ledgers.definitions import LEDGERS
from ledgers.ledger import Ledger
from ledgers.models import State, Version
from ledgers.problems import Problem
from ledgers.reading.workbook import Workbook

GONE = (State.REFUSED, State.FAULTY)
NO_HEADER = "no-matching-sheet"


def recognise(version: Version, ledger: Ledger, workbook: Workbook, outcome: Outcome, context: Context) -> None:
    """Add to the report what the file as a whole gives away."""
    problems = outcome.report.problems
    if any(problem.code == NO_HEADER for problem in problems):
        others = [(one, replace(context, remembered={})) for one in LEDGERS.values() if one is not ledger]
        if like := likeness(workbook, others):
            problems.append(Problem("looks-like-ledger", value=like.title, params={"ledger": ledger.title}))
    elif version.filing.school_id is not None and not version.carrier_id:
        problems.extend(_sent_before(version))


def _sent_before(version: Version) -> list[Problem]:
    """The very same bytes, sent for another school or another year of this ledger."""
    filing = version.filing
    same = Version.objects.filter(
        sha256=version.sha256, filing__county_id=filing.county_id, filing__ledger=filing.ledger, carrier__isnull=True, filing__school__isnull=False,
    ).exclude(filing_id=filing.pk).exclude(state__in=GONE).select_related("filing__school", "filing__period")  # fmt: skip
    found = []
    if (other := same.exclude(filing__school_id=filing.school_id).filter(filing__period_id=filing.period_id).first()) is not None:
        found.append(Problem("same-as-other-school", value=other.filing.school.name))
    if (other := same.filter(filing__school_id=filing.school_id).first()) is not None:
        found.append(Problem("same-as-other-year", value=str(other.filing.period)))
    return found
