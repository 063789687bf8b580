"""Where each role starts, the switch of identities, and help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import passive
from jobs.queue import place
from office import desk
from office.guide import WORDS, first_steps
from office.views.county import chosen_year, county_page
from schools import access
from schools.roles import ROLES


def show_home(request: HttpRequest) -> HttpResponse:
    """The county's page, the list of counties, the desk of a school, or the children one answers for, according to the role."""
    actor = access.actor_of(request)
    verbs = ROLES[actor.role].verbs if actor.role in ROLES else frozenset()
    counties = list(access.counties_of(actor)) if verbs else []
    if "view_results" in verbs and len(counties) == 1:
        return county_page(request, counties[0])
    if "view_results" in verbs:
        return render(request, "office/counties.html", {"rows": desk.county_rows(counties)})
    if verbs & {"file", "confirm", "review", "view_filing"} and counties:
        year = chosen_year(request, counties[0])
        context = {"year": year, "files": "file" in verbs, "desks": [desk.desk(actor, county, year) for county in counties]}
        context["steps"] = first_steps(actor.role, counties[0])
        return render(request, "office/desk.html", context)
    if "view_children" in verbs and counties:
        return redirect("dropout:home")
    return render(request, "office/welcome.html", {"steps": first_steps(actor.role, None)})


@require_POST
def switch_membership(request: HttpRequest) -> HttpResponse:
    """Make another of one's own memberships the active one."""
    chosen = request.POST.get("membership", "")
    access.choose_membership(request, int(chosen) if chosen.isdecimal() else 0)
    return redirect("office:home")


def show_help(request: HttpRequest) -> HttpResponse:
    """The words of the trade and whom to ask."""
    return render(request, "office/help.html", {"words": WORDS})


@require_safe
@passive
def show_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The progress of a computation, for htmx: of a county the actor has to do with."""
    actor = access.actor_of(request)
    job = desk.get_job(actor, job_id)
    context = {"job": job, "place": max(0, place(job) - 1), "progress_url": request.path, "title": "重新计算"}
    return render(request, "components/progress.html", context)
