"""The weekly job of early warning, one a county. It may run again at any time: the same facts change nothing."""
from __future__ import annotations

from django.utils import timezone

from accounts.actor import Actor
from jobs.handlers import Run, handler
from jobs.models import Job
from jobs.queue import enqueue

from .services.warning import counties_to_warn, county_of_code, raise_flags

KIND = "raise_warnings"


@handler(KIND, queue="compute", title="辍学预警")
def raise_warnings(run: Run) -> dict:
    """Key: the county's code."""
    county = county_of_code(run.job.key)
    with run.apply():
        done = raise_flags(county, timezone.localdate(), by=Actor.system("warning"))
        run.finish(vars(done))
    return vars(done)


def order_warnings(county_code: str, *, owner: int | None = None) -> Job:
    """Ask for a run over one county; waiting orders of the same county are one."""
    return enqueue(KIND, county_code, county=county_code, owner=owner)


def order_all() -> int:
    """Beat, once a week: every county with a child register."""
    return len([order_warnings(code) for code in counties_to_warn()])
