"""What the frame of every page needs: navigation by role, the active membership, search, help. A context processor."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.notices import unread_of
from schools.access import actor_of, held_in, scope_text
from schools.models import Membership, ScopeKind
from schools.roles import ROLES


@dataclass(frozen=True)
class Item:
    """One entry: title, url name, the verbs any of which opens it (none = everyone), names of pages that belong to it;
    `room`: so do all pages of that room which belong to no other entry."""

    title: str
    name: str
    verbs: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    of_county: bool = False
    room: str = ""


ITEMS = (
    Item("首页", "office:home", (), ("office:county",)),
    Item(
        "达标情况",
        "office:results",
        ("view_results",),
        ("office:table", "office:items", "office:item", "office:figure", "office:working", "office:trends"),
        True,
        "evidence",
    ),
    Item("专题", "office:money", ("view_results",), ("office:rotation", "office:staff", "office:classes", "office:goals"), True),
    Item("学校", "office:schools", ("view_school", "view_results"), ("office:school",), True),
    Item("控辍保学", "dropout:board", ("view_children", "view_results"), of_county=True, room="dropout"),
    Item(
        "关爱学生",
        "dropout:care",
        ("view_children", "view_results"),
        (
            "dropout:care-duties", "dropout:care-helpers", "dropout:care-group", "dropout:children", "dropout:child",
            "dropout:disabled", "dropout:resource-room", "dropout:warnings", "dropout:warning", "dropout:warning-case", "dropout:aid",
            "dropout:gifts", "dropout:gift-add", "dropout:gift-strike", "dropout:gifts-publish", "dropout:gifts-published",
            "dropout:child-open", "dropout:child-contacts", "dropout:child-card", "dropout:child-erase", "dropout:tag-add", "dropout:pairing",
            "dropout:contact", "dropout:plan", "dropout:home-lesson",
        ),
        True,
    ),
    Item(
        "填报台账",
        "ledgers:mine",
        ("file", "confirm", "review"),
        ("ledgers:version", "ledgers:upload", "ledgers:preview", "ledgers:problems", "ledgers:header", "ledgers:received"),
    ),
    Item("填报进度", "office:matrix", ("approve", "remind", "review"), (), True),
    Item("待我办理", "ledgers:inbox", ("approve", "review", "confirm")),
    Item("报表", "office:reports", ("make_report",), ("reports:list", "reports:index", "reports:making", "reports:paper"), True),
    Item(
        "名录", "schools:registers", ("edit_register",),
        ("schools:counties", "schools:register", "schools:register-upload", "schools:school-edit", "schools:school-event", "schools:townships", "schools:calendar"),
    ),
    Item("地方规则", "schools:rulebooks", ("edit_rules",), ("schools:rules", "schools:rule-add", "ledgers:workflow")),
    Item("用户", "schools:users", ("manage_users",), ("schools:people", "schools:person-add", "schools:person-reset")),
    Item("日志", "office:audit", ("view_audit",)),
)
PERSONAL = (Item("消息", "accounts:notices"), Item("修改密码", "accounts:password-change"), Item("帮助", "office:help"))


def face(request: HttpRequest) -> dict:
    """Context `face`: place, role, scope, memberships, nav, personal, unread, search_url, switch_url, logout_url, notices_url."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"face": {}}
    actor = actor_of(request)
    held = held_in(request)
    active = next((m for m in held if m.pk == actor.membership_id), None)
    verbs = ROLES[active.role].verbs if active and active.role in ROLES else frozenset()
    return {
        "face": {
            "place": place_name(active),
            "role": ROLES[active.role].title if active and active.role in ROLES else "",
            "scope": membership_title(active) if active else "没有有效任职",
            "memberships": [{"id": m.pk, "title": membership_title(m), "active": m is active} for m in held],
            "nav": shown(ITEMS, verbs, request, active),
            "personal": shown(PERSONAL, verbs, request, active),
            "search_url": address("office:search") if verbs & {"view_school", "view_results"} else None,
            "switch_url": address("office:membership"),
            "logout_url": address("accounts:logout"),
            "unread": unread_of(user.pk),
            "notices_url": address("accounts:notices"),
        }
    }


def shown(items: tuple[Item, ...], verbs: frozenset[str], request: HttpRequest, held: Membership | None) -> list[dict]:
    """The entries these verbs open, with the one of the present page marked."""
    match = request.resolver_match
    present = match.view_name if match else ""
    rooms = match.app_names if match else []
    county = (match.kwargs.get("code" if rooms != ["reports"] else "county") if match else "") or county_of(held)
    entries, claimed = [], any(present in (item.name, *item.family) for item in items)
    for item in items:
        if item.verbs and not verbs & set(item.verbs) or item.of_county and not county:
            continue
        if url := address(item.name, *([county] if item.of_county else [])):
            here = present in (item.name, *item.family) or (not claimed and item.room in rooms)
            entries.append({"title": item.title, "url": url, "here": here})
    return entries


def county_of(membership: Membership | None) -> str:
    """The county a membership works in; "" for those of many."""
    return membership.county.code if membership and membership.county_id else ""


def address(name: str, *args) -> str | None:
    """The address of a page, None while its room is not part of this installation."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def place_name(membership: Membership | None) -> str:
    """The place a person works for, as the masthead shows it."""
    if membership is None:
        return ""
    match membership.scope_kind:
        case ScopeKind.COUNTY:
            return membership.county.name
        case ScopeKind.TOWNSHIP:
            return f"{membership.county.name} {membership.township.name}"
        case ScopeKind.SCHOOL:
            return f"{membership.county.name} {membership.school.name}"
        case ScopeKind.PREFIX:
            return f"行政区划 {membership.prefix}"
    return ""


def membership_title(membership: Membership) -> str:
    """县教育局经办人 · 清河县, as the switch of identities lists it."""
    role = ROLES[membership.role].title if membership.role in ROLES else membership.role
    return f"{role} · {place_name(membership) or scope_text(membership).replace('portal', '全平台')}"
