"""Local rules and sources: what the county sets differently, with document, clause and dates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from schools.factset import SOURCE_ORDER
from schools.forms import RuleForm, SourceForm
from schools.models import County
from schools.packs import PACKS
from schools.parameters import PARAMETERS, resolve
from schools.rules import (
    BadRule,
    apply_pack,
    choose_source,
    county_sources,
    rules_of,
    set_local_rule,
    withdraw_local_rule,
)
from schools.sources import FACT_TITLES, LEDGER_TITLES

from .common import administered


@require_safe
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """Every parameter: the national value, the one in force here, and why."""
    _, county = administered(request, code, "edit_rules")
    return _page(request, county, RuleForm())


def _page(request: HttpRequest, county: County, form: RuleForm, status: int = 200) -> HttpResponse:
    local = resolve(county.code, timezone.localdate()).changed()
    chosen = county_sources(county)
    context = {
        "county": county, "form": form, "packs": PACKS.values(), "rules": rules_of(county),
        "parameters": [{"parameter": p, "local": local.get(p.code, [])} for p in PARAMETERS.values()],
        "facts": [
            {"code": fact, "title": FACT_TITLES[fact], "chosen": chosen.get(fact, ""), "sources": [(s, LEDGER_TITLES[s]) for s in order]}
            for fact, order in SOURCE_ORDER.items() if len(order) > 1
        ],
    }  # fmt: skip
    return render(request, "schools/rules.html", context, status=status)


@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Set one rule."""
    actor, county = administered(request, code, "edit_rules")
    form = RuleForm(request.POST)
    if form.is_valid():
        try:
            set_local_rule(county, **form.cleaned_data, by=actor)
        except BadRule as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "规则已设定，地方口径的结果正在重算；全国口径不受影响。")
            return redirect("schools:rules", code=code)
    return _page(request, county, form, status=422)


@require_POST
def withdraw(request: HttpRequest, code: str, rule: int) -> HttpResponse:
    """End one rule."""
    actor, county = administered(request, code, "edit_rules")
    held = rules_of(county).filter(pk=rule).first()
    if held is None:
        raise Http404
    try:
        withdraw_local_rule(county, held, by=actor)
        messages.success(request, "规则已撤销。")
    except BadRule as error:
        messages.error(request, str(error))
    return redirect("schools:rules", code=code)


@require_POST
def pack(request: HttpRequest, code: str, pack: str) -> HttpResponse:
    """Set every rule of a shipped pack."""
    actor, county = administered(request, code, "edit_rules")
    try:
        set_rules = apply_pack(county, pack, by=actor)
        messages.success(request, f"已启用规则包，共 {len(set_rules)} 条规则。")
    except BadRule as error:
        messages.error(request, str(error))
    return redirect("schools:rules", code=code)


@require_POST
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Choose which source of a fact stands for the county."""
    actor, county = administered(request, code, "edit_rules")
    form = SourceForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        choose_source(county, fact=form.cleaned_data["fact"], source=form.cleaned_data["source"], by=actor)
        messages.success(request, "数据来源已保存，结果正在重算。")
    except BadRule as error:
        messages.error(request, str(error))
    return redirect("schools:rules", code=code)
