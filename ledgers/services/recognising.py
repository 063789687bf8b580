"""Whole files recognised: the wrong ledger, a file already sent for another school or another year."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ledgers.checking import Outcome
from ledgers.checking.context import Context
from ledgers.checking.matching import school_mentioned
from ledgers.checking.packages import likeness
from ledgers.cleaning import name_key
from ledgers.definitions import LEDGERS
from ledgers.ledger import Ledger
from ledgers.models import State, Version
from ledgers.problems import Problem
from ledgers.reading.workbook import Workbook

GONE = (State.REFUSED, State.FAULTY)
NO_HEADER = "no-matching-sheet"
CALLED_BY_NAME = frozenset({"shape-not-read", "sheet-turned-over"})


def recognise(version: Version, ledger: Ledger, workbook: Workbook, outcome: Outcome, context: Context) -> None:
    """Add to the report what the file as a whole gives away."""
    problems = outcome.report.problems
    codes = {problem.code for problem in problems}
    if NO_HEADER in codes:
        if codes & CALLED_BY_NAME:
            return  # the sheet is this ledger's, in a shape that is not read
        others = [(one, replace(context, remembered={})) for one in LEDGERS.values() if one is not ledger]
        if like := likeness(workbook, others):
            problems.append(Problem("looks-like-ledger", value=like.title, params={"ledger": ledger.title}))
    elif version.filing.school_id is not None and not version.carrier_id:
        problems.extend(_sent_before(version))
        problems.extend(_named_for_another(version.file_name, problems, context))


def _named_for_another(file_name: str, told: list[Problem], context: Context) -> list[Problem]:
    """A file that bears the name of another school, where its sheets say nothing: most likely the wrong one was picked."""
    said = school_mentioned(name_key(Path(file_name).stem), context)
    known = context.names.get(name_key(said), []) if said else []
    ours = {context.school.id, *context.covers} if context.school else set()
    if not known or any(school.id in ours for school in known) or any(problem.code == "other-school" for problem in told):
        return []
    return [Problem("named-for-other-school", value=file_name, params={"said": said, "wanted": context.school.name})]


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
