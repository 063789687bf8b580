"""The contents of stored results, decoded once a process: two megabytes of JSON for 300 schools, asked by every page."""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from indicators.models import Snapshot

KEPT = 8  # results a process keeps, the least asked for goes first; some 10 MB each with 300 schools


@dataclass(frozen=True)
class Content:
    """What a stored result holds: `payload`, and the sorted ids of its `datasets`. Shared: to be read, never changed."""

    payload: dict
    datasets: list[int]


_kept: OrderedDict[tuple, Content] = OrderedDict()
_lock = Lock()


def content_of(snapshot: Snapshot) -> Content:
    """The content of a stored result; this process decodes it once.

    A stored result is never rewritten, so its row, time and fingerprint name its content for good.
    """
    mark = (snapshot.pk, snapshot.created_at, snapshot.fingerprint)
    with _lock:
        if mark in _kept:
            _kept.move_to_end(mark)
            return _kept[mark]
    datasets = sorted(snapshot.datasets.values_list("pk", flat=True))
    content = Content(snapshot.payload, datasets)  # outside the lock: reading and decoding take their time
    with _lock:
        _kept[mark] = content
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return content
