"""Which children a person has to do with, and whom a reminder about one reaches: the conditions of the two lines.

A child is a row of the child register, whose home is a higher room: it is known here by its `county`, `school`, `class_text`,
`township` and `village` only.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.actor import Actor

from ..models import County, Membership, School, ScopeKind, Township
from ..roles import ROLES, VERBS
from .places import covers_county, covers_school, gives, is_unlimited, memberships_of

# Roles of the government line answer for the children who live in their place; all others for those who learn there.
GOVERNMENT_LINE = ("town_officer", "village_officer")


def children_condition(actor: Actor, county: County, verb: str = "view_children", *, of: str = "") -> Q:
    """Which children of a county the actor may see (or do `verb` for), as a condition on the child register.

    `of` is the path from the queried model to the child ("child__" for cases). A school covers its campuses and points,
    a class or a village only itself; a child whose household is unknown belongs to the township of its school.
    """
    if is_unlimited(actor):
        return Q(**{f"{of}county": county})
    wanted = Q(pk__in=[])
    for membership in memberships_of(actor):
        if gives(membership, verb, None):
            wanted |= _children_of(membership, county, of)
    return Q(**{f"{of}county": county}) & wanted


def _children_of(membership: Membership, county: County, of: str) -> Q:
    if membership.scope_kind == ScopeKind.TOWNSHIP and membership.role in GOVERNMENT_LINE:
        lives = Q(**{f"{of}township": membership.township_id})
        if membership.scope_text:
            return lives & Q(**{f"{of}village": membership.scope_text})
        return lives | Q(**{f"{of}township__isnull": True, f"{of}school__township": membership.township_id})
    if membership.scope_kind == ScopeKind.SCHOOL:
        own = Q(**{f"{of}school": membership.school_id})
        if membership.scope_text:
            # The class of the same name at a teaching point is another class.
            return own & Q(**{f"{of}class_text": membership.scope_text})
        return own | Q(**{f"{of}school__parent": membership.school_id})
    if membership.scope_kind == ScopeKind.TOWNSHIP:
        return Q(**{f"{of}school__township": membership.township_id})
    # Not an empty Q: "nothing | empty" would still be nothing.
    return Q(**{f"{of}county": county}) if covers_county(membership, county) else Q(pk__in=[])


def may_for_child(actor: Actor, verb: str, child) -> bool:
    """Whether the actor may do `verb` for this child (a row of the child register, whose home is a higher room)."""
    rows = type(child)._default_manager.filter(children_condition(actor, child.county, verb), pk=child.pk)
    return rows.exists()


def require_for_child(actor: Actor, verb: str, child) -> None:
    """404 when the actor has nothing to do with the child, 403 when this verb is missing for it."""
    if is_unlimited(actor) or may_for_child(actor, verb, child):
        return
    if not may_for_child(actor, "view_children", child):
        raise Http404
    raise PermissionDenied("您的角色没有此项操作的权限。")


def may_for_class(actor: Actor, verb: str, school: School, class_text: str) -> bool:
    """Whether the actor may do `verb` for a whole class: its teacher, or whoever may for its school."""
    if is_unlimited(actor):
        return True
    for m in memberships_of(actor):
        if not gives(m, verb, None) or (m.scope_kind == ScopeKind.TOWNSHIP and m.role in GOVERNMENT_LINE):
            continue
        if m.scope_text and m.school_id == school.pk and m.scope_text == class_text:
            return True
        if not m.scope_text and covers_school(m, school):
            return True
    return False


def may_in_township(actor: Actor, verb: str, township: Township) -> bool:
    """Whether the actor may do `verb` for a township as such, by a role given in it or in the county."""
    if is_unlimited(actor):
        return True
    return any(
        gives(m, verb, None)
        and (covers_county(m, township.county) or (m.township_id == township.pk and not m.scope_text))
        for m in memberships_of(actor)
    )


def stands_at(actor: Actor, verb: str, school: School) -> bool:
    """Whether the actor may do `verb` as one of the school's own people: a role of a county or township is not enough."""
    own = (m for m in memberships_of(actor) if m.scope_kind == ScopeKind.SCHOOL)
    return any(gives(m, verb, None) and m.school_id in (school.pk, school.parent_id) for m in own)


def users_with(verb: str, child, roles: tuple[str, ...], on: dt.date | None = None) -> list[int]:
    """The active users who hold one of `roles` for this child on a day and may do `verb`: whom a reminder reaches.

    One query, however many people the county has.
    """
    on = on or timezone.localdate()
    school = child.school if child.school_id else None
    places = (
        Q(scope_kind=ScopeKind.COUNTY)
        | Q(township__in=[pk for pk in (child.township_id, school and school.township_id) if pk])
        | Q(school__in=[pk for pk in (child.school_id, school and school.parent_id) if pk])
    )
    held = Membership.objects.filter(places, role__in=roles, county_id=child.county_id, user__is_active=True).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )
    found = [m.user_id for m in held.order_by("id") if gives(m, verb, None) and covers_child(m, child)]
    return list(dict.fromkeys(found))


def verbs_for_child(actor: Actor, child) -> frozenset[str]:
    """All verbs the actor has for a child already in hand: what a page offers, without a query for each."""
    if is_unlimited(actor):
        return frozenset(VERBS)
    held = (m for m in memberships_of(actor) if m.role in ROLES and covers_child(m, child))
    return frozenset().union(*(ROLES[m.role].verbs for m in held))


def covers_child(membership: Membership, child) -> bool:
    """Whether a child is among those a membership is about: `children_condition` for one child already in hand."""
    school = child.school if child.school_id else None
    if membership.scope_kind == ScopeKind.SCHOOL:
        if school is None:
            return False
        if membership.scope_text:
            return membership.school_id == school.pk and membership.scope_text == child.class_text
        return membership.school_id in (school.pk, school.parent_id)
    if membership.scope_kind != ScopeKind.TOWNSHIP:
        return membership.county_id == child.county_id and membership.scope_kind == ScopeKind.COUNTY
    of_school = school.township_id if school else None
    if membership.role not in GOVERNMENT_LINE:
        return of_school == membership.township_id
    if membership.scope_text:
        return child.township_id == membership.township_id and child.village == membership.scope_text
    return (child.township_id or of_school) == membership.township_id
