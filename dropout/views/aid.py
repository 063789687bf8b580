"""应助尽助: aid due against aid paid, by name (masked) for those who see the children, as counts for inspectors."""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from schools import access

from ..services import aid, coverage, reach
from ..services.reach import CareError
from ..shares import percent
from .frame import page_of, told


@require_safe
@never_cache
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """One term: who must be aided, who was, what is wrong."""
    actor = access.actor_of(request)
    county, names = reach.county_for_counts(actor, code)
    today = timezone.localdate()
    term = aid.Term.on(today)
    if wanted := request.GET.get("term", ""):
        try:
            term = aid.Term.read(wanted)
        except CareError as refusal:
            messages.error(request, str(refusal))
    held = aid.aid_in(actor, county, term, counts_only=not names)
    lists = {"missing": ("应助未助", held.missing), "faulty": ("金额有疑", held.faulty), "paid": ("已助", held.paid), "due": ("全部应助", held.due)}
    if not held.has_ledger:  # nothing is known of payments: nobody is called unpaid
        lists = {"due": lists["due"]}
    which = request.GET.get("show", "missing")
    which = which if which in lists else next(iter(lists))
    page = page_of(request, lists[which][1]) if names else None
    context = {
        "county": county, "names": names, "aid": held, "term": term, "terms": aid.terms_of(county, today), "which": which, "title": lists[which][0],
        "lists": [(key, title, told(len(rows), names)) for key, (title, rows) in lists.items()], "page": page,
        "rows": [{"due": one, "amount": None if one.amount is None else aid.yuan(one.amount)} for one in page or ()],
        "rate": percent(len(held.paid), len(held.due)) if held.has_ledger and told(len(held.due), names) is not None else "—", "due": told(len(held.due), names), "paid": told(len(held.paid), names),
        "standards": [(title, {stage: yuan for stage, yuan in by_stage.items() if yuan}) for title, by_stage in held.standards], "small": coverage.SMALL,
    }  # fmt: skip
    return render(request, "dropout/aid.html", context)

