"""捐赠和关爱款物: the books with their balances, a new line, and the list that is posted."""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from schools import access
from schools.models import County

from ..care_forms import GiftForm
from ..services import coverage, gifts, reach
from ..services.reach import CareError
from .frame import county_schools, done, page_of, school_named

COUNTY_BOOK = "county"


def _reached(request: HttpRequest, code: str) -> tuple[Actor, County]:
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    access.require(actor, gifts.VERB)
    return actor, county


@require_safe
@never_cache
def books(request: HttpRequest, code: str) -> HttpResponse:
    """Every line the actor keeps, with the balance of each thing."""
    actor, county = _reached(request, code)
    rows = list(gifts.gifts_of(actor, county))
    context = {
        "county": county, "page": page_of(request, [{"gift": gift, "amount": gifts.amount_text(gift.kind, gift.amount)} for gift in rows]),
        "balances": _balances(gifts.balances(rows)), "holders": _holders(actor, county), "waiting": sum(gift.published_on is None for gift in rows),
    }  # fmt: skip
    return render(request, "dropout/gifts.html", context)


def _balances(rows: list[gifts.Balance]) -> list[dict]:
    return [{"row": row, "received": row.shown(row.received), "given": row.shown(row.given), "left": row.shown(row.left)} for row in rows]


def _holders(actor: Actor, county: County) -> list[tuple[str, str]]:
    whole, schools = gifts.books_of(actor, county)
    return [(COUNTY_BOOK, f"{county.name}教育局")] if whole else [(school.code, school.name) for school in schools]


@require_http_methods(["GET", "POST"])
@never_cache
def add(request: HttpRequest, code: str) -> HttpResponse:
    """One line more."""
    actor, county = _reached(request, code)
    today = timezone.localdate()
    form = GiftForm(request.POST or None, holders=_holders(actor, county), schools=county_schools(county), initial={"on": today})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        holder = data.pop("holder")
        data["school"] = school_named(county, data["school"])
        try:
            gifts.record_gift(county, holder=None if holder == COUNTY_BOOK else school_named(county, holder), today=today, by=actor, **data)
        except CareError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记。")
            return redirect("dropout:gifts", code)
    return render(request, "dropout/gift_form.html", {"county": county, "form": form}, status=422 if form.errors else 200)


@require_POST
def strike(request: HttpRequest, code: str, gift: int) -> HttpResponse:
    """Take out a line entered by mistake."""
    actor, county = _reached(request, code)
    found = gifts.get_gift(actor, county, gift)
    if found is None:
        raise Http404
    done(request, gifts.strike_gift, found, reason=request.POST.get("reason", ""), by=actor, said="这一笔已删除，原内容留存在日志中。")
    return redirect("dropout:gifts", code)


@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Mark the book's lines as published."""
    actor, county = _reached(request, code)
    chosen = request.POST.get("holder", "")
    if chosen not in dict(_holders(actor, county)):
        messages.error(request, "请从列表中选择您管理的账册。")
        return redirect("dropout:gifts", code)
    holder = None if chosen == COUNTY_BOOK else school_named(county, chosen)
    number = gifts.publish_gifts(county, holder=holder, on=timezone.localdate(), by=actor)
    messages.success(request, f"已公示 {number} 笔，可打印公示单张贴。" if number else "没有待公示的收支。")
    return redirect("dropout:gifts-published", code)


@require_safe
@never_cache
def published(request: HttpRequest, code: str) -> HttpResponse:
    """公示单: printable, without any child's name; small counts are not told. Whoever sees the counts reads it."""
    county, _ = reach.county_for_counts(access.actor_of(request), code)
    shown = gifts.published(gifts.gifts_in(county))
    context = {"county": county, "shown": shown, "balances": _balances(shown.balances), "today": timezone.localdate(), "small": coverage.SMALL}
    return render(request, "dropout/gifts_published.html", context)
