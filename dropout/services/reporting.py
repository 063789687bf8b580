"""月报 of the schools, the county's quarterly check and its summaries: made from the cases, confirmed by people."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from schools import access
from schools.calendar import NoCalendar, calendar_between
from schools.datasets import lock_county
from schools.models import County, School
from schools.parameters import resolve

from ..clock import report_due
from ..models import MonthlyReport, Review, ReviewKind
from ..parameters import MONTH_REPORT_DAY
from ..school_days import SchoolDays
from .counting import (
    BEFORE,
    KEYS,
    OPENED,
    Counts,
    adds_up,
    count_cases,
    count_spans,
    is_zero,
    pupils_of,
    reporting_schools,
    total,
)
from .errors import CaseError

VERB, REVIEW_VERB = "report_month", "register_dropout"
EARLIEST = dt.timedelta(days=7)  # before its due day a month cannot be told yet
DAY = dt.timedelta(days=1)


def last_day(month: dt.date) -> dt.date:
    """The last day of a month given by its first."""
    return (month.replace(day=28) + DAY * 4).replace(day=1) - DAY


def due_day(county: County, month: dt.date) -> dt.date | None:
    """When the reports of a month are due; None for a month without lessons. Without a calendar the day itself."""
    wanted = resolve(county.code, last_day(month)).get(MONTH_REPORT_DAY)
    try:
        calendar = calendar_between(county, month, last_day(month))
    except NoCalendar:
        return min(month + DAY * (wanted - 1), last_day(month))
    return report_due(SchoolDays.of_calendar(calendar, month), month, wanted)


@dataclass(frozen=True)
class Draft:
    """What a school's report of a month would say on a day."""

    school: School
    month: dt.date
    start: dt.date
    upto: dt.date
    counts: Counts

    @property
    def is_zero(self) -> bool:
        return is_zero(self.counts)


def draft_report(school: School, month: dt.date, on: dt.date) -> Draft:
    """The counts a report filed on `on` would carry: from the day after the last report's end to the month's, or to today."""
    start, upto = _span(school, month, on)
    counts = count_cases(school.county, start, upto, [school.pk]).get(school.pk) or dict.fromkeys(KEYS, 0)
    return Draft(school, month, start, upto, counts)


def _span(school: School, month: dt.date, on: dt.date) -> tuple[dt.date, dt.date]:
    filed = MonthlyReport.objects.filter(school=school)
    own = filed.filter(month=month).order_by("number").first()
    before = filed.filter(month__lt=month).order_by("-month", "-number").first()
    start = dt.date.fromisoformat(before.counts["upto"]) + DAY if before else month
    if own is not None and filed.filter(month__gt=month).exists():
        return dt.date.fromisoformat(own.counts["from"]), dt.date.fromisoformat(own.counts["upto"])
    return min(start, month), min(on, last_day(month))


@transaction.atomic
def file_report(
    *, school: School, month: dt.date, on: dt.date, by: Actor, zero: bool = False, note: str = ""
) -> MonthlyReport:
    """The head's report of a month, as counted from the cases; `zero` says on purpose that there is nothing.

    Filed again it is the next number of the same month. Raises CaseError, Http404, PermissionDenied.
    """
    access.get_school(by, school.county, school.code, VERB)
    if school.parent_id:
        raise CaseError(f"{school.name}的情况由{school.parent.name}一并报送。")
    lock_county(school.county)
    _check_time(school, month, on)
    draft = draft_report(school, month, on)
    if draft.is_zero and not zero:
        raise CaseError("本月没有案件。确认无疑似辍学和辍学学生的，请勾选“零报告”。")
    if zero and not draft.is_zero:
        raise CaseError(f"本月有案件（期初{draft.counts[BEFORE]}件、新立{draft.counts[OPENED]}件），不能作零报告。")
    if not adds_up(draft.counts):
        raise RuntimeError(f"counts of {school.code} {month} do not add up: {draft.counts}")
    number = MonthlyReport.objects.filter(school=school, month=month).count() + 1
    pupils = pupils_of(school.county).get(school.pk)
    made = MonthlyReport.objects.create(
        county=school.county, school=school, month=month, number=number, zero_report=zero, note=note.strip()[:300], filed_on=on,
        counts={**draft.counts, "pupils": pupils, "from": draft.start.isoformat(), "upto": draft.upto.isoformat()},
        filed_by=(by.display_name or by.username)[:120],
    )  # fmt: skip
    audit.record("dropout_report.filed", by=by, county=school.county.code, object=f"school/{school.code}/{month:%Y-%m}", number=number, zero=zero)
    return made


@dataclass(frozen=True)
class Whole:
    """The county's month on a day: counted from the cases, beside what the schools have confirmed of it."""

    month: dt.date
    start: dt.date
    upto: dt.date
    counts: Counts
    lines: list[Line]

    @property
    def lacking(self) -> list[School]:
        """The schools that have said nothing of the month, in this report or a later one."""
        return [line.school for line in self.lines if line.report is None and not line.covered]

    @property
    def differing(self) -> list[School]:
        """The schools whose report does not say any more what the cases say."""
        return [line.school for line in self.lines if line.differs]


def draft_whole(county: County, month: dt.date, on: dt.date, lines: list[Line] | None = None) -> Whole:
    """What the county's report of a month would say on `on`: from the day after the last one's end to the month's, or to today."""
    filed = MonthlyReport.objects.filter(county=county, school__isnull=True)
    own = filed.filter(month=month).order_by("number").first()
    before = filed.filter(month__lt=month).order_by("-month", "-number").first()
    start = min(month, dt.date.fromisoformat(before.counts["upto"]) + DAY) if before else month
    upto = min(on, last_day(month))
    if own is not None and filed.filter(month__gt=month).exists():
        start, upto = dt.date.fromisoformat(own.counts["from"]), dt.date.fromisoformat(own.counts["upto"])
    return Whole(month, start, upto, summarise(county, start, upto).whole, month_lines(county, month) if lines is None else lines)


@transaction.atomic
def file_whole(*, county: County, month: dt.date, on: dt.date, note: str, by: Actor) -> MonthlyReport:
    """The bureau confirms the county's month. Schools that have not reported, or differ, are named in it and want a word.

    Filed again it is the next number. Raises CaseError, Http404, PermissionDenied (verb register_dropout for the county).
    """
    access.get_county(by, county.code, REVIEW_VERB)
    lock_county(county)
    due = due_day(county, month)
    if due is None:
        raise CaseError(f"{month:%Y年%m月}没有上课日，不用报送。")
    if on < due:
        raise CaseError(f"{month:%Y年%m月}的全县月报在学校月报截止（{due:%m月%d日}）以后确认。")
    filed = MonthlyReport.objects.filter(county=county, school__isnull=True)
    if not filed.filter(month=month).exists() and filed.filter(month__gt=month).exists():
        raise CaseError(f"以后月份的全县月报已经确认，其中已包含{month:%Y年%m月}的情况。")
    found, said = draft_whole(county, month, on), " ".join(note.split())
    if (found.lacking or found.differing) and not said:
        raise CaseError(f"还有{len(found.lacking)}所学校没有报送、{len(found.differing)}所学校的月报与案件不一致。请先督促学校报送，或写明原因和处理办法再确认。")
    if not adds_up(found.counts):
        raise RuntimeError(f"counts of {county.code} {month} do not add up: {found.counts}")
    told = {
        **found.counts, "from": found.start.isoformat(), "upto": found.upto.isoformat(), "schools": len(found.lines),
        "lacking": [school.code for school in found.lacking], "differing": [school.code for school in found.differing],
    }  # fmt: skip
    made = MonthlyReport.objects.create(
        county=county, school=None, month=month, number=filed.filter(month=month).count() + 1, zero_report=is_zero(found.counts),
        note=said[:300], filed_on=on, counts=told, filed_by=(by.display_name or by.username)[:120],
    )  # fmt: skip
    audit.record("dropout_report.filed", by=by, county=county.code, object=f"county/{county.code}/{month:%Y-%m}", number=made.number,
                 zero=made.zero_report, lacking=len(found.lacking))  # fmt: skip
    return made


def whole_reports(county: County, month: dt.date) -> list[MonthlyReport]:
    """The county's own reports of a month, the newest number first."""
    return list(MonthlyReport.objects.filter(county=county, school__isnull=True, month=month).order_by("-number"))


def _check_time(school: School, month: dt.date, on: dt.date) -> None:
    due = due_day(school.county, month)
    if due is None:
        raise CaseError(f"{month:%Y年%m月}没有上课日，不用报送；假期里的变化并入开学后的月报。")
    if on < due - EARLIEST:
        raise CaseError(f"{month:%Y年%m月}的月报从{due - EARLIEST:%m月%d日}起可以报送。")
    own = MonthlyReport.objects.filter(school=school, month=month)
    if not own.exists() and MonthlyReport.objects.filter(school=school, month__gt=month).exists():
        raise CaseError(f"以后月份的月报已经报送，其中已包含{month:%Y年%m月}的情况。")


@dataclass(frozen=True)
class Line:
    """One school in the county's table of a month: its newest report, or none; `covered` by the report of a later month."""

    school: School
    report: MonthlyReport | None
    covered: bool = False
    now: Counts | None = None

    @property
    def differs(self) -> list[str]:
        """Counts that would read otherwise if the same days were counted today (steps entered late)."""
        if self.report is None or self.now is None:
            return []
        return [key for key in KEYS if self.now.get(key, 0) != self.report.counts.get(key, 0)]


def month_lines(county: County, month: dt.date, schools: Iterable[School] | None = None) -> list[Line]:
    """Every school that owes a report of the month (or these), with its newest one recounted."""
    schools = list(reporting_schools(county, month) if schools is None else schools)
    newest: dict[int, MonthlyReport] = {}
    for report in MonthlyReport.objects.filter(county=county, school__in=schools, month=month).order_by("number"):
        newest[report.school_id] = report
    later = set(MonthlyReport.objects.filter(county=county, school__in=schools, month__gt=month).values_list("school_id", flat=True))
    spans = {
        pk: (dt.date.fromisoformat(report.counts["from"]), dt.date.fromisoformat(report.counts["upto"])) for pk, report in newest.items()
    }  # fmt: skip
    now = count_spans(county, spans)
    return [
        Line(school, newest.get(school.pk), school.pk in later, now.get(school.pk, {}) if school.pk in newest else None) for school in schools
    ]


def months_of(county: County, schools: Iterable[School], months: Iterable[dt.date]) -> dict[dt.date, set[int]]:
    """month -> the schools (of these) that have reported it."""
    rows = MonthlyReport.objects.filter(county=county, school__in=[school.pk for school in schools], month__in=list(months))
    found: dict[dt.date, set[int]] = {}
    for month, school in rows.values_list("month", "school_id"):
        found.setdefault(month, set()).add(school)
    return found


def reports_of(school: School, since: dt.date) -> list[MonthlyReport]:
    """The reports of a school from a month on, the newest number of each month first."""
    return list(MonthlyReport.objects.filter(school=school, month__gte=since).order_by("-month", "-number"))


# The county's own checks and summaries

def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The calendar quarter a day lies in."""
    start = dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return start, last_day(start.replace(month=start.month + 2))


def year_span(year: int) -> tuple[dt.date, dt.date]:
    """学年."""
    return dt.date(year, 9, 1), dt.date(year + 1, 8, 31)


@dataclass(frozen=True)
class Summary:
    """The county over a stretch of days: by school, cases nobody's school answers for, and the sum."""

    start: dt.date
    upto: dt.date
    by_school: dict[int, Counts]
    without_school: Counts
    whole: Counts


def summarise(county: County, start: dt.date, upto: dt.date) -> Summary:
    """Counted from the cases, now."""
    found = count_cases(county, start, upto)
    nobody = found.pop(None, None) or dict.fromkeys(KEYS, 0)
    return Summary(start, upto, found, nobody, total([*found.values(), nobody]))


@transaction.atomic
def file_review(
    *, county: County, kind: str, start: dt.date, end: dt.date, on: dt.date, note: str, by: Actor
) -> Review:
    """The bureau's quarterly check, term or year summary: what it looked at, with the counts as they stand.

    Raises CaseError, Http404, PermissionDenied (verb register_dropout for the county).
    """
    access.get_county(by, county.code, REVIEW_VERB)
    if kind not in ReviewKind.values:
        raise Http404
    if on < end:
        raise CaseError(f"{ReviewKind(kind).label}到{end:%Y-%m-%d}以后才能确认。")
    if not note.strip():
        raise CaseError("请写明核查了什么、发现什么、怎样处理。")
    lock_county(county)
    found = summarise(county, start, end)
    number = Review.objects.filter(county=county, kind=kind, start=start).count() + 1
    made = Review.objects.create(
        county=county, kind=kind, start=start, end=end, number=number, note=note.strip()[:600], filed_on=on,
        counts=found.whole, filed_by=(by.display_name or by.username)[:120],
    )  # fmt: skip
    audit.record("dropout_review.filed", by=by, county=county.code, object=f"{kind}/{start:%Y-%m-%d}", number=number)
    return made


def reviews_of(county: County, kind: str, start: dt.date) -> list[Review]:
    return list(Review.objects.filter(county=county, kind=kind, start=start).order_by("-number"))
