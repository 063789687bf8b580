"""Who of the age group is enrolled: lists of children against rosters. Pure sets; ages are full years on the census day."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from schools.codes import stage_of_grade

from .flows import Roster

ENTRY_AGE, END_AGE = 6, 15  # 义务教育法 art. 11: six on 31 August; nine years of schooling
STAGE_ORDER = {"primary": 1, "junior": 2, "senior": 3}


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_stage(birth: dt.date | None, day: dt.date, primary_years: int = 6) -> str:
    """The stage whose age group a child belongs to on the census day; "" outside the compulsory ages."""
    if birth is None:
        return ""
    # Whoever is six by 31 August enters in that September: age is counted the day before the census day.
    age = age_on(birth, day - dt.timedelta(days=1))
    if not ENTRY_AGE <= age < END_AGE:
        return ""
    return "primary" if age < ENTRY_AGE + primary_years else "junior"


@dataclass(frozen=True)
class Listed:
    """A child on a list: birth date and where it lives, as far as the list says."""

    birth: dt.date | None
    township: str = ""
    village: str = ""


@dataclass(frozen=True)
class AgeGroup:
    """The children of one stage's age group: all, those enrolled at this or a higher stage, and the others."""

    all: frozenset[str]
    enrolled: frozenset[str]

    @property
    def out(self) -> frozenset[str]:
        return self.all - self.enrolled


def age_groups(listed: Mapping[str, Listed], roster: Roster, day: dt.date, primary_years: int = 6) -> dict[str, AgeGroup]:
    """stage -> its age group of a list; a child counts as enrolled when it learns at this or a higher stage (not while suspended)."""
    groups: dict[str, set[str]] = {"primary": set(), "junior": set()}
    for key, child in listed.items():
        if stage := age_stage(child.birth, day, primary_years):
            groups[stage].add(key)
    return {
        stage: AgeGroup(frozenset(keys), frozenset(key for key in keys if _learns(roster, key, stage, primary_years)))
        for stage, keys in groups.items()
    }  # fmt: skip


def _learns(roster: Roster, key: str, stage: str, primary_years: int) -> bool:
    row = roster.get(key)
    if row is None or not row.learns:
        return False
    return row.grade is None or STAGE_ORDER[stage_of_grade(row.grade, primary_years)] >= STAGE_ORDER[stage]
