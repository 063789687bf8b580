"""Celery's entrances of this room."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="accounts.tasks.forget_sessions", ignore_result=True)
def forget_sessions() -> None:
    """Beat, once a day: delete sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
