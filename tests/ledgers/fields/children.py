"""Rows of the ledgers about children: made-up children of region 999901, one dict a row."""
from __future__ import annotations

from tests.ledgers.checking.helpers import id_number


def child_id(sequence: int, birth: str = "20170312") -> str:
    """A sound number of a child of nobody."""
    return id_number(sequence, birth)


def sheet(title: str, *rows: dict) -> tuple[str, list[list]]:
    """A sheet of these rows: the head is every title any of them names, in order."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return title, [head, *([row.get(name) for name in head] for row in rows)]


def pupil(sequence: int = 1, **changed) -> dict:
    number = changed.pop("身份证件号", child_id(sequence))
    return {"姓名": "李小阳", "身份证件号": number, "全国学籍号": f"G{number}", "年级": "三年级", "班级": "2班", **changed}


def case(sequence: int = 1, **changed) -> dict:
    return {
        "姓名": "李小阳", "身份证号": child_id(sequence), "乡镇": "城关镇", "村": "王家村", "年级": "三年级", "班级": "2班", "监护人": "李建国", "联系电话": "19900000001",
        "台账类别": "疑似辍学", "发现日期": "2025-09-10", "辍学日期": "2025-09-08", "特殊类别": "留守", "辍学原因": "厌学", "目前去向": "在家", "处理阶段": "学校劝返", **changed,
    }  # fmt: skip


def visit(sequence: int = 1, **changed) -> dict:
    return {"姓名": "李小阳", "身份证号": child_id(sequence), "日期": "2025-09-12", "方式": "家访", "参加人员": "王芳(班主任)", "结果": "同意返校", **changed}


def cared(sequence: int = 1, **changed) -> dict:
    number = child_id(sequence)
    return {"姓名": "李小阳", "学籍号": f"G{number}", "年级班级": "三年级2班", "类别": "留守、学困", "认定依据": "学籍登记", "帮扶教师": "王芳", "结对方式": "一对多", **changed}


def plan(sequence: int = 1, **changed) -> dict:
    number = child_id(sequence)
    return {"姓名": "李小阳", "身份证号": number, "残疾证号": f"{number}53", "残疾类别": "智力残疾", "残疾等级": "三级", "安置方式": "随班就读", **changed}


def aid(sequence: int = 1, **changed) -> dict:
    number = child_id(sequence)
    return {"姓名": "李小阳", "身份证号": number, "年级班级": "三(2)班", "资助项目": "家庭经济困难学生生活补助-非寄宿", "困难类型": "建档立卡", "学期": "第一学期", "标准(元)": 312.5, "金额(元)": 312.5, **changed}


def listed(sequence: int = 1, **changed) -> dict:
    return {"姓名": "李小阳", "身份证号": child_id(sequence), "乡镇": "城关镇", "村": "王家村", "监护人": "李建国", "联系电话": "19900000001", **changed}
