"""Disabled children: placements, who waits, home teaching that is late, zero refusal, enrolment by kind, resource rooms."""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from schools import access

from ..care_forms import RoomForm
from ..models import ResourceRoom
from ..services import coverage, disabled, reach, zero_refusal
from ..shares import percent
from .frame import done, listed_schools, page_of, told

LISTS = {
    "plans": "一人一案", "home": "送教上门逾期", "waiting": "待安置超期", "elsewhere": "学籍不在承担教育的学校", "refused": "零拒绝：名单中没有安置的",
}  # fmt: skip


@require_safe
@never_cache
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """All of it for the children the actor sees; the federation's list only for the bureau; counts for inspectors."""
    actor = access.actor_of(request)
    county, names = reach.county_for_counts(actor, code)
    return _page(request, actor, county, names)


def _page(request: HttpRequest, actor, county, names: bool, *, form: RoomForm | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    plans = disabled.plans_of(actor, county, today, counts_only=not names)
    whole = not names or access.may(actor, "view_children", county=county)
    enrolment = zero_refusal.enrolment(county, today) if whole else None
    lists = {"plans": plans.lines, "home": plans.late_home, "waiting": plans.too_long, "elsewhere": plans.elsewhere}
    if enrolment is not None:
        lists["refused"] = enrolment.refused
    which = request.GET.get("show", "plans")
    which = which if which in lists else "plans"
    files = names and access.may(actor, "file")
    schools = listed_schools(actor, county, "file") if files else []
    context = {
        "county": county, "names": names, "plans": plans, "enrolment": enrolment, "today": today, "which": which, "title": LISTS[which],
        "lists": [(key, LISTS[key], told(len(rows), names)) for key, rows in lists.items()],
        "page": page_of(request, lists[which]) if names else None, "small": coverage.SMALL,
        "placements": [(label, told(number, names)) for label, number in plans.placements()],
        **_rate(enrolment, names), "kinds": _kinds(enrolment, names),
        "rooms": [_room(row) for row in disabled.rooms_of(actor, county)] if names else [], "form": form or (RoomForm(schools=schools, initial={"since": today}) if schools else None),
    }  # fmt: skip
    return render(request, "dropout/disabled.html", context, status=status)


def _rate(enrolment: zero_refusal.Enrolment | None, names: bool) -> dict:
    """Numerator, denominator and rate; none of them where a part is too small to be told."""
    if enrolment is None:
        return {}
    taught, total = told(enrolment.taught, names), enrolment.total
    hidden = taught is None or (total and told(total, names) is None)
    return {"taught": taught, "total": None if hidden else total, "rate": "—" if hidden else percent(taught, total)}


def _kinds(enrolment: zero_refusal.Enrolment | None, names: bool) -> list[dict]:
    if enrolment is None:
        return []
    totals = {title: total for title, _, total in enrolment.kinds}
    shown = totals if names else coverage.hide_small(totals)
    rows = []
    for title, taught, total in enrolment.kinds:
        plain = names or (shown[title] is not None and not any(0 < number < coverage.SMALL for number in (taught, total - taught)))
        rows.append({"title": title, "taught": taught if plain else None, "total": shown[title], "rate": percent(taught, total) if plain else "—"})
    return rows


def _room(row: ResourceRoom) -> dict:
    return {"row": row, "area": None if row.area is None else f"{row.area // 100}.{row.area % 100:02}"}


@require_POST
@never_cache
def room(request: HttpRequest, code: str) -> HttpResponse:
    """Record a school's resource rooms."""
    actor = access.actor_of(request)
    county = reach.county_for_children(actor, code)
    access.require(actor, "file")
    form = RoomForm(request.POST, schools=listed_schools(actor, county, "file"))
    if not form.is_valid():
        return _page(request, actor, county, True, form=form, status=422)
    data = form.cleaned_data
    school = access.get_school(actor, county, data["school"], "file")
    area = None if data["area"] is None else int(data["area"] * 100)
    done(request, disabled.save_resource_room, school, rooms=data["rooms"], area=area, teachers=data["teachers"], since=data["since"], by=actor,
         said=f"{school.name}的资源教室已登记。")  # fmt: skip
    return redirect("dropout:disabled", code)
