"""A demo county sent through the real pipeline inside one transaction that is rolled back in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from config.demo import generator, services


@contextmanager
def standing_demo(blocker, into: Path, *, schools: int, seed: int) -> Iterator[tuple[generator.Written, dict]]:
    """(what was written, the summary of the command); the database is as before afterwards."""
    with blocker.unblock(), transaction.atomic():
        written = generator.write(into, schools=schools, seed=seed)
        yield written, services.Demo(written, lambda sentence: None).run()
        transaction.set_rollback(True)
