"""One figure down to its cells, and the working of a coefficient of difference."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from indicators import snapshots
from office import desk
from office.distance import distance
from office.exports import Column, download
from office.reading import need, read
from office.results import STAGES, school_title
from schools import access
from schools.numbers import exact

PAGE = 100  # schools a page of a working; a workbook has them all
LARGEST = 5  # parts of CV² that are drawn one by one


def show_figure(request: HttpRequest, code: str, year: int, standard: str, school: str, stage: str, indicator: str) -> HttpResponse:  # fmt: skip
    """Numerator, denominator, value, threshold, floor, margin, split working and the source cells of one figure."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    place = access.get_school(actor, county, school, "view_school")
    reading = read(request, county, year, standard)
    results = need(reading)
    row, item = results.row(access.codes_of([place]), stage), results.indicator(indicator)
    if row is None or item is None:
        raise Http404
    cell = row["indicators"][indicator]
    found = snapshots.sources(reading.snapshot, results.ruleset, row["code"], stage, indicator)
    cells = {side: found[side] for side in ("numerator", "denominator")}
    codes = {side: item[side]["code"] for side in cells}
    context = {
        "county": county, "school": place, "year": year, "standard": standard, "reading": reading, "row": row,
        "title": school_title(row), "stage": STAGES[stage], "stage_code": stage, "item": item, "cell": cell,
        "county_row": results.county_row(stage, indicator),
        "far": distance(cell, item["noun"]),
        "to_floor": distance(cell, item["noun"], cell["floor"]) if cell["met"] is False and cell["floor"] else None,
        "sources": [(item[side], rows) for side, rows in desk.source_rows(actor, cells, codes).items()],
        "may_see_county": access.may(actor, "view_results", county=county),
    }  # fmt: skip
    return render(request, "office/figure.html", context)


def show_working(request: HttpRequest, code: str, year: int, standard: str, stage: str, indicator: str) -> HttpResponse:
    """Weights, terms and each school's part of CV², the largest part first."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    reading = read(request, county, year, standard)
    results = need(reading)
    item, line = results.indicator(indicator), results.county_row(stage, indicator)
    if item is None or line is None:
        raise Http404
    rows = [{"row": r, "title": school_title(r), "cell": r["indicators"][indicator]} for r in results.rows(stage)]
    rows.sort(key=lambda r: (-float(r["cell"].get("cv_share") or -1), r["row"]["code"]))
    if request.GET.get("format") == "xlsx":
        return _working_workbook(reading, item, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading, "item": item, "line": line,
        "stage": STAGES[stage], "stage_code": stage, "page": page, "parts": largest_parts(rows),
        "has_rest": len(rows) > LARGEST,
    }  # fmt: skip
    return render(request, "office/working.html", context)


def largest_parts(rows: list[dict], most: int = LARGEST) -> list[tuple[str, str]]:
    """The schools with the largest part of CV² and all others together."""
    known = [(r["title"], exact(r["cell"]["cv_share"])) for r in rows if r["cell"].get("cv_share")]
    parts = [(title, str(share)) for title, share in known[:most]]
    rest = sum(share for _, share in known[most:])
    return [*parts, (f"其余 {len(known) - most} 所", str(rest))] if len(known) > most else parts


def _working_workbook(reading, item: dict, rows: list[dict]) -> HttpResponse:
    columns = [
        Column("学校"), Column(item["numerator"]["title"], 4, item["numerator"]["unit"]), Column("在校生数", 0, "人"),
        Column(item["title"], 6, item["unit"]), Column("权重", 8), Column("加权离差平方", 8), Column("占差异系数平方的份额", 8),
    ]  # fmt: skip
    lines = [
        [r["title"], *(r["cell"].get(k) for k in ("numerator", "denominator", "value", "weight", "term", "cv_share"))]
        for r in rows
    ]
    return download(f"差异系数计算过程 {item['code']}", reading.note, columns, lines)
