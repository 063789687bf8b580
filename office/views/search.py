"""The search box: schools by name, former name, alias or code; only those the actor may see."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from schools import access

MOST = 50


def search_schools(request: HttpRequest) -> HttpResponse:
    actor, text = access.actor_of(request), request.GET.get("q", "").strip()[:60]
    found = []
    if text:
        wanted = Q(name__icontains=text) | Q(code__startswith=text) | Q(aliases__text__icontains=text)
        for county in access.counties_of(actor)[:MOST]:
            schools = access.schools_of(actor, county, "view_school").filter(wanted).distinct()
            found += [(county, school) for school in schools[: MOST - len(found)]]
            if len(found) >= MOST:
                break
    if len(found) == 1:
        county, school = found[0]
        return redirect("office:school", county.code, school.code)
    return render(request, "office/search.html", {"text": text, "found": found, "most": MOST})
