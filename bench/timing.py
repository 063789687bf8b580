"""Fair timing on a shared machine: ours and the peer's take turns, and medians are compared."""
from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_seconds(work: Callable[[], object], *, rounds: int = 5, warm: int = 1) -> float:
    """Median wall seconds of `rounds` runs after `warm` unmeasured ones."""
    for _ in range(warm):
        work()
    return statistics.median(seconds(work) for _ in range(rounds))


def paired(ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 5, warm: int = 1) -> tuple[float, float]:
    """(ours, peer): median seconds of each, run in turns, so that a busy moment of the machine meets both."""
    for _ in range(warm):
        ours()
        peer()
    pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that `share` (0–1) of all values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[max(0, -(-int(share * 1000 * len(ordered)) // 1000) - 1)]


def result(name: str, *, ours: float, peer: float | None = None, unit: str = "s", bar: float | None = None, **more) -> dict:
    """One benchmark's line. `ratio` = peer ÷ ours (how many times faster); `bar` is design.md's limit for `ours`."""
    line: dict = {"name": name, "ours": round(ours, 4), "peer": None if peer is None else round(peer, 4)}
    line["ratio"] = round(peer / ours, 2) if peer is not None and ours else None
    line["unit"] = unit
    if bar is not None:
        line |= {"bar": bar, "met": ours <= bar}
    return line | more
