"""The tables of this room as workbooks: what the page shows and no more, names masked; each one taken away is logged."""
from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.actor import Actor
from schools.exports import Column, download
from schools.models import County

from ..services.coverage import SMALL

CASES = tuple(Column(title) for title in (
    "编号", "状态", "最急的事", "应办日期", "是否逾期", "轮到谁", "学生", "学校", "班级", "户籍乡镇", "村(社区)", "离校日期", "结案日期",
))  # fmt: skip
OVERDUE = (*(Column(title) for title in ("编号或单位", "事项", "应办日期")), Column("逾期上课日", 0), *(Column(title) for title in ("现轮到", "责任人", "状态", "学校", "班级")))
DUTIES = tuple(Column(title) for title in ("学生", "逾期事项", "学校", "班级", "帮扶教师"))


def wanted(request: HttpRequest) -> bool:
    """Whether the address asks for the workbook of its table."""
    return request.GET.get("format") == "xlsx"


def handed_out(actor: Actor, county: County, about: str, title: str, note: str, columns: Sequence[Column], rows: Sequence[Sequence]) -> HttpResponse:
    """The workbook, and a line in the log that says who took how many rows of what."""
    audit.record("children.listed", by=actor, county=county.code, object=about, count=len(rows), export=True)
    return download(title, f"{county.name}，{note}，姓名已隐去", columns, rows)


def of_case(row: dict) -> tuple:
    """A line of the board."""
    case, child, due = row["case"], row["case"].child, row["due"]
    return (
        case.number, case.get_state_display(), due.step.title if due else "", due.due_on if due else "", "是" if row["late"] else "否" if due else "",
        due.head_kind.label if due else "", child.masked_name, child.school.name if child.school else "没有责任学校", child.class_text,
        child.township.name if child.township else "不明", child.village, case.absent_since, case.closed_on or "",
    )  # fmt: skip


def of_overdue(line: dict) -> tuple:
    case, due, head, child = line["case"], line["due"], line["head"], line["case"].child
    return (
        case.number, due.step.title, due.due_on, line["days"], due.head_kind.label, head.name if head else "未落实", case.get_state_display(),
        child.school.name if child.school else "没有责任学校", child.class_text,
    )  # fmt: skip


def of_duty(child) -> tuple:
    said = "；".join(f"{one.duty.title}（应于{one.due_on}前{f'，上次{one.last}' if one.last else ''}）" for one in child.listed)
    return child.masked_name, said, child.school or "", child.class_text or "", "、".join(child.helpers)


def told(value: int | None) -> int | str:
    """A count as the page writes it: too small a one is not told."""
    return f"不足{SMALL}" if value is None else value
