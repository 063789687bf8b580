"""县审核 and 撤回: the two verbs that move facts. Each is one transaction under the county lock."""
from __future__ import annotations

import json

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from files import store
from jobs import outbox
from jobs.collector import collector_paused
from ledgers.models import Channel, Filing, State, Version
from ledgers.workflow import seen_state
from schools import access, datasets
from schools.models import DatasetState, Period, PeriodKind

from .crossing import cross_problems
from .errors import ChecksFailed, WrongState
from .receiving import add_version, ledger_of
from .rechecking import recheck_siblings
from .steps import lock_filing, move, open_version, refuse_locked
from .verbs import ask_for_word, require, tell_uploader

# What a restored version repeats of the one it restores.
_VERDICT = (
    "rows_read", "accepted", "refused", "skipped", "errors", "doubts", "notices", "repair_count", "groups", "problems",
    "repairs", "report", "explanations", "checked_at",
)  # fmt: skip


def approve_version(*, filing_id: int, number: int, by: Actor, on_behalf: bool = False, note: str = "") -> Version:
    """县审核: the staged rows become the standing facts.

    1 the county lock · 2 compare-and-set on the version seen · 3 the checks across ledgers, once more · 4 the pointer
    flips · 5 `after_commit` of the ledger · 6 the former version is superseded · 7 log and announcement. Raises
    ChecksFailed, StaleVersion, WrongState, FilingLocked; then nothing has changed.
    """
    with transaction.atomic(), collector_paused():
        county_id = Filing.objects.values_list("county_id", flat=True).get(pk=filing_id)
        county = datasets.lock_county(county_id)
        filing = lock_filing(filing_id)
        require(by, "approve", filing)
        refuse_locked(filing)
        version = open_version(filing, number)
        expected = seen_state(filing, "county")
        if version.state == expected:
            ask_for_word(version, note)
            _refuse_cross_errors(version)
        former = filing.standing
        version = move(version, verb="approve", seen=[expected], to=State.APPROVED, by=by, on_behalf=on_behalf, note=note)
        datasets.make_standing(version.dataset, by=by)
        _after_commit(filing, version, by)
        if former:
            former.filing = filing
            move(former, verb="replace", seen=[State.APPROVED], to=State.SUPERSEDED, by=by, announce=False)
        Filing.objects.filter(pk=filing.pk).update(standing=version, open=None, changed_at=timezone.now())
        announce_facts(county.code, filing.period)
        tell_uploader(version, "已通过县级审核", by=by)
    return version


def _after_commit(filing: Filing, version: Version, by: Actor) -> None:
    """The ledger's one service call downward; then the persons' sidecar has done its work and is destroyed."""
    sidecar = version.dataset.persons
    persons = json.loads(store.read(sidecar)) if sidecar and not sidecar.erased_at else {}
    ledger_of(filing.ledger).after_commit(version.dataset, persons, by)
    if sidecar and not sidecar.erased_at:
        store.erase(sidecar)


def _refuse_cross_errors(version: Version) -> None:
    errors = [problem for problem in cross_problems(version, at_approval=True) if problem["level"] == "error"]
    if errors:
        more = f"（共 {len(errors)} 处）" if len(errors) > 1 else ""
        raise ChecksFailed(f"审核前的跨表核对发现错误{more}：{errors[0]['message']}请退回学校改正后再审核。", problems=errors)


def withdraw_version(*, filing_id: int, number: int, reason: str = "", by: Actor) -> Version:
    """撤回 an approved version: a new version cites it and brings back the one before; with none, nothing stands.

    The county's right only: approved facts never change behind the bureau's back. Returns the new version. Raises
    WrongState when that version does not stand.
    """
    with transaction.atomic():
        county_id = Filing.objects.values_list("county_id", flat=True).get(pk=filing_id)
        county = datasets.lock_county(county_id)
        filing = lock_filing(filing_id)
        access.require(by, "withdraw", county=county, ledger=filing.ledger)
        refuse_locked(filing)
        standing = filing.standing
        if standing is None or standing.number != number:
            raise WrongState(f"第 {number} 版不是现行版本，不能撤回。请刷新页面后再办理。")
        before = _stood_before(standing)
        in_hand = filing.open
        fresh = add_version(
            filing, file=before.file if before else None, name=before.file_name if before else "", channel=Channel.WITHDRAWAL,
            by=by, withdrawn_of=standing, restores=before, dataset=before.dataset if before else None,
            **({name: getattr(before, name) for name in _VERDICT} if before else {}),
        )  # fmt: skip
        move(standing, verb="withdraw", seen=[State.APPROVED], to=State.SUPERSEDED, by=by, note=reason, announce=False)
        fresh = move(
            fresh, verb="restore", seen=[State.RECEIVED], to=State.APPROVED if before else State.SUPERSEDED, by=by, note=reason
        )
        if before:
            datasets.make_standing(before.dataset, by=by)
        else:
            datasets.retire(standing.dataset, by=by)
        Filing.objects.filter(pk=filing.pk).update(standing=fresh if before else None, open=in_hand, changed_at=timezone.now())
        announce_facts(county.code, filing.period)
        recheck_siblings(filing)
        tell_uploader(standing, "已被撤回" + (f"：{reason[:120]}" if reason else ""), by=by)
    return fresh


def _stood_before(version: Version) -> Version | None:
    """The newest version that stood before this one and was not itself withdrawn."""
    oldest = version.restores or version
    withdrawn = Version.objects.filter(filing_id=version.filing_id, withdrawn_of__isnull=False).values("withdrawn_of")
    stood = Version.objects.filter(
        filing_id=version.filing_id, number__lt=oldest.number, dataset__state=DatasetState.RETIRED, withdrawn_of__isnull=True
    )
    return stood.exclude(pk__in=withdrawn).order_by("-number").first()


def announce_facts(county_code: str, period: Period) -> None:
    """Tell higher rooms that the standing facts of a school year moved. A fiscal year counts for the school year after it."""
    year = period.year + 1 if period.kind == PeriodKind.FISCAL_YEAR else period.year
    outbox.announce("facts_changed", key=f"{county_code}/{year}", county=county_code, year=year)
