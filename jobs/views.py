"""The progress of a job, for the person who started it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.middleware import passive
from jobs import queue
from jobs.handlers import title_of
from jobs.models import Job


@require_safe
@never_cache
@passive
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of a page that shows one job and asks again while it is open; a stranger's job is not found."""
    job = Job.objects.filter(pk=job_id, owner_id=request.user.pk).first()
    if job is None:
        raise Http404
    return render(request, "jobs/progress.html", shown(job))


def shown(job: Job) -> dict:
    """What `components/progress.html` needs: `job`, `title`, `place` (jobs before it), `progress_url`.

    For pages of higher rooms that have already asked their own permission and include the component themselves.
    """
    return {
        "job": job,
        "title": title_of(job.kind),
        "place": max(0, queue.place(job) - 1),
        "progress_url": reverse("jobs:progress", args=[job.pk]),
    }
