"""One door for every verb on a filing: the API, the pages and the command come through here.

A county-wide workbook has parts; a verb on it is the verb on every part, all or none.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.notices import notify
from ledgers.models import Filing, State, Version
from ledgers.workflow import STEPS, chain_of
from schools import access, datasets
from schools.models import Membership

from .approval import approve_version, withdraw_version
from .errors import BadRequest, Unexplained, WrongState
from .receiving import is_carrier
from .verbs import (
    confirm_version,
    explain_doubts,
    lock_filing_for_changes,
    pass_township,
    request_unlock,
    return_version,
    said,
    submit_version,
    take_back,
    unlock_filing,
)

VERBS = ("explain", "submit", "confirm", "pass", "approve", "return", "withdraw", "lock", "unlock", "request-unlock")


def act(
    verb: str, *, filing: Filing, number: int, by: Actor, reason: str = "", cells: Sequence[Mapping[str, str]] = (),
    texts: Mapping[str, str] | None = None,
) -> list[Version]:  # fmt: skip
    """Do `verb` to version `number` of the filing (to all parts of a county-wide workbook). Returns the versions moved.

    Raises BadRequest for an unknown verb, and whatever the verb raises; then nothing has changed.
    """
    if verb not in VERBS:
        raise BadRequest(f"没有“{verb}”这个动作。可用的动作：{'、'.join(VERBS)}。")
    if verb in ("lock", "unlock", "request-unlock"):
        return _lock_verb(verb, filing, reason, by)
    with transaction.atomic():
        if verb in ("approve", "withdraw"):
            datasets.lock_county(filing.county_id)
        _carrier_doubts(verb, filing, number, texts or {}, by)
        return [_one(verb, version, by=by, reason=reason, cells=cells, texts=texts or {}) for version in targets(filing, number, texts)]


def _carrier_doubts(verb: str, filing: Filing, number: int, texts: Mapping[str, str], by: Actor) -> None:
    """Doubts about a county-wide workbook as a whole are explained on it, before its parts are submitted."""
    if not is_carrier(filing) or verb not in ("explain", "submit"):
        return
    carrier = Version.objects.select_for_update().filter(filing=filing, number=number).first()
    if carrier and verb == "explain":
        carrier.explanations = {**carrier.explanations, **said(carrier, texts, by)}
        carrier.save(update_fields=["explanations"])
    elif carrier and carrier.unexplained:
        raise Unexplained(f"还有 {len(carrier.unexplained)} 类疑点没有说明，不能报送。请核对后逐项说明，或改正后重新上传。")


def targets(filing: Filing, number: int, texts: Mapping[str, str] | None = None) -> list[Version]:
    """The versions a verb means: the version itself, or the parts of a county-wide workbook, in the order of locking."""
    version = Version.objects.filter(filing=filing, number=number).first()
    if version is None or not is_carrier(filing):
        return [version or Version(filing=filing, number=number)]
    parts = list(version.parts.exclude(state=State.SUPERSEDED).select_related("filing").order_by("filing__school_id", "id"))
    if not parts:
        raise WrongState("这份合并工作簿没有可以办理的学校：请先按检查结果改正后重新上传。")
    if texts:
        parts = [part for part in parts if {group["key"] for group in part.groups} & set(texts)]
    return parts


def _one(verb: str, version: Version, *, by: Actor, reason: str, cells: Sequence[Mapping[str, str]], texts: Mapping[str, str]) -> Version:
    at = {"filing_id": version.filing_id, "number": version.number, "by": by}
    match verb:
        case "explain":
            keys = {group["key"] for group in version.groups}
            mine = {k: t for k, t in texts.items() if k in keys} if version.carrier_id else dict(texts)
            return explain_doubts(**at, texts=mine)
        case "submit":
            return submit_version(**at, note=reason)
        case "confirm":
            return confirm_version(**at, note=reason)
        case "pass":
            return pass_township(**at, note=reason)
        case "approve":
            return approve_version(**at, note=reason)
        case "return":
            return return_version(**at, reason=reason, cells=cells)
    filing = Filing.objects.get(pk=version.filing_id)
    if filing.standing_id and filing.standing_id == version.pk:
        return withdraw_version(**at, reason=reason)
    return take_back(**at)


def _lock_verb(verb: str, filing: Filing, reason: str, by: Actor) -> list[Version]:
    if verb == "request-unlock":
        filing = request_unlock(filing_id=filing.pk, reason=reason, by=by)
    else:
        filing = (lock_filing_for_changes if verb == "lock" else unlock_filing)(filing_id=filing.pk, by=by)
    return [filing.latest] if filing.latest else []


def commit_versions(versions: Sequence[Version], *, by: Actor, explanation: str = "") -> list[Version]:
    """代办: every verb from submission to approval in one go, for all versions or none, each step logged as done on behalf.

    The versions are checked ones of the slots themselves (never a carrier). A user must hold every right of the chain;
    the operator may do all, and the schools' heads are told. Raises what the verbs raise.
    """
    carriers = {version.carrier for version in versions if version.carrier_id}
    if not explanation.strip() and any(carrier.unexplained for carrier in carriers):
        raise Unexplained("合并工作簿有疑点没有说明，不能报送。请核对后用 --explain 写明原因，或改正后重新导入。")
    versions = sorted(versions, key=lambda v: (v.filing.school_id or 0, v.pk))
    if not versions:
        return []
    with transaction.atomic():
        datasets.lock_county(versions[0].filing.county_id)
        return [_commit(version, by=by, explanation=explanation) for version in versions]


def _commit(version: Version, *, by: Actor, explanation: str) -> Version:
    filing = Filing.objects.select_related("county", "school", "period").get(pk=version.filing_id)
    at = {"filing_id": filing.pk, "number": version.number, "by": by}
    if version.state == State.APPROVED:
        return version
    _may_do_all(filing, by)
    if version.state == State.CHECKED:
        version = _explain_all(version, at, explanation)
        version = submit_version(**at, on_behalf=True, note=explanation)
    done = {"head": confirm_version, "township": pass_township, "county": approve_version}
    reached = [State.SUBMITTED, *(STEPS[step][1] for step in chain_of(filing))]
    if version.state not in reached:
        raise WrongState(f"第 {version.number} 版现在是“{version.get_state_display()}”，不能办理报送和审核。")
    for step in chain_of(filing)[reached.index(version.state):]:
        version = done[step](**at, on_behalf=True, note=explanation)
    if by.kind == "operator" and filing.school_id:
        _tell_heads(filing, version)
    return version


def _explain_all(version: Version, at: dict, explanation: str) -> Version:
    open_doubts = version.unexplained
    if not open_doubts:
        return version
    if not explanation.strip():
        raise Unexplained(f"有 {len(open_doubts)} 类疑点没有说明，不能报送。请核对后用 --explain 写明原因，或改正后重新导入。")
    return explain_doubts(**at, texts={group["key"]: explanation for group in open_doubts})


def _may_do_all(filing: Filing, by: Actor) -> None:
    rights = ["file", *(STEPS[step][3] for step in chain_of(filing))]
    where = {"school": filing.school} if filing.school else {"county": filing.county}
    missing = [right for right in rights if not access.may(by, right, ledger=filing.ledger, **where)]
    if missing:
        raise PermissionDenied("这个用户不能办理从报送到县审核的每一步，请由系统操作员代办，或分别由各环节的人办理。")


def _tell_heads(filing: Filing, version: Version) -> None:
    heads = Membership.objects.filter(role="school_head", school_id__in=[filing.school_id, filing.school.parent_id or filing.school_id])
    notify(
        heads.values_list("user_id", flat=True), key=f"on-behalf/{filing.pk}/{version.number}",
        text=f"系统操作员代办了{filing.school.name}的一份台账（第 {version.number} 版）的报送和审核，请核对。",
    )  # fmt: skip
