"""The one writer of a case's history: each step is a row, a risen revision and an audit event, in one transaction."""
from __future__ import annotations

import datetime as dt

from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from schools.models import School

from ..models import Case, CaseStep
from ..models.cases import CLOSED
from .errors import CaseError

BY_LENGTH = 120


def locked(case_id: int) -> Case:
    """The case with its row locked until the end of the transaction; 404 when there is none."""
    case = Case.objects.select_for_update(of=("self",)).select_related("county", "child", "child__county").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def record_step(
    case: Case, verb: str, *, to: str | None, on: dt.date, by: Actor, note: str = "", detail: dict | None = None, **fields
) -> CaseStep:
    """Write one step of a locked case: state, revision, `fields` of the case, history row and audit event.

    `to` None keeps the state. `detail` holds ids and codes, never a name.
    """
    before = case.state
    if to is not None and to != before:
        case.state, case.state_since = to, on
        if to in CLOSED:
            case.closed_on = on
    case.revision += 1
    for name, value in fields.items():
        setattr(case, name, value)
    case.save()
    step = CaseStep.objects.create(
        case=case, verb=verb, from_state=before, to_state=case.state, on=on, by_user_id=by.user_id,
        by_name=name_of(by), by_role=by.role, note=note[:300], detail=detail or {},
    )
    audit.record(
        f"case.{verb}", by=by, object=f"case/{case.number}", county=case.county.code, from_state=before, to_state=case.state,
        on=on, **(detail or {}),
    )
    return step


def name_of(by: Actor) -> str:
    """How the history names who acted."""
    return (by.display_name or by.username)[:BY_LENGTH]


def after_last_step(case: Case, on: dt.date) -> None:
    """A step may be entered late, but never dated before the step it follows."""
    last = CaseStep.objects.filter(case=case).exclude(verb="visit").order_by("-id").values_list("on", flat=True).first()
    last = max(filter(None, (last, case.state_since)))
    if on < last:
        raise CaseError(f"日期{on:%Y-%m-%d}早于本案上一步的日期{last:%Y-%m-%d}，请核对日期。")


def school_named(case: Case, code: str) -> School:
    """A school of the case's county by its code. Raises CaseError."""
    found = School.objects.filter(county=case.county, code=code).select_related("county").first()
    if found is None:
        raise CaseError(f"本县名录中没有标识码为“{code}”的学校，请从列表中选择。")
    return found
