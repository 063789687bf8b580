"""The clock of reports: which school owes which month, what the county owes of quarter, term and year, and who hears of it."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Subquery
from django.urls import reverse

from accounts import notices
from schools import access
from schools.datasets import lock_county
from schools.models import County, School
from schools.periods import current_school_year

from ..clock import level_of, report_due
from ..models import Case, HeadKind, MonthlyReport, ReportReminder, Review, ReviewKind, RollCall
from ..parameters import COUNTY_MONTH_DAYS, MONTH_REPORT_DAY, QUARTER_CHECK_DAYS, TERM_SUMMARY_DAYS, YEAR_SUMMARY_DAYS
from .caseload import Clock
from .counting import reporting_schools
from .heads import ROLES_OF, HeadBook, RolePeople, SchoolPlace, recipients
from .reporting import DAY, last_day, quarter_of, year_span

MONTH, WHOLE = "month", "county_month"
SCHOOL_CHAIN = (HeadKind.SCHOOL, HeadKind.BUREAU)
COUNTY_CHAIN = (HeadKind.BUREAU, HeadKind.COUNTY)


@dataclass(frozen=True)
class Owed:
    """A report or review that has a due day; `school` None: the county's own. `done_on` when it came."""

    step: str
    title: str
    school: School | None
    start: dt.date
    due_on: dt.date
    done_on: dt.date | None = None

    @property
    def chain(self) -> tuple[HeadKind, ...]:
        return SCHOOL_CHAIN if self.school else COUNTY_CHAIN


def began(clock: Clock) -> dt.date:
    """The month from which the county owes reports: when it began to use cases or rolls, at most a year ago. Asked once."""
    if "began" not in vars(clock):
        today = clock.today
        vars(clock)["began"] = max(_first_use(clock.county) or today, dt.date(today.year - 1, today.month, 1)).replace(day=1)
    return vars(clock)["began"]


def _first_use(county: County) -> dt.date | None:
    """The day of the first case, roll or report, in one query."""
    first = [
        Subquery(model.objects.filter(county=county).order_by(field).values(field)[:1])
        for model, field in ((Case, "opened_on"), (RollCall, "day"), (MonthlyReport, "month"))
    ]  # fmt: skip
    [days] = County.objects.filter(pk=county.pk).values_list(*first)
    return min((day for day in days if day is not None), default=None)


def owed_months(clock: Clock, schools: Iterable[School] | None = None) -> list[Owed]:
    """The monthly reports that have fallen due up to today, done or not; with the county's own unless `schools` narrows them."""
    county, today = clock.county, clock.today
    whole, wait = schools is None, clock.parameters.get(COUNTY_MONTH_DAYS)
    schools = reporting_schools(county, today) if schools is None else list(schools)
    filed: dict[int | None, list[tuple[dt.date, dt.date]]] = {}
    for school, month, on in MonthlyReport.objects.filter(county=county).order_by("month", "number").values_list("school_id", "month", "filed_on"):
        filed.setdefault(school, []).append((month, on))
    found, month = [], began(clock)
    while month <= today:
        due = report_due(clock.days, month, clock.parameters.get(MONTH_REPORT_DAY))
        if due is not None and due <= today:
            for school in schools:
                # A later month's report covers a month that was left out.
                done = min((on for of, on in filed.get(school.pk, ()) if of >= month), default=None)
                found.append(Owed(MONTH, f"{month:%Y年%m月}控辍保学月报", school, month, due, done))
        if whole and due is not None and (last := clock.days.after(due, wait)) is not None and last <= today:
            done = min((on for of, on in filed.get(None, ()) if of >= month), default=None)
            found.append(Owed(WHOLE, f"{month:%Y年%m月}控辍保学全县月报", None, month, last, done))
        month = last_day(month) + DAY
    return found


def owed_reviews(clock: Clock) -> list[Owed]:
    """The county's own: quarterly check, term summary, year summary, due up to today since it began."""
    county, today = clock.county, clock.today
    done = {(kind, start): on for kind, start, on in Review.objects.filter(county=county).order_by("-number").values_list("kind", "start", "filed_on")}
    found = []
    for kind, title, start, due in (*_quarters(clock), *_terms(clock), *_years(clock)):
        on = clock.days.on_or_after(due) or due
        if on <= today:
            found.append(Owed(kind, title, None, start, on, done.get((kind, start))))
    return found


def _quarters(clock: Clock):
    start, end = quarter_of(began(clock))
    wait = clock.parameters.get(QUARTER_CHECK_DAYS)
    while end < clock.today:
        yield ReviewKind.QUARTER, f"{start.year}年第{(start.month + 2) // 3}季度控辍保学核查", start, end + DAY * wait
        start, end = quarter_of(end + DAY)


def _terms(clock: Clock):
    """The summary of a term is due some days into the next one."""
    begun, wait = began(clock), clock.parameters.get(TERM_SUMMARY_DAYS)
    terms = clock.terms
    for (start, end), (following, _) in zip(terms, terms[1:], strict=False):
        if end >= begun:
            yield ReviewKind.TERM, f"{start:%Y年%m月}开学的学期控辍保学汇总", start, following + DAY * wait


def _years(clock: Clock):
    start, end = year_span(current_school_year(clock.today) - 1)
    if began(clock) <= end:
        yield ReviewKind.YEAR, f"{start.year}-{end.year}学年控辍保学汇总", start, end + DAY * clock.parameters.get(YEAR_SUMMARY_DAYS)


def remind_of_reports(clock: Clock) -> int:
    """One reminder for each thing owed and each head it has come to; those that came since are closed."""
    owed = [*owed_months(clock), *owed_reviews(clock)]
    _finish(clock.county, owed)
    wanted = [
        (one, level) for one in owed if one.done_on is None
        for level in range(level_of(one.due_on, clock.today, clock.days, clock.limits, len(one.chain)) + 1)
    ]  # fmt: skip
    if not _unsent(clock.county, wanted):
        return 0
    with transaction.atomic():
        lock_county(clock.county)
        wanted = _unsent(clock.county, wanted)
        book, people = HeadBook(clock.county, clock.today), RolePeople(clock.today)
        rows = [_row(clock, book, people, one, level) for one, level in wanted]
        ReportReminder.objects.bulk_create(rows)
        _notify(clock, zip(rows, wanted, strict=True))
    return len(rows)


def _unsent(county: County, wanted: list[tuple[Owed, int]]) -> list[tuple[Owed, int]]:
    if not wanted:
        return []
    known = set(ReportReminder.objects.filter(county=county).values_list("school_id", "step", "start", "level"))
    return [(one, level) for one, level in wanted if (one.school.pk if one.school else None, one.step, one.start, level) not in known]


def _finish(county: County, owed: Iterable[Owed]) -> None:
    done = {(one.school.pk if one.school else None, one.step, one.start): one.done_on for one in owed if one.done_on}
    for pk, school, step, start in ReportReminder.objects.filter(county=county, done_on__isnull=True).values_list("pk", "school_id", "step", "start"):
        if (on := done.get((school, step, start))) is not None:
            ReportReminder.objects.filter(pk=pk).update(done_on=on)


def _row(clock: Clock, book: HeadBook, people: RolePeople, one: Owed, level: int) -> ReportReminder:
    kind = one.chain[level]
    head = book.school_head(one.school.pk) if kind == HeadKind.SCHOOL else book.at(kind)
    users = recipients(kind, head, SchoolPlace(one.school), people) if one.school else _county_people(clock, kind, head)
    if not users:
        users = _county_people(clock, HeadKind.BUREAU, book.at(HeadKind.BUREAU))
    return ReportReminder(county=clock.county, school=one.school, step=one.step, start=one.start, level=level, head_kind=kind,
                          head_name=head.name if head else "", users=users, due_on=one.due_on, sent_on=clock.today)  # fmt: skip


def _county_people(clock: Clock, kind: HeadKind, head) -> list[int]:
    if head is not None and head.user_id and head.user.is_active:
        return [head.user_id]
    return access.users_of_county(clock.county, ROLES_OF[kind], clock.today)


def _notify(clock: Clock, sent: Iterable[tuple[ReportReminder, tuple[Owed, int]]]) -> None:
    """One line a person, thing and level, however many schools it is about."""
    about: dict[tuple[int, str, dt.date, int], list[Owed]] = defaultdict(list)
    for row, (one, level) in sent:
        for user in row.users:
            about[user, one.step, one.start, level].append(one)
    for (user, step, start, level), ones in about.items():
        first, late = ones[0], "已逾期，请督办" if level else "请按时报送"
        who = "" if first.school is None else f"{first.school.name}：" if len(ones) == 1 else f"{first.school.name}等{len(ones)}所学校："
        monthly = step in (MONTH, WHOLE)
        url = reverse("dropout:months" if monthly else "dropout:reviews", args=[clock.county.code])
        query = f"?month={start:%Y-%m}" if monthly else ""
        notices.notify([user], text=f"{who}{first.title}应于{first.due_on:%m月%d日}前报送，{late}。", url=url + query,
                       key=f"dropout/{step}/{start}/{level}/{clock.today}")  # fmt: skip
