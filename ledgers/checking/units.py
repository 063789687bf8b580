"""The unit an amount is written in: the header's or label's, else the corner's, else what the school once said, else its own."""
from __future__ import annotations

from collections.abc import Mapping

from ..columns import Column
from ..columns.numbers import COUNT_UNITS
from ..problems import Problem
from .frame import Frame
from .headers import Header
from .results import Report

Place = tuple[str, str, int | None, str, str]  # sheet, cell, Excel row, header, field


def stated_unit(header: Header, corner: tuple[str, ...], name: str) -> tuple[str, tuple[str, ...]]:
    """(unit in the header, units of the corner that this column can be written in); blanks where nothing is said."""
    column = header.table.column(name)
    return _bare(header.units.get(name, "")), _of_corner(column, corner)


def _bare(unit: str) -> str:
    """元/生 is 元 for each pupil."""
    return unit.removesuffix("/生").removesuffix("/人")


def _of_corner(column: Column, corner: tuple[str, ...]) -> tuple[str, ...]:
    units = getattr(column, "units", None) or {}
    fitting = (unit for unit in corner if unit in units and (unit not in COUNT_UNITS or unit == column.unit))
    return tuple({units[unit]: unit for unit in fitting}.values())


def take_units(header: Header, corner: tuple[str, ...], place: tuple[str, int], frame: Frame, answers: Mapping[str, str], report: Report) -> None:
    """Take down the units of a sheet's columns; `place` is the sheet's name and the Excel row of the header."""
    sheet, row = place
    for name in header.columns:
        column = frame.table.column(name)
        if not getattr(column, "units", None):
            continue
        here = (sheet, f"{frame.letters[name]}{row}", row, frame.headers[name], name)
        unit, told = column_unit(column, header.units.get(name, ""), corner, answers.get(name, ""), here)
        report.problems.extend(told)
        if unit:
            set_unit(frame, name, unit, here[1], row, sheet, report.problems)


def column_unit(column: Column, stated: str, corner: tuple[str, ...], answer: str, here: Place) -> tuple[str, list[Problem]]:
    """(the unit, what has to be told of it); "" for the column's own."""
    units, head, table_wide = column.units, _bare(stated), _of_corner(column, corner)
    found = _conflict(column, head, table_wide, here)
    if answer in units and (found is not None or not (head or table_wide)):
        return answer, [Problem("answered-before", *here, here[3], {"answer": f"单位是{answer}"})]
    unit = head if head in units else table_wide[0] if table_wide and not head else ""
    return unit, [found] if found is not None else []


def _conflict(column: Column, head: str, corner: tuple[str, ...], here: Place) -> Problem | None:
    """What is wrong with the units stated: unknown, or two that contradict each other."""
    units = column.units
    if head and head not in units:
        return Problem("unit-unknown", *here, head, {"unit": column.unit or "个"})
    if head and corner and any(units[head] != units[unit] for unit in corner):
        other = next(unit for unit in corner if units[head] != units[unit])
        return Problem("two-units", *here, params={"where": "表头", "header": head, "corner": other})
    if not head and len(corner) > 1:
        return Problem("two-units", *here, params={"where": "表角一处", "header": corner[0], "corner": corner[1]})
    return None


def set_unit(frame: Frame, name: str, unit: str, cell: str, row: int | None, sheet: str, problems: list[Problem]) -> None:
    """Take down the unit an amount is written in; another than the column's own is told."""
    column = frame.table.column(name)
    frame.units[name] = unit
    if column.units[unit] != column.units.get(column.unit, 1):
        code, params = column.remark(unit)
        problems.append(Problem(code, sheet, cell, row, frame.headers.get(name, column.header), name, unit, params))
