"""What the pages of this room share: the county a person administers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from schools import access
from schools.models import County


def administered(request: HttpRequest, code: str, verb: str) -> tuple[Actor, County]:
    """The actor and the county, with the right to `verb` there: 404 for strangers, 403 without the right."""
    actor = access.actor_of(request)
    return actor, access.get_county(actor, code, verb)


def first_county(name: str, verb: str):
    """A view that goes to page `name` of the county the person may `verb` in; of none or several, to the list of them."""

    @require_GET
    def view(request: HttpRequest) -> HttpResponse:
        actor = access.actor_of(request)
        if not access.may(actor, verb):
            raise Http404
        counties = [county for county in access.counties_of(actor)[:2] if access.may(actor, verb, county=county)]
        return redirect(name, code=counties[0].code) if len(counties) == 1 else redirect("schools:counties")

    return view
