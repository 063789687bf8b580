"""Writes the demo county as the workbooks schools really keep: both shapes of A1, title rows, merged cells, totals,
full-width digits, padded names, other titles for the same column. Same county, same bytes.

    DIR/<county>/register.xlsx
    DIR/<county>/approved/<year>/<ledger>/<school code>.xlsx   or county.xlsx for a county-wide table
    DIR/<county>/open/<year>/<ledger>/<school code>-<faulty|submitted|returned>.xlsx   newer versions still under way
"""
from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from .columns import AREA_WORDS, CLASS_TITLES, TEACHER_TITLES, class_cells, profile
from .county import THIS_YEAR, DemoCounty, SchoolYear
from .layout import TYPE_WORDS

WRITTEN = dt.datetime(2026, 9, 10, 9, 0, tzinfo=dt.UTC)
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
_ALIASES = {"身份证号": "身份证件号", "最高学历": "学历", "主要任教学科": "任教学科", "编制类型": "编制性质"}


class Book:
    """One workbook being written; text stays text, so that codes and identity numbers keep their digits."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._book = xlsxwriter.Workbook(str(path), {"in_memory": True})  # no scratch file for each sheet
        self._book.set_properties({"created": WRITTEN, "author": "清河县演示数据"})
        self._text = self._book.add_format({"num_format": "@"})
        self._head = self._book.add_format({"bold": True, "border": 1})
        self._title = self._book.add_format({"bold": True, "font_size": 16, "align": "center"})

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *problem: object) -> None:
        self._book.close()

    def sheet(self, name: str) -> None:
        self._sheet, self._row = self._book.add_worksheet(name), 0
        self._sheet.set_column(0, 40, 13)

    def title(self, text: str, width: int) -> None:
        self._sheet.merge_range(self._row, 0, self._row, width - 1, text, self._title)
        self._row += 1

    def head(self, titles: tuple[str, ...]) -> None:
        for column, text in enumerate(titles):
            self._sheet.write_string(self._row, column, text, self._head)
        self._row += 1

    def row(self, values: tuple[object, ...]) -> int:
        """Write one row; returns its index. Empty text leaves the cell blank."""
        for column, value in enumerate(values):
            if isinstance(value, Decimal | int | float):
                self._sheet.write_number(self._row, column, float(value))
            elif value != "":
                self._sheet.write_string(self._row, column, str(value), self._text)
        self._row += 1
        return self._row - 1

    def merge_down(self, first: int, last: int, column: int, text: str) -> None:
        if last > first:
            self._sheet.merge_range(first, column, last, column, text)


def write_register(county: DemoCounty, path: Path) -> None:
    """The register of contracts §1: sheet 学校 and sheet 乡镇."""
    with Book(path) as book:
        book.sheet("学校")
        book.head(("学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)", "单位性质", "上级标识码", "曾用名", "建校年份",
                   "是否寄宿制", "是否人口密集中心城区"))
        for unit in county.units:
            book.row((unit.code, unit.name, TYPE_WORDS[unit.type_code] if unit.built % 2 else unit.type_code, unit.sponsor, AREA_WORDS[unit.area],
                      unit.township, unit.kind, unit.parent, unit.former, unit.built, "是" if unit.boarding else "否", "是" if unit.dense else "否"))
        book.sheet("乡镇")
        book.head(("乡镇名称", "乡镇代码", "中心校标识码"))
        centres = {unit.township: unit.code for unit in county.units if unit.centre}
        for number, name in enumerate(county.townships, 1):
            book.row((name, f"{county.code}{number:03d}", centres.get(name, "")))


def write_profile(school: SchoolYear, path: Path, *, vertical: bool) -> None:
    items = list(profile(school))
    with Book(path) as book:
        book.sheet("学校基本情况")
        if vertical:
            book.title(f"学校基本情况表({school.year}-{school.year + 1}学年)", 6)
            book.head(("序号", "类别", "填报项目", "单位", "填报值", "备注"))
            for number, (group, title, unit, value) in enumerate(items, 1):
                book.row((number, group, title, unit, value, ""))
        else:
            book.head(tuple(f"{title}({unit})" if unit in ("㎡", "万元") else title for _, title, unit, _ in items))
            book.row(tuple(value for _, _, _, value in items))
        _rooms(book, [school], with_code=False)


def write_county_profile(schools: list[SchoolYear], path: Path) -> None:
    """One row per school, as a bureau keeps past years."""
    with Book(path) as book:
        book.sheet("学校基本情况")
        book.title(f"清河县学校基本情况汇总表({schools[0].year}-{schools[0].year + 1}学年)", 12)
        book.head(tuple(title for _, title, _, _ in _full_profile(schools)))
        for school in schools:
            values = {title: value for _, title, _, value in profile(school)}
            book.row(tuple(values.get(title, "") for _, title, _, _ in _full_profile(schools)))
        _rooms(book, schools, with_code=True)


def _full_profile(schools: list[SchoolYear]) -> list[tuple[str, str, str, object]]:
    return max((list(profile(school)) for school in schools), key=len)


def _rooms(book: Book, schools: list[SchoolYear], *, with_code: bool) -> None:
    book.sheet("专用教室")
    book.head((("学校(机构)标识码",) if with_code else ()) + ("教室类别", "教室名称", "面积"))
    for school in schools:
        for kind, name, area in school.rooms:
            book.row(((school.unit.code,) if with_code else ()) + (kind, name, Decimal(area) / 100))


def write_classes(school: SchoolYear, path: Path, *, style: str) -> None:
    rows = class_cells(school)
    with Book(path) as book:
        book.sheet("班级情况")
        if style == "titled":
            book.title(f"{school.year}-{school.year + 1}学年班级情况统计表", len(CLASS_TITLES))
            book.row((f"填报单位：{school.unit.name}",))
        book.head(CLASS_TITLES)
        first, grade = 0, ""
        for number, cells in enumerate(rows):
            if style == "full-width":
                cells = (*cells[:2], str(cells[2]).translate(_FULL), *cells[3:])
            if style != "titled":
                book.row(cells)
                continue
            here = book.row(cells if cells[0] != grade else ("", *cells[1:]))
            if cells[0] != grade:
                first, grade = here, str(cells[0])
            if number + 1 == len(rows) or rows[number + 1][0] != grade:
                book.merge_down(first, here, 0, grade)
        if style == "titled":
            book.row(("合计", "", *(sum(int(row[n]) for row in rows) for n in (2, 3, 4))))
            book.row(("注：本表按9月1日在籍学生填报。",))


def write_county_classes(schools: list[SchoolYear], path: Path) -> None:
    with Book(path) as book:
        book.sheet("班级情况")
        book.head(("学校(机构)标识码", "学校名称", *CLASS_TITLES))
        for school in schools:
            for cells in class_cells(school):
                book.row((school.unit.code, school.unit.name, *cells))


def write_teachers(school: SchoolYear, path: Path, *, style: str = "plain", changes: dict[int, dict[str, object]] | None = None) -> None:
    """A3. `changes` {row number from 0: {title: value}} spoil or correct single cells of an otherwise equal roster."""
    with Book(path) as book:
        book.sheet("教师花名册")
        if style == "titled":
            book.title("教师花名册", len(TEACHER_TITLES))
            book.row((f"填报单位：{school.unit.name}    填表日期：{school.year}年9月8日",))
        book.head(tuple(_ALIASES.get(title, title) for title in TEACHER_TITLES) if style == "aliases" else TEACHER_TITLES)
        for number, row in enumerate(school.roster):
            row = {**row, **(changes or {}).get(number, {})}
            if style == "aliases" and len(str(row["姓名"])) == 2:
                row["姓名"] = "　".join(str(row["姓名"]))
            book.row(tuple(row.get(title, "") for title in TEACHER_TITLES))
        if style == "titled":
            book.row(("填表人：", "", "", "审核人："))


def write_county(county: DemoCounty, into: Path) -> Path:
    """All approved workbooks of the county; returns its folder DIR/<county>."""
    root = into / county.code
    write_register(county, root / "register.xlsx")
    for year, schools in county.years.items():
        folder = root / "approved" / str(year)
        if year != THIS_YEAR:
            write_county_profile(schools, folder / "school_profile" / "county.xlsx")
            write_county_classes(schools, folder / "classes" / "county.xlsx")
            continue
        for number, school in enumerate(schools):
            if school.unit.story == "unsent":
                continue
            name = f"{school.unit.code}.xlsx"
            write_profile(school, folder / "school_profile" / name, vertical=number % 3 == 0)
            write_classes(school, folder / "classes" / name, style=("plain", "titled", "full-width", "plain")[number % 4])
            if school.unit.story != "unsent_teachers":
                write_teachers(school, folder / "teachers" / name, style=("plain", "titled", "plain", "aliases")[number % 4])
    return root


def write_open_versions(county: DemoCounty, into: Path) -> None:
    """Newer versions on top of standing ones: one faulty, two submitted and waiting (one of a point, whose centre school
    looks first), one returned for mending."""
    folder = into / county.code / "open" / str(THIS_YEAR) / "teachers"
    by_name = {school.unit.name: school for school in county.years[THIS_YEAR]}
    faulty, waiting, returned, point = (by_name[name] for name in ("柳林镇中心小学", "白塔镇杨庄小学", "石桥镇初级中学", "石桥镇西坪教学点"))
    write_teachers(faulty, folder / f"{faulty.unit.code}-faulty.xlsx", changes={
        2: {"身份证号": "1.10101E+17"}, 5: {"最高学历": "函授"}, 8: {"职称": "资深教师"}, 11: {"身份证号": faulty.roster[0]["身份证号"]},
        14: {"参加工作时间": "1900-13"},
    })
    write_teachers(waiting, folder / f"{waiting.unit.code}-submitted.xlsx", changes={1: {"主要任教学科": "体育"}, 3: {"主要任教学科": "美术"}})
    write_teachers(returned, folder / f"{returned.unit.code}-returned.xlsx", changes={0: {"骨干级别": "省级", "认定文号": "", "认定时间": f"{THIS_YEAR}-07"}})
    write_teachers(point, folder / f"{point.unit.code}-submitted.xlsx", changes={0: {"周课时数": 17}})
