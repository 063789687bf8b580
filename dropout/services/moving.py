"""Moving a case: who may, whether the actor saw what stands, whether everything needed is there; then one step."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from schools import access

from ..models import Case, CaseReason, CaseStep
from ..states import COUNTY, MOVES, RECEIVER, Move, moves_from
from .effects import Doing, apply_effect
from .errors import CaseError, NotReady, StaleCase
from .papers import Paper, keep_paper
from .readiness import CaseFacts, missing_for
from .steps import after_last_step, locked, record_step
from .visits import PERSON, add_visit


@transaction.atomic
def move(
    *, case_id: int, verb: str, revision: int, by: Actor, on: dt.date, note: str = "", documents: Sequence[Paper] = (),
    source: str = PERSON, **fields,
) -> Case:
    """Do one move of `dropout.states.MOVES` on the case the actor saw at `revision`; returns the case as it stands then.

    `fields` are those the move names, `documents` the papers handed in with it. The same move sent twice by the same
    person is one. Raises Http404 (foreign), PermissionDenied, StaleCase (409), NotReady (what is missing), CaseError.
    """
    step = MOVES[verb]
    case = locked(case_id)
    authorise(case, step, by, source=source)
    if verb == "visit":
        add_visit(case=case, on=on, by=by, source=source, **fields)
        return locked(case_id)
    if _was_just_done(case, verb, revision, by):
        return case
    if case.revision != revision:
        raise StaleCase(f"案件{case.number}在您打开之后已有新的办理（现为“{case.get_state_display()}”），请刷新后核对再办。")
    if case.state not in step.sources:
        offered = "、".join(m.title for m in moves_from(case.state)) or "没有"
        raise CaseError(f"本案现为“{case.get_state_display()}”，不能办理“{step.title}”；可以办理的有：{offered}。")
    return _done(case, step, by=by, on=on, note=note.strip(), documents=documents, fields=fields)


def _done(
    case: Case, step: Move, *, by: Actor, on: dt.date, note: str, documents: Sequence[Paper], fields: dict
) -> Case:
    after_last_step(case, on)
    if "reason" in fields and fields["reason"] and fields["reason"] not in CaseReason.values:
        raise CaseError("请从列表中选择辍学原因。")
    facts = CaseFacts(case, on)
    handed_in = {paper.kind for paper in documents}
    if missing := missing_for(facts, step, fields=fields, note=note, handed_in=handed_in):
        raise NotReady(step.title, missing)
    kept = [keep_paper(case, paper, by=by) for paper in documents]
    vars(facts).pop("documents", None)  # the new papers count
    effect = apply_effect(Doing(facts, step, on, by, fields, note))
    if kept:
        effect.detail["papers"] = [document.pk for document in kept]
    record_step(case, step.verb, to=step.to, on=on, by=by, note=note, detail=effect.detail, **effect.case)
    return case


def authorise(case: Case, step: Move, by: Actor, *, source: str = PERSON) -> None:
    """Whether this actor may do this move on this case at all. Raises Http404 or PermissionDenied.

    A ledger and the system open cases and add visits; of the moves, the system does those of the clock only.
    """
    if source != PERSON or by.kind == "system":
        if step.verb == "visit" or (step.clock and by.kind == "system" and source == PERSON):
            return
        raise PermissionDenied("台账和系统只能立案、登记劝返，不能办理案件。")
    if step.access == "run_clock":
        access.require_for_child(by, "view_children", case.child)
        raise PermissionDenied("到期由系统按校历自动办理。")
    if step.at == RECEIVER:
        _require_receiver(case, step, by)
    elif step.at == COUNTY:
        access.require_for_child(by, "view_children", case.child)
        access.require(by, step.access, county=case.county)
    else:
        access.require_for_child(by, step.access, case.child)


def _require_receiver(case: Case, step: Move, by: Actor) -> None:
    if case.transfer_to_id and access.stands_at(by, step.access, case.transfer_to):
        return
    access.require_for_child(by, "view_children", case.child)
    raise PermissionDenied("转入只能由接收学校自己的人员确认。")


def _was_just_done(case: Case, verb: str, revision: int, by: Actor) -> bool:
    """Whether the very same move of the same person arrived a moment ago (a double click, a second try)."""
    if case.revision != revision + 1 or by.user_id is None:
        return False
    last = CaseStep.objects.filter(case=case).order_by("-id").first()
    return last is not None and last.verb == verb and last.by_user_id == by.user_id
