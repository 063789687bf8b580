"""Pages of evidence: the numbered catalogue of a standard and year, an item's form, documents, tables."""
from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from files.serve import attachment
from files.store import StorageError
from schools import access
from schools.models import County

from . import posted
from .catalogue import CATALOGUES, GROUPS, ITEM, LEVELS, MONITORING, PAST, POINTS, SUBJECTS, SURVEY, VETO, Catalogue
from .forms import DocumentForm
from .quantities import Attested, Evidence
from .services import VERB, NotAttested, add_document, attest, cited_items, documents_of, history, standing_evidence

TABLES = {SURVEY: "满意度调查", MONITORING: "质量监测", POINTS: "政府工作评分", PAST: "历年认定"}
MORE_YEARS = 3  # blank rows for past years


def _place(request: HttpRequest, code: str, standard: str, verb: str = "view_results") -> tuple[Actor, County, Catalogue]:
    actor = access.actor_of(request)
    county = access.get_county(actor, code, verb)
    if standard not in CATALOGUES:
        raise Http404
    return actor, county, CATALOGUES[standard]


@require_safe
def catalogue(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    """佐证目录: every item with its conclusion and documents, numbered; what is still to be attested."""
    return _page(request, code, year, standard, DocumentForm())


def _page(
    request: HttpRequest, code: str, year: int, standard: str, form: DocumentForm, problems: Iterable[dict] = (), status: int = 200
) -> HttpResponse:
    actor, county, asked = _place(request, code, standard)
    held = standing_evidence(county, year)
    papers = list(documents_of(county))
    numbers = {paper.pk: number for number, paper in enumerate(papers, 1)}
    served = cited_items(held)
    context = {
        "county": county, "year": year, "standard": standard, "asked": asked, "catalogues": CATALOGUES.values(),
        "items": [_line(d, held.items.get((standard, d.code)), numbers) for d in asked.of(ITEM)],
        "vetoes": [_line(d, held.vetoes.get((standard, d.code)), numbers) for d in asked.of(VETO)],
        "papers": [{"number": numbers[p.pk], "paper": p, "serves": _served(served.get(p.pk, []), standard)} for p in papers],
        "tables": [_table(kind, title, asked, held) for kind, title in TABLES.items() if asked.of(kind)],
        "may_attest": access.may(actor, VERB, county=county), "form": form, "problems": list(problems),
    }  # fmt: skip
    return render(request, "evidence/catalogue.html", context, status=status)


def _served(cited: list[tuple[str, str]], standard: str) -> list[str]:
    """The items of this standard that cite a document, then those of others under their titles."""
    own = [code for of, code in cited if of == standard]
    others = [(of, [code for standing, code in cited if standing == of]) for of in CATALOGUES if of != standard]
    return own + [f"{CATALOGUES[of].title} {'、'.join(codes)}" for of, codes in others if codes]


def _line(demand, entry: Attested | None, numbers: dict[int, int]) -> dict:
    papers = [{"number": numbers.get(p.id), "paper": p} for p in entry.documents] if entry else []
    return {"demand": demand, "entry": entry, "papers": papers}


def _table(kind: str, title: str, asked: Catalogue, held: Evidence) -> dict:
    """One table with what stands in it, as the form's field names and values."""
    standard = asked.standard
    rows: list[dict] = []
    if kind == SURVEY:
        heads = list(posted.SURVEY_FIELDS.values())
        for group, words in GROUPS.items():
            row = held.survey.get((standard, group))
            rows.append(_row(words, group, posted.SURVEY_FIELDS, row))
    elif kind == POINTS:
        heads = list(posted.POINT_FIELDS.values())
        for demand in asked.of(POINTS):
            rows.append(_row(f"{demand.code} {demand.title}", demand.code, posted.POINT_FIELDS, held.points.get((standard, demand.code))))
    elif kind == MONITORING:
        heads = ["等级", "校际差异率"]
        for subject, words in SUBJECTS.items():
            row = held.monitoring.get((standard, subject))
            values = (LEVELS.get(row.level, ""), _number(row.difference_rate)) if row else ("", "")
            rows.append({"title": words, "cells": [(f"{subject}-level", values[0]), (f"{subject}-rate", values[1])]})
    else:
        return {"kind": kind, "title": title, "past": _past_rows(asked, held)}
    return {"kind": kind, "title": title, "heads": heads, "rows": rows}


def _row(title: str, prefix: str, fields: Iterable[str], row: object) -> dict:
    return {"title": title, "cells": [(f"{prefix}-{name}", _number(getattr(row, name, None))) for name in fields]}


def _past_rows(asked: Catalogue, held: Evidence) -> list[dict]:
    known = [
        {"standard": standard, "title": CATALOGUES[standard].title if standard in CATALOGUES else standard, "year": year, "recognised": past.recognised,
         "primary": _number(past.composite.get("primary")), "junior": _number(past.composite.get("junior"))}
        for (standard, year), past in sorted(held.past.items())
    ]
    return known + [{"standard": "basic-2012"} for _ in range(MORE_YEARS)]


def _number(value) -> str:
    """A stored figure as it was typed: 0.149, 5.6, 480."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{float(value):.12g}"


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, code: str, year: int, standard: str, item: str) -> HttpResponse:
    """The form of one item or veto: conclusion, documents with pages, and everything that was said before."""
    actor, county, asked = _place(request, code, standard, VERB)
    demand = asked.demand(item)
    if demand is None:
        raise Http404
    if demand.kind not in (ITEM, VETO):
        return redirect("evidence:catalogue", code, year, standard)
    problems: list[dict] = []
    if request.method == "POST":
        try:
            attest(county, year, standard, posted.item_content(demand, request.POST), by=actor)
        except NotAttested as error:
            problems = error.problems
        else:
            messages.success(request, f"{demand.code} 已录入，结果正在重算。")
            return redirect("evidence:catalogue", code, year, standard)
    held = standing_evidence(county, year)
    entry = (held.vetoes if demand.kind == VETO else held.items).get((standard, item))
    cited = list(entry.documents) if entry else []
    places = [cited[n] if n < len(cited) else None for n in range(posted.CITED)]
    context = {
        "county": county, "year": year, "standard": standard, "asked": asked, "demand": demand, "veto": demand.kind == VETO,
        "entry": entry, "said": request.POST if problems else None, "problems": problems, "places": places,
        "papers": list(enumerate(documents_of(county), 1)), "history": history(county, year, standard, item),
    }  # fmt: skip
    return render(request, "evidence/item.html", context, status=422 if problems else 200)


@require_POST
def table(request: HttpRequest, code: str, year: int, standard: str, kind: str) -> HttpResponse:
    """A whole table of the catalogue page: survey, monitoring, points or past years."""
    actor, county, asked = _place(request, code, standard, VERB)
    if kind not in TABLES or not asked.of(kind):
        raise Http404
    try:
        attest(county, year, standard, posted.table_content(kind, asked, request.POST), by=actor)
    except NotAttested as error:
        return _page(request, code, year, standard, DocumentForm(), error.problems, 422)
    messages.success(request, f"{TABLES[kind]}已录入，结果正在重算。")
    return redirect("evidence:catalogue", code, year, standard)


@require_POST
def document(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    """Register a document with its file."""
    actor, county, _ = _place(request, code, standard, VERB)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        try:
            add_document(county, **said, file=file.read() if file else None, file_name=file.name if file else "", by=actor)
        except NotAttested as error:
            form.add_error("file", error.problems[0]["message"])
        except StorageError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "文件已登记，可在条目中引用。")
            return redirect("evidence:catalogue", code, year, standard)
    return _page(request, code, year, standard, form, status=422)


@require_GET
def file(request: HttpRequest, code: str, document: int) -> HttpResponseBase:
    """A document's file, for whoever may see the county's results."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    found = documents_of(county).filter(pk=document, file__isnull=False).first()
    if found is None:
        raise Http404
    return attachment(found.file, name=found.file.name)
