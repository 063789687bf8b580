"""A workbook with the sheets of several ledgers: which sheet is whose, by its name and its header."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..cleaning import squeeze
from ..ledger import Ledger
from ..problems import Problem, of_notice
from ..reading.workbook import Grid, Workbook
from .body import body_of
from .context import Context
from .forms import form_of
from .headers import DEEPEST
from .sheets import QUIET_SHEETS, Found, best_table, is_looked_at, other_pages

Contexts = Sequence[tuple[Ledger, Context]]


@dataclass
class Sorted:
    """`sheets`: ledger code -> indexes of its sheets. `problems`: sheets that are nobody's, blank, hidden or in doubt."""

    sheets: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    forms: dict[str, Found] = field(default_factory=dict)  # ledger code -> its vertical form, of which other sheets may be pages


def sort_sheets(workbook: Workbook, contexts: Contexts) -> Sorted:
    """Every sheet to the ledger whose header it has; the sheet's name decides between two that fit equally well."""
    found = Sorted()
    ours = {grid.name for grid in workbook.sheets}
    found.problems = [of_notice(one) for one in workbook.notices if one.sheet not in ours]
    for index, grid in enumerate(workbook.sheets):
        if not is_looked_at(grid):
            if grid.hidden and not grid.name.startswith("_"):  # our own lists of words stand in hidden sheets
                found.problems += [of_notice(one) for one in workbook.notices if one.sheet == grid.name]
            continue
        _place(index, grid, contexts, found)
    _gather_forms(workbook, contexts, found)
    _gather_pages(workbook, contexts, found)
    return found


def _gather_forms(workbook: Workbook, contexts: Contexts, found: Sorted) -> None:
    """A workbook of printed forms keeps its sheets together: which of them it needs, its own ledger says."""
    ledger = next((one for one, _ in contexts if one.forms and one.code in found.sheets), None)
    if ledger is None:
        return
    loose = {problem.sheet for problem in found.problems if problem.code == "sheet-of-no-ledger"}
    found.problems = [problem for problem in found.problems if problem.sheet not in loose]
    found.sheets[ledger.code] = sorted({*found.sheets[ledger.code], *(i for i, grid in enumerate(workbook.sheets) if grid.name in loose)})


def _gather_pages(workbook: Workbook, contexts: Contexts, found: Sorted) -> None:
    """A vertical form of two sheets stays together."""
    for ledger, context in contexts:
        if ledger.code not in found.forms:
            continue
        loose = {problem.sheet for problem in found.problems if problem.code == "sheet-of-no-ledger"}
        taken = [i for i, grid in enumerate(workbook.sheets) if grid.name not in loose]
        for page in other_pages(workbook, taken, found.forms[ledger.code], context):
            found.problems = [problem for problem in found.problems if problem.sheet != page.grid.name]
            found.sheets[ledger.code] = sorted({*found.sheets[ledger.code], page.sheet})


def _place(index: int, grid: Grid, contexts: Contexts, found: Sorted) -> None:
    named = [ledger for ledger, _ in contexts if is_named(grid.name, ledger)]
    if not named and any(word in grid.name for word in QUIET_SHEETS):
        return  # 填写说明 repeats every header
    form = next((ledger for ledger, _ in contexts if ledger.forms and form_of(grid, ledger.forms)), None)
    if form is not None:
        found.sheets.setdefault(form.code, []).append(index)
        return
    fitting = {
        ledger.code: (any(ledger is other for other in named), *one.score[:2], one)
        for ledger, context in contexts
        if (not ledger.by_name or any(ledger is other for other in named)) and (one := best_table(ledger, index, grid, context))
    }
    if not fitting:
        _leave(index, grid, named, found)
        return
    if len(apart := _apart([rank[3] for rank in fitting.values() if rank[1] == 1])) > 1:
        titles = {ledger.code: ledger.title for ledger, _ in contexts}
        of = {id(rank[3]): code for code, rank in fitting.items()}
        found.problems.append(Problem("sheet-holds-two-tables", grid.name, params={"ledgers": "、".join(f"《{titles[of[id(one)]]}》" for one in apart)}))
        return
    best = max(rank[:3] for rank in fitting.values())
    first, *others = [code for code, rank in fitting.items() if rank[:3] == best]
    if others:
        titles = {ledger.code: ledger.title for ledger, _ in contexts}
        params = {"ledgers": "、".join(f"《{titles[code]}》" for code in (first, *others))}
        found.problems.append(Problem("sheet-of-two-ledgers", grid.name, params=params))
    elif is_blank(fitting[first][3]):
        found.problems.append(Problem("sheet-blank", grid.name))
    else:
        found.sheets.setdefault(first, []).append(index)
        if fitting[first][3].turned:
            found.forms.setdefault(first, fitting[first][3])


def _apart(complete: list[Found]) -> list[Found]:
    """Tables with complete headers in different rows of one sheet: each of them is a table of its own."""
    rows: list[Found] = []
    for one in sorted((one for one in complete if one.header), key=lambda one: one.header.top):
        if all(abs(one.header.top - other.header.top) > DEEPEST for other in rows):
            rows.append(one)
    return rows


def _leave(index: int, grid: Grid, named: list[Ledger], found: Sorted) -> None:
    """A sheet without a header we know: its name may still claim a ledger, which is then told what is wrong with it."""
    if len(named) == 1:
        found.sheets.setdefault(named[0].code, []).append(index)
    else:
        found.problems.append(Problem("sheet-of-no-ledger", grid.name))


def is_named(sheet: str, ledger: Ledger) -> bool:
    """Whether a sheet's name begins with the name of the ledger or of one of its tables."""
    name = squeeze(sheet)
    return any(name.startswith(squeeze(title)) for title in (ledger.title, *ledger.other_names, *(table.title for table in ledger.tables)))


def is_blank(found: Found) -> bool:
    """A sheet of the blank workbook that nobody filled in: nothing, or only what we had written there."""
    if found.turned:
        return not any(item.text.strip() for item in found.turned.items.values())
    body = body_of(found.grid, found.header)
    return not body.data and not body.after


def only_sheets(workbook: Workbook, wanted: list[int]) -> Workbook:
    """The workbook with the other sheets put out of sight; indexes and names of the sheets stay."""
    sheets = [grid if index in wanted else Grid(grid.name, hidden=True) for index, grid in enumerate(workbook.sheets)]
    names = {workbook.sheets[index].name for index in wanted}
    return replace(workbook, sheets=sheets, notices=[one for one in workbook.notices if one.sheet in names])


def likeness(workbook: Workbook, contexts: Contexts) -> Ledger | None:
    """The ledger whose header the workbook shows best, if any sheet shows one."""
    best: tuple[tuple, Ledger] | None = None
    for index, grid in enumerate(workbook.sheets):
        for ledger, context in contexts:
            if is_looked_at(grid) and ledger.forms and form_of(grid, ledger.forms):
                return ledger
            if is_looked_at(grid) and not ledger.by_name and (one := best_table(ledger, index, grid, context)) and not one.table.extra:
                rank = (one.score[0], one.score[1])
                if best is None or rank > best[0]:
                    best = rank, ledger
    return best[1] if best else None
