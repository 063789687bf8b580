"""Flags: gathering the facts of all children of a county in a few queries, raising and updating, and ending each one.

One open flag a child; the job runs weekly and may run again at any time. A flag ends in a check with a word or in a case.
"""
from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts import audit, notices
from accounts.actor import Actor
from jobs.models import Job
from jobs.queue import enqueue
from schools import access
from schools.datasets import lock_county
from schools.models import County, DatasetState
from schools.parameters import resolve

from ..models import (
    Absence,
    AbsenceKind,
    Case,
    CaseReason,
    CaseState,
    CaseStep,
    Child,
    ChildStatus,
    ChildTag,
    Flag,
    FlagState,
    Opening,
    Pupil,
)
from ..models.cases import CLOSED
from ..school_days import SchoolDays
from ..warning import ChildFacts, Judgement, Limits, judge
from .calendars import school_days_of
from .cases import CaseError, open_case
from .reach import CareConflict, CareError, name_of

KIND, VERB = "raise_warnings", "check_warning"
BATCH = 2_000
# Children who should be in a classroom; one who is out has a case or needs one, not a warning.
WATCHED = (ChildStatus.ENROLLED.value, ChildStatus.UNKNOWN.value, ChildStatus.SUSPENDED.value, ChildStatus.DEFERRED.value)
DROPPED = (
    CaseState.REGISTERED, CaseState.PERSUADING, CaseState.NOTICED, CaseState.RETURNED, CaseState.PLACED, CaseState.STRUCK_OFF,
)  # fmt: skip
# Who left the county or finished school is warned of no more; who is out without a case still is: somebody has to look.
LEFT = {
    ChildStatus.TRANSFERRED.value: "学生已转出，由转入学校负责，预警结束。", ChildStatus.GRADUATED.value: "学生已毕业，预警结束。",
    ChildStatus.GONE.value: "学生已不再统计（死亡、出国(境)定居或超龄），预警结束。", ChildStatus.UNFIT.value: "学生经认定不具备学习条件，预警结束。",
}  # fmt: skip
ERASED = "学生的个人信息已按规定删除，预警结束。"
PAUSES = ("suspend", "defer", "renew")


@dataclass(frozen=True)
class Raised:
    """What one run did: children looked at, flags new, updated, ended by a case, ended because the child left."""

    children: int
    new: int
    updated: int
    ended: int
    left: int = 0


def facts_of(county: County, on: dt.date, limits: Limits, days: SchoolDays) -> dict[int, ChildFacts]:
    """What the rules need of every child without an open case, in eight queries whatever the number of children."""
    busy = set(Case.objects.filter(county=county).exclude(state__in=CLOSED).values_list("child_id", flat=True))
    rows = Child.objects.filter(county=county, status__in=WATCHED, erased_at__isnull=True).values_list(
        "id", "person_key", "grade", "birth", "attends_as", "distance", "siblings_key", "status"
    )
    rows = [row for row in rows if row[0] not in busy]
    tags = _tags(county)
    unexplained, absent = _absences(county, on, days.start_of(on, limits.window))
    paused, of_key = _pauses(county), _suspended_years(county)
    cases = _cases(county)
    out = _children_out(county, cases)
    found = {}
    for pk, key, grade, birth, attends, distance, siblings, status in rows:
        years = of_key.get(key, 0) or int(status in (ChildStatus.SUSPENDED, ChildStatus.DEFERRED))
        family = out.get(siblings, {}) if siblings else {}
        found[pk] = ChildFacts(
            grade, birth, attends in ("", "day"), distance, tags.get(pk, ()), unexplained.get(pk, 0), absent.get(pk, 0),
            max(paused.get(pk, 0), years), tuple(word for other, word in family.items() if other != pk),
            tuple(number for number, state in cases.get(pk, ()) if state == CaseState.STRUCK_OFF),
        )  # fmt: skip
    return found


def _tags(county: County) -> dict[int, tuple]:
    found = defaultdict(list)
    rows = ChildTag.objects.filter(child__county=county, until__isnull=True).order_by("child_id", "since", "id")
    for pk, *tag in rows.values_list("child_id", "group", "definition", "basis"):
        found[pk].append(tuple(tag))
    return {pk: tuple(held) for pk, held in found.items()}


def _absences(county: County, on: dt.date, start: dt.date) -> tuple[Counter, Counter]:
    """(unexplained days, all days missed) a child from `start` to `on`."""
    rows = Absence.objects.filter(child__county=county, day__gte=start, day__lte=on).values_list("child_id", "kind", "explained_on")
    unexplained, absent = Counter(), Counter()
    for pk, kind, explained_on, days in rows.annotate(days=Count("id")).order_by():
        absent[pk] += days
        if kind == AbsenceKind.UNEXPLAINED and explained_on is None:
            unexplained[pk] += days
    return unexplained, absent


def _pauses(county: County) -> dict[int, int]:
    steps = CaseStep.objects.filter(case__county=county, verb__in=PAUSES).values_list("case__child_id")
    return dict(steps.annotate(times=Count("id")).order_by())


def _suspended_years(county: County) -> dict[str, int]:
    """In how many school years' rosters a person stands as suspended, by person key."""
    rows = Pupil.objects.filter(
        dataset__county=county, dataset__ledger="pupils", dataset__state=DatasetState.STANDING,
        status__in=(ChildStatus.SUSPENDED, ChildStatus.DEFERRED),
    )  # fmt: skip
    return Counter(key for key, _ in rows.values_list("person_key", "dataset__period__start").distinct().order_by())


def _cases(county: County) -> dict[int, list[tuple[str, str]]]:
    found = defaultdict(list)
    for pk, number, state in Case.objects.filter(county=county, state__in=DROPPED).values_list("child_id", "number", "state"):
        found[pk].append((number, state))
    return found


def _children_out(county: County, cases: Mapping[int, list]) -> dict[str, dict[int, str]]:
    """Children who dropped out, now or before, by the key of their family: {key: {child id: evidence}}."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = Child.objects.filter(county=county).exclude(siblings_key="").filter(Q(status=ChildStatus.OUT) | Q(cases__state__in=DROPPED))
    for pk, key in rows.values_list("id", "siblings_key").distinct():
        numbers = [number for number, _ in cases.get(pk, ())]
        found[key][pk] = f"案件 {max(numbers)}" if numbers else "学籍状态为辍学"
    return found


@transaction.atomic
def raise_flags(county: County, on: dt.date, *, by: Actor) -> Raised:
    """Judge every child of the county; raise new flags, bring open ones up to date, close those a case has overtaken and
    those of children who left the county or finished school.

    Repeatable: the same facts change nothing. A flag that was checked is not raised again within the quiet days unless a
    new rule fires. One that no longer reaches the threshold stays open as it was: somebody still has to look.
    """
    county = lock_county(county)
    limits, days = Limits.of(resolve(county.code, on), on), school_days_of(county, on)
    facts = facts_of(county, on, limits, days)
    judged = {pk: judge(one, limits) for pk, one in facts.items()}
    flagged = {pk: one for pk, one in judged.items() if one.is_flagged(limits)}
    ended, left = _end_overtaken(county, on), _end_of_those_who_left(county, on)
    held = {flag.child_id: flag for flag in Flag.objects.select_for_update(of=("self",)).filter(child__county=county, state=FlagState.OPEN)}
    updated = _update(held, flagged)
    settled = _settled(county, on - dt.timedelta(days=limits.quiet_days))
    new = [
        Flag(child_id=pk, raised_on=on, score=one.score, rules=[fired.as_json() for fired in one.fired])
        for pk, one in flagged.items()
        if pk not in held and not {fired.rule.code for fired in one.fired} <= settled.get(pk, set())
    ]
    Flag.objects.bulk_create(new, batch_size=BATCH)
    done = Raised(len(facts), len(new), updated, ended, left)
    audit.record("flags.raised", by=by, county=county.code, on=on, **vars(done))
    _tell(county, on, {flag.child_id for flag in new})
    return done


def _update(held: Mapping[int, Flag], flagged: Mapping[int, Judgement]) -> int:
    changed = []
    for pk, flag in held.items():
        if (one := flagged.get(pk)) is None:
            continue
        rules = [fired.as_json() for fired in one.fired]
        if (flag.score, flag.rules) != (one.score, rules):
            flag.score, flag.rules = one.score, rules
            changed.append(flag)
    Flag.objects.bulk_update(changed, ["score", "rules"], batch_size=BATCH)
    return len(changed)


def _end_overtaken(county: County, on: dt.date) -> int:
    """Open flags of children who have a case by now: the case is their end."""
    cases = dict(Case.objects.filter(county=county).exclude(state__in=CLOSED).values_list("child_id", "id"))
    flags = [flag for flag in Flag.objects.filter(child__county=county, state=FlagState.OPEN) if flag.child_id in cases]
    for flag in flags:
        flag.state, flag.case_id, flag.checked_on = FlagState.CASE, cases[flag.child_id], on
        flag.outcome, flag.checked_by = "已由其他途径立案。", "系统"
    Flag.objects.bulk_update(flags, ["state", "case", "checked_on", "outcome", "checked_by"], batch_size=BATCH)
    return len(flags)


def _end_of_those_who_left(county: County, on: dt.date) -> int:
    """Open flags of children nobody here can help any more, each closed with the reason."""
    gone = Q(child__status__in=LEFT) | Q(child__erased_at__isnull=False)
    flags = list(Flag.objects.filter(gone, child__county=county, state=FlagState.OPEN).select_related("child"))
    for flag in flags:
        flag.state, flag.checked_on, flag.checked_by = FlagState.LEFT, on, "系统"
        flag.outcome = LEFT.get(flag.child.status, ERASED)
    Flag.objects.bulk_update(flags, ["state", "checked_on", "outcome", "checked_by"], batch_size=BATCH)
    return len(flags)


def _settled(county: County, since: dt.date) -> dict[int, set[str]]:
    """The rules a child's flags were checked for since that day."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Flag.objects.filter(child__county=county, state=FlagState.CHECKED, checked_on__gte=since)
    for pk, rules in rows.values_list("child_id", "rules"):
        found[pk] |= {one["code"] for one in rules}
    return found


def _tell(county: County, on: dt.date, child_ids: set[int]) -> None:
    """One line to those of each school who check warnings; children of no school go to the bureau. No name in it."""
    first: dict[int | None, Child] = {}
    number: Counter = Counter()
    raised = Flag.objects.filter(child__county=county, state=FlagState.OPEN, raised_on=on).select_related("child")
    for flag in raised:
        if flag.child_id in child_ids:
            first.setdefault(flag.child.school_id, flag.child)
            number[flag.child.school_id] += 1
    url = reverse("dropout:warnings", args=[county.code])
    for school_id, child in first.items():
        roles = ("school_head", "school_clerk") if school_id else ("county_lead", "county_officer")
        users = access.users_with(VERB, child, roles) or access.users_with(VERB, child, ("county_officer", "county_lead"))
        notices.notify(users, text=f"有 {number[school_id]} 名学生新列入辍学预警，请在期限内核查。", url=url, key="dropout-warning")


@transaction.atomic
def check_flag(flag: Flag, *, outcome: str, on: dt.date, by: Actor) -> Flag:
    """The flag was looked into and no case is needed; the word says what was found. Raises CareError, CareConflict."""
    access.require_for_child(by, VERB, flag.child)
    said = " ".join(outcome.split())
    if len(said) < 4:
        raise CareError("请写明核查结果（至少四个字），例如“已家访，学生因病请假，已补办手续”。")
    row = _locked(flag)
    row.state, row.outcome, row.checked_on, row.checked_by = FlagState.CHECKED, said[:200], on, name_of(by)
    row.save(update_fields=["state", "outcome", "checked_on", "checked_by"])
    _record("flag.checked", row, by)
    return row


@transaction.atomic
def open_case_from(flag: Flag, *, absent_since: dt.date, on: dt.date, reason: str = "", whereabouts: str = "", by: Actor) -> Case:
    """The flag becomes a case (or joins the one the child has). Raises CareError, CareConflict."""
    access.require_for_child(by, VERB, flag.child)
    if reason and reason not in CaseReason.values:
        raise CareError("请从列表中选择原因。")
    row = _locked(flag)
    try:
        case = open_case(
            child=row.child, opening=Opening.WARNING.value, absent_since=absent_since, on=on, by=by, reason=reason, whereabouts=whereabouts
        )
    except CaseError as error:
        raise CareError(str(error)) from error
    row.state, row.case, row.checked_on, row.checked_by, row.outcome = FlagState.CASE, case, on, name_of(by), "核查属实，已立案。"
    row.save(update_fields=["state", "case", "checked_on", "checked_by", "outcome"])
    _record("flag.opened_case", row, by, case=case.number)
    return case


def _locked(flag: Flag) -> Flag:
    row = Flag.objects.select_for_update(of=("self",)).select_related("child__county").get(pk=flag.pk)
    if row.state != FlagState.OPEN:
        raise CareConflict(f"这条预警已由{row.checked_by or '他人'}处置（{row.get_state_display()}），请刷新页面查看。")
    return row


def _record(action: str, flag: Flag, by: Actor, **detail) -> None:
    audit.record(action, by=by, object=f"flag/{flag.pk}", county=flag.child.county.code, child=flag.child_id, **detail)


# Reading

def flags_of(actor: Actor, county: County, *, state: str = FlagState.OPEN) -> QuerySet[Flag]:
    """The flags of the children the actor sees, heaviest first."""
    rows = Flag.objects.filter(access.children_condition(actor, county, of="child__"), state=state)
    return rows.select_related("child__school", "case")


def get_flag(actor: Actor, county: County, pk: int) -> Flag | None:
    """One flag of a child the actor sees."""
    rows = Flag.objects.filter(access.children_condition(actor, county, of="child__"), pk=pk)
    return rows.select_related("child__county", "child__school", "case").first()


def overdue_since(limits: Limits, days: SchoolDays, on: dt.date) -> dt.date:
    """A flag raised on or before this day and still open is overdue today (its days are school days)."""
    # The first of the last so many school days before today: what was raised earlier has had them all.
    return days.start_of(days.last_before(on), limits.check_days) - dt.timedelta(days=1)


def flag_counts(actor: Actor, county: County, since: dt.date, *, counts_only: bool = False) -> dict[str, int]:
    """Open, overdue (raised on or before `since`), checked, turned into a case, ended because the child left."""
    scope = Q(child__county=county) if counts_only else access.children_condition(actor, county, of="child__")
    states = dict(Flag.objects.filter(scope).values_list("state").annotate(number=Count("id")).order_by())
    late = Flag.objects.filter(scope, state=FlagState.OPEN, raised_on__lte=since).count()
    return {"open": states.get("open", 0), "overdue": late, "checked": states.get("checked", 0), "case": states.get("case", 0), "left": states.get("left", 0)}


# The weekly run

def order_warnings(county_code: str, *, owner: int | None = None) -> Job:
    """Ask for a run over one county; waiting orders of the same county are one."""
    return enqueue(KIND, county_code, county=county_code, owner=owner)


def order_all() -> int:
    """Beat, once a week: every county with a child register."""
    codes = Child.objects.values_list("county__code", flat=True).distinct().order_by("county__code")
    return len([order_warnings(code) for code in codes])
