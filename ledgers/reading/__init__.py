"""Reading: any file a school sends becomes grids of text with the address of every value, or a Chinese refusal.

`guard` runs the gates that need no reader; `read_workbook` runs guard and reader in a limited child process.
"""
from .child import read_workbook
from .container import Container, guard
from .limits import Limits
from .refusals import NOTICES, REFUSALS, Refusal
from .workbook import Grid, Notice, Workbook

__all__ = [
    "NOTICES", "REFUSALS", "Container", "Grid", "Limits", "Notice", "Refusal", "Workbook", "guard", "read_workbook",
]
