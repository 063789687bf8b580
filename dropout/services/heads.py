"""七长: who answers for a place, and so for a child; letters of responsibility. Moves of a child need no entry here."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from files import store
from files.papers import BadPaper, accepted_name
from schools import access
from schools.datasets import lock_county
from schools.models import County, School, Township
from schools.roles import ROLES

from ..classes import class_order
from ..clock import ClockStep
from ..models import Case, Child, Head, HeadKind, Line, Pledge
from .errors import CaseError

VERB = "assign_heads"
PURPOSE = "dropout_pledge"
LINE_OF = {
    HeadKind.COUNTY: Line.GOVERNMENT, HeadKind.TOWN: Line.GOVERNMENT, HeadKind.VILLAGE: Line.GOVERNMENT,
    HeadKind.BUREAU: Line.SCHOOL, HeadKind.SCHOOL: Line.SCHOOL, HeadKind.TEACHER: Line.SCHOOL,
}  # fmt: skip
# Who is reached where a head has no login of its own: the people who hold the office's roles for that child.
ROLES_OF = {
    HeadKind.COUNTY: ("county_lead",), HeadKind.BUREAU: ("county_officer", "county_lead"), HeadKind.TOWN: ("town_officer",),
    HeadKind.VILLAGE: ("village_officer",), HeadKind.SCHOOL: ("school_head", "school_clerk"), HeadKind.TEACHER: ("class_teacher",),
}  # fmt: skip
Place = tuple[str, int | None, str, int | None, str]  # kind, township, village, school, class text


@dataclass(frozen=True)
class Responsible:
    """One of the seven for a child. `head` None: nobody was named there (a gap); the parent never has a row."""

    kind: str
    head: Head | None = None

    @property
    def title(self) -> str:
        return HeadKind(self.kind).label

    @property
    def name(self) -> str:
        return self.head.name if self.head else ""

    @property
    def is_gap(self) -> bool:
        return self.head is None and self.kind != HeadKind.PARENT


class HeadBook:
    """The heads of a county on a day, fetched once; `of(child)` derives the seven from where it lives and learns."""

    def __init__(self, county: County, on: dt.date, heads: Iterable[Head] | None = None):
        found = heads if heads is not None else heads_on(county, on)
        self._by_place: dict[Place, Head] = {place_of(head): head for head in found}
        self._parents = dict(School.objects.filter(county=county, parent__isnull=False).values_list("pk", "parent_id"))

    def at(self, kind: str, township: int | None = None, village: str = "", school: int | None = None, class_text: str = "") -> Head | None:
        """The head of exactly this place."""
        return self._by_place.get((str(kind), township, village, school, class_text))

    def of(self, child: Child) -> list[Responsible]:
        """All seven, the government line first; of a child without school or household what can be said."""
        town, school = child.township_id, child.school_id
        if town is None and child.school_id:
            town = child.school.township_id
        return [
            Responsible(HeadKind.COUNTY, self.at(HeadKind.COUNTY)),
            Responsible(HeadKind.TOWN, self.at(HeadKind.TOWN, town) if town else None),
            Responsible(HeadKind.VILLAGE, self.at(HeadKind.VILLAGE, child.township_id, child.village) if child.village else None),
            Responsible(HeadKind.BUREAU, self.at(HeadKind.BUREAU)),
            Responsible(HeadKind.SCHOOL, self.school_head(school)),
            Responsible(HeadKind.TEACHER, self.at(HeadKind.TEACHER, None, "", school, child.class_text) if child.class_text else None),
            Responsible(HeadKind.PARENT),
        ]

    def school_head(self, school: int | None) -> Head | None:
        """A point without a head of its own answers through its school's."""
        if school is None:
            return None
        return self.at(HeadKind.SCHOOL, None, "", school) or self.at(HeadKind.SCHOOL, None, "", self._parents.get(school))

    def one(self, child: Child, kind: str) -> Head | None:
        return next(r.head for r in self.of(child) if r.kind == kind)


def answering(book: HeadBook, case: Case, step: ClockStep, kind: str) -> Head | None:
    """Whose a step of a case is at this head of its chain: the child's own, or the school's that is asked to take it."""
    if step.at_receiver and kind == HeadKind.SCHOOL:
        return book.school_head(case.transfer_to_id)
    return book.one(case.child, kind)


def heads_of(child: Child, on: dt.date) -> list[Responsible]:
    """The seven heads of one child on a day; they follow the child's own row."""
    return HeadBook(child.county, on).of(child)


def heads_on(county: County, on: dt.date):
    """Everybody who holds a place in the county on that day."""
    held = Head.objects.filter(county=county, since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    return held.select_related("user", "township", "school").order_by("id")


def place_of(head: Head) -> Place:
    return (head.kind, head.township_id, head.village, head.school_id, head.class_text)


def recipients(kind: str, head: Head | None, child: Child | SchoolPlace, people: RolePeople) -> list[int]:
    """The users a reminder for this head reaches: its own login, else whoever holds the office's role for the child."""
    if head is not None and head.user_id and head.user.is_active:
        return [head.user_id]
    return people.of(child, ROLES_OF[kind])


class RolePeople:
    """The users who hold roles for children of a county, asked once a child's place and role."""

    def __init__(self, on: dt.date | None = None):
        self._on, self._known = on, {}

    def of(self, child: Child | SchoolPlace, roles: tuple[str, ...]) -> list[int]:
        key = (child.school_id, child.class_text, child.township_id, child.village, roles)
        if key not in self._known:
            self._known[key] = access.users_with("view_children", child, roles, self._on)
        return self._known[key]


@dataclass(frozen=True)
class SchoolPlace:
    """A school in the place of a child of it, to ask who holds its offices."""

    school: School
    class_text: str = ""
    village: str = ""
    township_id: int | None = None

    @property
    def county_id(self) -> int:
        return self.school.county_id

    @property
    def school_id(self) -> int:
        return self.school.pk


@transaction.atomic
def assign_head(
    *, county: County, kind: str, name: str, since: dt.date, by: Actor, township: Township | None = None, village: str = "",
    school: School | None = None, class_text: str = "", user: User | None = None, post: str = "",
) -> Head:
    """Name who answers for a place from `since` on; the former head's time ends the day before. Logged.

    Raises CaseError when the place does not fit the kind of head, Http404 and PermissionDenied (verb assign_heads).
    """
    place = _checked_place(county, kind, township, village.strip(), school, class_text.strip())
    require_place(by, county, kind, township, school)
    if not name.strip():
        raise CaseError("请填写责任人姓名。")
    lock_county(county)
    current = Head.objects.select_for_update().filter(county=county, kind=kind, until__isnull=True, **place)
    for former in current:
        if former.since >= since:
            raise CaseError(f"现任责任人自{former.since:%Y-%m-%d}起，接任日期须在其后。")
        former.until = since - dt.timedelta(days=1)
        former.save(update_fields=["until"])
    made = Head.objects.create(county=county, kind=kind, user=user, name=name.strip()[:60], post=post.strip()[:120], since=since, **place)
    audit.record("head.assigned", by=by, county=county.code, object=f"head/{made.pk}", kind=str(kind), since=since,
                 township=township.name if township else "", village=village, school=school.code if school else "", class_text=class_text)  # fmt: skip
    return made


@transaction.atomic
def end_head(*, head: Head, on: dt.date, by: Actor) -> None:
    """Nobody holds the place from `on` on, until somebody is named: the map shows the gap."""
    require_place(by, head.county, head.kind, head.township, head.school)
    if on <= head.since:
        raise CaseError(f"责任自{head.since:%Y-%m-%d}起，结束日期须在其后。")
    head.until = on - dt.timedelta(days=1)
    head.save(update_fields=["until"])
    audit.record("head.ended", by=by, county=head.county.code, object=f"head/{head.pk}", kind=head.kind)


@transaction.atomic
def sign_pledge(
    *, head: Head, year: int, signed_on: dt.date, by: Actor, number: str = "", file: tuple[str, bytes] | None = None
) -> Pledge:
    """责任书 of a head for a school year, with its scan; signed again, the later one stands. Raises CaseError."""
    require_place(by, head.county, head.kind, head.township, head.school)
    said: dict = {"number": number.strip()[:60], "signed_on": signed_on}
    if file is not None:
        try:
            name = accepted_name(*file, limit=20 * 2**20)
        except BadPaper as fault:
            raise CaseError(str(fault)) from None
        said["file"] = store.save(file[1], name=name, county=head.county.code, purpose=PURPOSE)
    pledge, _ = Pledge.objects.update_or_create(head=head, year=year, defaults=said)
    audit.record("pledge.signed", by=by, county=head.county.code, object=f"head/{head.pk}", year=year, number=number)
    return pledge


def _checked_place(
    county: County, kind: str, township: Township | None, village: str, school: School | None, class_text: str
) -> dict:
    wanted = {
        HeadKind.COUNTY: (), HeadKind.BUREAU: (), HeadKind.TOWN: ("township",), HeadKind.VILLAGE: ("township", "village"),
        HeadKind.SCHOOL: ("school",), HeadKind.TEACHER: ("school", "class_text"),
    }.get(kind)  # fmt: skip
    if wanted is None:
        raise CaseError("请选择责任人的类别；家长由学生信息确定，不在这里登记。")
    given = {"township": township, "village": village, "school": school, "class_text": class_text}
    titles = {"township": "乡镇", "village": "村(社区)", "school": "学校", "class_text": "班级"}
    lacking = [titles[name] for name in wanted if not given[name]]
    if lacking:
        raise CaseError(f"“{HeadKind(kind).label}”须指明{'、'.join(lacking)}。")
    if any(place is not None and place.county_id != county.pk for place in (township, school)):
        raise CaseError("乡镇和学校须在本县名录中。")
    empty = {"township": None, "village": "", "school": None, "class_text": ""}
    return {name: given[name] if name in wanted else empty[name] for name in given}


def require_place(by: Actor, county: County, kind: str, township: Township | None, school: School | None) -> None:
    """Each line names its own: a township its towns and villages, a school its head and teachers, the bureau all."""
    if not access.counties_of(by).filter(pk=county.pk).exists():
        raise Http404
    if access.may(by, VERB, county=county) or may_at(by, kind, township, school):
        return
    raise PermissionDenied("您只能落实本乡镇(本校)的责任人。")


def may_at(by: Actor, kind: str, township: Township | None, school: School | None) -> bool:
    if kind in (HeadKind.TOWN, HeadKind.VILLAGE):
        return township is not None and access.may_in_township(by, VERB, township)
    return kind in (HeadKind.SCHOOL, HeadKind.TEACHER) and school is not None and access.stands_at(by, VERB, school)


def head_of_county(county: County, head_id: int) -> Head:
    """A head of the county by its id; 404 for any other."""
    found = Head.objects.filter(county=county, pk=head_id).select_related("county", "township", "school", "user").first()
    if found is None:
        raise Http404
    return found


def pledges_of(heads: Iterable[Head], year: int) -> dict[int, Pledge]:
    """head id -> the letter of responsibility of that school year."""
    return {p.head_id: p for p in Pledge.objects.filter(head__in=list(heads), year=year).select_related("file")}


@dataclass(frozen=True)
class Spot:
    """One place of the map of responsibility: who answers, or that nobody does; `children` live or learn there."""

    kind: str
    title: str
    head: Head | None
    children: int
    township: Township | None = None
    village: str = ""
    school: School | None = None
    class_text: str = ""


def spots(county: County, on: dt.date, *, townships: Iterable[Township], schools: Iterable[School], deep: bool) -> list[Spot]:
    """The places of these townships and schools with their heads; `deep` lists villages and classes one by one.

    Villages and classes are those where children of the register live and learn, and those that have a head.
    """
    book, found = HeadBook(county, on), []
    lives, learns = _villages(county, on, townships), _classes(county, on, schools)
    for town in townships:
        places = lives[town.pk]
        found.append(Spot(HeadKind.TOWN, town.name, book.at(HeadKind.TOWN, town.pk), sum(places.values()), township=town))
        if deep:
            found += [Spot(HeadKind.VILLAGE, village, book.at(HeadKind.VILLAGE, town.pk, village), count, township=town, village=village)
                      for village, count in sorted(places.items()) if village]  # fmt: skip
    for school in schools:
        places = learns[school.pk]
        found.append(Spot(HeadKind.SCHOOL, school.name, book.school_head(school.pk), sum(places.values()), school=school))
        if deep:
            found += [Spot(HeadKind.TEACHER, text, book.at(HeadKind.TEACHER, None, "", school.pk, text), count, school=school, class_text=text)
                      for text, count in sorted(places.items(), key=lambda item: class_order(item[0])) if text]  # fmt: skip
    return found


def _villages(county: County, on: dt.date, townships: Iterable[Township]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    keys = [town.pk for town in townships]
    rows = Child.objects.filter(county=county, township__in=keys, erased_at__isnull=True).values_list("township_id", "village")
    for town, village in rows:
        found[town][village] = found[town].get(village, 0) + 1
    for town, village in heads_on(county, on).filter(kind=HeadKind.VILLAGE, township__in=keys).values_list("township_id", "village"):
        found[town].setdefault(village, 0)
    return found


def _classes(county: County, on: dt.date, schools: Iterable[School]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    keys = [school.pk for school in schools]
    rows = Child.objects.filter(county=county, school__in=keys, erased_at__isnull=True).values_list("school_id", "class_text")
    for school, text in rows:
        found[school][text] = found[school].get(text, 0) + 1
    for school, text in heads_on(county, on).filter(kind=HeadKind.TEACHER, school__in=keys).values_list("school_id", "class_text"):
        found[school].setdefault(text, 0)
    return found


def login_of(county: County, username: str) -> User | None:
    """An active user with a role in the county, by login name; None when the field is left empty. Raises CaseError."""
    if not username.strip():
        return None
    held = access.memberships_in(county).filter(user__username=username.strip(), user__is_active=True, role__in=ROLES).first()
    if held is None:
        raise CaseError(f"本县没有用户名为“{username.strip()}”的在用账号；没有账号的责任人请只填姓名。")
    return held.user
