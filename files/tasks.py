"""Celery's entrances of the file store."""

from celery import shared_task

from files import store


@shared_task(name="files.tasks.collect_orphans", ignore_result=True)
def collect_orphans() -> None:
    """Beat, each hour: remove bytes that no row knows."""
    store.collect_orphans()
