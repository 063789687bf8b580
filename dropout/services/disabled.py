"""Disabled children: 一人一案, placements, home teaching, resource rooms, zero refusal against the federation's list."""
from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actor import Actor
from accounts.masking import mask_name
from schools import access
from schools.models import County, School
from schools.parameters import Parameter, declare, resolve
from schools.periods import current_school_year

from ..home_teaching import HomeState, Rule, Taught, state_of
from ..models import (
    Child,
    Disability,
    HomeLesson,
    IndividualPlan,
    Placement,
    ResourceRoom,
)
from ..school_days import SchoolDays
from .calendars import school_days_of
from .coverage import NOT_COUNTED
from .reach import CareError, name_of

VERB, APPROVE = "care", "approve_leave"
# 缓学 needs the township's or the bureau's approval (义务教育法 art. 11), a finding the expert committee's: not the school's.
APPROVED_ONLY = frozenset({Placement.DEFERRED.value, Placement.FINDING.value})
# Where a disabled child is taught: the numerator of the enrolment rate (domain: standards §8.4).
TAUGHT = frozenset({
    Placement.CLASS.value, Placement.LOWER.value, Placement.BY_AGE.value, Placement.SEPARATE.value, Placement.VOCATIONAL.value,
    Placement.SPECIAL.value, Placement.SPECIAL_CLASS.value, Placement.INCLUSIVE.value, Placement.HOME.value, Placement.WELFARE.value,
})  # fmt: skip
AT_SCHOOL = TAUGHT - {Placement.WELFARE.value}
PLACEMENTS = (
    Placement.INCLUSIVE, Placement.SPECIAL_CLASS, Placement.SPECIAL, Placement.HOME, Placement.WELFARE, Placement.VOCATIONAL,
    Placement.DEFERRED, Placement.FINDING, Placement.WAITING,
)  # fmt: skip
WAITING_DAYS = declare(Parameter(
    "disabled.waiting_days", "残疾儿童待安置最长上课日", "integer", "100", "特殊教育“零拒绝”：待安置不超过一学期（约100个上课日），由地方规定", unit="天",
))  # fmt: skip


@transaction.atomic
def save_plan(
    child: Child, *, placement: str, kind: str = "", degree: int | None = None, has_certificate: bool | None = None, finding: str = "",
    school: School | None = None, reason: str = "", rehabilitation: str = "", responsible: str = "", since: dt.date, by: Actor,
    source: str = "person",
) -> IndividualPlan:
    """A new plan for the child, from `since` on; the former one ends that day. The same plan again is the same row.

    The school line plans teaching; deferral and a committee's finding are the approving side's. A ledger's approval
    (`source` a ledger code) was the permission already. Raises CareError, PermissionDenied.
    """
    if source == "person":
        _require(child, placement, by)
    values = {
        "placement": placement, "kind": kind, "degree": degree, "has_certificate": has_certificate, "finding": finding[:200], "school": school,
        "reason": reason[:120], "rehabilitation": rehabilitation[:120], "responsible": responsible[:60],
    }  # fmt: skip
    _check_plan(child, values)
    former = IndividualPlan.objects.select_for_update(of=("self",)).select_related("school").filter(child=child, until__isnull=True).first()
    if former is not None:
        if all(getattr(former, name) == value for name, value in values.items()):
            return former
        if since < former.since:
            raise CareError(f"起始日期早于现行方案的起始日期{former.since:%Y-%m-%d}，请核对。")
        former.until = since
        former.save(update_fields=["until"])
    plan = IndividualPlan.objects.create(child=child, since=since, **values)
    _record("plan.saved", child, by, plan=plan.pk, placement=placement, since=since, former=former.pk if former else None, source=source)
    return plan


def _require(child: Child, placement: str, by: Actor) -> None:
    verb = APPROVE if placement in APPROVED_ONLY or not access.may_for_child(by, VERB, child) else VERB
    access.require_for_child(by, verb, child)


def may_plan(actor: Actor, child: Child) -> bool:
    """Whether the actor may write the child's plan at all."""
    return access.may_for_child(actor, VERB, child) or access.may_for_child(actor, APPROVE, child)


def _check_plan(child: Child, values: dict) -> None:
    placement = values["placement"]
    if placement not in Placement.values:
        raise CareError("请选择安置方式。")
    if values["kind"] and values["kind"] not in Disability.values:
        raise CareError("请从列表中选择残疾类别。")
    if values["degree"] is not None and values["degree"] not in (1, 2, 3, 4):
        raise CareError("残疾等级为一级至四级，请填写 1 至 4。")
    if placement in AT_SCHOOL and values["school"] is None:
        raise CareError(f"安置方式为“{Placement(placement).label}”时须选择承担教育的学校。")
    if values["school"] is not None and values["school"].county_id != child.county_id:
        raise CareError("所选学校不在本县名录中，请从列表中选择。")
    if placement == Placement.FINDING and not values["finding"].strip():
        raise CareError("须写明残疾人教育专家委员会的评估结论。")
    if placement in (Placement.WAITING, Placement.DEFERRED) and not values["reason"].strip():
        raise CareError(f"安置方式为“{Placement(placement).label}”时须写明原因。")


@transaction.atomic
def add_home_lesson(
    child: Child, *, on: dt.date, lessons: int, minutes: int, teachers: str, place: str = "", content: str = "",
    parent_signed: bool = False, entry_key: str, today: dt.date, by: Actor,
) -> HomeLesson:
    """Record one visit of home teaching; the same `entry_key` again is the same row. Teachers' names are kept masked."""
    access.require_for_child(by, VERB, child)
    if not entry_key:
        raise ValueError("a home lesson needs an entry key")
    known = HomeLesson.objects.filter(child=child, entry_key=entry_key[:40]).first()
    if known is not None:
        return known
    plan = plan_on(child, on)
    if plan is None or plan.placement != Placement.HOME:
        raise CareError("这名学生在这一天的安置方式不是送教上门，请先登记一人一案。")
    if on > today:
        raise CareError("日期还没有到，请填写实际送教的日期。")
    if not 1 <= lessons <= 8 or not 10 <= minutes <= 480:
        raise CareError("课时数应为 1 至 8，总时长应为 10 至 480 分钟，请核对。")
    names = [name for name in teachers.replace("，", "、").replace(",", "、").replace(" ", "、").split("、") if name]
    if not names:
        raise CareError("请填写送教教师姓名，几位教师用顿号分隔。")
    made = HomeLesson.objects.create(
        child=child, on=on, lessons=lessons, minutes=minutes, teachers="、".join(mask_name(name) for name in names)[:120], place=place[:60],
        content=content[:200], parent_signed=parent_signed, recorded_by=name_of(by), entry_key=entry_key[:40],
    )
    _record("home_lesson.logged", child, by, lesson=made.pk, on=on, lessons=lessons, minutes=minutes)
    return made


def kind_title(plan: IndividualPlan) -> str:
    """残疾类别 in words."""
    return Disability(plan.kind).label if plan.kind in Disability.values else "残疾类别未填"


def plan_on(child: Child, on: dt.date) -> IndividualPlan | None:
    """The plan in force on a day."""
    rows = IndividualPlan.objects.filter(child=child, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return rows.select_related("school").order_by("-since", "-id").first()


@transaction.atomic
def save_resource_room(school: School, *, rooms: int, area: int | None, teachers: int | None, since: dt.date, by: Actor) -> ResourceRoom:
    """The school's resource rooms from `since` on (area in 0.01 ㎡); the former row ends. The same again is the same row."""
    access.require(by, "file", school=school)
    if rooms < 1:
        raise CareError("资源教室间数应不少于 1。")
    held = ResourceRoom.objects.select_for_update().filter(school=school, until__isnull=True).order_by("-since").first()
    if held is not None:
        if (held.rooms, held.area, held.teachers) == (rooms, area, teachers):
            return held
        if since < held.since:
            raise CareError(f"起始日期早于现有记录的起始日期{held.since:%Y-%m-%d}，请核对。")
        held.until = since
        held.save(update_fields=["until"])
    made = ResourceRoom.objects.create(school=school, rooms=rooms, area=area, teachers=teachers, since=since)
    audit.record("resource_room.saved", by=by, object=f"school/{school.code}", county=school.county.code, rooms=rooms, area=area, teachers=teachers)
    return made


def _record(action: str, child: Child, by: Actor, **detail) -> None:
    audit.record(action, by=by, object=f"child/{child.pk}", county=child.county.code, **detail)


# Reading

@dataclass
class PlanLine:
    """One child with its plan in force, and what is wrong about it."""

    plan: IndividualPlan
    child: Child
    home: HomeState | None = None
    waits: int = 0
    waits_too_long: bool = False
    record_elsewhere: bool = False


@dataclass(frozen=True)
class Plans:
    """The plans in force of a scope, with the rules they were read by."""

    lines: list[PlanLine]
    rule: Rule
    waiting_days: int
    calendar_known: bool

    def placements(self) -> list[tuple[str, int]]:
        found = Counter(line.plan.placement for line in self.lines)
        return [(Placement(code).label, found[code]) for code in Placement.values if found[code]]

    @property
    def late_home(self) -> list[PlanLine]:
        return [line for line in self.lines if line.home is not None and line.home.is_overdue]

    @property
    def too_long(self) -> list[PlanLine]:
        return [line for line in self.lines if line.waits_too_long]

    @property
    def elsewhere(self) -> list[PlanLine]:
        return [line for line in self.lines if line.record_elsewhere]


def plans_of(actor: Actor, county: County, on: dt.date, *, counts_only: bool = False) -> Plans:
    """The plans in force of the children the actor sees, each with its home teaching, waiting time and record."""
    scope = Q(child__county=county) if counts_only else access.children_condition(actor, county, of="child__")
    rows = IndividualPlan.objects.filter(scope, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    rows = rows.exclude(child__status__in=NOT_COUNTED).select_related("child__school", "child__township", "school").order_by("child__school__code", "child_id")
    parameters, days = resolve(county.code, on), school_days_of(county, on)
    rule, most = Rule.of(parameters), parameters.get(WAITING_DAYS.code)
    taught = _taught(scope, on)
    lines = [_line(plan, rule, most, days, taught.get(plan.child_id, []), on) for plan in rows]
    return Plans(lines, rule, most, days.knows(on))


def _taught(scope: Q, on: dt.date) -> dict[int, list[Taught]]:
    start = dt.date(current_school_year(on), 9, 1)
    found = defaultdict(list)
    for pk, day, lessons, minutes in HomeLesson.objects.filter(scope, on__gte=start, on__lte=on).values_list("child_id", "on", "lessons", "minutes"):
        found[pk].append(Taught(day, lessons, minutes))
    return found


def _line(plan: IndividualPlan, rule: Rule, most: int, days: SchoolDays, taught: list[Taught], on: dt.date) -> PlanLine:
    line = PlanLine(plan, plan.child)
    if plan.placement == Placement.HOME:
        line.home = state_of(taught, rule, days, max(plan.since, dt.date(current_school_year(on), 9, 1)), on)
    if plan.placement == Placement.WAITING:
        line.waits = days.since(plan.since, on)
        line.waits_too_long = line.waits > most
    if plan.placement in AT_SCHOOL and plan.school_id is not None:
        learns = plan.child.school
        line.record_elsewhere = learns is None or plan.school_id not in (learns.pk, learns.parent_id)
    return line


def home_of(child: Child, plan: IndividualPlan | None, on: dt.date) -> tuple[HomeState, Rule] | None:
    """How one child's home teaching stands; None where it is not taught at home."""
    if plan is None or plan.placement != Placement.HOME:
        return None
    rule, days = Rule.of(resolve(child.county.code, on)), school_days_of(child.county, on)
    return _line(plan, rule, 0, days, _taught(Q(child=child), on).get(child.pk, []), on).home, rule


def rooms_of(actor: Actor, county: County) -> list[ResourceRoom]:
    """The resource rooms in use at the schools whose children the actor sees."""
    schools = access.schools_of(actor, county, "view_children")
    return list(ResourceRoom.objects.filter(school__in=schools, until__isnull=True).select_related("school").order_by("school__code"))
