"""Marking: the clerk's own workbook back, faulty cells coloured and commented, with the sheets 说明, 必改, 汇总.

The sheets of an .xlsx are edited where they stand, so that everything else in the file survives; any other format is
written as .xlsx from what was read. `mark` runs in a limited process.
"""
from .child import mark
from .task import Found, Task

__all__ = ["Found", "Task", "mark"]
