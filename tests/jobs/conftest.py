"""Kinds of jobs that exist only in these tests."""

import pytest
from django.db import connection

from jobs import handlers, outbox


@pytest.fixture
def kind(monkeypatch):
    """Registers a handler for the length of one test: kind(fn, kind="probe", queue="check", …) -> kind."""
    monkeypatch.setattr(handlers, "HANDLERS", dict(handlers.HANDLERS))
    monkeypatch.setattr(outbox, "_SUBSCRIBED", {topic: list(kinds) for topic, kinds in outbox._SUBSCRIBED.items()})

    def register(function, kind="probe", queue="check", **options):
        handlers.handler(kind, queue, **options)(function)
        return kind

    return register


@pytest.fixture
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has one writer at a time")
