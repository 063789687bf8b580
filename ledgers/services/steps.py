"""The one way a version moves: compare-and-set on what the actor saw, a step row, an audit row and an announcement."""
from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import outbox
from ledgers.models import OPEN_STATES, Filing, State, Version, VersionStep

from .errors import FilingLocked, StaleVersion, WrongState


def lock_filing(filing_id: int) -> Filing:
    """The filing's row, locked until the caller's transaction ends."""
    filing = Filing.objects.select_for_update(of=("self",)).select_related("county", "school", "period").get(pk=filing_id)
    if filing.school is not None:
        filing.school.county = filing.county
    return filing


def open_version(filing: Filing, number: int) -> Version:
    """The version in hand, if it is still the one the actor saw. Raises StaleVersion (409). Call under lock_filing."""
    version = Version.objects.filter(filing=filing, number=number).first()
    if version is None or filing.open_id != version.pk:
        raise StaleVersion(f"{_what_became(filing, version, number)}请刷新页面，按最新版本办理。", latest=filing.latest_number)
    version.filing = filing
    return version


def _what_became(filing: Filing, version: Version | None, number: int) -> str:
    """Why the version seen is not the one in hand, in one sentence."""
    if version is None:
        return f"没有第 {number} 版，最新的是第 {filing.latest_number} 版。"
    # Read again: the actor's page may be seconds old, and so may this row.
    state = Version.objects.values_list("state", flat=True).get(pk=version.pk)
    current = Version.objects.filter(pk=filing.open_id or filing.standing_id).first()
    if current is None or current.pk == version.pk:
        return f"第 {number} 版现在是“{State(state).label}”，可能已由别人办理，这一步不必再办。"
    return f"您看到的是第 {number} 版，现在最新的是第 {current.number} 版（{current.get_state_display()}）。"


def refuse_locked(filing: Filing) -> None:
    """A locked filing changes by no path."""
    if filing.locked:
        raise FilingLocked("这份台账已锁定，不能再变动。如确需修改，请先申请解锁，由县教育局同意后再办理。")


def move(
    version: Version,
    *,
    verb: str,
    seen: Collection[str],
    to: str,
    by: Actor,
    note: str = "",
    on_behalf: bool = False,
    announce: bool = True,
    **fields,
) -> Version:
    """Set the state if it is still one of `seen` (else WrongState), and log it. In the caller's transaction."""
    if to not in OPEN_STATES:
        fields.setdefault("closed_at", timezone.now())
    changed = Version.objects.filter(pk=version.pk, state__in=list(seen)).update(state=to, **fields)
    if not changed:
        current = Version.objects.get(pk=version.pk)
        raise WrongState(
            f"第 {version.number} 版现在是“{current.get_state_display()}”，此时不能办理“{VERBS[verb]}”。请刷新页面后再办理。",
            state=current.state,
        )
    former, filing = version.state, version.filing
    version.refresh_from_db()
    version.filing = filing  # with its county and school, which a refresh forgets
    log_step(version, verb=verb, by=by, note=note, on_behalf=on_behalf, former=former)
    if version.carrier_id:
        _follow_parts(version.carrier_id)
    if announce:
        announce_filing(version.filing)
    return version


def _follow_parts(carrier_id: int) -> None:
    """A county-wide workbook is where all its parts are, once they are at one place."""
    states = list(Version.objects.filter(carrier_id=carrier_id).order_by().values_list("state", flat=True).distinct()[:2])
    if len(states) == 1:
        Version.objects.filter(pk=carrier_id).exclude(state__in=[State.RECEIVED, State.CHECKING]).update(state=states[0])


def log_step(version: Version, *, verb: str, by: Actor, note: str = "", on_behalf: bool = False, **detail) -> None:
    """The step in the version's own history and in the audit trail."""
    VersionStep.objects.create(
        version=version, verb=verb, state=version.state, actor_id=by.user_id, actor_name=by.display_name or by.username,
        actor_role=by.role, on_behalf=on_behalf, note=note[:500],
    )  # fmt: skip
    filing = version.filing
    audit.record(
        f"version.{AUDIT_VERBS.get(verb, verb)}", by=by, object=f"filing/{filing.pk}/version/{version.number}",
        county=filing.county.code, result=version.state, ledger=filing.ledger,
        school=filing.school.code if filing.school else "", on_behalf=on_behalf, note=note[:200], **detail,
    )  # fmt: skip


def announce_filing(filing: Filing) -> None:
    """Tell higher rooms that this slot moved."""
    outbox.announce(
        "filing_changed", key=f"{filing.county.code}/{filing.period_id}/{filing.school_id or 0}", county=filing.county.code,
        school=filing.school.code if filing.school else "", filing=filing.pk, period=filing.period_id,
    )  # fmt: skip


VERBS = {
    "receive": "接收", "check": "检查", "recheck": "重新检查", "refuse": "拒收", "explain": "说明疑点", "submit": "报送", "confirm": "校长审签",
    "pass": "中心校初审", "approve": "县级审核", "return": "退回修改", "withdraw": "撤回", "replace": "替换", "mend": "网页改正", "answer": "回答疑问",
    "lock": "锁定", "unlock": "解锁", "request-unlock": "申请解锁", "restore": "恢复", "redact": "删除个人信息",
}  # fmt: skip
AUDIT_VERBS = {
    "receive": "received", "check": "checked", "recheck": "rechecked", "refuse": "refused", "explain": "explained",
    "submit": "submitted", "confirm": "head_confirmed", "pass": "township_passed", "approve": "approved",
    "return": "returned", "withdraw": "withdrawn", "replace": "superseded", "mend": "mended", "answer": "answered", "restore": "restored",
    "lock": "locked", "unlock": "unlocked", "request-unlock": "unlock_requested", "redact": "redacted",
}  # fmt: skip
