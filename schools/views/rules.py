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
    packs_of,
    rules_of,
    set_local_rule,
    withdraw_local_rule,
    withdraw_pack,
)
from schools.sources import FACT_TITLES, LEDGER_TITLES

from .common import administered

OTHERS = "其他规则"
GROUPS = (
    ("teachers", "教师和编制", ("exchange_", "staff_", "training_hours", "training_years", "training_cycle", "training_new", "above_degree", "certificate_", "subject_",
                              "village_", "allowance_", "pe_art_")),
    ("money", "经费", ("public_funds_", "special_", "boarding_", "heating_", "small_school", "training_", "education_share", "rural_new", "appropriation_")),
    ("children", "控辍保学和关爱", ("care.", "warning.", "aid.", "home_teaching.", "disabled.", "dropout.")),
    ("schools", "班额、校舍和学生", ("class_size", "large_class", "super_large", "music_", "art_", "room_", "small_room", "sports_", "migrant_", "primary_years")),
)  # fmt: skip


@require_safe
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """Every parameter: the national value, the one in force here, and why. `?parameter=` begins a rule of it."""
    _, county = administered(request, code, "edit_rules")
    asked = request.GET.get("parameter", "")
    form = RuleForm(initial={"parameter": asked, "value": PARAMETERS[asked].worded(PARAMETERS[asked].default)} if asked in PARAMETERS else None)
    return _page(request, county, form)


def _page(request: HttpRequest, county: County, form: RuleForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    found = resolve(county.code, today)
    local, chosen, packs = found.changed(), county_sources(county), packs_of(county)
    context = {
        "county": county, "form": form, "today": today,
        "packs": [{"pack": pack, "set": packs.get(pack.code, 0), "rules": [(PARAMETERS[r.parameter], r) for r in pack.rules]} for pack in PACKS.values()],
        "rules": [(rule, PARAMETERS.get(rule.parameter)) for rule in rules_of(county)],
        "groups": _groups({p.code: {"parameter": p, "national": p.text_on(today), "local": local.get(p.code, [])} for p in PARAMETERS.values()}),
        "asked": PARAMETERS.get(request.GET.get("parameter", "")),
        "facts": [
            {"code": fact, "title": FACT_TITLES[fact], "chosen": chosen.get(fact, ""), "sources": [(s, LEDGER_TITLES[s]) for s in order]}
            for fact, order in SOURCE_ORDER.items() if len(order) > 1
        ],
    }  # fmt: skip
    return render(request, "schools/rules.html", context, status=status)


def _groups(rows: dict[str, dict]) -> list[tuple[str, list[dict]]]:
    """The parameters by what they are about; those of a standard by the standard's code before the dot."""
    found: dict[str, list[dict]] = {}
    for code, row in rows.items():
        standard, dot, _ = code.partition(".")
        title = row["parameter"].title.partition("：")[0] if dot and "-" in standard else next(
            (words for _, words, starts in GROUPS if code.startswith(starts)), OTHERS
        )
        found.setdefault(title, []).append(row)
    return sorted(found.items(), key=lambda pair: pair[0] == OTHERS)


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
def end_pack(request: HttpRequest, code: str, pack: str) -> HttpResponse:
    """Withdraw every rule of a pack."""
    actor, county = administered(request, code, "edit_rules")
    try:
        messages.success(request, f"已停用规则包，撤销 {withdraw_pack(county, pack, by=actor)} 条规则，结果正在重算。")
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
