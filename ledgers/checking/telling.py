"""What is told of a sheet as a whole: its header, columns met twice, rows that are no data."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..cleaning import name_key, squeeze
from ..columns import Column, Dropped, Ignored
from ..ledger import Table
from ..problems import Problem, shorten
from ..reading.workbook import Grid, column_letters
from .body import AFTER, HEADING, REPEATED_HEADER, SAMPLE, UNFILLED, Body, is_index
from .context import Context
from .headers import Header, header_key
from .matching import check_title, name_in_title
from .results import Report, Skip
from .titles import title_in

QUOTED_AT_MOST = 5
TABLE_AT_LEAST = 3  # filled cells of a row that looks like a table
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")


def missing_column(column: Column, sheet: str, row: int | None) -> Problem:
    names = "、".join((column.header, *column.aliases[:3]))
    return Problem("missing-column", sheet, row=row, column=column.header, field=column.field, params={"wanted": column.header, "names": names})


def tell_header(header: Header, grid: Grid, body: Body, answers: Mapping[str, str], report: Report) -> None:
    """Columns that are missing, not given, answered before, or not the ledger's."""
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
    rows = body.data or range(header.first_row, len(grid.rows))
    for j, title in header.unknown.items():
        if answers.get(header_key(title)) != "" and any(grid.rows[i][j].strip() for i in rows):
            report.problems.append(Problem("unknown-column", grid.name, f"{column_letters(j)}{row}", row, title, value=title))
    titled = {*header.titles, *header.unknown, *(j for _, left, right in header.rivals for j in (left, right))}
    unnamed = [column_letters(j) for j in range(grid.width) if j not in titled and _any_text(grid, body.data, j)]
    if unnamed:
        report.problems.append(Problem("column-without-header", grid.name, row=row, params={"columns": "、".join(unnamed)}))


def _any_text(grid: Grid, rows: Iterable[int], j: int) -> bool:
    return any(grid.rows[i][j].strip() for i in rows)


def _answered(sheet: str, cell: str, row: int | None, title: str, table: Table, field_name: str) -> Problem:
    column = table.by_field.get(field_name)
    return Problem("answered-before", sheet, cell, row, title, field_name, title, {"answer": f"即“{column.header if column else field_name}”"})


def settle_rivals(header: Header, grid: Grid) -> None:
    """Two columns under one name of which one is blank (a cell merged over both, a column left over) are one column."""
    rivals, header.rivals = header.rivals, []
    for name, left, right in rivals:
        blank = [not any(row[j].strip() for row in grid.rows[header.first_row :]) for j in (left, right)]
        if blank[1]:
            continue
        if blank[0] and header.columns.get(name) == left:
            header.columns[name] = right
            header.titles[right] = header.titles.pop(left)
        else:
            header.rivals.append((name, left, right))


def check_rivals(header: Header, grid: Grid, body: Body, report: Report) -> None:
    """Two columns for one thing with different contents; or a whole second table beside the first one."""
    differing = []
    for name, left, right in header.rivals:
        column = header.table.column(name)
        if not isinstance(column, Ignored) and any(grid.rows[i][left] != grid.rows[i][right] for i in body.data):
            differing.append((column, left, right))
    row = grid.row_number(header.top)
    if len(differing) > 1 and len({right - left for _, left, right in differing}) == 1:
        column, left, right = differing[0]
        params = {"left": column_letters(left), "right": column_letters(right), "wanted": column.header}
        report.problems.append(Problem("tables-side-by-side", grid.name, row=row, column=column.header, field=column.field, params=params))
        return
    for column, left, right in differing:
        columns = f"{column_letters(left)} 和 {column_letters(right)}"
        params = {"columns": columns, "wanted": column.header}
        report.problems.append(Problem("column-twice", grid.name, row=row, column=column.header, field=column.field, params=params))


def tell_rows(grid: Grid, body: Body, context: Context, said: str, report: Report) -> None:
    """Every row that is no data is named and counted; what stands below the notes or below another header is asked about.
    `said`: the school whose rows these are because the title says so, "" where a column does."""
    report.skipped.extend(Skip(grid.name, grid.row_number(i), reason) for i, reason in body.skipped)
    report.problems.extend(Problem("sample-row-skipped", grid.name, row=grid.row_number(i)) for i, reason in body.skipped if reason == SAMPLE)
    last = body.data[-1] if body.data else -1  # rows pre-filled for further entries are nothing to speak of
    if told := _named(grid, [(i, reason) for i, reason in body.skipped if reason != SAMPLE and (reason != UNFILLED or i < last)]):
        report.problems.append(Problem("rows-skipped", grid.name, params={"rows": told}))
    for i in body.headings:
        title = title_in(grid, [i])
        if _opens_a_block(grid, i, body, context):
            name_in_title(title, "", context)
            if said and context.school is None and title.school and name_key(title.school) != name_key(said):
                report.problems.append(Problem("block-of-another-school", grid.name, grid.cell(i, 0), grid.row_number(i), value=title.school, params={"said": said}))
        report.problems.extend(check_title(title, context, grid.name, grid.cell))
    if body.after:
        code, before = ("rows-after-notes", body.note_row) if body.foreign_row is None else ("rows-after-other-table", body.foreign_row)
        report.skipped.extend(Skip(grid.name, grid.row_number(i), AFTER) for i in body.after)
        params = {"after": grid.row_number(before), "count": len(body.after)}
        report.problems.append(Problem(code, grid.name, row=grid.row_number(body.after[0]), params=params))


def _opens_a_block(grid: Grid, i: int, body: Body, context: Context) -> bool:
    """A heading that is a school's name alone, or stands over a repeated header: the rows below are that school's."""
    text = next(text for text in grid.rows[i] if text.strip())
    below = next((k for k in range(i + 1, len(grid.rows)) if any(grid.rows[k])), None)
    return name_key(text) in context.names or (below, REPEATED_HEADER) in body.skipped


def _named(grid: Grid, skipped: Iterable[tuple[int, str]]) -> str:
    """"合计行（第 5、9 行）；小标题或单独的文字（第 2 行“低年级段”）"."""
    by_reason: dict[str, list[int]] = {}
    for i, reason in skipped:
        by_reason.setdefault(reason, []).append(i)
    return "；".join(f"{reason}（第 {_rows(grid, rows, reason == HEADING)}）" for reason, rows in by_reason.items())


def _rows(grid: Grid, rows: list[int], quoted: bool) -> str:
    if quoted:
        shown = [f"{grid.row_number(i)} 行“{shorten(next(text for text in grid.rows[i] if text.strip()), 20)}”" for i in rows[:QUOTED_AT_MOST]]
        return "、".join(shown) + (f"等 {len(rows)} 行" if len(rows) > QUOTED_AT_MOST else "")
    spans: list[list[int]] = []
    for number in sorted(grid.row_number(i) for i in rows):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = "、".join(str(first) if first == last else f"{first}-{last}" for first, last in spans[:QUOTED_AT_MOST])
    return f"{shown} 行" if len(spans) <= QUOTED_AT_MOST else f"{shown} 等 {len(rows)} 行"


def tell_above(header: Header, grid: Grid, report: Report) -> None:
    """Another table above the header: a row of words and a row of figures under it are more than a title."""
    heads = [i for i in range(header.top) if len(found := _given(grid, i)) >= TABLE_AT_LEAST and not any(map(_is_figure, found))]
    figures = [
        i for i in range(header.top) if heads and i > heads[0] and not is_index(grid.rows[i])
        and len(found := _given(grid, i)) >= TABLE_AT_LEAST and any(map(_is_figure, found))
    ]  # fmt: skip
    if figures:
        rows = [grid.row_number(i) for i in range(heads[0], header.top) if _given(grid, i)]
        params = {"first": rows[0], "last": rows[-1], "header": grid.row_number(header.top)}
        report.problems.append(Problem("rows-above-header", grid.name, row=rows[0], params=params))


def _given(grid: Grid, i: int) -> list[str]:
    return [text for text in grid.rows[i] if text.strip()]


def _is_figure(text: str) -> bool:
    return bool(_FIGURE.fullmatch(squeeze(text)))
