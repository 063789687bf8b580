"""Who acts, and at which counties and schools. Fetches and authorises in one step: foreign things answer 404, missing verbs 403.

A signed-in person acts under one active membership; its role counts, over every scope the person holds that role in
(one clerk may serve eight village points). A token acts under all memberships. The operator and the system may do all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.actor import Actor

from ..models import County, Membership, School, SchoolVersion, ScopeKind, Township
from ..roles import ROLES

SESSION_KEY = "membership"
HELD = "_held"  # on the actor of a request or of one run only


def memberships_of(actor: Actor) -> list[Membership]:
    """The memberships valid today that this actor acts under."""
    if actor.user_id is None:
        return []
    if (known := vars(actor).get(HELD)) is not None:
        return list(known)
    today = timezone.localdate()
    held = Membership.objects.filter(user_id=actor.user_id).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today), Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    )
    if actor.role:
        held = held.filter(role=actor.role)
    return list(held.select_related("county", "township", "school").order_by("id"))


def scope_text(membership: Membership) -> str:
    """The scope as commands and logs write it: 999901, 999901/城关镇, 9999010001, 32, portal."""
    match membership.scope_kind:
        case ScopeKind.COUNTY:
            return membership.county.code
        case ScopeKind.TOWNSHIP:
            text = f"{membership.county.code}/{membership.township.name}"
            return f"{text}/{membership.scope_text}" if membership.scope_text else text
        case ScopeKind.SCHOOL:
            return (
                f"{membership.school.code}/{membership.scope_text}" if membership.scope_text else membership.school.code
            )
        case ScopeKind.PREFIX:
            return membership.prefix
    return "portal"


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: the active membership of a session, or all memberships of a token. Cached on the request."""
    cached = getattr(request, "_actor", None)
    if cached is not None and cached.user_id == request.user.pk:
        return cached
    user = request.user
    if not user.is_authenticated:
        return Actor(address=_address(request))
    everything = Actor(user_id=user.pk, username=user.username, display_name=user.display_name or user.username)
    held = memberships_of(everything)
    active = None if _by_token(request) else active_membership(request, held)
    actor = Actor(
        user_id=user.pk,
        username=user.username,
        display_name=user.display_name or user.username,
        role=active.role if active else "",
        scope=scope_text(active) if active else "",
        membership_id=active.pk if active else None,
        address=_address(request),
        session=sessions.mark(request),
        request_id=getattr(request, "id", ""),
    )
    # One request asks dozens of times; its answer is one and the same, so it is fetched once.
    vars(actor)[HELD] = tuple(m for m in held if not actor.role or m.role == actor.role)
    target = getattr(request, "_request", request)
    target._actor = request._actor = actor
    target._held = request._held = held
    return actor


def held_in(request: HttpRequest) -> list[Membership]:
    """All memberships of the signed-in person, whichever is active: the choices of the switch of identities."""
    return list(request._held) if actor_of(request).user_id is not None else []


def active_membership(request: HttpRequest, held: list[Membership]) -> Membership | None:
    """The chosen membership of the session, else the first."""
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return next((m for m in held if m.pk == chosen), held[0] if held else None)


def choose_membership(request: HttpRequest, membership_id: int) -> Membership:
    """Make one of the user's own memberships the active one. 404 for any other."""
    user = request.user
    held = memberships_of(Actor(user_id=user.pk, username=user.username))
    chosen = next((m for m in held if m.pk == membership_id), None)
    if chosen is None:
        raise Http404
    request.session[SESSION_KEY] = chosen.pk
    return chosen


def actor_for_user(user, *, role: str = "", remember: bool = False) -> Actor:
    """A command's --as USER: all memberships of the user, or those of one role.

    `remember` them for as long as the actor is used, where a command asks thousands of times within one short run.
    """
    held = memberships_of(Actor(user_id=user.pk, role=role))
    one = held[0] if len(held) == 1 else None
    actor = Actor(
        user_id=user.pk,
        username=user.username,
        display_name=user.display_name or user.username,
        role=role,
        scope=scope_text(one) if one else "",
        membership_id=one.pk if one else None,
    )
    if remember:
        vars(actor)[HELD] = tuple(held)
    return actor


def is_unlimited(actor: Actor) -> bool:
    """The machine's operator and the system's own jobs."""
    return actor.kind in ("operator", "system")


def counties_of(actor: Actor) -> QuerySet[County]:
    """The counties this actor has anything to do with, by code."""
    counties = County.objects.order_by("code")
    if is_unlimited(actor):
        return counties
    wanted = Q(pk__in=[])
    for membership in memberships_of(actor):
        if membership.scope_kind == ScopeKind.PORTAL:
            return counties
        if membership.scope_kind == ScopeKind.PREFIX:
            wanted |= Q(code__startswith=membership.prefix)
        else:
            wanted |= Q(pk=membership.county_id)
    return counties.filter(wanted)


def schools_of(actor: Actor, county: County, verb: str | None = None, ledger: str | None = None) -> QuerySet[School]:
    """The county's schools this actor may see (or do `verb` at, for `ledger`), by code; a parent covers its children."""
    schools = School.objects.filter(county=county).select_related("township", "parent").order_by("code")
    if is_unlimited(actor):
        return schools
    wanted = Q(pk__in=[])
    for membership in memberships_of(actor):
        if gives(membership, verb, ledger):
            wanted |= _school_condition(membership, county)
    return schools.filter(wanted)


def townships_in(county: County) -> QuerySet[Township]:
    """All townships of a county, for the forms of those who edit its register."""
    return Township.objects.filter(county=county)


def may(
    actor: Actor, verb: str, *, county: County | None = None, school: School | None = None, ledger: str | None = None
) -> bool:
    """Whether the actor may do `verb` on this school, or on this county as a whole, or (neither given) anywhere."""
    if is_unlimited(actor):
        return True
    for membership in memberships_of(actor):
        if not gives(membership, verb, ledger):
            continue
        if school is None and county is None:
            return True
        if school is not None:
            if covers_school(membership, school):
                return True
        elif covers_county(membership, county):
            return True
    return False


def may_everywhere(actor: Actor, verb: str) -> bool:
    """Whether the actor may do `verb` in the whole portal, counties still to come included."""
    return is_unlimited(actor) or any(m.scope_kind == ScopeKind.PORTAL and gives(m, verb, None) for m in memberships_of(actor))


def require(
    actor: Actor, verb: str, *, county: County | None = None, school: School | None = None, ledger: str | None = None
) -> None:
    """Raise PermissionDenied (403) unless `may`."""
    if not may(actor, verb, county=county, school=school, ledger=ledger):
        raise PermissionDenied("您的角色没有此项操作的权限。")


def get_county(actor: Actor, code: str, verb: str | None = None) -> County:
    """The county of that code, if the actor has to do with it (404), and may do `verb` there (403)."""
    county = counties_of(actor).filter(code=code).first()
    if county is None:
        raise Http404
    if verb:
        require(actor, verb, county=county)
    return county


def codes_of(schools: Iterable[School]) -> set[str]:
    """Every code these schools have or had: results keep the code of their day."""
    found = {school.pk: school.code for school in schools}
    return set(found.values()) | set(SchoolVersion.objects.filter(school__in=found).values_list("code", flat=True))


def code_is_taken(school: School, code: str) -> bool:
    """Whether another school of the same county has this code."""
    return School.objects.filter(county_id=school.county_id, code=code).exclude(pk=school.pk).exists()


def get_school(actor: Actor, county: County, code: str, verb: str | None = None) -> School:
    """The school of that code (or that had it), if the actor may see it (404), and may do `verb` there (403)."""
    mine = schools_of(actor, county)
    school = mine.filter(code=code).first() or mine.filter(versions__code=code).order_by("code").first()
    if school is None:
        raise Http404
    if verb:
        require(actor, verb, school=school)
    return school


def gives(membership: Membership, verb: str | None, ledger: str | None) -> bool:
    """Whether the membership's role has a verb (for a ledger), wherever its scope may be."""
    role = ROLES.get(membership.role)
    if role is None or (verb is not None and verb not in role.verbs):
        return False
    return not (ledger and membership.ledgers and ledger not in membership.ledgers)


def _school_condition(membership: Membership, county: County) -> Q:
    match membership.scope_kind:
        case ScopeKind.PORTAL:
            return Q(county=county)
        case ScopeKind.PREFIX:
            return Q(county=county) if county.code.startswith(membership.prefix) else Q(pk__in=[])
        case ScopeKind.COUNTY:
            return Q(county=county) if membership.county_id == county.pk else Q(pk__in=[])
        case ScopeKind.TOWNSHIP:
            return Q(county_id=membership.county_id, township_id=membership.township_id)
    return Q(pk=membership.school_id) | Q(parent_id=membership.school_id)


def covers_school(membership: Membership, school: School) -> bool:
    """Whether a school lies within the scope of a membership."""
    match membership.scope_kind:
        case ScopeKind.PORTAL:
            return True
        case ScopeKind.PREFIX:
            return school.county.code.startswith(membership.prefix)
        case ScopeKind.COUNTY:
            return membership.county_id == school.county_id
        case ScopeKind.TOWNSHIP:
            return membership.county_id == school.county_id and membership.township_id == school.township_id
    return membership.school_id in (school.pk, school.parent_id)


def covers_county(membership: Membership, county: County) -> bool:
    """Whether a county as a whole lies within the scope of a membership."""
    match membership.scope_kind:
        case ScopeKind.PORTAL:
            return True
        case ScopeKind.PREFIX:
            return county.code.startswith(membership.prefix)
        case ScopeKind.COUNTY:
            return membership.county_id == county.pk
    return False


def users_of_county(county: County, roles: tuple[str, ...], on: dt.date | None = None) -> list[int]:
    """The active users who hold one of these roles for the county as a whole."""
    on = on or timezone.localdate()
    held = Membership.objects.filter(county=county, scope_kind=ScopeKind.COUNTY, role__in=roles, user__is_active=True).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )
    return list(dict.fromkeys(held.order_by("id").values_list("user_id", flat=True)))


def _by_token(request: HttpRequest) -> bool:
    return getattr(request, "auth", None) is not None


def _address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "") if hasattr(request, "META") else ""


def memberships_in(county: County) -> QuerySet[Membership]:
    """Every role held in a county, for those who manage its users (the caller has required `manage_users`)."""
    return (
        Membership.objects.filter(county=county)
        .select_related("user", "county", "township", "school")
        .order_by("user__username", "id")
    )


def has_membership_outside(user_id: int, county: County) -> bool:
    """Whether a person also holds a role elsewhere; then only the portal's administrator changes the account."""
    return Membership.objects.filter(user_id=user_id).exclude(county=county).exists()
