"""Jobs of the dropout room: the clock of one county and day."""
from __future__ import annotations

import datetime as dt

from jobs.handlers import Run, handler
from schools.models import County

from .services import clock
from .services.attendance import CLOCK_JOB


@handler(CLOCK_JOB, queue="check", title="控辍保学到期提醒")
def run_clock(run: Run) -> dict:
    """Look at every open case and every report that is due; repeatable."""
    county = County.objects.get(pk=run.args["county"])
    return clock.run_clock(county, dt.date.fromisoformat(run.args["day"]), run.progress)
