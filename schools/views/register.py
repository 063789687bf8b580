"""The register in the browser: list, import of a workbook, editing one school, townships, the calendar."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools import access
from schools.calendar import held_calendar, save_calendar
from schools.forms import CalendarForm, RegisterUpload, SchoolForm
from schools.periods import current_school_year
from schools.register import UnknownParent, apply_register, read_register, update_school

from .common import administered

MOST_PROBLEMS = 200


@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Every school, campus and point of the county, with the way to change them."""
    actor, county = administered(request, code, "edit_register")
    schools = access.schools_of(actor, county)
    if query := request.GET.get("q", "").strip():
        schools = schools.filter(name__icontains=query) | schools.filter(code__startswith=query)
    return render(request, "schools/register.html", {
        "county": county, "schools": schools, "form": RegisterUpload(), "query": query,
        "year": current_school_year(timezone.localdate()),
    })  # fmt: skip


@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Import a register workbook; its faults come back by cell and nothing is written."""
    actor, county = administered(request, code, "edit_register")
    form = RegisterUpload(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("schools:register", code=code)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in form.cleaned_data["file"].chunks():
            kept.write(chunk)
        kept.flush()
        found = read_register(kept.name)
    problems = [p.message for p in found.problems]
    if not found.errors:
        try:
            counts = apply_register(found, county_code=county.code, county_name="", by=actor)
        except UnknownParent as error:
            problems.append(str(error))
        else:
            messages.success(
                request,
                f"名录已更新：新增 {counts['created']} 所，变更 {counts['changed']} 所，未变 {counts['unchanged']} 所。",
            )
            return redirect("schools:register", code=code)
    context = {"county": county, "problems": problems[:MOST_PROBLEMS], "total": len(problems)}
    return render(request, "schools/register_problems.html", context, status=422)


@require_http_methods(["GET", "POST"])
def school(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """Change one school; a new name, type or place becomes a dated version."""
    actor, county = administered(request, code, "edit_register")
    found = access.get_school(actor, county, school)
    form = SchoolForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        update_school(found, form.cleaned_data, by=actor)
        messages.success(request, f"“{found.name}”已保存。")
        return redirect("schools:register", code=code)
    found.refresh_from_db()
    context = {
        "county": county,
        "school": found,
        "form": form,
        "versions": found.versions.all(),
        "events": found.events.all(),
    }
    return render(request, "schools/school_form.html", context)


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """校历: terms, holidays, make-up days, one a line."""
    actor, county = administered(request, code, "edit_register")
    held = held_calendar(county, year)
    form = CalendarForm(request.POST or None, initial=CalendarForm.initial_of(held))
    if request.method == "POST" and form.is_valid():
        save_calendar(county, year, **form.cleaned_data, by=actor)
        messages.success(request, f"{year}-{year + 1}学年校历已保存。")
        return redirect("schools:calendar", code=code, year=year)
    return render(request, "schools/calendar.html", {"county": county, "year": year, "form": form})
