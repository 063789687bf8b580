"""Marking in a limited process of its own: the caller never parses the clerk's file."""
from __future__ import annotations

import gc
import marshal
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from ..reading.limits import Limits
from ..reading.refusals import Refusal
from .book import mark_here
from .task import Task

_ROOT = Path(__file__).resolve().parents[2]
_START = "from ledgers.marking.child import answer; answer()"
WALL_SECONDS = 120


class MarkingFailed(Exception):
    """The limited process ended without an answer (out of time or memory)."""


def mark(data: bytes, file_name: str, task: Task, limits: Limits | None = None) -> bytes:
    """The clerk's own workbook as .xlsx, its problems coloured and commented, with the sheets 说明, 必改, 汇总.

    Runs in a process with the limits of reading. Refusal for a file that does not pass the gates; MarkingFailed.
    """
    limits = limits or Limits.from_settings()
    sent = marshal.dumps({"data": bytes(data), "file_name": file_name, "task": task.plain(), "limits": asdict(limits)})
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=_ROOT,
            timeout=WALL_SECONDS, check=False,
        )  # fmt: skip
        kind, content = marshal.loads(done.stdout)
    except (subprocess.TimeoutExpired, EOFError, ValueError, TypeError):
        raise MarkingFailed from None
    if kind == "refusal":
        raise Refusal(content[0], **content[1])
    if kind != "book":
        raise MarkingFailed(content)
    return content


def answer() -> None:
    """What the child does: limits first, then the task from standard input, the answer to standard output."""
    gc.disable()  # millions of small values and no circles
    task = marshal.loads(sys.stdin.buffer.read())
    limits = Limits(**task["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * limits.cpu_seconds, 2 * limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told = ("book", mark_here(task["data"], task["file_name"], Task.from_plain(task["task"]), limits))
    except Refusal as refusal:
        told = ("refusal", (refusal.code, refusal.facts))
    except MemoryError:
        told = ("failed", "memory")
    except Exception as error:  # every fault becomes an answer; its kind is told, no content
        told = ("failed", type(error).__name__)
    sys.stdout.buffer.write(marshal.dumps(told))
