"""The page of one case and everything done there: moves, visits, papers, the full view of the child."""
from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.actor import Actor
from files.models import StoredFile
from files.serve import attachment
from files.store import StorageError
from schools import access
from schools.models import County, School

from ..forms import MoveForm, OpenForm, PaperForm, VisitForm
from ..models import Case, CaseState, Opening
from ..services import reading
from ..services.caseload import watch
from ..services.cases import CaseError, NotReady, StaleCase, add_paper, add_visit, move, open_case
from ..services.heads import LINE_OF, HeadBook, Responsible
from ..services.moving import authorise
from ..services.offering import offers_of
from ..services.personal import may_open, open_child
from ..services.readiness import CaseFacts, missing_for
from ..services.visits import content_of
from ..states import MOVES, RECEIVER
from .common import entered, personal, read_clock, shown, today


def _found(request: HttpRequest, code: str, number: str, *, to_receive: bool = False) -> tuple[Actor, County, Case]:
    actor, county = entered(request, code)
    return actor, county, reading.get_case(actor, county, number, to_receive=to_receive)


@require_safe
@personal
def case(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One case: where it stands, what may be done next and what is missing, both lines, visits, papers, history."""
    actor, county, found = _found(request, code, number)
    return _page(request, actor, county, found)


def _page(
    request: HttpRequest, actor: Actor, county: County, found: Case, *, opened: dict | None = None, reason: str = "", status: int = 200
) -> HttpResponse:
    facts = CaseFacts(found, today())
    clock, warning = read_clock(county, found.absent_since)
    watched = watch(clock, [found])[0] if clock else None
    offers = offers_of(facts, actor)
    heads = HeadBook(county, today()).of(found.child)
    context = {
        "case": found, "child": found.child, "facts": facts, "offers": offers, "watched": watched, "warning": warning,
        "mine": [o for o in offers if o.mine and o.move.verb != "visit"], "others": [o for o in offers if not o.mine],
        "may_visit": any(o.mine and o.move.verb == "visit" for o in offers), "lines": _lines(heads),
        "visits": [{"visit": v, "content": content_of(v, found.child) if opened is not None else ""} for v in facts.visits],
        "may_open": may_open(actor, found.child, today()), "opened": opened, "reason": reason, "paper": PaperForm(),
        "may_add_paper": found.is_open and "persuade" in access.verbs_for_child(actor, found.child),
        "reopened": list(found.reopened.all()), "history": _history(facts),
    }  # fmt: skip
    return shown(request, "dropout/case.html", actor, county, context, status=status)


def _history(facts: CaseFacts) -> list[dict]:
    """The steps in words."""
    titles = {"open": "立案", **{move.verb: move.title for move in MOVES.values()}}
    return [{"step": step, "title": titles.get(step.verb, step.verb), "state": CaseState(step.to_state).label} for step in facts.steps]


def _lines(heads: list[Responsible]) -> list[tuple[str, list[Responsible]]]:
    """政府线 and 教育线 with their heads; the parent stands in both and is shown last."""
    lines = {"政府线": [], "教育线": [], "家庭": []}
    for one in heads:
        line = LINE_OF.get(one.kind)
        lines[line.label if line else "家庭"].append(one)
    return list(lines.items())


@require_POST
@personal
def opened(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The full view of the child: a reason, a log row, and the data on this answer only."""
    actor, county, found = _found(request, code, number)
    reason = request.POST.get("reason", "")
    try:
        data = open_child(child=found.child, reason=reason, on=today(), by=actor, why=f"case/{found.number}")
    except CaseError as refusal:
        messages.error(request, str(refusal))
        return _page(request, actor, county, found, reason=reason, status=422)
    return _page(request, actor, county, found, opened=data, reason=reason)


@require_http_methods(["GET", "POST"])
@personal
def do(request: HttpRequest, code: str, number: str, verb: str) -> HttpResponse:
    """One move: its form, and doing it. A receiving school sees no more of the case than the form with which it confirms."""
    step = MOVES.get(verb)
    if step is None or verb == "visit":
        raise Http404
    actor, county, found = _found(request, code, number, to_receive=step.at == RECEIVER)
    authorise(found, step, actor)
    facts = CaseFacts(found, today())
    form = MoveForm(
        request.POST or None, request.FILES or None, initial={"revision": found.revision}, move=step, facts=facts,
        schools=_schools(actor, county, verb), today=today(),
    )  # fmt: skip
    status, missing = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                move(case_id=found.pk, verb=verb, revision=form.cleaned_data["revision"], by=actor, on=form.cleaned_data["on"],
                     note=form.cleaned_data["note"], documents=form.papers, **form.given)  # fmt: skip
            except NotReady as refusal:
                missing = refusal.missing
            except StaleCase as refusal:
                messages.error(request, str(refusal))
                return _after(request, actor, county, code, found)
            except (CaseError, StorageError) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已办理“{step.title}”。")
                return _after(request, actor, county, code, found)
    waits = missing_for(facts, step, handed_in=step.documents) if request.method == "GET" else []
    back = reverse("dropout:receiving", args=[code]) if step.at == RECEIVER else reverse("dropout:case", args=[code, number])
    context = {"case": found, "step": step, "form": form, "missing": missing, "waits": waits, "back": back}
    return shown(request, "dropout/move.html", actor, county, context, status=status)


def _after(request: HttpRequest, actor: Actor, county: County, code: str, found: Case) -> HttpResponse:
    """Back to the case; where the child went out of sight with the move, to the list."""
    try:
        reading.get_case(actor, county, found.number)
    except Http404:
        return redirect("dropout:board", code)
    return redirect("dropout:case", code, found.number)


def _schools(actor: Actor, county: County, verb: str) -> list[School]:
    """The schools a form lists: one's own for a return, the county's where another school is named."""
    if verb in ("return", "resume"):
        return list(access.schools_of(actor, county, "settle_return"))
    return reading.schools_in(county) if verb in ("assign_school", "offer_transfer") else []


@require_http_methods(["GET", "POST"])
@personal
def visit(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The visit form, made for a phone on a poor line: small, whole without JavaScript, the same visit never twice."""
    actor, county, found = _found(request, code, number)
    access.require_for_child(actor, "persuade", found.child)
    first = {"on": today(), "entry_key": uuid.uuid4().hex, "participants": actor.display_name}
    form = VisitForm(request.POST or None, request.FILES or None, initial=first, today=today())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            photo = said.pop("photo")
            try:
                add_visit(case=found, by=actor, photo=(photo.name, photo.read()) if photo else None, **said)
            except (CaseError, StorageError) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "劝返记录已保存。")
                return redirect("dropout:case", code, number)
    recorded = reading.own_entry_keys(found, actor)
    context = {"case": found, "form": form, "recorded": ",".join(recorded)}
    return shown(request, "dropout/visit.html", actor, county, context, status=status)


@require_POST
def paper(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Put a paper on the case."""
    actor, _, found = _found(request, code, number)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "文书没有保存：请选择类别和文件。")
    else:
        try:
            add_paper(case_id=found.pk, paper=form.paper, by=actor)
            messages.success(request, "文书已保存。")
        except (CaseError, StorageError) as refusal:
            messages.error(request, str(refusal))
    return redirect("dropout:case", code, number)


@require_GET
def file(request: HttpRequest, code: str, number: str, document: int) -> HttpResponseBase:
    """A paper's file; it may name the child, so every download is logged, and it needs the right to the full view."""
    actor, county, found = _found(request, code, number)
    held = reading.document_of(found, document)
    return _handed_out(request, actor, county, found, held.file, f"document/{document}")


@require_GET
def photo(request: HttpRequest, code: str, number: str, visit: int) -> HttpResponseBase:
    """The photo of a visit, in the same way."""
    actor, county, found = _found(request, code, number)
    held = reading.photo_of(found, visit)
    return _handed_out(request, actor, county, found, held.photo, f"visit/{visit}")


def _handed_out(request: HttpRequest, actor: Actor, county: County, found: Case, file: StoredFile, what: str) -> HttpResponseBase:
    if not may_open(actor, found.child, today()):
        raise PermissionDenied("您的角色不能打开案件的文书和照片。")
    try:
        answer = attachment(file, name=file.name)
    except StorageError as reason:
        messages.error(request, str(reason))
        return redirect("dropout:case", county.code, found.number)
    audit.record("child.opened", by=actor, county=county.code, object=f"child/{found.child_id}", about=f"case/{found.number}/{what}")
    return answer


@require_http_methods(["GET", "POST"])
@personal
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A person reports a missing child: the class is chosen first, then the child, then what is known."""
    actor, county = entered(request, code, "persuade")
    children = reading.children_seen(actor, county, "persuade")
    places = reading.places_of(children)
    place = request.POST.get("place") or request.GET.get("place") or ""
    listed = list(reading.children_at(children, place)) if place else []
    form = OpenForm(request.POST if request.method == "POST" else None, initial={"absent_since": today()}, today=today())
    status = 200
    if request.method == "POST":
        status = 422
        child = next((c for c in listed if str(c.pk) == request.POST.get("child")), None)
        if child is None:
            form.add_error(None, "请选择学生。")
        elif form.is_valid():
            try:
                made = open_case(child=child, opening=Opening.PERSON, on=today(), by=actor, **form.cleaned_data)
            except CaseError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"案件{made.number}：已立案或已有未结案件，请继续办理。")
                return redirect("dropout:case", code, made.number)
    context = {"places": places, "place": place, "children": listed, "form": form, "chosen": request.POST.get("child", "")}
    return shown(request, "dropout/new.html", actor, county, context, status=status)


