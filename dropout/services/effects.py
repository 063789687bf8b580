"""What each move does beside changing the state: the return, the signatures, the child's own row, the next case."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accounts.actor import Actor
from schools import access

from ..classes import grade_of
from ..models import Absence, AbsenceKind, ChildStatus, DocumentKind, Line, Opening, Return, SignOff
from ..states import Move
from .errors import CaseError
from .opening import open_case, open_case_of
from .readiness import CaseFacts, advice_for
from .steps import name_of, school_named


@dataclass
class Effect:
    """What goes into the step: `detail` of the history, `case` fields, `spent` papers."""

    detail: dict = field(default_factory=dict)
    case: dict = field(default_factory=dict)
    spent: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Doing:
    """One move being done."""

    facts: CaseFacts
    move: Move
    on: dt.date
    by: Actor
    fields: Mapping[str, object]
    note: str

    @property
    def case(self):
        return self.facts.case

    @property
    def child(self):
        return self.facts.case.child


def apply_effect(doing: Doing) -> Effect:
    """Write what the move writes; its required papers are spent by it."""
    effect = EFFECTS.get(doing.move.verb, _nothing)(doing)
    effect.spent += [d.pk for kind in doing.move.documents for d in doing.facts.unspent(kind)]
    if effect.spent:
        effect.detail["spent"] = sorted(set(effect.spent))
    return effect


def _nothing(doing: Doing) -> Effect:
    return Effect()


def _status(child, status: str, on: dt.date, **fields) -> None:
    for name, value in {"status": status, "status_since": on, **fields}.items():
        setattr(child, name, value)
    child.save(update_fields=["status", "status_since", *fields])


def _explain(doing: Doing) -> Effect:
    days = _unexplained(doing).update(explained_on=doing.on, explanation=doing.note[:200])
    return Effect({"days": days})


def _unexplained(doing: Doing):
    missed = Absence.objects.filter(child=doing.child, kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True)
    return missed.filter(day__gte=doing.case.absent_since, day__lte=doing.on)


def _register(doing: Doing) -> Effect:
    _status(doing.child, ChildStatus.OUT, doing.on)
    number, reason = str(doing.fields["report_number"])[:40], str(doing.fields["reason"])
    return Effect({"report_number": number, "reason": reason}, {"report_number": number, "reason": reason})


def _notice(doing: Doing) -> Effect:
    return Effect({"deadline": doing.fields["deadline"].isoformat()})


def _return(doing: Doing) -> Effect:
    school = school_named(doing.case, str(doing.fields["school"]))
    if not access.may(doing.by, "settle_return", school=school):
        raise CaseError(f"您不能为{school.name}登记复学；回到其他学校就读的，请由接收学校确认转入。")
    class_text = str(doing.fields["class_text"]).strip()[:40]
    advice = advice_for(doing.facts)
    Return.objects.create(
        case=doing.case, on=doing.on, school=school, class_text=class_text, grade=grade_of(class_text), advised=advice.text[:60]
    )
    _status(doing.child, ChildStatus.ENROLLED, doing.on, school=school, class_text=class_text, grade=grade_of(class_text))
    return Effect({"school": school.code, "class_text": class_text, "advised": advice.placement}, {"rests_until": None, "transfer_to": None})


def _place(doing: Doing) -> Effect:
    placed, advice = doing.facts.current_return, advice_for(doing.facts)
    placed.placement, placed.placed_on = str(doing.fields["placement"]), doing.on
    placed.save(update_fields=["placement", "placed_on"])
    return Effect({"placement": placed.placement, "advised": advice.placement})


def _relapse(doing: Doing) -> Effect:
    """Signatures and return are void, and every paper of the return proves nothing any more."""
    Return.objects.filter(case=doing.case, void=False).update(void=True)
    voided = SignOff.objects.filter(case=doing.case, void=False).update(void=True)
    _status(doing.child, ChildStatus.OUT, doing.on)
    return Effect({"voided_signatures": voided}, spent=_of_the_round(doing))


def _of_the_round(doing: Doing) -> list[int]:
    kinds = (DocumentKind.RETURN_PROOF, DocumentKind.NOTICE)
    return [document.pk for kind in kinds for document in doing.facts.unspent(kind)]


def _check(doing: Doing) -> Effect:
    return Effect({"school_days": doing.facts.school_days_back()})


def _sign(line: Line) -> Callable[[Doing], Effect]:
    def sign(doing: Doing) -> Effect:
        SignOff.objects.create(case=doing.case, line=line, on=doing.on, by_user_id=doing.by.user_id, by_name=name_of(doing.by),
                               by_role=doing.by.role, note=doing.note[:300])  # fmt: skip
        return Effect({"line": line.value})

    return sign


def _assign(doing: Doing) -> Effect:
    school = school_named(doing.case, str(doing.fields["school"]))
    doing.child.school = school
    doing.child.save(update_fields=["school"])
    return Effect({"school": school.code}, {"school": school})


def _offer(doing: Doing) -> Effect:
    school = school_named(doing.case, str(doing.fields["school"]))
    return Effect({"school": school.code}, {"transfer_to": school})


def _transfer(doing: Doing) -> Effect:
    class_text, school = str(doing.fields["class_text"]).strip()[:40], doing.case.transfer_to
    _status(doing.child, ChildStatus.ENROLLED, doing.on, school=school, class_text=class_text, grade=grade_of(class_text))
    return Effect({"school": school.code, "class_text": class_text})


def _transfer_away(doing: Doing) -> Effect:
    _status(doing.child, ChildStatus.TRANSFERRED, doing.on)
    return Effect({"receiving_school": str(doing.fields["receiving_school"])[:120]})


def _leave(status: ChildStatus) -> Callable[[Doing], Effect]:
    def leave(doing: Doing) -> Effect:
        _status(doing.child, status, doing.on)
        return Effect({"until": doing.fields["until"].isoformat()}, {"rests_until": doing.fields["until"]})

    return leave


def _renew(doing: Doing) -> Effect:
    until = doing.fields["until"]
    return Effect({"until": until.isoformat(), "before": doing.case.rests_until.isoformat()}, {"rests_until": until})


def _expire(doing: Doing) -> Effect:
    _status(doing.child, ChildStatus.UNKNOWN, doing.on)
    return Effect({"until": doing.case.rests_until.isoformat()}, {"rests_until": None}, _of_the_round(doing))


def _no_longer(status: ChildStatus) -> Callable[[Doing], Effect]:
    def end(doing: Doing) -> Effect:
        _status(doing.child, status, doing.on)
        return Effect({}, {"rests_until": None})

    return end


def _reopen(doing: Doing) -> Effect:
    if known := open_case_of(doing.child):
        raise CaseError(f"这名学生已有未结案件{known.number}，请在那一案里办理。")
    fresh = open_case(
        child=doing.child, opening=Opening.REOPENED, absent_since=doing.on, on=doing.on, by=doing.by, reopens=doing.case,
        note=doing.note,
    )  # fmt: skip
    return Effect({"opened": fresh.number})


EFFECTS: dict[str, Callable[[Doing], Effect]] = {
    "explain": _explain, "register": _register, "notice": _notice, "return": _return, "resume": _return, "place": _place,
    "relapse": _relapse, "check": _check, "sign_school": _sign(Line.SCHOOL), "sign_government": _sign(Line.GOVERNMENT),
    "assign_school": _assign, "offer_transfer": _offer, "transfer": _transfer, "transfer_away": _transfer_away,
    "defer": _leave(ChildStatus.DEFERRED), "suspend": _leave(ChildStatus.SUSPENDED), "renew": _renew, "expire": _expire,
    "find_unfit": _no_longer(ChildStatus.UNFIT), "record_death": _no_longer(ChildStatus.GONE),
    "record_emigration": _no_longer(ChildStatus.GONE), "record_over_age": _no_longer(ChildStatus.GONE), "reopen": _reopen,
}  # fmt: skip
