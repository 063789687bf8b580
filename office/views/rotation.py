"""Exchange and rotation: the ratios with both lists, flows between schools, directions; hours and gaps of training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.arithmetic import decimal34
from office.field_books import rotation_book
from office.fields import Field, read_field
from schools import access
from schools.codes import stages_of_type
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.staff import masked_names
from teachers.models import ExchangeForm, Post
from teachers.rotation import (
    BACKBONE_BASE,
    BASE,
    CYCLE_YEARS,
    HEAD_SHARE,
    PERIOD,
    Move,
    Rotation,
    arrivals,
    directions,
    flows,
    rotation,
)
from teachers.training import hours_by_level, list_trained, shown_hours

PERSONS, FLOWS = 100, 60  # rows a page; the workbook has them all
LEVELS = {"nation": "国家级", "province": "省级", "city": "市级", "county": "县级", "school": "校本", "": "未注明（含分年合计）"}


def show_rotation(request: HttpRequest, code: str) -> HttpResponse:
    """Counts for those who may see results; persons (masked) only for those who may see personal data."""
    field = read_field(request, code)
    found = rotation(field.facts, field.parameters)
    between = flows(field.facts, found.times)
    may_see = access.may(access.actor_of(request), "view_personal", county=field.county)
    gaps = sorted((t for t in list_trained(field.facts, field.parameters) if t.gap), key=lambda t: -t.gap)
    listed = "eligible" if request.GET.get("list") == "eligible" else ""
    page = Paginator(sorted((found.eligible or {}).items(), key=lambda one: one[1]) if listed else found.exchanged, PERSONS).get_page(request.GET.get("page"))
    lists = {"eligible": partial(eligible_persons, field, found), "": partial(persons, field)}
    context = {
        **field.context, "title": "交流轮岗", "ratios": ratios(field), "reason": found.reason, "flows": between[:FLOWS], "drawn": [(f.school.name, f.to_name, f.persons) for f in between], "flows_all": len(between),
        "directions": directions(field.facts, found.times), "short": len(found.short), "may_see": may_see,
        "page": page, "listed": listed, "persons": lists[listed](page.object_list) if may_see else [], "ineligible": len(found.ineligible), "eligible_schools": eligible_rows(field, found),
        "levels": [(LEVELS[level], times, shown_hours(hours)) for level, (times, hours) in hours_by_level(field.facts, field.parameters).items()],
        "gap_count": len(gaps), "gaps": gap_rows(field, gaps[:PERSONS]) if may_see else [],
        "cycle": field.parameters.get(CYCLE_YEARS) if field.parameters.get(PERIOD) == "cycle" else None,
    }  # fmt: skip
    if request.GET.get("format") == "xlsx":
        return rotation_book(field.note, between, context, everybody(field, found, gaps) if may_see else {})
    return render(request, "office/rotation.html", context)


def everybody(field: Field, found: Rotation, gaps: list) -> dict[str, list[dict]]:
    """The lists of persons, whole."""
    return {"moves": persons(field, found.exchanged), "eligible": eligible_persons(field, found, list((found.eligible or {}).items())), "gaps": gap_rows(field, gaps)}


def ratios(field: Field) -> list[dict]:
    """The three shares: numerator, denominator, value; None where one is missing or the denominator is 0."""
    def value(code: str) -> int | None:
        return QUANTITIES[code].tally(field.facts, field.parameters).get(COUNTY_KEY)

    exchanged, eligible, rule = value("exchanged_teachers"), value("eligible_teachers"), field.parameters.get
    wanted_heads = rule(HEAD_SHARE)
    whole = ("符合交流条件教师", eligible)
    if rule(BASE) == "full_time":
        whole = ("专任教师", _all_teachers(field))
    backbone = ("符合交流条件教师", eligible) if rule(BACKBONE_BASE) == "eligible" else ("交流人数", exchanged)
    pairs = (
        (f"交流人数占{whole[0]}", exchanged, whole[1], rule("quality-2017.G11.threshold") / 100),
        (f"骨干教师占{backbone[0]}", value("exchanged_backbone"), backbone[1], rule("quality-2017.G11.backbone_threshold") / 100),
        ("交流校长占符合交流条件校长", value("exchanged_heads"), value("eligible_heads"), wanted_heads or None),
    )
    return [_ratio(*pair) for pair in pairs]


def _all_teachers(field: Field) -> int | None:
    """The full-time teachers of the county; None while a school that teaches has not told its own."""
    tally = QUANTITIES["full_time_teachers"].tally(field.facts, field.parameters)
    told = {school_id for school_id, _ in tally}
    silent = any(stages_of_type(school.type_code) and school.id not in told for school in field.facts.schools)
    return None if silent else sum(tally.values())


def _ratio(title: str, part: int | None, whole: int | None, wanted: Fraction | None) -> dict:
    known = part is not None and whole
    return {
        "title": title, "part": part, "whole": whole, "wanted": None if wanted is None else decimal34(100 * wanted),
        "share": decimal34(Fraction(100 * part, whole)) if known else None, "met": part >= wanted * whole if known and wanted is not None else None,
        "why": "" if known else "分母为 0，不适用。" if whole == 0 else "缺少数据，暂不能判定。",
    }  # fmt: skip


def eligible_rows(field: Field, found: Rotation) -> list[dict]:
    """The denominator by school: who is eligible, who went out and who came in; the schools with most eligible first."""
    eligible = Counter(school for school, _, _ in (found.eligible or {}).values())
    out, into = Counter(move.school for move in found.exchanged), Counter(move.to for move in found.exchanged if move.to)
    known = field.facts.school_by_id
    rows = [{"name": known[i].name, "code": known[i].code, "eligible": eligible[i], "out": out[i], "into": into[i]} for i in {*eligible, *out, *into} if i in known]
    return sorted(rows, key=lambda row: (-row["eligible"], row["code"]))


def eligible_persons(field: Field, found: Rotation, listed: Sequence[tuple[str, tuple[int, int, int]]]) -> list[dict]:
    """The eligible, with masked names, when they came to their school and whether they went."""
    names, arrived = masked_names(field.county.pk, [person for person, _ in listed]), arrivals([row for _, (_, row, _) in listed])
    schools, went = field.facts.school_by_id, {move.person for move in found.exchanged}
    return [
        {"name": names.get(person, "—"), "school": schools[school].name if school in schools else "", "arrived": _month(arrived[row]) if row in arrived else "",
         "went": person in went}
        for person, (school, row, _) in listed
    ]  # fmt: skip


def persons(field: Field, moves: Sequence[Move]) -> list[dict]:
    """The exchanged, with masked names."""
    names = masked_names(field.county.pk, [move.person for move in moves])
    schools = field.facts.school_by_id
    posts, forms = dict(Post.choices), dict(ExchangeForm.choices)
    return [
        {"name": names.get(m.person, "—"), "post": posts.get(m.post, ""), "backbone": m.backbone, "from": schools[m.school].name if m.school in schools else "",
         "to": schools[m.to].name if m.to in schools else m.to_text, "form": forms.get(m.form, ""), "start": _month(m.start), "end": _month(m.end)}
        for m in moves
    ]  # fmt: skip


def gap_rows(field: Field, gaps: list) -> list[dict]:
    names = masked_names(field.county.pk, [row.person for row in gaps])
    schools = field.facts.school_by_id
    return [
        {"name": names.get(row.person, "—"), "school": schools[row.school].name if row.school in schools else "", "hours": shown_hours(row.hours),
         "gap": shown_hours(row.gap), "years": [(year, shown_hours(hours)) for year, hours in row.by_year.items()]}
        for row in gaps
    ]  # fmt: skip


def _month(value: int | None) -> str:
    return f"{value // 100}-{value % 100:02}" if value else "至今"
