"""Coefficients of difference over the years, against their limits: is the county getting more balanced?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from indicators import snapshots
from indicators.standards import STANDARDS
from office.exports import Column, download
from office.results import STAGES, Results
from schools import access
from schools.numbers import plain_text

MOST = 6  # years


def show_trends(request: HttpRequest, code: str, standard: str) -> HttpResponse:
    county = access.get_county(access.actor_of(request), code, "view_results")
    if standard not in STANDARDS:
        raise Http404
    years = sorted(year for year, found in snapshots.years(county) if found == standard)[-MOST:]
    results = [Results(snapshots.payload(snapshots.current(county, standard, year)), "national") for year in years]
    lines = [line for indicator in STANDARDS[standard].own_indicators for line in lines_of_indicator(results, indicator)]
    if request.GET.get("format") == "xlsx":
        columns = [
            Column("指标"),
            Column("学段"),
            *[Column(f"{year}-{year + 1}学年", 3) for year in years],
            Column("限值", 2),
        ]
        rows = [[line["title"], line["stage"], *line["values"], line["limit"]] for line in lines]
        return download("差异系数历年变化", f"{county.name} {STANDARDS[standard].title}", columns, rows)
    charts = [charted(lines, indicator.code) for indicator in STANDARDS[standard].own_indicators]
    context = {
        "county": county,
        "standard": STANDARDS[standard],
        "years": years,
        "charts": charts,
        "others": STANDARDS.values(),
    }
    return render(request, "office/trends.html", context)


def lines_of_indicator(results: list[Results], indicator) -> list[dict]:
    """One line a stage: the coefficient of each year (None where none was computed) and the newest limit."""
    lines = []
    for stage, title in STAGES.items():
        found = [r.county_row(stage, indicator.code) for r in results]
        limits = [row["limit"] for row in found if row and row["limit"]]
        lines.append({
            "code": indicator.code, "title": indicator.title, "short": indicator.short, "stage": title,
            "values": [row["cv"] if row else None for row in found], "limit": limits[-1] if limits else None,
        })  # fmt: skip
    return lines


def charted(lines: list[dict], code: str) -> dict:
    """The lines of one indicator for its chart; a common limit is drawn, different ones stand in the table."""
    own = [line for line in lines if line["code"] == code]
    limits = {line["limit"] for line in own}
    only = limits.pop() if len(limits) == 1 else None
    series = [(line["stage"], line["values"]) for line in own]
    return {"title": own[0]["title"], "lines": own, "series": series, "limit": plain_text(only) if only else None}
