"""A class in words, as memberships, rolls and returns write it: "三年级/2班"."""
from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from schools.codes import GRADE_NAMES

_GRADES = {name: grade for grade, name in GRADE_NAMES.items()}


def grade_of(class_text: str) -> int | None:
    """三年级/2班 → 3; None when the text does not begin with a grade and a class."""
    grade, slash, rest = class_text.partition("/")
    return _GRADES.get(grade.strip()) if slash and rest.strip() else None


def class_order(class_text: str) -> tuple[int, int, str]:
    """The order in which a school counts its classes: by grade, then by number (2班 before 10班), then by text."""
    number = re.search(r"\d+", class_text.partition("/")[2])
    return grade_of(class_text) or 99, int(number[0]) if number else 0, class_text


def whole_months(start: dt.date, end: dt.date) -> int:
    """Whole months from `start` to `end`, as a calendar counts them: 3 September to 2 December is 2."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (1 if end.day < start.day else 0)


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(birth: dt.date, day: dt.date) -> int:
    """周岁."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def grade_by_age(birth: dt.date, on: dt.date) -> int:
    """The grade a child of this age sits in: six years old on 1 September, first grade; 1 to 9."""
    start = dt.date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    return max(1, min(9, age_on(birth, start - dt.timedelta(days=1)) - 5))
