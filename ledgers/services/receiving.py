"""Receipt of a file: stored once, a version with a receipt number, and a job that will check it."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actor import Actor
from files import store
from files.models import StoredFile
from jobs import outbox, queue
from jobs.models import Job
from ledgers.definitions import RECEIVED
from ledgers.ledger import Ledger
from ledgers.models import OPEN_STATES, UNDER_REVIEW, Channel, Filing, State, Version
from ledgers.reading.refusals import Refusal, human_size
from schools import access, datasets
from schools.models import County, Period, School
from schools.periods import period_of

from .errors import BadRequest, TooLarge, WrongState
from .steps import lock_filing, log_step, move, refuse_locked

CHECK = "check_version"
# Sent again, such a file gets a fresh verdict: the register or a sibling may have been put right meanwhile.
REOPENED = (State.FAULTY, State.REFUSED)


@dataclass(frozen=True)
class Receipt:
    """What the sender gets at once: the version, the job that checks it, and whether the file was already here."""

    version: Version
    job: Job | None
    repeated: bool = False


def receive(
    *, county: County, ledger: str, year: int, school: School | None, data: bytes, name: str,
    channel: str = Channel.BROWSER, by: Actor,
) -> Receipt:  # fmt: skip
    """Keep a file and queue its check; returns within the second, whatever is in the file.

    `school` None means: the school codes in the sheet decide (a county-wide workbook), or a county ledger. The same
    bytes as the latest version of the slot are the same record (a double click, a retry). A version still on its way is
    replaced by the new one, unless the offices already have it in hand (WrongState: withdraw it or have it returned).
    Raises BadRequest, TooLarge, PermissionDenied, FilingLocked, WrongState, files.store.StorageError.
    """
    declared = ledger_of(ledger)
    _refuse_large(data)
    may_file(by, county, school, ledger)
    school = school or only_school(by, county, declared)
    digest = hashlib.sha256(data).hexdigest()
    filing = slot(county=county, ledger=ledger, school=school, period=period_of(declared.clock, year))
    if (known := _same_as_latest(filing, digest, by)) and known.state not in REOPENED:
        return Receipt(known, _job_of(known), repeated=True)
    file = known.file if known else store.save(data, name=name, county=county.code, purpose="ledger")
    with transaction.atomic():
        filing = lock_filing(filing.pk)
        if known := _same_as_latest(filing, digest, by):
            if known.file_id != file.pk:
                store.erase(file)
            return Receipt(known, _reopen(filing, known, by) if known.state in REOPENED else _job_of(known), repeated=True)
        if not is_carrier(filing):
            clear_the_way(filing, by=by)
        version = add_version(filing, file=file, name=name, channel=channel, by=by)
        job = enqueue_check(version, by=by)
    return Receipt(version, job)


def receive_many(files: Sequence[tuple[str, bytes]], *, ledger: str, county: County, school: School | None, by: Actor, **given) -> list[Receipt]:
    """Keep several files (name, bytes) sent at once. One slot takes one file: several belong together only where the codes
    in the sheets decide, or in a package. Raises what `receive` raises, before anything is kept where it can be foreseen."""
    declared = ledger_of(ledger)
    if len(files) > settings.LEDGER_UPLOAD_FILES:
        raise TooLarge(f"一次最多上传 {settings.LEDGER_UPLOAD_FILES} 个文件，这次有 {len(files)} 个。请分几次上传。")
    may_file(by, county, school, ledger)
    one_slot = not declared.carries and (declared.scope != "school" or (school or only_school(by, county, declared)) is not None)
    if len(files) > 1 and one_slot:
        raise BadRequest(f"一所学校的《{declared.title}》只能有一个文件，这次选了 {len(files)} 个。请合成一个工作簿；各台账的文件一起报时，请从“填报包”上传。")
    for _, data in files:
        _refuse_large(data)
    return [receive(county=county, ledger=ledger, school=school, data=data, name=name, by=by, **given) for name, data in files]


def _refuse_large(data: bytes) -> None:
    if len(data) > settings.LEDGER_UPLOAD_BYTES:
        raise TooLarge(Refusal("file-too-large", size=human_size(len(data)), limit=human_size(settings.LEDGER_UPLOAD_BYTES)).message)


def ledger_of(code: str) -> Ledger:
    """The declared ledger. Raises BadRequest for a code nobody declared."""
    try:
        return RECEIVED[code]
    except KeyError:
        raise BadRequest(f"没有名为“{code}”的台账。可用的台账：{'、'.join(f'{known.code}（{known.title}）' for known in RECEIVED.values())}。") from None


def may_file(by: Actor, county: County, school: School | None, ledger: str) -> None:
    """Raise PermissionDenied unless the actor may file this ledger for the school, the county, or (none named) some school."""
    declared = ledger_of(ledger)
    if declared.carries:
        return _may_file_any(by, county, school, declared)
    if school is not None:
        access.require(by, "file", school=school, ledger=ledger)
        return
    of_schools = declared.scope == "school" and access.schools_of(by, county, "file", ledger).exists()
    if not (of_schools or access.may(by, "file", county=county, ledger=ledger)):
        raise PermissionDenied("您的角色不能填报这份台账。")


def _may_file_any(by: Actor, county: County, school: School | None, package: Ledger) -> None:
    """A package asks for the right to one of its ledgers; each sheet is asked for again when it is handed out."""
    for ledger in package.carries:
        try:
            return may_file(by, county, school if ledger.scope == "school" else None, ledger.code)
        except PermissionDenied:
            continue
    raise PermissionDenied("您的角色不能填报这些台账。")


def only_school(by: Actor, county: County, ledger: Ledger) -> School | None:
    """The school of somebody who files for one school only: no need to choose it."""
    code = None if ledger.carries else ledger.code
    if ledger.scope != "school" or access.may(by, "file", county=county, ledger=code):
        return None
    schools = list(access.schools_of(by, county, "file", code)[:2])
    return schools[0] if len(schools) == 1 else None


def slot(*, county: County, ledger: str, school: School | None, period: Period) -> Filing:
    """The filing of this ledger, school and period; made when nobody made it before."""
    filing, _ = Filing.objects.get_or_create(county=county, ledger=ledger, school=school, period=period)
    return filing


def is_carrier(filing: Filing) -> bool:
    """Whether this slot only carries packages or county-wide workbooks, whose parts belong to filings of their own."""
    ledger = ledger_of(filing.ledger)
    return bool(ledger.carries) or (filing.school_id is None and ledger.scope == "school")


def clear_the_way(filing: Filing, *, by: Actor) -> None:
    """Before a new version: the filing may change, and the version on its way gives place. Under lock_filing."""
    refuse_locked(filing)
    former = Version.objects.filter(pk=filing.open_id).first()
    if former is None:
        return
    if former.state in UNDER_REVIEW:
        raise WrongState(f"第 {former.number} 版“{former.get_state_display()}”，正在审核。请先由审核人退回，或由学校撤回，再上传新的文件。")
    supersede(former, by=by)


def supersede(version: Version, *, by: Actor) -> None:
    """A version that was replaced before approval: its staged rows go, the file and the history stay."""
    discard_staged(version)
    move(version, verb="replace", seen=OPEN_STATES, to=State.SUPERSEDED, by=by, announce=False)


def discard_staged(version: Version) -> None:
    """Delete the staged rows of a version, and its persons' sidecar."""
    dataset = version.dataset
    if dataset is None:
        return
    Version.objects.filter(pk=version.pk).update(dataset=None)
    version.dataset = None
    persons = dataset.persons
    datasets.discard(dataset)
    if persons:
        store.erase(persons)


def add_version(filing: Filing, *, file: StoredFile | None, name: str, channel: str, by: Actor, **fields) -> Version:
    """The next version of a filing, in hand from now on. Under lock_filing, in the caller's transaction."""
    number = filing.latest_number + 1
    version = Version.objects.create(
        filing=filing, number=number, file=file, file_name=(name if len(name) <= 255 else file.name), sha256=file.sha256 if file else "", channel=channel,
        uploaded_by=by.user_id, uploaded_name=by.display_name or by.username, uploaded_role=by.role, **fields,
    )  # fmt: skip
    version.receipt = f"{filing.county.code}-{timezone.localdate():%Y%m%d}-{version.pk:06d}"
    version.save(update_fields=["receipt"])
    filing.latest_number, filing.latest, filing.open = number, version, version
    filing.save(update_fields=["latest_number", "latest", "open", "changed_at"])
    log_step(version, verb="receive", by=by, sha256=version.sha256, channel=channel)
    outbox.announce("version_received", key=f"version/{version.pk}", county=filing.county.code, version=version.pk)
    return version


def enqueue_check(version: Version, *, by: Actor | None = None) -> Job:
    """Queue the check of a received version, in the caller's transaction."""
    filing = version.filing
    job = queue.enqueue(
        CHECK, f"version/{version.pk}", args={"version": version.pk}, county=filing.county.code,
        school=filing.school.code if filing.school else "", owner=by.user_id if by else None,
    )  # fmt: skip
    Version.objects.filter(pk=version.pk).update(job_id=job.pk)
    version.job_id = job.pk
    return job


def _same_as_latest(filing: Filing, digest: str, by: Actor) -> Version | None:
    """The latest version when it is these very bytes. A returned, withdrawn or unreadable one is over: the file starts anew.

    In a carrying slot many senders meet, and one may send several workbooks: there it is the sender's own latest version
    of these bytes, as long as no part of it has been replaced.
    """
    versions = Version.objects.filter(filing=filing).order_by("-number")
    if is_carrier(filing):
        versions = versions.filter(uploaded_by=by.user_id, sha256=digest)
    latest = versions.first()
    if latest is None or latest.sha256 != digest or latest.state in (State.RETURNED, State.SUPERSEDED):
        return None
    if latest.parts.exclude(pk=F("filing__latest_id")).exists():
        return None
    return None if latest.state == State.FAULTY and latest.parts.exists() else latest


def _reopen(filing: Filing, version: Version, by: Actor) -> Job:
    """The latest version once more on its way to a verdict. Under lock_filing."""
    refuse_locked(filing)
    move(version, verb="receive", seen=REOPENED, to=State.RECEIVED, by=by, note="同一文件再次上传，重新检查", closed_at=None)
    Filing.objects.filter(pk=filing.pk).update(open=version)
    return enqueue_check(version, by=by)


def _job_of(version: Version) -> Job | None:
    return Job.objects.filter(pk=version.job_id).first()
