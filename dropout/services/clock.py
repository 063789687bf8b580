"""The clock of a county on a day: what the system does by itself, and whom it reminds. Run as often as you like."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, notices
from accounts.actor import Actor
from jobs.queue import enqueue
from schools import access
from schools.calendar import NoCalendar, calendar_of
from schools.datasets import lock_county
from schools.models import County
from schools.periods import current_school_year, year_label

from ..clock import Due
from ..models import Absence, AbsenceKind, Case, CaseState, Child, HeadKind, Opening, Reminder
from ..parameters import SUSPECT_DAYS
from ..states import BACK, RESTING
from .attendance import CLOCK_JOB
from .caseload import Clock, Watched, clock_of, earliest_open, open_cases, watch
from .errors import CaseError
from .heads import HeadBook, RolePeople, SchoolPlace, answering, recipients
from .mergers import follow_mergers
from .moving import move
from .opening import open_case
from .reporting_clock import remind_of_reports

log = structlog.get_logger(__name__)
SYSTEM = Actor.system("clock")
WINDOW = 20  # school days in which scattered unexplained absences add up to a case
Progress = Callable[[int, int, str], None]


def start_clocks(day: dt.date | None = None) -> int:
    """One job for each county that has children on its register; returns how many. Today's job is joined, not doubled."""
    day, started = day or timezone.localdate(), 0
    with transaction.atomic():
        for county in County.objects.filter(children__isnull=False).distinct().order_by("code"):
            enqueue(CLOCK_JOB, f"{county.code}/{day:%Y-%m-%d}", args={"county": county.pk, "day": day.isoformat()}, county=county.code)
            started += 1
    return started


def run_clock(county: County, day: dt.date, progress: Progress = lambda done, total, text: None) -> dict:
    """Everything that falls due in the county up to `day`: states that change by themselves, reminders, escalations.

    Silent on days without lessons. Running again, or after days of standing still, adds only what is missing.
    Answers with counts; `{"calendar": False}` when this school year has no calendar.
    """
    merged = follow_mergers(county, day, by=SYSTEM)  # in the holidays too: that is when schools are merged
    try:
        if not calendar_of(county, current_school_year(day)).is_school_day(day):
            return {"school_day": False}
        clock = clock_of(county, day, earliest_open(county))
    except NoCalendar:
        _ask_for_calendar(county, day)
        return {"calendar": False}
    cases = list(open_cases(county))
    done = {"merged": merged, "suspected": _suspect(clock, cases), "expired": _expire(clock, cases), "relapsed": _relapse(clock, cases), "opened": _open_missed(clock, cases)}
    progress(1, 3, "正在核对案件")
    watched = watch(clock, list(open_cases(county)) if any(done.values()) else cases)
    done["uncounted"] = sum(not one.counted for one in watched)
    done["finished"] = _finish(clock, watched)
    done["reminders"] = remind(clock, watched)
    progress(2, 3, "正在核对月报")
    done["reports"] = remind_of_reports(clock)
    return done


# What the system does by itself

def _attempt(case: Case, verb: str, day: dt.date, note: str = "") -> int:
    """One move of the clock; somebody who was quicker has done it, and the next run looks again."""
    try:
        move(case_id=case.pk, verb=verb, revision=case.revision, by=SYSTEM, on=max(day, case.state_since), note=note)
    except CaseError as reason:
        log.info("clock left a case alone", case=case.number, verb=verb, reason=reason.code)
        return 0
    return 1


def _suspect(clock: Clock, cases: Iterable[Case]) -> int:
    """缺勤 becomes 疑似辍学 after so many school days, today's only when it was reported."""
    wanted = clock.parameters.get(SUSPECT_DAYS)
    cases = [case for case in cases if case.state == CaseState.ABSENT and case.absent_since >= clock.known_from]
    if not cases:
        return 0
    today = set(_unexplained(case.child_id for case in cases).filter(day=clock.today).values_list("child_id", flat=True))
    moved = 0
    for case in cases:
        before_today = clock.days.since(case.absent_since - dt.timedelta(days=1), clock.today - dt.timedelta(days=1))
        if before_today + (case.child_id in today) >= wanted:
            moved += _attempt(case, "suspect", clock.today)
    return moved


def _open_missed(clock: Clock, cases: Iterable[Case]) -> int:
    """The net below the roll: as many unexplained days within the window that no case knows of make a case."""
    wanted, first = clock.parameters.get(SUSPECT_DAYS), clock.days.start_of(clock.today, WINDOW)
    missed: dict[int, list[dt.date]] = defaultdict(list)
    rows = Absence.objects.filter(child__county=clock.county, kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True, day__range=(first, clock.today))
    for child_id, day in rows.order_by("day").values_list("child_id", "day"):
        missed[child_id].append(day)
    under_way = {case.child_id for case in cases}
    missed = {child_id: days for child_id, days in missed.items() if len(days) >= wanted and child_id not in under_way}
    if not missed:
        return 0
    known: dict[int, list[Case]] = defaultdict(list)
    for case in Case.objects.filter(child__in=list(missed)):
        known[case.child_id].append(case)
    opened = 0
    for child in Child.objects.filter(pk__in=list(missed), erased_at__isnull=True).select_related("county", "school"):
        opened += _open_for(clock, child, missed[child.pk], known[child.pk], wanted)
    return opened


def _open_for(clock: Clock, child: Child, days: list[dt.date], cases: list[Case], wanted: int) -> int:
    if any(case.is_open for case in cases):
        return 0
    free = [day for day in days if not any(case.absent_since <= day <= case.closed_on for case in cases)]
    if len(free) < wanted:
        return 0
    case = open_case(child=child, opening=Opening.ABSENCE, absent_since=free[0], on=clock.today, by=SYSTEM)
    _attempt(case, "suspect", clock.today)
    return 1


def _expire(clock: Clock, cases: Iterable[Case]) -> int:
    ended = [case for case in cases if case.state in RESTING and case.rests_until and case.rests_until < clock.today]
    return sum(_attempt(case, "expire", clock.today) for case in ended)


def _relapse(clock: Clock, cases: Iterable[Case]) -> int:
    """A returned child missing without reason for as many school days on end has left again."""
    wanted = clock.parameters.get(SUSPECT_DAYS)
    last = clock.days.last(wanted, clock.today)
    cases = [case for case in cases if case.state in BACK]
    if not cases:
        return 0
    missed: dict[int, set[dt.date]] = defaultdict(set)
    for child_id, day in _unexplained(case.child_id for case in cases).filter(day__in=last).values_list("child_id", "day"):
        missed[child_id].add(day)
    note = f"复学后连续{wanted}个上课日无故缺勤。"
    return sum(_attempt(case, "relapse", clock.today, note) for case in cases if len(missed[case.child_id]) == wanted)


def _unexplained(children: Iterable[int]):
    return Absence.objects.filter(child__in=list(children), kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True)


# Reminders

def _finish(clock: Clock, watched: Iterable[Watched]) -> int:
    """Reminders whose step was done, or whose round or case is over, are closed with the day on which that was so."""
    by_case = {one.case.pk: one for one in watched}
    sent = list(Reminder.objects.filter(case__county=clock.county, done_on__isnull=True).values_list("pk", "case_id", "step", "round", "turn"))
    gone = {case_id for _, case_id, *_ in sent if case_id not in by_case}
    closed = dict(Case.objects.filter(pk__in=gone).values_list("pk", "closed_on"))
    done = defaultdict(list)
    for pk, case_id, step, lap, turn in sent:
        one = by_case.get(case_id)
        if one is None:
            done[closed[case_id] or clock.today].append(pk)
            continue
        due = next((due for due in one.dues if due.step.code == step), None) if one.life.round == lap else None
        if due is not None and due.turn != turn:  # acted on since: it is another turn that runs now
            done[one.life.left_on + dt.timedelta(days=max(due.turn, turn))].append(pk)
        elif due is None or not due.is_open:
            done[due.done_on if due else one.case.state_since].append(pk)
    for day, keys in done.items():
        Reminder.objects.filter(pk__in=keys).update(done_on=day)
    return sum(map(len, done.values()))


def remind(clock: Clock, watched: Iterable[Watched]) -> int:
    """One reminder for each open step and each head it has come to by today; returns how many are new."""
    wanted = _unsent([(one, due, level) for one in watched for due in one.dues if due.is_open for level in range(due.level + 1)])
    if not wanted:
        return 0
    with transaction.atomic():
        lock_county(clock.county)
        wanted = _unsent(wanted)  # another run may have been here since
        book, people = HeadBook(clock.county, clock.today), RolePeople(clock.today)
        fresh = [_reminder(clock, book, people, one, due, level) for one, due, level in wanted]
        Reminder.objects.bulk_create(fresh)
        for row, (one, due, level) in zip(fresh, wanted, strict=True):
            _notify(clock, row, one, due, level)
        audit.record("clock.reminded", by=SYSTEM, county=clock.county.code, object=f"day/{clock.today:%Y-%m-%d}", reminders=len(fresh))
    return len(fresh)


def _unsent(wanted: list[tuple[Watched, Due, int]]) -> list[tuple[Watched, Due, int]]:
    keys = {one.case.pk for one, _, _ in wanted}
    known = set(Reminder.objects.filter(case__in=keys).values_list("case_id", "step", "round", "turn", "level")) if keys else set()
    return [(one, due, level) for one, due, level in wanted if (one.case.pk, due.step.code, one.life.round, due.turn, level) not in known]


def _reminder(clock: Clock, book: HeadBook, people: RolePeople, one: Watched, due: Due, level: int) -> Reminder:
    """Whom it reaches: this head; where nobody at all can be reached there, the next one up who can."""
    case, chain = one.case, due.step.chain
    head = answering(book, case, due.step, chain[level])
    users: list[int] = []
    for kind in chain[level:]:
        asked = due.step.at_receiver and kind == HeadKind.SCHOOL and case.transfer_to_id
        place = SchoolPlace(case.transfer_to) if asked else case.child
        users = recipients(kind, answering(book, case, due.step, kind), place, people)
        if users:
            break
    return Reminder(
        case=case, step=due.step.code, round=one.life.round, turn=due.turn, level=level, head_kind=chain[level], head_name=head.name if head else "",
        users=users, due_on=due.due_on, sent_on=clock.today,
    )  # fmt: skip


def _notify(clock: Clock, row: Reminder, one: Watched, due: Due, level: int) -> None:
    number = one.case.number
    if level:
        text = f"控辍保学案件{number}：“{due.step.title}”应于{due.due_on:%m月%d日}办理，已逾期，{HeadKind(due.step.chain[level - 1]).label}尚未办结，请督办。"
    else:
        text = f"控辍保学案件{number}：“{due.step.title}”应于{due.due_on:%m月%d日}前办理，请登录办理。"
    url = reverse("dropout:case", args=[clock.county.code, number])
    if due.step.at_receiver and not level:  # its people see the form of the case, not yet the case
        url = reverse("dropout:receiving", args=[clock.county.code])
    notices.notify(row.users, text=text, url=url, key=f"dropout/{row.case_id}/{row.step}/{row.round}/{row.turn}/{level}")


def _ask_for_calendar(county: County, day: dt.date) -> None:
    """Without a calendar no limit can be counted; the bureau is told once until it has read it."""
    year = current_school_year(day)
    text = f"还没有录入{year_label(year)}校历，控辍保学的期限无法计算，也不会提醒。请在“名录—校历”里录入。"
    with transaction.atomic():
        notices.notify(access.users_of_county(county, ("county_lead", "county_officer")), text=text, key=f"dropout/calendar/{county.code}/{year}",
                       url=reverse("schools:calendar", args=[county.code, year]))  # fmt: skip
