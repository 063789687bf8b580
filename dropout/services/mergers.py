"""A school that was merged into another: from that day its children and their open cases are the other's.

Until the next roster says where each of them sits, they keep their class under its former school's name: the class teacher
of the same class at the new school must not find strangers on the roll.
"""
from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import audit, notices
from accounts.actor import Actor
from schools import access
from schools.datasets import lock_county
from schools.models import County, School, SchoolEvent

from ..models import Case, Child, ChildStatus, HeadKind
from ..models.cases import CLOSED
from .heads import ROLES_OF, SchoolPlace

# Who does not learn anywhere here any more stays where it last learnt.
GONE = (ChildStatus.GRADUATED.value, ChildStatus.TRANSFERRED.value, ChildStatus.GONE.value)
LONGEST, SHORT_NAME = 40, 12


def mergers_of(county: County, on: dt.date) -> dict[int, tuple[int, dt.date]]:
    """closed school -> (the school that has its children now, since when), for mergers up to a day."""
    events = SchoolEvent.objects.filter(school__county=county, kind="merge", other__isnull=False, on__lte=on, school__closed_on=F("on"))
    into = {school: (other, since) for school, other, since in events.order_by("on", "id").values_list("school_id", "other_id", "on")}
    found = {}
    for school in into:
        other, since = into[school]
        seen = {school}
        while other in into and other not in seen:  # merged on, later or before
            seen.add(other)
            other, since = into[other][0], max(since, into[other][1])
        found[school] = (other, since)
    return found


def follow_mergers(county: County, on: dt.date, *, by: Actor) -> int:
    """Move the children of merged schools to the school that took them over; returns how many. Again, it moves nobody."""
    into = mergers_of(county, on)
    waiting = Child.objects.filter(county=county, school__in=list(into)).exclude(status__in=GONE)
    if not into or not waiting.exists():
        return 0
    moved = 0
    with transaction.atomic():
        lock_county(county)
        schools = School.objects.filter(county=county).in_bulk()
        for former, (other, since) in into.items():
            moved += _move(county, schools[former], schools[other], since, by)
    return moved


def _move(county: County, former: School, school: School, since: dt.date, by: Actor) -> int:
    children = Child.objects.filter(county=county, school=former).exclude(status__in=GONE)
    ids = list(children.values_list("pk", flat=True))
    if not ids:
        return 0
    for text in set(children.values_list("class_text", flat=True)):
        Child.objects.filter(pk__in=ids, class_text=text).update(school=school, class_text=class_of(text, former))
    open_cases = Case.objects.filter(child__in=ids).exclude(state__in=CLOSED).count()
    audit.record("children.followed_merger", by=by, county=county.code, object=f"school/{school.code}", former=former.code, since=since,
                 children=len(ids), cases=open_cases)  # fmt: skip
    people = access.users_with("view_children", SchoolPlace(school), ("school_head", "school_clerk", *ROLES_OF[HeadKind.BUREAU]))
    said = f"，其中 {open_cases} 名有未结的控辍保学案件" if open_cases else ""
    notices.notify(people, text=f"{former.name}已并入{school.name}，{len(ids)} 名学生{said}，现由{school.name}负责；请尽快报送新的学生名册。",
                   url=reverse("dropout:board", args=[county.code]), key=f"dropout/merger/{former.pk}/{school.pk}")  # fmt: skip
    return len(ids)


def class_of(text: str, former: School) -> str:
    """A class of a former school, told from the one of the same name."""
    return f"{text}（原{former.name[:SHORT_NAME]}）"[:LONGEST] if text else ""
