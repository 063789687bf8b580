"""The register workbook through the gates and the limited reader of every other workbook."""
from __future__ import annotations

from ledgers.reading import Refusal, read_workbook
from schools.register_reading import Unreadable


def read_sheets(data: bytes, name: str) -> dict[str, list[list[str]]]:
    """{sheet: rows of text, row 1 first}, hidden sheets left out. Raises Unreadable with the reader's own sentence."""
    try:
        workbook = read_workbook(data, name)
    except Refusal as refusal:
        raise Unreadable(refusal.code, refusal.message) from None
    return {grid.name.strip(): [[] for _ in range(grid.first_row)] + grid.rows for grid in workbook.visible}
