"""What the forms of this room send, turned into the same entries as the JSON of `manage.py attest`."""
from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict

from .catalogue import GROUPS, MONITORING, PAST, POINTS, SUBJECTS, SURVEY, VETO, Catalogue, Demand

CITED = 8  # places for documents on an item's form
SURVEY_FIELDS = {"issued": "问卷总数", "valid": "回收有效问卷数", "satisfied": "满意问卷数", "visited": "实地走访人数",
                 "visit_satisfied": "走访满意人数"}
POINT_FIELDS = {"self": "自评", "city": "市复评", "province": "省评"}
YES = {"yes": True, "no": False}


def item_content(demand: Demand, post: QueryDict) -> dict:
    """One item or veto with the documents it cites."""
    shared = {
        "code": demand.code, "decided_by": post.get("decided_by", ""), "decided_on": post.get("decided_on", ""),
        "documents": list(_cited(post)),
    }
    if demand.kind == VETO:
        return {"vetoes": [shared | {"found": YES.get(post.get("found", "")), "detail": post.get("conclusion", "")}]}
    return {"items": [shared | {"met": YES.get(post.get("met", "")), "conclusion": post.get("conclusion", "")}]}


def _cited(post: QueryDict) -> Iterator[dict]:
    for number in range(CITED):
        chosen = post.get(f"document-{number}", "")
        if chosen.isdecimal():
            yield {"document": int(chosen), "page": post.get(f"page-{number}", "")}


def table_content(kind: str, catalogue: Catalogue, post: QueryDict) -> dict:
    """A whole table (survey, monitoring, points, past years); rows left blank are left as they stand."""
    rows = {SURVEY: _survey, MONITORING: _monitoring, POINTS: _points, PAST: _past}[kind](catalogue, post)
    return {kind: [row for row in rows if row]}


def _survey(catalogue: Catalogue, post: QueryDict) -> Iterator[dict]:
    for group in GROUPS:
        values = {name: post.get(f"{group}-{name}", "").strip() for name in SURVEY_FIELDS}
        yield {"group": group, **values} if any(values.values()) else {}


def _monitoring(catalogue: Catalogue, post: QueryDict) -> Iterator[dict]:
    for subject in SUBJECTS:
        level, rate = (post.get(f"{subject}-{name}", "").strip() for name in ("level", "rate"))
        yield {"subject": subject, "level": level, "difference_rate": rate} if level or rate else {}


def _points(catalogue: Catalogue, post: QueryDict) -> Iterator[dict]:
    for demand in catalogue.of(POINTS):
        values = {name: post.get(f"{demand.code}-{name}", "").strip() for name in POINT_FIELDS}
        yield {"code": demand.code, **values} if any(values.values()) else {}


def _past(catalogue: Catalogue, post: QueryDict) -> Iterator[dict]:
    for number in range(int(post.get("rows", "0")) if post.get("rows", "0").isdecimal() else 0):
        values = {name: post.get(f"{name}-{number}", "").strip() for name in ("standard", "year", "recognised", "primary", "junior")}
        if values["year"]:
            yield {
                "standard": values["standard"], "year": values["year"], "recognised": YES.get(values["recognised"]),
                "composite": {"primary": values["primary"], "junior": values["junior"]},
            }
