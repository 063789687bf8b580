"""填报包: a workbook with the sheets of several ledgers. Each sheet is judged as its ledger's own file and filed in its slot."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ledgers.checking import Checked, Outcome, check
from ledgers.checking.context import Context
from ledgers.checking.packages import only_sheets, sort_sheets
from ledgers.checking.results import Report
from ledgers.ledger import FISCAL_YEAR, SCHOOL, Ledger
from ledgers.models import Version
from ledgers.problems import ERROR, Problem
from ledgers.reading.workbook import Workbook
from schools import access
from schools.models import Period, School
from schools.periods import default_fiscal_year, period_of

from .errors import FilingError
from .receiving import ledger_of, slot
from .rechecking import recheck_siblings
from .settling import (
    CHECKABLE,
    hand_out,
    part_version,
    plain,
    plain_repair,
    sender_of,
    settle_carrier,
    settle_part,
    slot_not_free,
)
from .steps import lock_filing
from .surroundings import allowed_schools, context_of, remembered_for


@dataclass
class Share:
    """What a package holds for one ledger: `parts` by school; `loose`: nothing may be filed, a row may miss its school."""

    ledger: Ledger
    period: Period
    outcome: Outcome
    loose: bool = False

    @property
    def parts(self) -> list[Checked]:
        """Each part has the problems of its rows; those of the file too where only one school can be meant."""
        return [] if self.loose else self.outcome.schools


@dataclass
class Opened:
    """A package taken apart. `problems`: those of the workbook and of sheets that are no ledger's."""

    shares: list[Share] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def package_of(version: Version) -> Ledger | None:
    """The package a version is, or None for any other workbook."""
    ledger = ledger_of(version.filing.ledger)
    return ledger if ledger.carries else None


def period_in(ledger: Ledger, year: int) -> Period:
    """The period of a ledger in the package of a school year: fiscal ledgers that of the year's money."""
    return period_of(ledger.clock, default_fiscal_year(year) if ledger.clock == FISCAL_YEAR else year)


def open_package(version: Version, workbook: Workbook) -> Opened:
    """Sort the sheets and check each ledger's against what stands now (with what this package has handed out before)."""
    package = ledger_of(version.filing.ledger)
    contexts = _contexts(version, package)
    found = sort_sheets(workbook, contexts)
    opened = Opened(problems=found.problems)
    for ledger, context in contexts:
        indexes = found.sheets.get(ledger.code)
        if not indexes:
            continue
        if not _may_file(version, ledger):
            opened.problems.append(Problem("no-permission", workbook.sheets[indexes[0]].name, params={"text": f"您的角色不能填报《{ledger.title}》，请从填报包中删去这个工作表。"}))
            continue
        opened.shares.append(_share(version, ledger, context, only_sheets(workbook, indexes)))
    if not opened.shares and not any(problem.level == ERROR for problem in opened.problems):
        opened.problems.append(Problem("package-empty"))
    return opened


def judge_share(version: Version, package: Ledger, ledger: Ledger, workbook: Workbook) -> Outcome:
    """One version out of a package, checked again on its own."""
    carrier = version.carrier
    contexts = _contexts(carrier, package, without=[version.pk])
    found = sort_sheets(workbook, contexts)
    context = next(context for one, context in contexts if one is ledger)
    share = _share(carrier, ledger, context, only_sheets(workbook, found.sheets.get(ledger.code, [])))
    wanted = version.filing.school_id
    report = Report()
    parts = [part for part in share.outcome.schools if (part.school.id if part.school else None) == wanted]
    return Outcome(report, parts)


def _share(version: Version, ledger: Ledger, context: Context, workbook: Workbook) -> Share:
    """Check one ledger's sheets. What the file as a whole is guilty of goes to the school, where only one can be meant."""
    outcome = check(ledger, workbook, context)
    share = Share(ledger, period_in(ledger, version.filing.period.year), outcome)
    hand_out(outcome)
    report = outcome.report
    if context.school is not None or ledger.scope != SCHOOL:
        _own(share, context).problems.extend(report.problems)
        report.problems = []
    share.loose = any(problem.level == ERROR for problem in report.problems)
    return share


def _own(share: Share, context: Context) -> Checked:
    """The part of the chosen school (or of the county), made when no row was its."""
    wanted = context.school.id if context.school else None
    for part in share.outcome.schools:
        if (part.school.id if part.school else None) == wanted:
            return part
    part = Checked(share.ledger, context.school, row_map={"sheets": [], "targets": {}})
    share.outcome.schools.append(part)
    return part


def _contexts(version: Version, package: Ledger, without: Iterable[int] = ()) -> list[tuple[Ledger, Context]]:
    """The surroundings of each ledger's sheets: the register and the facts are fetched once for all of them."""
    filing = version.filing
    covers = School.objects.filter(parent=filing.school).values_list("pk", flat=True) if filing.school else ()
    base = context_of(filing, allowed=None, covers=frozenset(covers), without=without)
    found = []
    for ledger in package.carries:
        period = period_in(ledger, filing.period.year)
        found.append((ledger, replace(
            base, period=period, year=period.year, clock=period.kind, allowed=allowed_schools(version, ledger.code),
            school=base.school if ledger.scope == SCHOOL else None, remembered=remembered_for(filing.county, filing.school, ledger.code),
        )))  # fmt: skip
    return found


def _may_file(version: Version, ledger: Ledger) -> bool:
    allowed = allowed_schools(version, ledger.code)
    if ledger.scope == SCHOOL:
        return allowed is None or bool(allowed)
    filing = version.filing
    return version.uploaded_by is None or access.may(sender_of(version), "file", county=filing.county, ledger=ledger.code)


def hand_out_package(version: Version, opened: Opened) -> None:
    """One version per ledger and school, sharing the file. The verdict waits for `settle_package`, when each can see the
    others. In the caller's transaction."""
    sender = sender_of(version)
    for share in opened.shares:
        for part in share.parts:
            school = _school(part)
            try:
                settle_part(part_version(version, share.ledger, school, share.period, sender), part, ripple=False)
            except FilingError:
                continue  # told by settle_package


def settle_package(version: Version, opened: Opened) -> None:
    """The verdicts on all parts, checked with each other around them, and on the package. In the caller's transaction."""
    problems = [plain(problem) for problem in opened.problems]
    repairs, total = [], Report()
    handed = {(part.filing.ledger, part.filing.school_id): part for part in version.parts.select_related("filing").order_by("id")}
    for share in opened.shares:
        outcome, report = share.outcome, share.outcome.report
        total.rows_read, total.accepted, total.refused = (
            total.rows_read + report.rows_read, total.accepted + report.accepted, total.refused + report.refused,
        )  # fmt: skip
        total.skipped += report.skipped
        problems += [plain(problem) for problem in outcome.problems()]
        repairs += [plain_repair(repair) for repair in outcome.repairs()]
        for part in share.parts:
            school = _school(part)
            held = handed.get((share.ledger.code, school.pk if school else None))
            if held is not None:
                _settle_again(held, part)
            else:
                problems.append(_refusal_of(version, share, school))
    settle_carrier(version, problems, repairs, total, empty=not handed)
    _ripple(handed.values())


def _settle_again(held: Version, part: Checked) -> None:
    held.filing = lock_filing(held.filing_id)
    held.refresh_from_db(fields=["state", "dataset", "groups", "explanations", "checked_at"])
    if held.state in CHECKABLE:
        settle_part(held, part, ripple=False)


def _ripple(parts: Iterable[Version]) -> None:
    """What else these schools have in hand is checked again, once; the parts of this package have just been."""
    parts = list(parts)
    own = [part.pk for part in parts]
    first: dict[tuple, Version] = {}
    for part in parts:
        first.setdefault((part.filing.school_id, part.filing.period_id), part)
    for part in first.values():
        recheck_siblings(part.filing, without=own)


def _refusal_of(version: Version, share: Share, school: School | None) -> dict:
    """Why a slot did not take its part: asked again, now that the others are settled."""
    filing = slot(county=version.filing.county, ledger=share.ledger.code, school=school, period=share.period)
    name = f"{school.name if school else version.filing.county.name}《{share.ledger.title}》"
    if filing.locked:
        return slot_not_free(name, FilingError("这份台账已锁定，不能再变动。如确需修改，请先申请解锁。"))
    return slot_not_free(name, FilingError("已报送的版本正在审核，请先由审核人退回或由学校撤回，再上传新的文件。"))


def _school(part: Checked) -> School | None:
    return School.objects.get(pk=part.school.id) if part.school else None
