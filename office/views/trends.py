"""A standard over the years: coefficients against their limits, every item's figure, what slid back, what is near its line."""

from __future__ import annotations

from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evidence.services import standing_evidence
from indicators import snapshots
from indicators.history import LOST, MARGIN, Slide, below_recognised, item_history, slides, warnings
from indicators.standards import STANDARDS
from office.exports import Column, download
from office.reading import earlier_payloads
from office.results import STAGES, Results
from office.views.items import LOOKS, WORDS, said_of
from schools import access
from schools.models import County
from schools.numbers import plain_text

MOST = 6  # years
KINDS = {"lost": "滑坡", "near": "临界", "falling": "连年变差"}


def show_trends(request: HttpRequest, code: str, standard: str) -> HttpResponse:
    """The national results of the last years side by side; the workbook has the coefficients and the items."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    if standard not in STANDARDS:
        raise Http404
    payloads = payloads_of(county, standard)
    results = [Results(payload, "national") for payload in payloads]
    years = [payload["year"] for payload in payloads]
    lines = [line for indicator in STANDARDS[standard].own_indicators for line in lines_of_indicator(results, indicator)]
    if request.GET.get("format") == "xlsx":
        return _workbook(county, standard, payloads, lines)
    alarms = alarms_of(county, standard, payloads)
    context = {
        "county": county, "standard": STANDARDS[standard], "years": years, "others": STANDARDS.values(),
        "charts": [charted(lines, indicator.code) for indicator in STANDARDS[standard].own_indicators if indicator.difference],
        "verdicts": [(p["year"], LOOKS[r.verdict], WORDS[r.verdict], p["frozen"]) for p, r in zip(payloads, results, strict=True)],
        "items": item_rows(payloads), "slides": [a for a in alarms if a.kind == LOST], "warnings": [(KINDS[a.kind], a) for a in alarms if a.kind != LOST],
    }  # fmt: skip
    return render(request, "office/trends.html", context)


def payloads_of(county: County, standard: str) -> list[dict]:
    """The newest result and those of the years before it, oldest first."""
    years = sorted(year for year, found in snapshots.years(county) if found == standard)
    if not years:
        return []
    newest = snapshots.payload(snapshots.current(county, standard, years[-1]))
    return [*reversed(earlier_payloads(county, standard, years[-1], MOST - 1)), newest]


def alarms_of(county: County, standard: str, payloads: list[dict]) -> list[Slide]:
    """What slid back below an earlier or the recognised level, then what is near its line or gets worse."""
    if not payloads:
        return []
    *earlier, now = payloads
    evidence = standing_evidence(county, now["year"])
    known = {year: past.composite for (of, year), past in evidence.past.items() if of == standard and past.recognised}
    margin = snapshots.parameters_for(county, now["year"]).get(MARGIN)
    return [*below_recognised(now, known), *slides(now, earlier), *warnings(now, earlier, Fraction(margin))]


def item_rows(payloads: list[dict]) -> list[dict]:
    """Every item of the newest result with its figure and verdict in each year."""
    if not payloads:
        return []
    years = [payload["year"] for payload in payloads]
    rows = []
    for entry in payloads[-1]["rulesets"]["national"]["items"]:
        points = {point.year: point for point in item_history(payloads, "national", entry["code"])}
        rows.append({"code": entry["code"], "title": entry["title"], "unit": entry["unit"], "decides": entry["decides"],
                     "points": [points.get(year) for year in years]})  # fmt: skip
    return rows


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


def _workbook(county: County, standard: str, payloads: list[dict], lines: list[dict]) -> HttpResponse:
    years = [payload["year"] for payload in payloads]
    columns = [Column("项目"), Column("学段或单位"), *[Column(f"{year}-{year + 1}学年", 3) for year in years], Column("限值", 2),
               *[Column(f"{year}-{year + 1}学年结论") for year in years]]  # fmt: skip
    blank = [""] * len(years)
    rows = [[f"{line['title']} 差异系数", line["stage"], *line["values"], line["limit"], *blank] for line in lines]
    tables = [{entry["code"]: entry for entry in payload["rulesets"]["national"]["items"]} for payload in payloads]
    for entry in payloads[-1]["rulesets"]["national"]["items"] if payloads else ():
        found = [table.get(entry["code"]) for table in tables]
        values = [one["value"] if one else None for one in found]
        rows.append([f"{entry['code']} {entry['title']}", entry["unit"], *values, entry["threshold"], *[said_of(one) if one else "" for one in found]])
    return download("历年变化", f"{county.name} {STANDARDS[standard].title}", columns, rows)
