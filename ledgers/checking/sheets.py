"""From a workbook to frames: which sheets hold which table of the ledger, and their cells as columns of text."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ledger import Ledger, Table
from ..marking.own import is_own_sheet
from ..problems import Problem
from ..reading.workbook import Grid, Workbook, column_letters
from .body import Body, body_of
from .context import Context
from .frame import Frame, letters_of
from .headers import SCAN_ROWS, Header, find_header, header_at
from .matching import check_title, name_in_title
from .results import Report
from .telling import check_rivals, settle_rivals, tell_above, tell_header, tell_rows
from .titles import Title, title_of, unit_of_all
from .totals import Total
from .turned import TurnedSheet, find_turned
from .turned_frames import join_pages, side_by_side, tell_items, tell_missing, turned_frame
from .units import stated_unit, take_units

_SUMMARY = re.compile(r"汇总|合计|总计|统计|总表|小计")
LONGEST_LABELS = 60  # rows in which labels that run downward are looked for
QUIET_SHEETS = ("说明", "填写", "目录", "封面", "示例", "样例", "选项", "字典", "代码")


@dataclass
class Found:
    """One sheet that holds one table: horizontally (`header`) or vertically (`turned`)."""

    sheet: int
    grid: Grid
    table: Table
    header: Header | None = None
    turned: TurnedSheet | None = None
    page: bool = False  # a further page of the vertical form on another sheet

    @property
    def score(self) -> tuple[float, int, int]:
        return (self.header or self.turned).score


@dataclass
class Sources:
    """The sheets of a workbook sorted out: frames with their titles (by sheet index) and grids."""

    frames: list[Frame] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
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
    chosen = [f for f in candidates if f.table.extra or _stands_beside(f, first)]
    summaries = {f.sheet for f in chosen if f.table is first.table and f.score[0] < first.score[0] and _SUMMARY.search(f.grid.name)}
    chosen = [f for f in chosen if f.sheet not in summaries]
    if first.turned:
        chosen += other_pages(workbook, [f.sheet for f in chosen], first, context)
    others = {f.sheet for f in shapes}
    for index, grid in enumerate(workbook.sheets):
        unread = is_looked_at(grid) and all(f.sheet != index for f in chosen)
        if unread and not _is_quiet(grid):
            code = "summary-not-read" if index in summaries else "other-shape-not-read" if index in others else "sheet-not-read"
            report.problems.append(Problem(code, grid.name, params={"used": first.grid.name}))
    return chosen


def _stands_beside(one: Found, first: Found) -> bool:
    """Whether a sheet of the ledger is read together with the best one: the same table; the same school's row and form are compared."""
    if one.table is not first.table:
        return False
    same_way = bool(one.header) == bool(first.header)
    return same_way or one.table.single and not _is_quiet(one.grid) and (one.header is not None or one.turned.says_something)


def _is_quiet(grid: Grid) -> bool:
    return any(word in grid.name for word in QUIET_SHEETS)


def other_pages(workbook: Workbook, taken: list[int], first: Found, context: Context) -> list[Found]:
    """Further pages of a vertical form among the sheets not `taken`: other items of the same table, too few to be known by themselves."""
    pages = []
    for index, grid in enumerate(workbook.sheets):
        if not is_looked_at(grid) or _is_quiet(grid) or index in taken:
            continue
        page = find_turned(grid, first.table, context, enough=0)
        if page is None or page.undecided or not page.says_something or len(page.items) <= len(page.unknown):
            continue
        given = {name for name, item in page.items.items() if item.text.strip()}
        if not any(name in f.turned.items and f.turned.items[name].text.strip() for f in (first, *pages) for name in given - _names_of_school(first.table)):
            pages.append(Found(index, grid, first.table, turned=page, page=True))
    return pages


def _names_of_school(table: Table) -> set[str]:
    return {column.field for column in table.columns if column.identity}


def best_table(ledger: Ledger, index: int, grid: Grid, context: Context) -> Found | None:
    """The table of the ledger that a sheet shows best, if its header is there."""
    if not is_looked_at(grid):
        return None
    remembered = context.remembered.get("columns", {})
    found: list[Found] = []
    for table in ledger.tables:
        if header := find_header(grid, table, remembered):
            found.append(Found(index, grid, table, header=header))
        if table.turned and (turned := find_turned(grid, table, context)):
            found.append(Found(index, grid, table, turned=turned))
    return max(found, key=lambda f: f.score, default=None) or _pointed_at(ledger, index, grid, context)


def _pointed_at(ledger: Ledger, index: int, grid: Grid, context: Context) -> Found | None:
    """Where no header is known: the one in the row that the school once pointed at."""
    row = context.remembered.get("headers", {}).get(grid.name)
    if row is None or not 0 <= row - 1 - grid.first_row < len(grid.rows):
        return None
    top, remembered = row - 1 - grid.first_row, context.remembered.get("columns", {})
    found = [Found(index, grid, table, header=header) for table in ledger.tables if (header := header_at(grid, table, top, remembered))]
    return max(found, key=lambda f: (not f.table.extra, f.score), default=None)


def is_looked_at(grid: Grid) -> bool:
    """Not hidden, not blank, not one of the sheets that our own marking put in front."""
    return not grid.hidden and bool(grid.rows) and not is_own_sheet(grid.rows[0][0])


def _tell_no_match(ledger: Ledger, workbook: Workbook, report: Report) -> None:
    names = "、".join(f"“{grid.name}”" for grid in workbook.sheets if is_looked_at(grid))
    wanted = "、".join(column.header for column in ledger.main.required)
    params = {"ledger": ledger.title, "sheets": f"看过的工作表：{names or '无'}", "wanted": wanted}
    report.problems.append(Problem("no-matching-sheet", params=params))
    for grid in (grid for grid in workbook.sheets if is_looked_at(grid)):
        if any(find_header(_turned_over(grid), table) for table in ledger.tables if not table.extra):
            report.problems.append(Problem("sheet-turned-over", grid.name))
        elif sentence := next((one.sentence for one in ledger.not_read if one.fits(grid.rows[:SCAN_ROWS])), ""):
            report.problems.append(Problem("shape-not-read", grid.name, params={"text": sentence}))


def _turned_over(grid: Grid) -> Grid:
    """The corner of a sheet with rows for columns."""
    return Grid(grid.name, rows=[list(column) for column in zip(*(row[:SCAN_ROWS] for row in grid.rows[:LONGEST_LABELS]), strict=True)])


def make_frames(found: list[Found], workbook: Workbook, context: Context, report: Report) -> Sources:
    """Read the chosen sheets into frames; sheets of one table with the same columns become one frame."""
    sources = Sources(titles=[Title() for _ in workbook.sheets], remembered=context.remembered)
    names = [grid.name for grid in workbook.sheets]
    by_table: dict[str, list[Found]] = {}
    for one in found:
        first_row = one.header.top if one.header else one.turned.top
        title = sources.titles[one.sheet] = title_of(one.grid, first_row)
        title.units = title.units or unit_of_all(one.grid.name)
        name_in_title(title, one.grid.name, context)
        report.problems.extend(check_title(title, context, one.grid.name, one.grid.cell))
        if one.turned:
            sources.frames.extend(_turned_frames(one, names, title.units, context, report))
        else:
            settle_rivals(one.header, one.grid)
            by_table.setdefault(one.table.code, []).append(one)
    sources.frames = join_pages(sources.frames, {one.sheet for one in found if one.page})
    for frame in sources.frames:
        tell_missing(frame, report)
    for group in by_table.values():
        frame = _frame(group, names, sources, context, report)
        if frame is not None:
            sources.frames.append(frame)
    order = {id(frame): frame.table.extra for frame in sources.frames}
    sources.frames.sort(key=lambda frame: order[id(frame)])
    return sources


def _frame(group: list[Found], names: list[str], sources: Sources, context: Context, report: Report) -> Frame | None:
    first = group[0]
    if len(group) > 1:
        sheets = "、".join(f"“{one.grid.name}”" for one in group)
        if difference := next((text for one in group[1:] if (text := _difference(first, one, sources.titles))), ""):
            report.problems.append(Problem("sheets-differ", first.grid.name, params={"sheets": sheets, "difference": difference}))
            return None
        report.problems.append(Problem("sheets-combined", first.grid.name, params={"sheets": sheets}))
    frame = Frame(first.table, names, letters=letters_of(first.header.columns), header_row=first.grid.row_number(first.header.top))
    frame.own_letters = {one.sheet: letters_of(one.header.columns) for one in group if one.header.columns != first.header.columns}
    frame.headers = {name: first.header.titles[j] for name, j in first.header.columns.items()}
    frame.texts = {name: [] for name in first.header.columns}
    frame.kinds = {name: [] for name in first.header.columns}
    for one in group:
        _read_rows(one, frame, sources, context, report)
    place = (first.grid.name, first.grid.row_number(first.header.top))
    take_units(first.header, sources.titles[first.sheet].units, place, frame, sources.remembered.get("units", {}), report)
    return frame


def _difference(first: Found, other: Found, titles: list[Title]) -> str:
    """Why the rows of two sheets cannot stand in one table; "" when they can. The order of the columns does not matter."""
    mine, theirs = (_read_fields(one.header) for one in (first, other))
    column = first.table.column
    if mine != theirs:
        short, more = (["、".join(f"“{column(name).header}”" for name in names) for names in (mine - theirs, theirs - mine)])
        words = [f"缺少{short}" if short else "", f"多出{more}" if more else ""]
        return f"“{other.grid.name}”与“{first.grid.name}”相比，{'，'.join(word for word in words if word)}"
    if first.table.spread and other.header.columns != first.header.columns:
        return f"“{other.grid.name}”与“{first.grid.name}”的列次序不同"
    for name in mine:
        said = [stated_unit(one.header, titles[one.sheet].units, name) for one in (first, other)]
        if said[0] != said[1]:
            return f"“{column(name).header}”在“{other.grid.name}”和“{first.grid.name}”中的单位不同"
    return ""


def _read_fields(header: Header) -> set[str]:
    return {name for name in header.columns if header.table.column(name).type != "ignored"}


def _read_rows(one: Found, frame: Frame, sources: Sources, context: Context, report: Report) -> None:
    header, grid = one.header, one.grid
    body = body_of(grid, header)
    tell_header(header, grid, body, sources.remembered.get("columns", {}), report)
    check_rivals(header, grid, body, report)
    tell_above(header, grid, report)
    start = len(frame)
    texts = list(zip(*[grid.rows[i] for i in body.data], strict=True)) or [()] * grid.width
    kinds = list(zip(*[grid.kinds[i] for i in body.data], strict=True)) if grid.kinds else []
    for name in frame.texts:
        j = header.columns.get(name)
        frame.texts[name].extend(texts[j] if j is not None else [""] * len(body.data))
        frame.kinds[name].extend(kinds[j] if kinds and j is not None else " " * len(body.data))
    frame.sheet_of.extend([one.sheet] * len(body.data))
    frame.rows.extend([i + grid.first_row + 1 for i in body.data])
    frame.signers.update(body.signers)
    _fill_merged(one, body, frame, start)
    sources.totals.extend(Total(frame, grid, i, since) for i, since in body.totals)
    by_column = header.columns.keys() & {"school_code", "school_name"}
    tell_rows(grid, body, context, "" if by_column else sources.titles[one.sheet].school, report)


def _fill_merged(one: Found, body: Body, frame: Frame, start: int) -> None:
    """A cell merged downward speaks for all its rows; a blank cell that is not merged stays blank."""
    fields = {j: name for name, j in one.header.columns.items() if name in frame.texts}
    merges = [m for m in one.grid.merges if m[0] >= one.header.first_row and m[2] > m[0] and m[1] in fields]
    if not merges:
        return
    place = {i: start + k for k, i in enumerate(body.data)}
    for top, left, bottom, _ in merges:
        name, text = fields[left], one.grid.rows[top][left]
        covered = [place[i] for i in range(top, bottom + 1) if i in place and (i == top or not one.grid.rows[i][left])]
        for k in covered[1:] if top in place else covered:
            frame.texts[name][k] = text
            frame.kinds[name][k] = one.grid.kinds[top][left] if one.grid.kinds else " "
        if len(covered) > 1 and text.strip() and one.table.column(name).summable:
            rows = f"{frame.rows[covered[0]]}-{frame.rows[covered[-1]]}"
            frame.problem("merged-figure", covered[0], name, rows=rows)
            frame.refused.update(covered)


def _turned_frames(one: Found, names: list[str], corner: tuple[str, ...], context: Context, report: Report) -> list[Frame]:
    """The frames of a vertical sheet: one, one for each school, one with a row for each key, or none that can be told."""
    sheet, grid = one.turned, one.grid
    if sheet.undecided:
        columns = "、".join(f"{column_letters(j)} 列{f'“{head}”' if head else ''}" for j, head in sheet.undecided)
        report.problems.append(Problem("values-in-two-columns", grid.name, params={"count": len(sheet.undecided), "columns": columns}))
        return []
    records = sheet.records or [sheet]
    frames = [turned_frame(one.table, record, grid, (names, one.sheet), corner, context, report) for record in records]
    tell_items(records[0], grid, context, report)
    return [side_by_side(frames)] if sheet.keyed else frames
