"""The page of the review steps between a school's submission and the county's approval."""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ledgers.services import FilingError
from ledgers.services.arranging import set_steps
from ledgers.workflow import STEPS, configured_steps
from schools import access
from schools.models import SchoolKind

KINDS = [("", "所有单位"), *SchoolKind.choices]
ASKED = ("head", "township")


@require_http_methods(["GET", "POST"])
def workflow(request: HttpRequest, code: str) -> HttpResponse:
    """Per kind of school, the steps that are asked for."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "edit_rules")
    held, status = configured_steps(county.pk), 200
    if request.method == "POST":
        given = request.POST.getlist("step")
        held = {kind: {step for step in ASKED if f"{kind}/{step}" in given} for kind, _ in KINDS}
        try:
            set_steps(county, held, by=actor)
        except FilingError as error:
            messages.error(request, str(error))
            status = error.status
        else:
            messages.success(request, "审核环节已保存，从现在起报送的台账照此办理。")
            return redirect("ledgers:workflow", code)
    rows = [
        {"title": title, "steps": [{"value": f"{kind}/{step}", "title": STEPS[step][2], "on": step in held.get(kind, set())} for step in ASKED]}
        for kind, title in KINDS
    ]
    return render(request, "ledgers/workflow.html", {"county": county, "rows": rows, "titles": [STEPS[step][2] for step in ASKED]}, status=status)
