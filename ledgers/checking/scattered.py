"""From a workbook of printed forms to frames: every field at its own cell of its own sheet."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schools.codes import stages_of_type

from ..cleaning import EMPTY_WORDS, squeeze
from ..columns import Column
from ..ledger import Ledger, Table
from ..problems import Problem
from ..reading.workbook import Workbook
from ..scattered import MAY, MUST, SHOULD, Form, Spot, Sweep
from .context import Context
from .forms import Cell, FormSheet, form_of
from .frame import Frame
from .matching import check_title
from .results import Report
from .sheets import Sources, is_looked_at
from .titles import Title, title_of
from .units import set_unit

TITLE_ROWS = 6
_ABSENT = {MUST: "form-missing", SHOULD: "form-not-given"}


@dataclass(frozen=True)
class Reading:
    """The forms of one workbook, by code, and what is told while they are read."""

    ledger: Ledger
    names: list[str]
    sheets: dict[str, FormSheet]
    report: Report

    @property
    def found(self) -> dict[str, int]:
        """form code -> index of its sheet."""
        return {code: sheet.index for code, sheet in self.sheets.items()}


def read_scattered(ledger: Ledger, workbook: Workbook, context: Context, report: Report) -> Sources | None:
    """Frames of the ledger's scattered tables; None (and a problem) when no form of it is in the workbook."""
    sheets = _find_forms(ledger, workbook, report)
    if not sheets:
        numbers = "、".join(form.numbers[0] for form in ledger.forms if form.need != MAY)
        seen = "、".join(f"“{grid.name}”" for grid in workbook.sheets if is_looked_at(grid)) or "无"
        params = {"ledger": ledger.title, "sheets": f"看过的工作表：{seen}", "wanted": f"表号 {numbers}"}
        report.problems.append(Problem("no-matching-sheet", params=params))
        return None
    reading = Reading(ledger, [grid.name for grid in workbook.sheets], sheets, report)
    first = min(sheet.index for sheet in sheets.values())
    sources = Sources(titles=[Title() for _ in workbook.sheets])
    sources.titles[first] = _title(workbook, context, report)
    sources.frames = [_frame(reading, table, first) for table in ledger.tables]
    report.layout = [f"{sheet.grid.name}:{sheet.form.title}" for sheet in sheets.values()]
    _tell_layout(reading, sources.frames)
    return sources


def _find_forms(ledger: Ledger, workbook: Workbook, report: Report) -> dict[str, FormSheet]:
    """form code -> its sheet. Two sheets of one form with different contents cannot both be right."""
    found: dict[str, FormSheet] = {}
    others = []
    for index, grid in enumerate(workbook.sheets):
        if not is_looked_at(grid):
            continue
        known = form_of(grid, ledger.forms)
        if known is None:
            others.append(grid.name)
            continue
        form, number = known
        if form.code not in found:
            found[form.code] = FormSheet(form, index, grid, number)
        elif found[form.code].grid.rows != grid.rows:
            if _continues(grid.name, found[form.code].grid.name):
                others.append(grid.name)
            else:
                params = {"wanted": form.shown, "other": found[form.code].grid.name}
                report.problems.append(Problem("form-twice", grid.name, params=params))
    if found and others:
        names = "、".join(others[:20]) + ("……" if len(others) > 20 else "")
        report.problems.append(Problem("sheets-not-used", params={"count": len(others), "names": names}))
    return found


def _continues(name: str, first: str) -> bool:
    """教基1102续 beside 教基1102: the second leaf of one form."""
    return "续" in name or "续" in first


def _title(workbook: Workbook, context: Context, report: Report) -> Title:
    """School and school year as the cover or any form's head says them; a contradiction is told once."""
    seen = Title()
    for grid in workbook.sheets:
        if not is_looked_at(grid):
            continue
        title = title_of(grid, min(TITLE_ROWS, len(grid.rows)))
        for problem in check_title(title, context, grid.name, grid.cell):
            if all(known.code != problem.code for known in report.problems):
                report.problems.append(problem)
        seen.school = seen.school or title.school
        seen.code = seen.code or title.code
    return seen


def _frame(reading: Reading, table: Table, first: int) -> Frame:
    if table.scattered.sweeps:
        return _swept(reading, table)
    frame = Frame(table, reading.names, sheet_of=[first], rows=[0], turned=True, forms=reading.found)
    for spot in table.scattered.spots:
        sheet = reading.sheets.get(spot.form)
        if sheet is None or spot.field in frame.cells:
            continue
        cell = sheet.find(spot.row, spot.column)
        if cell is None:
            continue
        name = spot.field
        frame.texts[name], frame.kinds[name] = [cell.text], [cell.kind]
        frame.cells[name], frame.home[name] = sheet.grid.cell(cell.row, cell.column), sheet.index
        frame.headers[name] = cell.title or table.column(name).header
        _take_unit(reading, frame, name, sheet, cell)
        _tell_twice(reading, spot, sheet, cell)
    return frame


def _take_unit(reading: Reading, frame: Frame, name: str, sheet: FormSheet, cell: Cell) -> None:
    units = getattr(frame.table.column(name), "units", None)
    if units and cell.unit in units:
        row = sheet.grid.row_number(cell.row)
        set_unit(frame, name, cell.unit, frame.cells[name], row, sheet.grid.name, reading.report.problems)


def _tell_twice(reading: Reading, spot: Spot, sheet: FormSheet, cell: Cell) -> None:
    """A label that stands in several rows: the first was taken, and that is said."""
    for path in spot.row:
        count = sheet.count(path)
        if count > 1 and "/" not in path:
            params = {"wanted": path, "count": count}
            place = (sheet.grid.name, sheet.grid.cell(cell.row, cell.column), sheet.grid.row_number(cell.row))
            reading.report.problems.append(Problem("label-twice", *place, column=path, field=spot.field, value=cell.text, params=params))
        if count:
            return


def _swept(reading: Reading, table: Table) -> Frame:
    """A row for each label of the sweeps under which something other than nothing stands."""
    frame = Frame(table, reading.names, forms=reading.found)
    by = table.scattered.sweeps[0].by
    rows: dict[int, dict[str, tuple[FormSheet, Cell]]] = {}
    for sweep in table.scattered.sweeps:
        if sheet := reading.sheets.get(sweep.form):
            for value, name, cell in _sweep(sweep, sheet):
                rows.setdefault(value, {}).setdefault(name, (sheet, cell))
    rows = {value: found for value, found in sorted(rows.items()) if any(_says(cell.text) for _, cell in found.values())}
    names = list(dict.fromkeys(name for found in rows.values() for name in found))
    frame.sheet_of = [next(iter(found.values()))[0].index for found in rows.values()]
    frame.rows = [0] * len(rows)
    frame.values[by], frame.bad[by] = list(rows), set()
    frame.headers[by] = table.column(by).header
    for name in names:
        cells = [found.get(name) for found in rows.values()]
        frame.texts[name] = [at[1].text if at else "" for at in cells]
        frame.kinds[name] = [at[1].kind if at else " " for at in cells]
        frame.places[name] = [at[0].grid.cell(at[1].row, at[1].column) if at else "" for at in cells]
        frame.homes[name] = [at[0].index if at else 0 for at in cells]
        frame.headers[name] = table.column(name).header
    return frame


def _sweep(sweep: Sweep, sheet: FormSheet) -> Iterator[tuple[int, str, Cell]]:
    for value, labels in sweep.labels.items():
        for name, names in sweep.fields.items():
            if cell := sheet.find(names, labels):
                yield value, name, cell


def _says(text: str) -> bool:
    bare = squeeze(text)
    return bool(bare) and bare not in EMPTY_WORDS and bare.strip("0.") != ""


def check_forms(ledger: Ledger, frame: Frame) -> None:
    """What the school misses by its type: whole forms by their need, and labels that a form should have."""
    if not frame.turned or frame.schools[0] is None:
        return
    stages = stages_of_type(frame.schools[0].type_code)
    for form in ledger.forms:
        if form.stage and form.stage not in stages:
            continue
        wanted = [column for column in frame.table.columns if _first_form(frame.table, column) == form.code]
        silent = [column for column in wanted if frame.get(column.field)[0] is None]
        if silent and form.code not in frame.forms:
            what = "、".join(column.header for column in silent)
            problem = frame.problem(_ABSENT.get(form.need, "form-absent"), 0, silent[0].field, value="", wanted=form.shown, what=what)
            frame.problems[-1] = (0, replace(problem, sheet="", column=""))  # it stands nowhere
        elif form.need in _ABSENT:
            for column in silent:
                _tell_silent(frame, form, column)


def _first_form(table: Table, column: Column) -> str:
    """The form that a stored field, or the parts it is summed from, comes from first; "" for what is not stored."""
    if not table.model_of(column):
        return ""
    names = [column.field, *(part.field for part in table.columns if part.adds_to == column.field)]
    return next((form for name in names for form in table.scattered.forms_of(name)), "")


def _tell_silent(frame: Frame, form: Form, column: Column) -> None:
    """A form is there and says nothing of a field: its label was not found, or the cell is blank or says "does not apply"."""
    names = [column.field, *(part.field for part in frame.table.columns if part.adds_to == column.field)]
    if any(0 in frame.bad.get(name, ()) for name in names):
        return
    found = next((name for name in names if name in frame.cells), None)
    if found is None:
        frame.home[column.field] = frame.forms[form.code]
        frame.problem("label-not-found", 0, column.field, value="", wanted=column.header, form=form.shown)
    elif form.need == MUST:
        frame.problem("blank-required", 0, found, value="", wanted=column.header)


def _tell_layout(reading: Reading, frames: list[Frame]) -> None:
    """Cells that stand elsewhere than in the layout known: read by label, told once."""
    moved = []
    for frame in (f for f in frames if f.turned):
        for spot in frame.table.scattered.spots:
            sheet = reading.sheets.get(spot.form)
            known = next((cell for kind, cell in spot.at.items() if sheet and sheet.number.startswith(kind)), "")
            if known and frame.cells.get(spot.field, known) != known and frame.home[spot.field] == sheet.index:
                moved.append(f"{frame.headers[spot.field]}在{sheet.grid.name}的{frame.cells[spot.field]}(常见为{known})")
    if moved:
        reading.report.problems.append(Problem("layout-moved", params={"count": len(moved), "first": moved[0]}))
