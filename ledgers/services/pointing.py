"""Where no header was found: the first rows of each sheet, so that somebody can point at it."""
from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.masking import mask_id
from files import store
from ledgers import reading
from ledgers.checking.sheets import is_looked_at
from ledgers.models import State, Version
from ledgers.reading.refusals import Refusal

from .errors import BadRequest
from .giving import may_take

SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_SIGNS = 40, 24, 40
NO_HEADER = "no-matching-sheet"
_NUMBER = re.compile(r"\d{9,}[\dXx]?")


@dataclass(frozen=True)
class FirstRows:
    """One sheet: its name and its first rows that are not blank, [(Excel row, texts)]; long numbers are masked."""

    sheet: str
    rows: list[tuple[int, list[str]]]


def can_point(version: Version) -> bool:
    """Whether the check found no header in this file."""
    return version.state == State.FAULTY and version.file_id is not None and any(group["code"] == NO_HEADER for group in version.groups)


def first_rows(version: Version, *, by: Actor) -> list[FirstRows]:
    """The first rows of the visible sheets, read in the limited process. Raises PermissionDenied, BadRequest."""
    if not may_take(by, version):
        raise PermissionDenied("这份文件含有其他学校的数据，请由上传人或县教育局办理。")
    try:
        workbook = reading.read_workbook(store.read(version.file), version.file_name)
    except Refusal as error:
        raise BadRequest(error.message) from error
    return [FirstRows(grid.name, _rows(grid)) for grid in workbook.sheets if is_looked_at(grid)]


def _rows(grid) -> list[tuple[int, list[str]]]:
    rows = [(grid.row_number(i), row) for i, row in enumerate(grid.rows[: 2 * SHOWN_ROWS]) if any(row)]
    return [(number, [_shown(text) for text in row[:SHOWN_COLUMNS]]) for number, row in rows[:SHOWN_ROWS]]


def _shown(text: str) -> str:
    masked = _NUMBER.sub(lambda found: mask_id(found[0]), text)
    return masked if len(masked) <= SHOWN_SIGNS else masked[: SHOWN_SIGNS - 1] + "…"
