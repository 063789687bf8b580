"""School × indicator: colours and marks, sortable, filtered by stage and failing; each figure leads to why."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from indicators import snapshots
from office.exports import Column, download
from office.reading import Reading, frozen_choices, read
from office.results import STAGES, school_title, sorted_rows
from schools import access
from schools.models import County
from schools.numbers import group_thousands, half_up_text
from schools.templatetags.face import cell_class, cell_mark, keep

PAGE = 100  # rows a page; a workbook has them all
PASSES = {True: "达标", False: "未达标", None: "无结论"}


def show_table(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    county = access.get_county(access.actor_of(request), code, "view_results")
    reading = read(request, county, year, standard)
    stage = request.GET.get("stage", "")
    failing, sort = request.GET.get("failing") == "1", request.GET.get("sort", "code")
    rows = reading.results.rows(stage, failing) if reading.results else []
    rows = rows if sort == "code" else sorted_rows(rows, sort)
    if request.GET.get("format") == "xlsx" and reading.results:
        return as_workbook(reading, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept, base = keep({"request": request}, "ruleset", "frozen"), reading.table_url
    shown = [
        {"row": r, "title": school_title(r), "stage": STAGES[r["stage"]], "cells": cells_of(reading, r, base, kept)}
        for r in page
    ]
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading, "rows": shown, "page": page, "schools_url": reverse("office:schools", args=[county.code]), "stages": STAGES.items(),
        "stage": stage, "failing": failing, "sort": sort, "columns": columns_of(reading, sort),
        "frozen": frozen_choices(county, standard, year), "asked": request.GET.get("frozen", ""),
        "may_freeze": may_freeze(request, county, reading),
    }  # fmt: skip
    return render(request, "office/table.html", context)


def cells_of(reading: Reading, row: dict, base: str, kept: str) -> SafeString:
    """The figures of one row as table cells: value with a link to why, and its sign. Thousands of them, so no template."""
    place = f"{base}{row['code']}/{row['stage']}/"
    return mark_safe("".join(_cell(place, i, row["indicators"][i["code"]], kept) for i in reading.results.indicators))


def _cell(place: str, indicator: dict, cell: dict, kept: str) -> SafeString:
    look, sign = cell_class(cell), _sign(cell)
    if cell["value"] is None:
        return format_html('<td class="number {}"> {}</td>', look, sign)
    address, shown = f"{place}{indicator['code']}/{kept}", group_thousands(half_up_text(cell["value"], indicator["places"]))
    return format_html('<td class="number {}"><a href="{}">{}</a> {}</td>', look, address, shown, sign)


def _sign(cell: dict) -> str:
    return cell_mark(cell) if cell["threshold"] or cell["value"] is None else ""


def columns_of(reading: Reading, sort: str) -> list[dict]:
    """Headings that sort: a second click turns the order round."""
    if reading.results is None:
        return []
    return [
        {"indicator": i, "sort": i["code"] if sort != i["code"] else f"-{i['code']}", "here": sort.lstrip("-") == i["code"],
         "bars": bars_by_stage(reading, i["code"])}
        for i in reading.results.indicators
    ]  # fmt: skip


def bars_by_stage(reading: Reading, indicator: str) -> list[tuple[str, str]]:
    """(stage, usual threshold) of a column: of the first school of each stage."""
    found = {}
    for row in reading.results.body["schools"]:
        bar = row["indicators"][indicator]["threshold"]
        if bar is not None:
            found.setdefault(STAGES[row["stage"]], bar)
    return list(found.items())


def as_workbook(reading: Reading, rows: list[dict]) -> HttpResponse:
    indicators = reading.results.indicators
    columns = [Column("学校"), Column("标识码"), Column("学段"), Column("在校生数", 0, "人")]
    columns += [Column(i["title"], i["places"], i["unit"]) for i in indicators] + [Column("结论")]
    lines = [
        [school_title(r), r["code"], STAGES[r["stage"]], r["pupils"], *[r["indicators"][i["code"]]["value"] for i in indicators], PASSES[r["passes"]]]
        for r in rows
    ]  # fmt: skip
    return download("学校指标一览表", reading.note, columns, lines)


def may_freeze(request: HttpRequest, county: County, reading: Reading) -> bool:
    """Whether 定版 is offered: a complete, fresh result that is not frozen, to those who may."""
    snapshot = reading.snapshot
    ready = snapshot is not None and snapshot.complete and not snapshot.is_frozen and not reading.stale
    return ready and access.may(access.actor_of(request), "freeze", county=county)


@require_POST
def freeze_results(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    """定版: the result the person saw, if it is still the newest."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "freeze")
    reading = read(request, county, year, standard)
    if reading.snapshot is None or str(reading.snapshot.pk) != request.POST.get("snapshot"):
        messages.error(request, "结果已有变动，没有定版。请核对最新结果后再定版。")
        return redirect("office:table", code, year, standard)
    try:
        snapshots.freeze(reading.snapshot, actor)
    except snapshots.NotFrozen as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已定版。以后数据再有变动，也不影响这次结果。")
    return redirect("office:table", code, year, standard)
