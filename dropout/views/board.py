"""The board: every case one may see, what presses, who is late; and the page of counts for those who see no child."""
from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from schools import access

from ..services import reading
from ..services.caseload import earliest_of, watch
from ..services.heads import HeadBook, answering
from ..services.reporting_clock import owed_months, owed_reviews
from . import workbooks
from .common import entered, personal, read_clock, shown, today

PER_PAGE = 50


@require_safe
@personal
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Cases by state and clock, what is overdue first. Names are masked; the filters narrow what is visible anyway."""
    actor, county = entered(request, code, "view_children", "view_results")
    if not access.may(actor, "view_children"):
        return redirect("dropout:counts", code)
    visible = reading.visible_cases(actor, county)
    asked = {name: request.GET.get(name, "") for name in ("state", "town", "school", "q", "late")}
    cases = list(reading.filtered(visible, asked).order_by("absent_since", "id"))
    closed = asked["state"] == "closed"
    clock, warning = (None, "") if closed else read_clock(county, earliest_of(cases))
    watched = watch(clock, cases) if clock else []
    rows = [{"case": one.case, "watched": one, "due": one.pressing, "late": one.overdue} for one in watched]
    rows = rows or [{"case": case, "watched": None, "due": None, "late": []} for case in (reversed(cases) if closed else cases)]
    if asked["late"]:
        rows = [row for row in rows if row["late"]]
    rows.sort(key=lambda row: (not row["late"], row["late"][0].due_on if row["late"] else row["case"].absent_since) if clock else 0)
    if workbooks.wanted(request):
        return workbooks.handed_out(actor, county, "dropout/cases", "控辍保学案件", f"{today()}", workbooks.CASES, [workbooks.of_case(row) for row in rows])
    schools = list(access.schools_of(actor, county, "view_children").select_related(None).filter(parent__isnull=True).only("code", "name"))
    counts = reading.group_counts(visible)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "asked": asked, "warning": warning, "schools": schools,
        "groups": [(group, title, counts[group]) for group, (title, _) in reading.GROUPS.items()], "late": sum(bool(row["late"]) for row in rows),
        "townships": list(access.townships_in(county)) if access.may(actor, "view_children", county=county) else [],
        "counted": bool(clock), "may_open": access.may(actor, "persuade"),
    }  # fmt: skip
    return shown(request, "dropout/board.html", actor, county, context)


@require_safe
@personal
def overdue(request: HttpRequest, code: str) -> HttpResponse:
    """What is overdue today: each step with the head whose it is now, each report that did not come."""
    actor, county = entered(request, code, "view_children")
    cases = list(reading.filtered(reading.visible_cases(actor, county), {}))
    clock, warning = read_clock(county, earliest_of(cases))
    lines, reports, uncounted = [], [], 0
    if clock:
        book = HeadBook(county, today())
        for one in watch(clock, cases):
            uncounted += not one.counted
            lines += [_line(book, clock, one, due) for due in one.overdue]
        lines.sort(key=lambda line: line["due"].due_on)
        schools = None if access.may(actor, "view_results", county=county) else [
            school for school in access.schools_of(actor, county, "report_month") if school.parent_id is None
        ]  # fmt: skip
        owed = [*owed_months(clock, schools), *(owed_reviews(clock) if schools is None else [])]
        reports = [one for one in owed if one.done_on is None and one.due_on < today()]
    if workbooks.wanted(request):
        told = [(one.school.name if one.school else county.name, one.title, one.due_on, None, "", "", "", "", "") for one in reports]
        return workbooks.handed_out(actor, county, "dropout/overdue", "控辍保学逾期事项", f"{today()}", workbooks.OVERDUE,
                                    [*(workbooks.of_overdue(line) for line in lines), *told])  # fmt: skip
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "reports": reports, "warning": warning, "uncounted": uncounted}
    return shown(request, "dropout/overdue.html", actor, county, context)


def _line(book: HeadBook, clock, one, due) -> dict:
    head = answering(book, one.case, due.step, due.head_kind)
    return {"case": one.case, "due": due, "head": head, "days": clock.days.since(due.due_on, clock.today)}


@require_safe
def counts(request: HttpRequest, code: str) -> HttpResponse:
    """Open cases by state, township and school: all an inspector sees of this room."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    townships, schools, whole = reading.tallies(county)
    stocks = [(group, title) for group, (title, _) in reading.GROUPS.items() if group in whole]
    context = {"tables": [("按乡镇(街道)", townships), ("按学校", schools)], "stocks": stocks, "whole": whole, "sum": sum(whole.values())}
    return shown(request, "dropout/counts.html", actor, county, context)


@require_safe
@personal
def receiving(request: HttpRequest, code: str) -> HttpResponse:
    """Transfers that wait for one's own school: only its people can close them."""
    actor, county = entered(request, code, "receive_transfer")
    return shown(request, "dropout/receiving.html", actor, county, {"cases": list(reading.offered_to(actor, county).order_by("id"))})
