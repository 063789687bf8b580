"""Refusals of the case verbs: whole Chinese sentences for people; nothing was written."""
from __future__ import annotations


class CaseError(Exception):
    """A case verb was refused. `code` is for programs, `status` for the answer, the text for people."""

    code = "case-refused"
    status = 422


class CaseClosed(CaseError):
    """The case has ended; what comes now is a new case linked to it."""

    code = "case-closed"
    status = 409


class StaleCase(CaseError):
    """Somebody moved the case after the actor had seen it."""

    code = "case-changed"
    status = 409


class NotReady(CaseError):
    """The verb is known, but something it needs is missing; `missing` are the sentences, one a thing."""

    code = "case-not-ready"

    def __init__(self, title: str, missing: list[str]):
        super().__init__(f"还不能“{title}”：" + "".join(missing))
        self.missing = missing
