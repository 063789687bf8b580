"""Marking in a limited process of its own: the caller never parses the clerk's file."""
from __future__ import annotations

from ..reading import apart
from ..reading.limits import Limits
from .book import mark_here
from .task import Task

WALL_SECONDS = 120


def mark(data: bytes, file_name: str, task: Task, limits: Limits | None = None) -> bytes:
    """The clerk's own workbook as .xlsx, its problems coloured and commented, with the sheets 说明, 必改, 汇总.

    Runs in a process with the limits of reading. Refusal for a file that does not pass the gates; WorkFailed.
    """
    sent = {"data": bytes(data), "file_name": file_name, "task": task.plain()}
    return apart.ask(__name__, sent, seconds=WALL_SECONDS, limits=limits)


def answer() -> None:
    """What the process does."""
    apart.answer_with(lambda task, limits: mark_here(task["data"], task["file_name"], Task.from_plain(task["task"]), limits))
