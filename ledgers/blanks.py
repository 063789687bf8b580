"""The blank workbook of a ledger as a download, with the schools the asker files for filled in."""
from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.actor import Actor
from accounts.commands import FIRST_YEAR, LAST_YEAR
from files.serve import attachment
from ledgers.definitions import RECEIVED
from ledgers.services.queries import due_ledgers
from ledgers.templates_xlsx import Prefill, template
from schools import access
from schools.factset import schools_on
from schools.periods import census_day, current_school_year

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_response(actor: Actor, code: str, asked: Mapping[str, str]) -> HttpResponseBase:
    """The template; `asked` may name county, school and year. 404 for foreign ones, 403 without any part in this ledger."""
    ledger = RECEIVED.get(code)
    if ledger is None:
        raise Http404
    codes = [one.code for one in ledger.carries] or [code]
    if not any(access.may(actor, right, ledger=one) for one in codes for right in ("file", "view_filing")):
        raise PermissionDenied("您的角色不填报这份台账。")
    year = current_school_year(timezone.localdate())
    if asked.get("year"):
        if not re.fullmatch(r"\d{4}", asked["year"]) or not FIRST_YEAR <= int(asked["year"]) <= LAST_YEAR:
            raise Http404  # no ledger is of such a year
        year = int(asked["year"])
    name, schools, due = f"{ledger.title}模板.xlsx", [], None
    if asked.get("county"):
        county = access.get_county(actor, asked["county"])
        mine = access.schools_of(actor, county, "view_filing", None if ledger.carries else code)
        due = due_ledgers(county, year, of_school=bool(asked.get("school"))) if ledger.carries else None
        if asked.get("school"):
            school = access.get_school(actor, county, asked["school"])
            mine, name = mine.filter(pk=school.pk), f"{school.name}{ledger.title}模板.xlsx"
        ids = set(mine.values_list("pk", flat=True))
        schools = [school for school in schools_on(county, census_day(year)) if school.id in ids]
    return attachment(template(ledger, Prefill(year, schools, due)), name=name, content_type=XLSX)
