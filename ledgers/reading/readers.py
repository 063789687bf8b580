"""Guard and reader of one file in this very process; `child.read_workbook` runs it in a limited one."""
from __future__ import annotations

from .container import guard
from .delimited import read_csv
from .htmltables import read_html
from .limits import Limits
from .ods import read_ods
from .refusals import Refusal
from .workbook import Workbook
from .xls import read_xls
from .xlsx import Early, read_package


def read_here(data: bytes, file_name: str, limits: Limits, early: Early | None = None) -> Workbook:
    """The workbook, or Refusal. Without limits of memory and time: only for the child and for tests.

    `early` is given the rows of a large .xlsx while the rest is read; the workbook has them all, too."""
    container = guard(data, file_name, limits)
    if container.format == "xlsx":
        book = read_package(container.content, early)
    elif container.format == "xls":
        book = read_xls(data, container.content)
    elif container.format == "ods":
        book = read_ods(container.content, limits)
    elif container.format == "html":
        book = read_html(data, file_name, limits)
    else:
        book = read_csv(data, file_name, limits)
    if not book.visible:
        raise Refusal("no-sheet")
    if not any(grid.counted_rows for grid in book.visible):
        raise Refusal("no-content")
    return book
