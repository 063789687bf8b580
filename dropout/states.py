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
OUT = (REGISTERED, PERSUADING, NOTICED)  # and was reported as a dropout
BACK = (RETURNED, PLACED)  # in class again, not struck off yet
RESTING = (CaseState.DEFERRED.value, CaseState.SUSPENDED.value)
# Where the right to a move is asked: for the child, at the receiving school itself, or for the county as a whole.
CHILD, RECEIVER, COUNTY = "child", "receiver", "county"


@dataclass(frozen=True)
class Move:
    """One verb. `to` None keeps the state. `access` is the verb schools.access is asked, `at` for what. `documents`:
    kinds of which an unused paper must be on the case; `fields`: what the actor must give; `note` that a word of reason
    is compulsory; `clock` that the system may do it by itself."""

    verb: str
    title: str
    sources: tuple[str, ...]
    to: str | None
    access: str
    fields: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    note: bool = False
    at: str = CHILD
    clock: bool = False


LEAVE = (DocumentKind.APPLICATION.value, DocumentKind.HOSPITAL.value, DocumentKind.APPROVAL.value)
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("explain", "缺勤已说明", (ABSENT,), CaseState.CLEARED.value, "report_absence", note=True),
        Move("come_back", "已到校上课", (ABSENT,), CaseState.CLEARED.value, "report_absence"),
        Move("suspect", "列为疑似辍学", (ABSENT,), SUSPECTED, "report_absence", clock=True),
        Move("clear", "核实未辍学", (ABSENT, SUSPECTED), CaseState.CLEARED.value, "register_dropout",
             documents=(DocumentKind.PROOF.value,), note=True),
        Move("assign_school", "指定责任学校", (*MISSING, *RESTING), None, "register_dropout", fields=("school",)),
        Move("register", "登记辍学并书面报告", (SUSPECTED,), REGISTERED, "register_dropout",
             fields=("report_number", "reason"), documents=(DocumentKind.REPORT.value,)),
        Move("visit", "记录劝返", (*MISSING, ABSENT), None, "persuade", fields=("way", "outcome", "participants")),
        Move("notice", "发限期返校通知书", (REGISTERED, PERSUADING), NOTICED, "issue_notice",
             fields=("deadline",), documents=(DocumentKind.NOTICE.value,)),
        Move("return", "登记复学", MISSING, RETURNED, "settle_return", fields=("school", "class_text")),
        Move("place", "登记安置", (RETURNED,), PLACED, "settle_return", fields=("placement",)),
        Move("relapse", "再次离校", BACK, PERSUADING, "report_absence", note=True, clock=True),
        Move("check", "返校核查", (PLACED,), None, "persuade", note=True),
        Move("sign_school", "教育线签字", (PLACED,), None, "sign_school_line"),
        Move("sign_government", "政府线签字", (PLACED,), None, "sign_government_line"),
        Move("strike_off", "销号", (PLACED,), CaseState.STRUCK_OFF.value, "strike_off",
             documents=(DocumentKind.RETURN_PROOF.value,)),
        Move("offer_transfer", "请接收学校确认转入", MISSING, None, "register_dropout", fields=("school",)),
        Move("transfer", "接收转入", MISSING, CaseState.TRANSFERRED.value, "receive_transfer",
             fields=("class_text",), documents=(DocumentKind.RECEIVING.value,), at=RECEIVER),
        Move("transfer_away", "转往县外，对方已接收", MISSING, CaseState.TRANSFERRED.value, "receive_transfer",
             fields=("receiving_school",), documents=(DocumentKind.RECEIVING.value,), at=COUNTY),
        Move("defer", "批准缓学", MISSING, CaseState.DEFERRED.value, "approve_leave", fields=("until",), documents=LEAVE),
        Move("suspend", "批准休学", MISSING, CaseState.SUSPENDED.value, "approve_leave", fields=("until",), documents=LEAVE),
        Move("renew", "续办缓学(休学)", RESTING, None, "approve_leave", fields=("until",), documents=LEAVE[1:]),
        Move("resume", "缓学(休学)期满返校", RESTING, RETURNED, "settle_return", fields=("school", "class_text")),
        Move("expire", "缓学(休学)到期未返校", RESTING, SUSPECTED, "run_clock", clock=True),
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

# What an actor gives with a move, in words.
FIELD_TITLES = {
    "report_number": "书面报告编号", "reason": "辍学原因", "way": "劝返方式", "outcome": "劝返结果", "participants": "参加人员",
    "deadline": "限期返校日期", "school": "学校", "class_text": "班级", "placement": "安置方式", "until": "到期日",
    "receiving_school": "接收学校(县外)",
}  # fmt: skip
# The moves that put the clock back to its start: a new absence begins, and papers of the former return prove nothing now.
RESTARTS = ("relapse", "expire")


def moves_from(state: str) -> list[Move]:
    """The verbs a case in this state knows, in the order of the table."""
    return [move for move in MOVES.values() if state in move.sources]
