"""The counties a person administers: where a portal without any begins, and where one of several is chosen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from schools import access
from schools.forms import CountyForm
from schools.register import open_county

# What is done in a county: the verb that opens it, its page, its name.
ROOMS = (("edit_register", "schools:register", "学校名录"), ("manage_users", "schools:people", "用户"), ("edit_rules", "schools:rules", "地方规则"))


@require_http_methods(["GET", "POST"])
def counties(request: HttpRequest) -> HttpResponse:
    """Every county this person administers with what may be done there; who serves the whole portal opens new ones."""
    actor = access.actor_of(request)
    rooms = [room for room in ROOMS if access.may(actor, room[0])]
    if not rooms:
        raise PermissionDenied("您的角色不管理名录、用户和规则。")
    may_open = access.may_everywhere(actor, "edit_register")
    form = CountyForm(request.POST or None) if may_open else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("只有系统管理员可以增加县(市、区)。")
        if form.is_valid():
            county, is_new = open_county(**form.cleaned_data, by=actor)
            if is_new:
                messages.success(request, f"已增加{county.name}。接下来导入学校名录，然后建立用户。")
                return redirect("schools:register", code=county.code)
            form.add_error("code", f"代码 {county.code} 已经是“{county.name}”。")
    rows = [
        {"county": county, "schools": county.schools.count(), "links": [(title, reverse(name, args=[county.code])) for verb, name, title in rooms if access.may(actor, verb, county=county)]}
        for county in access.counties_of(actor)
    ]  # fmt: skip
    return render(request, "schools/counties.html", {"rows": rows, "form": form}, status=422 if form and form.errors else 200)
