"""A case comes to be: by the class teacher's roll, by a person, by a ledger, by matching, by a warning, by the clock."""
from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models.functions import Length

from accounts.actor import Actor
from schools import access
from schools.datasets import lock_county
from schools.models import County

from ..models import Case, CaseState, Child, Opening
from ..models.cases import CLOSED
from .errors import CaseError
from .steps import record_step

# The verb of access that lets a person open a case in this way; a ledger's approval was the permission already.
VERB_OF_OPENING = {
    Opening.ABSENCE: "report_absence", Opening.PERSON: "persuade", Opening.MATCHING: "match_lists",
    Opening.WARNING: "check_warning", Opening.REOPENED: "report_absence", Opening.EXPIRED: "run_clock",
}  # fmt: skip


@transaction.atomic
def open_case(
    *, child: Child, opening: str, absent_since: dt.date, on: dt.date, by: Actor, reason: str = "", whereabouts: str = "",
    reopens: Case | None = None, note: str = "",
) -> Case:
    """The child's open case: the one there is, or a new one, numbered in the county and calendar year without a gap.

    `absent_since` is the first school day missed, `on` the day of opening. A first absence opens 缺勤, anything else
    疑似辍学; what a paper claims beyond that is for people to prove. Raises CaseError, Http404, PermissionDenied.
    """
    if verb := VERB_OF_OPENING.get(opening):
        access.require_for_child(by, verb, child)
    if absent_since > on:
        raise CaseError(f"离校日期{absent_since:%Y-%m-%d}晚于立案日期{on:%Y-%m-%d}，请核对。")
    county = lock_county(child.county_id)
    known = open_case_of(child)
    if known is not None:
        return known
    if child.erased_at is not None:
        raise CaseError("这名学生的个人信息已按规定销毁，不能再立案。")
    reopens = reopens or _left_before(child)
    case = Case(
        county=county, child=child, number=_next_number(county, on.year), opening=opening, opened_on=on,
        state=CaseState.ABSENT if opening == Opening.ABSENCE else CaseState.SUSPECTED, state_since=on, revision=0,
        opened_by=(by.display_name or by.username)[:120], absent_since=absent_since, reason=reason,
        whereabouts=whereabouts[:120], school_id=child.school_id, class_text=child.class_text,
        township_id=child.township_id or (child.school.township_id if child.school_id else None), reopens=reopens,
    )
    case.save()
    record_step(case, "open", to=None, on=on, by=by, note=note, detail={"opening": str(opening), "absent_since": absent_since.isoformat(),
                **({"reopens": reopens.number} if reopens else {})})  # fmt: skip
    return case


def _left_before(child: Child) -> Case | None:
    """The latest case that ended with the child in school (or counted out): a new absence is linked to it."""
    ended = (CaseState.STRUCK_OFF, CaseState.TRANSFERRED, CaseState.UNFIT)
    return Case.objects.filter(child=child, state__in=ended).order_by("-id").first()


def open_case_of(child: Child) -> Case | None:
    """The child's open case, if there is one."""
    return Case.objects.filter(child=child).exclude(state__in=CLOSED).first()


def _next_number(county: County, year: int) -> str:
    """县内年度流水号; called under the county lock, so that two openings never take the same one."""
    newest = (
        Case.objects.filter(county=county, number__startswith=f"{year}-")
        .order_by(Length("number").desc(), "-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{year}-{int(newest.split('-')[1]) + 1 if newest else 1:04d}"
