"""The ledgers' jobs: checking a received file (again when a sibling moved), marking a large workbook, and taking an
erased child out of the workbooks that named it."""
from __future__ import annotations

from jobs.collector import collector_paused
from jobs.handlers import Run, handler
from jobs.models import Job
from ledgers.models import Version
from ledgers.problems import Problem
from ledgers.services.examining import CHECKABLE, examine_version, refuse
from ledgers.services.giving import MARK, mark_workbook
from ledgers.services.receiving import CHECK
from ledgers.services.redacting import REDACT, redact_workbooks


def release(job: Job) -> None:
    """A check that ended as failed releases its version with the same sentence: nobody waits for ever."""
    version = Version.objects.select_related("filing__county", "filing__school").filter(pk=job.args["version"]).first()
    if version and version.state in CHECKABLE and version.checked_at is None:
        refuse(version, [Problem("check-failed", params={"text": job.error})])


@handler(CHECK, queue="check", title="台账检查", on_failure=release)
def check_version(run: Run) -> dict:
    with collector_paused():
        return examine_version(run.args["version"], apply=run.apply, progress=run.progress)


handler(MARK, queue="paper", title="批注工作簿")(mark_workbook)
handler(REDACT, queue="paper", title="删除工作簿中的个人信息")(redact_workbooks)
