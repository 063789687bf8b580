"""The two clocks: school years and fiscal years."""

from __future__ import annotations

import datetime as dt

from .models import Period, PeriodKind


def _period(kind: str, start: dt.date, end: dt.date) -> Period:
    found, _ = Period.objects.get_or_create(kind=kind, start=start, defaults={"end": end})
    return found


def school_year(year: int) -> Period:
    """学年: 1 September `year` to 31 August of the next."""
    return _period(PeriodKind.SCHOOL_YEAR, dt.date(year, 9, 1), dt.date(year + 1, 8, 31))


def fiscal_year(year: int) -> Period:
    """财政年度: the calendar year."""
    return _period(PeriodKind.FISCAL_YEAR, dt.date(year, 1, 1), dt.date(year, 12, 31))


def period_of(clock: str, year: int) -> Period:
    """The period a ledger of that clock means by --year `year`."""
    return fiscal_year(year) if clock == PeriodKind.FISCAL_YEAR else school_year(year)


def census_day(year: int) -> dt.date:
    """统计时点: 1 September of the school year."""
    return dt.date(year, 9, 1)


def default_fiscal_year(year: int) -> int:
    """The last fiscal year closed on the census day of school year `year`."""
    return year - 1


def year_label(year: int) -> str:
    return f"{year}-{year + 1}学年"


def current_school_year(today: dt.date) -> int:
    return today.year if today.month >= 9 else today.year - 1
