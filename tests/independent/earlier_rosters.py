"""Rosters of the eight school years before the demo county's own two, of the pupils who finished a stage last summer.

Some came in on the way; some who entered with them went elsewhere, died, or are on no roster any more.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.independent.second_children import GRADES, YEAR, rows, workbooks
from tests.ledgers.checking.helpers import id_number

LAST = YEAR - 1
CODE, TITLES = "学校(机构)标识码", ("学校(机构)标识码", "全国学籍号", "姓名", "身份证件号", "年级", "班级", "学籍状态")
WORDS = {grade: word for word, grade in GRADES.items()}
FATES = ("转出", "死亡", "")  # of those who did not finish: what the roster of their second year says; "" = not on it
GHOSTS = 7


def write(root: Path, into: Path) -> list[tuple[int, Path]]:
    """(year, workbook) for each year; `root` is the demo county's folder."""
    last = [row for path in workbooks(root, LAST, "pupils") for row in rows(path)]
    finished = {grade: [row for row in last if GRADES[row["年级"]] == grade] for grade in (6, 9)}
    primary = finished[6][0][CODE]
    written = []
    for year in range(LAST - 8, LAST):
        lines = [line for grade, pupils in finished.items() for line in _cohort(pupils, grade - (LAST - year), year, primary)]
        lines += [line for first, entry in ((1, LAST - 8), (1, LAST - 5), (7, LAST - 2)) for line in _ghosts(first, entry, year, primary, finished[9][0][CODE])]
        path = into / f"{year}.xlsx"
        book = openpyxl.Workbook()
        book.active.title = "学生名册"
        for cells in (TITLES, *lines):
            book.active.append(cells)
        book.save(path)
        written.append((year, path))
    return written


def _cohort(pupils: list[dict], grade: int, year: int, primary: str):
    """Everybody of a cohort who was there that year: of each nine one came in its fifth last year, of each eleven one in its last but one."""
    for n, row in enumerate(pupils):
        came = LAST - 4 if n % 9 == 0 else LAST - 1 if n % 11 == 5 else 0
        if grade >= 1 and year >= came:
            yield _line(primary if grade <= 6 else row[CODE], row["姓名"], row["number"], grade, "在校")


def _ghosts(first: int, entry: int, year: int, primary: str, junior: str):
    """Those who entered and did not finish."""
    for n in range(GHOSTS):
        number, fate = id_number(100 * (entry - 2000) % 900 + n, f"{entry - 5 - first}0305"), FATES[n % 3]
        if year == entry or (year == entry + 1 and fate):
            yield _line(primary if first == 1 else junior, "钱小满", number, first + year - entry, "在校" if year == entry else fate)


def _line(school: str, name: str, number: str, grade: int, status: str) -> tuple[str, ...]:
    return school, f"G{number}", name, number, WORDS[grade], "1班", status
