"""The jobs of this room; services do the work. Each may run again at any time: the same facts change nothing.

The clock of one county and day, the weekly warnings of a county (key: its code), the comparison of a county's lists.
"""
from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.actor import Actor
from jobs.handlers import Run, handler
from schools.models import County

from .services import clock, matching, warning
from .services.attendance import CLOCK_JOB


@handler(CLOCK_JOB, queue="check", title="控辍保学到期提醒")
def run_clock(run: Run) -> dict:
    """Look at every open case and every report that is due."""
    county = County.objects.get(pk=run.args["county"])
    return clock.run_clock(county, dt.date.fromisoformat(run.args["day"]), run.progress)


@handler(warning.KIND, queue="compute", title="辍学预警")
def raise_warnings(run: Run) -> dict:
    """Judge every child of the county."""
    county = County.objects.get(code=run.job.key)
    with run.apply():
        done = warning.raise_flags(county, timezone.localdate(), by=Actor.system("warning"))
        run.finish(vars(done))
    return vars(done)


handler(matching.KIND, queue="compute", title="名单比对")(matching.run_matching)
