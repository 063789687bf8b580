"""What is to be changed: plain values only, so that the task can cross to the limited process."""
from __future__ import annotations

from typing import NamedTuple


class Change(NamedTuple):
    """One cell: its sheet, its address ("D7"), the new text, and whether a number is to stand there as a number."""

    sheet: str
    cell: str
    text: str
    numeric: bool = False
