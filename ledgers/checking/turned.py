"""Vertical sheets: 序号 · 类别 · 填报项目 · 单位 · 填报值 · 备注, read by their labels, with or without a header.

Labels may stand in several columns (a form of pairs: 占地面积 | 15000 | 建筑面积 | 6200), and figures in several columns beside one
label (last year and this year, several schools, several budget years). Which column counts is never guessed.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..cleaning import name_key, school_year_said, split_number, squeeze
from ..columns import Column
from ..ledger import SCHOOL_YEAR, Table
from ..reading.workbook import Grid
from .body import NOTE, signers_of
from .context import Context
from .headers import ENOUGH, SCAN_ROWS, UNITS, filled, find_column, lookup_of, normal, unit_like

LABELS = frozenset({"填报项目", "项目", "项目名称", "指标", "指标名称", "填报内容", "内容", "名称", "填报指标"})
VALUES = frozenset({"填报值", "填写值", "数值", "填报数", "填写内容", "填报数据", "数据", "值", "填写", "填报内容", "填写处", "金额", "数量"})
THIS_YEAR = frozenset({"本年", "本年数", "本年度", "本学年", "本期", "本期数", "今年", "当年", "本年实际", "现状", "现状值", "实际值"})
GROUPS = frozenset({"类别", "分类", "一级指标", "大类", "模块"})
UNIT_HEADS = frozenset({"单位", "计量单位"})
BESIDE = frozenset({"备注", "备注说明", "说明", "填报说明", "填写说明", "是否必填", "必填", "数据来源", "来源", "依据", "口径", "指标解释", "示例", "例子", "序号", "编号"})
FEWEST, LABELS_WITHIN = 3, 12
MOST_ROWS = 3_000  # no form has so many lines; a list has


@dataclass
class Item:
    """One recognised item: the column it means, its text and kind, and where its value stands."""

    column: Column
    row: int
    at: int
    text: str
    kind: str
    unit: str
    label: str
    strength: int


@dataclass
class TurnedSheet:
    """A vertical sheet found: its items by field, in order; `rivals` are items met twice with different values.

    `records`: the sheet once for each of several columns of figures, each a school or (`keyed`) another value of the table's
    key. `undecided`: (grid column, its header) of columns of figures between which nobody can choose.
    """

    table: Table
    top: int
    items: dict[str, Item] = field(default_factory=dict)
    rivals: list[tuple[Item, Item]] = field(default_factory=list)
    unknown: list[tuple[int, int, str]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    signers: dict[str, str] = field(default_factory=dict)
    records: list[TurnedSheet] = field(default_factory=list)
    keyed: bool = False
    undecided: tuple[tuple[int, str], ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether any item has a value: a blank form has none."""
        return any(item.text.strip() for item in self.items.values())

    @property
    def score(self) -> tuple[float, int, int]:
        wanted = self.table.required
        found = sum(1 for column in wanted if column.field in self.items)
        return (found / len(wanted) if wanted else 0.0, len(self.items), 0)


@dataclass(frozen=True)
class _Block:
    """A column of labels and what stands right of it, up to `stop`; `heads` are the (normalised) words above."""

    top: int
    label: int
    stop: int
    heads: Mapping[int, str] = field(default_factory=dict)
    group: int | None = None
    unit: int | None = None


def find_turned(grid: Grid, table: Table, context: Context, enough: float = ENOUGH) -> TurnedSheet | None:
    """The table as a vertical sheet; None when fewer than 60 % (`enough`) of the required labels are there."""
    if len(grid.rows) > MOST_ROWS:
        return None
    index = lookup_of(table, context.remembered.get("columns", {}), turned=True)
    cells = filled(grid, len(grid.rows))
    reader = _Reader(grid, cells, table, index, context)
    found = [reader.read(blocks) for blocks in (*_headed(cells, index), *_bare(cells, index))]
    best = max(found, key=lambda sheet: sheet.score, default=None)
    if best is None or best.score[0] < enough or len(best.items) < FEWEST:
        return None
    return best


def _headed(cells: list[list[str]], index: Mapping[str, Column]) -> list[list[_Block]]:
    """Blocks under a row that names the labels (填报项目) and perhaps what stands beside them."""
    found = []
    for i, row in enumerate(cells[:SCAN_ROWS]):
        names = [normal(text)[0] for text in row]
        heads = {j: name for j, name in enumerate(names) if name}
        labels = [j for j, name in heads.items() if name in LABELS and names[j - 1 : j] != [name]]
        labels = [j for j in labels if j == labels[0] or names[j] not in VALUES]  # 填报内容 right of 填报项目 are the values
        blocks = []
        for n, j in enumerate(labels):
            stop = labels[n + 1] if n + 1 < len(labels) else len(row)
            inside = range(j + 1, stop)
            if inside and (any(heads.get(k) in VALUES for k in inside) or len(_fields(cells[i + 1 :], j, index)) >= FEWEST):
                group = next((k for k, name in heads.items() if name in GROUPS and k < j), None)
                unit = next((k for k in inside if heads.get(k) in UNIT_HEADS), None)
                blocks.append(_Block(i, j, stop, heads, group, unit))
        if blocks:
            found.append(blocks)
    return found


def _bare(cells: list[list[str]], index: Mapping[str, Column]) -> list[list[_Block]]:
    """No header: every column in which several labels are known; together where they complete each other."""
    width = len(cells[0]) if cells else 0
    known = {j: names for j in range(min(width - 1, LABELS_WITHIN)) if len(names := _fields(cells, j, index)) >= FEWEST}
    blocks = [_Block(-1, j, stop, unit=_unit_column(cells, j, stop)) for j, stop in zip(known, [*list(known)[1:], width], strict=False)]
    together = len(blocks) > 1 and sum(map(len, known.values())) - len(set().union(*known.values())) <= 1 and all(b.stop - b.label > 1 for b in blocks)
    alone = [[_Block(-1, b.label, width, unit=_unit_column(cells, b.label, width))] for b in blocks]
    return [blocks] if together else alone


def _fields(rows: Sequence[Sequence[str]], j: int, index: Mapping[str, Column]) -> set[str]:
    """The fields whose labels stand in a column."""
    names = {normal(row[j])[0] for row in rows if row[j].strip()}
    return {found[0].field for name in names if name and (found := find_column((name,), index))}


def _unit_column(cells: list[list[str]], label: int, stop: int) -> int | None:
    """A column of nothing but units right of the labels."""
    for j in range(label + 1, min(stop, label + 4)):
        given = [squeeze(row[j]) for row in cells if row[label].strip() and row[j].strip()]
        if len(given) >= FEWEST and sum(text in UNITS for text in given) > len(given) / 2:
            return j
    return None


@dataclass
class _Reader:
    """Reads blocks of one sheet for one table."""

    grid: Grid
    cells: list[list[str]]
    table: Table
    index: Mapping[str, Column]
    context: Context

    def read(self, blocks: list[_Block]) -> TurnedSheet:
        chosen = [(block, self._columns(block)) for block in blocks]
        sheet = self._sheet([(block, columns[0]) for block, columns in chosen])
        if len(chosen) == 1 and len(chosen[0][1]) > 1:
            block, columns = chosen[0]
            self._several(sheet, block, columns)
        elif open_ones := next((columns for _, columns in chosen if len(columns) > 1), ()):
            sheet.undecided = tuple((j, "") for j in open_ones)
        return sheet

    # --- which column the figures stand in ------------------------------------------------------------------------------
    def _columns(self, block: _Block) -> list[int]:
        """The columns of figures beside these labels: one where it is sure, else all that are possible."""
        rows = [i for i in range(block.top + 1, len(self.cells)) if self._label(block, i) is not None]
        inside = [j for j in range(block.label + 1, block.stop) if j != block.unit and block.heads.get(j, "") not in BESIDE]
        given = [j for j in inside if any(self.grid.rows[i][j].strip() for i in rows)]
        named = [j for j in inside if block.heads.get(j) in VALUES]
        if len(named) == 1:
            return named
        if len(given) < 2:
            return given or named or inside[:1] or [block.label + 1]
        if block.top < 0:
            return self._nearest(given, rows)
        if not (self.table.key and not self.table.single):
            this = [j for j in given if self._is_this_year(block.heads.get(j, ""))]
            given = this if len(this) == 1 else [j for j in given if block.heads.get(j)] or given
        return given

    def _nearest(self, given: list[int], rows: list[int]) -> list[int]:
        """Without a header the column beside the labels counts, unless another one holds figures in the same rows."""
        first, *others = given
        rival = [j for j in others if sum(all(split_number(self.grid.rows[i][k]) for k in (first, j)) for i in rows) >= FEWEST]
        return [first, *rival]

    def _is_this_year(self, head: str) -> bool:
        if head in THIS_YEAR:
            return True
        said = school_year_said(head)
        return self.context.year in said if self.context.clock == SCHOOL_YEAR else said[:1] == (self.context.year,)

    def _several(self, sheet: TurnedSheet, block: _Block, columns: list[int]) -> None:
        """Several columns of figures: each a school, or each another value of the table's key; else undecided."""
        heads = [self.cells[block.top][j] if block.top >= 0 else "" for j in columns]
        records = [self._sheet([(block, j)]) for j in columns]
        if self._take_keys(records, block, columns, heads):
            sheet.records, sheet.keyed = records, True
        elif self._take_schools(records, block, columns, heads):
            sheet.records = records
        else:
            sheet.undecided = tuple(zip(columns, map(squeeze, heads), strict=True))

    def _take_keys(self, records: list[TurnedSheet], block: _Block, columns: list[int], heads: list[str]) -> bool:
        if len(self.table.key) != 1 or self.table.single:
            return False
        key = self.table.column(self.table.key[0])
        values = [key.read_cell(head, " ").value for head in heads]
        if None in values or len(set(values)) < len(values):
            return False
        for record, j, head in zip(records, columns, heads, strict=True):
            record.items.setdefault(key.field, Item(key, block.top, j, head, " ", "", key.header, 9))
        return True

    def _take_schools(self, records: list[TurnedSheet], block: _Block, columns: list[int], heads: list[str]) -> bool:
        names = [column for column in self.table.columns if column.identity in ("code", "name")]
        for column in names:
            said = [record.items[column.field].text.strip() for record in records if column.field in record.items]
            if len(said) == len(records) and all(said) and len(set(said)) == len(said):
                return True
        by_name = next((column for column in names if column.identity == "name"), None)
        if by_name is None or any(name_key(head) not in self.context.names for head in heads):
            return False
        for record, j, head in zip(records, columns, heads, strict=True):
            record.items.setdefault(by_name.field, Item(by_name, block.top, j, head, " ", "", by_name.header, 9))
        return True

    # --- the items ----------------------------------------------------------------------------------------------------
    def _sheet(self, blocks: list[tuple[_Block, int]]) -> TurnedSheet:
        sheet = TurnedSheet(self.table, max(blocks[0][0].top, 0))
        for i in range(blocks[0][0].top + 1, len(self.grid.rows)):
            if signers := signers_of(self.grid.rows[i]):
                sheet.signers.update(signers)
                sheet.skipped.append((i, NOTE))
                continue
            for block, at in blocks:
                if self.cells[i][block.label].strip() and at < self.grid.width:
                    self._add(sheet, block, i, at)
        return sheet

    def _label(self, block: _Block, i: int) -> tuple[Column, int] | None:
        name = normal(self.cells[i][block.label])[0]
        group = normal(self.cells[i][block.group])[0] if block.group is not None else ""
        if not name:
            return None
        return find_column((group, name), self.index) if group and group != name else find_column((name,), self.index)

    def _add(self, sheet: TurnedSheet, block: _Block, i: int, at: int) -> None:
        label, value = self.cells[i][block.label], self.grid.rows[i][at]
        unit = normal(label)[1]
        if block.unit is not None:
            unit = squeeze(self.cells[i][block.unit]) or unit
        found = self._label(block, i)
        if found is None:
            if value.strip():
                sheet.unknown.append((i, at, squeeze(label)))
            return
        column, strength = found
        kind = self.grid.kinds[i][at] if self.grid.kinds else " "
        item = Item(column, i, at, value, kind, unit if unit_like(unit) else "", squeeze(label), strength)
        known = sheet.items.get(column.field)
        if known is None or strength > known.strength:
            sheet.items[column.field] = item
            if known is not None and known.text.strip():
                sheet.unknown.append((known.row, known.at, known.label))
        elif strength == known.strength and value.strip() and value.strip() != known.text.strip():
            sheet.rivals.append((known, item))
        elif strength < known.strength and value.strip():
            sheet.unknown.append((i, at, squeeze(label)))
