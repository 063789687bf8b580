"""Which rows below the header are data: everything else is told apart, named and counted. Nothing disappears in silence."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from ..cleaning import squeeze
from ..columns import Column
from ..reading.workbook import Grid
from .headers import Header

INDEX, SAMPLE, TOTAL, NOTE, REPEATED_HEADER = "编号行", "示例行", "合计行", "说明或签字行", "重复的标题或表头"
RATIO = "平均数或比例行"
HEADING, UNFILLED, AFTER = "小标题或单独的文字", "没有填写的行", "说明文字之后的行"
_TOTAL = re.compile(
    r"^(?:合计|总计|小计|共计|累计|总数|全校合计|全县合计|本页合计|.{1,8}(?:合计|小计|总计))[::]?$|"
    r"^(?:合计|总计|小计|共计|全校合计|全县合计)[::(\d]"
)
_GRAND = re.compile(r"^(?:合计|总计|共计|总数|全校合计|全县合计)(?:[::(\d].*)?$")
_RATIO = re.compile(r"^(?:平均|平均数|平均值|平均班额|占比|比例|百分比|所占比例)[::]?$")
_WHOLE = re.compile(r"^(?:总计|总数|全校合计|全县合计)")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|附注)\d*[::.、]|"
    r"^(?:填表人|填报人|制表人|制表|审核人|审核|负责人|单位负责人|校长签字|校长\(签字\)|校长|经办人|联系电话|填表日期|填报日期|报送日期|单位\(盖章\)|学校\(盖章\)|\(盖章\)|盖章|\(公章\)|公章)"
    r"(?:\((?:签字|签章|签名|盖章)\))?[::]"
)
_SAMPLE = re.compile(r"^(?:示例|样例|范例|例)(?:[::(].*|行|\d*)$|^(?:示例|样例)")
_SUSPECT = frozenset("合总小共累全本注备说填附制审负单校经联报学(盖公示样范例平占比百所（")
_SIGNER = re.compile(
    r"(填表人|填报人|制表人|审核人|单位负责人|负责人|校长|联系电话|填表日期|填报日期)(?:\((?:签字|签章|签名|盖章)\))?[::]"
    r"(.*?)(?=填表人|填报人|制表人|审核人|单位负责人|负责人|校长|联系电话|填表日期|填报日期|单位\(|学校\(|$)"
)
_ALONE = re.compile(r"^(?:\d{4})?年\d{0,2}月\d{0,2}[日号]?$|^\d{4}[-./]\d{1,2}[-./]\d{1,2}$|^第\d+页")
_DIGIT = re.compile(r"[0-9\uff10-\uff19]")
LOOKED_AT = 4


@dataclass
class Body:
    """Grid row indices: `data` rows; `skipped` (row, reason); `totals` (row, Excel rows
    since which it may sum: see totals.Total); `headings` lone texts; `after` rows
    below the notes (`note_row`) or below the header of another table (`foreign_row`)."""

    data: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    totals: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    note_row: int | None = None
    foreign_row: int | None = None
    signers: dict[str, str] = field(default_factory=dict)


def body_of(grid: Grid, header: Header) -> Body:
    """Sort the rows below a header. Its `own` columns say more than which school it is and which row: a row blank in all of
    them was only pre-filled."""
    return _Sorting(grid, header).run()


def own_columns(header: Header) -> dict[int, Column]:
    """grid column -> column, for those that carry data of the ledger."""
    by_field = header.table.by_field
    found = {j: by_field[name] for name, j in header.columns.items()}
    return {j: column for j, column in found.items() if not column.identity and column.type != "ignored"}


class _Sorting:
    """One pass over the rows of one sheet."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid, self.first = grid, header.first_row
        self.columns = list(header.columns.values())
        self.own = own_columns(header)
        self.telling = {j for name, j in header.columns.items() if header.table.column(name).type != "ignored"}
        self.body = Body()
        self.marked = _marked_rows(grid, self.first, self._label_columns(header))
        self.heads = {tuple(row) for row in grid.rows[: self.first] if any(row)}
        self.starts = {row[0] for row in self.heads}
        self.wide = _wide_merges(grid, self.first, self.columns)
        self.wordy = self._rows_without_digits()

    def _label_columns(self, header: Header) -> list[int]:
        """The columns in which a 合计 may stand: the first ones, and the names that tell two rows apart."""
        names = {j for name, j in header.columns.items() if name in header.table.key and not header.table.column(name).needs_digits}
        return sorted({*range(min(LOOKED_AT, self.grid.width)), *names})

    def _rows_without_digits(self) -> frozenset[int]:
        """Rows with words where the ledger wants digits: maybe the header of another table on the same sheet."""
        strict = [j for j, column in self.own.items() if column.needs_digits and column.required is True]
        if not strict:
            return frozenset()
        at = strict[0]
        texts = ((i, self.grid.rows[i][at]) for i in range(self.first, len(self.grid.rows)))
        return frozenset(i for i, text in texts if text and not text[0].isdigit() and not _DIGIT.search(text))

    def run(self) -> Body:
        body, rows = self.body, self.grid.rows
        own, lead, width = list(self.own), next(iter(self.own), None), self.grid.width
        for i in range(self.first, len(rows)):
            row = rows[i]
            if body.foreign_row is not None or (body.note_row is not None and body.data and i not in self.marked):
                if any(row) and body.foreign_row is None and self._is_heading(i):
                    self._skip(i, NOTE)  # the notes go on: 2.不得空项
                elif any(row):
                    body.after.append(i)
            elif i in self.marked:
                self._marked(i, self.marked[i])
            elif (lead is None or not row[lead]) and not any(row[j] for j in own):
                if any(row):
                    self._skip(i, HEADING if self._is_heading(i) else UNFILLED)
            elif i <= self.first + 1 and is_index(row):
                self._skip(i, INDEX)
            elif row[0] in self.starts and tuple(row) in self.heads:
                self._skip(i, REPEATED_HEADER)
            elif row.count("") >= width - 1 and self._is_heading(i) or i in self.wide and self._is_heading(i):
                self._skip(i, HEADING)
            elif i in self.wordy and self._is_foreign_header(i):
                body.foreign_row = i
                body.after.append(i)
            else:
                body.data.append(i)
        self._unmarked_total()
        body.totals = self._totals()
        return body

    def _skip(self, i: int, reason: str) -> None:
        self.body.skipped.append((i, reason))
        if reason == HEADING:
            self.body.headings.append(i)

    def _marked(self, i: int, reason: str) -> None:
        body, row = self.body, self.grid.rows[i]
        body.skipped.append((i, reason))
        if reason == NOTE:
            if body.data:  # a note right below the header is read over
                body.note_row = i if body.note_row is None else body.note_row
            body.signers.update(signers_of(row))

    def _totals(self) -> list[tuple[int, tuple[int, ...]]]:
        """Where the rows of each total begin: the whole sheet for a 总计 and for the only 合计, else since the total before."""
        rows = [i for i, reason in self.body.skipped if reason == TOTAL]
        words = {i: self._total_word(i) for i in rows}
        grand = [i for i in rows if _GRAND.match(words[i])]
        found = []
        for i in rows:
            if not words[i]:
                continue
            if _WHOLE.match(words[i]) or grand == [i]:
                found.append((i, ()))
            else:
                starts = [self.grid.row_number(k) for k, reason in self.body.skipped if reason in (TOTAL, HEADING) and k < i]
                found.append((i, (*reversed(starts), 0)))
        return found

    def _total_word(self, i: int) -> str:
        """合计 or whatever stands there; with what is told before it (一年级 | 合计) it is a sum of that alone."""
        row = self.grid.rows[i]
        at = next((j for j, text in enumerate(row) if text and _TOTAL.match(squeeze(text))), None)
        if at is None:
            return ""
        return "".join(squeeze(row[j]) for j in sorted(self.telling) if j < at) + squeeze(row[at])

    def _is_heading(self, i: int) -> bool:
        """A text all alone in its row (or merged over several columns) that is no value of the column it stands in."""
        row = self.grid.rows[i]
        given = [j for j, text in enumerate(row) if text.strip()]
        if len(given) != 1:
            return False
        j, text = given[0], squeeze(row[given[0]])
        if i in self.wide and not text.isdigit():
            return True
        column = self.own.get(j)
        if column is None:
            return not _DIGIT.match(text) or bool(_ALONE.match(text))
        if column.needs_digits and _DIGIT.match(text) and not _ALONE.match(text):
            return False  # "约45" or "45余" may be somebody's figure
        return column.read_cell(row[j], " ").bad

    def _is_foreign_header(self, i: int) -> bool:
        """Words in a row of their own where this table wants figures, after a gap: another table begins."""
        rows, row = self.grid.rows, self.grid.rows[i]
        if i > self.first and any(rows[i - 1]) and self.body.data and self.body.data[-1] == i - 1:
            return False
        given = [text for text in row if text.strip()]
        if len(given) < 3 or any(_DIGIT.search(text) for text in given) or not any(any(below) for below in rows[i + 1 :]):
            return False
        return sum(column.read_cell(row[j], " ").bad for j, column in self.own.items() if row[j]) >= 2

    def _unmarked_total(self) -> None:
        """Sums under the last row without the word 合计: no name, no grade, and every figure the sum of those above it."""
        data, rows = self.body.data, self.grid.rows
        if len(data) < 3:
            return
        row = rows[data[-1]]
        sums = [j for j, column in self.own.items() if column.summable and row[j].strip()]
        if not sums or any(row[j].strip() for j in self.columns if j not in sums):
            return
        for j in sums:
            column = self.own[j]
            above = [column.read_cell(rows[i][j], " ").value for i in data[:-1]]
            if column.total(row[j]) is None or sum(v for v in above if v is not None) != column.total(row[j]):
                return
        self.body.skipped.append((data.pop(), TOTAL))


def _marked_rows(grid: Grid, first: int, columns: list[int]) -> Mapping[int, str]:
    """Rows that a word in one of the first columns gives away; only suspicious texts are looked at closely.

    A 合计 may stand behind a grade or a school; a note or a sample only at the beginning of its row.
    """
    marked: dict[int, str] = {}
    for j in columns:
        texts = set(map(itemgetter(j), islice(grid.rows, first, None)))
        suspects = {}
        for text in texts:
            if text and (text[0] in _SUSPECT or text[0].isspace() or len(text) > 2 and text[-1] in "计:："):
                reason = _reason(squeeze(text))
                if reason and (j < LOOKED_AT or reason == TOTAL):
                    suspects[text] = reason
        if suspects:
            for i in range(first, len(grid.rows)):
                reason = suspects.get(grid.rows[i][j])
                if reason and i not in marked and (reason in (SAMPLE, TOTAL) or not any(grid.rows[i][:j])):
                    marked[i] = reason
    return marked


def _wide_merges(grid: Grid, first: int, columns: list[int]) -> frozenset[int]:
    """Rows with a cell merged over two or more of the columns that are read."""
    found = set()
    for top, left, bottom, right in grid.merges:
        if top >= first and top == bottom and sum(left <= j <= right for j in columns) > 1:
            found.add(top)
    return frozenset(found)


def _reason(text: str) -> str | None:
    if _NOTE.match(text):
        return NOTE
    if _RATIO.match(text):
        return RATIO
    if _TOTAL.match(text):
        return TOTAL
    return SAMPLE if _SAMPLE.match(text) else None


def is_note(text: str) -> bool:
    """Whether a squeezed text opens the notes or signatures below a table."""
    return bool(_NOTE.match(text))


def is_index(row: list[str]) -> bool:
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
