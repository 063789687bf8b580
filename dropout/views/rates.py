"""入学、辍学、巩固、残疾儿童入学、脱贫户零辍学: every rate with its definition; the lists behind it for those who care for the children."""
from __future__ import annotations

import datetime as dt
import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from dropout.services import extract
from dropout.services.rates import children_of, newest_year, rates_of, without_small
from schools import access
from schools.addresses import YearConverter
from schools.exports import Column, download
from schools.periods import school_year, year_label

from .common import shown

PAGE = 100
RATE_COLUMNS = (Column("项目"), Column("分子", 0, "人"), Column("分母", 0, "人"), Column("比率", 2, "%"), Column("口径"), Column("说明"))
CHILD_COLUMNS = (Column("姓名"), Column("学校"), Column("班级"), Column("乡镇"), Column("村"), Column("学籍状态"))


@require_GET
def go_to_year(request: HttpRequest, code: str, page: str) -> HttpResponse:
    """The page of the school year of `?year=`, else of the newest one that has lists of children."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    asked = request.GET.get("year", "")
    return redirect(page, code, int(asked) if re.fullmatch(YearConverter.regex, asked) else newest_year(county))


@require_GET
def rates(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """All rates of a school year, from what stands now."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    may_list = access.may(actor, "view_children", county=county)
    found = rates_of(county, year) if may_list else without_small(rates_of(county, year))
    if request.GET.get("format") == "xlsx":
        rows = [(rate.title, rate.numerator, rate.denominator, rate.percent or None, rate.note or group.note, _said(rate)) for group in found.groups for rate in group.rates]
        return download("入学辍学巩固率", f"{county.name} {year_label(year)}，按现行数据", RATE_COLUMNS, rows)
    period = school_year(year)
    context = {
        "year": year, "found": found, "may_list": may_list, "may_extract": access.may(actor, extract.VERB, county=county),
        "today": min(timezone.localdate(), period.end), "first": period.start,
    }  # fmt: skip
    return shown(request, "dropout/rates.html", actor, county, context)


def _said(rate) -> str:
    return rate.why or ("" if rate.is_complete else f"暂算：{len(rate.lacking)} 所学校没有{rate.lacking_ledger}")


@require_GET
def children(request: HttpRequest, code: str, year: int, rate: str, side: str) -> HttpResponse:
    """The children behind a numerator or denominator, masked."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    access.require(actor, "view_children", county=county)
    found = rates_of(county, year).rate(rate)
    listed = next((one for one in found.sides if one.code == side), None) if found else None
    if listed is None:
        raise Http404
    as_workbook = request.GET.get("format") == "xlsx"
    audit.record("children.listed", by=actor, county=county.code, object=f"rate/{year}/{rate}/{side}", count=len(listed.keys), export=as_workbook)
    rows = children_of(county, listed.keys)
    if as_workbook:
        return download(f"{found.title}_{listed.title}", f"{county.name} {year_label(year)}，姓名已隐去", CHILD_COLUMNS, [_line(child) for child in rows])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return shown(request, "dropout/rate_children.html", actor, county, {"year": year, "rate": found, "side": listed, "page": page})


def _line(child) -> tuple:
    if child is None:
        return ("—", "", "", "", "", "")
    return (
        child.masked_name, child.school.name if child.school else "", child.class_text, child.township.name if child.township else "", child.village,
        child.get_status_display(),
    )  # fmt: skip


@require_POST
def make_extract(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Write the live figures of a day into the standing datasets."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, extract.VERB)
    try:
        on = dt.date.fromisoformat(request.POST.get("on", ""))
        extract.make_extract(county=county, year=year, on=on, by=actor)
        messages.success(request, f"已摘录 {on:%Y-%m-%d} 的现行数据，结果正在重算。")
    except ValueError as error:
        said = str(error)
        messages.error(request, said if said.endswith("。") else "请填写摘录日期，例如 2026-12-01。")
    return redirect("dropout:rates", code, year)
