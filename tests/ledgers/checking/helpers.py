"""Workbooks and surroundings for the tests of checking: written with openpyxl, read by the real reader's own rules."""
from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

from ledgers.checking import Context, Outcome, check, index_names
from ledgers.definitions import LEDGERS
from ledgers.reading import read_workbook
from ledgers.reading.workbook import Workbook
from schools.factset import SchoolRef

SUNNY = SchoolRef(1, "9999010001", "向阳小学", "whole", None, "211", "7", "121", "城关镇", None, 1986)
NINE = SchoolRef(2, "9999010002", "清河九年一贯制学校", "whole", None, "312", "7", "220", "清河乡", None, 1990)
JUNIOR = SchoolRef(3, "9999010003", "第一初级中学", "whole", None, "311", "7", "111", "城关镇", None, 1970)
SCHOOLS = (SUNNY, NINE, JUNIOR)
YEAR = 2025


def context(school: SchoolRef | None = SUNNY, **more) -> Context:
    given = {
        "county_id": 1, "county_code": "999901", "county_name": "清河县", "year": YEAR, "period": None, "clock": "school_year",
        "school": school, "schools": {s.code: s for s in SCHOOLS}, "townships": ("城关镇", "清河乡"),
        "names": index_names([(s.name, s) for s in SCHOOLS] + [("向阳小", SUNNY)]),
    }  # fmt: skip
    return Context(**{**given, **more})


def workbook(*sheets: tuple[str, Sequence[Sequence]], merges: Sequence[str] = (), edit=None) -> Workbook:
    """The read workbook of (sheet name, rows); `merges` are ranges of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for merged in merges:
        book.worksheets[0].merge_cells(merged)
    if edit:
        edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return read_workbook(buffer.getvalue(), "台账.xlsx")


def run(ledger: str, *sheets, school: SchoolRef | None = SUNNY, merges=(), edit=None, **more) -> Outcome:
    return check(LEDGERS[ledger], workbook(*sheets, merges=merges, edit=edit), context(school, **more))


def places(outcome: Outcome, *levels: str) -> list[tuple[int | None, str, str]]:
    """[(row, field, code)] of the problems of these levels (error alone by default)."""
    wanted = levels or ("error",)
    return [(p.row, p.field, p.code) for p in outcome.problems() if p.level in wanted]


def rows_of(outcome: Outcome, model: str, part: int = 0) -> list[dict]:
    """The fact rows of a model without their places."""
    found = outcome.schools[part].rows_by_model.get(model, [])
    return [{k: v for k, v in row.items() if k not in ("sheet", "row")} for row in found]


CLASS_HEAD = ("年级", "班级名称", "学生数")
CLASS_ROWS = (("一年级", "一(1)班", 40), ("一年级", "一(2)班", 41), ("二年级", "二(1)班", 45))

TEACHER_HEAD = ("姓名", "性别", "身份证号", "最高学历", "是否专任教师", "任教学段", "主要任教学科", "职称", "教师资格证种类", "编制类型", "在岗状态", "骨干级别")


def id_number(sequence: int, birth: str = "19850612") -> str:
    """A sound number of nobody: region 999901."""
    from ledgers.cleaning import id_check_digit

    first = f"999901{birth}{sequence:03}"
    return first + id_check_digit(first)


def teacher(sequence: int = 2, **changed) -> tuple:
    number = str(changed.get("身份证号", id_number(sequence)))
    odd = len(number) == 18 and number[16] in "13579"
    row = {
        "姓名": "王芳", "性别": "男" if odd else "女", "身份证号": number, "最高学历": "本科", "是否专任教师": "是", "任教学段": "小学",
        "主要任教学科": "语文", "职称": "一级教师", "教师资格证种类": "小学", "编制类型": "在编", "在岗状态": "在岗", "骨干级别": "无",
    }  # fmt: skip
    row.update(changed)
    return tuple(row[name] for name in TEACHER_HEAD)


PROFILE = {
    "学校(机构)标识码": "9999010001", "学校名称": "向阳小学", "办学类型": "小学", "举办者类型": "县级教育部门", "城乡类型": "镇中心区", "乡镇(街道)": "城关镇",
    "建校年份": "1986", "小学在校生数": 480, "小学教学班数": 12, "教职工数": 36, "专任教师数": 33, "占地面积": 15000, "校舍建筑面积": 6200,
    "教学及辅助用房面积": 3200.5, "室内体育用房面积": 400, "体育运动场地面积": 5200, "教学仪器设备资产值": 115.2, "网络多媒体教室": 14,
    "教学用计算机台数": 52, "图书册数": 14400, "上年度公用经费预算总额": 57.6, "教师培训经费预算": 3.2,
}  # fmt: skip


def profile_sheet(**changed) -> tuple[str, list[list]]:
    values = {**PROFILE, **changed}
    return "学校基本情况", [list(values), list(values.values())]


def vertical_sheet(**changed) -> tuple[str, list[list]]:
    values = {**PROFILE, **changed}
    units = {"占地面积": "平方米", "教学仪器设备资产值": "万元", "小学在校生数": "人"}
    rows = [["学校填报数据"], ["序号", "类别", "填报项目", "单位", "填报值", "是否必填", "备注说明"]]
    rows += [[i, "基本", name, units.get(name, ""), value, "是", ""] for i, (name, value) in enumerate(values.items(), start=1)]
    return "学校填报数据", rows
