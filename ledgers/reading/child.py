"""Gate 6: guard and reader in a child process with limits of memory and time. Its abort is an ordinary refusal."""
from __future__ import annotations

import atexit
import marshal
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from .limits import Limits
from .refusals import Refusal, human_size
from .server import receive, send
from .workbook import Grid, Notice, Workbook

_ROOT = Path(__file__).resolve().parents[2]
_START = "from ledgers.reading.server import serve; serve({})"
_PATIENCE = 5  # seconds beyond the child's own wall limit, which ends it by signal


def read_workbook(data: bytes, file_name: str, limits: Limits | None = None) -> Workbook:
    """The file as grids of text; Refusal with code and sentence for everything that is not read.

    Safe from threads and after fork. The calling process never parses the file itself.
    """
    limits = limits or Limits.from_settings()
    if len(data) > limits.upload_bytes:
        raise Refusal("file-too-large", size=human_size(len(data)), limit=human_size(limits.upload_bytes))
    task = marshal.dumps({"data": bytes(data), "file_name": file_name, "limits": asdict(limits)})
    try:
        with _SERVERS.connect() as connection:
            connection.settimeout(limits.wall_seconds + _PATIENCE)
            send(connection, task)
            rows: dict[int, tuple[list, list]] = {}
            while (answer := marshal.loads(receive(connection)))[0] == "rows":
                sheet, texts, kinds = answer[1]
                known = rows.setdefault(sheet, ([], []))
                known[0].extend(texts)
                known[1].extend(kinds)
            kind, content = answer
            if kind == "book":
                return _book(rows, *content)
    except (EOFError, OSError, ValueError, TypeError):
        raise Refusal("reader-failed") from None
    code, facts = content
    raise Refusal(code, **facts)


def _book(rows: dict[int, tuple[list, list]], file_format: str, date_1904: bool, sheets: list, notices: list) -> Workbook:
    """The book of an answer's heading and the rows that came before it, of which the heading says what stands."""
    book = Workbook(file_format, date_1904, notices=[Notice(*note) for note in notices])
    for number, (name, hidden, count, width, merges, counted_rows, first_row) in enumerate(sheets):
        texts, kinds = rows.get(number, ([], []))
        if len(texts) < count:
            raise ValueError("rows are missing")
        del texts[count:], kinds[count:]
        if texts and len(texts[0]) > width:
            texts, kinds = [row[:width] for row in texts], [one[:width] for one in kinds]
        book.sheets.append(Grid(name, hidden, texts, kinds, merges, counted_rows, first_row))
    return book


class _Servers:
    """The fork server of this process, started on first use; a forked process starts its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen | None = None
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        if self._control:
            self._control.close()
        self._control = self._process = None

    def connect(self) -> socket.socket:
        """A connection to a fresh fork. Starts the server again when it has gone."""
        with self._lock:
            for attempt in (1, 2):
                if self._control is None or self._process.poll() is not None:
                    self._start()
                ours, theirs = socket.socketpair()
                try:
                    with theirs:
                        socket.send_fds(self._control, [b"f"], [theirs.fileno()])
                    return ours
                except OSError:
                    ours.close()
                    self._stop()
                    if attempt == 2:
                        raise
        raise OSError

    def _start(self) -> None:
        self._stop()
        ours, theirs = socket.socketpair()
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(_ROOT),
            "LANG": "C.UTF-8",
            "MALLOC_ARENA_MAX": "1",
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START.format(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                cwd=_ROOT,
            )
        self._control = ours

    def _stop(self) -> None:
        if self._control:
            self._control.close()
            self._control = None
        if self._process:
            try:
                self._process.wait(1)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def close(self) -> None:
        with self._lock:
            self._stop()


_SERVERS = _Servers()
atexit.register(_SERVERS.close)
