"""The verbs of cases, as other rooms and services call them."""
from .errors import CaseClosed, CaseError, NotReady, StaleCase
from .moving import move
from .opening import open_case, open_case_of
from .papers import Paper, add_paper
from .visits import add_visit

__all__ = [
    "CaseClosed", "CaseError", "NotReady", "Paper", "StaleCase", "add_paper", "add_visit", "move", "open_case", "open_case_of",
]  # fmt: skip
