"""Blank templates made from a ledger's declaration: text columns, drop-downs, help sheet, pre-filled schools."""
from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from schools.factset import SchoolRef

from .columns import Column
from .definitions import RECEIVED
from .ledger import Ledger, Table
from .reading.refusals import OWN_LISTS

HELP, LISTS = "填写说明", OWN_LISTS
VERSION = "1"
PREFILLED_ROWS = 60
LAST_ROW = 5_000
WIDTH = (8, 30)


@dataclass(frozen=True)
class Prefill:
    """What the template already knows: the school year, the schools whose rows it offers, and which ledgers a package holds
    (None: every one)."""

    year: int | None = None
    schools: Sequence[SchoolRef] = ()
    ledgers: Sequence[str] | None = None


def template(ledger: Ledger, prefill: Prefill | None = None) -> bytes:
    """The blank .xlsx of a ledger, or of a package with the sheets of every ledger it carries.

    One sheet per table with a frozen header, text format on text-like columns, drop-downs from a hidden sheet; 填写说明
    with each column's meaning, unit, allowed values and example; the template's version in a hidden sheet. Reading back
    does not depend on any of it. A ledger of printed forms has nothing to fill in: its template is the help sheet.
    """
    prefill = prefill or Prefill()
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    writer = _Writer(book, ledger, prefill)
    for table in writer.tables:
        writer.sheet(table)
    writer.help_sheet()
    writer.lists.hide()
    book.close()
    return buffer.getvalue()


def template_columns(table: Table) -> list[Column]:
    """The columns a template prints."""
    return [column for column in table.columns if column.in_template]


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, ledger: Ledger, prefill: Prefill) -> None:
        self.book, self.ledger, self.prefill = book, ledger, prefill
        head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "font_name": "宋体", "font_size": 11}
        self.head = book.add_format({**head, "bg_color": "#E8EDF3"})
        self.head_needed = book.add_format({**head, "bg_color": "#FBE9D0"})
        self.text = book.add_format({"num_format": "@", "font_name": "宋体", "font_size": 11})
        self.plain = book.add_format({"font_name": "宋体", "font_size": 11})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_name": "宋体", "font_size": 10})
        self.title = book.add_format({"bold": True, "font_size": 14, "font_name": "宋体"})
        self.ledgers = [one for one in ledger.carries or (ledger,) if prefill.ledgers is None or one.code in prefill.ledgers]
        self.tables = [table for one in self.ledgers for table in one.tables if (table is one.main or table.extra) and not one.forms]
        self.sheets = [book.add_worksheet(table.title) for table in self.tables]
        self.helper = book.add_worksheet(HELP)
        self.lists = book.add_worksheet(LISTS)
        self.lists.write(0, 0, f"{ledger.code}/{VERSION}", self.text)
        self.used_lists = 1

    def sheet(self, table: Table) -> None:
        """Header in row 1, blank rows below; one row per school (or the school's code down a list) pre-filled."""
        sheet = next(one for one in self.sheets if one.get_name() == table.title)
        columns = template_columns(table)
        sheet.set_row(0, 34)
        sheet.freeze_panes(1, next((i + 1 for i, c in enumerate(columns) if c.identity == "name"), 0))
        for j, column in enumerate(columns):
            needed = column.required is True
            sheet.write(0, j, header_text(column), self.head_needed if needed else self.head)
            width = min(max(len(header_text(column)) * 1.6, WIDTH[0], len(column.example) * 1.3), WIDTH[1])
            sheet.set_column(j, j, width, self.text if column.as_text else self.plain)
            if column.allowed:
                self._drop_down(sheet, j, column)
        self._prefill(sheet, table, columns)

    def _drop_down(self, sheet, j: int, column: Column) -> None:
        """A list over a hidden range: Excel calls a list of more than 255 characters damaged."""
        letter = xl_col_to_name(self.used_lists)
        self.lists.write_column(0, self.used_lists, column.allowed, self.text)
        self.used_lists += 1
        source = f"='{LISTS}'!${letter}$1:${letter}${len(column.allowed)}"
        sheet.data_validation(1, j, LAST_ROW, j, {
            "validate": "list", "source": source, "ignore_blank": True, "error_type": "warning", "error_title": "请核对",
            "error_message": "建议从下拉列表中选择。",
        })  # fmt: skip

    def _prefill(self, sheet, table: Table, columns: list[Column]) -> None:
        known = {
            "code": lambda s: s.code, "name": lambda s: s.name, "type": lambda s: _word(columns, "type", s.type_code),
            "sponsor": lambda s: _word(columns, "sponsor", s.sponsor_code), "area": lambda s: _word(columns, "area", s.area_code),
            "township": lambda s: s.township,
        }  # fmt: skip
        schools = self.prefill.schools
        if not schools or (not table.single and len(schools) > 1):
            return
        # Rows that hold nothing but the school's own codes count as blank on reading, so spare ones do no harm.
        for i, school in enumerate(schools if table.single else [schools[0]] * PREFILLED_ROWS, start=1):
            for j, column in enumerate(columns):
                if column.identity in known and (value := known[column.identity](school)):
                    sheet.write_string(i, j, value, self.text)

    def help_sheet(self) -> None:
        """填写说明: every column's meaning, unit, allowed values and example."""
        sheet = self.helper
        year = f"（{self.prefill.year}-{self.prefill.year + 1}学年）" if self.prefill.year else ""
        sheet.write(0, 0, f"{self.ledger.title}{year}填写说明", self.title)
        notes = [f"{one.title}：{one.note}" for one in self.ledgers if one.note and self.ledger.carries]
        lines = [self.ledger.note, *notes, "橙色表头必须填写；表头次序可以变动，可以增加自己的列，不要在数据中间合并单元格。",
                 "身份证号、代码、年月各列已设为文本格式，请勿改动；下拉列表只是建议，可以粘贴。"]  # fmt: skip
        if self.ledger.forms:
            shown = "、".join(form.shown for form in self.ledger.forms)
            lines = [self.ledger.note, "不必填写任何模板：在统计系统中导出本校的工作簿（含全部表），原样上传即可；表的次序、有无后缀都没有关系。", f"从这些表取数：{shown}。",
                     "下面是取自统计的项目；其他台账已有同一项目的，会逐项核对，不一致时提示。"]  # fmt: skip
        for i, line in enumerate(line for line in lines if line):
            sheet.write(1 + i, 0, line, self.plain)
        row = 2 + len(lines)
        heads = ("工作表", "列", "是否必填", "单位", "可填写的内容", "示例", "说明", "也认得的表头")
        for j, (head, width) in enumerate(zip(heads, (14, 24, 10, 8, 40, 22, 44, 44), strict=True)):
            sheet.write(row, j, head, self.head)
            sheet.set_column(j, j, width)
        sheet.freeze_panes(row + 1, 0)
        for table in (table for one in self.ledgers for table in one.tables):
            for column in template_columns(table):
                row += 1
                needed = "自动取数" if self.ledger.forms else {True: "必填", False: "选填"}.get(column.required, "按情况")
                values = (table.title, column.header, needed, column.unit, "、".join(column.allowed), column.example, column.help, "、".join(column.aliases[:8]))
                for j, value in enumerate(values):
                    sheet.write_string(row, j, value, self.wrap)


def header_text(column: Column) -> str:
    """The header as printed: with its unit."""
    return f"{column.header}({column.unit})" if column.unit else column.header


def _word(columns: list[Column], identity: str, code: str) -> str:
    column = next((c for c in columns if c.identity == identity), None)
    return column.codes.get(code, "") if column is not None else ""


def ledger_named(code: str) -> Ledger:
    """A ledger by code. Raises LookupError with a Chinese sentence naming the known ones."""
    if code not in RECEIVED:
        raise LookupError(f"没有代码为“{code}”的台账。可用的台账：{'、'.join(f'{ledger.code}（{ledger.title}）' for ledger in RECEIVED.values())}。")
    return RECEIVED[code]
