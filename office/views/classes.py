"""Class sizes: every class over its limit by name, the ten bands, large and super-large classes over the years."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from office.exports import Column, download
from office.fields import Field, read_field
from schools.class_sizes import BANDS, ClassSize, count_bands, list_classes
from schools.codes import COMPULSORY, GRADE_NAMES, Stage
from schools.quantity import QUANTITIES

PAGE = 100
KINDS = {"super": "超大班额", "large": "大班额", "": "超班额"}


def show_classes(request: HttpRequest, code: str) -> HttpResponse:
    """The county's classes against the limits of the rules asked for; the workbook lists every class over its limit."""
    field = read_field(request, code)
    classes = list_classes(field.facts, field.parameters)
    over = sorted((one for one in classes if one.over), key=lambda one: (-one.over, one.school.code, one.grade, one.name))
    if request.GET.get("format") == "xlsx":
        columns = [Column("学校"), Column("标识码"), Column("年级"), Column("班级"), Column("学生数", 0, "人"), Column("上限", 0, "人"), Column("超出", 0, "人"), Column("类别")]
        rows = [[one.school.name, one.school.code, GRADE_NAMES[one.grade], one.name, one.pupils, one.limit, one.over, KINDS[one.kind]] for one in over]
        return download("超班额班级名单", field.note, columns, rows)
    page = Paginator(over, PAGE).get_page(request.GET.get("page"))
    bands = count_bands(classes)
    context = {
        **field.context, "title": "班额", "page": page, "rows": [(one, GRADE_NAMES[one.grade], KINDS[one.kind]) for one in page],
        "bands": [(Stage(stage).label, [bands[stage][code] for code, *_ in BANDS]) for stage in COMPULSORY],
        "band_names": [title for _, title, _, _ in BANDS], "totals": totals(field, classes), "over": len(over),
        "banned": sum(one.banned for one in classes), "missing": missing(field),
    }  # fmt: skip
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


def missing(field: Field) -> list[str]:
    """Schools with pupils whose classes are not known one by one."""
    pupils = QUANTITIES["pupils"].tally(field.facts, field.parameters)
    known = QUANTITIES["largest_class"].tally(field.facts, field.parameters)
    asked = {school_id for (school_id, stage), count in pupils.items() if count and stage in COMPULSORY}
    return [s.name for s in field.facts.schools if s.id in asked and not any(key[0] == s.id for key in known)]
