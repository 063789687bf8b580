"""Work on a clerk's file in a process of its own, limited as the reader is: the caller never parses the file.

`ask` starts the process, which imports one module and calls its `answer()`; that hands its work to `answer_with`. Both
sides speak `marshal` over standard input and output: a task of plain values, and (kind, content).
"""
from __future__ import annotations

import gc
import marshal
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from .limits import Limits
from .refusals import Refusal

_ROOT = Path(__file__).resolve().parents[2]


class WorkFailed(Exception):
    """The limited process ended without an answer (out of time or memory)."""


class CannotDo(Exception):
    """The work is not possible with this file; the message is a whole Chinese sentence."""


def ask(module: str, task: dict, *, seconds: int, limits: Limits | None = None) -> bytes:
    """What the `answer()` of `module` makes of a task of plain values. Raises Refusal, CannotDo, WorkFailed."""
    sent = marshal.dumps({**task, "limits": asdict(limits or Limits.from_settings())})
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    start = f"from {module} import answer; answer()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", start], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=_ROOT,
            timeout=seconds, check=False,
        )  # fmt: skip
        kind, content = marshal.loads(done.stdout)
    except (subprocess.TimeoutExpired, EOFError, ValueError, TypeError):
        raise WorkFailed from None
    if kind == "refusal":
        raise Refusal(content[0], **content[1])
    if kind == "cannot":
        raise CannotDo(content)
    if kind != "done":
        raise WorkFailed(content)
    return content


def answer_with(work: Callable[[dict, Limits], bytes]) -> None:
    """What the process does: limits first, then the task from standard input, the answer to standard output."""
    gc.disable()  # millions of small values and no circles
    task = marshal.loads(sys.stdin.buffer.read())
    limits = Limits(**task.pop("limits"))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * limits.cpu_seconds, 2 * limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        told = ("done", work(task, limits))
    except Refusal as refusal:
        told = ("refusal", (refusal.code, refusal.facts))
    except CannotDo as error:
        told = ("cannot", str(error))
    except MemoryError:
        told = ("failed", "memory")
    except Exception as error:  # every fault becomes an answer; its kind is told, no content
        told = ("failed", type(error).__name__)
    sys.stdout.buffer.write(marshal.dumps(told))
