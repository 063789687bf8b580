"""Importing files in place: received, checked and, if asked, committed, all or nothing. For commands; no worker needed."""
from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from jobs.models import Job
from jobs.runner import run_job
from ledgers.models import Channel, State, Version
from ledgers.problems import Problem
from ledgers.services.acting import commit_versions
from ledgers.services.errors import FilingError, TooLarge, Unexplained
from ledgers.services.receiving import Receipt, is_carrier, receive
from ledgers.verdicts import payload
from schools.models import County, School

WAIT_SECONDS = 300


@dataclass
class Import:
    """What to import, and as whom."""

    county: County
    ledger: str
    year: int
    by: Actor
    commit: bool = False
    explanation: str = ""
    school: School | None = None

    def refuse(self, code: str, *, file: str = "", value: str = "", **params: str) -> dict:
        """The JSON of a refusal before any file was read."""
        return {**payload([], [_problem(code, file=file, value=value, **params)]), "status": "refused"}


def run_import(task: Import, files: Sequence[Path]) -> tuple[dict, int]:
    """Import the files; returns the contract's JSON and the exit code (0 done, 1 refused by the data).

    1 every file is received and checked · 2 the verdicts are joined · 3 with `commit`, and only when no file has errors,
    every verb up to approval is done for all of them in one transaction.
    """
    versions: list[Version] = []
    extra: list[dict] = []
    for path in files:
        try:
            receipt = receive(
                county=task.county, ledger=task.ledger, year=task.year, school=task.school, data=path.read_bytes(), name=path.name,
                channel=Channel.COMMAND, by=task.by,
            )  # fmt: skip
        except PermissionDenied as error:
            extra.append(_problem("no-permission", file=path.name, text=str(error)))
        except TooLarge as error:
            extra.append(_problem("file-too-large", file=path.name, text=str(error)))
        except FilingError as error:
            extra.append(_problem("slot-not-free", file=path.name, value=task.school.name if task.school else path.name, text=str(error)))
        else:
            versions.append(finish_check(receipt))
    versions = [_fresh(version) for version in versions]
    extra += _twice(versions)
    result = payload(versions, extra)
    if extra and not versions:
        result["status"] = "refused"
    if result["status"] not in ("clean", "doubts"):
        return result, 1
    return _commit(task, versions, result) if task.commit else (result, 0)


def finish_check(receipt: Receipt) -> Version:
    """Run the check here, or wait for the worker that took it first."""
    job = receipt.job
    deadline = time.monotonic() + WAIT_SECONDS
    while job is not None and job.is_open and time.monotonic() < deadline:
        job = run_job(job.pk) or _poll(job)
    return receipt.version


def _poll(job: Job) -> Job:
    job.refresh_from_db()
    if job.is_open:
        time.sleep(0.1)
    return job


def _commit(task: Import, versions: list[Version], result: dict) -> tuple[dict, int]:
    own = [part for version in versions for part in _slots(version)]
    try:
        commit_versions(own, by=task.by, explanation=task.explanation)
    except Unexplained:
        return result, 1
    except PermissionDenied as error:
        return _refused(result, _problem("no-permission", text=str(error))), 1
    except FilingError as error:
        found = error.detail.get("problems") or [_problem("slot-not-free", value=task.county.name, text=str(error))]
        return _refused(result, *found), 1
    return result, 0


def _refused(result: dict, *problems: dict) -> dict:
    listed = [{"file": "", **problem} for problem in problems]
    return {**result, "status": "faulty", "problems": [*listed, *result["problems"]]}


def _slots(version: Version) -> list[Version]:
    if not is_carrier(version.filing):
        return [version]
    return list(version.parts.select_related("filing", "filing__school", "carrier"))


def _fresh(version: Version) -> Version:
    return Version.objects.select_related("filing__county", "filing__school", "report").get(pk=version.pk)


def _twice(versions: Sequence[Version]) -> list[dict]:
    """Schools that two of the files speak for: the later replaced the earlier, which nobody asked for."""
    seen: dict[int, Version] = {}
    found = []
    for version in versions:
        for part in _slots(version):
            earlier = seen.setdefault(part.filing_id, part)
            if earlier.pk != part.pk or (part.state == State.SUPERSEDED and part.carrier_id is None):
                name = part.filing.school.name if part.filing.school else part.filing.county.name
                found.append(_problem("school-twice", file=version.file_name, value=name))
    return found


def _problem(code: str, *, file: str = "", value: str = "", **params: str) -> dict:
    return Problem(code, value=value, params=params).as_json(file)
