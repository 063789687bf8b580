"""Which rows below the header are data: index, blank, sample, total and note rows are told apart and named."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..cleaning import squeeze
from ..reading.workbook import Grid

INDEX, SAMPLE, TOTAL, NOTE, REPEATED_HEADER = "编号行", "示例行", "合计行", "说明或签字行", "重复的表头"
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|累计|总数|全校合计|全县合计|本页合计|.{1,8}(?:合计|小计|总计))[::]?$")
_GRAND = re.compile(r"^(?:合计|总计|共计|总数|全校合计|全县合计)[::]?$")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|附注)\d*[::.、]|"
    r"^(?:填表人|填报人|制表人|制表|审核人|审核|负责人|单位负责人|校长签字|校长\(签字\)|校长|经办人|联系电话|填表日期|填报日期|报送日期|单位\(盖章\)|学校\(盖章\)|\(盖章\)|盖章)"
    r"(?:\((?:签字|签章|签名|盖章)\))?[::]"
)
_SAMPLE = re.compile(r"^(?:示例|样例|范例|例)(?:[::(].*|行|\d*)$|^(?:示例|样例)")
_SUSPECT = frozenset("合总小共累全本注备说填附制审负单校经联报学(盖示样范例（")
_SIGNER = re.compile(
    r"(填表人|填报人|制表人|审核人|单位负责人|负责人|校长|联系电话|填表日期|填报日期)(?:\((?:签字|签章|签名|盖章)\))?[::]"
    r"(.*?)(?=填表人|填报人|制表人|审核人|单位负责人|负责人|校长|联系电话|填表日期|填报日期|单位\(|学校\(|$)"
)
LOOKED_AT = 4


@dataclass
class Body:
    """Grid row indices: `data` rows; `skipped` (row, reason); `totals` grand-total rows; `after` rows below the notes."""

    data: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    note_row: int | None = None
    signers: dict[str, str] = field(default_factory=dict)


def body_of(grid: Grid, first: int, columns: list[int], own: list[int]) -> Body:
    """Sort the rows from `first` on. `columns`: the grid columns the ledger reads; `own`: those that say more than which
    school it is. A row blank in all of its own columns was only pre-filled and counts as blank."""
    lead = own[0] if own else None
    body = Body()
    marked = _marked_rows(grid, first)
    header = [grid.rows[first - 1][j] for j in columns] if first else []
    head = header[0] if header else None
    for i in range(first, len(grid.rows)):
        row = grid.rows[i]
        reason = marked.get(i)
        if reason is None:
            if body.note_row is not None:
                if any(row):
                    body.after.append(i)
                continue
            if not any(row) or (lead is not None and not row[lead] and _only_prefilled(row, columns, own)):
                continue
            if i <= first + 1 and _is_index(row):
                body.skipped.append((i, INDEX))
            elif head and row[columns[0]] == head and [row[j] for j in columns] == header:
                body.skipped.append((i, REPEATED_HEADER))
            else:
                body.data.append(i)
            continue
        body.skipped.append((i, reason))
        if reason == NOTE:
            body.note_row = i if body.note_row is None else body.note_row
            body.signers.update(signers_of(row))
        elif reason == TOTAL and any(_GRAND.match(squeeze(text)) for text in row[:LOOKED_AT]):
            body.totals.append(i)
    return body


def _only_prefilled(row: list[str], columns: list[int], own: list[int]) -> bool:
    return any(row[j] for j in columns) and not any(row[j] for j in own)


def _marked_rows(grid: Grid, first: int) -> dict[int, str]:
    """Rows that a word in one of the first columns gives away; only suspicious texts are looked at closely."""
    marked: dict[int, str] = {}
    for j in range(min(LOOKED_AT, grid.width)):
        texts = {row[j] for row in grid.rows[first:]}
        suspects = {}
        for text in texts:
            if text and (text[0] in _SUSPECT or text[0].isspace() or len(text) > 2 and text[-1] in "计:："):
                reason = _reason(squeeze(text), j)
                if reason:
                    suspects[text] = reason
        if suspects:
            for i in range(first, len(grid.rows)):
                reason = suspects.get(grid.rows[i][j])
                if reason and i not in marked and all(not grid.rows[i][k] or reason == SAMPLE for k in range(j)):
                    marked[i] = reason
    return marked


def _reason(text: str, column: int) -> str | None:
    if _NOTE.match(text):
        return NOTE
    if _TOTAL.match(text):
        return TOTAL
    return SAMPLE if _SAMPLE.match(text) else None


def is_note(text: str) -> bool:
    """Whether a squeezed text opens the notes or signatures below a table."""
    return bool(_NOTE.match(text))


def _is_index(row: list[str]) -> bool:
    """甲 乙 1 2 3 …, or A B C …, or 1 2 3 4 … of at least four cells."""
    given = [squeeze(text) for text in row if text.strip()]
    if len(given) > 3 and given[0].isdigit() and given[1] in ("甲", "A", "L1"):
        given = given[1:]  # the official export numbers its rows in the first column
    if len(given) < 3:
        return False
    if all(re.fullmatch(r"[甲乙丙丁戊己]|\d{1,3}|L\d{1,3}", text) for text in given) and given[0] in ("甲", "L1"):
        return True
    if all(re.fullmatch(r"[A-Z]{1,2}", text) for text in given) and given[0] == "A" and len(given) > 3:
        return True
    numbers = [int(text) for text in given if text.isdigit()]
    return len(given) > 3 and len(numbers) == len(given) and numbers == list(range(1, len(given) + 1))


def signers_of(row: list[str]) -> dict[str, str]:
    """{"填表人": "…"} out of a closing line; the name may stand in the same cell or in the next one."""
    found = {}
    cells = [text for text in row if text.strip()]
    for k, text in enumerate(cells):
        for name, value in _SIGNER.findall(squeeze(text)):
            if not value and k + 1 < len(cells) and not _SIGNER.search(squeeze(cells[k + 1])):
                value = squeeze(cells[k + 1])
            if value.strip("_"):
                found[name] = value.strip("_")
    return found
