"""The cycle collector, held back where a large piece of work makes millions of small objects and no circles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection inside; as it was afterwards. It costs a fifth of the checking and approving of a large roster, and as much of a computation."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
