"""From a vertical sheet to frames: every value at its own cell."""
from __future__ import annotations

from ..ledger import Table
from ..problems import Problem
from ..reading.workbook import Grid
from .context import Context
from .frame import Frame
from .headers import header_key
from .results import Report, Skip
from .telling import missing_column
from .turned import Item, TurnedSheet
from .units import column_unit, set_unit


def turned_frame(
    table: Table, sheet: TurnedSheet, grid: Grid, names: tuple[list[str], int], corner: tuple[str, ...], context: Context, report: Report
) -> Frame:
    """One row whose values stand at their own cells; `names` are the workbook's sheets and the index of this one."""
    frame = Frame(table, names[0], sheet_of=[names[1]], rows=[0], turned=True, signers=dict(sheet.signers))
    for name, item in sheet.items.items():
        frame.texts[name], frame.kinds[name] = [item.text], [item.kind]
        frame.cells[name] = grid.cell(item.row, item.at)
        frame.headers[name] = item.label
        _unit(frame, item, grid, corner, context, report)
    for first, second in sheet.rivals:
        params = {"columns": f"第 {grid.row_number(first.row)} 行和第 {grid.row_number(second.row)} 行", "wanted": first.column.header}
        report.problems.append(Problem("item-twice", grid.name, grid.cell(second.row, second.at), field=first.column.field, params=params))
    return frame


def tell_missing(frame: Frame, report: Report) -> None:
    """Items of the table that no page of its vertical form has."""
    sheet = frame.sheets[frame.sheet_of[0]]
    for column in frame.table.columns:
        if column.field not in frame.texts and column.required is True:
            report.problems.append(missing_column(column, sheet, None))
        elif column.field not in frame.texts and column.absent_notice:
            report.problems.append(Problem("column-not-given", sheet, column=column.header, field=column.field, params={"wanted": column.header}))


def join_pages(frames: list[Frame], pages: set[int]) -> list[Frame]:
    """The frames, with further pages of a vertical form made part of its first one."""
    main = next((frame for frame in frames if frame.turned and frame.sheet_of[0] not in pages), None)
    for page in (frame for frame in frames if frame.sheet_of[0] in pages):
        for name in page.texts:
            if not main.texts.get(name, [""])[0].strip():
                for ours, theirs in ((main.texts, page.texts), (main.kinds, page.kinds), (main.cells, page.cells), (main.headers, page.headers), (main.units, page.units)):
                    if name in theirs:
                        ours[name] = theirs[name]
                main.home[name] = page.sheet_of[0]
        main.signers.update(page.signers)
    return [frame for frame in frames if frame.sheet_of[0] not in pages]


def _unit(frame: Frame, item: Item, grid: Grid, corner: tuple[str, ...], context: Context, report: Report) -> None:
    if not getattr(item.column, "units", None):
        return
    cell, row = grid.cell(item.row, item.at), grid.row_number(item.row)
    answer = context.remembered.get("units", {}).get(item.column.field, "")
    unit, told = column_unit(item.column, item.unit, corner, answer, (grid.name, cell, row, item.label, item.column.field))
    report.problems.extend(told)
    if unit:
        set_unit(frame, item.column.field, unit, cell, row, grid.name, report.problems)


def tell_items(sheet: TurnedSheet, grid: Grid, context: Context, report: Report) -> None:
    """Items known by an answer, items that are not the ledger's, and rows of notes: named and counted."""
    answers = context.remembered.get("columns", {})
    for name, item in sheet.items.items():
        if answers.get(header_key(item.label)) == name:
            place = (grid.name, grid.cell(item.row, item.at), grid.row_number(item.row), item.label, name, item.label)
            report.problems.append(Problem("answered-before", *place, {"answer": f"即“{item.column.header}”"}))
    for i, at, label in sheet.unknown:
        if answers.get(header_key(label)) != "":
            report.problems.append(Problem("unknown-item", grid.name, grid.cell(i, at), grid.row_number(i), value=label))
        report.skipped.append(Skip(grid.name, grid.row_number(i), f"没有读取的项目“{label}”"))
    report.skipped.extend(Skip(grid.name, grid.row_number(i), reason) for i, reason in sheet.skipped)


def side_by_side(frames: list[Frame]) -> Frame:
    """Turned frames of one table as one frame with a row for each, every field of a row at its own cell."""
    first = frames[0]
    one = Frame(first.table, first.sheets, signers=first.signers, headers=first.headers, units=first.units)
    one.sheet_of, one.rows = [first.sheet_of[0]] * len(frames), [0] * len(frames)
    for name in dict.fromkeys(name for frame in frames for name in frame.texts):
        one.texts[name] = [frame.texts.get(name, [""])[0] for frame in frames]
        one.kinds[name] = [frame.kinds.get(name, [" "])[0] for frame in frames]
        one.places[name] = [frame.cells.get(name, "") for frame in frames]
        one.homes[name] = list(one.sheet_of)
    return one
