"""The living style page: every part of the design system with believable figures, to be looked at in a browser."""

from __future__ import annotations

from types import SimpleNamespace

NAMES = (
    "每百名学生拥有高于规定学历教师数",
    "每百名学生拥有县级以上骨干教师数",
    "每百名学生拥有体育、艺术专任教师数",
    "生均教学及辅助用房面积",
    "生均体育运动场馆面积",
    "生均教学仪器设备值",
    "每百名学生拥有网络多媒体教室数",
)
SHORT = (
    "高于规定学历教师",
    "县级以上骨干教师",
    "体育、艺术教师",
    "教学及辅助用房",
    "体育运动场馆",
    "教学仪器设备值",
    "网络多媒体教室",
)
UNITS = ("人", "人", "人", "㎡", "㎡", "元", "间")
BARS = ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3")
FLOORS = ("3.57", "0.85", "0.765", "3.825", "6.375", "1700", "1.955")
ROWS = (
    ("实验小学", "1932", ("5.12", "1.4", "1.035", "5.21", "7.61", "2410.5", "2.69")),
    ("向阳小学", "644", ("4.196", "1.24", "0.776", "4.88", "7.5", "2100", "2.48")),
    ("清河县第二初级中学(东校区)", "1510", ("3.1", "0.6", "0.95", None, "5.02", "1510.25", "1.2")),
)


def example_cell(index: int, value: str | None) -> dict:
    """A cell in the shape of a snapshot's payload."""
    met = None if value is None else float(value) >= float(BARS[index])
    return {
        "value": value,
        "threshold": BARS[index],
        "floor": FLOORS[index],
        "unit": UNITS[index],
        "met": met,
        "reason": "missing" if value is None else "",
    }


JOB = {"state": "running", "progress_done": 42, "progress_total": 180, "progress_text": "正在核对第 42 所学校", "error": ""}
BROKEN = "文件已损坏，读不出工作表，请重新另存为 .xlsx 后上传。"
CVS = ("0.312", "0.467", "0.5153", "0.498", "0.411", "0.5", None)
PLAIN = {
    "looks": [("pass", "审核通过"), ("fail", "退回修改"), ("warn", "疑点 3"), ("move", "正在检查"), ("none", "未报送")],
    "cv_tile": {"cv": "0.5153", "limit": "0.50", "met": False},
    "years": ["2022", "2023", "2024", "2025"],
    "lines": [("小学", ["0.61", "0.57", None, "0.482"]), ("初中", ["0.55", "0.52", "0.49", "0.437"])],
    "groups": [("小学", ["28120", "27640", "27011", "26350"]), ("初中", ["11020", "11890", "12400", "12960"])],
    "shares": [("第二初级中学", "0.4310"), ("实验小学", "0.2155"), ("城关中学", "0.1500"), ("其余 21 所", "0.2035")],
    "steps": [("上传", "done"), ("检查", "done"), ("提交", "done"), ("校长审签", "now"), ("中心校初审", "later"), ("县级审核", "later")],
    "first": [
        {"text": "核对学校名录", "done": True},
        {"text": "下载教师花名册模板", "url": "#", "link": "下载"},
        {"text": "上传填好的工作簿", "url": "#"},
    ],
    "matrix": [
        ("向阳小学", [("pass", "已审"), ("warn", "疑点 2"), ("none", "未报")]),
        ("城关镇中心小学", [("move", "待校长审签"), ("fail", "有错误 14"), ("pass", "已审")]),
    ],
}


def example_school(name: str, pupils: str, values: tuple) -> dict:
    """A row of the table in the shape of a snapshot's payload."""
    cells = [example_cell(i, value) for i, value in enumerate(values)]
    return {"name": name, "pupils": pupils, "cells": cells, "passes": all(cell["met"] for cell in cells)}


def example() -> dict:
    """The context of the style page; nothing in it comes from the database."""
    return PLAIN | {
        "indicators": list(zip(SHORT, UNITS, BARS, strict=True)),
        "schools": [example_school(*row) for row in ROWS],
        "tiles": [(NAMES[i], example_cell(i, ROWS[1][2][i]), UNITS[i]) for i in range(4)],
        "cv_rows": [
            {"label": label, "value": cv, "limit": "0.50", "met": None if cv is None else float(cv) <= 0.5}
            for label, cv in zip(SHORT, CVS, strict=True)
        ],
        "running": SimpleNamespace(**JOB),
        "waiting": SimpleNamespace(**JOB | {"state": "waiting"}),
        "failed": SimpleNamespace(**JOB | {"state": "failed", "error": BROKEN}),
    }
