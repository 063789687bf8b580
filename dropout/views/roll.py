"""点名: the classes of the day, the roll of one class, and reasons given later."""
from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from schools import access
from schools.models import School

from ..models import AbsenceKind
from ..services import reading
from ..services.attendance import children_of_class, explain, report_absences, require_for_class
from ..services.errors import CaseError
from ..services.personal import may_name_class, open_class
from .common import asked_day, entered, personal, read_clock, shown, today

# A teacher asks for the names once and then calls the roll, saves it and sees who is missing; later they are masked again.
SHOWN, NAMES_SHOWN = "roll_names", dt.timedelta(minutes=15)
MOST_DAYS = 3  # of unexplained absences named in a line


@require_safe
@personal
def rolls(request: HttpRequest, code: str) -> HttpResponse:
    """The classes one calls the roll of: called or not, how many are missing without a reason."""
    actor, county = entered(request, code, "report_absence")
    day = asked_day(request)
    listed = reading.rolls_of(actor, county, day)
    if len(listed) == 1 and not request.GET:
        return redirect(_address(code, listed[0].school, listed[0].class_text))
    clock, warning = read_clock(county)
    context = {"rolls": listed, "day": day, "warning": warning, "lessons": clock is None or clock.days.is_school_day(day),
               "called": sum(one.call is not None for one in listed)}  # fmt: skip
    return shown(request, "dropout/rolls.html", actor, county, context)


def _address(code: str, school: School, class_text: str, day: dt.date | None = None) -> str:
    query = f"?class={class_text}" + (f"&day={day:%Y-%m-%d}" if day else "")
    return reverse("dropout:roll", args=[code, school.code]) + query


@require_http_methods(["GET", "POST"])
@personal
def roll(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """The roll of a class on a day: everybody is there unless said otherwise."""
    actor, county = entered(request, code)
    found = access.get_school(actor, county, school)
    class_text, day = request.POST.get("class") or request.GET.get("class") or "", asked_day(request)
    require_for_class(actor, found, class_text)
    marked = {int(name[2:]): kind for name, kind in request.POST.items() if name[:2] == "c-" and name[2:].isdecimal()}
    if "show" in request.POST:
        _open_names(request, actor, found, class_text)
    elif request.method == "POST":
        kinds = {pk: kind for pk, kind in marked.items() if kind}
        try:
            done = report_absences(school=found, class_text=class_text, day=day, absences=kinds, by=actor, on=today())
        except CaseError as refusal:
            messages.error(request, str(refusal))
        else:
            _say(request, done)
            return redirect(_address(code, found, class_text, day))
    children = list(children_of_class(found, class_text))
    names = _names(request, actor, found, class_text)
    held, cases, missed = reading.absences_on(children, day), reading.cases_of(children), reading.unexplained_of(children, day)
    rows = [
        {"child": child, "name": names.get(child.pk, child.masked_name), "kind": marked.get(child.pk, held[child.pk].kind if child.pk in held else ""), "case": cases.get(child.pk),
         "missed": missed[child.pk][:MOST_DAYS], "more": len(missed[child.pk]) - MOST_DAYS}
        for child in children
    ]  # fmt: skip
    context = {
        "school": found, "class_text": class_text, "day": day, "rows": rows, "kinds": AbsenceKind.choices, "named": bool(names),
        "call": reading.call_of(found, class_text, day), "may_name": may_name_class(actor, found, class_text), "warning": read_clock(county)[1],
    }  # fmt: skip
    return shown(request, "dropout/roll.html", actor, county, context)


def _open_names(request: HttpRequest, actor: Actor, school: School, class_text: str) -> None:
    """From now on for the length of a roll call this session sees the names of this class, each time with a line in the log."""
    if not may_name_class(actor, school, class_text):
        raise PermissionDenied("您的角色不能查看本班学生的姓名。")
    until = timezone.now() + NAMES_SHOWN
    request.session[SHOWN] = {"class": f"{school.pk}/{class_text}", "until": until.isoformat(), "reason": request.POST.get("reason", "")[:60]}


def _names(request: HttpRequest, actor: Actor, school: School, class_text: str) -> dict[int, str]:
    """The names of the class, where its teacher has just asked for them."""
    asked = request.session.get(SHOWN)
    if not asked or asked["class"] != f"{school.pk}/{class_text}" or not may_name_class(actor, school, class_text):
        return {}
    try:
        if timezone.now() < dt.datetime.fromisoformat(asked["until"]):
            return open_class(school=school, class_text=class_text, reason=asked["reason"], by=actor)
    except CaseError as refusal:
        messages.error(request, str(refusal))
    del request.session[SHOWN]
    return {}


def _say(request: HttpRequest, done) -> None:
    messages.success(request, f"点名已保存：缺勤 {done.call.absent} 人。")
    if done.opened:
        numbers = "、".join(case.number for case in done.opened)
        messages.warning(request, f"无故缺勤已立案：{numbers}。请马上联系家长，当日家访；已知原因的，在下面写明。")
    if done.ended:
        messages.success(request, f"已到校或已说明，案件结束：{'、'.join(case.number for case in done.ended)}。")


@require_POST
def explained(request: HttpRequest, code: str, school: str) -> HttpResponse:
    """The reason of a child's unexplained absences, given later."""
    actor, county = entered(request, code)
    found = access.get_school(actor, county, school)
    class_text, day = request.POST.get("class", ""), asked_day(request)
    require_for_class(actor, found, class_text)
    child = next((c for c in children_of_class(found, class_text) if str(c.pk) == request.POST.get("child")), None)
    if child is None:
        messages.error(request, "请选择本班的学生。")
    else:
        try:
            days = explain(child=child, days=None, note=request.POST.get("note", ""), on=today(), by=actor)
            messages.success(request, f"已说明{days}天缺勤。")
        except CaseError as refusal:
            messages.error(request, str(refusal))
    return redirect(_address(code, found, class_text, day))
