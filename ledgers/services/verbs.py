"""What the school and the offices do with a checked version: each verb compares what the actor saw, moves, and logs."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.notices import notify
from ledgers.models import UNDER_REVIEW, Filing, State, Version
from ledgers.workflow import STEPS, next_step, seen_state
from schools import access

from .errors import BadRequest, Unexplained, WrongState
from .receiving import ledger_of
from .rechecking import recheck_siblings
from .steps import lock_filing, log_step, move, open_version, refuse_locked


def require(by: Actor, right: str, filing: Filing) -> None:
    """Raise PermissionDenied (403) unless the actor has this right at the filing's school or county."""
    if filing.school is not None:
        access.require(by, right, school=filing.school, ledger=filing.ledger)
    else:
        access.require(by, right, county=filing.county, ledger=filing.ledger)


def explain_doubts(*, filing_id: int, number: int, texts: Mapping[str, str], by: Actor) -> Version:
    """Say why doubtful values are right: {group key: text}. Explained once, the doubt passes.

    Raises StaleVersion, WrongState, BadRequest for a key that is no doubt of this version or an empty text.
    """
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, "file", filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        _expect(version, (State.CHECKED, State.FAULTY), "说明疑点")
        given = said(version, texts, by)
        if len(given) < len(texts):
            raise BadRequest("要说明的疑点不在这一版的问题清单中，请刷新页面后重试。")
        version.explanations = {**version.explanations, **given}
        version.save(update_fields=["explanations"])
        log_step(version, verb="explain", by=by, note=f"说明疑点 {len(given)} 项")
    return version


def said(version: Version, texts: Mapping[str, str], by: Actor) -> dict[str, dict]:
    """The explanations of those texts that name a doubt of this version. Raises BadRequest for an empty text."""
    doubts = {group["key"] for group in version.groups if group["level"] == "doubt"}
    if any(not text.strip() for text in texts.values()):
        raise BadRequest("疑点说明不能为空，请写明该数据为什么是正确的。")
    at, name = timezone.now().isoformat(timespec="seconds"), by.display_name or by.username
    return {key: {"text": text.strip()[:500], "by": name, "at": at} for key, text in texts.items() if key in doubts}


def submit_version(*, filing_id: int, number: int, by: Actor, on_behalf: bool = False, note: str = "") -> Version:
    """报送: a clean version, its doubts explained, goes to the offices. A change outside the cells it had been returned for
    needs the school's word in `note`. Raises Unexplained, WrongState, StaleVersion.
    """
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, "file", filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        if version.state == State.CHECKED and version.unexplained:
            raise Unexplained(f"还有 {len(version.unexplained)} 类疑点没有说明，不能报送。请核对后逐项说明，或改正后重新上传。")
        ask_for_word(version, note)
        return move(version, verb="submit", seen=[State.CHECKED], to=State.SUBMITTED, by=by, on_behalf=on_behalf, note=note)


def ask_for_word(version: Version, note: str) -> None:
    """A change outside the returned cells needs the word of both the school and the approver. Raises Unexplained."""
    if version.changed_outside and not note.strip():
        raise Unexplained(f"除退回要求修改的单元格外，还改动了 {len(version.changed_outside)} 处。请核对这些改动，并写明意见后再办理。")


def confirm_version(*, filing_id: int, number: int, by: Actor, on_behalf: bool = False, note: str = "") -> Version:
    """校长审签."""
    return _pass_step("head", filing_id, number, by, on_behalf, note)


def pass_township(*, filing_id: int, number: int, by: Actor, on_behalf: bool = False, note: str = "") -> Version:
    """中心校(乡镇)初审."""
    return _pass_step("township", filing_id, number, by, on_behalf, note)


def _pass_step(step: str, filing_id: int, number: int, by: Actor, on_behalf: bool, note: str) -> Version:
    verb, reached, title, right = STEPS[step]
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, right, filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        try:
            seen = seen_state(filing, step)
        except LookupError:
            raise WrongState(f"本县没有为这类学校设置“{title}”环节，不需要办理。") from None
        return move(version, verb=verb, seen=[seen], to=reached, by=by, on_behalf=on_behalf, note=note)


def return_version(*, filing_id: int, number: int, reason: str, cells: Iterable[Mapping[str, str]] = (), by: Actor) -> Version:
    """退回修改, by whoever's step it is (or the county): a reason, and the cells meant [{"sheet", "cell", "reason"}].

    Raises BadRequest without a reason.
    """
    if not reason.strip():
        raise BadRequest("退回时必须写明原因，学校才知道改什么。")
    cells = [{k: str(c.get(k, ""))[:200] for k in ("sheet", "cell", "reason")} for c in cells if c.get("cell")]
    with transaction.atomic():
        filing = lock_filing(filing_id)
        step = _step_in_hand(filing)
        if not access.may(by, "approve", **_where(filing)):
            require(by, STEPS[step or "county"][3], filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        version = move(
            version, verb="return", seen=UNDER_REVIEW, to=State.RETURNED, by=by, note=reason.strip(),
            returned_reason=reason.strip()[:500], returned_cells=cells,
        )  # fmt: skip
        Filing.objects.filter(pk=filing.pk).update(open=None, changed_at=timezone.now())
        recheck_siblings(filing)
        tell_uploader(version, "被退回修改：" + version.returned_reason[:120], by=by)
    return version


def take_back(*, filing_id: int, number: int, by: Actor) -> Version:
    """The school takes a submitted version back before the county approved it: it is merely checked again."""
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, "withdraw", filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        return move(version, verb="withdraw", seen=UNDER_REVIEW, to=State.CHECKED, by=by)


def lock_filing_for_changes(*, filing_id: int, by: Actor) -> Filing:
    """锁定: from now on the filing changes by no path."""
    return _set_lock(filing_id, by=by, locked=True)


def unlock_filing(*, filing_id: int, by: Actor) -> Filing:
    """解锁, whether it was asked for or not."""
    return _set_lock(filing_id, by=by, locked=False)


def _set_lock(filing_id: int, *, by: Actor, locked: bool) -> Filing:
    with transaction.atomic():
        filing = lock_filing(filing_id)
        access.require(by, "lock", county=filing.county)
        filing.locked, filing.unlock_requested, filing.unlock_reason = locked, False, ""
        filing.save(update_fields=["locked", "unlock_requested", "unlock_reason", "changed_at"])
        if filing.latest:
            log_step(filing.latest, verb="lock" if locked else "unlock", by=by)
    return filing


def request_unlock(*, filing_id: int, reason: str, by: Actor) -> Filing:
    """申请解锁, with a reason, by whoever files."""
    if not reason.strip():
        raise BadRequest("申请解锁必须写明理由。")
    with transaction.atomic():
        filing = lock_filing(filing_id)
        require(by, "file", filing)
        if not filing.locked:
            raise WrongState("这份台账没有锁定，可以直接上传新文件。")
        filing.unlock_requested, filing.unlock_reason = True, reason.strip()[:300]
        filing.save(update_fields=["unlock_requested", "unlock_reason", "changed_at"])
        if filing.latest:
            log_step(filing.latest, verb="request-unlock", by=by, note=filing.unlock_reason)
    return filing


def tell_uploader(version: Version, text: str, *, by: Actor | None = None) -> None:
    """One line for the person who sent the file, unless that person did it."""
    if version.uploaded_by and not (by and by.user_id == version.uploaded_by):
        filing = version.filing
        place = filing.school.name if filing.school else filing.county.name
        url = reverse("ledgers:version", args=[filing.pk, version.number])
        notify([version.uploaded_by], text=f"{place}《{ledger_of(filing.ledger).title}》第 {version.number} 版{text}", url=url, key=f"version/{version.pk}/{version.state}")


def _step_in_hand(filing: Filing) -> str | None:
    current = Version.objects.filter(pk=filing.open_id).first()
    return next_step(filing, current.state) if current else None


def _where(filing: Filing) -> dict:
    if filing.school is not None:
        return {"school": filing.school, "ledger": filing.ledger}
    return {"county": filing.county, "ledger": filing.ledger}


def _expect(version: Version, states: Iterable[str], title: str) -> None:
    if version.state not in states:
        raise WrongState(f"第 {version.number} 版现在是“{version.get_state_display()}”，此时不能办理“{title}”。请刷新页面后再办理。")
