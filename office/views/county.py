"""The county's page: verdicts, coefficients against limits, failing schools, who has not submitted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from indicators import snapshots
from indicators.standards import STANDARDS
from office import desk
from office.guide import first_steps
from office.navigation import address
from office.reading import read
from office.results import STAGES, bars_of, failing_list
from schools import access
from schools.models import County


def show_county(request: HttpRequest, code: str) -> HttpResponse:
    actor = access.actor_of(request)
    return county_page(request, access.get_county(actor, code, "view_results"))


def go_to_results(request: HttpRequest, code: str) -> HttpResponse:
    """The school × indicator table of the newest year."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    return redirect("office:table", county.code, chosen_year(request, county), next(iter(STANDARDS)))


def go_to_reports(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of the newest year; which of them, is for the reports room to say."""
    county = access.get_county(access.actor_of(request), code)
    return redirect("reports:index", county.code, chosen_year(request, county))


def county_page(request: HttpRequest, county: County) -> HttpResponse:
    """Both standards of the year asked for (default the newest with results), and what is still owed."""
    actor, known = access.actor_of(request), snapshots.years(county)
    year = chosen_year(request, county, known)
    readings = [read(request, county, year, standard) for standard in STANDARDS]
    made = [r for r in readings if r.results]
    first = next((r for r in made if r.standard == request.GET.get("standard")), made[0] if made else None)
    job = desk.computing(county)
    context = {
        "county": county,
        "year": year,
        "years": sorted({y for y, _ in known}, reverse=True),
        "readings": readings,
        "main": first,
        "made": made,
        "stages": [coefficients(first, stage) for stage in STAGES] if first else [],
        "failing": failing_list(first.results) if first else [],
        "undecided": first.results.undecided() if first else 0,
        "stale": any(r.stale for r in readings),
        "job": job,
        "job_url": address("office:job", job.pk) if job else None,
        "inbox_url": address("ledgers:inbox"),
        "owing": desk.owing(actor, county, year) if access.may(actor, "remind", county=county) else None,
        "waiting": len(desk.waiting(actor)) if access.may(actor, "approve", county=county) else None,
        "steps": first_steps(actor.role, county),
    }
    return render(request, "office/county.html", context)


def chosen_year(request: HttpRequest, county: County, known: list[tuple[int, str]] | None = None) -> int:
    """`?year=`, else the newest school year that has results, else the present one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 else desk.present_year(county, known)


def coefficients(reading, stage: str) -> dict:
    """One stage: the chart's rows and the table beside it."""
    lines = [
        {**line, "indicator": reading.results.indicator(line["indicator"])}
        for line in reading.results.body["county"]
        if line["stage"] == stage
    ]
    composite = reading.results.composite(stage)
    return {
        "code": stage,
        "title": STAGES[stage],
        "bars": bars_of(reading.results, stage),
        "lines": lines,
        "composite": composite,
    }
