"""Pages of the papers: what can be had, making one, fetching it, verifying one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from files import serve, store
from indicators import snapshots
from indicators.standards import STANDARDS
from jobs.models import Job
from schools import access
from schools.models import County
from schools.periods import current_school_year

from .definitions import REPORTS
from .forms import WHICH, OrderForm
from .report import SCHOOL, CannotMake
from .services import RULESETS, TYPES, Order, get_paper, making_of, order_paper, paper_of_code, paper_status, papers_of

PAPERS_A_PAGE = 50


@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """The reports of the first county with results, of its newest year."""
    actor = access.actor_of(request)
    for county in access.counties_of(actor):
        years = snapshots.years(county)
        year = years[0][0] if years else current_school_year(timezone.localdate())
        return redirect("reports:index", county=county.code, year=year)
    raise Http404


@require_GET
def index(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """Every report this person may have of the county and year, and the papers made so far."""
    actor = access.actor_of(request)
    found = access.get_county(actor, county)
    if not access.may(actor, "make_report"):
        raise PermissionDenied
    whole = access.may(actor, "make_report", county=found)
    schools = access.schools_of(actor, found, "make_report")
    papers = Paginator(papers_of(found, None if whole else schools), PAPERS_A_PAGE).get_page(request.GET.get("page"))
    reports = [r for r in REPORTS.values() if whole or r.scope == SCHOOL]
    years = sorted({y for y, _ in snapshots.years(found)}, reverse=True)
    return render(request, "reports/index.html", {
        "county": found, "year": year, "years": years, "reports": reports, "schools": schools, "papers": papers,
        "rulesets": RULESETS.items(), "which": WHICH, "titles": {code: standard.title for code, standard in STANDARDS.items()}, "chosen_school": request.GET.get("school", ""),
    })  # fmt: skip


@require_POST
def make(request: HttpRequest, county: str, year: int) -> HttpResponse:
    """Order a paper; the answer is its progress page."""
    actor = access.actor_of(request)
    found = access.get_county(actor, county)
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有选择报表或格式，请重新选择。")
        return redirect("reports:index", county=county, year=year)
    try:
        job = order_paper(_order(actor, found, year, form.cleaned_data), by=actor)
    except CannotMake as reason:
        messages.error(request, str(reason))
        return redirect("reports:index", county=county, year=year)
    return redirect("reports:making", job=job.pk)


def _order(actor, county: County, year: int, data: dict) -> Order:
    """The order, authorised: a school report for a school one may make reports of, a county report for the county."""
    report = REPORTS[data["report"]]
    school = None
    if report.scope == SCHOOL:
        school = access.get_school(actor, county, data.get("school") or "", report.verb)
    else:
        access.require(actor, report.verb, county=county)
    return Order(
        report=report.code, county=county, year=year, format=data["format"], school=school, standard=data.get("standard") or "",
        ruleset=data.get("ruleset") or "national", which=data.get("which") or "",
        month=data.get("month") or "",
    )  # fmt: skip


@require_GET
def making(request: HttpRequest, job: int) -> HttpResponse:
    """The progress of one's own paper; when it is done, the way to it."""
    found = making_of(request.user.pk, job)
    if found.state == Job.State.DONE:
        return redirect("reports:paper", paper=found.result["paper"])
    return render(request, "reports/making.html", {"job": found, "county": found.county_code, "year": found.args["year"]})


@require_GET
def paper(request: HttpRequest, paper: str) -> HttpResponse:
    """One made paper: what it stands on, its code, and the download."""
    found = get_paper(access.actor_of(request), paper)
    return render(
        request,
        "reports/paper.html",
        {"paper": found, "report": REPORTS[found.report], "ruleset": RULESETS[found.ruleset]},
    )


@require_GET
def download(request: HttpRequest, paper: str) -> HttpResponse:
    """The paper's file; every download is logged."""
    actor = access.actor_of(request)
    found = get_paper(actor, paper)
    audit.record(
        "paper.downloaded", by=actor, county=found.county.code, object=f"paper/{found.pk}", report=found.report
    )
    return serve.attachment(store.read(found.file), name=found.file.name, content_type=TYPES[found.format])


@login_not_required
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Public: says only genuine, superseded or unknown, and the title."""
    found = paper_of_code(code)
    status = paper_status(found) if found else "unknown"
    return render(
        request, "reports/verify.html", {"code": code, "status": status, "paper": found}, status=200 if found else 404
    )
