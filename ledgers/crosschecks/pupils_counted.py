"""A2 and A1 against A7: pupils of each class and each stage are those of the roster, whichever comes last."""
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dropout.models import ChildStatus
from dropout.services.claims import class_counts
from schools.codes import GRADE_NAMES, Stage, stage_of_grade
from schools.datasets import facts_in

from ..cleaning import split_class
from ..problems import Problem
from .children import PUPIL, ROSTER, rows_in, whole
from .pupils_and_classes import CLASS, PROFILE
from .siblings import said_by

if TYPE_CHECKING:
    from ..checking.context import Context
    from ..checking.results import Checked

MOST_CLASSES = 1_000
HERE = ("", None, ChildStatus.ENROLLED.value)
Counts = Counter[tuple[int | None, str]]


def check(part: Checked, context: Context) -> list[Problem]:
    if part.ledger.forms:  # the statistics are another source of the same fact; they are compared with the classes
        return []
    if rows_in(part, context, PUPIL):
        return _roster_side(part, context)
    held = context.siblings.held.get((ROSTER, part.school.id)) if part.school and context.siblings else None
    if held is None:
        return []
    if rows_in(part, context, CLASS):
        return _class_side(part, class_counts(held))
    if rows_in(part, context, PROFILE):
        return _profile_side(part, context, class_counts(held))
    return []


def own_counts(part: Checked) -> Counts:
    """(grade, class) -> pupils in school among the checked rows of a roster."""
    rows = part.rows_by_model[PUPIL]
    given = zip(rows.get("grade"), rows.get("class_name"), rows.get("status"), strict=True)
    return Counter((grade, name or "") for grade, name, status in given if status in HERE)


def _roster_side(part: Checked, context: Context) -> list[Problem]:
    own, found = own_counts(part), []
    held = context.siblings.held.get(("classes", part.school.id))
    if held is not None:
        listed = _merged(facts_in(CLASS, held, ["grade", "name", "pupils"], at_most=MOST_CLASSES))
        for place in sorted(own.keys() | listed.keys(), key=str) if listed else ():
            if own[place] != listed[place]:
                found.append(_class_problem(part, place, listed[place], own[place]))
    totals = _by_stage(own, context)
    for stage, said in sorted(said_by(context.siblings, "school_profile", "pupils", part.school.id, context).items()):
        if said != totals[stage]:
            found.append(_stage_problem(part, "学校基本情况表的", stage, said, totals[stage]))
    return found


def _class_side(part: Checked, roster: Counts) -> list[Problem]:
    rows = part.rows_by_model[CLASS]
    if not all(rows.get("name")):
        return []  # a class without its name yet
    listed = _merged(zip(rows.get("grade"), rows.get("name"), rows.get("pupils"), strict=True))
    found = []
    for place in sorted(roster.keys() | listed.keys(), key=str):
        if roster[place] != listed[place]:
            found.append(_class_problem(part, place, listed[place], roster[place]))
    return found


def _profile_side(part: Checked, context: Context, roster: Counts) -> list[Problem]:
    totals, found = _by_stage(roster, context), []
    for stage in Stage:
        said = part.sum(PROFILE, f"{stage.value}_pupils")
        if said is not None and said != totals[stage.value]:
            found.append(_stage_problem(part, "", stage.value, said, totals[stage.value]))
    return found


def _merged(rows) -> Counts:
    """(grade, class) -> pupils; class names of the class list in the roster's form ("三(2)班" is "2班")."""
    counts: Counts = Counter()
    for grade, name, pupils in rows:
        counts[grade, split_class(name or "")[1]] += pupils or 0
    return counts


def _by_stage(counts: Counts, context: Context) -> Counter[str]:
    totals: Counter[str] = Counter()
    for (grade, _), n in counts.items():
        if grade:
            totals[stage_of_grade(grade, context.parameters.get("primary_years"))] += n
    return totals


def _class_problem(part: Checked, place: tuple[int | None, str], listed: int, roster: int) -> Problem:
    what = f"{GRADE_NAMES.get(place[0] or 0, '未写年级的')}{place[1]}在班级情况表中的人数"
    return whole(part, "differs-from-pupils", "pupils", str(listed), what=what, wanted=roster)


def _stage_problem(part: Checked, whose: str, stage: str, said: int, roster: int) -> Problem:
    return whole(part, "differs-from-pupils", f"{stage}_pupils", str(said), what=f"{whose}{Stage(stage).label}在校生数", wanted=roster)
