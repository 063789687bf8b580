"""What the pages read: cases fetched and authorised in one step, filtered in the database, never a name."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.actor import Actor
from schools import access
from schools.models import County, School

from ..classes import class_order
from ..models import Absence, AbsenceKind, Case, CaseDocument, CaseState, Child, ChildStatus, Pledge, RollCall, Visit
from ..models.cases import CLOSED
from ..states import BACK, MISSING, OUT, RESTING

# The groups of states a board is filtered by: code, title, states.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("未结", tuple(sorted(set(CaseState.values) - CLOSED))), "absent": ("缺勤", ("absent",)), "suspected": ("疑似辍学", ("suspected",)),
    "out": ("辍学", OUT), "back": ("已返校待销号", BACK), "resting": ("缓学、休学", RESTING), "closed": ("已结案", tuple(sorted(CLOSED))),
}  # fmt: skip


def visible_cases(actor: Actor, county: County) -> QuerySet[Case]:
    """The cases whose children the actor sees."""
    found = Case.objects.filter(access.children_condition(actor, county, of="child__"))
    return found.select_related("child", "child__school", "child__township", "child__county", "county", "school", "township", "transfer_to", "reopens")


def get_case(actor: Actor, county: County, number: str, *, to_receive: bool = False) -> Case:
    """One visible case by its number, else 404; `to_receive`: also one whose transfer waits for a school of one's own."""
    found = visible_cases(actor, county).filter(number=number).first()
    if found is None and to_receive:
        found = offered_to(actor, county).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def offered_to(actor: Actor, county: County) -> QuerySet[Case]:
    """Open cases whose transfer waits for a school of this actor's own."""
    schools = [s.pk for s in access.schools_of(actor, county, "receive_transfer") if access.stands_at(actor, "receive_transfer", s)]
    waiting = Case.objects.filter(county=county, transfer_to__in=schools, state__in=MISSING)
    return waiting.select_related("child", "child__school", "child__township", "child__county", "county", "school", "township", "transfer_to")


def filtered(cases: QuerySet[Case], asked: Mapping[str, str]) -> QuerySet[Case]:
    """The board's filters: `state` (a group), `town`, `school` (code), `q` (number)."""
    _, states = GROUPS.get(asked.get("state", ""), GROUPS["open"])
    cases = cases.filter(state__in=states)
    if asked.get("school"):
        cases = cases.filter(Q(child__school__code=asked["school"]) | Q(child__school__parent__code=asked["school"]))
    if asked.get("town", "").isdecimal():
        cases = cases.filter(Q(child__township=asked["town"]) | Q(child__township__isnull=True, child__school__township=asked["town"]))
    if asked.get("q"):
        cases = cases.filter(number__contains=asked["q"].strip()[:12])
    return cases


def group_counts(cases: QuerySet[Case]) -> dict[str, int]:
    """How many cases stand in each group, in one query."""
    by_state = dict(cases.order_by().values_list("state").annotate(n=Count("id")))
    return {group: sum(by_state.get(state, 0) for state in states) for group, (_, states) in GROUPS.items()}


@dataclass(frozen=True)
class Tally:
    """One row of the page for those who see counts only: a township or school with its open cases by stock."""

    title: str
    counts: dict[str, int]

    @property
    def whole(self) -> int:
        return sum(self.counts.values())


def tallies(county: County) -> tuple[list[Tally], list[Tally], dict[str, int]]:
    """(townships, schools, whole) open cases by group; no name, no number, no class (the caller asked view_results)."""
    stocks = [group for group in GROUPS if group not in ("open", "closed")]
    group_of = {state: group for group in stocks for state in GROUPS[group][1]}
    towns: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(stocks, 0))
    schools: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(stocks, 0))
    whole = dict.fromkeys(stocks, 0)
    rows = Case.objects.filter(county=county).exclude(state__in=CLOSED).order_by().values_list(
        "state", "child__township__name", "child__school__township__name", "child__school__name"
    ).annotate(n=Count("id"))  # fmt: skip
    for state, town, of_school, school, count in rows:
        for table, key in ((towns, town or of_school or "户籍地不明"), (schools, school or "没有责任学校")):
            table[key][group_of[state]] += count
        whole[group_of[state]] += count
    return ([Tally(*row) for row in sorted(towns.items())], [Tally(*row) for row in sorted(schools.items())], whole)


def document_of(case: Case, document: int) -> CaseDocument:
    """A paper of a case, with its file; 404."""
    found = CaseDocument.objects.filter(case=case, pk=document, file__isnull=False).select_related("file").first()
    if found is None:
        raise Http404
    return found


def photo_of(case: Case, visit: int) -> Visit:
    found = Visit.objects.filter(case=case, pk=visit, photo__isnull=False).select_related("photo").first()
    if found is None:
        raise Http404
    return found


def pledge_of(county: County, pledge: int) -> Pledge:
    found = Pledge.objects.filter(head__county=county, pk=pledge, file__isnull=False).select_related("file", "head", "head__township", "head__school").first()
    if found is None:
        raise Http404
    return found


# Rolls

@dataclass(frozen=True)
class ClassRoll:
    """A class with its roll of a day: how many children, whether called, how many missing without a reason."""

    school: School
    class_text: str
    children: int
    call: RollCall | None
    unexplained: int


def rolls_of(actor: Actor, county: County, day: dt.date) -> list[ClassRoll]:
    """The classes this actor calls the roll of (or answers for), on a day."""
    condition = access.children_condition(actor, county, "report_absence")
    rows = Child.objects.filter(condition, school__isnull=False, erased_at__isnull=True, status__in=(ChildStatus.ENROLLED, ChildStatus.UNKNOWN))
    classes = list(rows.order_by().exclude(class_text="").values_list("school_id", "class_text").annotate(n=Count("id")))
    schools = {s.pk: s for s in School.objects.filter(pk__in={pk for pk, _, _ in classes}).select_related("county")}
    calls = {(c.school_id, c.class_text): c for c in RollCall.objects.filter(county=county, day=day, school__in=schools)}
    missed = {(school, text): n for school, text, n in
              Absence.objects.filter(access.children_condition(actor, county, "report_absence", of="child__"), day=day,
                                     kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True)
              .order_by().values_list("child__school_id", "child__class_text").annotate(n=Count("id"))}  # fmt: skip
    return [
        ClassRoll(schools[school], text, count, calls.get((school, text)), missed.get((school, text), 0))
        for school, text, count in sorted(classes, key=lambda row: (schools[row[0]].code, *class_order(row[1])))
    ]


def absences_on(children: Iterable[Child], day: dt.date) -> dict[int, Absence]:
    return {row.child_id: row for row in Absence.objects.filter(child__in=list(children), day=day)}


def unexplained_of(children: Iterable[Child], upto: dt.date) -> dict[int, list[dt.date]]:
    """child id -> the days missed without a reason so far, the newest first."""
    found: dict[int, list[dt.date]] = defaultdict(list)
    rows = Absence.objects.filter(child__in=list(children), kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True, day__lte=upto)
    for child_id, day in rows.order_by("-day").values_list("child_id", "day"):
        found[child_id].append(day)
    return found


def cases_of(children: Iterable[Child]) -> dict[int, Case]:
    """child id -> its open case."""
    return {case.child_id: case for case in Case.objects.filter(child__in=list(children)).exclude(state__in=CLOSED)}


def children_seen(actor: Actor, county: County, verb: str = "view_children") -> QuerySet[Child]:
    """The children an actor may do `verb` for."""
    found = Child.objects.filter(access.children_condition(actor, county, verb), erased_at__isnull=True)
    return found.select_related("school", "township", "county")


def places_of(children: QuerySet[Child]) -> list[tuple[str, str, int]]:
    """(key, words, children) of the classes, and of the villages for children without a school."""
    rows = children.order_by().values_list("school__code", "school__name", "class_text", "township__name", "village").annotate(n=Count("id"))
    found: dict[tuple[str, str], int] = defaultdict(int)
    for code, school, class_text, town, village, count in rows:
        key = f"s/{code}/{class_text}" if code else f"v/{town or ''}/{village}"
        words = f"{school} {class_text}" if code else f"没有学校：{town or '户籍地不明'} {village}"
        found[key, words] += count
    return [(key, words.strip(), count) for (key, words), count in sorted(found.items(), key=_place_order)]


def _place_order(place: tuple[tuple[str, str], int]) -> tuple:
    """Classes school by school in their order, then the villages."""
    kind, code, text = place[0][0].split("/", 2)
    return kind, code, class_order(text) if kind == "s" else (0, 0, text)


def children_at(children: QuerySet[Child], place: str) -> QuerySet[Child]:
    """The children of one of those places."""
    kind, _, rest = place.partition("/")
    first, _, second = rest.partition("/")
    if kind == "s":
        return children.filter(school__code=first, class_text=second).order_by("id")
    return children.filter(school__isnull=True, township__name=first or None, village=second).order_by("id")


def schools_in(county: County) -> list[School]:
    """The county's schools, for the forms that name another one."""
    return list(School.objects.filter(county=county, closed_on__isnull=True).order_by("code"))


def own_entry_keys(case: Case, actor: Actor) -> list[str]:
    """The keys of one's own visits of this case: the browser drops the draft of a visit that has arrived."""
    if actor.user_id is None:
        return []
    return list(Visit.objects.filter(case=case, recorded_by=actor.user_id).order_by("-id").values_list("entry_key", flat=True)[:20])


def call_of(school: School, class_text: str, day: dt.date) -> RollCall | None:
    return RollCall.objects.filter(school=school, class_text=class_text, day=day).first()
