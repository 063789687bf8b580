"""Files that leave: the original as it came, and the clerk's own workbook with its problems marked. Each is logged."""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from files import store
from files.models import StoredFile
from jobs import queue
from jobs.handlers import Refused, Run
from jobs.models import Job
from ledgers.marking import Found, Task, mark
from ledgers.models import Version
from ledgers.reading.apart import WorkFailed
from ledgers.reading.refusals import Refusal
from ledgers.verdicts import whole_lists
from schools import access

from .receiving import ledger_of

MARK = "mark_workbook"
AT_ONCE = 512 * 1024  # a workbook of this size is marked while the browser waits; a larger one by a job


def may_take(actor: Actor, version: Version) -> bool:
    """Whether the actor may have the file: the sender, or who may download originals of that school.

    A county-wide workbook holds other schools' rows: besides its sender only the county may have it.
    """
    filing = version.filing
    if actor.user_id is not None and version.uploaded_by == actor.user_id:
        return True
    if filing.school is None or version.carrier_id:
        return access.may(actor, "download_original", county=filing.county, ledger=filing.ledger)
    return access.may(actor, "download_original", school=filing.school, ledger=filing.ledger)


def give_original(version: Version, *, by: Actor) -> StoredFile:
    """The file bit for bit as it was received; logged. Raises PermissionDenied, LookupError when there is none."""
    return _logged(version, version.file, "version.downloaded", by)


def give_marked(version: Version, *, by: Actor) -> StoredFile | bytes:
    """The marked copy: the one made before, or made now when the workbook is small; logged.

    Raises PermissionDenied, and LookupError when it has to be ordered first (`order_marked`).
    """
    if version.marked is None and can_mark(version) and version.file.size <= AT_ONCE:
        _logged(version, version.file, "version.marked_downloaded", by)
        return _marked(version)
    return _logged(version, version.marked, "version.marked_downloaded", by)


def _logged(version: Version, file: StoredFile | None, action: str, by: Actor) -> StoredFile:
    if not may_take(by, version):
        raise PermissionDenied("这份文件含有其他学校的数据，或不在您的权限之内，不能下载。")
    if file is None:
        raise LookupError("没有可以下载的文件。")
    with transaction.atomic():
        audit.record(
            action, by=by, object=f"filing/{version.filing_id}/version/{version.number}", county=version.filing.county.code,
            file=str(file.pk),
        )  # fmt: skip
    return file


def can_mark(version: Version) -> bool:
    """Marks are put into files that were read and have something to mend or explain."""
    return version.file is not None and version.status in ("faulty", "doubts")


def order_marked(version: Version, *, by: Actor) -> Job:
    """Queue the marking of a large workbook."""
    if not (may_take(by, version) and can_mark(version)):
        raise PermissionDenied("这份文件不能标注。")
    filing = version.filing
    return queue.enqueue(
        MARK, f"version/{version.pk}", args={"version": version.pk}, county=filing.county.code,
        school=filing.school.code if filing.school else "", owner=by.user_id,
    )  # fmt: skip


def mark_workbook(run: Run) -> dict:
    """The job: mark, keep, and say where. Repeatable: the second copy replaces the first."""
    version = Version.objects.select_related("filing__county", "filing__school", "filing__period", "file", "report").get(pk=run.args["version"])
    run.progress(0, 1, "正在标注工作簿")
    data = _marked(version)
    file = store.save(data, name=marked_name(version), county=version.filing.county.code, purpose="marked")
    with run.apply():
        if not Version.objects.filter(pk=version.pk, checked_at=version.checked_at, file=version.file).update(marked=file):
            store.erase(file)  # checked again meanwhile (these marks are not those of the verdict), or a child was taken out of the file
        run.finish({"filing": version.filing_id, "version": version.number})
    return {}


def marked_name(version: Version) -> str:
    stem, dot, _ = version.file_name.rpartition(".")
    return f"{stem if dot else version.file_name}（标注）.xlsx"


def _marked(version: Version) -> bytes:
    try:
        return mark(store.read(version.file), version.file_name, _task(version))
    except (Refusal, WorkFailed) as error:
        raise Refused("这个工作簿的格式不能写回标注，请按页面上的问题清单修改。") from error


def _task(version: Version) -> Task:
    filing = version.filing
    ledger = ledger_of(filing.ledger)
    facts = [
        ("学校", filing.school.name if filing.school else filing.county.name), ("台账", ledger.title), ("时期", str(filing.period)),
        ("版本", f"第 {version.number} 版"), ("回执号", version.receipt),
        ("行数", f"读入 {version.rows_read} = 接收 {version.accepted} + 拒绝 {version.refused} + 跳过 {version.skipped}"),
    ]  # fmt: skip
    allowed = {column.field: ledger.allowed_in(column.field) for table in ledger.tables for column in table.columns}
    return Task([Found.of(problem) for problem in whole_lists(version)[0]], facts, allowed)
