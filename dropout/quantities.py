"""What is counted of children: the age group and who of it is enrolled, dropout in three definitions, consolidation by name.

Everything reads only the datasets of the FactSet it is given; the live register enters by its dated extract (ledger code
`dropout_extract`), a county dataset that is written once. A figure of the county is missing while one school's roster is.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from django.core.cache import cache

from schools.codes import COMPULSORY, Stage, stages_of_type
from schools.cohorts import FORMULAS
from schools.factset import FactSet, SchoolRef
from schools.models import Dataset
from schools.parameters import ParameterSet
from schools.periods import census_day
from schools.quantity import COUNTY_KEY, QUANTITIES, Quantity, SourceCell, Tally, declare
from schools.sources import Source, offer

from .cohorts import Cohort, Span, cohort, spans
from .enrolment import AgeGroup, Listed, age_groups
from .flows import DEFINITIONS, Enrolled, Flow, Roster, flows
from .models import DisabledRow, ExtractRow, ListedChild, Placement, Pupil

ROSTER, POPULATION, POVERTY, PLANS, EXTRACT = "pupils", "population", "poverty", "disabled", "dropout_extract"
READ = (ROSTER, POPULATION, POVERTY, PLANS)
# Wherever a disabled child is taught counts as enrolled (standards §8.4: special school, ordinary class, home teaching).
PLACED = frozenset(Placement.values) - {Placement.DEFERRED.value, Placement.FINDING.value, Placement.WAITING.value}
THREE_KINDS = ("sight", "hearing", "intellect")
HOUR = 3600
CENSUS = "统计时点为9月1日。"


class Registers:
    """The rosters and lists of one set of facts, each read when first asked for."""

    def __init__(self, facts: FactSet, primary_years: int):
        self.facts, self.primary_years, self.day = facts, primary_years, census_day(facts.year)
        self._rosters: dict[int, dict[str, Enrolled]] = {}
        self._lacking: dict[int, list[SchoolRef]] = {}

    def ids(self, ledger: str, year: int | None = None) -> list[int]:
        return [ref.id for ref in self.facts.by_ledger.get((ledger, self.facts.year if year is None else year), ())]

    def roster(self, year: int | None = None) -> Roster:
        """person_key -> row over all schools of a year; of two rows the one that still counts the pupil."""
        year = self.facts.year if year is None else year
        if year not in self._rosters:
            schools, found = self.facts.school_of(), {}
            rows = Pupil.objects.filter(dataset_id__in=self.ids(ROSTER, year)).order_by("id")
            for key, dataset_id, grade, status in rows.values_list("person_key", "dataset_id", "grade", "status").iterator(chunk_size=10_000):
                if key not in found or not found[key].is_here:
                    found[key] = Enrolled(schools.get(dataset_id), grade, status)
            self._rosters[year] = found
        return self._rosters[year]

    def listed(self, ledger: str) -> dict[str, Listed]:
        """person_key -> child on one of the county's lists."""
        rows = ListedChild.objects.filter(dataset_id__in=self.ids(ledger)).values_list("person_key", "birth", "township", "village")
        return {key: Listed(birth, township, village) for key, birth, township, village in rows if key}

    @cached_property
    def population(self) -> dict[str, AgeGroup]:
        return age_groups(self.listed(POPULATION), self.roster(), self.day, self.primary_years) if self.ids(POPULATION) else {}

    @cached_property
    def poor(self) -> dict[str, AgeGroup]:
        """The age groups of the list of poverty-relieved households."""
        return age_groups(self.listed(POVERTY), self.roster(), self.day, self.primary_years) if self.ids(POVERTY) else {}

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """From last year's rosters to this year's; empty while either is not there at all."""
        if not self.ids(ROSTER) or not self.ids(ROSTER, self.facts.year - 1):
            return {}
        return flows(self.roster(self.facts.year - 1), self.roster(), self.primary_years)

    def span(self, code: str) -> Span:
        return next(one for one in spans(self.primary_years) if one.code == code)

    def cohort(self, span: str) -> Cohort | None:
        """The cohort that finished last summer, by name."""
        wanted = self.span(span)
        years = range(self.facts.year - wanted.years, self.facts.year + 1)
        held = {year: self.roster(year) for year in years if self.ids(ROSTER, year)}
        return cohort(held, self.facts.year, wanted)

    @cached_property
    def disabled(self) -> dict[str, tuple[str, str]]:
        """person_key -> (kind, placement) of the 一人一案 ledgers."""
        rows = DisabledRow.objects.filter(dataset_id__in=self.ids(PLANS)).order_by("id")
        return {key: (kind, placement) for key, kind, placement in rows.values_list("person_key", "kind", "placement") if key}

    def lacking(self, year: int | None = None) -> list[SchoolRef]:
        """Schools with pupils of the compulsory stages whose roster of that year is not there."""
        year = self.facts.year if year is None else year
        if year not in self._lacking:
            facts = self.facts if year == self.facts.year else replace(self.facts, year=year)
            known = QUANTITIES["pupils"].tally(facts, ParameterSet()) if self.ids(ROSTER, year) else {}
            held = {ref.school_id for ref in self.facts.by_ledger.get((ROSTER, year), ())}
            self._lacking[year] = [school for school in self.facts.schools if school.id not in held and _teaches(school, known)]
        return self._lacking[year]


def _teaches(school: SchoolRef, pupils: Tally) -> bool:
    """Whether a roster is wanted of the school: it has pupils of a compulsory stage, or nobody has said that it has none."""
    told = {stage: n for (school_id, stage), n in pupils.items() if school_id == school.id}
    if told:
        return any(told.get(stage) for stage in COMPULSORY)
    taught = stages_of_type(school.type_code)
    return not taught or any(stage in COMPULSORY for stage in taught)


def registers_of(facts: FactSet, parameters: ParameterSet) -> Registers:
    """The registers of a set, shared by every quantity of one computation."""
    years = parameters.get("primary_years")
    held = vars(facts).setdefault("_dropout", {})
    if years not in held:
        held[years] = Registers(facts, years)
    return held[years]


# Counts ------------------------------------------------------------------------------------------------------------


def counts_of(facts: FactSet, parameters: ParameterSet) -> dict[str, int]:
    """Every count of this file, from the cache while the same datasets stand: rosters of a county are hundreds of thousands of rows."""
    key = _cache_key(facts, parameters.get("primary_years"))
    held = vars(facts).setdefault("_dropout_counts", {})
    if key not in held:
        known = cache.get(key)
        if known is None:
            known = _count(registers_of(facts, parameters))
            cache.set(key, known, HOUR)
        held[key] = known
    return held[key]


def _cache_key(facts: FactSet, primary_years: int) -> str:
    """Equal for the same rows: datasets are written once, and told apart by the moment they were written."""
    ids = sorted(ref.id for ref in facts.datasets if ref.ledger in READ)
    moments = Dataset.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "created_at")
    text = json.dumps([facts.county_code, facts.year, primary_years, [[pk, moment.isoformat()] for pk, moment in moments]])
    return f"dropout-counts-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def _count(registers: Registers) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, groups in (("age_group", registers.population), ("poor", registers.poor)):
        for stage, group in groups.items():
            found[f"{name}_{stage}"], found[f"{name}_enrolled_{stage}"] = len(group.all), len(group.enrolled)
    for stage, flow in registers.flows.items():
        found[f"dropout_base_{stage}"] = len(flow.base)
        for definition in DEFINITIONS.values():
            found[f"dropout_{definition.code}_{stage}"] = definition.number(flow)
    for span in spans(registers.primary_years):
        if (one := registers.cohort(span.code)) is not None:
            kept, base = FORMULAS["application_form"].terms(**one.figures)
            found[f"consolidation_{span.code}_kept"], found[f"consolidation_{span.code}_base"] = int(kept), int(base)
    if registers.ids(PLANS):
        three = [placement for kind, placement in registers.disabled.values() if kind in THREE_KINDS]
        found["three_kinds_listed"], found["three_kinds_placed"] = len(three), sum(one in PLACED for one in three)
    return found


# Quantities ----------------------------------------------------------------------------------------------------------


def is_complete(facts: FactSet, parameters: ParameterSet, years: Iterable[int]) -> bool:
    """Whether every school's roster of these years (so many before the set's own) is there."""
    registers = registers_of(facts, parameters)
    return not any(registers.lacking(facts.year - back) for back in years)


Years = Callable[["Registers"], Iterable[int]]


def _declare(
    code: str, title: str, sources: tuple[str, ...], keys: Callable[[Registers], Iterable[str]], note: str, *,
    years: Years = lambda registers: (0,), at: Callable[[Registers], int] = lambda registers: 0,
) -> Quantity:  # fmt: skip
    """A county quantity counted from rosters of `years`; `keys` are the children behind it, `at` how many years before their
    rows stand."""

    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        value = counts_of(facts, parameters).get(code)
        complete = value is not None and is_complete(facts, parameters, years(registers_of(facts, parameters)))
        return {COUNTY_KEY: value} if complete else {}

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
        registers = registers_of(facts, parameters)
        return roster_cells(registers, set(keys(registers)), facts.year - at(registers))

    return declare(Quantity(code, title, "人", 1, "county", sources, "school_year", tally, cells, note))


def roster_cells(registers: Registers, wanted: set[str], year: int) -> list[SourceCell]:
    """Where the rows of these children stand: on the rosters of that year, else on the lists of the set's own year."""
    found: dict[str, SourceCell] = {}
    for pk, dataset_id, key, grade in Pupil.objects.filter(dataset_id__in=registers.ids(ROSTER, year)).values_list("pk", "dataset_id", "person_key", "grade"):
        if key in wanted:
            found[key] = SourceCell("dropout.Pupil", pk, dataset_id, "grade", str(grade or ""))
    ids = [*registers.ids(POPULATION), *registers.ids(POVERTY)]
    for pk, dataset_id, key, birth in ListedChild.objects.filter(dataset_id__in=ids).values_list("pk", "dataset_id", "person_key", "birth"):
        if key in wanted and key not in found:
            found[key] = SourceCell("dropout.ListedChild", pk, dataset_id, "birth", birth.isoformat() if birth else "")
    return [found[key] for key in sorted(found)]


def _group(registers: Registers, name: str, stage: str, enrolled: bool) -> Iterable[str]:
    groups = registers.population if name == "age_group" else registers.poor
    return (groups[stage].enrolled if enrolled else groups[stage].all) if stage in groups else ()


def _declare_groups() -> None:
    for name, list_title, source in (("age_group", "适龄人口", POPULATION), ("poor", "脱贫户和监测对象适龄子女", POVERTY)):
        for stage in COMPULSORY:
            word = Stage(stage).label
            _declare(f"{name}_{stage}", f"{word}{list_title}数", (source, ROSTER), lambda r, n=name, s=stage: _group(r, n, s, False), f"按名单中{word}年龄段计。{CENSUS}")
            _declare(f"{name}_enrolled_{stage}", f"{word}{list_title}入学人数", (source, ROSTER), lambda r, n=name, s=stage: _group(r, n, s, True),
                     "在本学段或更高学段就读的；休学的复学前不计。")  # fmt: skip


def _both_years(registers: Registers) -> Iterable[int]:
    return 0, 1


def _a_year_before(registers: Registers) -> int:
    return 1


def _declare_flows() -> None:
    for stage in COMPULSORY:
        word = Stage(stage).label
        _declare(f"dropout_base_{stage}", f"上学年初{word}在校生数", (ROSTER,), lambda r, s=stage: r.flows[s].base if r.flows else (), CENSUS,
                 years=_both_years, at=_a_year_before)  # fmt: skip
        for definition in DEFINITIONS.values():
            _declare(f"dropout_{definition.code}_{stage}", f"{word}辍学人数（{definition.title}）", (ROSTER,),
                     lambda r, s=stage, d=definition: d.counted(r.flows[s]) if r.flows else (), definition.source, years=_both_years, at=_a_year_before)  # fmt: skip


def _declare_cohorts() -> None:
    for span in spans():
        for side, word in (("kept", "巩固人数"), ("base", "应巩固人数")):
            _declare(f"consolidation_{span.code}_{side}", f"{span.title}：{word}", (ROSTER,), lambda r, c=span.code, s=side: _cohort_keys(r, c, s),
                     FORMULAS["application_form"].words, years=lambda r, c=span.code: range(1, r.span(c).years + 1),
                     at=_a_year_before if side == "kept" else lambda r, c=span.code: r.span(c).years)  # fmt: skip


def _cohort_keys(registers: Registers, span: str, side: str) -> Iterable[str]:
    one = registers.cohort(span)
    if one is None:
        return ()
    return one.graduates if side == "kept" else one.entrants - one.gone


_declare_groups()
_declare_flows()
_declare_cohorts()


def _three(placed: bool) -> Callable[[FactSet, ParameterSet], Tally]:
    code = "three_kinds_placed" if placed else "three_kinds_listed"

    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        value = counts_of(facts, parameters).get(code)
        return {} if value is None else {COUNTY_KEY: value}

    return tally


def _three_cells(placed: bool):
    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
        rows = DisabledRow.objects.filter(dataset_id__in=facts.ids(PLANS), kind__in=THREE_KINDS).order_by("dataset_id", "id")
        rows = rows.filter(placement__in=PLACED) if placed else rows
        return [SourceCell("dropout.DisabledRow", pk, dataset_id, "placement", placement) for pk, dataset_id, placement in rows.values_list("pk", "dataset_id", "placement")]

    return cells


THREE_NOTE = "一人一案台账所列的视力、听力、智力残疾儿童少年；残联名单没有分类，分母按台账计。"
for _placed, _code, _title in ((False, "three_kinds_listed", "三类残疾儿童少年数"), (True, "three_kinds_placed", "三类残疾儿童少年入学人数")):
    declare(Quantity(_code, _title, "人", 1, "county", (PLANS,), "school_year", _three(_placed), _three_cells(_placed), THREE_NOTE))


# The live register, by its dated extract -----------------------------------------------------------------------------------


def extracted(facts: FactSet) -> Mapping[tuple[str, str], int]:
    """(code, stage) -> value of the county in the extract of this set; empty without one."""
    rows = ExtractRow.objects.filter(dataset_id__in=facts.ids(EXTRACT), school__isnull=True)
    return {(code, stage): value for code, stage, value in rows.values_list("code", "stage", "value")}


def extracted_day(facts: FactSet) -> str:
    """The day of the extract in this set, ISO; "" without one."""
    for row_map in Dataset.objects.filter(pk__in=facts.ids(EXTRACT)).values_list("row_map", flat=True):
        return row_map.get("extract", {}).get("on", "")
    return ""


def _from_extract(code: str) -> Source:
    def tally(facts: FactSet, parameters: ParameterSet) -> int | None:
        values = [value for (one, _), value in extracted(facts).items() if one == code]
        return sum(values) if values else None

    def cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
        rows = ExtractRow.objects.filter(dataset_id__in=facts.ids(EXTRACT), school__isnull=True, code=code).order_by("stage")
        return [SourceCell("dropout.ExtractRow", pk, dataset_id, "value", str(value)) for pk, dataset_id, value in rows.values_list("pk", "dataset_id", "value")]

    return Source(EXTRACT, "控辍保学系统按日摘录", tally, cells, held=lambda facts, parameters: tally(facts, parameters) is not None)


# Behind what the county declares (B2), which stands unless the county chooses the extract.
for _code in ("disabled_enrolled", "disabled_special"):
    offer(_code, _from_extract(_code), first=False)
