"""The care a scope of children gets: counts by group, who has no helper, helpers' load, overdue duties, in-school rates.

Everything is gathered in a fixed number of queries and counted in Python, so that each count and its list are the same.
"""
from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max, Q

from accounts.actor import Actor
from schools import access
from schools.models import County
from schools.parameters import ParameterSet, resolve

from ..duties import MOST_CHILDREN, CareState, Clock, Overdue, Settings, overdue
from ..groups import CATEGORIES, PRIVATE, Category, category_of, open_titles
from ..models import ChildStatus, ChildTag, Contact, Pairing
from ..school_days import SchoolDays
from .calendars import school_days_of

# 在校 is the numerator; a suspended or deferred child is not in school until it returns (domain: standards §8.4).
IN_SCHOOL = frozenset({ChildStatus.ENROLLED.value})
# No longer of this county's compulsory education: neither numerator nor denominator. Zero refusal keeps 不具备学习条件 in.
NOT_COUNTED = frozenset({ChildStatus.TRANSFERRED.value, ChildStatus.GRADUATED.value, ChildStatus.GONE.value})


@dataclass
class Cared:
    """One child with tags: what lists show of it, and the state of its care."""

    id: int
    masked_name: str
    school_id: int | None
    school: str
    township: str
    class_text: str
    status: str
    tags: set[tuple[str, str]] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    state: CareState = field(default_factory=CareState)
    helpers: list[str] = field(default_factory=list)
    helper_keys: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)  # its groups that need a helper and have none
    overdue: list[Overdue] = field(default_factory=list)
    listed: list[Overdue] = field(default_factory=list)  # what a list may say of it to this actor

    @property
    def titles(self) -> list[str]:
        """Its groups as lists may name them."""
        return open_titles(self.tags)

    @property
    def status_title(self) -> str:
        return ChildStatus(self.status).label

    @property
    def last_contact(self) -> dt.date | None:
        return max(self.state.contacts.values(), default=None)

    @property
    def is_counted(self) -> bool:
        return self.status not in NOT_COUNTED

    @property
    def in_school(self) -> bool:
        return self.status in IN_SCHOOL

    def is_in(self, category: Category) -> bool:
        return category.code in self.categories


@dataclass(frozen=True)
class Load:
    """One helper and the children he looks after; `key` tells helpers of the same masked name apart."""

    key: str
    name: str
    school: str
    children: int
    one_to_one: bool
    last: dt.date | None


@dataclass
class Care:
    """The cared-for children of a scope on a day, with the settings they were judged by."""

    on: dt.date
    settings: Settings
    children: list[Cared]
    loads: list[Load]
    parameters: ParameterSet
    days: SchoolDays

    @property
    def most(self) -> int:
        """How many children one helper may have; 0 = no limit."""
        return self.parameters.get(MOST_CHILDREN.code)

    @property
    def calendar_known(self) -> bool:
        return self.days.knows(self.on)

    @property
    def late(self) -> list[Cared]:
        """Children with an overdue duty that a list may tell, the longest overdue first."""
        found = [child for child in self.children if child.listed]
        return sorted(found, key=lambda child: (min(one.due_on for one in child.listed), child.id))

    def lacking(self) -> int:
        """How many children must have a helper and have none."""
        return sum(bool(child.lacks) for child in self.children)


def gather(
    actor: Actor, county: County, on: dt.date, *, within: Mapping[str, object] | None = None, counts_only: bool = False
) -> Care:
    """The care of all children the actor sees (`counts_only`: of the whole county, for those who see its results).

    `within` narrows it by lookups on the child: {"school__code": "9999010001"}.
    """

    def scope(path: str) -> Q:
        seen = Q(**{f"{path}county": county}) if counts_only else access.children_condition(actor, county, of=path)
        return seen & Q(**{f"{path}{lookup}": value for lookup, value in (within or {}).items()})

    parameters, days = resolve(county.code, on), school_days_of(county, on)
    settings = Settings.of(parameters)
    children = _tagged(scope, on)
    cares = _cared_for(actor, county, counts_only)
    loads = _pairings(scope, children, on)
    clock = Clock.at(on, settings, days)
    for child in children.values():
        if child.is_counted:
            child.lacks = settings.lacks_helper(child.state)
            child.overdue = overdue(child.state, clock)
            # To whoever does not care for it, a duty that follows from a private group alone would tell the group.
            hides = child.id not in cares and not PRIVATE.isdisjoint(child.state.groups)
            child.listed = overdue(child.state.in_the_open(), clock) if hides else child.overdue
    return Care(on, settings, list(children.values()), loads, parameters, days)


def _cared_for(actor: Actor, county: County, counts_only: bool) -> set[int]:
    """Ids of the tagged children for whom the actor may do `care`."""
    if counts_only or not access.may(actor, "care"):
        return set()
    tags = ChildTag.objects.filter(access.children_condition(actor, county, "care", of="child__"), until__isnull=True)
    return set(tags.values_list("child_id", flat=True))


def _tagged(scope: Callable[[str], Q], on: dt.date) -> dict[int, Cared]:
    """Every child with a tag in force, by id, in the order of school and class."""
    rows = ChildTag.objects.filter(scope("child__"), since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    rows = rows.order_by("child__school__code", "child__class_text", "child_id").values_list(
        "child_id", "group", "definition", "since", "child__masked_name", "child__school_id", "child__school__name",
        "child__township__name", "child__school__township__name", "child__class_text", "child__status", "child__siblings_key",
    )  # fmt: skip
    children: dict[int, Cared] = {}
    for pk, group, definition, since, name, school_id, school, township, school_township, class_text, status, guardian in rows:
        child = children.get(pk)
        if child is None:
            child = Cared(pk, name, school_id, school or "", township or school_township or "", class_text, status)
            child.state.has_card = bool(guardian)
            children[pk] = child
        child.tags.add((group, definition))
        if (category := category_of(group, definition)) is not None:
            child.categories.add(category.code)
        child.state.groups[group] = min(since, child.state.groups.get(group, since))
    return children


def _pairings(scope: Callable[[str], Q], children: dict[int, Cared], on: dt.date) -> list[Load]:
    """Fill in helpers and last contacts; returns each helper's load."""
    rows = Pairing.objects.filter(scope("child__"), since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    helped: dict[str, dict] = {}
    for child_id, group, key, user_id, name, since, mode, school in rows.values_list(
        "child_id", "group", "helper_key", "helper_user_id", "helper_name", "since", "mode", "child__school__name"
    ):
        person = f"user/{user_id}" if user_id else key
        helper = helped.setdefault(person, {"name": name, "school": school or "", "children": set(), "one": False})
        helper["children"].add(child_id)
        helper["one"] |= mode == "one"
        if (child := children.get(child_id)) is not None:
            child.state.helped[group] = min(since, child.state.helped.get(group, since))
            child.helper_keys.add(person)
            if name not in child.helpers:
                child.helpers.append(name)
    contacts = Contact.objects.filter(scope("pairing__child__"), on__lte=on).values_list("pairing__child_id", "way").annotate(last=Max("on"))
    for child_id, way, last in contacts.order_by():
        if (child := children.get(child_id)) is not None:
            child.state.contacts[way] = last
    last_of = {child.id: child.last_contact for child in children.values()}
    return sorted(
        (
            Load(key, one["name"], one["school"], len(one["children"]), one["one"],
                 max((last_of[pk] for pk in one["children"] if last_of.get(pk)), default=None))
            for key, one in helped.items()
        ),
        key=lambda load: (-load.children, load.school, load.name, load.key),
    )  # fmt: skip


@dataclass(frozen=True)
class GroupCounts:
    """One category within a scope. The rate is `in_school` of `counted`, the load `helped` children by `helpers` persons."""

    category: Category
    children: int
    counted: int
    in_school: int
    needs_helper: bool
    without_helper: int
    late: int
    helped: int
    helpers: int


def by_group(care: Care) -> list[GroupCounts]:
    """The counts of each category, in one pass over the children."""
    found, helpers = {code: Counter() for code in CATEGORIES}, {code: set() for code in CATEGORIES}
    for child in care.children:
        late = {group for one in child.overdue for group in care.settings.groups[one.duty.code]}
        for code in child.categories:
            counter, group = found[code], CATEGORIES[code].group
            counter["children"] += 1
            counter["counted"] += child.is_counted
            counter["in_school"] += child.is_counted and child.in_school
            counter["lacking"] += child.is_counted and group in child.lacks
            counter["late"] += group in late
            counter["helped"] += child.is_counted and bool(child.helper_keys)
            helpers[code] |= child.helper_keys if child.is_counted else set()
    helped = care.settings.groups["helper"]
    return [
        GroupCounts(category, *(found[code][key] for key in ("children", "counted", "in_school")), category.group in helped,
                    *(found[code][key] for key in ("lacking", "late", "helped")), len(helpers[code]))
        for code, category in CATEGORIES.items()
    ]  # fmt: skip


def by_place(care: Care, place: str) -> list[tuple[str, Counter]]:
    """Children a category and place ("township" or "school"), {category code: children}; places by name."""
    found: dict[str, Counter] = {}
    for child in care.children:
        if not child.is_counted:
            continue
        counter = found.setdefault(getattr(child, place) or "（未登记）", Counter())
        counter["all"] += 1
        counter["late"] += bool(child.overdue)
        counter["lacking"] += bool(child.lacks)
        for code in child.categories:
            counter[code] += 1
    return sorted(found.items())


SMALL = 5


def hide_small(cells: dict[str, int]) -> dict[str, int | None]:
    """Counts of minors a sensitive breakdown may publish: those under 5 are None, 0 stays.

    Where the total stands beside them, the next smallest are hidden too until none can be computed from it.
    """
    hidden = {key for key, value in cells.items() if 0 < value < SMALL}
    rest = sorted((key for key, value in cells.items() if value >= SMALL), key=lambda key: cells[key])
    while hidden and rest and (len(hidden) < 2 or sum(cells[key] for key in hidden) < SMALL):
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else value for key, value in cells.items()}
