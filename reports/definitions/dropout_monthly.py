"""控辍保学月报表: the month of every school as its head confirmed it, summed for the county; who has not reported is named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re

from django.utils import timezone

from dropout.services import counting, reporting
from schools.models import County

from ..document import Cell, Document, Table, filled, label, number
from ..report import COUNTY, BadOrder, CannotMake, Ground, Material, Report

# Columns of the paper: the counts of dropout.services.counting, grouped under three heads.
FLOWS = ("opened", "registered", "visits", "returned", "relapsed", "deferred", "suspended")
GROUPS = (("本期变化", FLOWS), ("本期结案", tuple(counting.ENDS)), ("期末", (counting.AFTER, *counting.STOCK)))
COLUMNS = (counting.BEFORE, *(key for _, keys in GROUPS for key in keys))


def month_of(text: str, year: int) -> dt.date:
    """The first day of "2025-11" within a school year. Raises BadOrder."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text or ""):
        month = dt.date(int(text[:4]), int(text[5:]), 1)
        if dt.date(year, 9, 1) <= month <= dt.date(year + 1, 8, 1):
            return month
    raise BadOrder(f"控辍保学月报表要指明{year}-{year + 1}学年内的月份，写作“{year}-11”。")


def gather(county: County, year: int, month: str) -> Ground:
    """The newest report of each school for the month. Raises BadOrder, CannotMake when nobody has reported."""
    first = month_of(month, year)
    lines = reporting.month_lines(county, first)
    reports = [line.report for line in lines if line.report]
    if not reports:
        raise CannotMake(f"{county.name}{first:%Y年%m月}还没有学校报送控辍保学月报，请先由校长报送。")
    rows = [
        {
            "code": line.school.code, "name": line.school.name, "covered": line.covered and line.report is None,
            "counts": line.report.counts if line.report else None, "zero": bool(line.report and line.report.zero_report),
            "filed_on": line.report.filed_on.isoformat() if line.report and line.report.filed_on else None,
        }
        for line in lines
    ]  # fmt: skip
    owed = sum(row["counts"] is None and not row["covered"] for row in rows)
    payload = {"year": year, "month": month, "county_name": county.name, "rows": rows, "owed": owed, "whole": counting.total(r.counts for r in reports)}
    whole = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    last = max(report.filed_at for report in reports)
    when = timezone.localtime(last).strftime("%Y-%m-%d %H:%M")
    return Ground(
        pk=f"dropout/{month}", payload=payload, fingerprint=hashlib.sha256(whole.encode()).hexdigest(), data_version=county.data_version,
        created_at=last, frozen_at=None if owed else last,
        footer=f"{month} · 已报 {len(reports)} 所，未报 {owed} 所 · 最后报送 {when}",
    )  # fmt: skip


def build(material: Material) -> Document:
    """One table, landscape: schools down, counts across, the county's sum at the foot."""
    payload, month = material.payload, dt.date.fromisoformat(f"{material.payload['month']}-01")
    header = (
        (label("学校", rowspan=2), label("报送", rowspan=2), label(counting.TITLES[counting.BEFORE], rowspan=2),
         *(label(title, colspan=len(keys)) for title, keys in GROUPS)),
        tuple(label(counting.TITLES[key]) for key in COLUMNS[1:]),
    )  # fmt: skip
    body = [(Cell(row["name"], align="left"), Cell(_told(row)), *_numbers(row["counts"])) for row in payload["rows"]]
    body.append((label("全县合计"), label(f"{sum(r['counts'] is not None for r in payload['rows'])}所"), *_numbers(payload["whole"])))
    notes = (
        filled("注:1.数字由控辍保学案件逐件统计,经校长确认;单位为件,劝返为人次。期初未结+新立案-本期结案=期末未结。"),
        filled("2.未报送的学校用“—”表示,不是 0;合计只含已报学校,未报{}所。", str(payload["owed"])),
        filled("填表人(签字){}  审核人(签字){}  县教育局(盖章){}  日期{}", None, None, None, None),
    )
    table = Table("", header, tuple(body), (15, 7, *([5] * len(COLUMNS))), notes=notes, landscape=True, sheet="控辍保学月报")
    return Document(title=f"{material.county_name}{month.year}年{month.month}月控辍保学月报表", blocks=(table,))


def _told(row: dict) -> str:
    if row["counts"] is None:
        return "并入下月" if row["covered"] else "未报"
    return f"{'零报告 ' if row['zero'] else ''}{(row['filed_on'] or '')[5:]}"


def _numbers(counts: dict | None) -> list[Cell]:
    return [number(None if counts is None else str(counts[key]), 0) for key in COLUMNS]


REPORT = Report(
    code="dropout-monthly", title="控辍保学月报表", scope=COUNTY, formats=("pdf", "xlsx"), standards=(), build=build, gather=gather,
    description="各校一个月的立案、劝返、复学、销号和期末未结件数，全县合计；没有报送的学校列明。只有件数，没有学生信息。",
)  # fmt: skip
