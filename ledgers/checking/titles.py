"""What stands above the header: the school, the school year and the unit of the whole table."""
from __future__ import annotations

import re
from dataclasses import dataclass

from ..cleaning import squeeze
from ..reading.workbook import Grid
from .headers import UNITS

_SCHOOL = re.compile(r"(?:填报单位|填报学校|学校名称|学校|单位名称|单位)(?:\(盖章\)|\(章\))?[::]([^::]{3,60}?)(?=填表|填报|统计|学校\(|标识码|单位|日期|时间|联系|$)")
_CODE = re.compile(r"标识码\)?[::](\d{6,12})")
_YEAR = re.compile(r"(20\d{2})[-—–~至/]+(20)?(\d{2})学?年")
_UNIT = re.compile(r"(?:计量|金额|面积)?单位[::]\(?(" + "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)) + r")(?![\w])")


@dataclass
class Title:
    """Texts with the grid place they stand at; empty when the sheet does not say."""

    school: str = ""
    school_at: tuple[int, int] = (0, 0)
    code: str = ""
    year: int | None = None
    year_text: str = ""
    year_at: tuple[int, int] = (0, 0)
    unit: str = ""


def title_of(grid: Grid, header_row: int) -> Title:
    """Read the rows above the header (the corner unit may also stand in them)."""
    title = Title()
    for i in range(min(header_row, len(grid.rows))):
        for j, cell in enumerate(grid.rows[i]):
            if cell.strip():
                _read(title, squeeze(cell), (i, j), grid.rows[i][j + 1 :])
    return title


def _read(title: Title, text: str, at: tuple[int, int], right: list[str]) -> None:
    if found := _UNIT.search(text):
        title.unit = found[1]
    elif found := _SCHOOL.search(text):
        title.school, title.school_at = found[1].strip("_ "), at
    elif re.fullmatch(r"(?:填报单位|填报学校|学校名称|学校)(?:\(盖章\))?[::]", text):
        value = next((squeeze(cell) for cell in right if cell.strip()), "")
        title.school, title.school_at = value, at
    if found := _CODE.search(text):
        title.code = found[1]
    if found := _YEAR.search(text):
        title.year, title.year_text, title.year_at = int(found[1]), found[0], at
