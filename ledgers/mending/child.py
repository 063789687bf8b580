"""Mending and blanking in a limited process of its own: the caller never parses the clerk's file."""
from __future__ import annotations

from collections.abc import Collection, Sequence

from ..reading import apart
from ..reading.limits import Limits
from .book import blank_here, mend_here
from .task import Change

WALL_SECONDS = 60


def mend(data: bytes, file_name: str, changes: Sequence[Change], limits: Limits | None = None) -> bytes:
    """A copy of the workbook as .xlsx with these cells changed; see `book.mend_here`.

    Runs in a process with the limits of reading. Raises Refusal, CannotDo, WorkFailed.
    """
    sent = {"data": bytes(data), "file_name": file_name, "changes": [tuple(c) for c in changes]}
    return apart.ask(__name__, sent, seconds=WALL_SECONDS, limits=limits)


def blank(data: bytes, file_name: str, cells: Collection[tuple[str, str]], limits: Limits | None = None) -> bytes:
    """A plain copy of the workbook as .xlsx without these cells (sheet, "D7"); see `book.blank_here`.

    Runs in a process with the limits of reading. Raises Refusal, WorkFailed.
    """
    sent = {"data": bytes(data), "file_name": file_name, "blank": sorted(cells)}
    return apart.ask(__name__, sent, seconds=WALL_SECONDS, limits=limits)


def answer() -> None:
    """What the process does."""
    apart.answer_with(_done)


def _done(task: dict, limits: Limits) -> bytes:
    if "blank" in task:
        return blank_here(task["data"], task["file_name"], task["blank"], limits)
    return mend_here(task["data"], task["file_name"], [Change(*one) for one in task["changes"]], limits)
