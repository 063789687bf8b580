"""Class sizes: every class over its limit by name, the ten bands, large and super-large classes over the years."""

from __future__ import annotations

from fractions import Fraction

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators import snapshots
from indicators.arithmetic import decimal34
from indicators.items.plan import planned_for
from office.field_books import classes_book
from office.fields import Field, read_field
from schools.class_sizes import (
    BANDS,
    LARGE,
    LARGE_PLAN,
    LARGE_SHARE,
    SUPER_LARGE,
    SUPER_PLAN,
    SUPER_SHARE,
    ClassSize,
    count_bands,
    list_classes,
)
from schools.codes import COMPULSORY, GRADE_NAMES, Stage, stages_of_type
from schools.factset import FactSet, set_of
from schools.parameters import ParameterSet
from schools.quantity import QUANTITIES

PAGE = 100
KINDS = {"super": "超大班额", "large": "大班额", "": "超班额"}


def show_classes(request: HttpRequest, code: str) -> HttpResponse:
    """The county's classes against the limits of the rules asked for; the workbook has every table whole."""
    field = read_field(request, code)
    classes = list_classes(field.facts, field.parameters)
    over = sorted((one for one in classes if one.over), key=lambda one: (-one.over, one.school.code, one.grade, one.name))
    page = Paginator(over, PAGE).get_page(request.GET.get("page"))
    bands, lacking = count_bands(classes), missing(field.facts, field.parameters)
    context = {
        **field.context, "title": "班额", "any_classes": bool(classes), "page": page, "rows": [(one, GRADE_NAMES[one.grade], KINDS[one.kind]) for one in page],
        "bands": [(Stage(stage).label, [bands[stage][code] for code, *_ in BANDS]) for stage in COMPULSORY],
        "band_names": [title for _, title, _, _ in BANDS], "totals": totals(field, classes), "over": len(over),
        "banned": [one for one in classes if one.banned][:PAGE], "missing": lacking, "plans": plans_of(field), "shares": shares_of(field, classes, not lacking),
        "large": field.parameters.get(LARGE.code), "super_large": field.parameters.get(SUPER_LARGE.code),
    }  # fmt: skip
    if request.GET.get("format") == "xlsx":
        rows = [[one.school.name, one.school.code, GRADE_NAMES[one.grade], one.name, one.pupils, one.limit, one.over, KINDS[one.kind]] for one in over]
        return classes_book(field.note, rows, context)
    return render(request, "office/classes.html", context)


def totals(field: Field, classes: list[ClassSize]) -> list[dict]:
    """By stage: classes counted by name, over the limit, 56 and above, 66 and above (super-large are among the large)."""
    rows = []
    for stage in COMPULSORY:
        own = [one for one in classes if one.stage == stage]
        rows.append({
            "stage": Stage(stage).label, "classes": len(own), "over": sum(one.over > 0 for one in own), "large": sum(bool(one.kind) for one in own),
            "super": sum(one.kind == "super" for one in own), "largest": max((one.pupils for one in own), default=None),
        })  # fmt: skip
    return rows


def missing(facts: FactSet, parameters: ParameterSet) -> list[str]:
    """Schools whose classes are not known one by one: they have pupils, or should have and have told nothing."""
    pupils = QUANTITIES["pupils"].tally(facts, parameters)
    known = QUANTITIES["largest_class"].tally(facts, parameters)
    counted = {key[0] for key in known}
    taught = {school_id for (school_id, stage), count in pupils.items() if count and stage in COMPULSORY}
    told = {school_id for school_id, stage in pupils if stage in COMPULSORY}
    silent = {s.id for s in facts.schools if s.id not in told and {*stages_of_type(s.type_code)} & {*COMPULSORY}}
    return [s.name for s in facts.schools if s.id in (taught | silent) - counted]


def shares_of(field: Field, classes: list[ClassSize], complete: bool) -> list[dict]:
    """Large and super-large classes as a share of all, against the control lines (56 and above, 66 and above, apart).

    No verdict while a school's classes are unknown.
    """
    kinds = (("大班额（含超大班额）", sum(bool(one.kind) for one in classes), LARGE_SHARE), ("超大班额", sum(one.kind == "super" for one in classes), SUPER_SHARE))
    return [
        {"title": title, "part": part, "whole": len(classes), "share": decimal34(Fraction(100 * part, len(classes))),
         "line": decimal34(100 * field.parameters.get(line.code)), "met": part <= field.parameters.get(line.code) * len(classes) if complete else None}
        for title, part, line in kinds if classes
    ]  # fmt: skip


def plans_of(field: Field) -> list[dict]:
    """Each plan year by year: the number planned (None before it begins) and the fact, from the results of those years."""
    rules = field.parameters if field.ruleset == "local" else snapshots.parameters_for(field.county, field.year)
    kinds = (("大班额班级数", "large_classes", LARGE_PLAN.code), ("超大班额班级数", "super_large_classes", SUPER_PLAN.code))
    found = []
    for title, code, rule in kinds:
        plan = rules.get(rule)
        if plan:
            facts = facts_by_year(field)
            years = sorted({*plan, *facts})
            rows = [_planned(plan, facts.get(year), code, field, year) for year in years]
            document = next((s.document for s in rules.settings.get(rule, ())), "")
            found.append({"title": title, "document": document, "rows": rows, "years": [row["year"] for row in rows],
                          "series": [("计划", [row["plan_text"] for row in rows]), ("实际", [row["fact_text"] for row in rows])]})  # fmt: skip
    return found


def _planned(plan: dict[int, int], facts, code: str, field: Field, year: int) -> dict:
    limit = planned_for(plan, year)
    tally = QUANTITIES[code].tally(facts, field.parameters) if facts else {}
    fact = sum(count for (_, stage), count in tally.items() if stage in COMPULSORY) if tally else None
    return {"year": year, "plan": limit, "fact": fact, "plan_text": None if limit is None else str(limit), "fact_text": None if fact is None else str(fact),
            "met": None if limit is None or fact is None or missing(facts, field.parameters) else fact <= limit}  # fmt: skip


def facts_by_year(field: Field) -> dict:
    """The facts each year's result stood on, up to the year of the page."""
    found = {}
    for year, standard in snapshots.years(field.county):
        if year < field.year and year not in found:
            held = snapshots.current(field.county, standard, year)
            found[year] = set_of(field.county, year, held.fiscal_year, snapshots.dataset_ids(held))
    return found | {field.year: field.facts}
