"""Early warnings: the list with its reasons, and the page of one flag where it ends in a check or a case."""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from schools import access
from schools.parameters import resolve

from ..care_forms import CheckForm, FlagCaseForm
from ..models import Flag, FlagState
from ..services import reach, warning
from ..services.calendars import school_days_of
from ..services.child_file import shown_flag
from ..services.reach import CareError
from ..warning import RULES, Limits
from .frame import listed_schools, page_of

STATES = {"open": "待核查", "overdue": "超期未核查", "checked": "已核查", "case": "已立案", "left": "已离校"}


@require_safe
@never_cache
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """The flags of the actor's children, heaviest first, each with its reasons; a list never names 学困."""
    actor = access.actor_of(request)
    county = reach.county_for_children(actor, code)
    today = timezone.localdate()
    which = request.GET.get("state", "open")
    which = which if which in STATES else "open"
    rows = warning.flags_of(actor, county, state=FlagState.OPEN if which == "overdue" else which)
    limits = Limits.of(resolve(county.code, today), today)
    since = warning.overdue_since(limits, school_days_of(county, today), today)
    if which == "overdue":
        rows = rows.filter(raised_on__lte=since)
    if school := request.GET.get("school", ""):
        rows = rows.filter(child__school__code=school)
    page = page_of(request, rows)
    counts = warning.flag_counts(actor, county, since)
    context = {
        "county": county, "page": page, "rows": [{**shown_flag(flag, False), "late": flag.state == "open" and flag.raised_on <= since} for flag in page],
        "states": [(key, title, counts[key]) for key, title in STATES.items()], "which": which, "limits": limits,
        "rules": [(rule, limits.weights[rule.code]) for rule in RULES.values()], "schools": listed_schools(actor, county), "school": school,
        "may_run": access.may(actor, warning.VERB, county=county),
    }  # fmt: skip
    return render(request, "dropout/warnings.html", context)


def _reached(request: HttpRequest, code: str, pk: int) -> tuple[Actor, Flag]:
    """The flag of a child the actor sees; 404."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    found = warning.get_flag(actor, county, pk)
    if found is None:
        raise Http404
    return actor, found


@require_http_methods(["GET", "POST"])
@never_cache
def flag(request: HttpRequest, code: str, flag: int) -> HttpResponse:
    """One flag: its reasons and the two ways it may end. Sending the first form is the check."""
    actor, found = _reached(request, code, flag)
    form = CheckForm(request.POST or None)
    if request.method == "POST":
        access.require_for_child(actor, warning.VERB, found.child)
        if form.is_valid():
            try:
                warning.check_flag(found, outcome=form.cleaned_data["outcome"], on=timezone.localdate(), by=actor)
            except CareError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "核查结果已登记。")
                return redirect("dropout:warnings", code)
    return _flag_page(request, actor, found, check=form)


@require_POST
@never_cache
def make_case(request: HttpRequest, code: str, flag: int) -> HttpResponse:
    """The flag becomes a case."""
    actor, found = _reached(request, code, flag)
    access.require_for_child(actor, warning.VERB, found.child)
    form = FlagCaseForm(request.POST)
    if form.is_valid():
        try:
            case = warning.open_case_from(found, on=timezone.localdate(), by=actor, **form.cleaned_data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已立案，编号 {case.number}，请按控辍流程办理。")
            return redirect("dropout:child", code, found.child_id)
    return _flag_page(request, actor, found, case=form)


def _flag_page(request: HttpRequest, actor: Actor, found: Flag, *, check: CheckForm | None = None, case: FlagCaseForm | None = None) -> HttpResponse:
    cares = access.may_for_child(actor, "care", found.child)
    forms = (check or CheckForm(), case or FlagCaseForm())
    context = {
        "county": found.child.county, "child": found.child, "held": shown_flag(found, cares), "flag": found, "check_form": forms[0], "case_form": forms[1],
        "problems": [error for form in forms for error in form.non_field_errors()],
        "may_check": access.may_for_child(actor, warning.VERB, found.child),
    }  # fmt: skip
    return render(request, "dropout/warning.html", context, status=422 if any(form.errors for form in forms) else 200)


@require_POST
def run(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a run now; the weekly one comes by itself."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, warning.VERB)
    warning.order_warnings(county.code, owner=actor.user_id)
    messages.success(request, "已开始重新核对全县学生，稍后刷新本页查看。")
    return redirect("dropout:warnings", code)
