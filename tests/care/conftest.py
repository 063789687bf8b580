"""清河县 with children: two classes of 向阳小学, its point, 城关中学; people of every role around them."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from dropout.models import Absence, Child
from dropout.services import care, disabled, gifts, warning
from schools import access
from tests.factories import OPERATOR, Cast, make_cast, make_person

from .world import make_calendar, make_child, tag

CLASS, OTHER_CLASS = "三年级/2班", "三年级/1班"


@dataclass
class World:
    """The cast, more people, and five children: own class, other class, point, middle school, the neighbour's."""

    cast: Cast
    people: dict[str, User]
    mine: Child
    next_door: Child
    at_point: Child
    elder: Child
    foreign: Child
    _actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def county(self):
        return self.cast.county

    def actor(self, name: str) -> Actor:
        """Fresh each time: memberships may have changed."""
        return access.actor_for_user(self.people[name])


@pytest.fixture
def world(db) -> World:
    cast = make_cast()
    make_calendar(cast.county)
    people = {
        "clerk": cast.clerk, "head": cast.head, "officer": cast.officer, "lead": cast.lead, "inspector": cast.inspector,
        "supervisor": cast.supervisor, "stranger": cast.stranger,
        "teacher": make_person("teacher", "class_teacher", f"{cast.school.code}/{CLASS}"),
        "other_teacher": make_person("other_teacher", "class_teacher", f"{cast.school.code}/{OTHER_CLASS}"),
        "middle_clerk": make_person("middle_clerk", "school_clerk", cast.other_school.code),
        "town": make_person("town", "town_officer", "999901/城关镇"),
        "village": make_person("village", "village_officer", "999901/城关镇/东关村"),
        "centre": make_person("centre", "centre_reviewer", "999901/城关镇"),
        "department": make_person("department", "department_filer", "999901", ledgers=["disabled"]),
        "evaluator": make_person("evaluator", "evaluator", "999901"),
        "policy": make_person("policy", "policy_admin", "999901"),
        "auditor": make_person("auditor", "auditor", "999901"),
        "admin": make_person("admin", "system_admin", "portal"),
    }  # fmt: skip
    town = cast.school.township
    return World(
        cast, people,
        make_child(cast.county, 1, school=cast.school, class_text=CLASS, township=town, village="东关村", siblings="a" * 32),
        make_child(cast.county, 2, school=cast.school, class_text=OTHER_CLASS, township=town, village="西关村"),
        make_child(cast.county, 3, school=cast.point, class_text=CLASS),
        make_child(cast.county, 4, school=cast.other_school, class_text="七年级/1班", grade=7, township=town, village="东关村", siblings="a" * 32),
        make_child(cast.foreign_county, 5, school=cast.foreign_school),
    )  # fmt: skip


@pytest.fixture
def full(world):
    """Everything at once for the own child: tags, helper, contact, plan, lesson, flag, gift."""
    today = timezone.localdate()
    since = today - dt.timedelta(days=60)
    for child in (world.mine, world.next_door, world.elder):
        for group, definition in (("poor", ""), ("learning", ""), ("left_behind", "register"), ("left_behind", "civil"), ("disabled", "")):
            tag(child, group, definition=definition, since=since)
    for group in ("learning", "poor"):
        pairing = care.pair(world.mine, group=group, helper_name="周明哲", since=since, by=OPERATOR)
    care.add_contact(pairing, on=today - dt.timedelta(days=3), way="talk", content="想念父母", entry_key="k", today=today, by=OPERATOR)
    disabled.save_plan(world.mine, placement="home", school=world.cast.school, kind="limbs", degree=2, since=since, by=OPERATOR)
    disabled.add_home_lesson(world.mine, on=today - dt.timedelta(days=2), lessons=3, minutes=120, teachers="周明哲", entry_key="h", today=today, by=OPERATOR)
    for child in (world.mine, world.elder):
        Absence.objects.create(child=child, day=today - dt.timedelta(days=1), kind="unexplained")
    warning.raise_flags(world.county, today, by=OPERATOR)
    gifts.record_gift(world.county, on=today, direction="received", kind="goods", item="书包", unit="个", amount=20, donor="爱心企业", entry_key="g1", today=today, by=OPERATOR)
    gifts.record_gift(world.county, on=today, direction="given", kind="goods", item="书包", unit="个", amount=1, child=world.mine, entry_key="g2", today=today, by=OPERATOR)
    gifts.publish_gifts(world.county, on=today, by=OPERATOR)
    return world
