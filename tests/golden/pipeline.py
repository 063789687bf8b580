"""Facts through the real commands only: register, import_ledger --commit, snapshot. Workbooks as a school writes them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
from django.core.management import CommandError, call_command

COUNTY, YEAR = "999901", 2026


def run(name: str, *arguments: str) -> tuple[int, dict]:
    """(exit code, JSON) of a management command."""
    out, code = io.StringIO(), 0
    try:
        call_command(name, *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = end.code
    except CommandError as end:
        code = end.returncode
    return code, json.loads(out.getvalue())


def write(path: Path, header: list, rows: list[list], sheet: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)
    return path


def register(folder: Path, schools: list[tuple[str, str, str]], county: str = COUNTY, name: str = "清河县") -> None:
    """(code, name, type) of each school; all of the county's own sponsor, in one town."""
    header = ["学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)"]
    path = write(
        folder / f"register-{county}.xlsx",
        header,
        [[code, title, kind, "7", "121", "城关镇"] for code, title, kind in schools],
        "学校",
    )
    code, answer = run("register", path, "--county", county, "--name", name)
    assert code == 0, answer


def import_rows(
    folder: Path, ledger: str, header: list, rows: list[list], *more: str, year: int = YEAR, name: str = ""
) -> dict:
    """One workbook, checked and committed; a doubt is explained in one word. Fails unless it was taken."""
    path = write(folder / (name or f"{ledger}.xlsx"), header, rows)
    code, answer = run(
        "import_ledger", ledger, path, "--county", COUNTY, "--year", year, "--commit", "--explain", "已核实", *more
    )
    assert code == 0, answer["problems"]
    return answer


def snapshot(standard: str, *more: str, year: int = YEAR) -> dict:
    code, answer = run("snapshot", "--county", COUNTY, "--year", year, "--standard", standard, *more)
    assert code == 0, answer
    return answer
