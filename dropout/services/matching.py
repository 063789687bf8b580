"""Comparing the lists as a job, and what the bureau does with a finding: open a suspected case, or clear it with a word."""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from dropout import matching
from dropout.enrolment import age_stage
from dropout.matching import AID, HOUSEHOLD, KINDS, LEFT, LISTS, POPULATION, POVERTY, PRESENT, RECORD, Lists
from dropout.models import (
    AidRow,
    Case,
    Child,
    ChildStatus,
    FindingState,
    ListedChild,
    MatchFinding,
    MatchRun,
    Opening,
    Pupil,
)
from dropout.models.cases import CLOSED
from jobs import queue
from jobs.handlers import Refused, Run
from jobs.models import Job
from schools import access
from schools.bulk import Table, insert_rows
from schools.factset import FactSet, standing_set
from schools.models import County, Dataset
from schools.parameters import resolve
from schools.periods import census_day

from .cases import open_case
from .children import children_by_key, open_child

KIND, VERB = "match_lists", "match_lists"
KEPT_RUNS = 3  # the findings of older runs go; their counts stay
LAST_GRADE = 9
BATCH = 2_000
HERE = ("", "enrolled")
ON_RECORD = ("", "enrolled", "suspended")


# The job ----------------------------------------------------------------------------------------------------------------


def order_matching(*, county: County, year: int, by: Actor) -> Job:
    """Queue the comparison of a county's lists of one school year; one at a time. Raises PermissionDenied."""
    access.require(by, VERB, county=county)
    return queue.enqueue(
        KIND, f"{county.code}/{year}", args={"county": county.pk, "year": year, "by": by.user_id, "name": (by.display_name or by.username)[:120]},
        county=county.code, owner=by.user_id,
    )  # fmt: skip


def run_matching(run: Run) -> dict:
    """Read the lists, compare them, keep the findings; the result has ids and counts only. Raises Refused without two lists."""
    county = County.objects.get(pk=run.args["county"])
    run.progress(0, 3, "正在读取各名单")
    facts = standing_set(county, run.args["year"])
    lists, datasets = read_lists(facts, resolve(county.code, census_day(facts.year)).get("primary_years"))
    if len(lists.members.keys() - {LEFT}) < 2:
        raise Refused("至少要有两份已审核的名单才能比对。请先报送适龄名单、户籍名单、学籍名册、在校名单、脱贫户名单中的两份以上。")
    run.progress(1, 3, "正在比对")
    found = matching.compare(lists)
    run.progress(2, 3, "正在写入结果")
    with run.apply():
        made = _keep(county, facts, lists, datasets, found, run.args)
        result = {"run": made.pk, "counts": made.counts}
        run.finish(result)
    return result


def read_lists(facts: FactSet, primary_years: int) -> tuple[Lists, list[int]]:
    """The lists of a set of facts by key, and the ids of the datasets they stand in."""
    day, reading = census_day(facts.year), _Reading()
    for name in (POPULATION, HOUSEHOLD, POVERTY):
        _read_county_list(facts, name, day, primary_years, reading)
    _read_rosters(facts, reading)
    _read_left(facts, reading)
    _read_school_lists(facts, reading)
    lists = Lists(
        members={name: frozenset(keys) for name, keys in reading.members.items()},
        everybody={name: frozenset(keys) for name, keys in reading.everybody.items()},
        school_of=reading.school_of, town_of=reading.town_of, schools={name: frozenset(ids) for name, ids in reading.schools.items()}, towns=reading.towns,
    )  # fmt: skip
    return lists, sorted(reading.datasets)


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}
        self.everybody: dict[str, set[str]] = {}
        self.school_of: dict[str, int] = {}
        self.town_of: dict[str, str] = {}
        self.schools: dict[str, set[int]] = {}
        self.towns: dict[str, frozenset[str] | None] = {}
        self.datasets: set[int] = set()


def _read_county_list(facts: FactSet, name: str, day: dt.date, primary_years: int, reading: _Reading) -> None:
    ids = facts.ids(name)
    if not ids:
        return
    stage_of: dict[dt.date | None, str] = {}
    members, everybody, towns = set(), set(), set()
    for key, birth, town in ListedChild.objects.filter(dataset_id__in=ids).values_list("person_key", "birth", "township").iterator(chunk_size=10_000):
        if birth not in stage_of:
            stage_of[birth] = age_stage(birth, day, primary_years)
        everybody.add(key)
        towns.add(town)
        if stage_of[birth]:
            members.add(key)
        if town:
            reading.town_of.setdefault(key, town)
    reading.members[name], reading.everybody[name] = members - {""}, everybody - {""}
    reading.towns[name] = None if "" in towns or not towns else frozenset(towns)
    reading.datasets.update(ids)


def _read_rosters(facts: FactSet, reading: _Reading) -> None:
    """The record: whoever a roster still counts, in the compulsory grades; a suspended pupil has a record and is not expected in class."""
    ids = facts.ids(RECORD)
    if not ids:
        return
    schools, town_of_school = facts.school_of(), {school.id: school.township for school in facts.schools}
    members, everybody = set(), set()
    rows = Pupil.objects.filter(dataset_id__in=ids, status__in=ON_RECORD).values_list("person_key", "dataset_id", "grade", "status")
    for key, dataset_id, grade, status in rows.iterator(chunk_size=10_000):
        everybody.add(key)
        school = schools[dataset_id]
        reading.school_of[key] = school
        reading.town_of.setdefault(key, town_of_school.get(school, ""))
        if status in HERE and (grade is None or grade <= LAST_GRADE):
            members.add(key)
    reading.members[RECORD], reading.everybody[RECORD] = members - {""}, everybody - {""}
    reading.schools[RECORD] = {schools[i] for i in ids}
    reading.datasets.update(ids)


def _read_left(facts: FactSet, reading: _Reading) -> None:
    """Whom a newer roster no longer names, and of whom nobody has said what became: the register keeps them as 未知 at their school."""
    if RECORD not in reading.members:
        return
    rows = Child.objects.filter(county_id=facts.county_id, status=ChildStatus.UNKNOWN, school__isnull=False, grade__lte=LAST_GRADE)
    town_of_school = {school.id: school.township for school in facts.schools}
    left = dict(rows.values_list("person_key", "school_id"))
    reading.members[LEFT] = reading.everybody[LEFT] = set(left)
    for key, school in left.items():
        reading.school_of.setdefault(key, school)
        reading.town_of.setdefault(key, town_of_school.get(school, ""))


def _read_school_lists(facts: FactSet, reading: _Reading) -> None:
    schools = facts.school_of()
    for name, rows in ((PRESENT, ListedChild.objects.all()), (AID, AidRow.objects.filter(amount__gt=0))):
        ids = facts.ids(name)
        if not ids:
            continue
        keys = set()
        for key, dataset_id in rows.filter(dataset_id__in=ids).values_list("person_key", "dataset_id").iterator(chunk_size=10_000):
            keys.add(key)
            reading.school_of.setdefault(key, schools[dataset_id])
        reading.members[name] = reading.everybody[name] = keys - {""}
        reading.schools[name] = {schools[i] for i in ids}
        reading.datasets.update(ids)


def _keep(county: County, facts: FactSet, lists: Lists, datasets: list[int], found: Mapping[str, list[str] | None], args: Mapping) -> MatchRun:
    """One run with its findings; decisions of the run before pass on, and a child with an open case has its case."""
    made = MatchRun.objects.create(
        county=county, year=facts.year, on=timezone.localdate(), datasets=datasets, made_by_id=args.get("by"), made_name=args.get("name", ""),
        counts={code: None if keys is None else len(keys) for code, keys in found.items()}, sizes={name: len(keys) for name, keys in lists.everybody.items()},
        lacking={name: sum(school.id not in lists.schools[name] for school in facts.schools) for name in (RECORD, PRESENT, AID) if name in lists.schools},
    )  # fmt: skip
    before = MatchRun.objects.filter(county=county, year=facts.year, pk__lt=made.pk).order_by("-pk")
    decided = _decisions(before[:KEPT_RUNS])
    cases = dict(Case.objects.filter(county=county).exclude(state__in=CLOSED).values_list("child__person_key", "pk"))
    rows = []
    for code, keys in found.items():
        for key in keys or ():
            state, note, by, on = decided.get((code, key), (FindingState.OPEN.value, "", "", None))
            case = cases.get(key) if KINDS[code].suspect else None
            rows.append((code, key, lists.school_of.get(key), lists.town_of.get(key, "")[:60], FindingState.CASE.value if case else state, note, by, on, case))
    fields = ("kind", "person_key", "school_id", "township", "state", "note", "decided_by", "decided_on", "case_id")
    insert_rows(MatchFinding, Table(fields, rows), run_id=made.pk)
    MatchFinding.objects.filter(run__in=list(before.values_list("pk", flat=True)[KEPT_RUNS - 1 :])).delete()
    audit.record("lists.matched", by=Actor.system("match"), county=county.code, object=f"match/{made.pk}", counts=made.counts)
    return made


def _decisions(runs: Iterable[MatchRun]) -> dict[tuple[str, str], tuple[str, str, str, dt.date | None]]:
    """(kind, child) -> what was cleared in these runs, last; a case that was opened is looked for anew."""
    rows = MatchFinding.objects.filter(run__in=[run.pk for run in runs], state=FindingState.CLEARED).order_by("run_id")
    return {(kind, key): (state, note, by, on) for kind, key, state, note, by, on in rows.values_list("kind", "person_key", "state", "note", "decided_by", "decided_on")}


# Reading ----------------------------------------------------------------------------------------------------------------


def newest_run(county: County, year: int) -> MatchRun | None:
    """The comparison made last for a school year."""
    return MatchRun.objects.filter(county=county, year=year).order_by("-pk").first()


def open_job(county: County, year: int) -> Job | None:
    """The comparison that waits or runs."""
    return Job.objects.filter(kind=KIND, key=f"{county.code}/{year}", state__in=[Job.State.WAITING, Job.State.RUNNING]).order_by("-pk").first()


def decided_counts(run: MatchRun) -> dict[str, dict[str, int]]:
    """kind -> {state: how many}."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, state, n in MatchFinding.objects.filter(run=run).order_by().values_list("kind", "state").annotate(n=Count("pk")):
        found[kind][state] = n
    return found


def findings_of(run: MatchRun, kind: str, state: str = "") -> QuerySet[MatchFinding]:
    """The findings of one kind, the undecided first."""
    rows = MatchFinding.objects.filter(run=run, kind=kind).select_related("school", "case")
    return (rows.filter(state=state) if state else rows).order_by("-state", "township", "school_id", "pk")


@dataclass(frozen=True)
class FindingRow:
    """A finding as the page shows it: masked."""

    finding: MatchFinding
    child: Child | None
    suggestions: tuple[str, ...] = ()

    @property
    def school_name(self) -> str:
        """Where the lists place the child, else where the register does."""
        school = self.finding.school or (self.child.school if self.child else None)
        return school.name if school else ""


def rows_of(county: County, findings: Iterable[MatchFinding], kind: str, *, by: Actor, suggest: bool = True) -> list[FindingRow]:
    """Findings with their children from the register, and (`suggest`) whom else they may be."""
    listed = list(findings)
    children = children_by_key(county, [one.person_key for one in listed])
    hints = suggestions(county, listed, children, kind, by=by) if listed and suggest else {}
    return [FindingRow(one, children.get(one.person_key), tuple(hints.get(one.person_key, ()))) for one in listed]


def suggestions(county: County, findings: list[MatchFinding], children: Mapping[str, Child], kind: str, *, by: Actor) -> dict[str, list[str]]:
    """finding's key -> who on the list that lacks the child may be the same one: born on the same day, with a similar name.

    Names are opened for this moment, compared and forgotten; what comes back is masked. The opening is logged with counts only.
    """
    declared, run = KINDS[kind], findings[0].run
    wanted = {one.person_key: children[one.person_key] for one in findings if one.person_key in children and children[one.person_key].birth}
    model = Pupil if declared.lack == RECORD else ListedChild if declared.lack != AID else None
    if not wanted or model is None:
        return {}
    ids = Dataset.objects.filter(pk__in=run.datasets, ledger=declared.lack).values_list("pk", flat=True)
    born = {child.birth for child in wanted.values()}
    keys = set(model.objects.filter(dataset_id__in=list(ids), birth__in=born).values_list("person_key", flat=True)) - set(wanted)
    others = children_by_key(county, keys)
    names = {key: open_child(child).get("name", "") for key, child in {**wanted, **others}.items()}
    audit.record("children.compared", by=by, county=county.code, object=f"match/{run.pk}", kind=kind, count=len(names))
    found: dict[str, list[str]] = defaultdict(list)
    for key, child in wanted.items():
        for other_key, other in others.items():
            if other.birth == child.birth and names[key] and names[other_key] and matching.is_similar(names[key], names[other_key]):
                place = "，".join(part for part in (other.school.name if other.school else "", other.class_text) if part)
                found[key].append(f"{other.masked_name}（{place or LISTS[declared.lack]}）")
    return dict(found)


# Deciding ----------------------------------------------------------------------------------------------------------------


def get_finding(county: County, finding_id: int) -> MatchFinding:
    """A finding of this county's newest runs; else 404."""
    found = MatchFinding.objects.filter(pk=finding_id, run__county=county).select_related("run").first()
    if found is None:
        raise Http404
    return found


def open_suspected(finding: MatchFinding, *, by: Actor) -> Case:
    """List the child as a suspected dropout: its open case, or a new one opened by matching. Raises PermissionDenied, Http404,
    ValueError where this kind of finding speaks of no absence."""
    county = finding.run.county
    access.require(by, VERB, county=county)
    if not KINDS[finding.kind].suspect:
        raise ValueError("这类比对结果不涉及失学辍学，不能据此立案。请核实后写明结果。")
    child = Child.objects.filter(county=county, person_key=finding.person_key).first()
    if child is None:
        raise Http404
    today = timezone.localdate()
    with transaction.atomic():
        since = min(census_day(finding.run.year), today) if finding.kind not in ("record_not_present", "poverty_not_present") else finding.run.on
        case = open_case(child=child, opening=Opening.MATCHING, absent_since=since, on=today, by=by, reason="", whereabouts="")
        # The child's other findings of the run speak of the same absence.
        same = MatchFinding.objects.filter(run=finding.run, person_key=finding.person_key, kind__in=[code for code, kind in KINDS.items() if kind.suspect])
        same.exclude(state=FindingState.CLEARED).update(state=FindingState.CASE, case=case, decided_by=(by.display_name or by.username)[:120], decided_on=today)
        audit.record("finding.case_opened", by=by, county=county.code, object=f"finding/{finding.pk}", case=case.number, kind=finding.kind)
    return case


def clear_finding(finding: MatchFinding, *, note: str, by: Actor) -> None:
    """核实: somebody found out why, and says so. The word passes on to later runs while the lists say the same. Raises ValueError
    without a word or where a case is open, PermissionDenied."""
    access.require(by, VERB, county=finding.run.county)
    if not note.strip():
        raise ValueError("请写明核实结果，例如“在外地就读，已取得学籍证明”。")
    values = {"state": FindingState.CLEARED, "note": note.strip()[:200], "decided_by": (by.display_name or by.username)[:120], "decided_on": timezone.localdate()}
    if not MatchFinding.objects.filter(pk=finding.pk).exclude(state=FindingState.CASE).update(**values):
        raise ValueError("该生已经立案，请在案件中办理。")
    audit.record("finding.cleared", by=by, county=finding.run.county.code, object=f"finding/{finding.pk}", kind=finding.kind)

