"""Typed columns: what a ledger is declared with."""
from .base import Cell, Column, Fault, Ignored, Parsed, Text
from .choices import Choice, Several, YesNo
from .dates import ClassName, Grade, MonthRange, Year, YearMonth
from .numbers import AREA, MONEY, Growth, Measure, Percent, Tenths, Whole
from .people import Identity, PersonName, Phone
from .schools import RegisterCode, SchoolCode, SchoolName, TownshipName

__all__ = [
    "AREA", "MONEY", "Cell", "Choice", "ClassName", "Column", "Fault", "Grade", "Growth", "Identity", "Ignored", "Measure",
    "MonthRange", "Parsed", "Percent", "PersonName", "Phone", "RegisterCode", "SchoolCode", "SchoolName", "Several", "Tenths", "Text",
    "TownshipName", "Whole", "Year", "YearMonth", "YesNo",
]
