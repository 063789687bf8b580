"""Celery's entrances of this room."""

from celery import shared_task

from ledgers.services import retention


@shared_task(name="ledgers.tasks.purge_retired", ignore_result=True)
def purge_retired() -> None:
    """Beat, once a day: facts long retired that nothing kept refers to."""
    retention.purge_retired()
