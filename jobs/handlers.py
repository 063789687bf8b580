"""What runs a job: handlers by kind, and the Run a handler is given."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from jobs.models import Job

PROGRESS_EVERY = 0.5  # seconds between two progress writes, so that a tight loop does not write per row


class LostClaim(Exception):
    """This run's claim is gone (lease expired and claimed again): stop, apply nothing."""


class Refused(Exception):
    """The work cannot be done, and trying again would not help. The text is a whole Chinese sentence for people."""


@dataclass(frozen=True)
class Handler:
    """What is known of one kind of job."""

    kind: str
    function: Callable[[Run], dict | None]
    queue: str
    title: str
    on_failure: Callable[[Job], None] | None


HANDLERS: dict[str, Handler] = {}


def handler(kind: str, queue: str = "check", *, title: str = "", on_failure: Callable[[Job], None] | None = None):
    """Decorator: `fn(run) -> dict | None` runs jobs of this kind. Raises ValueError when the kind is taken.

    `title` is the kind's Chinese name for people. `on_failure(job)` is called in the transaction that ends the job as
    failed, so that what waits for it (a version being checked) can be released with the same sentence (`job.error`).
    """
    if queue not in Job.Queue.values:
        raise ValueError(f"{queue!r} is not a queue")

    def register(function: Callable[[Run], dict | None]):
        known = HANDLERS.get(kind)
        if known and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two handlers for {kind!r}")
        HANDLERS[kind] = Handler(kind, function, queue, title or kind, on_failure)
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The handler of a kind. Raises LookupError when its module has not been imported (AppConfig.ready does)."""
    try:
        return HANDLERS[kind]
    except KeyError:
        raise LookupError(f"no handler for jobs of kind {kind!r}") from None


def title_of(kind: str) -> str:
    """The kind's Chinese name for people; the kind itself when no such handler is known any more."""
    known = HANDLERS.get(kind)
    return known.title if known else kind


class Run:
    """One attempt at one job, holding its claim."""

    def __init__(self, job: Job):
        self.job = job
        self.finished = False
        self._written_at = 0.0

    @property
    def args(self) -> dict:
        """The job's arguments (ids)."""
        return self.job.args

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is, and renew the lease. Raises LostClaim when another worker has taken over.

        Written at most twice a second, the last step always. Work that runs over a minute must call this in between.
        """
        now = time.monotonic()
        if done < total and now - self._written_at < PROGRESS_EVERY and text == self.job.progress_text:
            return
        self._written_at = now
        self.job.progress_done, self.job.progress_total, self.job.progress_text = done, total, text[:200]
        self._renew(progress_done=done, progress_total=total, progress_text=text[:200])

    @contextmanager
    def apply(self) -> Iterator[Job]:
        """A transaction in which this run still holds the job (row locked, token and state compared).

        Every effect belongs inside. An effect that must not happen twice calls `finish` in the same block: then effect
        and end of the job are one commit. Raises LostClaim before anything is written.
        """
        with transaction.atomic():
            yield self._locked()

    def finish(self, result: dict | None = None) -> None:
        """End the job as done, inside `apply()`: the effect and the end are one commit."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("Run.finish belongs inside Run.apply()")
        self._close(result)
        self.finished = True

    def _locked(self) -> Job:
        job = self.held().select_for_update().first()
        if job is None:
            raise LostClaim(f"job {self.job.pk} is no longer ours")
        return job

    def held(self) -> QuerySet:
        """The job's row as long as this run holds it, else no row."""
        return Job.objects.filter(pk=self.job.pk, token=self.job.token, state=Job.State.RUNNING)

    def _renew(self, **values) -> None:
        lease = timezone.now() + lease_time()
        if not self.held().update(lease_until=lease, **values):
            raise LostClaim(f"job {self.job.pk} is no longer ours")

    def _close(self, result: dict | None) -> None:
        now = timezone.now()
        changed = self.held().update(
            state=Job.State.DONE, result=result, error="", lease_until=None, finished_at=now, token="",
            progress_done=F("progress_total"),  # what is done is not shown as two of three steps
        )
        if not changed:
            raise LostClaim(f"job {self.job.pk} is no longer ours")


def lease_time() -> datetime.timedelta:
    """How long a claim lives without progress; a dead worker's job is taken over after it."""
    return datetime.timedelta(seconds=settings.JOBS_LEASE_SECONDS)
