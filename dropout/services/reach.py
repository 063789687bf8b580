"""Which children and which counts a person reaches: fetched and authorised in one step, by schools.access alone."""
from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.actor import Actor
from accounts.secrets import keyed_hash
from schools import access
from schools.models import County

from ..models import Child, Pairing


class CareError(Exception):
    """A care verb was refused; the text is a whole Chinese sentence for people, and nothing was written."""

    status = 422


class CareConflict(CareError):
    """Somebody else was faster."""

    status = 409


def county_for_children(actor: Actor, code: str) -> County:
    """The county, for those who see children there (in whatever part of it): 404 for strangers, 403 without the right."""
    county = access.get_county(actor, code)
    access.require(actor, "view_children")
    return county


def county_for_counts(actor: Actor, code: str) -> tuple[County, bool]:
    """(county, whether names may be seen): those who see children, and those who see the county's results as counts only."""
    county = access.get_county(actor, code)
    if access.may(actor, "view_children"):
        return county, True
    access.require(actor, "view_results", county=county)
    return county, False


def children_of(actor: Actor, county: County, verb: str = "view_children") -> QuerySet[Child]:
    """The children of the county for whom the actor may do `verb`."""
    rows = Child.objects.filter(access.children_condition(actor, county, verb))
    return rows.select_related("school", "township").order_by("school__code", "grade", "class_text", "id")


def with_number(rows: QuerySet[Child], number: str) -> QuerySet[Child]:
    """Those of the rows whose ID number or 学籍号 this is: equality of keyed hashes, nothing is decrypted."""
    key = keyed_hash(number.strip().upper())
    return rows.filter(Q(person_key=key) | Q(registration_key=key))


def get_child(actor: Actor, code: str, pk: int, verb: str | None = None) -> Child:
    """One child the actor may see (404), and for whom he may do `verb` (403)."""
    county = access.get_county(actor, code)
    rows = Child.objects.filter(access.children_condition(actor, county), pk=pk)
    child = rows.select_related("county", "school__county", "township").first()
    if child is None:
        raise Http404
    if verb:
        access.require_for_child(actor, verb, child)
    return child


def get_pairing(child: Child, pk: int) -> Pairing:
    """One pairing of a child already reached; 404."""
    found = Pairing.objects.filter(child=child, pk=pk).first()
    if found is None:
        raise Http404
    return found


def name_of(by: Actor) -> str:
    """How a record names who wrote it."""
    return (by.display_name or by.username)[:120]
