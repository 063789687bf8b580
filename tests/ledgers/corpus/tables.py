"""Tidy tables made from a seed, and the forms in which they may be sent; every form knows where each value ended up."""
from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import get_column_letter

from tests.ledgers.checking.helpers import PROFILE, TEACHER_HEAD, id_number
from tests.ledgers.messes.dressing import Sent
from tests.reading import workbooks as raw

NUMERALS = "一二三四五六"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "芳伟娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


@dataclass
class Table:
    """A sheet in the making: `head` and `rows` under lines `above`, over lines `below`; a row None is a blank line.

    `edits` act on the finished openpyxl sheet; they get a locator (row number of the data, header) → cell.
    """

    ledger: str
    head: list
    rows: list
    above: list[list] = field(default_factory=list)
    under_head: list[list] = field(default_factory=list)
    below: list[list] = field(default_factory=list)
    edits: list[Callable] = field(default_factory=list)
    others: list[tuple[str, list[list], str]] = field(default_factory=list)
    name: str = "台账"
    turned: bool = False

    def column(self, header: str) -> int:
        return self.head.index(header)

    def get(self, row: int, header: str):
        return self.rows[row][self.column(header)]

    def set(self, row: int, header: str, value) -> None:
        self.rows[row][self.column(header)] = value

    def add(self, header: str, values, at: int | None = None) -> None:
        """One more column."""
        place = len(self.head) if at is None else at
        for line in self.below:
            if len(line) == len(self.head):  # a total line moves along
                line.insert(place, None)
        self.head.insert(place, header)
        for row, value in zip(self.data, values, strict=True):
            row.insert(place, value)

    @property
    def data(self) -> list[list]:
        return [row for row in self.rows if row is not None]

    @property
    def grid(self) -> list[list]:
        if self.turned:
            body = [[i, "基本", name, "", value, ""] for i, (name, value) in enumerate(zip(self.head, self.rows[0], strict=True), start=1)]
            return [*self.above, ["序号", "类别", "填报项目", "单位", "填报值", "备注"], *body, *self.below]
        return [*self.above, self.head, *self.under_head, *[row or [] for row in self.rows], *self.below]

    def locate(self, row: int | None, header: str) -> str:
        """The address of a value: `row` counts data rows from 0; None is the header."""
        if self.turned:
            return f"E{len(self.above) + 2 + self.column(header)}"
        letter = get_column_letter(self.column(header) + 1)
        if row is None:
            return f"{letter}{len(self.above) + 1}"
        at = [i for i, line in enumerate(self.rows) if line is not None][row]
        return f"{letter}{len(self.above) + 1 + len(self.under_head) + at + 1}"

    def total_row(self, header: str, below: int = 0) -> str:
        """The address in a line below the data."""
        letter = get_column_letter(self.column(header) + 1)
        return f"{letter}{len(self.above) + 1 + len(self.under_head) + len(self.rows) + below + 1}"


def as_xlsx(table: Table) -> Sent:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table.name
    for line in table.grid:
        sheet.append(list(line))
    for name, lines, state in table.others:
        other = book.create_sheet(name)
        other.sheet_state = state
        for line in lines:
            other.append(list(line))
    for edit in table.edits:
        edit(sheet, table)
    buffer = io.BytesIO()
    book.save(buffer)
    return Sent(buffer.getvalue(), "台账.xlsx")


def _texts(table: Table) -> list[list[str]]:
    width = max(len(line) for line in table.grid)
    return [["" if v is None else str(v) for v in line] + [""] * (width - len(line)) for line in table.grid]


def as_csv(table: Table, encoding: str = "gb18030", mark: str = ",", name: str = "台账.csv") -> Sent:
    quoted = [mark.join('"' + v.replace('"', '""') + '"' for v in line) for line in _texts(table)]
    return Sent("\r\n".join(quoted).encode(encoding), name)


def as_utf8(table: Table) -> Sent:
    return as_csv(table, "utf-8-sig")


def as_tabs(table: Table) -> Sent:
    return as_csv(table, "gb18030", "\t", "台账.xls")


def as_web(table: Table) -> Sent:
    import html

    rows = "".join("<tr>" + "".join(f"<td>{html.escape(v)}</td>" for v in line) + "</tr>" for line in _texts(table))
    return Sent(f"<html><meta charset=gb18030><table>{rows}</table></html>".encode("gb18030"), "台账.xls")


def as_binary(table: Table) -> Sent:
    cells = [
        raw.number_cell(i, j, v) if isinstance(v, int | float) else raw.text_cell(i, j, str(v))
        for i, line in enumerate(table.grid) for j, v in enumerate(line) if v is not None and v != ""
    ]  # fmt: skip
    return Sent(raw.compound({"Workbook": raw.biff(b"".join(cells))}), "台账.xls")


FORMS: dict[str, Callable[[Table], Sent]] = {
    "xlsx": as_xlsx, "csv": as_csv, "csv utf-8": as_utf8, "tabs called xls": as_tabs, "web table": as_web, "xls": as_binary,
}  # fmt: skip


def fits(table: Table, form: str) -> bool:
    """Whether a form can hold the table: only .xlsx has merges, other sheets and formulas, and GBK not every sign."""
    if form == "xlsx":
        return True
    if table.edits or table.others:
        return False
    if form in ("csv utf-8", "xls"):
        return True
    try:
        "".join(v for line in _texts(table) for v in line).encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def classes(rng: random.Random, count: int | None = None) -> Table:
    """Classes of a primary school, numbered within their grade."""
    rows = []
    for grade in range(1, 7):
        for number in range(1, rng.randint(1, 4) + 1):
            rows.append([f"{NUMERALS[grade - 1]}年级", f"{NUMERALS[grade - 1]}({number})班", rng.randint(21, 45)])
    return Table("classes", ["年级", "班级名称", "学生数"], rows[:count], name="班级情况")


def roster(rng: random.Random, count: int | None = None) -> Table:
    """Teachers of a primary school with sound, different identity numbers."""
    rows = []
    for sequence in rng.sample(range(1, 999), count or rng.randint(6, 14)):
        number = id_number(sequence, f"{rng.randint(1970, 1999)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}")
        month = f"{rng.randint(2015, 2024)}-{rng.randint(2, 9):02}"
        rows.append([
            rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2)), "男" if int(number[16]) % 2 else "女", number, rng.choice(("本科", "专科", "硕士研究生")),
            "是", "小学", rng.choice(("语文", "数学", "英语", "体育", "音乐", "美术")), rng.choice(("一级教师", "二级教师")), "小学",
            rng.choice(("在编", "特岗")), "在岗", rng.choice(("无", "县级", "市级")), month,
        ])  # fmt: skip
    return Table("teachers", [*TEACHER_HEAD, "到本校时间"], rows, name="教师花名册")


def profile(rng: random.Random, count: int | None = None) -> Table:
    """The profile of one primary school within every plausibility band."""
    pupils = rng.randint(300, 700)
    classes_ = -(-pupils // 40)
    values = {
        **PROFILE, "小学在校生数": pupils, "小学教学班数": classes_, "教学及辅助用房面积": pupils * 6 + 0.5, "室内体育用房面积": pupils // 2,
        "体育运动场地面积": pupils * 10, "占地面积": pupils * 30, "校舍建筑面积": pupils * 12, "网络多媒体教室": classes_ + 1,
        "教学仪器设备资产值": round(pupils * 0.24, 2), "图书册数": pupils * 30, "教学用计算机台数": pupils // 9,
        "教职工数": pupils // 14, "专任教师数": pupils // 16,
    }  # fmt: skip
    return Table("school_profile", list(values), [list(values.values())], name="学校基本情况")


MAKERS: dict[str, Callable[..., Table]] = {"classes": classes, "teachers": roster, "school_profile": profile}
