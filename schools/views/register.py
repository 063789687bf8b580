"""The register in the browser: list, import of a workbook, editing one school, townships, the calendar."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from files.serve import attachment
from schools import access
from schools.calendar import held_calendar, save_calendar
from schools.exports import CONTENT_TYPE
from schools.forms import CalendarForm, EventForm, RegisterUpload, SchoolForm, TownshipForm
from schools.models import County, School
from schools.periods import current_school_year
from schools.register import UnknownParent, apply_register, read_register, set_townships
from schools.register_writing import register_workbook
from schools.school_changes import BadEvent, record_event, update_school

from .common import administered

MOST_PROBLEMS = 200
MORE_TOWNSHIPS = 3  # empty lines at the end


@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Every school, campus and point of the county, with the way to change them."""
    actor, county = administered(request, code, "edit_register")
    schools = access.schools_of(actor, county)
    if query := request.GET.get("q", "").strip():
        schools = schools.filter(name__icontains=query) | schools.filter(code__startswith=query)
    return render(request, "schools/register.html", {
        "county": county, "schools": schools, "form": RegisterUpload(), "query": query,
        "year": current_school_year(timezone.localdate()), "may_open": access.may_everywhere(actor, "edit_register"),
    })  # fmt: skip


@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The register as a workbook to be changed and imported again; of a new county, the blank form."""
    actor, county = administered(request, code, "edit_register")
    townships = access.townships_in(county).select_related("centre_school")
    data = register_workbook(access.schools_of(actor, county), townships)
    return attachment(data, name=f"{county.name}学校名录.xlsx", content_type=CONTENT_TYPE)


@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Import a register workbook; its faults come back by cell and nothing is written."""
    actor, county = administered(request, code, "edit_register")
    form = RegisterUpload(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("schools:register", code=code)
    sent = form.cleaned_data["file"]
    found = read_register(sent.read(), sent.name)
    problems = [p.message for p in found.problems]
    if not found.errors:
        is_first = not access.schools_of(actor, county).exists()
        try:
            counts = apply_register(found, county_code=county.code, county_name="", by=actor)
        except UnknownParent as error:
            problems.append(str(error))
        else:
            messages.success(
                request,
                f"名录已更新：新增 {counts['created']} 所，变更 {counts['changed']} 所，未变 {counts['unchanged']} 所。"
                + ("接下来录入校历，并在“用户”里建立各校的填报员和校长。" if is_first else ""),
            )
            return redirect("schools:register", code=code)
    context = {"county": county, "problems": problems[:MOST_PROBLEMS], "total": len(problems)}
    return render(request, "schools/register_problems.html", context, status=422)


@require_http_methods(["GET", "POST"])
def school(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """Change one school; a new name, code, type or place becomes a dated version."""
    actor, county = administered(request, code, "edit_register")
    found = access.get_school(actor, county, school)
    form = SchoolForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        update_school(found, form.values(), on=data["changed_on"], document=data["document"], by=actor)
        messages.success(request, f"“{found.name}”已保存。")
        return redirect("schools:register", code=code)
    return _school_page(request, county, found, form, EventForm(schools=_others(actor, county, found)))


@require_POST
def event(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """Record that a school was set up, closed, merged or split off."""
    actor, county = administered(request, code, "edit_register")
    found = access.get_school(actor, county, school)
    form = EventForm(request.POST, schools=_others(actor, county, found))
    if form.is_valid():
        try:
            record_event(found, form.cleaned_data.pop("kind"), **form.cleaned_data, by=actor)
        except BadEvent as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已登记“{found.name}”的事件。")
            return redirect("schools:school-edit", code=code, school=found.code)
    return _school_page(request, county, found, SchoolForm(instance=found), form)


def _others(actor: Actor, county: County, school: School) -> QuerySet[School]:
    return access.schools_of(actor, county).exclude(pk=school.pk)


def _school_page(request: HttpRequest, county: County, found: School, form: SchoolForm, event: EventForm) -> HttpResponse:
    found.refresh_from_db()  # a form that was refused has written its words on the object
    context = {
        "county": county, "school": found, "form": form, "event": event,
        "versions": found.versions.select_related("township"), "events": found.events.select_related("other"),
    }  # fmt: skip
    return render(request, "schools/school_form.html", context, status=422 if form.errors or event.errors else 200)


@require_http_methods(["GET", "POST"])
def townships(request: HttpRequest, code: str) -> HttpResponse:
    """The towns of the county, their codes and centre schools; empty lines take new ones."""
    actor, county = administered(request, code, "edit_register")
    held = list(access.townships_in(county))
    schools = access.schools_of(actor, county)
    lines = [
        TownshipForm(
            request.POST or None, prefix=str(n), schools=schools,
            initial={"name": t.name, "code": t.code, "centre_school": t.centre_school_id} if t else None,
        )
        for n, t in enumerate([*held, *[None] * MORE_TOWNSHIPS])
    ]  # fmt: skip
    valid = [line.is_valid() for line in lines]  # each of them: every line shows its own fault
    if request.method == "POST" and all(valid) and _distinct(lines):
        rows = [
            {"township": t, **line.cleaned_data}
            for t, line in zip([*held, *[None] * MORE_TOWNSHIPS], lines, strict=True) if line.cleaned_data["name"].strip()
        ]  # fmt: skip
        set_townships(county, rows, by=actor)
        messages.success(request, f"已保存 {len(rows)} 个乡镇(街道)。")
        return redirect("schools:townships", code=code)
    bad = any(line.errors for line in lines if line.is_bound)
    return render(request, "schools/townships.html", {"county": county, "lines": lines}, status=422 if bad else 200)


def _distinct(lines: list[TownshipForm]) -> bool:
    """A town has one line; one that is there already keeps its name."""
    seen: set[str] = set()
    for line in lines:
        name = line.cleaned_data["name"] = line.cleaned_data["name"].strip()
        if name in seen:
            line.add_error("name", f"“{name}”写了两次，一个乡镇(街道)只能有一行。")
        elif not name and line.initial:
            line.add_error("name", "已有的乡镇(街道)不能删去名称：学校登记在它名下。")
        seen |= {name} if name else set()
    return not any(line.errors for line in lines)


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
