"""A minimum until the case services are merged."""
from __future__ import annotations

import datetime as dt

from accounts.actor import Actor
from dropout.models import Case, CaseState, Child, Visit
from dropout.models.cases import CLOSED


def open_case(*, child: Child, opening: str, absent_since: dt.date, on: dt.date, by: Actor, reason: str = "", whereabouts: str = "") -> Case:
    known = Case.objects.filter(child=child).exclude(state__in=CLOSED).first()
    if known is not None:
        return known
    count = Case.objects.filter(county=child.county, number__startswith=f"{on.year}-").count()
    return Case.objects.create(
        county=child.county, child=child, number=f"{on.year}-{count + 1:04d}", state=CaseState.SUSPECTED, state_since=on, opening=opening, opened_on=on,
        absent_since=absent_since, reason=reason, whereabouts=whereabouts, school=child.school, township=child.township, class_text=child.class_text,
    )  # fmt: skip


def add_visit(*, case: Case, on: dt.date, way: str, outcome: str, participants: str, source: str = "ledger", entry_key: str, by: Actor) -> Visit:
    values = {"on": on, "way": way, "outcome": outcome, "participants": participants, "source": source}
    return Visit.objects.get_or_create(case=case, entry_key=entry_key, defaults=values)[0]
