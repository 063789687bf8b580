"""零拒绝: the federation's list of disabled children (or B2's count) against who is taught where; enrolment by kind."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from schools.county_numbers import LEDGER as NUMBERS
from schools.models import County, CountyNumbers, Dataset, DatasetState
from schools.periods import current_school_year

from ..models import Child, ChildStatus, Disability, DisabledRow, Group, IndividualPlan
from .coverage import NOT_COUNTED
from .disabled import TAUGHT

LIST, COUNT = "list", "count"
LEDGER = "disabled_list"
BATCH = 2_000
NOT_TAUGHT = frozenset({
    ChildStatus.OUT.value, ChildStatus.NOT_ENROLLED.value, ChildStatus.SUSPENDED.value, ChildStatus.DEFERRED.value, ChildStatus.UNFIT.value,
})  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """One disabled child (of the federation's list, or of our own register): its row and plan where there are any."""

    kind: str
    degree: int | None
    child: Child | None
    plan: IndividualPlan | None

    @property
    def kind_title(self) -> str:
        return Disability(self.kind).label if self.kind in Disability.values else "未注明"

    @property
    def is_placed(self) -> bool:
        """Taught somewhere: by its plan, or (no plan written yet) as a pupil; not while it is out, suspended or deferred."""
        if self.child is None or self.child.status in NOT_TAUGHT:
            return False
        return self.child.status == ChildStatus.ENROLLED if self.plan is None else self.plan.placement in TAUGHT

    @property
    def why(self) -> str:
        """Why it counts as without a placement."""
        if self.child is None:
            return "学生名册和适龄儿童名单中都没有此人"
        if self.plan is None:
            return f"没有一人一案，学籍状态：{self.child.get_status_display()}"
        words = f"{self.plan.get_placement_display()}{f'：{self.plan.reason}' if self.plan.reason else ''}"
        return f"{words}（学籍状态：{self.child.get_status_display()}）" if self.child.status in NOT_TAUGHT else words


@dataclass(frozen=True)
class Enrolment:
    """Disabled enrolment: numerator and denominator in all and by kind; `basis` says what the denominator is."""

    basis: str
    taught: int
    total: int | None
    kinds: tuple[tuple[str, int, int], ...]
    listed: tuple[Listed, ...]

    @property
    def refused(self) -> list[Listed]:
        """Who on the list is not taught anywhere: deferral and a finding are shown with their reason, not left out."""
        return [one for one in self.listed if not one.is_placed]


def enrolment(county: County, on: dt.date) -> Enrolment:
    """Against the federation's list (the ledger `disabled_list` of the school year), else against B2's count.

    Without either there is no denominator: the sum of the schools' own children never stands in for it.
    """
    year = current_school_year(on)
    rows = DisabledRow.objects.filter(
        dataset__county=county, dataset__school__isnull=True, dataset__ledger=LEDGER, dataset__state=DatasetState.STANDING,
        dataset__period__start__year=year,
    )  # fmt: skip
    has_list = Dataset.objects.filter(
        county=county, school__isnull=True, ledger=LEDGER, state=DatasetState.STANDING, period__start__year=year
    ).exists()
    if not has_list:
        own = [one for one in _own(county, on) if one.child.status not in NOT_COUNTED]
        total = CountyNumbers.objects.filter(
            dataset__county=county, dataset__ledger=NUMBERS, dataset__state=DatasetState.STANDING, dataset__period__start__year=year
        ).values_list("disabled_children", flat=True).first()
        return Enrolment(COUNT, sum(one.is_placed for one in own), total, (), ())
    named = dict.fromkeys(rows.order_by("row").values_list("person_key", "kind", "degree"))
    counted = [one for one in _found(county, on, list(named)) if one.child is None or one.child.status not in NOT_COUNTED]
    by_kind: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in counted:
        by_kind[one.kind_title][0] += one.is_placed
        by_kind[one.kind_title][1] += 1
    kinds = tuple((title, *by_kind[title]) for title in sorted(by_kind, key=_kind_order))
    return Enrolment(LIST, sum(one.is_placed for one in counted), len(counted), kinds, tuple(counted))


def _in_force(county: County, on: dt.date) -> dict[int, IndividualPlan]:
    rows = IndividualPlan.objects.filter(child__county=county, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return {plan.child_id: plan for plan in rows.select_related("school").order_by("since", "id")}


def _found(county: County, on: dt.date, named: list[tuple[str, str, int | None]]) -> list[Listed]:
    """The list's persons with their rows of the register and plans; one person once, however often it is listed."""
    plans, children = _in_force(county, on), {}
    keys = [key for key, _, _ in named]
    for start in range(0, len(keys), BATCH):
        for child in Child.objects.filter(county=county, person_key__in=keys[start : start + BATCH]).select_related("school", "township"):
            children[child.person_key] = child
    found: dict[str, Listed] = {}
    for key, kind, degree in named:
        child = children.get(key)
        found.setdefault(key, Listed(kind, degree, child, plans.get(child.pk) if child else None))
    return list(found.values())


def _own(county: County, on: dt.date) -> list[Listed]:
    """The register's own disabled children: tagged, or with a plan."""
    plans = _in_force(county, on)
    tagged = Q(tags__group=Group.DISABLED, tags__until__isnull=True)
    rows = Child.objects.filter(county=county).filter(tagged | Q(plans__until__isnull=True, plans__isnull=False)).distinct()
    return [Listed("", None, child, plans.get(child.pk)) for child in rows]


def _kind_order(title: str) -> int:
    return next((place for place, label in enumerate(Disability.labels) if label == title), len(Disability.labels))
