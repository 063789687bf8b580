"""Celery's entrances to this room. The Job row is the truth; these only order the work."""
from celery import shared_task

from dropout import warning_job


@shared_task(name="dropout.tasks.raise_warnings", ignore_result=True)
def raise_warnings() -> None:
    """Beat, once a week: early warning over every county."""
    warning_job.order_all()
