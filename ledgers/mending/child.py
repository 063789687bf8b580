"""Mending and blanking in a limited process of its own: the caller never parses the clerk's file."""
from __future__ import annotations

import gc
import marshal
import os
import resource
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

from ..reading.limits import Limits
from ..reading.refusals import Refusal
from .book import blank_here, mend_here
from .task import CannotMend, Change

_ROOT = Path(__file__).resolve().parents[2]
_START = "from ledgers.mending.child import answer; answer()"
WALL_SECONDS = 60


class MendingFailed(Exception):
    """The limited process ended without an answer (out of time or memory)."""


def mend(data: bytes, file_name: str, changes: Sequence[Change], limits: Limits | None = None) -> bytes:
    """A copy of the workbook as .xlsx with these cells changed; see `book.mend_here`.

    Runs in a process with the limits of reading. Raises Refusal, CannotMend, MendingFailed.
    """
    return _ask({"data": bytes(data), "file_name": file_name, "changes": [tuple(c) for c in changes]}, limits)


def blank(data: bytes, file_name: str, cells: Collection[tuple[str, str]], limits: Limits | None = None) -> bytes:
    """A plain copy of the workbook as .xlsx without these cells (sheet, "D7"); see `book.blank_here`.

    Runs in a process with the limits of reading. Raises Refusal, MendingFailed.
    """
    return _ask({"data": bytes(data), "file_name": file_name, "blank": sorted(cells)}, limits)


def _ask(task: dict, limits: Limits | None) -> bytes:
    sent = marshal.dumps({**task, "limits": asdict(limits or Limits.from_settings())})
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=_ROOT,
            timeout=WALL_SECONDS, check=False,
        )  # fmt: skip
        kind, content = marshal.loads(done.stdout)
    except (subprocess.TimeoutExpired, EOFError, ValueError, TypeError):
        raise MendingFailed from None
    if kind == "refusal":
        raise Refusal(content[0], **content[1])
    if kind == "cannot":
        raise CannotMend(content)
    if kind != "book":
        raise MendingFailed(content)
    return content


def answer() -> None:
    """What the child does: limits first, then the task from standard input, the answer to standard output."""
    gc.disable()
    task = marshal.loads(sys.stdin.buffer.read())
    limits = Limits(**task["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * limits.cpu_seconds, 2 * limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told = ("book", _done(task, limits))
    except Refusal as refusal:
        told = ("refusal", (refusal.code, refusal.facts))
    except CannotMend as error:
        told = ("cannot", str(error))
    except MemoryError:
        told = ("failed", "memory")
    except Exception as error:  # every fault becomes an answer; its kind is told, no content
        told = ("failed", type(error).__name__)
    sys.stdout.buffer.write(marshal.dumps(told))


def _done(task: dict, limits: Limits) -> bytes:
    if "blank" in task:
        return blank_here(task["data"], task["file_name"], task["blank"], limits)
    return mend_here(task["data"], task["file_name"], [Change(*one) for one in task["changes"]], limits)
