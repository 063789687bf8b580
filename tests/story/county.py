"""A small county written as the workbooks a bureau and its schools would send: five schools, made to be instructive.

向阳小学 passes with six of seven figures (multimedia rooms 2.08 of 2.3 for each hundred pupils, above 85 %). With four
pupils more in each class it has too few graduate teachers too, and its rooms fall below 85 %: the county no longer passes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from django.utils import timezone

from schools.periods import current_school_year

COUNTY, COUNTY_NAME = "999901", "清河县"
NEIGHBOUR, NEIGHBOUR_NAME = "999902", "邻河县"
XIANGYANG, CHENGGUAN, MIDDLE, NINE_YEAR, POINT = (f"999901000{n}" for n in range(1, 6))
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
REGISTER_HEADER = ("学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)", "单位性质", "上级标识码")
CLASS_HEADER = ("学校(机构)标识码", "学校名称", "年级", "班级名称", "学生数", "男", "女")
PROFILE_HEADER = (
    "学校(机构)标识码", "学校名称", "教职工数", "专任教师数",
    *(f"{stage}{words}" for stage in ("小学", "初中") for words in
      ("专任教师数", "高于规定学历教师数", "县级及以上骨干教师数", "体育艺术专任教师数", "中级及以上职称教师数")),
    "占地面积(㎡)", "校舍建筑面积(㎡)", "教学及辅助用房面积(㎡)", "室内体育用房面积(㎡)", "体育运动场地面积(㎡)", "教学仪器设备资产值(万元)",
    "网络多媒体教室", "计算机台数", "教学用计算机台数", "图书册数",
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One school: its register row, the classes of each grade, the pupils of a class, and its figures.

    Teachers of a stage: full-time, above the degree, backbone, PE and arts, middle title.
    Stock: land, building, teaching, indoor and outdoor area in ㎡, equipment in 万元, multimedia rooms, computers, books.
    """

    code: str
    name: str
    type: str
    grades: tuple[tuple[int, int, int], ...]  # grade, classes, pupils of a class
    primary: tuple[int, ...] | None
    junior: tuple[int, ...] | None
    stock: tuple[int | float, ...]
    parent: str = ""

    @property
    def pupils(self) -> int:
        return sum(classes * pupils for _, classes, pupils in self.grades)


UNITS = (
    Unit(XIANGYANG, "向阳小学", "211", tuple((g, 1, 40) for g in range(6)), (15, 11, 3, 3, 9), None,
         (6000, 2600, 1200, 100, 1900, 60, 5, 34, 7600)),
    Unit(CHENGGUAN, "城关小学", "211", tuple((g, 2, 40) for g in range(6)), (30, 24, 6, 6, 18), None,
         (13000, 5200, 2450, 150, 3900, 125, 12, 70, 15000)),
    Unit(MIDDLE, "城关中学", "311", tuple((g, 3, 45) for g in (6, 7, 8)), None, (35, 24, 5, 5, 20),
         (15000, 5600, 2600, 200, 4200, 110, 10, 62, 17000)),
    Unit(NINE_YEAR, "河湾学校", "312", tuple((g, 1, 30 if g < 6 else 35) for g in range(9)), (12, 9, 2, 2, 7), (10, 7, 2, 2, 6),
         (11000, 3600, 1650, 120, 2780, 75, 8, 44, 9600)),
    Unit(POINT, "柳树教学点", "218", ((0, 1, 15), (1, 1, 16)), (4, 3, 1, 1, 2), None,
         (2000, 600, 260, 0, 400, 8, 2, 6, 900), parent=CHENGGUAN),
)  # fmt: skip


def year() -> int:
    """The school year that runs today: the one the pages show first."""
    return current_school_year(timezone.localdate())


def book(sheet: str, rows) -> bytes:
    """One sheet of these rows, as .xlsx."""
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def register(*, neighbour: bool = False) -> bytes:
    """The register workbook."""
    if neighbour:
        return book("学校", [REGISTER_HEADER, ("9999020001", "邻河一小", "211", "7", "121", "东关镇", "本部", "")])
    return book("学校", [REGISTER_HEADER, *(
        (u.code, u.name, u.type, "7", "121", "河湾乡" if u.code in (NINE_YEAR, POINT) else "城关镇", "教学点" if u.parent else "本部", u.parent)
        for u in UNITS
    )])  # fmt: skip


def class_rows(unit: Unit, more: int = 0) -> list[tuple]:
    """The classes of a school, `more` pupils more in each."""
    return [
        (unit.code, unit.name, GRADES[grade], f"{number + 1}班", pupils + more, pupils // 2, pupils - pupils // 2 + more)
        for grade, classes, pupils in unit.grades for number in range(classes)
    ]  # fmt: skip


def classes(units=UNITS, more: int = 0) -> bytes:
    """The class ledger of these schools in one sheet."""
    return book("班级情况", [CLASS_HEADER, *(row for unit in units for row in class_rows(unit, more))])


def faulty_classes(unit: Unit, more: int = 0) -> bytes:
    """The class ledger with two faults: row 4 has words for the number of pupils, row 6 boys and girls that do not add up."""
    rows = [list(row) for row in class_rows(unit, more)]
    rows[2][4] = "四十多人"
    rows[4][5] += 3
    return book("班级情况", [CLASS_HEADER, *rows])


def profiles(units=UNITS) -> bytes:
    """The school profiles in one sheet; pupils and classes are left to the class ledger."""
    rows = []
    for unit in units:
        full_time = sum(stage[0] for stage in (unit.primary, unit.junior) if stage)
        stages = [*(unit.primary or [None] * 5), *(unit.junior or [None] * 5)]
        *stock, computers, books = unit.stock
        rows.append((unit.code, unit.name, full_time + 2, full_time, *stages, *stock, computers + 4, computers, books))
    return book("学校基本情况", [PROFILE_HEADER, *rows])


def write(folder: Path) -> dict[str, Path]:
    """Every workbook as a file: register, neighbour, classes, school_profile."""
    made = {"register": register(), "neighbour": register(neighbour=True), "classes": classes(), "school_profile": profiles()}
    paths = {}
    for name, data in made.items():
        paths[name] = folder / f"{name}.xlsx"
        paths[name].write_bytes(data)
    return paths
