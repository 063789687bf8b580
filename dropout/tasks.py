"""Celery's entrances to this room. The Job row is the truth; these only order the work."""

from celery import shared_task

from dropout.services import clock, warning


@shared_task(name="dropout.tasks.raise_warnings", ignore_result=True)
def raise_warnings() -> None:
    """Beat, once a week: early warning over every county."""
    warning.order_all()


@shared_task(name="dropout.tasks.start_clocks", ignore_result=True)
def start_clocks() -> None:
    """Look at every county's cases: early each morning, and each hour of the day for the first lesson's absences."""
    clock.start_clocks()
