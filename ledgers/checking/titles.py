"""What stands above the header: the school, the year and the units of the whole table."""
from __future__ import annotations

import re
from dataclasses import dataclass

from ..cleaning import squeeze
from ..columns import AREA, MONEY
from ..reading.workbook import Grid
from .headers import UNITS

_UNIT_NAMES = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_UNITS = re.compile(rf"(?:计量|金额|面积|货币)?单位[::]\(?((?:{_UNIT_NAMES})(?:[、,/;和及·](?:{_UNIT_NAMES}))*)(?![\w])\)?")
_ALL_IN = re.compile(rf"\((?:单位)?({'|'.join(sorted(map(re.escape, {*AREA, *MONEY}), key=len, reverse=True))})\)$")
_SCHOOL = re.compile(r"(?:填报单位|填报学校|学校名称|学校|单位名称|单位)(?:\(盖章\)|\(章\))?[::]([^::]{3,60}?)(?=填表|填报|统计|学校\(|标识码|单位|日期|时间|联系|20\d\d|$)")
_SCHOOL_LABEL = re.compile(r"(?:填报单位|填报学校|学校名称|学校)(?:\(盖章\))?[::]")
_CODE = re.compile(r"标识码\)?[::](\d{6,12})")
_YEARS = re.compile(r"(20\d{2})[-—–~至/]+(20)?(\d{2})学?年")
_SCHOOL_YEAR = re.compile(r"(20\d{2})学年")
_TERM = re.compile(r"(20\d{2})年?度?(春|秋)")
_OF_YEAR = re.compile(r"(20\d{2})年(?:度)?(?!\d{1,2}月|标准|版|修订|规划|起|以|之|及|前|后|至|[-—–~])[^::]{0,30}(?:表|册|台账|统计|汇总|一览)")
_DATED = re.compile(r"(?:填表|填报|统计|报送|上报|制表)?(?:日期|时间|时点)[::](20\d{2})[年.\-/](\d{1,2})")
LONGEST_TITLE = 60


@dataclass
class Title:
    """Texts with the grid place they stand at; empty when the sheet does not say.

    `schools` are all that are named, `school` the first of them. `year` is the first year of a school year, `of_year` a year that may be a school's or a budget's ("2024年经费表"), `dated`
    the (year, month) in which the form was filled in. `lines`: every short text, for names without a label.
    """

    school: str = ""
    schools: tuple[tuple[str, tuple[int, int]], ...] = ()
    code: str = ""
    year: int | None = None
    of_year: int | None = None
    dated: tuple[int, int] | None = None
    year_text: str = ""
    year_at: tuple[int, int] = (0, 0)
    units: tuple[str, ...] = ()
    lines: tuple[tuple[str, tuple[int, int]], ...] = ()

    def name(self, school: str, at: tuple[int, int]) -> None:
        """A school is named; the first one counts, the others may contradict it."""
        self.school = self.school or school
        self.schools += ((school, at),)


def title_of(grid: Grid, header_row: int) -> Title:
    """Read the rows above the header (the corner unit may also stand in them)."""
    return title_in(grid, range(min(header_row, len(grid.rows))))


def title_in(grid: Grid, rows: range | list[int]) -> Title:
    """What these rows say of the table as a whole."""
    title = Title()
    for i in rows:
        for j, cell in enumerate(grid.rows[i]):
            if cell.strip():
                _read(title, squeeze(cell), (i, j), grid.rows[i][j + 1 :])
        given = [cell for cell in grid.rows[i] if cell.strip()]
        if len(given) == 1:
            title.units += unit_of_all(given[0])
    return title


def unit_of_all(text: str) -> tuple[str, ...]:
    """The unit of a whole table that its title or the name of its sheet ends with: 学校经费表(万元)."""
    found = _ALL_IN.search(squeeze(text))
    return (found[1],) if found else ()


def _read(title: Title, text: str, at: tuple[int, int], right: list[str]) -> None:
    if found := _UNITS.search(text):
        title.units += tuple(re.findall(_UNIT_NAMES, found[1]))
        text = text[: found.start()] + text[found.end() :]
    if found := _SCHOOL.search(text):
        title.name(found[1].strip("_ "), at)
    elif _SCHOOL_LABEL.fullmatch(text):
        value = next((squeeze(cell) for cell in right if cell.strip()), "")
        title.name(value, at)
    elif len(text) <= LONGEST_TITLE:
        title.lines += ((text, at),)
    if found := _CODE.search(text):
        title.code = found[1]
    _read_year(title, text, at)


def _read_year(title: Title, text: str, at: tuple[int, int]) -> None:
    if found := _YEARS.search(text) or _SCHOOL_YEAR.search(text):
        title.year = int(found[1])
    elif found := _TERM.search(text):
        title.year = int(found[1]) - (found[2] == "春")
    elif len(text) <= LONGEST_TITLE and (found := _OF_YEAR.search(text)):
        title.of_year = int(found[1])
    elif found := _DATED.search(text):
        title.dated = (int(found[1]), int(found[2]))
        if title.year is not None or title.of_year is not None:
            return  # the title itself says more than the day on which the form was filled in
    else:
        return
    title.year_text, title.year_at = found[0], at
