"""Typed columns: what a ledger is declared with."""
from .base import Cell, Column, Dropped, Fault, Ignored, Parsed, Text
from .children import (
    DisabilityCertificate,
    DocumentNumber,
    PupilClass,
    PupilGrade,
    Region,
    Registration,
    Unsound,
    id_in,
)
from .choices import Choice, Several, YesNo
from .dates import ClassName, Grade, MonthRange, Year, YearMonth
from .days import Day, Term
from .numbers import AREA, LENGTH, MONEY, Growth, Measure, Noted, Percent, Tenths, Whole
from .people import Identity, PersonName, Phone
from .schools import RegisterCode, SchoolCode, SchoolName, SchoolYear, TownshipName

__all__ = [
    "AREA", "LENGTH", "MONEY", "Cell", "Choice", "ClassName", "Column", "Day", "DisabilityCertificate", "DocumentNumber", "Dropped", "Fault", "Grade",
    "Growth", "Identity", "Ignored", "Measure", "MonthRange", "Noted", "Parsed", "Percent", "PersonName", "Phone", "PupilClass", "PupilGrade", "Region",
    "RegisterCode", "Registration", "SchoolCode", "SchoolName", "SchoolYear", "Several", "Tenths", "Term", "Text", "TownshipName", "Unsound", "Whole", "Year",
    "YearMonth", "YesNo", "id_in",
]
