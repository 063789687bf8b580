"""At-risk children: what ledgers say of them (facts), who they are (register), what is done for them (cases, care)."""
from .attendance import Absence, AbsenceKind, RollCall
from .care import (
    Contact,
    ContactWay,
    Gift,
    HelpMode,
    HomeLesson,
    IndividualPlan,
    Pairing,
    Placement,
    ResourceRoom,
)
from .cases import (
    Case,
    CaseDocument,
    CaseReason,
    CaseState,
    CaseStep,
    DocumentKind,
    Line,
    Opening,
    Outcome,
    Reminder,
    Return,
    SignOff,
    Visit,
    VisitWay,
)
from .children import AttendsAs, Child, ChildStatus, ChildTag, Group
from .facts import (
    AidItem,
    AidRow,
    CareRow,
    Disability,
    DisabledRow,
    ExtractRow,
    LeftBehind,
    ListedChild,
    Pupil,
    ReportedCase,
    ReportedContact,
    ReportedLesson,
    ReportedVisit,
)
from .matching import FindingState, MatchFinding, MatchRun
from .reporting import MonthlyReport, ReportReminder, Review, ReviewKind
from .responsibility import Head, HeadKind, Pledge, SystemItem
from .warning import Flag, FlagState

__all__ = [
    "Absence", "AbsenceKind", "AidItem", "AidRow", "AttendsAs", "CareRow", "Case", "CaseDocument", "CaseReason", "CaseState",
    "CaseStep", "Child", "ChildStatus", "ChildTag", "Contact", "ContactWay", "Disability", "DisabledRow", "DocumentKind",
    "FindingState", "MatchFinding", "MatchRun",
    "ExtractRow", "Flag", "FlagState", "Gift", "Group", "Head", "HeadKind", "HelpMode", "HomeLesson", "IndividualPlan", "Line",
    "ListedChild", "MonthlyReport", "Opening", "Outcome", "Pairing", "Placement", "Pledge", "Pupil", "Reminder", "ReportedCase",
    "LeftBehind", "ReportReminder", "ReportedContact", "ReportedLesson", "ReportedVisit", "ResourceRoom", "Return", "Review", "ReviewKind",
    "RollCall", "SignOff", "SystemItem", "Visit", "VisitWay",
]  # fmt: skip
