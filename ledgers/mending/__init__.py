"""Mending: a stored copy of a workbook with some cells changed, made in a limited process; the original stays as it came."""
from .child import MendingFailed, blank, mend
from .task import CannotMend, Change

__all__ = ["CannotMend", "Change", "MendingFailed", "blank", "mend"]
