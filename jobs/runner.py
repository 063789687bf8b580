"""Running jobs: claim, run the handler, end; and repairing what was lost."""

from __future__ import annotations

import datetime
import time
from collections.abc import Collection

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import queue as queues
from jobs.handlers import LostClaim, Refused, Run, handler_of, title_of
from jobs.models import Job

log = structlog.get_logger(__name__)

RETRY_AFTER = datetime.timedelta(seconds=5)
HINTS_PER_SWEEP = 50
SWEEP_EVERY = 60.0  # seconds
KEPT = datetime.timedelta(days=90)
_swept = {"at": 0.0}


def run_job(job_id: int) -> Job | None:
    """Claim and run this one job; None when it cannot be claimed (done, failed, or in another worker's hands)."""
    job = queues.claim(job_id)
    return _run(job) if job else None


def run_next(queue: str) -> Job | None:
    """Claim and run the next job of the queue, fair by school; None when nothing waits."""
    job = queues.claim_next(queue)
    ended = _run(job) if job else None
    _sweep_now_and_then()
    return ended


def _sweep_now_and_then() -> None:
    """Beat's own message waits behind the hints of a long queue; busy workers therefore sweep by themselves too."""
    if time.monotonic() - _swept["at"] >= SWEEP_EVERY:
        _swept["at"] = time.monotonic()
        sweep()


def drain(kinds: Collection[str] | None = None, *, queue: str = "") -> list[Job]:
    """Run every waiting job (of these kinds, of this queue) in place, also those that come up meanwhile, oldest first;
    returns the ended ones.

    For commands and tests, which need no worker. Look at each job's `state` and `error`: a failure raises nothing here.
    """
    ended: list[Job] = []
    while job := _claim_any(kinds, queue):
        job = _run(job)
        if not job.is_open:
            ended.append(job)
    return ended


def _claim_any(kinds: Collection[str] | None, queue: str) -> Job | None:
    # A job that failed and may be tried again has no token: in place, nobody need wait for its pause to end.
    Job.objects.filter(state=Job.State.RUNNING, token="", lease_until__gt=timezone.now()).update(
        lease_until=timezone.now()
    )
    jobs = queues.claimable()
    if kinds is not None:
        jobs = jobs.filter(kind__in=kinds)
    if queue:
        jobs = jobs.filter(queue=queue)
    for job_id in jobs.order_by("id").values_list("id", flat=True)[:20]:
        if job := queues.claim(job_id):
            return job
    return None


def _run(job: Job) -> Job:
    """One attempt. Whatever the handler raises becomes a pause, a failure with a sentence, or nothing (claim lost)."""
    run = Run(job)
    try:
        result = handler_of(job.kind).function(run)
        if not run.finished:
            with run.apply():
                run.finish(result)
    except LostClaim:
        log.warning("job claim lost", job=job.pk, kind=job.kind)
    except Refused as refusal:
        _fail(run, str(refusal))
    except Exception:
        log.exception("job attempt failed", job=job.pk, kind=job.kind, attempt=job.attempts)
        _pause_or_fail(run)
    job.refresh_from_db()
    _wake_twin(job)
    return job


def _pause_or_fail(run: Run) -> None:
    job = run.job
    if job.attempts >= queues.MAX_ATTEMPTS:
        _fail(run, _gave_up(job))
        return
    run.held().update(token="", lease_until=timezone.now() + RETRY_AFTER * job.attempts)


def _gave_up(job: Job) -> str:
    return (
        f"“{title_of(job.kind)}”连续 {job.attempts} 次没有完成，已停止处理。"
        f"请稍后重新提交；如仍不成功，请联系系统管理员并告知任务编号 {job.pk}。"
    )


def _fail(run: Run, sentence: str) -> None:
    try:
        with run.apply() as job:
            _end_as_failed(job, sentence)
    except LostClaim:
        log.warning("job claim lost", job=run.job.pk, kind=run.job.kind)


def _end_as_failed(job: Job, sentence: str) -> None:
    """In a transaction that holds the row: end it, tell what waits for it, and log."""
    job.state, job.error, job.token = Job.State.FAILED, sentence[:500], ""
    job.lease_until, job.finished_at = None, timezone.now()
    job.save(update_fields=["state", "error", "token", "lease_until", "finished_at"])
    by = Actor.system("jobs")
    audit.record(
        "job.failed", by=by, object=f"job:{job.pk}", county=job.county_code, result="failed",
        kind=job.kind, key=job.key, attempts=job.attempts,
    )  # fmt: skip
    try:
        on_failure = handler_of(job.kind).on_failure
    except LookupError:
        return
    if on_failure:
        on_failure(job)


def _wake_twin(job: Job) -> None:
    """A job of the same (kind, key) that had to wait for this one has used up its hint: send another."""
    if job.is_open:
        return
    for twin in Job.objects.filter(kind=job.kind, key=job.key, state=Job.State.WAITING):
        queues.send_hint(twin)


def sweep() -> dict[str, int]:
    """Repair what was lost: end jobs whose worker died for the third time, hint again for lost and waiting ones.

    Returns {"failed", "lost", "hinted"}. Repeatable, and safe beside workers and other sweepers.
    """
    now = timezone.now()
    expired = Job.objects.filter(state=Job.State.RUNNING, lease_until__lte=now)
    failed = sum(_fail_expired(pk) for pk in _ids(expired.filter(attempts__gte=queues.MAX_ATTEMPTS)))
    stale = now - datetime.timedelta(seconds=settings.JOBS_HINT_AGAIN_SECONDS)
    unheard = Q(hinted_at__isnull=True) | Q(hinted_at__lte=stale)
    lost = list(expired.filter(attempts__lt=queues.MAX_ATTEMPTS)[:HINTS_PER_SWEEP])
    waiting: list[Job] = []
    for name in Job.Queue.values:
        jobs = Job.objects.filter(unheard, queue=name, state=Job.State.WAITING)
        waiting += jobs.order_by("hinted_at", "id")[:HINTS_PER_SWEEP]
    Job.objects.filter(pk__in=[job.pk for job in waiting]).update(hinted_at=now)
    for job in lost + waiting:
        queues.send_hint(job)
    return {"failed": failed, "lost": len(lost), "hinted": len(waiting)}


def forget() -> int:
    """Delete ended jobs older than KEPT; what they made and the audit trail stay. Returns how many went."""
    ended = Job.objects.filter(state__in=[Job.State.DONE, Job.State.FAILED], finished_at__lt=timezone.now() - KEPT)
    return ended.delete()[0]


def _ids(jobs) -> list[int]:
    return list(jobs.values_list("pk", flat=True))


def _fail_expired(job_id: int) -> int:
    with transaction.atomic():
        job = (
            Job.objects.select_for_update()
            .filter(pk=job_id, state=Job.State.RUNNING, lease_until__lte=timezone.now())
            .first()
        )
        if job is None:
            return 0
        _end_as_failed(job, _gave_up(job))
    _wake_twin(job)
    return 1
