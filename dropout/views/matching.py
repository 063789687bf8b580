"""名单比对: counts for whoever may see the county's results, the children (masked) for the bureau that decides on them."""
from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from dropout.matching import KINDS, LISTS, POVERTY
from dropout.models import FindingState
from dropout.services.cases import CaseError
from dropout.services.matching import (
    VERB,
    clear_finding,
    decided_counts,
    findings_of,
    get_finding,
    newest_run,
    open_job,
    open_suspected,
    order_matching,
    rows_of,
)
from jobs.views import shown as progress_of
from schools import access
from schools.exports import Column, download
from schools.periods import year_label

from .common import shown

PAGE = 50
SMALL = 5  # such counts of children of a sensitive category are for those who decide on them
COLUMNS = (Column("姓名"), Column("学校"), Column("班级"), Column("乡镇"), Column("村"), Column("处置"), Column("核实结果"), Column("案件编号"))


@require_GET
def matching(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What the last comparison counted; the button for the next one where the actor may."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    may = access.may(actor, VERB, county=county)
    run, job = newest_run(county, year), open_job(county, year) if may else None
    decided = decided_counts(run) if run else {}
    rows = [
        {"kind": kind, "count": run.counts.get(kind.code) if run else None, "decided": decided.get(kind.code, {}), "lists": " · ".join(LISTS[name] for name in kind.have),
         "lack": LISTS[kind.lack], "hidden": not may and POVERTY in kind.have and run is not None and 0 < (run.counts.get(kind.code) or 0) < SMALL}
        for kind in KINDS.values()
    ]  # fmt: skip
    context = {
        "year": year, "run": run, "rows": rows, "may": may, "sizes": [(LISTS[name], n) for name, n in (run.sizes if run else {}).items()],
        "lacking": [(LISTS[name], n) for name, n in (run.lacking if run else {}).items() if n], "progress": progress_of(job) if job and job.owner_id == request.user.pk else None,
        "waiting": job is not None,
    }  # fmt: skip
    return shown(request, "dropout/matching.html", actor, county, context)


@require_POST
def match(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Order a comparison; the page shows its progress."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, VERB)
    order_matching(county=county, year=year, by=actor)
    messages.success(request, "已开始比对，完成后本页显示结果。")
    return redirect("dropout:matching", code, year)


@require_GET
def findings(request: HttpRequest, code: str, year: int, kind: str) -> HttpResponse:
    """The children of one kind, masked, a page at a time; every list that was opened or taken away is logged."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, VERB)
    run = newest_run(county, year)
    if kind not in KINDS or run is None:
        raise Http404
    state = request.GET.get("state", "")
    listed = findings_of(run, kind, state if state in FindingState.values else "")
    as_workbook = request.GET.get("format") == "xlsx"
    audit.record("children.listed", by=actor, county=county.code, object=f"match/{run.pk}/{kind}", count=listed.count(), export=as_workbook)
    if as_workbook:
        rows = rows_of(county, listed, kind, by=actor, suggest=False)
        note = f"{county.name} {year_label(year)}，{run.on:%Y-%m-%d} 比对，姓名已隐去"
        return download(f"名单比对_{KINDS[kind].title}", note, COLUMNS, [_line(row) for row in rows])
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year, "run": run, "kind": KINDS[kind], "page": page, "rows": rows_of(county, page, kind, by=actor), "state": state,
        "states": FindingState.choices, "lists": LISTS,
    }  # fmt: skip
    return shown(request, "dropout/findings.html", actor, county, context)


def _line(row) -> tuple:
    finding, child = row.finding, row.child
    return (
        child.masked_name if child else "", row.school_name, child.class_text if child else "", finding.township,
        child.village if child else "", finding.get_state_display(), finding.note, finding.case.number if finding.case else "",
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, code: str, year: int, finding: int, verb: str) -> HttpResponse:
    """open: 列为疑似辍学; clear: 核实, with a word."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, VERB)
    found = get_finding(county, finding)
    try:
        if verb == "open":
            case = open_suspected(found, by=actor)
            messages.success(request, f"已列为疑似辍学，案件编号 {case.number}。")
        elif verb == "clear":
            clear_finding(found, note=request.POST.get("note", ""), by=actor)
            messages.success(request, "核实结果已记下。")
        else:
            raise Http404
    except (ValueError, CaseError) as error:
        messages.error(request, str(error))
    return redirect("dropout:findings", code, year, found.kind)
