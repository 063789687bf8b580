"""A simulated county-year: pupils go missing, people act in time, late or never, the clock is driven by the test.

The driver acts through the real services and keeps its own book of what happened; the expectations of test_year are
computed from that book alone.
"""
from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.actor import Actor
from accounts.models import User
from dropout.models import Absence, Case, CaseState, Child, ChildStatus, DocumentKind, Head, HeadKind, Placement
from dropout.services import reporting
from dropout.services.attendance import explain, report_absences
from dropout.services.cases import CaseError, add_visit, move
from schools import access
from schools.models import County, Membership, School, ScopeKind, Township
from tests.dropout.roads import paper
from tests.dropout.world import D, make_calendars
from tests.factories import CountyFactory

DAY = dt.timedelta(days=1)
START, END = D(2025, 9, 1), D(2026, 7, 3)
# What the calendar of make_calendars says, written out a second time and read by other code.
HOLIDAYS = ((D(2025, 10, 1), D(2025, 10, 8)), (D(2026, 1, 1), D(2026, 1, 3)), (D(2026, 1, 24), D(2026, 2, 26)), (D(2026, 4, 4), D(2026, 4, 6)),
            (D(2026, 5, 1), D(2026, 5, 5)), (D(2026, 6, 19), D(2026, 6, 21)))  # fmt: skip
MADE_UP = {D(2025, 9, 28), D(2025, 10, 11), D(2026, 1, 4), D(2026, 5, 9)}
STANDSTILLS = ((D(2025, 11, 17), D(2025, 11, 20)), (D(2026, 3, 16), D(2026, 3, 23)))
GRADES = ("三年级/1班", "三年级/2班", "五年级/1班", "五年级/2班")


def lessons(day: dt.date) -> bool:
    if day in MADE_UP:
        return True
    return day.weekday() < 5 and START <= day <= END and not any(first <= day <= last for first, last in HOLIDAYS)


@dataclass
class Entry:
    """What the book says of one case."""

    number: str
    child: int
    school: str
    since: dt.date
    opened: dt.date
    events: list[tuple] = field(default_factory=list)  # (day, what, …) in the order in which they happened


@dataclass
class Plan:
    """One child going missing: when, how long, and who does what when."""

    child: Child
    start: int  # index of the school day
    length: int
    told_after: int = 0
    kind: str = "short"


class Year:
    """The county with its people, its book, and the driver."""

    def __init__(self, *, seed: int, pupils: int, missing: int):
        self.rng = random.Random(seed)
        self.days = [START + DAY * n for n in range((END - START).days + 1)]
        self.school_days = [day for day in self.days if lessons(day)]
        self.book: dict[int, Entry] = {}  # case id -> entry
        self.current: dict[int, int] = {}  # child id -> its open case
        self.runs: list[dt.date] = []
        self.acts: dict[int, list[Callable[[dt.date], None]]] = defaultdict(list)
        self.absent: dict[tuple[int, str], dict[dt.date, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._county(pupils)
        self._plans(missing)

    # The county

    def _county(self, pupils: int) -> None:
        self.county: County = CountyFactory(code="999901")
        make_calendars(self.county)
        self.towns = Township.objects.bulk_create([Township(county=self.county, name=f"{n}镇") for n in "甲乙丙丁"])
        self.schools = School.objects.bulk_create([
            School(county=self.county, code=f"99990100{n:02d}", name=f"第{n}小学", type_code="211", sponsor_code="7", area_code="121", township=self.towns[n % 4])
            for n in range(12)
        ])  # fmt: skip
        self.villages = {town.pk: [f"{town.name[0]}{n}村" for n in range(3)] for town in self.towns}
        self.users: dict[tuple, User] = {}
        self._people()
        each = pupils // (len(self.schools) * len(GRADES))
        rows = [
            Child(county=self.county, person_key=f"{number:032d}", masked_name="赵*", school=school, class_text=text, grade=3, status=ChildStatus.ENROLLED,
                  township=school.township, village=self.rng.choice(self.villages[school.township_id]), birth=D(2016, 3, 1))
            for number, (school, text, _) in enumerate((s, t, n) for s in self.schools for t in GRADES for n in range(each))
        ]  # fmt: skip
        self.children = Child.objects.bulk_create(rows)

    def _people(self) -> None:
        """A login for every office; a head's row for most of them, with or without that login; gaps among the villages."""
        wanted: list[tuple[tuple, str, dict]] = [
            (("county",), "county_lead", {"scope_kind": ScopeKind.COUNTY}), (("bureau",), "county_officer", {"scope_kind": ScopeKind.COUNTY}),
        ]  # fmt: skip
        for town in self.towns:
            wanted.append((("town", town.pk), "town_officer", {"scope_kind": ScopeKind.TOWNSHIP, "township": town}))
            for village in self.villages[town.pk][:2]:  # the third has nobody
                wanted.append((("village", town.pk, village), "village_officer", {"scope_kind": ScopeKind.TOWNSHIP, "township": town, "scope_text": village}))
        for school in self.schools:
            wanted.append((("school", school.pk), "school_head", {"scope_kind": ScopeKind.SCHOOL, "school": school}))
            for text in GRADES:
                wanted.append((("teacher", school.pk, text), "class_teacher", {"scope_kind": ScopeKind.SCHOOL, "school": school, "scope_text": text}))
        users = User.objects.bulk_create([User(username=f"u{n}", password="!", display_name=f"用户{n}") for n in range(len(wanted))])
        Membership.objects.bulk_create([Membership(user=u, role=role, county=self.county, **place) for u, (_, role, place) in zip(users, wanted, strict=True)])
        self.users = {key: user for user, (key, _, _) in zip(users, wanted, strict=True)}
        self.actors: dict[tuple, Actor] = {key: access.actor_for_user(self.users[key], role=role, remember=True) for key, role, _ in wanted}
        Head.objects.bulk_create(self._heads())

    def _heads(self) -> list[Head]:
        said = {"county": self.county, "since": START, "name": "某人"}
        rows = [Head(kind=HeadKind.COUNTY, user=self.users["county",], **said), Head(kind=HeadKind.BUREAU, user=self.users["bureau",], **said)]
        rows += [Head(kind=HeadKind.TOWN, township=town, user=self.users["town", town.pk] if n % 2 else None, **said) for n, town in enumerate(self.towns)]
        for town in self.towns:
            rows += [Head(kind=HeadKind.VILLAGE, township=town, village=v, user=self.users["village", town.pk, v], **said) for v in self.villages[town.pk][:1]]
        rows += [Head(kind=HeadKind.SCHOOL, school=school, user=self.users["school", school.pk], **said) for school in self.schools[:8]]
        rows += [Head(kind=HeadKind.TEACHER, school=s, class_text=t, user=self.users["teacher", s.pk, t], **said) for s in self.schools for t in GRADES[:2]]
        return rows

    def reached(self, kind: str, child: Child) -> list[int]:
        """Whom a reminder for this head must reach, by the book of offices: nobody for a village without an officer."""
        key = {
            HeadKind.COUNTY: ("county",), HeadKind.BUREAU: ("bureau",), HeadKind.TOWN: ("town", child.township_id),
            HeadKind.VILLAGE: ("village", child.township_id, child.village), HeadKind.SCHOOL: ("school", child.school_id),
            HeadKind.TEACHER: ("teacher", child.school_id, child.class_text),
        }[kind]  # fmt: skip
        return [self.users[key].pk] if key in self.users else []

    # Who goes missing

    def _plans(self, missing: int) -> None:
        pool = [child for child in self.children if child.school_id != self.schools[-1].pk]
        kinds = self.rng.choices(("short", "days", "long", "leave", "transfer"), (60, 18, 15, 4, 3), k=missing)
        for child, kind in zip(self.rng.sample(pool, missing), kinds, strict=True):
            length = {"short": self.rng.choice((1, 1, 1, 2)), "days": self.rng.randint(3, 7)}.get(kind, self.rng.randint(14, 34))
            self._schedule(Plan(child, self.rng.randrange(len(self.school_days) - 2), length, self.rng.choice((0, 0, 0, 1, 2)), kind))
        # Children whom no roll ever named: their days come into the table by another way, and the clock must find them.
        last = [child for child in self.children if child.school_id == self.schools[-1].pk]
        for child in self.rng.sample(last, 12):
            start = self.rng.randrange(len(self.school_days) - 20)
            for n in sorted(self.rng.sample(range(9), self.rng.choice((2, 3, 4)))):
                self.acts[start + n].append(lambda day, child=child: self._unnoticed(child, day))

    def _schedule(self, plan: Plan) -> None:
        place = (plan.child.school_id, plan.child.class_text)
        for n in range(plan.start, min(plan.start + plan.length, len(self.school_days))):
            self.absent[place][self.school_days[n]].add(plan.child.pk)
        late = plan.told_after if plan.kind != "short" else 0
        self.acts[plan.start + late].append(lambda day: self._call(plan, self.school_days[plan.start], day))
        back = plan.start + plan.length
        if plan.kind == "short":
            if self.rng.random() < 0.3:
                self.acts[plan.start].append(lambda day: self._explain(plan, day))
            self.acts[back].append(lambda day: self._call(plan, day, day))
        self._people_act(plan)

    def _people_act(self, plan: Plan) -> None:
        child, rng = plan.child, self.rng
        teacher, head, town = ("teacher", child.school_id, child.class_text), ("school", child.school_id), ("town", child.township_id)
        village = ("village", child.township_id, child.village)

        def later(options: tuple, act: Callable[[dt.date], None]) -> int | None:
            wait = rng.choice(options)
            if wait is not None:
                self.acts[plan.start + wait].append(act)
            return wait

        later((0, 0, 1, 4, None), lambda day: self._visit(plan, day, teacher, "phone", rng.choice(("agreed", "not_met"))))
        later((0, 1, 3, None), lambda day: self._visit(plan, day, teacher, "home", rng.choice(("agreed", "refused", "not_met"))))
        if plan.kind == "short":
            return
        if village in self.actors:
            later((2, 3, 6, None), lambda day: self._visit(plan, day, village, "joint", "refused"))
        registered = later((3, 4, 6, 9, None), lambda day: self._do(plan, day, "register", head, DocumentKind.REPORT, report_number="1号", reason="work"))
        if plan.kind == "leave":
            until = self.school_days[min(plan.start + 12, len(self.school_days) - 1)] + DAY * rng.randint(20, 60)
            kinds = (DocumentKind.APPLICATION, DocumentKind.HOSPITAL, DocumentKind.APPROVAL)
            self.acts[plan.start + 12].append(lambda day: self._do(plan, day, "suspend", town, *kinds, until=until))
            return
        if plan.kind == "transfer":
            other = self.schools[0] if child.school_id != self.schools[0].pk else self.schools[1]
            self.acts[plan.start + 8].append(lambda day: self._do(plan, day, "offer_transfer", head, school=other.code))
            wait = 11 if child.pk % 2 else 22  # every other school keeps them waiting
            self.acts[plan.start + wait].append(lambda day: self._do(plan, day, "transfer", ("school", other.pk), DocumentKind.RECEIVING, class_text=GRADES[0]))
            return
        if plan.kind == "long" and registered is not None:
            wait = later((10, 12), lambda day: self._do(plan, day, "notice", town, DocumentKind.NOTICE, deadline=day + DAY * 5))
            assert wait is not None
        self._comes_back(plan, head, town)

    def _comes_back(self, plan: Plan, head: tuple, town: tuple) -> None:
        rng, back = self.rng, plan.start + plan.length
        child = plan.child
        self.acts[back].append(lambda day: self._do(plan, day, "return", head, school=child.school.code, class_text=child.class_text))
        self.acts[back + 1].append(lambda day: self._do(plan, day, "place", head, placement=Placement.CLASS))
        fate = rng.random()
        if fate < 0.12:
            self.acts[back + 4].append(lambda day: self._do(plan, day, "relapse", head, note="又没有来。"))
        elif fate < 0.24:
            for n in (3, 4, 5):  # missing again, and nobody but the roll says so
                self.acts[back + n].append(lambda day: self._unnoticed(child, day))
        elif fate < 0.85:
            self.acts[back + 7].append(lambda day: self._do(plan, day, "check", town, note="在班里上课。"))
            self.acts[back + 8].append(lambda day: self._do(plan, day, "sign_school", head))
            self.acts[back + rng.choice((8, 10))].append(lambda day: self._do(plan, day, "sign_government", town))
            self.acts[back + rng.choice((11, 18, 30))].append(lambda day: self._do(plan, day, "strike_off", ("bureau",), DocumentKind.RETURN_PROOF))

    # Acting

    def _call(self, plan: Plan, day: dt.date, today: dt.date) -> None:
        """The roll of the class on `day`, told today: all who are missing that day and may be known by now."""
        school = plan.child.school
        named = self.absent[school.pk, plan.child.class_text][day]
        if not lessons(day):
            return
        roll = report_absences(school=school, class_text=plan.child.class_text, day=day, absences=dict.fromkeys(named, "unexplained"),
                               by=self.actors["teacher", school.pk, plan.child.class_text], on=today)  # fmt: skip
        for case in roll.opened:
            self._opened(case)
        for case in roll.ended:
            self._note(case.pk, today, "end", case.child_id)

    def _opened(self, case: Case) -> None:
        self.book[case.pk] = Entry(case.number, case.child_id, case.school.code, case.absent_since, case.opened_on)
        self.current[case.child_id] = case.pk

    def _note(self, case_id: int, day: dt.date, what: str, child: int | None = None, *more) -> None:
        self.book[case_id].events.append((day, what, *more))
        if what in ("end", "strike_off", "transfer"):
            self.current.pop(child, None)

    def _case(self, plan: Plan) -> Case | None:
        number = self.current.get(plan.child.pk)
        return Case.objects.select_related("child", "county").get(pk=number) if number else None

    def _visit(self, plan: Plan, day: dt.date, who: tuple, way: str, outcome: str) -> None:
        case = self._case(plan)
        if case is None or case.state in (CaseState.RETURNED, CaseState.PLACED, CaseState.SUSPENDED) or day < case.absent_since:
            return
        visit = add_visit(case=case, on=day, way=way, outcome=outcome, participants="某人", entry_key=f"{way}{day}{who}", by=self.actors[who])
        self._note(case.pk, day, "visit", None, way, outcome, visit.line)

    def _do(self, plan: Plan, day: dt.date, verb: str, who: tuple, *kinds: str, **fields) -> None:
        """One move, if the case stands where it can be done; a refusal is life, not an error of the driver."""
        case = self._case(plan)
        if case is None:
            return
        try:
            move(case_id=case.pk, verb=verb, revision=case.revision, by=self.actors[who], on=day, documents=[paper(kind) for kind in kinds], **fields)
        except CaseError:
            return
        self._note(case.pk, day, verb, plan.child.pk, fields.get("until") or fields.get("deadline"))
        if verb in ("transfer", "suspend"):  # on no roll of the old class any more
            for missing, children in self.absent[plan.child.school_id, plan.child.class_text].items():
                if missing > day or verb == "transfer":
                    children.discard(plan.child.pk)

    def _explain(self, plan: Plan, day: dt.date) -> None:
        """The reason comes the same day."""
        before = self.current.get(plan.child.pk)
        explain(child=plan.child, days=None, note="家长来电。", on=day, by=self.actors["teacher", plan.child.school_id, plan.child.class_text])
        if before:
            self._note(before, day, "end", plan.child.pk)

    def _unnoticed(self, child: Child, day: dt.date) -> None:
        self.absent[child.school_id, child.class_text][day].add(child.pk)
        Absence.objects.get_or_create(child=child, day=day, defaults={"kind": "unexplained"})

    # Driving

    def run(self, clock_as: Callable[[dt.date], None]) -> None:
        """Every day of the year: people act, then the clock runs (`clock_as`), except where it stands still."""
        for day in self.days:
            if lessons(day):
                for act in self.acts[self.school_days.index(day)]:
                    act(day)
                self._still_missing(day)
            if not any(first <= day <= last for first, last in STANDSTILLS):
                clock_as(day)
                if lessons(day):
                    self.runs.append(day)
                self._find_what_the_clock_opened()
            self._reports(day)

    def _still_missing(self, day: dt.date) -> None:
        """Who is missing today stands in the table, in one go; the rolls above told of the first days and of returns."""
        missing = (child for days in self.absent.values() for child in days.get(day, ()))
        rows = [Absence(child_id=child, day=day, kind="unexplained") for child in missing if child in self.current]
        Absence.objects.bulk_create(rows, ignore_conflicts=True)

    def _find_what_the_clock_opened(self) -> None:
        for case in Case.objects.filter(county=self.county).exclude(pk__in=list(self.book)).select_related("school"):
            self._opened(case)

    def _reports(self, day: dt.date) -> None:
        """Each head files the month on its due day; two of them three days late, one never."""
        month = day.replace(day=1)
        due = self._due(month)
        for number, school in enumerate(self.schools):
            late = {3: 3, 5: 3}.get(number, 0)
            if due is None or number == 7 or day != due + DAY * late or day.month != month.month:
                continue
            zero = reporting.draft_report(school, month, day).is_zero
            reporting.file_report(school=school, month=month, on=day, zero=zero, by=self.actors["school", school.pk])

    def _due(self, month: dt.date) -> dt.date | None:
        before = [day for day in self.school_days if month <= day <= month + DAY * 27]
        return before[-1] if before else None
