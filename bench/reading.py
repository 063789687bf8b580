"""A 100,000 × 15 workbook through guard and reader in the limited child (bar: 2.5 s), and hostile files (bar: 2 s each).

Peers on the same file: calamine to lists, pandas on calamine, openpyxl read-only. None of them guards, tells error
values and formulas without result, or keeps the reader away from the caller's process.
"""
from __future__ import annotations

import io
import resource
from collections.abc import Iterator

import openpyxl
import pandas as pd
from python_calamine import CalamineWorkbook

from bench.timing import median_seconds, paired, result, seconds
from ledgers.reading import Refusal, guard, read_workbook
from tests.reading.test_hostile_files import HOSTILE
from tests.reading.workbooks import by_hand, large


def run() -> Iterator[dict]:
    data = large()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours, peer = paired(lambda: read_workbook(data, "a.xlsx"), lambda: calamine(data), rounds=3)
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    yield result("read-100000-rows-against-calamine", ours=ours, peer=peer, bar=2.5, growth_mib=growth)
    yield result("read-100000-rows-against-pandas", ours=ours, peer=seconds(lambda: with_pandas(data)))
    yield result("read-100000-rows-against-openpyxl", ours=ours, peer=seconds(lambda: with_openpyxl(data)))
    yield result("guard-100000-rows", ours=median_seconds(lambda: guard(data, "a.xlsx"), rounds=3))
    small = by_hand()
    yield result("guard-ordinary-file", ours=median_seconds(lambda: guard(small, "a.xlsx")), bar=0.2)
    yield result("read-ordinary-file", ours=median_seconds(lambda: read_workbook(small, "a.xlsx")), bar=0.2)
    taken = {name: refused_in(build(), file_name) for name, (_, build, file_name) in HOSTILE.items()}
    slowest = max(taken, key=taken.get)
    yield result("slowest-hostile-file", ours=taken[slowest], bar=2.0, file=slowest, files=len(taken))


def calamine(data: bytes) -> object:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def with_pandas(data: bytes) -> object:
    return pd.read_excel(io.BytesIO(data), engine="calamine", dtype=str, keep_default_na=False)


def with_openpyxl(data: bytes) -> object:
    return list(openpyxl.load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(values_only=True))


def refused_in(data: bytes, file_name: str) -> float:
    """Seconds to the refusal."""

    def attempt() -> None:
        try:
            read_workbook(data, file_name)
        except Refusal:
            return
        raise AssertionError("a hostile file was read")

    return seconds(attempt)
