"""劝返走访: each attempt once, whoever sends it how often, in the words of those who went."""
from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor
from accounts.secrets import seal_row, seal_rows, unseal_row
from files import store
from files.models import StoredFile
from files.papers import IMAGES, BadPaper, accepted_name
from schools import access
from schools.access import GOVERNMENT_LINE

from ..models import Case, CaseState, Child, Line, Outcome, Visit, VisitWay
from .errors import CaseClosed, CaseError
from .steps import locked, name_of, record_step

PERSON = "person"
PURPOSE = "dropout_photo"


@transaction.atomic
def add_visit(
    *, case: Case, on: dt.date, way: str, outcome: str, participants: str, source: str = PERSON, entry_key: str, by: Actor,
    talked_to: str = "", content: str = "", next_plan: str = "", guardian_signed: bool = False,
    photo: tuple[str, bytes] | None = None, line: str = "",
) -> Visit:
    """Record one attempt on an open case; the same `entry_key` again is the same row.

    `content` is what was said (sealed under the child's key), `photo` (file name, bytes). `source` "person" needs the
    right to persuade for this child; a ledger's code there says that an approved table brought it. A visit to a
    registered dropout begins the persuasion. Raises CaseError, CaseClosed, Http404, PermissionDenied.
    """
    if source == PERSON:
        access.require_for_child(by, "persuade", case.child)
    if not entry_key:
        raise ValueError("a visit needs an entry key")
    current = locked(case.pk)
    known = Visit.objects.filter(case=current, entry_key=entry_key).first()
    if known is not None:
        return known
    _check(current, on)
    if source == PERSON:
        _check_words(way, outcome, participants)
    visit = Visit.objects.create(
        case=current, on=on, way=way, outcome=outcome, participants=participants.strip()[:200], talked_to=talked_to[:20],
        sealed=seal_for(current.child, content.strip()) if content.strip() else "", next_plan=next_plan[:200],
        photo=_kept(current, photo) if photo else None, guardian_signed=guardian_signed, line=line or line_of(by, way),
        recorded_by_id=by.user_id, recorded_name=name_of(by), source=source[:20], entry_key=entry_key[:40],
    )
    begins = current.state == CaseState.REGISTERED
    # A visit may be told late; the state still changes no earlier than it came to be.
    record_step(current, "visit", to=CaseState.PERSUADING if begins else None, on=max(on, current.state_since) if begins else on, by=by,
                detail={"visit": visit.pk, "way": way, "outcome": outcome, "source": source})  # fmt: skip
    _refresh(case, current)
    return visit


def line_of(by: Actor, way: str = "") -> str:
    """The line an actor stands in; the bureau counts with the schools."""
    return Line.GOVERNMENT.value if by.role in GOVERNMENT_LINE else Line.SCHOOL.value


def content_of(visit: Visit, child: Child) -> str:
    """What was said; "" when nothing was written. The caller has asked for the full view and logged it."""
    return unseal_row(child.data_key, visit.sealed) if visit.sealed and child.data_key else ""


def seal_for(child: Child, text: str) -> str:
    """A text under the child's own key: erasing the key erases it. A child without a key gets one."""
    if not child.data_key:
        [(child.data_key, child.sealed)] = seal_rows([json.dumps({})])
        child.save(update_fields=["data_key", "sealed"])
    return seal_row(child.data_key, text)


def _check(case: Case, on: dt.date) -> None:
    if not case.is_open:
        raise CaseClosed(f"案件{case.number}已经结案（{case.get_state_display()}），不能再登记劝返。学生再次离校的，请再次立案。")
    if on < case.absent_since:
        raise CaseError(f"劝返日期{on:%Y-%m-%d}早于离校日期{case.absent_since:%Y-%m-%d}，请核对日期。")


def _check_words(way: str, outcome: str, participants: str) -> None:
    """What a person must say; a table that was approved says what it says, and what it leaves out stays blank."""
    if way not in VisitWay.values or outcome not in Outcome.values:
        raise CaseError("请选择劝返的方式和结果。")
    if not participants.strip():
        raise CaseError("请写明参加人员（姓名、单位、职务）。")


def _kept(case: Case, photo: tuple[str, bytes]) -> StoredFile:
    name, content = photo
    try:
        name = accepted_name(name, content, limit=settings.PHOTO_UPLOAD_BYTES, kinds=IMAGES)
    except BadPaper as fault:
        raise CaseError(str(fault)) from None
    return store.save(content, name=name, county=case.county.code, purpose=PURPOSE)


def _refresh(seen: Case, current: Case) -> None:
    """The caller's object shows what the locked row says now."""
    seen.state, seen.state_since, seen.revision = current.state, current.state_since, current.revision
