"""What the care pages share: pages of a list, schools to choose from, services whose refusals become sentences."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from accounts.actor import Actor
from schools import access
from schools.models import County, School

from ..services.coverage import SMALL
from ..services.reach import CareError

ROWS = 50
EVERYONE = Actor.system("pages")  # a child may be taught at any school of the county: names of schools are no secret


def told(number: int | None, names: bool) -> int | None:
    """A count of minors in a sensitive group: under 5 it is not told to those who get counts only."""
    return number if names or not number or number >= SMALL else None


def page_of(request: HttpRequest, rows: Sequence, size: int = ROWS) -> Page:
    """The page the address asks for; a nonsensical number is the first or the last page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def done(request: HttpRequest, service: Callable, *args, said: str, **kwargs) -> bool:
    """Run a service and say what came of it: the sentence, or the refusal's own words."""
    try:
        service(*args, **kwargs)
    except CareError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, said)
    return True


def listed_schools(actor: Actor, county: County, verb: str = "view_children") -> list[tuple[str, str]]:
    """(code, name) of the schools at which the actor may do `verb`."""
    return [(school.code, school.name) for school in access.schools_of(actor, county, verb)]


def county_schools(county: County) -> list[tuple[str, str]]:
    """(code, name) of all schools of the county."""
    return listed_schools(EVERYONE, county)


def school_named(county: County, code: str) -> School | None:
    """A school of the county by its code, for forms that name one; None for none."""
    return access.schools_of(EVERYONE, county).filter(code=code).first() if code else None
