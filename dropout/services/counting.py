"""Counting cases over a stretch of days, by reporting school: flows, stock and their sum, all from the steps themselves."""
from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from schools.codes import COMPULSORY, stages_of_type
from schools.models import County, School

from ..models import Case, CaseReason, CaseState, CaseStep, Child, ChildStatus, Placement, Return, Visit
from ..models.cases import CLOSED
from ..states import ABSENT, BACK, OUT, RESTING, SUSPECTED
from .mergers import mergers_of

# key, title. `open_before` + opened - the ends = `open_after` = the five stocks.
BEFORE, OPENED, AFTER = "open_before", "opened", "open_after"
ENDS = {
    "struck_off": "销号", "explained": "缺勤已说明", "cleared": "核实未辍学", "transferred": "转出已接收", "unfit": "不具备学习条件",
    "gone": "死亡、出国(境)、超龄",
}  # fmt: skip
STOCK = {"absent": "缺勤", "suspected": "疑似辍学", "out": "辍学", "back": "已返校待销号", "resting": "缓学、休学"}
FLOWS = {"registered": "登记辍学", "visits": "劝返人次", "returned": "劝返复学", "relapsed": "再次离校", "deferred": "批准缓学", "suspended": "批准休学"}
TITLES = {BEFORE: "期初未结", OPENED: "新立案", **FLOWS, **ENDS, AFTER: "期末未结", **STOCK, "pupils": "在校生"}
KEYS = (BEFORE, OPENED, *FLOWS, *ENDS, AFTER, *STOCK)
_FLOW_OF = {"register": "registered", "return": "returned", "resume": "returned", "relapse": "relapsed", "defer": "deferred", "suspend": "suspended"}
_END_OF_VERB = {"explain": "explained", "come_back": "explained", "clear": "cleared"}
_END_OF_STATE = {
    CaseState.STRUCK_OFF.value: "struck_off", CaseState.TRANSFERRED.value: "transferred", CaseState.UNFIT.value: "unfit",
    CaseState.DECEASED.value: "gone", CaseState.EMIGRATED.value: "gone", CaseState.OVER_AGE.value: "gone",
}  # fmt: skip
Counts = dict[str, int]


def stock_of(state: str) -> str:
    """The stock an open state belongs to."""
    if state in OUT:
        return "out"
    if state in BACK:
        return "back"
    return "resting" if state in RESTING else {ABSENT: "absent", SUSPECTED: "suspected"}[state]


def reporting_schools(county: County, on: dt.date) -> list[School]:
    """The schools that owe a monthly report: compulsory education, open on that day; campuses and points report with theirs."""
    schools = School.objects.filter(county=county, parent__isnull=True).select_related("township", "county").order_by("code")
    return [school for school in schools if _teaches(school) and (school.closed_on is None or school.closed_on > on)]


def _teaches(school: School) -> bool:
    stages = stages_of_type(school.type_code)
    if stages:
        return bool(set(stages) & set(COMPULSORY))
    return not school.type_code.startswith(("1", "36", "34"))


def units_of(county: County) -> dict[int, int]:
    """school id -> the id of the school that reports for it."""
    return {pk: parent or pk for pk, parent in School.objects.filter(county=county).values_list("pk", "parent_id")}


Span = tuple[dt.date, dt.date]


def count_cases(county: County, start: dt.date, upto: dt.date, schools: Iterable[int] | None = None) -> dict[int | None, Counts]:
    """reporting school id (None: no school answers) -> counts from `start` to `upto`, both inside.

    `schools` narrows to these reporting schools. A school without a case in the time has no key: it counts nothing.
    """
    wanted = None if schools is None else set(schools)
    return _counted(county, (start, upto), lambda unit: (start, upto) if wanted is None or unit in wanted else None)


def count_spans(county: County, spans: Mapping[int, Span]) -> dict[int | None, Counts]:
    """The same with a stretch of days of its own for each reporting school, in as many queries as for one."""
    if not spans:
        return {}
    whole = min(start for start, _ in spans.values()), max(upto for _, upto in spans.values())
    return _counted(county, whole, spans.get)


def _counted(county: County, whole: Span, span_of: Callable[[int | None], Span | None]) -> dict[int | None, Counts]:
    schools = list(School.objects.filter(county=county).values_list("pk", "parent_id", "closed_on"))
    units, cases = {pk: parent or pk for pk, parent, _ in schools}, {}
    mergers = mergers_of(county, whole[1]) if any(closed for *_, closed in schools) else {}
    found: dict[int | None, Counts] = defaultdict(lambda: dict.fromkeys(KEYS, 0))
    rows = Case.objects.filter(county=county, opened_on__lte=whole[1]).exclude(closed_on__lt=whole[0])
    for case in rows.only("id", "school_id", "opened_on", "closed_on", "state"):
        unit = _unit(case.school_id, units, mergers, span_of)
        span = span_of(unit)
        if span is None or case.opened_on > span[1] or (case.closed_on and case.closed_on < span[0]):
            continue
        cases[case.pk] = (case, unit, span)
        found[unit][BEFORE if case.opened_on < span[0] else OPENED] += 1
        found[unit][AFTER] += case.closed_on is None or case.closed_on > span[1]
    _count_steps(found, cases, whole[1])
    return dict(found)


def _unit(school: int | None, units: Mapping[int, int], mergers: Mapping[int, tuple[int, dt.date]], span_of: Callable) -> int | None:
    """The school that reports for a school in a stretch of days: after a merger the one that took it over, before it itself."""
    unit = units.get(school)
    if unit in mergers:
        other, since = units.get(mergers[unit][0]), mergers[unit][1]
        span = span_of(other)
        if span is not None and span[1] >= since:
            return other
    return unit


def _count_steps(found: dict, cases: Mapping[int, tuple[Case, int | None, Span]], upto: dt.date) -> None:
    state: dict[int, str] = {}
    steps = CaseStep.objects.filter(case__in=list(cases), on__lte=upto).order_by("id")
    for case_id, verb, before, to, on in steps.values_list("case_id", "verb", "from_state", "to_state", "on"):
        _, unit, (start, end) = cases[case_id]
        if on > end:
            continue
        if verb == "open" or before != to:
            state[case_id] = to
        if on < start:
            continue
        if verb in _FLOW_OF:
            found[unit][_FLOW_OF[verb]] += 1
        if before != to and to in CLOSED:
            found[unit][_END_OF_VERB.get(verb) or _END_OF_STATE[to]] += 1
    for case_id, (case, unit, (_, end)) in cases.items():
        if case.closed_on is None or case.closed_on > end:
            found[unit][stock_of(state[case_id])] += 1
    for case_id, on in Visit.objects.filter(case__in=list(cases), on__lte=upto).values_list("case_id", "on"):
        _, unit, (start, end) = cases[case_id]
        found[unit]["visits"] += start <= on <= end


def total(counts: Iterable[Mapping[str, int]]) -> Counts:
    """The sum, key by key."""
    found = dict.fromkeys(KEYS, 0)
    for one in counts:
        for key in KEYS:
            found[key] += one.get(key, 0)
    return found


def is_zero(counts: Mapping[str, int]) -> bool:
    """Whether nothing at all was open, opened or done."""
    return not any(counts.get(key) for key in KEYS)


def adds_up(counts: Mapping[str, int]) -> bool:
    """Whether flows and stock tell the same: what a report must do before anybody signs it."""
    ended = sum(counts[key] for key in ENDS)
    return counts[BEFORE] + counts[OPENED] - ended == counts[AFTER] == sum(counts[key] for key in STOCK)


def pupils_of(county: County) -> Counts:
    """reporting school id -> children on the register who are enrolled there."""
    units, found = units_of(county), defaultdict(int)
    for school in Child.objects.filter(county=county, status=ChildStatus.ENROLLED, school__isnull=False).values_list("school_id", flat=True):
        found[units[school]] += 1
    return dict(found)


SMALL = 5  # smaller counts of minors by cause are not told outside the county's own offices


def breakdowns(county: County, start: dt.date, end: dt.date) -> list[tuple[str, list[tuple[str, int]]]]:
    """Registered dropouts of the time by cause, returned children by placement: [(title, [(words, count)])], largest first."""
    registered = CaseStep.objects.filter(case__county=county, verb="register", on__range=(start, end)).values_list("detail", flat=True)
    causes = Counter(CaseReason(detail["reason"]).label for detail in registered)
    placed = Return.objects.filter(case__county=county, placed_on__range=(start, end), void=False).exclude(placement="")
    placements = Counter(Placement(value).label for value in placed.values_list("placement", flat=True))
    return [("辍学原因", causes.most_common()), ("复学安置", placements.most_common())]
