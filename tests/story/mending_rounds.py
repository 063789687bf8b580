"""Files of 城关小学 with faults of three kinds, and their mending."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from . import county as written

RIGHT = {"D4": "40", "C8": "2班", "B11": "三年级"}
UNITS = {"占地面积": "㎡", "校舍建筑面积": "㎡", "教学及辅助用房面积": "㎡", "室内体育用房面积": "㎡", "操场面积": "㎡"}


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def spoilt_classes(unit: written.Unit) -> bytes:
    """A printed form with a merged title, subtotals under each grade and a signature; three cells are wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "班级"
    sheet.append([f"{unit.name}班级情况统计表"])
    sheet.append([f"填报单位（盖章）：{unit.name}"])
    sheet.append(["序号", "年级", "班级", "学生数", "班主任"])
    number, total = 0, 0
    for grade, classes, pupils in unit.grades:
        for n in range(classes):
            number += 1
            sheet.append([number, written.GRADES[grade], f"{n + 1}班", str(pupils).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}), "王芳"])
        sheet.append([None, "小计", None, classes * pupils])
        total += classes * pupils
    sheet.append(["总计", None, None, total])
    sheet.append(["校长签字：", None, "填表人：王某"])
    sheet.merge_cells("A1:E1")
    assert [sheet[cell].value for cell in RIGHT][1:] == ["2班", "三年级"]
    for cell, wrong in zip(RIGHT, ("约40", None, "第三年"), strict=True):
        sheet[cell] = wrong
    return _saved(book)


def spoilt_csv(unit: written.Unit) -> bytes:
    """The plain list as text; two of its cells are wrong."""
    rows = [["年级", "班级名称", "学生数"], *[[row[2], row[3], str(row[4])] for row in written.class_rows(unit)]]
    rows[1][2], rows[4][0] = "四十", "末年级"
    return "\r\n".join(",".join(row) for row in rows).encode("gb18030")


def mended(marked: Path) -> bytes:
    """The marked workbook with its coloured cells put right; its own sheets and comments stay."""
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames[:3] == ["说明", "必改", "汇总"]
    sheet = book.worksheets[3]
    assert (sheet["C2"].value, sheet["A5"].value) == ("四十", "末年级")
    sheet["C2"], sheet["A5"] = 40, "二年级"
    return _saved(book)


def odd_profile(unit: written.Unit) -> bytes:
    """The profile as a vertical form: the sports ground under another name, the equipment in 元 without a word."""
    *stock, computers, books = unit.stock
    names = ["占地面积", "校舍建筑面积", "教学及辅助用房面积", "室内体育用房面积", "操场面积", "教学仪器设备资产值", "网络多媒体教室"]
    values = dict(zip(names, stock, strict=True))
    values["教学仪器设备资产值"] *= 10_000
    staff = ("小学专任教师数", "小学高于规定学历教师数", "小学县级及以上骨干教师数", "小学体育艺术专任教师数", "小学中级及以上职称教师数")
    items = {"学校(机构)标识码": unit.code, "学校名称": unit.name, "教职工数": unit.primary[0] + 2, "专任教师数": unit.primary[0], **dict(zip(staff, unit.primary, strict=True)),
             **values, "计算机台数": computers + 4, "教学用计算机台数": computers, "图书册数": books}  # fmt: skip
    rows = [["学校基本情况"], ["序号", "填报项目", "单位", "填报值"], *[[i, name, UNITS.get(name, ""), value] for i, (name, value) in enumerate(items.items(), 1)]]
    return written.book("基本情况", rows)
