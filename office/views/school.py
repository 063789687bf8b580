"""A school's page: its distance to every bar, its filings and its history; and the list of schools."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.standards import STANDARDS
from office import desk
from office.exports import Column, download
from office.reading import read
from office.results import STAGES, lines_of, school_title
from office.views.county import chosen_year
from schools import access
from schools.codes import AREAS, SCHOOL_TYPES, SPONSORS

PAGE = 100  # schools a page; a workbook has them all


def show_school(request: HttpRequest, code: str, school: str) -> HttpResponse:
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    place = access.get_school(actor, county, school, "view_school")
    year, codes = chosen_year(request, county), access.codes_of([place])
    context = {
        "county": county, "school": place, "year": year, "type": SCHOOL_TYPES.get(place.type_code, place.type_code),
        "sponsor": SPONSORS.get(place.sponsor_code, place.sponsor_code), "area": AREAS.get(place.area_code, place.area_code),
        "standards": [standing_of(read(request, county, year, standard), codes) for standard in STANDARDS],
        "filings": desk.filings_of_school(actor, county, place, year),
        "versions": desk.versions_of_school(actor, place),
        "children": access.schools_of(actor, county).filter(parent=place),
        "may_see_county": access.may(actor, "view_results", county=county),
    }  # fmt: skip
    return render(request, "office/school.html", context)


def standing_of(reading, codes: set[str]) -> dict:
    """One standard at one school: its rows (one per stage) with their lines, or the reason why it does not count."""
    if reading.results is None:
        return {"reading": reading, "rows": [], "left_out": []}
    rows = [
        {"row": row, "title": school_title(row), "stage": STAGES[row["stage"]], "lines": lines_of(reading.results, row)}
        for row in reading.results.rows(codes=codes)
    ]
    left_out = [left for left in reading.results.body["left_out"] if left["school"] in codes]
    return {"reading": reading, "rows": rows, "left_out": left_out}


def list_schools(request: HttpRequest, code: str) -> HttpResponse:
    """The county's schools this actor may see."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    schools = list(access.schools_of(actor, county, "view_school"))
    if request.GET.get("format") == "xlsx":
        columns = [
            Column(t) for t in ("学校名称", "标识码", "单位性质", "办学类型", "举办者", "城乡类型", "乡镇(街道)")
        ]
        lines = [
            [s.name, s.code, s.get_kind_display(), *words_of(s), s.township.name if s.township else ""] for s in schools
        ]
        return download("学校名录", county.name, columns, lines)
    page = Paginator(schools, PAGE).get_page(request.GET.get("page"))
    rows = [{"school": s, "words": words_of(s)} for s in page]
    return render(request, "office/schools.html", {"county": county, "rows": rows, "page": page})


def words_of(school) -> tuple[str, str, str]:
    return (
        SCHOOL_TYPES.get(school.type_code, school.type_code),
        SPONSORS.get(school.sponsor_code, school.sponsor_code),
        AREAS.get(school.area_code, school.area_code),
    )
