"""The map of responsibility, letters of responsibility, and the ten systems."""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST, require_safe

from files.serve import attachment
from files.store import StorageError
from schools import access
from schools.models import County, School, Township
from schools.periods import current_school_year

from ..forms import HeadForm, PledgeForm, SystemForm
from ..models import HeadKind
from ..services import counting, heads, reading, systems
from ..services.errors import CaseError
from .common import entered, shown, today


@require_safe
def duty_map(request: HttpRequest, code: str) -> HttpResponse:
    """责任图: place × head, gaps marked; a township or school is opened to its villages or classes."""
    actor, county = entered(request, code, "view_children")
    whole = access.may(actor, "view_children", county=county)
    townships, schools = _places(actor, county, whole)
    town, school = request.GET.get("town", ""), request.GET.get("school", "")
    deep = bool(town or school) or (not whole and len(townships) + len(schools) <= 3)
    if town or school:
        townships = [t for t in townships if str(t.pk) == town]
        schools = [s for s in schools if s.code == school]
    spots = heads.spots(county, today(), townships=townships, schools=schools, deep=deep)
    book = heads.HeadBook(county, today())
    top = [heads.Spot(kind, "全县", book.at(kind), 0) for kind in (HeadKind.COUNTY, HeadKind.BUREAU)] if not (town or school) else []
    pledges = heads.pledges_of([spot.head for spot in (*top, *spots) if spot.head], current_school_year(today()))
    rows = [
        {"spot": spot, "pledge": pledges.get(spot.head.pk) if spot.head else None, "mine": _may_name(actor, county, spot, whole)}
        for spot in (*top, *spots)
    ]  # fmt: skip
    context = {"rows": rows, "gaps": sum(spot.head is None for spot in (*top, *spots)), "deep": deep, "whole": whole,
               "year": current_school_year(today()), "narrowed": bool(town or school)}  # fmt: skip
    return shown(request, "dropout/heads.html", actor, county, context)


def _places(actor, county: County, whole: bool) -> tuple[list[Township], list[School]]:
    if whole:
        return list(access.townships_in(county)), counting.reporting_schools(county, today())
    held = access.memberships_of(actor)
    towns = {m.township.pk: m.township for m in held if m.township_id and m.county_id == county.pk}
    schools = [s for s in access.schools_of(actor, county, "view_children") if any(m.school_id in (s.pk, s.parent_id) for m in held)]
    return list(towns.values()), schools


def _may_name(actor, county: County, spot: heads.Spot, whole: bool) -> bool:
    if whole:
        return access.may(actor, heads.VERB, county=county)
    return heads.may_at(actor, spot.kind, spot.township, spot.school)


@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Name who answers for a place."""
    actor, county = entered(request, code, heads.VERB)
    form = HeadForm(request.POST)
    if not form.is_valid():
        messages.error(request, "责任人没有保存：请填写姓名和起始日期。")
        return _back(request, code)
    said = dict(form.cleaned_data)
    try:
        township, school = _township(county, said.pop("township")), _school(county, said.pop("school"))
        user = heads.login_of(county, said.pop("login"))
        heads.assign_head(county=county, township=township, school=school, user=user, by=actor, **said)
        messages.success(request, f"已落实{HeadKind(said['kind']).label}：{said['name']}。")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return _back(request, code)


def _back(request: HttpRequest, code: str) -> HttpResponse:
    """To the part of the map the form stood on."""
    narrowed = [(name, request.POST.get(f"at_{name}", "")) for name in ("town", "school")]
    query = "&".join(f"{name}={value}" for name, value in narrowed if value.isalnum())
    answer = redirect("dropout:heads", code)
    answer["Location"] += f"?{query}" if query else ""
    return answer


def _township(county: County, pk: int | None) -> Township | None:
    found = next((t for t in access.townships_in(county) if t.pk == pk), None)
    if pk and found is None:
        raise Http404
    return found


def _school(county: County, code: str) -> School | None:
    found = next((s for s in reading.schools_in(county) if s.code == code), None)
    if code and found is None:
        raise Http404
    return found


@require_POST
def end(request: HttpRequest, code: str, head: int) -> HttpResponse:
    """Nobody answers for the place from today on."""
    actor, county = entered(request, code, heads.VERB)
    try:
        heads.end_head(head=heads.head_of_county(county, head), on=today(), by=actor)
        messages.success(request, "责任人的任期已结束，责任图上标为缺位。")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return _back(request, code)


@require_POST
def pledge(request: HttpRequest, code: str, head: int) -> HttpResponse:
    """A letter of responsibility of this school year."""
    actor, county = entered(request, code, heads.VERB)
    found, form = heads.head_of_county(county, head), PledgeForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "责任书没有保存：请填写签订日期。")
        return _back(request, code)
    file = form.cleaned_data["file"]
    try:
        heads.sign_pledge(head=found, year=current_school_year(today()), signed_on=form.cleaned_data["signed_on"], by=actor,
                          number=form.cleaned_data["number"], file=(file.name, file.read()) if file else None)  # fmt: skip
        messages.success(request, "责任书已登记。")
    except (CaseError, StorageError) as refusal:
        messages.error(request, str(refusal))
    return _back(request, code)


@require_GET
def pledge_file(request: HttpRequest, code: str, pledge: int) -> HttpResponseBase:
    """The scan of a letter of responsibility, for those who see children in the county as a whole or name this head."""
    actor, county = entered(request, code, "view_children")
    held = reading.pledge_of(county, pledge)
    if not access.may(actor, "view_children", county=county):
        heads.require_place(actor, county, held.head.kind, held.head.township, held.head.school)
    return attachment(held.file, name=held.file.name)


@require_safe
def ten_systems(request: HttpRequest, code: str) -> HttpResponse:
    """十项制度: names are the county's; document, date and owner prove each."""
    actor, county = entered(request, code, "view_children", "view_results")
    return _systems(request, actor, county, SystemForm())


def _systems(request: HttpRequest, actor, county: County, form: SystemForm, status: int = 200) -> HttpResponse:
    items = systems.systems_of(county)
    if not form.is_bound:
        form.initial["number"] = max((item.number for item in items), default=0) + 1
    context = {
        "items": items, "form": form, "may_edit": access.may(actor, systems.VERB, county=county), "suggested": systems.SUGGESTED,
        "proved": sum(bool(item.document and item.owner) for item in items),
    }  # fmt: skip
    return shown(request, "dropout/systems.html", actor, county, context, status=status)


@require_POST
def system_save(request: HttpRequest, code: str) -> HttpResponse:
    """Write one item."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, systems.VERB)
    form = SystemForm(request.POST, request.FILES)
    if form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        try:
            systems.save_system(county=county, by=actor, file=(file.name, file.read()) if file else None, **said)
        except (CaseError, StorageError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"第{said['number']}项制度已保存。")
            return redirect("dropout:systems", code)
    return _systems(request, actor, county, form, 422)


@require_POST
def system_suggest(request: HttpRequest, code: str) -> HttpResponse:
    """Begin with the suggested names."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, systems.VERB)
    count = systems.suggest_systems(county=county, by=actor)
    messages.success(request, f"已填入{count}项建议名称，请按本县文件修改、补充。" if count else "本县已有制度清单，没有改动。")
    return redirect("dropout:systems", code)


@require_POST
def system_remove(request: HttpRequest, code: str, item: int) -> HttpResponse:
    """Take one item off."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, systems.VERB)
    systems.remove_system(item=systems.system_of(county, item), by=actor)
    messages.success(request, "已从清单中删去。")
    return redirect("dropout:systems", code)


@require_GET
def system_file(request: HttpRequest, code: str, item: int) -> HttpResponseBase:
    """The document of a system."""
    _, county = entered(request, code, "view_children", "view_results")
    held = systems.system_of(county, item)
    if held.file is None:
        raise Http404
    return attachment(held.file, name=held.file.name)
