"""What the pages of this room share: the county, the tabs, the day, the sentence about a missing calendar."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from schools import access
from schools.calendar import NoCalendar
from schools.models import County
from schools.roles import ROLES

from ..services.caseload import Clock, clock_of

# The pages of the room, in the order of the tabs: title, address (with the county's code), the verbs any of which opens it.
TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("案件", "dropout:board", ("view_children",)),
    ("点名", "dropout:rolls", ("report_absence",)),
    ("待确认转入", "dropout:receiving", ("receive_transfer",)),
    ("逾期事项", "dropout:overdue", ("view_children",)),
    ("责任图", "dropout:heads", ("view_children",)),
    ("月报", "dropout:months", ("view_children", "view_results")),
    ("核查汇总", "dropout:reviews", ("view_results",)),
    ("十项制度", "dropout:systems", ("view_children", "view_results")),
    ("名单比对", "dropout:matching-now", ("view_results",)),
    ("入学与巩固", "dropout:rates-now", ("view_results",)),
    ("统计", "dropout:counts", ("view_results",)),
)
PAGES_UNDER = {"findings": "matching", "rate-children": "rates"}  # pages that stand under the tab of another

FIRST_YEAR = 2001  # of months people may ask for: addresses of school years begin with 2000


def today() -> dt.date:
    return timezone.localdate()


def entered(request: HttpRequest, code: str, *verbs: str) -> tuple[Actor, County]:
    """The actor and the county: 404 for strangers, 403 without any of the verbs."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    if verbs and not any(access.may(actor, verb) for verb in verbs):
        raise PermissionDenied("您的角色没有此项操作的权限。")
    return actor, county


def shown(request: HttpRequest, template: str, actor: Actor, county: County, context: dict, *, status: int = 200) -> HttpResponse:
    """A page of the room with its tabs."""
    verbs = ROLES[actor.role].verbs if actor.role in ROLES else frozenset()
    present = request.resolver_match.url_name
    present = PAGES_UNDER.get(present, present)
    tabs = [
        {"title": title, "url": reverse(name, args=[county.code]), "here": name.removeprefix("dropout:").removesuffix("-now") == present}
        for title, name, wanted in TABS if verbs & set(wanted)
    ]  # fmt: skip
    return render(request, template, {"county": county, "tabs": tabs, "today": today(), **context}, status=status)


def read_clock(county: County, earliest: dt.date | None = None) -> tuple[Clock | None, str]:
    """Today's clock, or None with the sentence that says why nothing can be counted."""
    try:
        return clock_of(county, today(), earliest), ""
    except NoCalendar as reason:
        return None, f"{reason} 没有校历，期限无法计算，系统也不会提醒。录入的地方：县教育局负责人的“名录”→“校历”。"


def asked_day(request: HttpRequest, name: str = "day") -> dt.date:
    """The day a form or address names, today otherwise; never one to come."""
    try:
        day = parse_date(request.POST.get(name) or request.GET.get(name) or "")
    except ValueError:
        day = None
    return min(day or today(), today())


def asked_month(text: str) -> dt.date:
    """The first day of the month "2025-11", else (or where it lies outside any register's time) of the present one."""
    try:
        month = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except (ValueError, TypeError):
        return today().replace(day=1)
    return month if FIRST_YEAR <= month.year <= today().year + 1 else today().replace(day=1)


def personal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages about single children are never kept by a browser or proxy."""
    return never_cache(view)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person begins: the teacher with the roll, who sees children with the board, who sees results with counts."""
    actor = access.actor_of(request)
    county = access.counties_of(actor).first()
    verbs = ROLES[actor.role].verbs if actor.role in ROLES else frozenset()
    if county is None or not verbs & {"view_children", "view_results"}:
        raise PermissionDenied("您的角色没有控辍保学的工作。")
    if "view_children" not in verbs:
        return redirect("dropout:counts", county.code)
    return redirect("dropout:rolls" if actor.role == "class_teacher" else "dropout:board", county.code)
