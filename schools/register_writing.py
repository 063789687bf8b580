"""The register as a workbook: the blank form of a new county, and what is registered, to be changed and imported again.

It has the sheets and headings `register_reading` reads, filled in words where the reader takes words.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter

from . import codes
from .exports import RISKY
from .models import School, Township
from .register_reading import NEEDED, OPTIONAL, SCHOOL_SHEET, TOWNSHIP_SHEET

TOWNSHIP_HEADINGS = ("乡镇名称", "乡镇代码", "中心校标识码")
CODE_LISTS = (("办学类型", codes.SCHOOL_TYPES), ("举办者类型", codes.SPONSORS), ("城乡类型", codes.AREAS))
HELP = "填写说明"
# Column → what to write there, for the sheet of explanations.
MEANINGS = {
    NEEDED[0]: "10 位学校(机构)标识码；教学点、校区没有自己的代码时，填本县自编的代码。",
    NEEDED[1]: "现用全称。",
    NEEDED[2]: "填名称或代码，见下表。",
    NEEDED[3]: "填名称或代码，见下表；“公办”按县级教育部门。",
    NEEDED[4]: "填名称或代码，见下表。",
    NEEDED[5]: "学校所在的乡镇或街道。",
    "单位性质": "本部、校区或教学点；不填为本部。",
    "上级标识码": "校区、教学点填所属学校的标识码。",
    "别名代码": "换码的学校填原标识码；几个代码用顿号分开。",
    "曾用名": "几个名称用顿号分开；上传的表里写曾用名也能认出学校。",
    "建校年份": "四位年份，例如 1998。",
    "是否寄宿制": "是或否。",
    "是否人口密集中心城区": "是或否。",
    "启用日期": "例如 2019-09-01；一直在办的可不填。",
    "停用日期": "已停办的学校填写。",
    "变更日期": "更名、换码、改类型从哪一天起；第一次登记可不填。",
    "变更依据": "文件名称和文号。",
}
LAST_ROW = 1_000  # drop-downs reach so far down


def register_workbook(schools: Iterable[School], townships: Iterable[Township]) -> bytes:
    """The workbook (.xlsx); without schools it is the blank form."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    writer = _Writer(book)
    writer.explain()
    writer.sheet(SCHOOL_SHEET, (*NEEDED, *OPTIONAL), map(school_row, schools), len(NEEDED))
    writer.sheet(TOWNSHIP_SHEET, TOWNSHIP_HEADINGS, map(township_row, townships), 1)
    book.close()
    return buffer.getvalue()


def school_row(school: School) -> tuple[str, ...]:
    """One school under NEEDED and OPTIONAL; former names and codes are history and stay in the portal."""
    return (
        school.code, school.name, school.type_name, school.sponsor_name, school.area_name, school.township.name if school.township else "",
        school.get_kind_display(), school.parent.code if school.parent else "", "", "", str(school.built_year or ""),
        _yes_no(school.is_boarding), _yes_no(school.is_dense_centre), str(school.opened_on or ""), str(school.closed_on or ""), "", "",
    )  # fmt: skip


def township_row(township: Township) -> tuple[str, ...]:
    return township.name, township.code, township.centre_school.code if township.centre_school else ""


def _yes_no(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "")


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.needed, self.optional = book.add_format({**head, "bg_color": "#FBE9D0"}), book.add_format({**head, "bg_color": "#E8EDF3"})
        self.text, self.quoted = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "quote_prefix": True})
        self.bold = book.add_format({"bold": True})
        self.sheets = {name: book.add_worksheet(name) for name in (SCHOOL_SHEET, TOWNSHIP_SHEET, HELP)}
        self.choices: dict[str, str] = {}

    def explain(self) -> None:
        """What each column means, and the code lists, which are also the drop-downs of their columns."""
        sheet = self.sheets[HELP]
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, "“学校”表橙色的列必填，其余可以不填；一所学校一行。“乡镇”表可以不填。", self.bold)
        row = 2
        for pair in MEANINGS.items():
            sheet.write_row(row, 0, pair)
            row += 1
        for title, table in CODE_LISTS:
            sheet.write_string(row + 1, 0, f"{title}代码", self.bold)
            first = row = row + 2
            for pair in table.items():
                sheet.write_row(row, 0, pair)
                row += 1
            self.choices[title] = f"='{HELP}'!$B${first + 1}:$B${row}"

    def sheet(self, name: str, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]], needed: int) -> None:
        """Headings, those that must be filled first and in another colour, and the rows as text."""
        sheet = self.sheets[name]
        sheet.set_column(0, len(headings) - 1, 16, self.text)
        sheet.set_row(0, 32)
        for j, heading in enumerate(headings):
            sheet.write_string(0, j, heading, self.needed if j < needed else self.optional)
            if heading in self.choices:
                sheet.data_validation(1, j, LAST_ROW, j, {"validate": "list", "source": self.choices[heading], "error_type": "warning"})
        for i, row in enumerate(rows, start=1):
            for j, text in enumerate(row):
                if text:
                    sheet.write_string(i, j, text, self.quoted if text.startswith(RISKY) else self.text)
        sheet.freeze_panes(1, 2 if name == SCHOOL_SHEET else 1)
