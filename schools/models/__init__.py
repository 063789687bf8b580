"""Models of the schools room, by subject; import them from here."""

from .county_facts import CountyNumbers
from .datasets import Dataset, DatasetState, SourceChoice
from .facts import (
    ClassBand,
    Equipment,
    Premises,
    Profile,
    SchoolClass,
    SpecialRoom,
)
from .goals import Goal, GoalStage
from .memberships import Membership, ScopeKind
from .periods import Calendar, Period, PeriodKind
from .registers import (
    County,
    School,
    SchoolAlias,
    SchoolEvent,
    SchoolKind,
    SchoolVersion,
    Staff,
    Township,
)
from .rules import LocalRule

__all__ = [
    "Calendar",
    "ClassBand",
    "County",
    "CountyNumbers",
    "Dataset",
    "DatasetState",
    "Equipment",
    "Goal",
    "GoalStage",
    "LocalRule",
    "Membership",
    "Period",
    "PeriodKind",
    "Premises",
    "Profile",
    "School",
    "SchoolAlias",
    "SchoolClass",
    "SchoolEvent",
    "SchoolKind",
    "SchoolVersion",
    "ScopeKind",
    "SourceChoice",
    "SpecialRoom",
    "Staff",
    "Township",
]
