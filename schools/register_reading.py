"""Reading the register workbook of contracts.md §1 into plain rows or named problems. Nothing is written here.

The file goes through the same gates and the same limited reader as every ledger; that reader lives in a higher room,
which names it here when it is ready (`use_reader`).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import codes

# A workbook's bytes and file name → {sheet: rows of text}, hidden sheets left out. Raises Unreadable.
Reader = Callable[[bytes, str], dict[str, list[list[str]]]]


class Unreadable(Exception):
    """The file is refused: code and Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_reader: Reader | None = None


def use_reader(reader: Reader) -> None:
    """Name the reader of workbooks."""
    global _reader
    _reader = reader


SCHOOL_SHEET, TOWNSHIP_SHEET = "学校", "乡镇"
NEEDED = ("学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)")
OPTIONAL = (
    "单位性质",
    "上级标识码",
    "别名代码",
    "曾用名",
    "建校年份",
    "是否寄宿制",
    "是否人口密集中心城区",
    "启用日期",
    "停用日期",
    "变更日期",
    "变更依据",
)
HEADER_ALIASES = {
    "标识码": NEEDED[0],
    "学校标识码": NEEDED[0],
    "学校代码": NEEDED[0],
    "名称": NEEDED[1],
    "乡镇": NEEDED[5],
    "所在乡镇": NEEDED[5],
}
KINDS = {
    "": "",
    "本部": "whole",
    "校区": "campus",
    "教学点": "point",
    "whole": "whole",
    "campus": "campus",
    "point": "point",
}
NAMES = {"学校名称", "乡镇(街道)", "曾用名", "变更依据"}
LONGEST = {NEEDED[0]: 20, NEEDED[1]: 120}  # as many characters as the register keeps
YES, NO = {"是", "1", "Y", "y", "√", "有"}, {"否", "0", "N", "n", "×", "无"}


@dataclass(frozen=True)
class RegisterProblem:
    """A fault in the register workbook, by sheet, cell and wording; level error or notice."""

    level: str
    code: str
    sheet: str
    cell: str
    message: str

    def as_json(self) -> dict[str, str]:
        return self.__dict__.copy()


@dataclass
class Register:
    """What a register workbook says: townships and schools as plain dicts, and the problems found."""

    townships: list[dict[str, str]] = field(default_factory=list)
    schools: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RegisterProblem] = field(default_factory=list)

    @property
    def errors(self) -> list[RegisterProblem]:
        return [p for p in self.problems if p.level == "error"]


def _header(value: str) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).lstrip("*★")
    return HEADER_ALIASES.get(text, text)


def _clean(value: str) -> str:
    return value.replace("\u3000", " ").strip()


def _sheet_rows(rows: list[list[str]]) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """The header (name -> column index) of the first of 10 rows that holds the wanted words, and the rows below it."""
    for index, row in enumerate(rows[:10]):
        header = {_header(v): i for i, v in enumerate(row) if _header(v)}
        if "学校名称" in header or "乡镇名称" in header:
            body = [(index + 2 + n, r) for n, r in enumerate(rows[index + 1 :]) if any(_clean(v) for v in r)]
            return header, body
    return {}, []


def read_register(data: bytes, name: str) -> Register:
    """Read the workbook. Every fault is a RegisterProblem naming sheet and cell; nothing is written."""
    register = Register()
    try:
        sheets = _reader(data, name)
    except Unreadable as error:
        register.problems.append(RegisterProblem("error", error.code, "", "", str(error)))
        return register
    if SCHOOL_SHEET not in sheets:
        found = f"，文件中的工作表是：{'、'.join(list(sheets)[:5])}" if sheets else ""
        register.problems.append(
            RegisterProblem("error", "missing-sheet", SCHOOL_SHEET, "", f"没有找到名为“学校”的工作表{found}。请按学校名录模板填写。")
        )
        return register
    if TOWNSHIP_SHEET in sheets:
        _read_townships(sheets[TOWNSHIP_SHEET], register)
    _read_schools(sheets[SCHOOL_SHEET], register)
    return register


def _read_townships(sheet: list[list[str]], register: Register) -> None:
    header, rows = _sheet_rows(sheet)
    for _, row in rows:
        value = {name: _clean(row[i]) for name, i in header.items() if i < len(row)}
        if value.get("乡镇名称"):
            register.townships.append(
                {"name": value["乡镇名称"], "code": value.get("乡镇代码", ""), "centre": value.get("中心校标识码", "")}
            )


def _read_schools(sheet: list[list[str]], register: Register) -> None:
    header, rows = _sheet_rows(sheet)
    absent = [name for name in NEEDED if name not in header]
    if absent:
        register.problems.append(
            RegisterProblem(
                "error", "missing-column", SCHOOL_SHEET, "", f"“学校”表缺少列：{'、'.join(absent)}，请补上后重新导入。"
            )
        )
        return
    seen: dict[str, int] = {}
    for number, row in rows:
        reader = _RowReader(register, header, number, row)
        school = reader.school()
        if school is None:
            continue
        if school["code"] in seen:
            reader.problem(
                "error",
                "duplicate-key",
                NEEDED[0],
                f"标识码“{school['code']}”与第{seen[school['code']]}行重复，同一所学校只能有一行。",
            )
        seen[school["code"]] = number
        register.schools.append(school)
    known = set(seen)
    for school in register.schools:
        if school["parent"] and school["parent"] not in known:
            school["parent_outside"] = True


class _RowReader:
    """One row of the sheet 学校, cell by cell."""

    def __init__(self, register: Register, header: dict[str, int], number: int, row: list[str]) -> None:
        self.register, self.header, self.number, self.row = register, header, number, row

    def text(self, name: str) -> str:
        """The cell without blanks around it; full-width digits and letters made plain, except in names."""
        index = self.header.get(name)
        text = _clean(self.row[index]) if index is not None and index < len(self.row) else ""
        return text if name in NAMES else unicodedata.normalize("NFKC", text)

    def problem(self, level: str, code: str, name: str, message: str) -> None:
        cell = f"{_letters(self.header[name])}{self.number}" if name in self.header else ""
        self.register.problems.append(
            RegisterProblem(level, code, SCHOOL_SHEET, cell, f"“学校”表第{self.number}行 {name}：{message}")
        )

    def coded(self, name: str, table: dict[str, str], aliases: dict[str, str]) -> str:
        text = self.text(name)
        if not text:
            self.problem("error", "missing-value", name, "没有填写，请补上代码或名称。")
            return ""
        code = codes.lookup(text, table, aliases)
        if code is None:
            sample = "、".join(f"{k} {v}" for k, v in list(table.items())[:6])
            self.problem("error", "not-in-list", name, f"“{text}”不在代码表内，请填写代码或名称（如 {sample} ……）。")
        return code or ""

    def yes_no(self, name: str) -> bool | None:
        text = self.text(name)
        if text and text not in YES | NO:
            self.problem("error", "not-in-list", name, f"“{text}”应填写“是”或“否”。")
        return True if text in YES else False if text in NO else None

    def date(self, name: str) -> dt.date | None:
        text = self.text(name)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
        try:
            return dt.date(*map(int, found.groups())) if found else self._bad_date(name, text)
        except ValueError:
            return self._bad_date(name, text)

    def _bad_date(self, name: str, text: str) -> None:
        self.problem("error", "not-a-date", name, f"“{text}”不是日期，请写成 2019-09-01 的形式。")

    def school(self) -> dict[str, Any] | None:
        code, name = self.text(NEEDED[0]), self.text(NEEDED[1])
        if not code and not name:
            return None
        for column, value in ((NEEDED[0], code), (NEEDED[1], name)):
            if not value:
                self.problem("error", "missing-value", column, "没有填写，请补上。")
            elif len(value) > LONGEST[column]:
                self.problem("error", "too-long", column, f"有 {len(value)} 个字，最多 {LONGEST[column]} 个字，请核对是否填错了列。")
        if code and not re.fullmatch(r"\d{10}", code):
            self.problem(
                "notice", "unusual-code", NEEDED[0], f"“{code}”不是 10 位数字，请核对；若为本县自编代码可忽略。"
            )
        kind = KINDS.get(self.text("单位性质"))
        if kind is None:
            self.problem("error", "not-in-list", "单位性质", f"“{self.text('单位性质')}”应为 本部、校区 或 教学点。")
        year = self.text("建校年份").removesuffix("年")
        if year and not re.fullmatch(r"(18|19|20)\d\d", year):
            self.problem("error", "not-a-year", "建校年份", f"“{self.text('建校年份')}”不是四位年份，请填写如 1998。")
            year = ""
        return {
            "code": code,
            "name": name,
            "kind": kind or "",
            "type_code": self.coded("办学类型", codes.SCHOOL_TYPES, codes.TYPE_ALIASES),
            "sponsor_code": self.coded("举办者类型", codes.SPONSORS, codes.SPONSOR_ALIASES),
            "area_code": self.coded("城乡类型", codes.AREAS, codes.AREA_ALIASES),
            "township": self.text("乡镇(街道)"),
            "parent": self.text("上级标识码"),
            "alias_codes": _several(self.text("别名代码")),
            "former_names": _several(self.text("曾用名")),
            "built_year": int(year) if year else None,
            "is_boarding": self.yes_no("是否寄宿制"),
            "is_dense_centre": self.yes_no("是否人口密集中心城区"),
            "opened_on": self.date("启用日期"),
            "closed_on": self.date("停用日期"),
            "changed_on": self.date("变更日期"),
            "document": self.text("变更依据"),
        }


def _several(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；]", text) if part.strip()]


def _letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
