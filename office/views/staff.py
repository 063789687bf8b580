"""Teachers and posts: quota, vacancies and off-quota staff, subjects short and over, origins, registration, allowances."""

from __future__ import annotations

from fractions import Fraction

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.arithmetic import decimal34
from office.exports import Column
from office.field_books import staff_book
from office.fields import Field, read_field
from schools import access
from schools.codes import COMPULSORY
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.staff import masked_names
from teachers.allowances import TOP_UP, underpaid
from teachers.portrait import by_area, by_stage, registration_rate
from teachers.subjects import Subjects, list_subjects

PAGE, PERSONS = 60, 100
POSTS = ("staff_due", "approved_posts", "established_staff", "vacant_posts", "away_staff", "off_quota_staff", "subject_shortage")
SHORT_HEADS = ("应配", "核定编制", "在编", "空缺", "在编不在岗", "编外", "学科缺额")
COUNTY_POSTS = ("posts_approved", "posts_allotted", "posts_filled")
PAY = ("teacher_pay", "civil_servant_pay")


def show_staff(request: HttpRequest, code: str) -> HttpResponse:
    """The county's teachers; persons (masked) only for those who may see personal data; the workbook has every table."""
    field = read_field(request, code)
    rows = post_rows(field)
    may_see = access.may(access.actor_of(request), "view_personal", county=field.county)
    less = underpaid(field.facts, field.parameters)
    subjects = list_subjects(field.facts, field.parameters)
    context = {
        **field.context, "title": "师资", "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "heads": SHORT_HEADS,
        "totals": totals(rows), "county_posts": [(QUANTITIES[name].title, _county(field, name)) for name in COUNTY_POSTS],
        "hints": [row for row in rows if row["hint"]], "subjects": subject_rows(subjects), "short": short_rows(field, subjects)[:PERSONS],
        "stages": by_stage(field.facts, field.parameters), "areas": by_area(field.facts, field.parameters),
        "registration": _share(registration_rate(field.facts, field.parameters)), "pay": pay_of(field),
        "allowances": allowance_sums(rows), "top_up": decimal34(100 * field.parameters.get(TOP_UP)), "underpaid_count": len(less),
        "underpaid": person_rows(field, less[:PERSONS]) if may_see else [], "may_see": may_see,
    }  # fmt: skip
    if request.GET.get("format") == "xlsx":
        columns = [Column("学校"), Column("标识码"), *(Column(QUANTITIES[name].title, 0, "人") for name in POSTS), Column("应发补贴(月)", 2, "元"), Column("实发补贴(月)", 2, "元")]
        table = [[r["name"], r["code"], *r["posts"], r["due"], r["paid"]] for r in rows]
        whole = {**context, "short": short_rows(field, subjects)}
        return staff_book(field.note, columns, table, whole, person_rows(field, less) if may_see else [])
    return render(request, "office/staff.html", context)


def _county(field: Field, name: str) -> int | None:
    return QUANTITIES[name].tally(field.facts, field.parameters).get(COUNTY_KEY)


def post_rows(field: Field) -> list[dict]:
    """Every school that has one of the figures; those with vacant posts and off-quota staff at once first."""
    tallies = {name: QUANTITIES[name].tally(field.facts, field.parameters) for name in (*POSTS, "allowance_due", "allowance_paid")}
    rows = []
    for school in field.facts.schools:
        found = {name: tally.get((school.id, "")) for name, tally in tallies.items()}
        if any(value is not None for value in found.values()):
            rows.append({
                "name": school.name, "code": school.code, "posts": [found[name] for name in POSTS],
                "hint": bool(found["vacant_posts"] and found["off_quota_staff"]), "vacant": found["vacant_posts"], "off": found["off_quota_staff"],
                "due": _yuan(found["allowance_due"]), "paid": _yuan(found["allowance_paid"]), "less": _less(found["allowance_due"], found["allowance_paid"]),
            })  # fmt: skip
    return sorted(rows, key=lambda row: (not row["hint"], row["code"]))


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else decimal34(Fraction(fen, 100))


def _less(due: int | None, paid: int | None) -> str | None:
    return _yuan(due - paid) if due is not None and paid is not None and paid < due else None


def totals(rows: list[dict]) -> list[tuple[int, int]]:
    """(sum, schools that have the figure) of each column."""
    columns = zip(*(row["posts"] for row in rows), strict=True) if rows else ()
    return [(sum(v for v in column if v is not None), sum(v is not None for v in column)) for column in columns]


def subject_rows(subjects: list[Subjects]) -> list[dict]:
    """The county by stage and subject: needed, there, and the whole teachers short and over, school by school."""
    rows = []
    for stage in COMPULSORY:
        for group in dict.fromkeys(one.group for one in subjects if one.stage == stage):
            own = [one for one in subjects if (one.stage, one.group) == (stage, group)]
            needed = sum((one.needed for one in own), Fraction(0))
            rows.append({"stage": stage, "group": group, "needed": decimal34(needed), "have": sum(one.have for one in own),
                         "short": sum(one.short for one in own), "surplus": sum(one.surplus for one in own)})  # fmt: skip
    return rows


def short_rows(field: Field, subjects: list[Subjects]) -> list[dict]:
    """Schools with their subjects short and over, the most short first."""
    found: dict[int, dict] = {}
    for one in subjects:
        row = found.setdefault(one.school, {"name": field.facts.school_by_id[one.school].name, "short": [], "surplus": [], "count": 0})
        if one.short:
            row["short"].append(f"{one.group} {one.short}")
            row["count"] += one.short
        if one.surplus:
            row["surplus"].append(f"{one.group} {one.surplus}")
    rows = [{**row, "short": "、".join(row["short"]), "surplus": "、".join(row["surplus"])} for row in found.values() if row["short"]]
    return sorted(rows, key=lambda row: (-row["count"], row["name"]))


def _share(pair: tuple[int, int] | None) -> dict | None:
    if pair is None or not pair[1]:
        return None
    return {"part": pair[0], "whole": pair[1], "share": decimal34(Fraction(100 * pair[0], pair[1]))}


def pay_of(field: Field) -> dict | None:
    """Teachers' average pay beside civil servants'."""
    ours, theirs = (_county(field, name) for name in PAY)
    if ours is None or not theirs:
        return None
    return {"ours": _yuan(ours), "theirs": _yuan(theirs), "share": decimal34(Fraction(100 * ours, theirs)), "met": ours >= theirs}


def allowance_sums(rows: list[dict]) -> dict:
    """The county's sums over the schools that have both figures, and who is paid less than due."""
    told = [row for row in rows if row["due"] is not None and row["paid"] is not None]
    due, paid = (sum((Fraction(row[name]) for row in told), Fraction(0)) for name in ("due", "paid"))
    return {"schools": len(told), "due": decimal34(due), "paid": decimal34(paid), "less": [row for row in told if row["less"]]}


def person_rows(field: Field, less: list[tuple[str, int, int, int]]) -> list[dict]:
    names = masked_names(field.county.pk, [person for person, *_ in less])
    schools = field.facts.school_by_id
    return [
        {"name": names.get(person, "—"), "school": schools[school].name if school in schools else "", "due": _yuan(due), "paid": _yuan(paid), "less": _yuan(due - paid)}
        for person, school, due, paid in less
    ]  # fmt: skip
