"""A marked workbook for 100,000 problems (bar: 10 s, growth of all processes 600 MiB, 200 summary lines).

Peer: openpyxl loading the workbook, filling and commenting each faulty cell, saving; on a tenth of the rows, because it
takes minutes on all of them. `ratio` is measured on that same tenth. BENCH_ROWS sets another number of rows.
"""
from __future__ import annotations

import io
import os
import resource
from collections.abc import Iterator

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from bench.timing import result, seconds
from ledgers.marking import Found, Task, mark

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
COLUMNS = 15
SHEET = "教师花名册"
FAULTY = (2, 5, 8, 11, 14)


def run() -> Iterator[dict]:
    data, problems = workbook(ROWS), faults(ROWS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept: list[bytes] = []
    ours = seconds(lambda: kept.append(mark(data, "a.xlsx", Task(problems))))
    own = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    book = openpyxl.load_workbook(io.BytesIO(kept[0]), read_only=True)
    lines = max(sum(1 for _ in book[name].iter_rows()) for name in ("必改", "汇总"))
    yield result("mark-100000-problems", ours=ours, bar=10.0, problems=len(problems), lines=lines, growth_mib=round(own + child), size_mib=round(len(kept[0]) / 2**20, 1))
    text = csv_of(ROWS)
    yield result("mark-100000-problems-of-a-csv", ours=seconds(lambda: mark(text, f"{SHEET}.csv", Task(problems))), bar=10.0)
    tenth, some = workbook(ROWS // 10), faults(ROWS // 10)
    peer = seconds(lambda: with_openpyxl(tenth, some))
    yield result("mark-10000-problems-against-openpyxl", ours=seconds(lambda: mark(tenth, "a.xlsx", Task(some))), peer=peer, rows=ROWS // 10)


def workbook(rows: int) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, [f"列{j}" for j in range(COLUMNS)])
    for i in range(1, rows + 1):
        sheet.write_row(i, 0, [i * j if j % 3 == 0 else f"文字{i % 977}-{j}" for j in range(COLUMNS)])
    book.close()
    return buffer.getvalue()


def csv_of(rows: int) -> bytes:
    lines = [",".join(f"列{j}" for j in range(COLUMNS))]
    lines += [",".join(str(i * j) if j % 3 == 0 else f"文字{i % 977}-{j}" for j in range(COLUMNS)) for i in range(1, rows + 1)]
    return "\n".join(lines).encode()


def faults(rows: int) -> list[Found]:
    """One fault in every row, of five kinds, in runs of a hundred rows."""
    codes = ("not-a-number", "not-in-list", "blank-required", "not-a-date", "unit-doubtful")
    found = []
    for i in range(rows):
        kind = i // 100 % 5
        cell = f"{chr(65 + FAULTY[kind])}{i + 2}"
        level = "doubt" if kind == 4 else "error"
        message = f"「{SHEET}」第{i + 2}行“列{FAULTY[kind]}”({cell})：“约{i}”不能读取，请核对后改正。"
        found.append(Found(level, codes[kind], SHEET, cell, i + 2, f"列{FAULTY[kind]}", f"f{kind}", f"约{i}", message))
    return found


def with_openpyxl(data: bytes, problems: list[Found]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    fill = PatternFill("solid", fgColor="FFC7CE")
    for problem in problems:
        cell = book[problem.sheet][problem.cell]
        cell.fill = fill
        cell.comment = Comment(problem.message, "均衡台账")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
