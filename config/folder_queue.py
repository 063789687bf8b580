"""The queue of one machine as a folder: kombu's filesystem transport, made safe against readers of half-written files.

kombu 5 writes a message under its final name, so that a worker on a busy machine can take it while it is still empty:
the worker then dies of the broken JSON and the message is gone. Here a message and an exchange table appear whole, by
renaming, and a damaged message is dropped with a warning: the Job row is the truth, its hint is sent again.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from pathlib import Path
from queue import Empty

import structlog
from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

log = structlog.get_logger(__name__)


class Channel(filesystem.Channel):
    """Messages are files `time_id.queue.msg` in one folder; any other ending is not a message yet or no longer."""

    def _put(self, queue: str, payload: dict, **kwargs) -> None:
        name = f"{time.monotonic_ns() // 1_000_000:015d}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out, name), dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> dict:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.data_folder_in, f"{name}.taken")
            try:
                os.rename(Path(self.data_folder_in, name), taken)
            except OSError:  # another worker was faster
                continue
            try:
                return loads(taken.read_text())
            except (OSError, ValueError):
                log.warning("queue.message_damaged", file=name)
            finally:
                taken.unlink(missing_ok=True)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file = self._exchange_file(exchange)
        self.control_folder.mkdir(exist_ok=True)
        wanted = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with open(self.control_folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if wanted not in table:
                _write_whole(file, dumps([wanted, *table]))


class Transport(filesystem.Transport):
    """`filesystem://` of this project (config/celery.py)."""

    Channel = Channel


def _write_whole(path: Path, text: str) -> None:
    """The file appears under its name only when all of it is there."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.part")
    part.write_text(text)
    os.replace(part, path)
