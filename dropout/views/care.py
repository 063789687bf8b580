"""The groups of a county, township, school or class: counts, coverage, what is overdue, helpers, lists, the register."""
from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from schools import access
from schools.exports import Column
from schools.models import County

from ..groups import CATEGORIES, MEANINGS, OPEN_CATEGORIES
from ..models import ChildStatus
from ..services import coverage, gifts, reach
from ..services.warning import flag_counts, overdue_since
from ..shares import each, percent
from ..warning import Limits
from . import workbooks
from .frame import listed_schools, page_of, told

PLACES = {"township": "乡镇", "school": "学校"}


@require_safe
@never_cache
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """Counts of each group with coverage and rates; by township or school. Those who see results get counts only."""
    actor = access.actor_of(request)
    county, names = reach.county_for_counts(actor, code)
    today = timezone.localdate()
    place = request.GET.get("by", "")
    place = place if place in PLACES and names else "township"
    care = coverage.gather(actor, county, today, within=_within(request) if names else None, counts_only=not names)
    since = overdue_since(Limits.of(care.parameters, today), care.days, today)
    context = {
        "county": county, "names": names, "care": care, "today": today, "place": place, "place_title": PLACES[place],
        "rows": [_group_row(row, names) for row in coverage.by_group(care)], "places": _places(care, place, names),
        "categories": CATEGORIES.values(), "open_categories": OPEN_CATEGORIES, "late": len(care.late), "lacking": care.lacking(),
        "meanings": MEANINGS.values(), "choices": [(key, title) for key, title in PLACES.items() if names or key == "township"],
        "flags": {key: told(number, names) for key, number in flag_counts(actor, county, since, counts_only=not names).items()},
        "small": coverage.SMALL, "may_gifts": access.may(actor, gifts.VERB), **(_filters(request, actor, county) if names else {}),
    }  # fmt: skip
    if workbooks.wanted(request):
        rows = [(row["name"], *(workbooks.told(n) for n in (row["all"], *row["cells"], row["lacking"], row["late"]))) for row in context["places"]]
        columns = (Column(PLACES[place]), *(Column(title, 0, "人") for title in ("关爱学生", *(one.title for one in CATEGORIES.values()), "缺帮扶教师", "有逾期")))
        return workbooks.handed_out(actor, county, f"care/{place}", f"五类学生关爱_分{PLACES[place]}", f"{today}", columns, rows)
    return render(request, "dropout/care.html", context)


def _group_row(row: coverage.GroupCounts, names: bool) -> dict:
    """One category; a small count of minors is not told to those who get counts only."""
    cells = {"children": row.children, "counted": row.counted, "in_school": row.in_school, "without_helper": row.without_helper, "late": row.late, "helped": row.helped}
    if not names:
        cells = {key: None if 0 < value < coverage.SMALL else value for key, value in cells.items()}
        if cells["counted"] is None or cells["in_school"] is None:
            cells["counted"] = cells["in_school"] = None
    return {"category": row.category, "needs_helper": row.needs_helper, **cells, "helpers": row.helpers if names else told(row.helpers, cells["helped"] is not None), "load": each(cells["helped"], row.helpers), "rate": percent(cells["in_school"], cells["counted"])}


def _places(care: coverage.Care, place: str, names: bool) -> list[dict]:
    found = coverage.by_place(care, place)
    shown = {key: {name: counter[key] for name, counter in found} for key in (*CATEGORIES, "all", "lacking", "late")}
    if not names:
        shown = {key: coverage.hide_small(cells) for key, cells in shown.items()}
    return [
        {"name": name, "cells": [shown[key][name] for key in CATEGORIES], **{key: shown[key][name] for key in ("all", "lacking", "late")}}
        for name, _ in found
    ]


def _filters(request: HttpRequest, actor: Actor, county: County) -> dict:
    return {"schools": listed_schools(actor, county), "school": request.GET.get("school", "")}


def _within(request: HttpRequest) -> dict[str, object] | None:
    """The school the address names, within the actor's own children: a foreign code shows nothing."""
    school = request.GET.get("school", "")
    return {"school__code": school} if school else None


def _gathered(request: HttpRequest, code: str) -> tuple[County, coverage.Care, dict]:
    actor = access.actor_of(request)
    county = reach.county_for_children(actor, code)
    care = coverage.gather(actor, county, timezone.localdate(), within=_within(request))
    return county, care, {"county": county, "care": care, **_filters(request, actor, county)}


@require_safe
@never_cache
def group(request: HttpRequest, code: str, category: str) -> HttpResponse:
    """The children of one group, masked: all, in school or not, without a helper. 学困 has no list."""
    county, care, context = _gathered(request, code)
    wanted = CATEGORIES.get(category)
    if wanted is None or wanted.is_private:
        raise Http404
    children = [child for child in care.children if child.is_in(wanted)]
    counted = [child for child in children if child.is_counted]
    lists = {
        "all": ("全部", children),
        "counted": ("应在校（分母）", counted),
        "in": ("在校（分子）", [child for child in counted if child.in_school]),
        "out": ("不在校", [child for child in counted if not child.in_school]),
        "lacking": ("没有帮扶教师", [child for child in counted if wanted.group in child.lacks]),
    }
    which = request.GET.get("show", "all")
    which = which if which in lists else "all"
    context |= {
        "category": wanted, "which": which, "page": page_of(request, lists[which][1]), "lists": [(key, title, len(rows)) for key, (title, rows) in lists.items()],
        "rate": percent(len(lists["in"][1]), len(counted)), "in_school": len(lists["in"][1]), "counted": len(counted),
    }  # fmt: skip
    return render(request, "dropout/care_group.html", context)


@require_safe
@never_cache
def duties(request: HttpRequest, code: str) -> HttpResponse:
    """What is overdue, the oldest first. No row says why a child is cared for."""
    county, care, context = _gathered(request, code)
    if workbooks.wanted(request):
        rows = [workbooks.of_duty(child) for child in care.late]
        return workbooks.handed_out(access.actor_of(request), county, "care/duties", "关爱逾期事项", f"{care.on}", workbooks.DUTIES, rows)
    return render(request, "dropout/care_duties.html", {**context, "page": page_of(request, care.late)})


@require_safe
@never_cache
def helpers(request: HttpRequest, code: str) -> HttpResponse:
    """Who looks after how many children."""
    _, care, context = _gathered(request, code)
    context |= {
        "page": page_of(request, care.loads), "helpers": len(care.loads), "heaviest": care.loads[0].children if care.loads else 0,
        "too_many": sum(bool(care.most) and load.children > care.most for load in care.loads), "lacking": care.lacking(),
    }  # fmt: skip
    return render(request, "dropout/care_helpers.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def children(request: HttpRequest, code: str) -> HttpResponse:
    """The register of the children the actor sees, masked. A search by number is sent, never written in the address."""
    actor = access.actor_of(request)
    county = reach.county_for_children(actor, code)
    rows = reach.children_of(actor, county)
    number = request.POST.get("number", "").strip() if request.method == "POST" else ""
    chosen = {"school": request.GET.get("school", ""), "class": request.GET.get("class", "").strip(), "status": request.GET.get("status", "")}
    if number:
        rows = reach.with_number(rows, number)
    if chosen["school"]:
        rows = rows.filter(school__code=chosen["school"])
    if chosen["class"]:
        rows = rows.filter(class_text__icontains=chosen["class"])
    if chosen["status"] in ChildStatus.values:
        rows = rows.filter(status=chosen["status"])
    context = {
        "county": county, "page": page_of(request, rows), "chosen": chosen, "searched": bool(number), "statuses": ChildStatus.choices,
        "schools": listed_schools(actor, county), "school": chosen["school"],
    }  # fmt: skip
    return render(request, "dropout/children.html", context)
