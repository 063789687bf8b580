"""The verbs of a filing and what may be read of it; higher rooms import from here."""
from .acting import VERBS, act, commit_versions
from .approval import approve_version, withdraw_version
from .errors import BadRequest, ChecksFailed, FilingError, FilingLocked, StaleVersion, TooLarge, Unexplained, WrongState
from .mending import mend_cells
from .queries import (
    MatrixRow,
    Slot,
    filing_matrix,
    get_filing,
    get_version,
    history_of,
    owed_ledgers,
    review_queue,
    slot_of,
    visible_filings,
)
from .receiving import Receipt, receive, receive_many
from .remembering import Answer, answer_doubts, forget
from .verbs import (
    confirm_version,
    explain_doubts,
    lock_filing_for_changes,
    pass_township,
    request_unlock,
    return_version,
    submit_version,
    take_back,
    unlock_filing,
)
from .zero import report_zero

__all__ = [
    "VERBS", "Answer", "BadRequest", "ChecksFailed", "FilingError", "FilingLocked", "MatrixRow", "Receipt", "Slot", "StaleVersion", "TooLarge",
    "Unexplained", "WrongState", "act", "answer_doubts", "approve_version", "commit_versions", "confirm_version", "explain_doubts", "filing_matrix", "forget", "owed_ledgers",
    "get_filing", "get_version", "history_of", "mend_cells", "lock_filing_for_changes", "pass_township", "receive", "receive_many", "report_zero", "request_unlock",
    "return_version", "review_queue", "slot_of", "submit_version", "take_back", "unlock_filing", "visible_filings", "withdraw_version",
]  # fmt: skip
