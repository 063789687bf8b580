"""Putting work into the queue, and taking the next piece of it: fair by school, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime
import secrets
import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from jobs.handlers import handler_of, lease_time
from jobs.models import Job

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
SERVED_WITHIN = datetime.timedelta(hours=1)
REST_AFTER_FAILURE = 5.0  # seconds
_broker = {"down_until": 0.0}


def enqueue(
    kind: str, key: str, *, args: dict | None = None, county: str = "", school: str = "", owner: int | None = None
) -> Job:
    """One waiting job of (kind, key), made or found, in the caller's transaction.

    A waiting one is joined, and stays locked until the caller commits, so that no worker can run it without seeing the
    caller's change; a running one is left alone and a new one waits behind it. `args` holds ids only. `owner` is the
    user id to whom the job's progress is shown; two users who each want their own job put the user into `key`.
    """
    values = {
        "queue": handler_of(kind).queue,
        "county_code": county,
        "school_code": school,
        "owner_id": owner,
        "args": args or {},
    }
    with transaction.atomic():
        job = _waiting(kind, key)
        while job is None:
            # Another transaction may insert, or a worker claim, between the two statements: then look again.
            fresh = Job(kind=kind, key=key, hinted_at=timezone.now(), **values)
            Job.objects.bulk_create([fresh], ignore_conflicts=True)
            job = _waiting(kind, key)
        if args and job.args != args:
            job.args = {**job.args, **args}
            job.save(update_fields=["args"])
        send_hint(job)
    return job


def _waiting(kind: str, key: str) -> Job | None:
    return Job.objects.select_for_update().filter(kind=kind, key=key, state=Job.State.WAITING).first()


def place(job: Job) -> int:
    """Where a waiting job stands when schools are served in turn: 1 = next; 0 when it is not waiting."""
    if job.state != Job.State.WAITING:
        return 0
    waiting = Job.objects.filter(queue=job.queue, state=Job.State.WAITING)
    own = waiting.filter(county_code=job.county_code, school_code=job.school_code, id__lt=job.id).count()
    others = (
        waiting.exclude(county_code=job.county_code, school_code=job.school_code)
        .values("county_code", "school_code")
        .annotate(jobs=Count("id"), first=Min("id"))
    )
    # In each full round before ours every other school gets one job; in our own round those that came earlier.
    ahead = sum(min(other["jobs"], own + (1 if other["first"] < job.id else 0)) for other in others)
    return own + ahead + 1


def claim(job_id: int) -> Job | None:
    """Take this job if it can be taken: waiting, or lost by its worker. None when somebody else has it."""
    return _take(claimable().filter(pk=job_id))


def claim_next(queue: str) -> Job | None:
    """Take the next job of the queue: a lost one first, then from the school with the fewest running jobs,
    among those the one served longest ago, then the oldest. None when nothing can be taken."""
    jobs = Job.objects.filter(queue=queue)
    lost = jobs.filter(state=Job.State.RUNNING, lease_until__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS)
    for job_id in lost.order_by("id").values_list("id", flat=True)[:20]:
        if job := claim(job_id):
            return job
    for job_id in _fair_order(jobs):
        if job := claim(job_id):
            return job
    return None


def _fair_order(jobs: QuerySet) -> list[int]:
    """The oldest claimable job of each school, the least served school first."""
    school = ("county_code", "school_code")
    first = claimable(jobs.filter(state=Job.State.WAITING)).values_list(*school).annotate(first=Min("id"))
    running = jobs.filter(state=Job.State.RUNNING).values_list(*school).annotate(running=Count("id"))
    since = timezone.now() - SERVED_WITHIN
    served = jobs.filter(started_at__gte=since).values_list(*school).annotate(served=Max("started_at"))
    running_of = {(county, code): count for county, code, count in running}
    served_at = {(county, code): when for county, code, when in served}
    order = [
        (running_of.get((county, code), 0), served_at.get((county, code), since), job_id)
        for county, code, job_id in first
    ]
    return [job_id for _, _, job_id in sorted(order)]


def claimable(jobs: QuerySet | None = None) -> QuerySet:
    """Jobs that can be taken now: waiting ones without a running twin, and running ones whose lease has run out."""
    twin = Job.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"), state=Job.State.RUNNING)
    lost = Q(state=Job.State.RUNNING, lease_until__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS)
    waiting = Q(state=Job.State.WAITING) & ~Exists(twin)
    return (jobs if jobs is not None else Job.objects.all()).filter(waiting | lost)


def _take(jobs: QuerySet) -> Job | None:
    """Compare and set: the row changes hands only if it is still as we saw it; a locked row is passed by."""
    skip = connection.features.has_select_for_update_skip_locked
    now = timezone.now()
    try:
        with transaction.atomic():
            job = jobs.select_for_update(skip_locked=skip).first()
            if job is None:
                return None
            token = secrets.token_hex(16)
            seen = Job.objects.filter(pk=job.pk, state=job.state, token=job.token)
            if not seen.update(
                state=Job.State.RUNNING,
                token=token,
                lease_until=now + lease_time(),
                attempts=F("attempts") + 1,
                started_at=now,
            ):
                return None
    except IntegrityError:
        return None  # its twin was taken at the same moment
    job.refresh_from_db()
    return job


def send_hint(job: Job) -> None:
    """After commit, tell a worker that something waits. A hint may be lost: the sweeper sends it again."""
    if settings.JOBS_INLINE:
        return
    queue, job_id = job.queue, job.pk
    transaction.on_commit(lambda: publish(queue, job_id))


def publish(queue: str, job_id: int) -> bool:
    """Send one hint now; False (and a log line) when the broker is down, never an exception.

    After a failure none is tried for some seconds: a request that leaves fifty hints waits for a dead broker once.
    """
    if time.monotonic() < _broker["down_until"]:
        return False
    # The task's module imports this one, so the hint goes by the task's name.
    try:
        current_app.send_task("jobs.tasks.run", args=[queue, job_id], queue=queue, retry=False, ignore_result=True)
    except Exception as error:  # whatever the broker's client raises: the Job row stays the truth
        _broker["down_until"] = time.monotonic() + REST_AFTER_FAILURE
        log.warning("job hint not sent", queue=queue, job=job_id, error=type(error).__name__)
        return False
    return True
