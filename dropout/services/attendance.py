"""点名: the class teacher's daily roll, and what follows from it at once: a case for the first absence nobody can explain."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs.queue import enqueue
from schools import access
from schools.calendar import NoCalendar, calendar_between
from schools.models import School

from ..models import Absence, AbsenceKind, Case, CaseState, Child, ChildStatus, Opening, RollCall
from ..models.cases import CLOSED
from .errors import CaseError
from .moving import move
from .opening import open_case

VERB = "report_absence"
CLOCK_JOB = "dropout_clock"
# Whose name stands on a roll; the others are looked after in their cases.
ON_THE_ROLL = (ChildStatus.ENROLLED, ChildStatus.UNKNOWN)


@dataclass
class Roll:
    """What a roll call did: the call itself, cases opened by it, cases it ended."""

    call: RollCall
    opened: list[Case] = field(default_factory=list)
    ended: list[Case] = field(default_factory=list)


def children_of_class(school: School, class_text: str):
    """The children on the roll of a class, by their place in the register (the caller has asked access)."""
    return Child.objects.filter(school=school, class_text=class_text, status__in=ON_THE_ROLL, erased_at__isnull=True).order_by("id")


@transaction.atomic
def report_absences(
    *, school: School, class_text: str, day: dt.date, absences: Mapping[int, str], by: Actor, on: dt.date | None = None
) -> Roll:
    """The roll of a class on a school day: `absences` {child id: kind} names everybody missing, the others were there.

    Sent again, the roll is corrected: who is no longer named was in class. An unexplained absence opens a case at once
    (at most one a child); a child back in class ends it. `on` is the day of entry (default `day`). Raises CaseError for
    a day without lessons or a child of another class, Http404, PermissionDenied.
    """
    require_for_class(by, school, class_text)
    on = on or day
    _check_day(school, day, on)
    children = {child.pk: child for child in children_of_class(school, class_text)}
    strangers = set(absences) - set(children) - _left_the_roll(school, class_text, absences)
    if strangers or not set(absences.values()) <= set(AbsenceKind.values):
        raise CaseError("名单中有不在本班的学生或没有选择缺勤类别，请刷新页面后重新点名。")
    absent = {pk: kind for pk, kind in absences.items() if pk in children}
    # The call's own row comes first: it serialises two calls of one class.
    call, _ = RollCall.objects.update_or_create(
        school=school, class_text=class_text, day=day,
        defaults={"county": school.county, "absent": len(absent), "called_by": (by.display_name or by.username)[:120], "called_at": timezone.now()},
    )  # fmt: skip
    changed = _write_rows(children, absent, day, by)
    roll = Roll(call)
    _open_and_end(roll, children, absent, day, on, by)
    audit.record("roll.called", by=by, county=school.county.code, object=f"school/{school.code}/{class_text}", day=day,
                 absent=len(absent), opened=[case.number for case in roll.opened], **changed)  # fmt: skip
    if roll.opened:
        enqueue(CLOCK_JOB, f"{school.county.code}/{on:%Y-%m-%d}", args={"county": school.county_id, "day": on.isoformat()}, county=school.county.code)
    return roll


@transaction.atomic
def explain(*, child: Child, days: list[dt.date] | None, note: str, on: dt.date, by: Actor) -> int:
    """Give the reason of unexplained absences (all up to `on` with days=None); returns how many days it covers.

    A case that knew of nothing else ends; one that is suspected or more is only told, and needs its own clearing.
    """
    access.require_for_child(by, VERB, child)
    if not note.strip():
        raise CaseError("请写明缺勤的原因，由谁告知。")
    missed = _unexplained([child.pk]).filter(day__lte=on)
    if days is not None:
        missed = missed.filter(day__in=days)
    count = missed.update(explained_on=on, explanation=note.strip()[:200])
    case = _open_cases([child.pk]).get(child.pk)
    if case and case.state == CaseState.ABSENT and not _unexplained([child.pk]).filter(day__gte=case.absent_since).exists():
        move(case_id=case.pk, verb="explain", revision=case.revision, by=by, on=on, note=note)
    audit.record("absence.explained", by=by, county=child.county.code, object=f"child/{child.pk}", days=count)
    return count


def require_for_class(by: Actor, school: School, class_text: str) -> None:
    """404 for those who do not see the class, 403 for those who may not call its roll."""
    if access.may_for_class(by, VERB, school, class_text):
        return
    seen = Child.objects.filter(access.children_condition(by, school.county), school=school, class_text=class_text)
    if seen.exists() or access.may_for_class(by, "view_children", school, class_text):
        raise PermissionDenied("您的角色没有此项操作的权限。")
    raise Http404


def _check_day(school: School, day: dt.date, on: dt.date) -> None:
    if day > on:
        raise CaseError("不能为以后的日子点名。")
    try:
        calendar = calendar_between(school.county, day, day)
    except NoCalendar:
        return  # a roll is taken all the same; the clock says what it cannot count
    if not calendar.is_school_day(day):
        raise CaseError(f"{day:%Y-%m-%d}按校历不上课，不用点名。如当天上课，请县教育局先更正校历。")


def _left_the_roll(school: School, class_text: str, absences: Mapping[int, str]) -> set[int]:
    """Children of the class who left the roll after the page was opened: their row is simply no longer taken."""
    rows = Child.objects.filter(pk__in=list(absences), school=school, class_text=class_text)
    return set(rows.values_list("pk", flat=True))


def _write_rows(children: Mapping[int, Child], absent: Mapping[int, str], day: dt.date, by: Actor) -> dict[str, int]:
    """The rows of the day become what the roll says; an explanation already given stays."""
    known = {row.child_id: row for row in Absence.objects.filter(child__in=list(children), day=day)}
    gone = [row.pk for pk, row in known.items() if pk not in absent]
    Absence.objects.filter(pk__in=gone).delete()
    changed = [row for pk, row in known.items() if pk in absent and row.kind != absent[pk]]
    for row in changed:
        row.kind, row.reported_by_id = absent[row.child_id], by.user_id
    Absence.objects.bulk_update(changed, ["kind", "reported_by"])
    fresh = [Absence(child_id=pk, day=day, kind=kind, reported_by_id=by.user_id) for pk, kind in absent.items() if pk not in known]
    Absence.objects.bulk_create(fresh)
    return {"new": len(fresh), "changed": len(changed), "taken_back": len(gone)}


def _open_and_end(roll: Roll, children: Mapping[int, Child], absent: Mapping[int, str], day: dt.date, on: dt.date, by: Actor) -> None:
    cases = _open_cases(children)
    for pk, kind in absent.items():
        if kind == AbsenceKind.UNEXPLAINED and pk not in cases and _unexplained([pk]).filter(day=day).exists():
            case = open_case(child=children[pk], opening=Opening.ABSENCE, absent_since=day, on=on, by=by)
            roll.opened.append(case)
            if _called_present_since(roll.call, pk):
                roll.ended.append(move(case_id=case.pk, verb="come_back", revision=case.revision, by=by, on=on))
    waiting = [case for case in cases.values() if case.state == CaseState.ABSENT and case.absent_since <= day]
    missed = dict.fromkeys((case.child_id for case in waiting), False)
    for child_id, missed_on in _unexplained(missed).values_list("child_id", "day"):
        missed[child_id] = missed[child_id] or missed_on >= day or (missed_on >= cases[child_id].absent_since and child_id in absent)
    for case in waiting:
        if missed[case.child_id]:
            continue
        verb, note = ("explain", "点名更正：当日有请假。") if case.child_id in absent else ("come_back", "")
        move(case_id=case.pk, verb=verb, revision=case.revision, by=by, on=max(on, case.state_since), note=note)
        roll.ended.append(case)


def _called_present_since(call: RollCall, child_id: int) -> bool:
    """Whether a later roll of the class, called before this one was told, found the child there."""
    later = RollCall.objects.filter(school=call.school_id, class_text=call.class_text, day__gt=call.day).order_by("-day").first()
    return later is not None and not Absence.objects.filter(child=child_id, day=later.day).exists()


def _open_cases(children) -> dict[int, Case]:
    return {case.child_id: case for case in Case.objects.filter(~Q(state__in=CLOSED), child__in=list(children))}


def _unexplained(children):
    return Absence.objects.filter(child__in=list(children), kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True)
