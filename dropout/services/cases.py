"""The verbs of cases, as other rooms and services call them."""
from .errors import CaseClosed, CaseError, NotReady, StaleCase
from .opening import open_case, open_case_of
from .visits import add_visit

__all__ = ["CaseClosed", "CaseError", "NotReady", "StaleCase", "add_visit", "open_case", "open_case_of"]
