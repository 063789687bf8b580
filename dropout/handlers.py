"""Jobs of the dropout room: the clock of one county and day."""
from __future__ import annotations

from jobs.handlers import Run, handler

from .services.attendance import CLOCK_JOB


@handler(CLOCK_JOB, queue="check", title="控辍保学到期提醒")
def run_clock(run: Run) -> dict:
    """Look at every open case and every report that is due; repeatable."""
    return {}
