"""The cast and the helpers of filing, with packages of several sheets."""

import io

import openpyxl

from tests.ledgers.filing.conftest import approve, cast, send  # noqa: F401

CLASSES = ["学校(机构)标识码", "学校名称", "年级", "班级名称", "学生数"]
FUNDS = ["学校(机构)标识码", "学校名称"]
PROFILE = [
    "学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)", "建校年份", "是否寄宿制", "小学在校生数",
    "占地面积", "体育运动场馆面积", "教学及辅助用房面积", "教学仪器设备资产值", "多媒体教室数",
]  # fmt: skip


def book(*sheets: tuple[str, list[list]], hidden: str = "") -> bytes:
    """An .xlsx of (sheet name, rows)."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def classes(school, *rows) -> list[list]:
    return [CLASSES, *([school.code, school.name, *row] for row in rows or (("一年级", "1班", 40), ("二年级", "1班", 38)))]
