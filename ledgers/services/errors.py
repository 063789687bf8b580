"""What a filing verb can refuse with: each carries a Chinese sentence for people and an HTTP status."""
from __future__ import annotations


class FilingError(Exception):
    """A verb was refused and nothing changed. `str()` is the sentence for people, `code` kebab-case, `status` HTTP."""

    code, status = "filing-error", 400

    def __init__(self, message: str, **detail):
        super().__init__(message)
        self.detail = detail


class StaleVersion(FilingError):
    """The version the actor saw is no longer the one in hand."""

    code, status = "stale-version", 409


class WrongState(FilingError):
    """The version is not at the step this verb belongs to: no step is skipped."""

    code, status = "wrong-state", 409


class FilingLocked(FilingError):
    """The filing is locked; it changes by no path."""

    code, status = "filing-locked", 409


class Unexplained(FilingError):
    """Doubts nobody has explained."""

    code, status = "unexplained-doubts", 409


class ChecksFailed(FilingError):
    """The checks across ledgers, run again at approval, found errors. `detail["problems"]` lists them."""

    code, status = "checks-failed", 409


class BadRequest(FilingError):
    """What was asked does not exist or is incomplete: unknown ledger, empty reason, empty file."""

    code, status = "bad-request", 400


class TooLarge(FilingError):
    """More bytes than a ledger may have; nothing was kept."""

    code, status = "file-too-large", 413
