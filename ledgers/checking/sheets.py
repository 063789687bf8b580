"""From a workbook to frames: which sheets hold which table of the ledger, and their cells as columns of text."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..columns import Column, Dropped, Ignored
from ..ledger import Ledger, Table
from ..marking.own import is_own_sheet
from ..problems import Problem
from ..reading.workbook import Grid, Workbook, column_letters, position
from .body import SAMPLE, Body, body_of
from .context import Context
from .frame import Frame, letters_of
from .headers import Header, find_header, header_at, header_key
from .matching import check_title
from .results import Report, Skip
from .titles import Title, title_of
from .turned import TurnedSheet, find_turned

QUIET_SHEETS = ("说明", "填写", "目录", "封面", "示例", "样例", "选项", "字典", "代码")


@dataclass
class Found:
    """One sheet that holds one table: horizontally (`header`) or vertically (`turned`)."""

    sheet: int
    grid: Grid
    table: Table
    header: Header | None = None
    turned: TurnedSheet | None = None

    @property
    def score(self) -> tuple[float, int, int]:
        return (self.header or self.turned).score


@dataclass
class Sources:
    """The sheets of a workbook sorted out: frames with their titles (by sheet index) and grids."""

    frames: list[Frame] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    totals: list[tuple[Frame, Grid, int]] = field(default_factory=list)
    remembered: Mapping[str, dict] = field(default_factory=dict)


def find_sheets(ledger: Ledger, workbook: Workbook, context: Context, report: Report) -> list[Found]:
    """The sheets to read. One shape of the main table is taken, the best matching; sheets left over are told."""
    candidates = [found for index, grid in enumerate(workbook.sheets) if (found := best_table(ledger, index, grid, context))]
    shapes = [found for found in candidates if not found.table.extra]
    if not shapes:
        _tell_no_match(ledger, workbook, report)
        return []
    order = [table.code for table in ledger.tables]
    first = max(shapes, key=lambda f: (f.score[0], -order.index(f.table.code), f.score[1]))
    chosen = [f for f in candidates if f.table.extra or (f.table is first.table and bool(f.header) == bool(first.header))]
    for index, grid in enumerate(workbook.sheets):
        unread = is_looked_at(grid) and all(f.sheet != index for f in chosen)
        if unread and not any(word in grid.name for word in QUIET_SHEETS):
            report.problems.append(Problem("sheet-not-read", grid.name))
    return chosen


def best_table(ledger: Ledger, index: int, grid: Grid, context: Context) -> Found | None:
    """The table of the ledger that a sheet shows best, if its header is there."""
    if not is_looked_at(grid):
        return None
    remembered = context.remembered.get("columns", {})
    found: list[Found] = []
    for table in ledger.tables:
        if header := find_header(grid, table, remembered):
            found.append(Found(index, grid, table, header=header))
        if table.turned and (turned := find_turned(grid, table, remembered)):
            found.append(Found(index, grid, table, turned=turned))
    return max(found, key=lambda f: f.score, default=None) or _pointed_at(ledger, index, grid, context)


def _pointed_at(ledger: Ledger, index: int, grid: Grid, context: Context) -> Found | None:
    """Where no header is known: the one in the row that the school once pointed at."""
    row = context.remembered.get("headers", {}).get(grid.name)
    if row is None or not 0 <= row - 1 - grid.first_row < len(grid.rows):
        return None
    top, remembered = row - 1 - grid.first_row, context.remembered.get("columns", {})
    found = [Found(index, grid, table, header=header) for table in ledger.tables if (header := header_at(grid, table, top, remembered))]
    return max(found, key=lambda f: f.score, default=None)


def is_looked_at(grid: Grid) -> bool:
    """Not hidden, not blank, not one of the sheets that our own marking put in front."""
    return not grid.hidden and bool(grid.rows) and not is_own_sheet(grid.rows[0][0])


def _tell_no_match(ledger: Ledger, workbook: Workbook, report: Report) -> None:
    names = "、".join(f"“{grid.name}”" for grid in workbook.sheets if is_looked_at(grid))
    wanted = "、".join(column.header for column in ledger.main.required)
    params = {"ledger": ledger.title, "sheets": f"看过的工作表：{names or '无'}", "wanted": wanted}
    report.problems.append(Problem("no-matching-sheet", params=params))


def make_frames(found: list[Found], workbook: Workbook, context: Context, report: Report) -> Sources:
    """Read the chosen sheets into frames; sheets of one table with the same columns become one frame."""
    sources = Sources(titles=[Title() for _ in workbook.sheets], remembered=context.remembered)
    names = [grid.name for grid in workbook.sheets]
    by_table: dict[str, list[Found]] = {}
    for one in found:
        first_row = one.header.top if one.header else one.turned.top
        title = sources.titles[one.sheet] = title_of(one.grid, first_row)
        report.problems.extend(check_title(title, context, one.grid.name, one.grid.cell))
        if one.turned:
            sources.frames.append(_turned_frame(one, names, report))
        else:
            by_table.setdefault(one.table.code, []).append(one)
    for group in by_table.values():
        frame = _frame(group, names, sources, report)
        if frame is not None:
            sources.frames.append(frame)
    order = {id(frame): frame.table.extra for frame in sources.frames}
    sources.frames.sort(key=lambda frame: order[id(frame)])
    return sources


def _frame(group: list[Found], names: list[str], sources: Sources, report: Report) -> Frame | None:
    first = group[0]
    if len(group) > 1:
        sheets = "、".join(f"“{one.grid.name}”" for one in group)
        if any(one.header.columns != first.header.columns for one in group):
            report.problems.append(Problem("sheets-differ", first.grid.name, params={"sheets": sheets}))
            return None
        report.problems.append(Problem("sheets-combined", first.grid.name, params={"sheets": sheets}))
    frame = Frame(first.table, names, letters=letters_of(first.header.columns), header_row=first.grid.row_number(first.header.top))
    frame.headers = {name: first.header.titles[j] for name, j in first.header.columns.items()}
    frame.texts = {name: [] for name in first.header.columns}
    frame.kinds = {name: [] for name in first.header.columns}
    for one in group:
        _read_rows(one, frame, sources, report)
    _units(first, sources.titles[first.sheet].unit, frame, sources.remembered.get("units", {}), report)
    return frame


def _read_rows(one: Found, frame: Frame, sources: Sources, report: Report) -> None:
    header, grid = one.header, one.grid
    silent = {name for name, column in one.table.by_field.items() if column.identity or column.type == "ignored"}
    own = [j for name, j in header.columns.items() if name not in silent]
    body = body_of(grid, header.first_row, list(header.columns.values()), own)
    _tell_header(one, body, sources.remembered.get("columns", {}), report)
    _check_rivals(one, body, report)
    start = len(frame)
    texts = list(zip(*[grid.rows[i] for i in body.data], strict=True)) or [()] * grid.width
    kinds = list(zip(*[grid.kinds[i] for i in body.data], strict=True)) if grid.kinds else []
    for name, j in header.columns.items():
        frame.texts[name].extend(texts[j])
        frame.kinds[name].extend(kinds[j] if kinds else " " * len(body.data))
    frame.sheet_of.extend([one.sheet] * len(body.data))
    frame.rows.extend([i + grid.first_row + 1 for i in body.data])
    frame.signers.update(body.signers)
    _fill_merged(one, body, frame, start)
    sources.totals.extend((frame, grid, i) for i in body.totals)
    report.skipped.extend(Skip(grid.name, grid.row_number(i), reason) for i, reason in body.skipped)
    report.problems.extend(Problem("sample-row-skipped", grid.name, row=grid.row_number(i)) for i, reason in body.skipped if reason == SAMPLE)
    if body.after:
        report.skipped.extend(Skip(grid.name, grid.row_number(i), "说明文字之后的行") for i in body.after)
        params = {"after": grid.row_number(body.note_row), "count": len(body.after)}
        report.problems.append(Problem("rows-after-notes", grid.name, row=grid.row_number(body.after[0]), params=params))


def _fill_merged(one: Found, body: Body, frame: Frame, start: int) -> None:
    """A cell merged downward speaks for all its rows; a blank cell that is not merged stays blank."""
    fields = {j: name for name, j in one.header.columns.items()}
    merges = [m for m in one.grid.merges if m[0] >= one.header.first_row and m[2] > m[0] and m[1] in fields]
    if not merges:
        return
    place = {i: start + k for k, i in enumerate(body.data)}
    for top, left, bottom, _ in merges:
        for i in range(top + 1, bottom + 1):
            if i in place and not one.grid.rows[i][left]:
                frame.texts[fields[left]][place[i]] = one.grid.rows[top][left]
                frame.kinds[fields[left]][place[i]] = one.grid.kinds[top][left] if one.grid.kinds else " "


def _tell_header(one: Found, body: Body, answers: Mapping[str, str], report: Report) -> None:
    header, grid = one.header, one.grid
    row = grid.row_number(header.top)
    for column in header.table.columns:
        if column.field in header.columns or column.only_turned:
            continue
        if column.required is True:
            report.problems.append(missing_column(column, grid.name, row))
        elif column.absent_notice:
            report.problems.append(Problem("column-not-given", grid.name, row=row, column=column.header, field=column.field, params={"wanted": column.header}))
    dropped = [header.titles[j] for name, j in header.columns.items() if isinstance(header.table.column(name), Dropped)]
    if dropped:
        params = {"count": len(dropped), "names": "、".join(dropped)}
        report.problems.append(Problem("columns-not-kept", grid.name, row=row, params=params))
    for j, title in header.titles.items():
        if field_name := answers.get(header_key(title)):
            report.problems.append(_answered(grid.name, f"{column_letters(j)}{row}", row, title, header.table, field_name))
    for j, title in header.unknown.items():
        if answers.get(header_key(title)) != "" and any(grid.rows[i][j].strip() for i in body.data):
            report.problems.append(Problem("unknown-column", grid.name, f"{column_letters(j)}{row}", row, title, value=title))


def _answered(sheet: str, cell: str, row: int | None, title: str, table: Table, field_name: str) -> Problem:
    column = table.by_field.get(field_name)
    return Problem("answered-before", sheet, cell, row, title, field_name, title, {"answer": f"即“{column.header if column else field_name}”"})


def missing_column(column: Column, sheet: str, row: int | None) -> Problem:
    names = "、".join((column.header, *column.aliases[:3]))
    return Problem("missing-column", sheet, row=row, column=column.header, field=column.field, params={"wanted": column.header, "names": names})


def _check_rivals(one: Found, body: Body, report: Report) -> None:
    grid = one.grid
    for name, left, right in one.header.rivals:
        column = one.table.column(name)
        if isinstance(column, Ignored) or all(grid.rows[i][left] == grid.rows[i][right] for i in body.data):
            continue
        columns = f"{column_letters(left)} 和 {column_letters(right)}"
        params = {"columns": columns, "wanted": column.header}
        report.problems.append(Problem("column-twice", grid.name, row=grid.row_number(one.header.top), column=column.header, field=name, params=params))


def _units(one: Found, corner: str, frame: Frame, answers: Mapping[str, str], report: Report) -> None:
    """The unit each measure is written in: the header's, else the corner's, else what the school once said, else its own."""
    row = one.grid.row_number(one.header.top)
    for name in one.header.columns:
        column = one.table.column(name)
        units = getattr(column, "units", None)
        if not units:
            continue
        stated, table_wide = one.header.units.get(name, ""), corner if corner in units else ""
        if stated and stated not in units:
            stated = ""
        at_odds = bool(stated and table_wide and units[stated] != units[table_wide])
        answer = answers.get(name, "")
        if answer in units and (at_odds or not (stated or table_wide)):
            place = (one.grid.name, frame.letters[name] + str(row), row, frame.headers[name], name, frame.headers[name])
            report.problems.append(Problem("answered-before", *place, {"answer": f"单位是{answer}"}))
            stated, at_odds = answer, False
        if at_odds:
            params = {"header": stated, "corner": table_wide}
            report.problems.append(Problem("two-units", one.grid.name, frame.letters[name] + str(row), row, frame.headers[name], name, params=params))
        unit = stated or table_wide
        if unit:
            set_unit(frame, name, unit, f"{frame.letters[name]}{row}", row, one.grid.name, report.problems)


def set_unit(frame: Frame, name: str, unit: str, cell: str, row: int | None, sheet: str, problems: list[Problem]) -> None:
    """Take down the unit a measure is written in; another than the column's own is told."""
    column = frame.table.column(name)
    frame.units[name] = unit
    if column.units[unit] != column.units[column.unit]:
        code, params = column.remark(unit)
        problems.append(Problem(code, sheet, cell, row, frame.headers.get(name, column.header), name, unit, params))


def _turned_frame(one: Found, names: list[str], report: Report) -> Frame:
    """One row whose values stand at their own cells."""
    sheet, grid = one.turned, one.grid
    frame = Frame(one.table, names, sheet_of=[one.sheet], rows=[0], turned=True, signers=dict(sheet.signers))
    for name, item in sheet.items.items():
        frame.texts[name], frame.kinds[name] = [item.text], [item.kind]
        frame.cells[name] = grid.cell(item.row, sheet.value_column)
        frame.headers[name] = item.label
        units = getattr(item.column, "units", None)
        if units and item.unit in units:
            set_unit(frame, name, item.unit, frame.cells[name], position(frame.cells[name])[0] + 1, grid.name, report.problems)
    for first, second in sheet.rivals:
        params = {"columns": f"第 {grid.row_number(first.row)} 行和第 {grid.row_number(second.row)} 行", "wanted": first.column.header}
        report.problems.append(Problem("column-twice", grid.name, grid.cell(second.row, sheet.value_column), field=first.column.field, params=params))
    for i, label in sheet.unknown:
        report.problems.append(Problem("unknown-item", grid.name, grid.cell(i, sheet.value_column), grid.row_number(i), value=label))
        report.skipped.append(Skip(grid.name, grid.row_number(i), f"没有读取的项目“{label}”"))
    report.skipped.extend(Skip(grid.name, grid.row_number(i), reason) for i, reason in sheet.skipped)
    for column in one.table.columns:
        if column.field not in sheet.items and column.required is True:
            report.problems.append(missing_column(column, grid.name, None))
        elif column.field not in sheet.items and column.absent_notice:
            report.problems.append(Problem("column-not-given", grid.name, column=column.header, field=column.field, params={"wanted": column.header}))
    return frame
