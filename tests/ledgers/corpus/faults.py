"""Faults by name: each plants itself into a tidy table and says which problem must be told at which place.

A fault is a function (table, rng) -> [(code, data row or None, header or None)]; None for the header means a problem
without a cell. `only_xlsx` faults need what no text table can hold.
"""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.ledgers.checking.helpers import id_number

from .tables import Table

Place = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Fault:
    """One kind. `also` are codes that follow from it; `header` the one column whose single cell is spoilt, "" otherwise."""

    name: str
    ledger: str
    plant: Callable[[Table, random.Random], list[Place]]
    only_xlsx: bool = False
    also: frozenset[str] = frozenset()
    header: str = ""


FAULTS: dict[str, Fault] = {}


def fault(name: str, ledger: str, *, only_xlsx: bool = False, also=(), header: str = ""):
    def register(plant):
        FAULTS[f"{ledger}: {name}"] = Fault(f"{ledger}: {name}", ledger, plant, only_xlsx, frozenset(also), header)
        return plant

    return register


def cell_fault(name: str, ledger: str, header: str, value, code: str, **more) -> None:
    """One cell of the column gets `value` (or value(old, rng)), in a random row."""

    def plant(table: Table, rng: random.Random) -> list[Place]:
        row = rng.randrange(len(table.data))
        old = table.get(row, header)
        table.set(row, header, value(old, rng) if callable(value) else value)
        return [(code, row, header)]

    fault(name, ledger, header=header, **more)(plant)


def added_fault(name: str, ledger: str, header: str, value, code: str, **more) -> None:
    """A further column, blank but for one row."""

    def plant(table: Table, rng: random.Random) -> list[Place]:
        row = rng.randrange(len(table.data))
        table.add(header, [value if i == row else None for i in range(len(table.data))])
        return [(code, row, header)]

    fault(name, ledger, **more)(plant)


# --- classes -----------------------------------------------------------------------------------------------------------
for _name, _value, _code in (
    ("no pupils", None, "blank-required"), ("nought pupils", 0, "outside-range"), ("too many pupils", 101, "outside-range"), ("negative", -3, "outside-range"),
    ("half a pupil", 40.5, "not-whole"), ("about", "约40", "not-a-number"), ("and more", "40余", "not-a-number"), ("or so", "40左右", "not-a-number"),
    ("at least", "40以上", "not-a-number"), ("in words", "四十五", "not-a-number"), ("letter O", "4O", "not-a-number"), ("foreign unit", "40kg", "not-a-number"),
    ("a word", "待定", "not-a-number"), ("an empty word", "无", "not-a-number"), ("two numbers", "40/41", "not-a-number"), ("a sum", "20+21", "not-a-number"),
    ("a question", "40?", "not-a-number"), ("slash", "/", "not-a-number"), ("a share", "40%", "not-a-number"), ("two in one", "40 41", "not-a-number"), ("line break inside", "4\n1", "not-a-number"),
):
    cell_fault(f"pupils {_name}", "classes", "学生数", _value, _code)
for _name, _value, _code in (
    ("blank", None, "blank-required"), ("unknown word", "大班", "not-a-grade"), ("thirteen", "十三年级", "not-a-grade"), ("two at once", "一、二年级", "not-a-grade"),
    ("nought", "0", "not-a-grade"), ("a class name", "一(1)班", "not-a-grade"),
):
    cell_fault(f"grade {_name}", "classes", "年级", _value, _code)
cell_fault("class name blank", "classes", "班级名称", None, "blank-required")
cell_fault("class name none", "classes", "班级名称", "无", "blank-required")
cell_fault("class name too long", "classes", "班级名称", "班" * 60, "text-too-long")


@fault("the same class twice", "classes")
def _(table, rng):
    row = list(rng.choice(table.data))
    row[2] = row[2] - 1 if row[2] > 21 else row[2] + 1
    table.rows.append(row)
    return [("duplicate-key", len(table.data) - 1, "班级名称")]


@fault("boys and girls make another sum", "classes")
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.add("男", [r[2] - 10 for r in table.data])
    table.add("女", [10 + (i == row) for i in range(len(table.data))])
    return [("parts-differ-from-total", row, "学生数")]


@fault("a total that differs", "classes")
def _(table, rng):
    table.below.append(["合计", None, sum(r[2] for r in table.data) + rng.randint(1, 9)])
    return [("total-differs", -1, "学生数")]


@fault("two columns for the pupils", "classes")
def _(table, rng):
    table.add("人数", [r[2] + 1 for r in table.data])
    return [("column-twice", None, None)]


for _header in ("年级", "班级名称", "学生数"):

    def _drop(table, rng, header=_header):
        at = table.column(header)
        table.head.pop(at)
        for row in table.data:
            row.pop(at)
        return [("missing-column", None, None)]

    fault(f"column {_header} missing", "classes")(_drop)


@fault("data after the notes", "classes")
def _(table, rng):
    table.below += [["注：以9月1日为准"], ["六年级", "六(9)班", 40]]
    return [("rows-after-notes", None, None)]


@fault("last year's title", "classes")
def _(table, rng):
    table.above.append(["2024-2025学年班级情况表"])
    return [("other-year", -2, None)]


@fault("another school in the title", "classes")
def _(table, rng):
    table.above.append(["填报单位：第一初级中学"])
    return [("other-school", -2, None)]


@fault("another school in a row", "classes", also=["duplicate-key"])
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.add("学校代码", ["9999010002" if i == row else "9999010001" for i in range(len(table.data))])
    return [("other-school", row, "学校代码")]


@fault("an unknown school code", "classes")
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.add("学校代码", ["9999019999" if i == row else "9999010001" for i in range(len(table.data))])
    return [("unknown-school", row, "学校代码")]


@fault("code and name of two schools", "classes")
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.add("学校代码", ["9999010001"] * len(table.data))
    table.add("学校名称", ["第一初级中学" if i == row else "向阳小学" for i in range(len(table.data))])
    return [("code-and-name-differ", row, "学校名称")]


@fault("sheets with other columns", "classes", only_xlsx=True)
def _(table, rng):
    table.others.append(("六年级", [["班级名称", "年级", "男", "女"], ["六(9)班", "六年级", 20, 20]], "visible"))
    return [("sheets-differ", None, None)]


@fault("no rows at all", "classes")
def _(table, rng):
    table.rows = []
    return [("no-rows", None, None)]


@fault("something else", "classes")
def _(table, rng):
    table.head, table.rows = ["物品", "数量", "备注"], [["桌子", 3, ""], ["椅子", 4, ""]]
    return [("no-matching-sheet", None, None)]


def _formula(sheet, table, row, header):
    sheet[table.locate(row, header)] = "=20+21"


@fault("formula without result", "classes", only_xlsx=True)
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.edits.append(lambda sheet, made: _formula(sheet, made, row, "学生数"))
    return [("formula-without-value", row, "学生数")]


@fault("error value", "classes", only_xlsx=True)
def _(table, rng):
    row = rng.randrange(len(table.data))

    def edit(sheet, made):
        cell = sheet[made.locate(row, "学生数")]
        cell.value, cell.data_type = rng.choice(("#REF!", "#DIV/0!", "#N/A", "#VALUE!")), "e"

    table.edits.append(edit)
    return [("error-value", row, "学生数")]


# --- teachers ------------------------------------------------------------------------------------------------------------
def _wrong_check(old, rng):
    return old[:17] + ("1" if old[17] != "1" else "2")


def _swapped(old, rng):
    """Two neighbouring serial digits turned round, as a typist does."""
    return next(new for i in (15, 14) if (new := old[:i] + old[i + 1] + old[i] + old[i + 2 :]) != old) if old[14] != old[15] or old[15] != old[16] else _wrong_check(old, rng)


for _name, _value, _code in (
    ("blank", None, "blank-required"), ("wrong check digit", _wrong_check, "id-checksum"), ("digits turned round", _swapped, "id-checksum"),
    ("a digit missing", lambda old, rng: old[:16] + old[17:], "id-wrong-length"), ("a digit too many", lambda old, rng: old + "0", "id-wrong-length"),
    ("tail of noughts", lambda old, rng: old[:15] + "000", "id-truncated"), ("scientific", "1.10101E+17", "id-truncated"),
    ("no such day", lambda old, rng: old[:10] + "0230" + old[14:], "id-birth"), ("no such month", lambda old, rng: old[:10] + "1301" + old[14:], "id-birth"),
    ("a word", "待补", "id-wrong-length"), ("letters inside", lambda old, rng: old[:5] + "A" + old[6:], "id-wrong-length"),
):
    cell_fault(f"identity {_name}", "teachers", "身份证号", _value, _code)
cell_fault("identity as a number", "teachers", "身份证号", lambda old, rng: int(old[:15] + "000"), "id-truncated", only_xlsx=True)
for _name, _value, _code in (
    ("blank", None, "blank-required"), ("a rare character lost", "王?", "name-damaged"), ("a private character", "王\ue123芳", "name-damaged"),
    ("with a number", "王芳1", "not-a-name"), ("two persons", "张三、李四", "several-values"), ("one character", "王", "not-a-name"),
):
    cell_fault(f"name {_name}", "teachers", "姓名", _value, _code, only_xlsx="\ue123" in (_value or ""))
for _header, _wrong in (
    ("最高学历", "大学问"), ("任教学段", "大学"), ("主要任教学科", "语问"), ("职称", "特级大师"), ("教师资格证种类", "驾驶证"), ("编制类型", "铁饭碗"), ("在岗状态", "不知道"), ("骨干级别", "宇宙级"),
):
    cell_fault(f"{_header} not in the list", "teachers", _header, _wrong, "not-in-list", only_xlsx=False)
for _header in ("最高学历", "主要任教学科", "职称", "教师资格证种类", "编制类型", "是否专任教师"):
    cell_fault(f"{_header} blank", "teachers", _header, None, "blank-required")
cell_fault("full-time unknown mark", "teachers", "是否专任教师", "也许", "unknown-mark")
cell_fault("two subjects", "teachers", "主要任教学科", "音乐、美术", "several-values")
cell_fault("sex against the number", "teachers", "性别", lambda old, rng: "女" if old == "男" else "男", "sex-differs-from-id")
for _name, _value, _code in (
    ("short year", "19.9", "ambiguous-month"), ("words", "去年", "not-a-date"), ("to come", "2099-09", "outside-range"), ("long ago", "1899-09", "outside-range"),
    ("thirteenth month", "2019-13", "not-a-date"),
):
    cell_fault(f"month {_name}", "teachers", "到本校时间", _value, _code)
cell_fault("month January or October", "teachers", "到本校时间", 2019.1, "ambiguous-month", only_xlsx=True)
added_fault("birth against the number", "teachers", "出生年月", "1950-01", "birth-differs-from-id")
added_fault("started to work as a child", "teachers", "参加工作时间", "1975-01", "dates-reversed")
added_fault("weekly periods beyond a week", "teachers", "周课时数", 90, "outside-range")
cell_fault("age beyond sixty", "teachers", "身份证号", lambda old, rng: id_number(int(old[14:17]), "19500101"), "age-unusual")


@fault("one person twice", "teachers")
def _(table, rng):
    row = list(rng.choice(table.data))
    row[0] = row[0] + "甲" if len(row[0]) < 4 else row[0][:2]
    table.rows.append(row)
    return [("duplicate-key", len(table.data) - 1, "身份证号")]


@fault("certificate below the stage", "teachers")
def _(table, rng):
    row = rng.randrange(len(table.data))
    table.set(row, "任教学段", "初中")
    return [("certificate-below-stage", row, "教师资格证种类")]


# --- the profile ----------------------------------------------------------------------------------------------------------
for _header in ("教学及辅助用房面积", "室内体育用房面积", "体育运动场地面积", "教学仪器设备资产值", "网络多媒体教室"):
    cell_fault(f"{_header} blank", "school_profile", _header, None, "blank-required")
    cell_fault(f"{_header} about", "school_profile", _header, "约300", "not-a-number")
    cell_fault(f"{_header} foreign unit", "school_profile", _header, "300斤", "not-a-number")
cell_fault("indoor above teaching area", "school_profile", "室内体育用房面积", lambda old, rng: 9999, "part-above-whole", also=["unit-doubtful", "unusual-number"])
cell_fault("more teachers than staff", "school_profile", "专任教师数", lambda old, rng: 900, "part-above-whole", also=["unusual-number"])
cell_fault("equipment in yuan", "school_profile", "教学仪器设备资产值", lambda old, rng: round(old * 10_000), "unit-doubtful")
cell_fault("land in acres", "school_profile", "占地面积", "22.5亩", "unit-to-confirm")
cell_fault("land in a small number", "school_profile", "占地面积", 22, "unit-doubtful", also=["part-above-whole"])
cell_fault("too many multimedia rooms", "school_profile", "网络多媒体教室", 90, "unusual-number")
cell_fault("another type than registered", "school_profile", "办学类型", "初级中学", "differs-from-register")
cell_fault("an impossible type", "school_profile", "办学类型", "魔法学校", "not-in-list")
cell_fault("year of four digits missing", "school_profile", "建校年份", "八六年", "not-a-date")
cell_fault("a year to come", "school_profile", "建校年份", "2099", "outside-range")
cell_fault("half a book", "school_profile", "图书册数", 14400.5, "not-whole")
cell_fault("pupils below nought", "school_profile", "小学在校生数", -5, "outside-range")
cell_fault("rooms in words", "school_profile", "网络多媒体教室", "十四", "not-a-number")
cell_fault("more decimals than kept", "school_profile", "教学及辅助用房面积", lambda old, rng: old + 0.067, "rounded")
