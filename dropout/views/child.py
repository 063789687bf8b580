"""The page of one child: its one file. Personal data only by a deliberate step with a reason; forms for what is done."""
from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from schools import access

from ..care_forms import ContactForm, HomeLessonForm, PairingForm, PlanForm, ReasonForm, TagForm
from ..groups import CATEGORIES
from ..models import Child, Group
from ..services import care, child_file, disabled
from ..services.erasure import erase_child
from ..services.reach import CareError, get_child, get_pairing
from .frame import county_schools, done, school_named


def _page(request: HttpRequest, actor: Actor, child: Child, *, status: int = 200, **more) -> HttpResponse:
    today = timezone.localdate()
    plan = disabled.plan_on(child, today)
    context = {
        "county": child.county, "child": child, "file": child_file.file_of(child, actor, today), "plan": plan, "today": today, "plan_kind": disabled.kind_title(plan) if plan else "",
        "home": disabled.home_of(child, plan, today), "may_open": access.may_for_child(actor, "view_personal", child),
        "may_plan": disabled.may_plan(actor, child), "may_check": access.may_for_child(actor, "check_warning", child),
        "may_erase": access.may_for_child(actor, "erase_child", child), "reason_form": ReasonForm(), "tag_form": TagForm(initial={"since": today}),
        "details": None, "said": None, **more,
    }  # fmt: skip
    return render(request, "dropout/child.html", context, status=status)


@require_safe
@never_cache
def child(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """Tags, pairings, contacts, plan, home teaching, aid, cases, warnings of one child; masked."""
    actor = access.actor_of(request)
    return _page(request, actor, get_child(actor, code, child))


@require_POST
@never_cache
def open_details(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """The same page with the personal data in full, this once; the reason is logged."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, "view_personal")
    try:
        details = child_file.open_details(found, reason=request.POST.get("reason", ""), by=actor)
    except CareError as refusal:
        return _page(request, actor, found, status=refusal.status, open_problem=str(refusal))
    return _page(request, actor, found, details=details)


@require_POST
@never_cache
def open_contacts(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """The same page with what was said in the contacts, this once; the reason is logged."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    try:
        said = {contact.pk: text for contact, text in child_file.open_contacts(found, reason=request.POST.get("reason", ""), by=actor)}
    except CareError as refusal:
        return _page(request, actor, found, status=refusal.status, contacts_problem=str(refusal))
    return _page(request, actor, found, said=said)


@require_http_methods(["GET", "POST"])
@never_cache
def card(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """联系卡: the guardian for those who care for the child, printable; first the reason."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    details, problem, status = None, "", 200
    if request.method == "POST":
        try:
            details = child_file.open_card(found, reason=request.POST.get("reason", ""), by=actor)
        except CareError as refusal:
            problem, status = str(refusal), refusal.status
    today = timezone.localdate()
    context = {
        "county": found.county, "child": found, "reason_form": ReasonForm(), "problem": problem, "details": details,
        "file": child_file.file_of(found, actor, today), "today": today,
    }  # fmt: skip
    return render(request, "dropout/card.html", context, status=status)


@require_POST
def add_tag(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """Put the child into a group."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    form = TagForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, found, status=422, tag_form=form)
    data = form.cleaned_data
    category = CATEGORIES[data["category"]]
    done(request, care.set_tag, found, group=category.group, definition=category.definition, basis=data["basis"], since=data["since"], by=actor,
         said=f"已登记类别“{category.title}”。")  # fmt: skip
    return redirect("dropout:child", code, child)


@require_POST
def end_tag(request: HttpRequest, code: str, child: int, tag: int) -> HttpResponse:
    """The child leaves the group today."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    done(request, care.end_tag, found, tag_id=tag, until=timezone.localdate(), by=actor, said="这一类别已结束，记录保留在档案中。")
    return redirect("dropout:child", code, child)


@require_http_methods(["GET", "POST"])
@never_cache
def pairing(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """Give the child a helper."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    today = timezone.localdate()
    held = list(dict.fromkeys(tag["tag"].group for tag in child_file.file_of(found, actor, today).tags))
    form = PairingForm(
        request.POST or None, groups=[(group, Group(group).label) for group in held], helpers=care.helpers_for(found), initial={"since": today}
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        helper = data.pop("helper")
        try:
            care.pair(found, helper_user_id=int(helper) if helper else None, by=actor, **data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, code, child, "结对已登记。")
    return _form(request, found, form, "登记结对", lacks_group=not held)


@require_POST
def end_pairing(request: HttpRequest, code: str, child: int, pairing: int) -> HttpResponse:
    """The pairing ends today."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    get_pairing(found, pairing)
    done(request, care.end_pairing, found, pairing_id=pairing, until=timezone.localdate(), by=actor, said="结对已结束，帮扶记录保留。")
    return redirect("dropout:child", code, child)


@require_http_methods(["GET", "POST"])
@never_cache
def contact(request: HttpRequest, code: str, child: int, pairing: int) -> HttpResponse:
    """Log one contact."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, care.VERB)
    held = get_pairing(found, pairing)
    held.child = found
    form = ContactForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            care.add_contact(held, today=timezone.localdate(), by=actor, **form.cleaned_data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, code, child, "帮扶记录已登记。")
    return _form(request, found, form, "登记帮扶记录", pairing=held)


@require_http_methods(["GET", "POST"])
@never_cache
def plan(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """一人一案: the plan in force as the form's beginning; saving makes a new plan and ends the former."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child)
    if not disabled.may_plan(actor, found):
        access.require_for_child(actor, disabled.VERB, found)
    form = PlanForm(request.POST or None, schools=county_schools(found.county), initial=_plan_initial(found, timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["school"] = school_named(found.county, data["school"])
        try:
            disabled.save_plan(found, by=actor, **data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, code, child, "一人一案已保存，原方案保留在档案中。")
    return _form(request, found, form, "一人一案")


def _plan_initial(child: Child, today: dt.date) -> dict:
    held = disabled.plan_on(child, today)
    if held is None:
        return {"since": today, "school": child.school.code if child.school else ""}
    certificate = {True: "yes", False: "no"}.get(held.has_certificate, "")
    same = {name: getattr(held, name) for name in ("placement", "kind", "degree", "finding", "reason", "rehabilitation", "responsible")}
    return {**same, "has_certificate": certificate, "school": held.school.code if held.school else "", "since": today}


@require_http_methods(["GET", "POST"])
@never_cache
def home_lesson(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """Record one visit of home teaching."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, disabled.VERB)
    today = timezone.localdate()
    form = HomeLessonForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            disabled.add_home_lesson(found, today=today, by=actor, **form.cleaned_data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, code, child, "送教记录已登记。")
    return _form(request, found, form, "登记送教上门", home=disabled.home_of(found, disabled.plan_on(found, today), today))


@require_POST
def erase(request: HttpRequest, code: str, child: int) -> HttpResponse:
    """A person-level request: destroy the child's personal data."""
    actor = access.actor_of(request)
    found = get_child(actor, code, child, "erase_child")
    if request.POST.get("sure") != "yes":
        return _page(request, actor, found, status=422, erase_problem="请先勾选“我知道删除后无法恢复”。")
    done(request, erase_child, found, actor, request.POST.get("reason", ""), said="个人信息已删除，统计事实保留。")
    return redirect("dropout:child", code, child)


def _form(request: HttpRequest, child: Child, form, title: str, **more) -> HttpResponse:
    """One form about one child; a refused one keeps what was typed."""
    context = {"county": child.county, "child": child, "form": form, "title": title, **more}
    return render(request, "dropout/child_form.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, code: str, child: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("dropout:child", code, child)
