"""The fork server: a small warm process with the readers loaded, one fork for each file.

Started by `child`, with one end of the control socket as a file descriptor. Each message on the control socket carries one end of a
socket pair; the fork reads its task there, sets its own limits, answers there and ends. Tasks and answers are
`marshal`, which makes plain values only and keeps equal strings shared. Rows travel in pieces ("rows", (sheet, rows, kinds)),
those of a large file while the rest is read; at the end ("book", heading) says what of them stands, or ("refusal", …) that none does.
"""
from __future__ import annotations

import gc
import marshal
import os
import resource
import signal
import socket
import struct
import sys

from .limits import Limits
from .readers import read_here
from .refusals import Refusal
from .workbook import Workbook
from .xlsx import ROWS_A_PIECE

LENGTH = struct.Struct("<Q")


def receive(connection: socket.socket) -> bytearray:
    """One message: its length, then that many bytes. EOFError when the other side has gone."""
    head = bytearray(LENGTH.size)
    _fill(connection, memoryview(head))
    message = bytearray(LENGTH.unpack(head)[0])
    _fill(connection, memoryview(message))
    return message


def _fill(connection: socket.socket, view: memoryview) -> None:
    while view:
        count = connection.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]


def send(connection: socket.socket, message: bytes) -> None:
    connection.sendall(LENGTH.pack(len(message)))
    connection.sendall(message)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)


def _answer(connection: socket.socket) -> None:
    """Read the task, do it, send (kind, content), then the rows: the only place where an error of any kind becomes an answer."""
    task = marshal.loads(receive(connection))
    limits = Limits(**task["limits"])
    _limit(limits)
    rows = _Rows(connection)
    try:
        book = read_here(task["data"], task["file_name"], limits, rows.give)
        rows.give_rest(book)
        answer = ("book", _heading(book))
    except Refusal as refusal:
        answer = ("refusal", (refusal.code, refusal.facts))
    except MemoryError:
        answer = ("refusal", ("reader-failed", {}))
    except Exception as error:  # every fault of a reader is an ordinary refusal; its kind goes to the log, no content
        sys.stderr.write(f"reading: {type(error).__name__} at line {_line_of(error)}\n")
        answer = ("refusal", ("reader-failed", {}))
    send(connection, marshal.dumps(answer))


class _Rows:
    """The rows that were sent of each sheet."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._given = connection, {}

    def give(self, sheet: int, rows: list[list[str]], kinds: list[str]) -> None:
        send(self._connection, marshal.dumps(("rows", (sheet, rows, kinds))))
        self._given[sheet] = self._given.get(sheet, 0) + len(rows)

    def give_rest(self, book: Workbook) -> None:
        for number, grid in enumerate(book.sheets):
            for start in range(self._given.get(number, 0), len(grid.rows), ROWS_A_PIECE):
                until = start + ROWS_A_PIECE
                self.give(number, grid.rows[start:until], grid.kinds[start:until])


def _heading(book: Workbook) -> tuple:
    """Everything but the rows; of those how many stand and how wide they are."""
    sheets = [(g.name, g.hidden, len(g.rows), g.width, g.merges, g.counted_rows, g.first_row) for g in book.sheets]
    notices = [(note.code, note.sheet, note.cell, note.text) for note in book.notices]
    return book.format, book.date_1904, sheets, notices


def _line_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"


def serve(descriptor: int) -> None:
    """Fork for every connection that arrives, until the parent has gone."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for descriptor in descriptors:
            if os.fork() == 0:
                control.close()
                gc.disable()  # a reader makes millions of small values and no circles
                try:
                    with socket.socket(fileno=descriptor) as connection:
                        _answer(connection)
                finally:
                    os._exit(0)
            os.close(descriptor)

