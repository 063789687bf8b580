"""月报 of the schools, the county's checks and summaries, the year."""
from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from schools import access
from schools.models import County
from schools.periods import current_school_year

from ..models import ReviewKind
from ..services import counting, reporting
from ..services.errors import CaseError
from ..services.reporting_clock import owed_reviews
from .common import asked_month, entered, read_clock, shown, today

COLUMNS = [(key, counting.TITLES[key]) for key in counting.KEYS]
MONTHS = 12


@require_safe
def months(request: HttpRequest, code: str) -> HttpResponse:
    """One month: for a school its report and how to file it, for the county who has reported what."""
    actor, county = entered(request, code, "view_children", "view_results")
    month = asked_month(request.GET.get("month", ""))
    whole = access.may(actor, "view_results", county=county)
    schools = counting.reporting_schools(county, month)
    if not whole:
        own = {school.pk for school in access.schools_of(actor, county, "view_school")}
        schools = [school for school in schools if school.pk in own]
    lines = reporting.month_lines(county, month, schools)
    reports = [line.report.counts for line in lines if line.report]
    mine = [school for school in schools if access.may(actor, reporting.VERB, school=school)][:3]
    context = {
        "month": month, "before": _shifted(month, -1), "after": _shifted(month, 1) if _shifted(month, 1) <= today() else None,
        "lines": lines, "columns": COLUMNS, "shown": _told(reports), "due": reporting.due_day(county, month), "whole": whole,
        "sum": counting.total(reports), "reported": len(reports), "drafts": [_draft(school, month) for school in mine],
        "titles": counting.TITLES, "school_year": current_school_year(month), **(_whole(actor, county, month, lines) if whole else {}),
    }  # fmt: skip
    return shown(request, "dropout/months.html", actor, county, context)


def _whole(actor, county: County, month: dt.date, lines: list[reporting.Line]) -> dict:
    """The county's own report of the month: what was confirmed, and for the bureau what it would confirm now."""
    due = reporting.due_day(county, month)
    may = due is not None and due <= today() and access.may(actor, reporting.REVIEW_VERB, county=county)
    return {"whole_filed": reporting.whole_reports(county, month), "whole_draft": reporting.draft_whole(county, month, today(), lines) if may else None}


@require_POST
def file_whole(request: HttpRequest, code: str) -> HttpResponse:
    """The bureau confirms the county's month."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, reporting.REVIEW_VERB)
    month = asked_month(request.POST.get("month", ""))
    try:
        made = reporting.file_whole(county=county, month=month, on=today(), note=request.POST.get("note", ""), by=actor)
        messages.success(request, f"{month:%Y年%m月}全县月报已确认（第{made.number}次{'，零报告' if made.zero_report else ''}）。")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('dropout:months', args=[code])}?month={month:%Y-%m}")


def _told(reports: list[dict]) -> list[tuple[str, str]]:
    """The columns in which anybody has a number; those of the sum always."""
    always = (counting.BEFORE, counting.OPENED, "out", counting.AFTER)
    return [(key, title) for key, title in COLUMNS if key in always or any(counts.get(key) for counts in reports)]


def _shifted(month: dt.date, by: int) -> dt.date:
    place = month.year * 12 + month.month - 1 + by
    return dt.date(place // 12, place % 12 + 1, 1)


def _draft(school, month: dt.date) -> dict:
    draft = reporting.draft_report(school, month, today()) if month <= today() else None
    return {"school": school, "draft": draft, "filed": [r for r in reporting.reports_of(school, month) if r.month == month]}


@require_POST
def file_month(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """The head confirms the month's report."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    found = access.get_school(actor, county, school, reporting.VERB)
    month = asked_month(request.POST.get("month", ""))
    try:
        made = reporting.file_report(school=found, month=month, on=today(), by=actor, zero="zero" in request.POST, note=request.POST.get("note", ""))
        messages.success(request, f"{month:%Y年%m月}月报已报送（第{made.number}次{'，零报告' if made.zero_report else ''}）。")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('dropout:months', args=[code])}?month={month:%Y-%m}")


@require_safe
def reviews(request: HttpRequest, code: str) -> HttpResponse:
    """The county's own checks: what is due, the counts they stand on, what was confirmed."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    clock, warning = read_clock(county)
    owed = owed_reviews(clock) if clock else []
    start, end = _span(request)
    kind = request.GET.get("kind", ReviewKind.QUARTER)
    if kind not in ReviewKind.values:
        raise Http404
    found = reporting.summarise(county, start, min(end, today()))
    schools = counting.reporting_schools(county, start)
    months_told = _months_between(start, min(end, today()))
    context = {
        "owed": [{"one": one, "url": _address(one.step, one.start, _end(clock, one.step, one.start))} for one in owed],
        "start": start, "end": end, "kind": kind, "title": ReviewKind(kind).label, "summary": found, "columns": _told([found.whole]),
        "rows": [(school, found.by_school[school.pk]) for school in schools if school.pk in found.by_school],
        "told": [(month, len(told)) for month, told in sorted(reporting.months_of(county, schools, months_told).items())],
        "schools": len(schools), "filed": reporting.reviews_of(county, kind, start), "warning": warning, "over": end < today(),
        "may_file": access.may(actor, reporting.REVIEW_VERB, county=county), "adds_up": counting.adds_up(found.whole),
    }  # fmt: skip
    return shown(request, "dropout/reviews.html", actor, county, context)


def _span(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """The stretch of days asked for, else the present quarter."""
    try:
        start, end = (parse_date(request.GET.get(name) or request.POST.get(name) or "") for name in ("start", "end"))
    except ValueError:
        start = end = None
    return (start, end) if start and end and start <= end and (end - start).days <= 400 else reporting.quarter_of(today())


def _end(clock, kind: str, start: dt.date) -> dt.date:
    match kind:
        case ReviewKind.QUARTER:
            return reporting.quarter_of(start)[1]
        case ReviewKind.TERM:
            return next(end for first, end in clock.terms if first == start)
    return reporting.year_span(start.year)[1]


def _address(kind: str, start: dt.date, end: dt.date) -> str:
    return f"?kind={kind}&start={start:%Y-%m-%d}&end={end:%Y-%m-%d}"


def _months_between(start: dt.date, end: dt.date) -> list[dt.date]:
    found, month = [], start.replace(day=1)
    while month <= end:
        found.append(month)
        month = _shifted(month, 1)
    return found


@require_POST
def file_review(request: HttpRequest, code: str) -> HttpResponse:
    """The bureau confirms a check or summary."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, reporting.REVIEW_VERB)
    start, end = _span(request)
    kind = request.POST.get("kind", "")
    try:
        reporting.file_review(county=county, kind=kind, start=start, end=end, on=today(), note=request.POST.get("note", ""), by=actor)
        messages.success(request, f"{ReviewKind(kind).label}已确认。")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("dropout:reviews", args=[code]) + _address(kind, start, end))


@require_safe
def year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The school year: counts by school, causes and placements; causes of fewer than five are not told to inspectors."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    start, end = reporting.year_span(year)
    found = reporting.summarise(county, start, min(end, today()))
    schools = counting.reporting_schools(county, start)
    sees_children = access.may(actor, "view_children", county=county)
    context = {
        "year": year, "summary": found, "columns": _told([found.whole]), "rows": [(s, found.by_school[s.pk]) for s in schools if s.pk in found.by_school],
        "quiet": sum(s.pk not in found.by_school for s in schools), "breakdowns": _breakdowns(county, start, end, exact=sees_children),
        "adds_up": counting.adds_up(found.whole), "exact": sees_children,
    }  # fmt: skip
    return shown(request, "dropout/year.html", actor, county, context)


def _breakdowns(county: County, start: dt.date, end: dt.date, *, exact: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    tables = counting.breakdowns(county, start, end)
    return [(title, [(word, str(n) if exact or n >= counting.SMALL else "不足5") for word, n in rows]) for title, rows in tables]
