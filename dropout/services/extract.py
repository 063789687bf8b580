"""The dated extract: live figures of cases and children as they stood on a day, written once as a county dataset.

Snapshots name datasets, so a frozen snapshot keeps the figures it was made from although the register lives on.
"""
from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from dropout.enrolment import age_stage
from dropout.models import (
    Case,
    CaseState,
    CaseStep,
    Child,
    ChildStatus,
    ChildTag,
    DisabledRow,
    ExtractRow,
    Group,
    IndividualPlan,
    Placement,
)
from dropout.models.cases import RESTING
from dropout.quantities import EXTRACT, PLACED
from dropout.states import MISSING
from jobs import outbox
from schools import access, datasets
from schools.bulk import Table
from schools.codes import COMPULSORY, stage_of_grade
from schools.models import County, Dataset
from schools.parameters import resolve
from schools.periods import census_day, school_year

from .tags import current_datasets

VERB = "approve"
# What a case counts as on a day, by its state then.
STATES = {
    "suspected": (CaseState.ABSENT.value, CaseState.SUSPECTED.value),
    "dropouts": tuple(state for state in MISSING if state != CaseState.SUSPECTED),
    "returned": (CaseState.RETURNED.value, CaseState.PLACED.value),
    "resting": tuple(RESTING),
}
# What happened within the school year up to the day.
ENDS = {"struck_off": (CaseState.STRUCK_OFF.value,), "cleared": (CaseState.CLEARED.value,), "transferred": (CaseState.TRANSFERRED.value,)}
CODES = (*STATES, "opened", *ENDS, "disabled_children", "disabled_enrolled", "disabled_special", "poor_children", "poor_out")
TITLES = {
    "suspected": "疑似辍学(含缺勤待查)", "dropouts": "辍学(已登记未返校)", "returned": "已复学待销号", "resting": "缓学、休学", "opened": "本学年立案", "struck_off": "本学年销号",
    "cleared": "本学年核实未辍学", "transferred": "本学年转出已接收", "disabled_children": "登记的残疾儿童少年", "disabled_enrolled": "其中已安置就学", "disabled_special": "其中在特殊教育学校",
    "poor_children": "登记的脱贫户(监测对象)子女", "poor_out": "其中失学辍学",
}  # fmt: skip
Place = tuple[str, int | None]  # stage, school
OUT_OF_SCHOOL = (ChildStatus.OUT.value, ChildStatus.NOT_ENROLLED.value)


def make_extract(*, county: County, year: int, on: dt.date, by: Actor) -> Dataset:
    """Count the live register as it stood at the end of day `on` of school year `year`; the rows become a standing dataset.

    The former extract stays as it is and is retired. Raises ValueError for a day outside the school year or still to come,
    PermissionDenied without the right to approve.
    """
    access.require(by, VERB, county=county)
    period = school_year(year)
    if not period.start <= on <= period.end or on > timezone.localdate():
        raise ValueError(f"摘录日期{on:%Y-%m-%d}不在{year}-{year + 1}学年之内，或者还没有到。请选择学年内已过的日期。")
    with transaction.atomic():
        locked = datasets.lock_county(county)
        rows = [
            {"code": code, "stage": stage, "school_id": school, "value": value}
            for code, counts in sorted(count_live(locked, year, on).items())
            for (stage, school), value in sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or 0))
        ]
        dataset = datasets.stage(
            county=locked, school=None, ledger=EXTRACT, period=period, file=None, row_map={"sheets": [], "targets": {}, "extract": {"on": on.isoformat()}},
            rows_by_model={ExtractRow._meta.label: Table.of(rows)}, by=by,
        )  # fmt: skip
        datasets.make_standing(dataset, by=by)
        audit.record("extract.made", by=by, county=locked.code, object=f"dataset/{dataset.pk}", on=on.isoformat(), rows=len(rows))
        outbox.announce("facts_changed", key=f"{locked.code}/{year}", county=locked.code, year=year)
    return dataset


def count_live(county: County, year: int, on: dt.date) -> dict[str, Counter[Place]]:
    """code -> {(stage, school or None for the county): how many}; the county's own rows are there for every code, 0 too."""
    found: dict[str, Counter[Place]] = {code: Counter({(stage, None): 0 for stage in COMPULSORY}) for code in CODES}
    stages = _Stages(county, year)
    for case in _cases(county, year, on):
        state = case["state_then"]
        for code, states in STATES.items():
            if state in states:
                _add(found[code], stages, case["child"], case["school"])
        if census_day(year) <= case["opened_on"] <= on:
            _add(found["opened"], stages, case["child"], case["school"])
        for code, ends in ENDS.items():
            if state in ends and case["closed_on"] and census_day(year) <= case["closed_on"] <= on:
                _add(found[code], stages, case["child"], case["school"])
    _count_disabled(county, on, stages, found)
    _count_poor(county, on, stages, found)
    return found


class _Stages:
    """The compulsory stage of each child of the county: by its grade, else by its age; "" for others."""

    def __init__(self, county: County, year: int):
        years, day = resolve(county.code, census_day(year)).get("primary_years"), census_day(year)
        self.of: dict[int, tuple[str, int | None, str]] = {}
        for pk, grade, birth, school, status in Child.objects.filter(county=county).values_list("pk", "grade", "birth", "school_id", "status").iterator(chunk_size=10_000):
            stage = stage_of_grade(grade, years) if grade else age_stage(birth, day, years)
            self.of[pk] = (stage if stage in COMPULSORY else "", school, status)


def _add(counts: Counter[Place], stages: _Stages, child: int, school: int | None) -> None:
    stage = stages.of[child][0]
    if stage:
        counts[stage, None] += 1
        if school is not None:
            counts[stage, school] += 1


def _cases(county: County, year: int, on: dt.date) -> Iterable[dict]:
    """Cases that were open on a day of the school year up to `on`, each with its state at the end of that day."""
    alive = Case.objects.filter(county=county, opened_on__lte=on).filter(Q(closed_on__isnull=True) | Q(closed_on__gte=census_day(year)))
    last: dict[int, str] = {}
    steps = CaseStep.objects.filter(case__in=alive, on__lte=on).order_by("case_id", "on", "id")
    for case_id, state in steps.values_list("case_id", "to_state"):
        last[case_id] = state
    for pk, child, school, state, opened, closed in alive.values_list("pk", "child_id", "child__school_id", "state", "opened_on", "closed_on"):
        yield {"child": child, "school": school, "state_then": last.get(pk, state), "opened_on": opened, "closed_on": closed}


def _tagged(county: County, groups: Iterable[str], on: dt.date) -> set[int]:
    """Children whose tags named one of these groups on the day."""
    tags = ChildTag.objects.filter(child__county=county, group__in=list(groups), since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return set(tags.values_list("child_id", flat=True))


def _count_disabled(county: County, on: dt.date, stages: _Stages, found: dict[str, Counter[Place]]) -> None:
    """A disabled child is placed by its plan in force, else by the ledger, else by being a pupil."""
    wanted = _tagged(county, [Group.DISABLED.value], on)
    plans = IndividualPlan.objects.filter(child__county=county, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    placed = dict(plans.order_by("since", "id").values_list("child_id", "placement"))
    keys = dict(Child.objects.filter(county=county, pk__in=wanted - placed.keys()).values_list("person_key", "pk"))
    ledgers = current_datasets(county, ["disabled"])
    for key, placement in DisabledRow.objects.filter(dataset_id__in=list(ledgers), person_key__in=list(keys)).values_list("person_key", "placement"):
        placed[keys[key]] = placement
    for child in wanted:
        _, school, status = stages.of.get(child, ("", None, ""))
        placement = placed.get(child, "")
        _add(found["disabled_children"], stages, child, school)
        if placement in PLACED or (not placement and status == ChildStatus.ENROLLED):
            _add(found["disabled_enrolled"], stages, child, school)
        if placement == Placement.SPECIAL:
            _add(found["disabled_special"], stages, child, school)


def _count_poor(county: County, on: dt.date, stages: _Stages, found: dict[str, Counter[Place]]) -> None:
    """Children of poverty-relieved households, and those of them who are out of school: by status or by an open case."""
    wanted = _tagged(county, [Group.POOR.value, Group.WATCHED.value], on)
    missing = set(Case.objects.filter(county=county, child__in=wanted, state__in=MISSING, opened_on__lte=on).values_list("child_id", flat=True))
    for child in wanted:
        _, school, status = stages.of.get(child, ("", None, ""))
        _add(found["poor_children"], stages, child, school)
        if status in OUT_OF_SCHOOL or child in missing:
            _add(found["poor_out"], stages, child, school)
