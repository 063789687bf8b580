"""Who owes what: school × ledger."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ledgers.definitions import LEDGERS
from ledgers.services import filing_matrix, owed_ledgers
from office import desk
from office.exports import Column, download
from office.navigation import address
from office.views.county import chosen_year
from schools import access

PAGE = 50  # schools a page; a workbook has them all


def show_matrix(request: HttpRequest, code: str) -> HttpResponse:
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    schools = desk.named_schools(actor, county)
    if not schools:
        raise PermissionDenied("您的角色不能查看填报进度。")
    year = chosen_year(request, county)
    rows = [row for row in filing_matrix(county, year, schools) if row.school is not None]
    owed = owed_ledgers(county, year)
    filed = {code for row in rows for code, slot in row.slots.items() if slot.number}
    ledgers = [ledger for code, ledger in LEDGERS.items() if ledger.scope == "school" and code in owed | filed]
    owing = request.GET.get("owing", "")
    if owing:
        rows = [row for row in rows if not row.slots.get(owing) or not row.slots[owing].stands]
    if request.GET.get("format") == "xlsx":
        columns = [Column("学校"), Column("标识码"), *[Column(ledger.title) for ledger in ledgers]]
        lines = [[r.school.name, r.school.code, *[r.slots[x.code].title for x in ledgers]] for r in rows]
        return download("填报进度", f"{county.name} {year}-{year + 1}学年", columns, lines)
    counts = [(x, sum(r.slots[x.code].stands for r in rows)) for x in ledgers]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [
        {"school": r.school, "slots": [{"slot": r.slots[x.code], "url": filing_url(r.slots[x.code])} for x in ledgers]}
        for r in page
    ]
    context = {"county": county, "year": year, "rows": shown, "page": page, "counts": counts, "owing": owing, "owed": owed}
    return render(request, "office/matrix.html", context)


def filing_url(slot) -> str:
    """The filing's own page; empty while nothing was filed."""
    return (address("ledgers:filing", slot.filing_id) if slot.filing_id else None) or ""
