"""The table of moves: from which states, by which verb of access, and what each needs. One place; services only obey it.

国办发〔2017〕72号; the ministry's notice of April 2024 on regular reporting; 义务教育法 art. 11. There is no 免学 in the present
law. A ledger may open a case or add visits; it never moves one past persuasion and never closes one.
"""
from __future__ import annotations

from dataclasses import dataclass

from .models import CaseState, DocumentKind

ABSENT, SUSPECTED, REGISTERED, PERSUADING, NOTICED, RETURNED, PLACED = (
    CaseState.ABSENT.value, CaseState.SUSPECTED.value, CaseState.REGISTERED.value, CaseState.PERSUADING.value,
    CaseState.NOTICED.value, CaseState.RETURNED.value, CaseState.PLACED.value,
)  # fmt: skip
MISSING = (SUSPECTED, REGISTERED, PERSUADING, NOTICED)  # the child is not in school
RESTING = (CaseState.DEFERRED.value, CaseState.SUSPENDED.value)


@dataclass(frozen=True)
class Move:
    """One verb. `to` None keeps the state. `access` is the verb schools.access is asked. `documents`: kinds that must be
    on the case; `fields`: what the actor must give; `note` that a word of reason is compulsory."""

    verb: str
    title: str
    sources: tuple[str, ...]
    to: str | None
    access: str
    fields: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    note: bool = False


MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("explain", "缺勤已说明", (ABSENT,), CaseState.CLEARED.value, "report_absence", note=True),
        Move("suspect", "列为疑似辍学", (ABSENT,), SUSPECTED, "report_absence"),
        Move("clear", "核实未辍学", (ABSENT, SUSPECTED), CaseState.CLEARED.value, "register_dropout",
             documents=(DocumentKind.PROOF.value,), note=True),
        Move("register", "登记辍学并书面报告", (SUSPECTED,), REGISTERED, "register_dropout",
             fields=("report_number", "reason"), documents=(DocumentKind.REPORT.value,)),
        Move("visit", "记录劝返", (*MISSING, ABSENT), None, "persuade", fields=("way", "outcome", "participants")),
        Move("notice", "发限期返校通知书", (REGISTERED, PERSUADING), NOTICED, "issue_notice",
             fields=("deadline",), documents=(DocumentKind.NOTICE.value,)),
        Move("return", "登记复学", MISSING, RETURNED, "settle_return", fields=("school", "class_text")),
        Move("place", "登记安置", (RETURNED,), PLACED, "settle_return", fields=("placement",)),
        Move("relapse", "再次离校", (RETURNED, PLACED), PERSUADING, "report_absence", note=True),
        Move("sign_school", "教育线签字", (PLACED,), None, "sign_school_line"),
        Move("sign_government", "政府线签字", (PLACED,), None, "sign_government_line"),
        Move("strike_off", "销号", (PLACED,), CaseState.STRUCK_OFF.value, "strike_off",
             documents=(DocumentKind.RETURN_PROOF.value,)),
        Move("transfer", "接收转入", MISSING, CaseState.TRANSFERRED.value, "receive_transfer",
             fields=("class_text",), documents=(DocumentKind.RECEIVING.value,)),
        Move("defer", "批准缓学", MISSING, CaseState.DEFERRED.value, "approve_leave", fields=("until",),
             documents=(DocumentKind.APPLICATION.value, DocumentKind.HOSPITAL.value, DocumentKind.APPROVAL.value)),
        Move("suspend", "批准休学", MISSING, CaseState.SUSPENDED.value, "approve_leave", fields=("until",),
             documents=(DocumentKind.APPLICATION.value, DocumentKind.HOSPITAL.value, DocumentKind.APPROVAL.value)),
        Move("renew", "续办缓学(休学)", RESTING, None, "approve_leave", fields=("until",),
             documents=(DocumentKind.HOSPITAL.value, DocumentKind.APPROVAL.value)),
        Move("resume", "缓学(休学)期满返校", RESTING, RETURNED, "settle_return", fields=("school", "class_text")),
        Move("expire", "缓学(休学)到期未返校", RESTING, SUSPECTED, "run_clock"),
        Move("find_unfit", "专家委员会认定不具备学习条件", (*MISSING, *RESTING), CaseState.UNFIT.value, "approve_leave",
             documents=(DocumentKind.FINDING.value,)),
        *(
            Move(verb, title, (*MISSING, *RESTING), to, "approve_leave", documents=(DocumentKind.PROOF.value,), note=True)
            for verb, title, to in (
                ("record_death", "登记死亡", CaseState.DECEASED.value),
                ("record_emigration", "登记出国(境)定居", CaseState.EMIGRATED.value),
                ("record_over_age", "登记超过义务教育年龄", CaseState.OVER_AGE.value),
            )
        ),
        Move("reopen", "再次立案", (CaseState.STRUCK_OFF.value, CaseState.CLEARED.value, CaseState.TRANSFERRED.value,
                                CaseState.UNFIT.value), None, "report_absence", note=True),
    )
}  # fmt: skip


def moves_from(state: str) -> list[Move]:
    """The verbs a case in this state knows, in the order of the table."""
    return [move for move in MOVES.values() if state in move.sources]
