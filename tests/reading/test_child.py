"""The limited child: many at once, from threads and after a fork, and values that cross the border unchanged."""
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledgers.reading import Limits, Refusal, child, read_workbook
from ledgers.reading.readers import read_here

from . import workbooks as make

LIMITS = Limits()


def outcome(data):
    try:
        return read_workbook(data, "a.xlsx", LIMITS).sheets[0].rows
    except Refusal as refusal:
        return refusal.code


def test_eight_at_once_each_get_their_own_answer():
    files = [make.far_cell(), make.by_hand(), make.minimal()[:-60], make.by_openpyxl(make.typed())] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(outcome, files))
    assert found == ["far-cell", make.ROWS, "broken-file", make.ROWS] * 4


def test_a_forked_worker_starts_a_server_of_its_own():
    read_workbook(make.by_hand(), "a.xlsx", LIMITS)
    ours = child._SERVERS._process.pid
    reading, writing = os.pipe()
    worker = os.fork()
    if not worker:
        rows = outcome(make.by_hand())
        own = child._SERVERS._process.pid != ours
        os.write(writing, b"y" if rows == make.ROWS and own else b"n")
        child._SERVERS.close()
        os._exit(0)
    os.waitpid(worker, 0)
    assert os.read(reading, 1) == b"y"
    os.close(reading)
    os.close(writing)
    assert child._SERVERS._process.poll() is None
    assert outcome(make.by_hand()) == make.ROWS


def test_the_child_gives_what_the_reader_gives():
    data = make.package(
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><v>85</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
        workbook='<workbookPr date1904="1"/>',
    )
    assert read_workbook(data, "a.xlsx", LIMITS) == read_here(data, "a.xlsx", LIMITS)


def test_the_row_limit_is_a_setting(settings):
    settings.LEDGER_ROW_LIMIT = 10
    data = make.package("".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 40)))
    with pytest.raises(Refusal) as caught:
        read_workbook(data, "a.xlsx")
    assert caught.value.code == "too-many-rows" and "39 行" in caught.value.message and "10 行" in caught.value.message


def test_no_process_is_left_behind():
    for _ in range(3):
        outcome(make.by_hand())
    server = child._SERVERS._process.pid
    for _ in range(100):
        if not Path(f"/proc/{server}/task/{server}/children").read_text().split():
            return
        time.sleep(0.05)
    raise AssertionError("a fork outlived its answer by five seconds")
