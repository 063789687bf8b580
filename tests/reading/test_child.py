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


def test_rows_that_travelled_early_are_trimmed_and_cleaned_like_the_rest():
    def row(n):
        last = "   " if n > 11_500 else f"第{n}行"  # the last rows and the last column hold nothing but blanks
        text = "a_x0007_b" if n == 7_000 else last
        return f'<row r="{n}"><c r="A{n}" t="str"><v>{text}</v></c><c r="B{n}"><v>{"" if n > 11_500 else n}</v></c><c r="D{n}" t="str"><v>  </v></c></row>'

    data = make.package("".join(map(row, range(1, 12_001))))
    whole, travelled = read_here(data, "a.xlsx", LIMITS), read_workbook(data, "a.xlsx", LIMITS)
    assert travelled == whole
    grid = travelled.sheets[0]
    assert (len(grid.rows), grid.width, grid.counted_rows) == (11_500, 2, 11_500)
    assert grid.rows[6_999] == ["ab", "7000"] and [note.cell for note in travelled.notices] == ["A7000"]


def test_a_refusal_after_rows_have_travelled_leaves_none():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>{"字" * 40_000 if n == 9_000 else n}</v></c></row>' for n in range(1, 9_100))
    assert outcome(make.package(rows)) == "cell-too-long"
