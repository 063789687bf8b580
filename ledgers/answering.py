"""Pages of questions answered once: what a header, a unit or a name means, and which row is the header."""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ledgers import services
from ledgers.definitions import RECEIVED
from ledgers.models import Remembered
from ledgers.services import Answer, FilingError, get_version
from ledgers.services.pointing import first_rows
from schools import access

THANKS = "回答已记住，以后同样的表不再询问。正在重新检查。"


@require_POST
def answer(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The answers of the version's page: fields "answer:<kind>:<question>", blank where nothing was chosen."""
    given = []
    for name, text in request.POST.items():
        mark, _, rest = name.partition(":")
        kind, found, question = rest.partition(":")
        if mark == "answer" and found and text.strip() and kind in Remembered.Kind.values:
            given.append(Answer(kind, question, text))
    return _answered(request, filing, number, given)


def _answered(request: HttpRequest, filing: int, number: int, given: list[Answer]) -> HttpResponse:
    actor = access.actor_of(request)
    get_version(actor, filing, number)
    try:
        services.answer_doubts(filing_id=filing, number=number, answers=given, by=actor)
    except FilingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, THANKS)
    return redirect("ledgers:version", filing, number)


@require_POST
def forget(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """One remembered answer less."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    asked = request.POST.get("answer", "")
    try:
        services.forget(filing=found.filing, answer_id=int(asked) if asked.isdecimal() else 0, by=actor)
    except FilingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已删去这个回答；下次检查时会重新询问。")
    return redirect("ledgers:version", filing, number)


@require_http_methods(["GET", "POST"])
def header(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The first rows of every sheet, to point at the header; the choice "sheet!row" is remembered."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    if request.method == "POST":
        sheet, _, row = request.POST.get("row", "").rpartition("!")
        return _answered(request, filing, number, [Answer(Remembered.Kind.HEADER, sheet, row)] if sheet and row else [])
    try:
        sheets = first_rows(found, by=actor)
    except FilingError as error:
        messages.error(request, str(error))
        return redirect("ledgers:version", filing, number)
    context = {"sheets": sheets, "version": found, "filing": found.filing, "ledger": RECEIVED[found.filing.ledger]}
    return render(request, "ledgers/header.html", context)
