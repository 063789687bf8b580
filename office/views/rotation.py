"""Exchange and rotation: the ratios with both lists, flows between schools, directions; hours and gaps of training."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.arithmetic import decimal34
from office.exports import Column, download
from office.fields import Field, read_field
from schools import access
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.staff import masked_names
from teachers.models import ExchangeForm, Post
from teachers.rotation import CYCLE_YEARS, HEAD_SHARE, PERIOD, Move, directions, flows, rotation
from teachers.training import hours_by_level, list_trained, shown_hours

PERSONS = 300  # rows a page; the workbook has them all
LEVELS = {"nation": "国家级", "province": "省级", "city": "市级", "county": "县级", "school": "校本", "": "未注明"}


def show_rotation(request: HttpRequest, code: str) -> HttpResponse:
    """Counts for those who may see results; persons (masked) only for those who may see personal data."""
    field = read_field(request, code)
    found = rotation(field.facts, field.parameters)
    between = flows(field.facts, found.exchanged)
    if request.GET.get("format") == "xlsx":
        columns = [Column("派出学校"), Column("接收学校"), Column("人数", 0, "人"), Column("其中骨干", 0, "人")]
        return download("交流轮岗流向", field.note, columns, [[f.school.name, f.to_name, f.persons, f.backbone] for f in between])
    may_see = access.may(access.actor_of(request), "view_personal", county=field.county)
    gaps = sorted((t for t in list_trained(field.facts, field.parameters) if t.gap), key=lambda t: -t.gap)
    context = {
        **field.context, "title": "交流轮岗", "ratios": ratios(field), "reason": found.reason, "flows": between[:PERSONS], "flows_all": len(between),
        "directions": directions(field.facts, found.times), "short": len(found.short), "may_see": may_see,
        "persons": persons(field, found.exchanged[:PERSONS]) if may_see else [],
        "levels": [(LEVELS[level], times, shown_hours(hours)) for level, (times, hours) in hours_by_level(field.facts, field.parameters).items()],
        "gap_count": len(gaps), "gaps": gap_rows(field, gaps[:PERSONS]) if may_see else [],
        "cycle": field.parameters.get(CYCLE_YEARS) if field.parameters.get(PERIOD) == "cycle" else None,
    }  # fmt: skip
    return render(request, "office/rotation.html", context)


def ratios(field: Field) -> list[dict]:
    """The three shares: numerator, denominator, value; None where one is missing or the denominator is 0."""
    def value(code: str) -> int | None:
        return QUANTITIES[code].tally(field.facts, field.parameters).get(COUNTY_KEY)

    exchanged, rule = value("exchanged_teachers"), field.parameters.get
    wanted_heads = rule(HEAD_SHARE)
    pairs = (
        ("交流人数占符合交流条件教师", exchanged, value("eligible_teachers"), rule("quality-2017.G11.threshold") / 100),
        ("骨干教师占交流人数", value("exchanged_backbone"), exchanged, rule("quality-2017.G11.backbone_threshold") / 100),
        ("交流校长占符合交流条件校长", value("exchanged_heads"), value("eligible_heads"), wanted_heads or None),
    )
    return [_ratio(*pair) for pair in pairs]


def _ratio(title: str, part: int | None, whole: int | None, wanted: Fraction | None) -> dict:
    known = part is not None and whole
    return {
        "title": title, "part": part, "whole": whole, "wanted": None if wanted is None else decimal34(100 * wanted),
        "share": decimal34(Fraction(100 * part, whole)) if known else None, "met": part >= wanted * whole if known and wanted is not None else None,
        "why": "" if known else "分母为 0，不适用。" if whole == 0 else "缺少数据，暂不能判定。",
    }  # fmt: skip


def persons(field: Field, moves: tuple[Move, ...]) -> list[dict]:
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
