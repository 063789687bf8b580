"""Users of a county: making them, giving and ending roles, helping those who forgot a password or are locked."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.passwords import create_user, reset_password
from accounts.services import disable_user, enable_user, unlock_user
from schools import access
from schools.forms import MembershipForm, PersonForm
from schools.memberships import LEDGER_TITLES, BadScope, end_membership, give_membership, may_give
from schools.models import County, Membership
from schools.roles import ROLES

from .common import administered

PEOPLE_A_PAGE = 50
BIGGEST = 2**63 - 1  # what a database can compare a number with


@require_safe
@never_cache
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone with a role in the county."""
    _, county = administered(request, code, "manage_users")
    return _page(request, county, PersonForm())


def _page(
    request: HttpRequest, county: County, form: PersonForm, *, shown: dict | None = None, status: int = 200
) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    held = access.memberships_in(county)
    if query:
        held = held.filter(
            Q(user__username__icontains=query) | Q(user__display_name__icontains=query)
            | Q(school__name__icontains=query) | Q(school__code__startswith=query)
        )  # fmt: skip
    page = Paginator(_grouped(held), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "county": county, "page": page, "form": form, "shown": shown, "more": MembershipForm(), "today": timezone.localdate(),
        "query": query, "scopes": _scopes(request, county),
    }  # fmt: skip
    return render(request, "schools/people.html", context, status=status)


def _scopes(request: HttpRequest, county: County) -> list[tuple[str, str]]:
    """What may be written as a scope in this county, with its name: nobody should have to look up a code."""
    towns = [(f"{county.code}/{town.name}", town.name) for town in access.townships_in(county)]
    schools = access.schools_of(access.actor_of(request), county).select_related(None).only("county", "code", "name")
    return [(county.code, county.name), *towns, *((school.code, school.name) for school in schools)]


def _as_code(request: HttpRequest, county: County, text: str) -> str:
    """A scope written by name, where the name is one place only; what follows a slash (class, village) stays."""
    name, slash, rest = text.strip().partition("/")
    found = {code for code, title in _scopes(request, county) if title == name}
    return found.pop() + slash + rest if len(found) == 1 else text


def _grouped(held: Iterable[Membership]) -> list[dict]:
    """One entry a person, with all the roles that person holds here."""
    people: dict[int, dict] = {}
    for m in held:
        person = people.setdefault(m.user_id, {"user": m.user, "roles": []})
        person["roles"].append({
            "membership": m, "title": ROLES[m.role].title, "scope": access.scope_text(m), "place": m.school or m.township or m.county,
            "ledgers": [LEDGER_TITLES.get(code, code) for code in m.ledgers],
        })  # fmt: skip
    return list(people.values())


@require_POST
@never_cache
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Make a user; the first password is shown once, on this answer only."""
    actor, county = administered(request, code, "manage_users")
    form = PersonForm(request.POST)
    if form.is_valid():
        data = {**form.cleaned_data, "scope": _as_code(request, county, form.cleaned_data["scope"])}
        try:
            with transaction.atomic():
                may_give(actor, county, data["role"], data["scope"])
                user, password = create_user(data["username"], display_name=data["display_name"], by=actor)
                give_membership(
                    user, role=data["role"], scope=data["scope"], valid_to=data["valid_to"], ledgers=data["ledgers"], by=actor
                )
            return _page(request, county, PersonForm(), shown={"user": user, "password": password})
        except BadScope as error:
            form.add_error("scope", str(error))
        except IntegrityError:
            form.add_error("username", "这个用户名已被使用，请换一个。")
    return _page(request, county, form, status=422)


def _person(county: County, pk: int) -> User:
    """A user all of whose roles are in this county: nobody administers a person of another place."""
    held = access.memberships_in(county).filter(user_id=pk) if pk <= BIGGEST else []
    if not held or access.has_membership_outside(pk, county):
        raise Http404
    return held[0].user


@require_POST
@never_cache
def reset(request: HttpRequest, code: str, user: int) -> HttpResponse:
    """A new random password, shown once."""
    actor, county = administered(request, code, "manage_users")
    found = _person(county, user)
    return _page(request, county, PersonForm(), shown={"user": found, "password": reset_password(found, by=actor)})


VERBS = {
    "disable": (disable_user, "已停用，登录和令牌立即失效。"),
    "enable": (enable_user, "已启用。"),
    "unlock": (unlock_user, "已解除登录锁定。"),
}


@require_POST
def change(request: HttpRequest, code: str, user: int, verb: str) -> HttpResponse:
    """Disable, enable or unlock."""
    actor, county = administered(request, code, "manage_users")
    if verb not in VERBS:
        raise Http404
    service, words = VERBS[verb]
    found = _person(county, user)
    if found.pk == actor.user_id and verb == "disable":
        messages.error(request, "不能停用自己的账号，请由另一位管理员操作。")
        return redirect("schools:people", code=code)
    service(user=found, by=actor)
    messages.success(request, f"用户 {found.username} {words}")
    return redirect("schools:people", code=code)


@require_POST
def give(request: HttpRequest, code: str, user: int) -> HttpResponse:
    """One more role for a user."""
    actor, county = administered(request, code, "manage_users")
    found, form = _person(county, user), MembershipForm(request.POST)
    if form.is_valid():
        try:
            given = {**form.cleaned_data, "scope": _as_code(request, county, form.cleaned_data["scope"])}
            may_give(actor, county, **given)
            give_membership(found, **given, by=actor)
            messages.success(request, f"已授予 {found.username} 新的角色。")
        except BadScope as error:
            messages.error(request, str(error))
    return redirect("schools:people", code=code)


@require_POST
def end(request: HttpRequest, code: str, membership: int) -> HttpResponse:
    """A role ends today."""
    actor, county = administered(request, code, "manage_users")
    held = access.memberships_in(county).filter(pk=membership).first()
    if held is None:
        raise Http404
    if held.user_id == actor.user_id:
        messages.error(request, "不能结束自己的任职，请由另一位管理员操作。")
    else:
        end_membership(held, on=timezone.localdate(), by=actor)
        messages.success(request, f"{held.user.username} 的“{ROLES[held.role].title}”任职已结束。")
    return redirect("schools:people", code=code)
