"""Vertical sheets: 序号 · 类别 · 填报项目 · 单位 · 填报值 · 备注, read by their labels, with or without a header."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..cleaning import squeeze
from ..columns import Column
from ..ledger import Table
from ..reading.workbook import Grid
from .body import NOTE, signers_of
from .headers import ENOUGH, SCAN_ROWS, UNITS, filled, find_column, lookup_of, normal

LABELS = frozenset({"填报项目", "项目", "项目名称", "指标", "指标名称", "填报内容", "内容", "名称", "填报指标"})
VALUES = frozenset({"填报值", "填写值", "数值", "填报数", "填写内容", "填报数据", "数据", "值", "填写", "填报内容", "填写处"})
GROUPS = frozenset({"类别", "分类", "一级指标", "大类", "模块"})
UNIT_HEADS = frozenset({"单位", "计量单位"})


@dataclass
class Item:
    """One recognised item: the column it means, its text and kind, and where its value stands."""

    column: Column
    row: int
    text: str
    kind: str
    unit: str
    label: str
    strength: int


@dataclass
class TurnedSheet:
    """A vertical sheet found: its items by field, in order; `rivals` are items met twice with different values."""

    table: Table
    top: int
    value_column: int
    items: dict[str, Item] = field(default_factory=dict)
    rivals: list[tuple[Item, Item]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    signers: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> tuple[float, int, int]:
        wanted = self.table.required
        found = sum(1 for column in wanted if column.field in self.items)
        return (found / len(wanted) if wanted else 0.0, len(self.items), 0)


@dataclass(frozen=True)
class _Layout:
    top: int
    label: int
    value: int
    group: int | None = None
    unit: int | None = None


def find_turned(grid: Grid, table: Table, remembered: Mapping[str, str] | None = None) -> TurnedSheet | None:
    """The table as a vertical sheet; None when fewer than 60 % of the required labels are there."""
    index = lookup_of(table, remembered, turned=True)
    layouts = [*_headed(grid), *_bare(grid, index)]
    found = [_read(grid, table, index, layout) for layout in layouts]
    best = max(found, key=lambda sheet: sheet.score, default=None)
    if best is None or best.score[0] < ENOUGH or len(best.items) < 3:
        return None
    return best


def _headed(grid: Grid) -> list[_Layout]:
    layouts = []
    for i, row in enumerate(grid.rows[:SCAN_ROWS]):
        names = [normal(text)[0] for text in row]
        labels = [j for j, name in enumerate(names) if name in LABELS]
        values = [j for j, name in enumerate(names) if name in VALUES and j not in labels[:1]]
        if labels and values and values[0] > labels[0]:
            group = next((j for j, name in enumerate(names) if name in GROUPS), None)
            unit = next((j for j, name in enumerate(names) if name in UNIT_HEADS), None)
            layouts.append(_Layout(i, labels[0], values[0], group, unit))
    return layouts


def _bare(grid: Grid, index: Mapping[str, Column]) -> list[_Layout]:
    """No header: the column in which most labels are known, its values in the next one (or after a column of units)."""
    layouts = []
    for j in range(min(grid.width - 1, 6)):
        labels = [(normal(row[j])[0],) for row in grid.rows if row[j].strip()]
        if sum(1 for label in labels if label[0] and find_column(label, index)) >= 3:
            following = [squeeze(row[j + 1]) for row in grid.rows if row[j].strip()]
            units = sum(1 for text in following if text in UNITS)
            if units > len(following) / 2 and j + 2 < grid.width:
                layouts.append(_Layout(-1, j, j + 2, None, j + 1))
            else:
                layouts.append(_Layout(-1, j, j + 1))
    return layouts


def _read(grid: Grid, table: Table, index: Mapping[str, Column], layout: _Layout) -> TurnedSheet:
    sheet = TurnedSheet(table, max(layout.top, 0), layout.value)
    cells = filled(grid, len(grid.rows))
    for i in range(layout.top + 1, len(grid.rows)):
        label, value = cells[i][layout.label], grid.rows[i][layout.value]
        if signers := signers_of(grid.rows[i]):
            sheet.signers.update(signers)
            sheet.skipped.append((i, NOTE))
            continue
        if not label.strip():
            continue
        _add(sheet, index, grid, cells, layout, i, label, value)
    return sheet


def _add(sheet: TurnedSheet, index: Mapping[str, Column], grid: Grid, cells, layout: _Layout, i: int, label: str, value: str) -> None:
    name, unit = normal(label)
    if layout.unit is not None:
        unit = squeeze(cells[i][layout.unit]) or unit
    group = normal(cells[i][layout.group])[0] if layout.group is not None else ""
    found = find_column((group, name), index) if group and group != name else find_column((name,), index)
    if found is None or not name:
        if value.strip():
            sheet.unknown.append((i, squeeze(label)))
        return
    column, strength = found
    item = Item(column, i, value, grid.kinds[i][layout.value] if grid.kinds else " ", unit if unit in UNITS else "", squeeze(label), strength)
    known = sheet.items.get(column.field)
    if known is None or strength > known.strength:
        sheet.items[column.field] = item
        if known is not None and known.text.strip():
            sheet.unknown.append((known.row, known.label))
    elif strength == known.strength and value.strip() and value.strip() != known.text.strip():
        sheet.rivals.append((known, item))
    elif strength < known.strength and value.strip():
        sheet.unknown.append((i, squeeze(label)))
