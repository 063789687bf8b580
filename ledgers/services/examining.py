"""The check of a received file: read it, judge it, and write verdict and staged rows in one commit. Repeatable."""
from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from files import store
from ledgers import reading
from ledgers.checking import Outcome, check
from ledgers.ledger import Ledger
from ledgers.models import State, Version
from ledgers.problems import of_refusal
from ledgers.reading.refusals import Refusal
from ledgers.reading.workbook import Workbook
from schools.models import School

from .errors import FilingError
from .packages import Opened, hand_out_package, judge_share, open_package, package_of, settle_package
from .receiving import is_carrier, ledger_of
from .recognising import recognise
from .settling import (
    CHECKABLE,
    hand_out,
    part_version,
    plain,
    plain_repair,
    refuse,
    sender_of,
    settle_carrier,
    settle_own,
    settle_part,
    slot_not_free,
)
from .steps import lock_filing
from .surroundings import allowed_schools, context_of

Apply = Callable[[], AbstractContextManager]
Progress = Callable[[int, int, str], None]


def examine_version(version_id: int, *, apply: Apply, progress: Progress) -> dict:
    """Check one version; `apply` is the transaction that writes the verdict (Run.apply: fenced by the job's token).

    1 read the file in the limited child · 2 check it against its surroundings · 3 in one transaction: stage the rows
    of a clean file, keep the lists, set the state. A version that was replaced meanwhile is left alone. Checking again
    (a sibling changed, a worker died) gives the same record. A package takes step 2 and 3 twice: its sheets are each
    other's surroundings. Returns ids for the job's result.
    """
    version = Version.objects.select_related("filing__county", "filing__school", "filing__period", "file", "carrier__filing__school").get(pk=version_id)
    ledger = ledger_of(version.filing.ledger)
    handed = is_carrier(version.filing) and version.parts.exists()
    if version.state not in CHECKABLE or (handed and not (ledger.carries and version.checked_at is None)):
        return _result(version)
    Version.objects.filter(pk=version_id, state=State.RECEIVED).update(state=State.CHECKING)
    progress(0, 3, "正在读取工作簿")
    try:
        workbook, refusal = reading.read_workbook(store.read(version.file), version.file_name), None
    except Refusal as error:
        workbook, refusal = None, error
    progress(1, 3, "正在逐格检查")
    judged = None if refusal else _judge(version, ledger, workbook)
    progress(2, 3, "正在写入检查结果")
    if not handed:
        with apply():
            version = _locked(version_id)
            if version.state not in CHECKABLE:
                return _result(version)
            if refusal is not None:
                refuse(version, [of_refusal(refusal)])
                return _result(version)
            _write(version, ledger, judged)
    if ledger.carries and refusal is None:
        again = open_package(version, workbook)
        with apply():
            version = _locked(version_id)
            if version.state in CHECKABLE:
                settle_package(version, again)
    return _result(version)


def _locked(version_id: int) -> Version:
    """The version as it is now, its filing locked."""
    filing = lock_filing(Version.objects.values_list("filing_id", flat=True).get(pk=version_id))
    version = Version.objects.get(pk=version_id)
    version.filing = filing
    return version


def _judge(version: Version, ledger: Ledger, workbook: Workbook) -> Outcome | Opened:
    """The outcome of a ledger's own file or part, or the shares of a package."""
    if ledger.carries:
        return open_package(version, workbook)
    carrier = version.carrier
    if carrier is not None and (package := package_of(carrier)):
        return judge_share(version, package, ledger, workbook)
    context = context_of(version.filing, allowed=_allowed(version), without=[version.pk])
    outcome = check(ledger, workbook, context)
    recognise(version, ledger, workbook, outcome, context)
    return _only(outcome, version.filing.school) if carrier else outcome


def _write(version: Version, ledger: Ledger, judged: Outcome | Opened) -> None:
    if ledger.carries:
        hand_out_package(version, judged)
    elif is_carrier(version.filing):
        _split(version, ledger, judged)
    else:
        settle_own(version, judged)


def _only(outcome: Outcome, school: School) -> Outcome:
    """One school's part of a county-wide file, checked again on its own."""
    outcome.schools = [part for part in outcome.schools if part.school and part.school.id == school.pk]
    outcome.report.problems = []
    outcome.report.repairs = []
    return outcome


def _allowed(version: Version) -> frozenset[int] | None:
    """Which schools the sender may file for; None when every one of the county."""
    if version.filing.school_id is not None and not version.carrier_id:
        return frozenset([version.filing.school_id])
    return allowed_schools(version, version.filing.ledger)


def _split(version: Version, ledger: Ledger, outcome: Outcome) -> None:
    """A county-wide workbook: one version per school, sharing the file. With an error that belongs to no one school
    nothing is staged: a row may be missing from its school."""
    problems = [plain(problem) for problem in outcome.problems()]
    hand_out(outcome)
    if not any(problem.level == "error" for problem in outcome.report.problems):
        sender = sender_of(version)
        for part in sorted(outcome.schools, key=lambda p: p.school.id if p.school else 0):
            school = School.objects.get(pk=part.school.id)
            try:
                settle_part(part_version(version, ledger, school, version.filing.period, sender), part)
            except FilingError as error:
                problems.append(slot_not_free(school.name, error))
    settle_carrier(version, problems, [plain_repair(r) for r in outcome.repairs()], outcome.report, empty=not outcome.schools)


def _result(version: Version) -> dict:
    return {"filing": version.filing_id, "version": version.number, "state": version.state}
