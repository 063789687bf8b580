"""Verdicts written down: lists, state and staged rows of a checked version, and the parts of a workbook that carries many."""
from __future__ import annotations

import json

from django.utils import timezone

from accounts.actor import Actor
from files import store
from files.models import StoredFile
from ledgers.checking import Checked, Outcome, Rows
from ledgers.checking.results import Report
from ledgers.ledger import Ledger
from ledgers.models import Channel, Filing, State, Version
from ledgers.problems import Problem, Repair
from ledgers.verdicts import carried_explanations, group_problems, kept
from schools import datasets
from schools.bulk import Table
from schools.models import Dataset, Period, School

from .comparing import changed_outside
from .receiving import add_version, clear_the_way, discard_staged, ledger_of, slot
from .rechecking import recheck_siblings
from .steps import announce_filing, lock_filing, move
from .verbs import tell_uploader

CHECKABLE = (State.RECEIVED, State.CHECKING, State.CHECKED, State.FAULTY)
CHECKER = Actor.system("check")


def refuse(version: Version, problems: list[Problem]) -> None:
    """拒收: the file cannot be read; it stays in the history with its reason. In the caller's transaction."""
    discard_staged(version)
    found = [plain(problem) for problem in problems]
    move(
        version, verb="refuse", seen=CHECKABLE, to=State.REFUSED, by=CHECKER, note=found[0]["message"], dataset=None,
        checked_at=timezone.now(), rows_read=0, accepted=0, refused=0, skipped=0, **kept(found, [], county=version.filing.county.code),
    )  # fmt: skip
    Filing.objects.filter(pk=version.filing_id, open=version).update(open=None)
    tell_uploader(version, "没有接收：" + found[0]["message"][:160])


def settle_own(version: Version, outcome: Outcome) -> None:
    """The verdict of a file that belongs to one slot."""
    report = outcome.report
    counts = {"rows_read": report.rows_read, "accepted": report.accepted, "refused": report.refused, "skipped": len(report.skipped)}
    part = outcome.schools[0] if outcome.schools else None
    if version.carrier_id and part:
        counts = {"rows_read": part.rows_read, "accepted": part.accepted, "refused": part.refused, "skipped": 0}
    problems = [plain(problem) for problem in outcome.problems()]
    settle(version, part, problems, [plain_repair(r) for r in outcome.repairs()], counts)


def settle(version: Version, part: Checked | None, problems: list[dict], repairs: list[dict], counts: dict, *, ripple: bool = True) -> bool:
    """Write lists and state; stage the rows when nothing is wrong with them. An unchanged verdict leaves all as it is.

    `ripple`: the siblings are checked again when the verdict moved. Returns whether it moved.
    """
    faulty = part is None or any(problem["level"] == "error" for problem in problems)
    to, again = (State.FAULTY if faulty else State.CHECKED), version.checked_at is not None
    if again and to == version.state and _prints(group_problems(problems)) == _prints(version.groups):
        return False
    discard_staged(version)
    lists = kept(problems, repairs, county=version.filing.county.code)
    explained = {**carried_explanations(lists["groups"], _former(version)), **carried_explanations(lists["groups"], version)}
    announce = not again or to != version.state
    dataset = None if faulty else _stage(version, part)
    if version.marked:
        store.erase(version.marked)  # it shows the old verdict
    move(
        version, verb="recheck" if again else "check", seen=CHECKABLE, to=to, by=CHECKER, announce=False, checked_at=timezone.now(),
        dataset=dataset, marked=None, explanations=explained, changed_outside=_outside(version, dataset), **lists, **counts,
    )  # fmt: skip
    if announce:
        announce_filing(version.filing)
        if ripple:
            recheck_siblings(version.filing)
    return announce


def _prints(groups: list[dict]) -> list[tuple[str, str]]:
    return sorted((group["key"], group["print"]) for group in groups)


def hand_out(outcome: Outcome) -> None:
    """Problems of the file that stand in a row of one school are that school's to mend or explain."""
    owner = {}
    for part in outcome.schools:
        sheets = part.row_map.get("sheets", [])
        for rows in part.rows_by_model.values():
            owner.update({(sheets[s], r): part for s, r in zip(rows.sheet, rows.row, strict=True) if s < len(sheets)})
    loose = []
    for problem in outcome.report.problems:
        part = owner.get((problem.sheet, problem.row))
        (part.problems if part else loose).append(problem)
    outcome.report.problems = loose


def part_version(carrier: Version, ledger: Ledger, school: School | None, period: Period, sender: Actor) -> Version:
    """A new version of a slot out of the carrier, sharing its file. Raises FilingError when the slot cannot take it."""
    filing = lock_filing(slot(county=carrier.filing.county, ledger=ledger.code, school=school, period=period).pk)
    clear_the_way(filing, by=sender)
    return add_version(filing, file=carrier.file, name=carrier.file_name, channel=Channel.PART, by=sender, carrier=carrier, job_id=carrier.job_id)


def settle_part(version: Version, part: Checked, *, ripple: bool = True) -> bool:
    """The verdict of one school's part; returns whether it moved."""
    problems = [plain(problem) for problem in part.problems]
    counts = {"rows_read": part.rows_read, "accepted": part.accepted, "refused": part.refused, "skipped": 0}
    return settle(version, part, problems, [plain_repair(r) for r in part.repairs], counts, ripple=ripple)


def slot_not_free(name: str, error: Exception) -> dict:
    """The problem of a school whose slot cannot take a new version."""
    return plain(Problem("slot-not-free", value=name, params={"text": str(error)}))


def sender_of(version: Version) -> Actor:
    """Who sent a version, as an actor."""
    if version.uploaded_by is None:
        return Actor.operator()
    return Actor(user_id=version.uploaded_by, display_name=version.uploaded_name, role=version.uploaded_role)


def _stage(version: Version, part: Checked) -> Dataset:
    filing = version.filing
    persons = None
    if version.file and StoredFile.objects.filter(pk=version.file_id, erased_at__isnull=False).exists():
        raise store.FileErased("检查期间文件已由删除个人信息的副本代替，将重新检查。")
    if part.persons:
        text = json.dumps(part.persons, ensure_ascii=False)
        persons = store.save(text.encode(), name="persons.json", county=filing.county.code, purpose="persons")
    return datasets.stage(
        county=filing.county, school=filing.school, ledger=filing.ledger, period=filing.period, file=version.file, row_map=part.row_map,
        rows_by_model={label: table_of(rows) for label, rows in part.rows_by_model.items()}, persons=persons,
        zero_report=not any(len(rows) for rows in part.rows_by_model.values()), by=CHECKER,
    )  # fmt: skip


def table_of(rows: Rows) -> Table:
    """The checker's columns as the rows the database takes."""
    return Table((*rows.columns, "sheet", "row"), list(zip(*rows.columns.values(), rows.sheet, rows.row, strict=True)))


def _former(version: Version) -> Version | None:
    return Version.objects.filter(filing_id=version.filing_id, number__lt=version.number, checked_at__isnull=False).order_by("-number").first()


def _outside(version: Version, dataset: Dataset | None) -> list[dict]:
    """After a return for certain cells: what else the new file changed."""
    before = Version.objects.filter(filing_id=version.filing_id, number__lt=version.number).exclude(state__in=[State.REFUSED, State.FAULTY, State.SUPERSEDED])
    returned = before.order_by("-number").first()
    if dataset is None or returned is None or returned.state != State.RETURNED or not returned.returned_cells or not returned.dataset:
        return []
    cells = {cell["cell"] for cell in returned.returned_cells}
    return changed_outside(dataset, returned.dataset, ledger_of(version.filing.ledger), cells)


def plain(problem: Problem) -> dict:
    """As it is kept: without the name of the file."""
    return {name: value for name, value in problem.as_json().items() if name != "file"}


def plain_repair(repair: Repair) -> dict:
    """As it is kept: without the name of the file."""
    return {name: value for name, value in repair.as_json().items() if name != "file"}


def settle_carrier(version: Version, problems: list[dict], repairs: list[dict], report: Report, *, empty: bool) -> None:
    """The verdict of a workbook that carries parts: it holds no facts itself. `empty`: nothing was handed out."""
    lists = kept(problems, repairs, county=version.filing.county.code)
    move(
        version, verb="check", seen=CHECKABLE, to=State.FAULTY if lists["errors"] or empty else State.CHECKED, by=CHECKER,
        checked_at=timezone.now(), rows_read=report.rows_read, accepted=report.accepted, refused=report.refused,
        skipped=len(report.skipped), **lists,
    )  # fmt: skip
    Filing.objects.filter(pk=version.filing_id, open=version).update(open=None)
