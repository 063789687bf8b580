"""Mending: a stored copy of a workbook with some cells changed, made in a limited process; the original stays as it came."""
from .child import blank, mend
from .task import Change

__all__ = ["Change", "blank", "mend"]
