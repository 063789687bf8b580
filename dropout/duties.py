"""Duties towards the groups as data: who needs a helper, how often somebody must be in contact, and what is overdue.

Every duty is a declaration with two Parameters, its groups and its days; a county changes both by local rules. Duties of
several groups add up. Titles name no group: the list of what is overdue must not tell why a child is cared for.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schools.parameters import Parameter, ParameterSet, declare

from .groups import GROUP_WORDS, GROUPS, PRIVATE
from .models import ContactWay
from .school_days import SchoolDays

PRACTICE = "五类学生关爱台账：前四类学生须有帮扶教师；频次没有全国统一规定，由地方规定"
HELPER, CONTACT, CARD = "helper", "contact", "card"


@dataclass(frozen=True)
class Duty:
    """`kind` says what fulfils it: a helper in force, a contact of one of `ways` (any when empty), or a contact card."""

    code: str
    title: str
    kind: str
    groups: Parameter
    days: Parameter
    ways: frozenset[str] = frozenset()
    wanted: str = ""


def _duty(code: str, title: str, kind: str, groups: str, days: int, *, wanted: str, ways: frozenset[str] = frozenset()) -> Duty:
    return Duty(
        code, title, kind,
        declare(Parameter(f"care.{code}.groups", f"{title}：适用类别", "choices", groups, PRACTICE, choices=GROUPS, words=GROUP_WORDS,
                          note="填写类别名称，用顿号或逗号分隔；空白表示不适用于任何类别。")),
        declare(Parameter(f"care.{code}.days", f"{title}：期限", "integer", str(days), PRACTICE, unit="天", note=f"{wanted}期限落在假期的，顺延到开学后第一个上课日。")),
        ways, wanted,
    )  # fmt: skip


FIRST_FOUR = "disabled,poor,watched,left_behind,learning"
DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        _duty("helper", "落实帮扶教师", HELPER, FIRST_FOUR, 30, wanted="认定后须在期限内落实帮扶教师。"),
        _duty("contact", "帮扶联系", CONTACT, FIRST_FOUR, 31, wanted="至少每月联系一次并登记。"),
        _duty("mind", "心理关爱", CONTACT, "left_behind", 180, wanted="每学期至少谈心或心理疏导一次。",
              ways=frozenset({ContactWay.MIND.value, ContactWay.TALK.value})),
        _duty("card", "建立联系卡", CARD, "left_behind", 30, wanted="须登记监护人和联系电话。"),
    )
}  # fmt: skip
PER_GROUP = declare(Parameter(
    "care.helper_per_group", "每个类别分别结对", "boolean", "false", PRACTICE,
    note="否：一名帮扶教师兼顾该生的各个类别；是：每个类别各须有帮扶教师。",
))  # fmt: skip
MOST_CHILDREN = declare(Parameter(
    "care.helper_load", "每名帮扶教师结对人数上限", "integer", "0", "没有全国统一规定，由地方规定", unit="人", note="填 0 表示不设上限。",
))  # fmt: skip


@dataclass
class CareState:
    """What is known of one child's care: open groups with the day each began, helpers by group, last contacts by way."""

    groups: dict[str, dt.date] = field(default_factory=dict)
    helped: dict[str, dt.date] = field(default_factory=dict)
    contacts: dict[str, dt.date] = field(default_factory=dict)
    has_card: bool = False

    def in_the_open(self) -> CareState:
        """The same without private groups: what those who do not care for the child may conclude from."""
        return replace(
            self, groups={group: since for group, since in self.groups.items() if group not in PRIVATE},
            helped={group: since for group, since in self.helped.items() if group not in PRIVATE},
        )  # fmt: skip


@dataclass(frozen=True)
class Overdue:
    """One duty that is overdue: since when it has been due, and when it was last done (None = never)."""

    duty: Duty
    due_on: dt.date
    last: dt.date | None


@dataclass(frozen=True)
class Settings:
    """The duties of a county on a day, resolved once: groups and days of each."""

    groups: Mapping[str, frozenset[str]]
    days: Mapping[str, int]
    per_group: bool

    @staticmethod
    def of(parameters: ParameterSet) -> Settings:
        groups = {duty.code: frozenset(parameters.get(duty.groups.code)) for duty in DUTIES.values()}
        days = {duty.code: parameters.get(duty.days.code) for duty in DUTIES.values()}
        return Settings(groups, days, parameters.get(PER_GROUP.code))

    def lacks_helper(self, state: CareState) -> set[str]:
        """The groups of a child that need a helper and have none."""
        wanted = set(state.groups) & self.groups[HELPER]
        if self.per_group:
            return wanted - set(state.helped)
        return set() if state.helped else wanted


@dataclass(frozen=True)
class Clock:
    """The duties' clock on one day: for each duty the last day of doing it that is overdue today."""

    settings: Settings
    days: SchoolDays
    latest: Mapping[str, dt.date]

    @staticmethod
    def at(on: dt.date, settings: Settings, days: SchoolDays) -> Clock:
        return Clock(settings, days, {code: days.latest_done(on, number) for code, number in settings.days.items()})


def overdue(state: CareState, clock: Clock) -> list[Overdue]:
    """The duties towards one child that are overdue by that clock."""
    found = []
    for duty in DUTIES.values():
        groups = state.groups.keys() & clock.settings.groups[duty.code]
        start, last = _started(duty, groups, state, clock.settings)
        if start is not None and start <= clock.latest[duty.code]:
            found.append(Overdue(duty, clock.days.due(start, clock.settings.days[duty.code]), last))
    return found


def _started(duty: Duty, groups: set[str], state: CareState, settings: Settings) -> tuple[dt.date | None, dt.date | None]:
    """(from when the duty's days run, when it was last done); (None, …) while nothing is due."""
    if not groups:
        return None, None
    if duty.kind == HELPER:
        missing = settings.lacks_helper(state)
        return min((state.groups[group] for group in missing), default=None), None
    if duty.kind == CARD:
        return (None if state.has_card else min(state.groups[group] for group in groups)), None
    if not state.helped:  # somebody has to be found first: that is the helper's duty
        return None, None
    last = max((day for way, day in state.contacts.items() if not duty.ways or way in duty.ways), default=None)
    return last or max(min(state.helped.values()), min(state.groups[group] for group in groups)), last
