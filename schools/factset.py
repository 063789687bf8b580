"""A set of datasets, and nothing else, from which every figure is made.

A preview is the standing set with one staged dataset put in; a snapshot stores its set; so history, withdrawal,
preview and permanent provenance are one mechanism.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Q, QuerySet

from .models import County, Dataset, DatasetState, PeriodKind, School, SchoolVersion, SourceChoice
from .periods import census_day, default_fiscal_year


@dataclass(frozen=True)
class DatasetRef:
    """What the engine needs to know of one dataset."""

    id: int
    school_id: int | None
    ledger: str
    clock: str
    year: int
    zero_report: bool = False


@dataclass(frozen=True)
class SchoolRef:
    """A school as it was on the census day (SchoolVersion of that date)."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    type_code: str
    sponsor_code: str
    area_code: str
    township: str
    is_dense_centre: bool | None
    built_year: int | None


# Which ledgers can give a fact, the preferred first (design: statistics, else roster, else the profile form).
SOURCE_ORDER: dict[str, tuple[str, ...]] = {
    "pupils": ("statistics", "classes", "school_profile"),
    "classes": ("statistics", "classes", "school_profile"),
    "teachers": ("statistics", "teachers", "school_profile"),
    "premises": ("statistics", "school_profile"),
    "equipment": ("statistics", "school_profile"),
}


# Ledgers of which figures read earlier years too, and how many years back: a room that counts over years adds its own.
# The census of the fiscal year stands a year before the school year (money is measured by it).
LOOKS_BACK: dict[str, int] = {"statistics": 1, "classes": 1, "school_profile": 1}


@dataclass(frozen=True)
class FactSet:
    """The datasets, schools and source choices of one county for one school year and its fiscal year.

    `filed_to`: the last fiscal year whose filings are believed where it is not `fiscal_year` itself: an earlier year seen
    from a later one is seen as it has been restated since.
    """

    county_id: int
    county_code: str
    year: int
    fiscal_year: int
    data_version: int
    datasets: tuple[DatasetRef, ...]
    schools: tuple[SchoolRef, ...]
    choices: Mapping[tuple[str, int | None], str] = field(default_factory=dict)
    filed_to: int | None = None

    def years_before(self, years: int) -> FactSet:
        """The same datasets as the county stood some years ago."""
        last = self.fiscal_year if self.filed_to is None else self.filed_to
        return replace(self, year=self.year - years, fiscal_year=self.fiscal_year - years, filed_to=last)

    @cached_property
    def memory(self) -> dict:
        """What has been counted from this set already (schools.quantity.remember): the facts of a set never change."""
        return {}

    @cached_property
    def by_ledger(self) -> dict[tuple[str, int], list[DatasetRef]]:
        index: dict[tuple[str, int], list[DatasetRef]] = {}
        for ref in self.datasets:
            index.setdefault((ref.ledger, ref.year), []).append(ref)
        return index

    @cached_property
    def held(self) -> dict[tuple[str, int | None], int]:
        """(ledger, school id) -> dataset id for this school year's (or this fiscal year's) datasets."""
        wanted = {PeriodKind.SCHOOL_YEAR.value: self.year, PeriodKind.FISCAL_YEAR.value: self.fiscal_year}
        return {(r.ledger, r.school_id): r.id for r in self.datasets if wanted.get(r.clock) == r.year}

    @cached_property
    def reach(self) -> list[int]:
        """Ids of all datasets a figure of this set may have read: this year's, the county's own, and what looks back."""
        back = {ref.id for ref in self.datasets if ref.school_id is None}
        back |= {ref.id for ref in self.datasets if self.year - LOOKS_BACK.get(ref.ledger, 0) <= ref.year <= self.year}
        return sorted(back | set(self.held.values()))

    @cached_property
    def school_by_id(self) -> dict[int, SchoolRef]:
        return {school.id: school for school in self.schools}

    def ids(self, *ledgers: str) -> list[int]:
        """Dataset ids of these ledgers for the set's own school or fiscal year."""
        return [dataset_id for (ledger, _), dataset_id in self.held.items() if ledger in ledgers]

    def school_of(self) -> dict[int, int | None]:
        """dataset id -> school id."""
        return {ref.id: ref.school_id for ref in self.datasets}

    def source(self, fact: str, school_id: int) -> str | None:
        """The ledger that stands for `fact` at this school: the chosen one if held, else the first held; None if none."""
        order = SOURCE_ORDER[fact]
        chosen = self.choices.get((fact, school_id)) or self.choices.get((fact, None))
        if chosen and (chosen, school_id) in self.held:
            return chosen
        return next((ledger for ledger in order if (ledger, school_id) in self.held), None)

    def preference(self, fact: str, school_id: int) -> list[str]:
        """The ledgers held for this school that can give `fact`, the one that stands first."""
        first = self.source(fact, school_id)
        held = [ledger for ledger in SOURCE_ORDER[fact] if (ledger, school_id) in self.held]
        return sorted(held, key=lambda ledger: ledger != first)

    def with_dataset(self, dataset: Dataset) -> FactSet:
        """The same set with this dataset in place of the one of its ledger, school and period."""
        return self.with_datasets([dataset])

    def with_datasets(self, datasets: Iterable[Dataset]) -> FactSet:
        refs = {_slot(ref): ref for ref in self.datasets}
        for dataset in datasets:
            ref = _ref(dataset)
            refs[_slot(ref)] = ref
        return replace(self, datasets=tuple(refs.values()))

    def fingerprint(self) -> str:
        """Equal for equal sets, schools and choices; a snapshot whose fingerprint differs is out of date 已过期."""
        text = json.dumps(
            [
                sorted(r.id for r in self.datasets),
                self.fiscal_year,
                sorted(repr(s) for s in self.schools),
                sorted((k[0], k[1] or 0, v) for k, v in self.choices.items()),
            ],
            ensure_ascii=False,
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _slot(ref: DatasetRef) -> tuple[str, int | None, str, int]:
    return ref.ledger, ref.school_id, ref.clock, ref.year


def _ref(dataset: Dataset) -> DatasetRef:
    return DatasetRef(
        dataset.id, dataset.school_id, dataset.ledger, dataset.period.kind, dataset.period.year, dataset.zero_report
    )


_CLASSED = ("code", "name", "type_code", "sponsor_code", "area_code", "township__name")


def schools_on(county: County, day: dt.date) -> tuple[SchoolRef, ...]:
    """The county's schools open on `day`, called and classed as they were then; ordered by code."""
    versions = SchoolVersion.objects.filter(school__county=county, valid_from__lte=day).order_by("valid_from", "id")
    as_was = {row[0]: row[1:] for row in versions.values_list("school_id", *_CLASSED)}
    schools = School.objects.filter(county=county).order_by("code")
    closed = Q(opened_on__gt=day) | Q(closed_on__lte=day)
    more = ("kind", "parent_id", "is_dense_centre", "built_year")
    refs = []
    for pk, kind, parent_id, is_dense_centre, built_year, *today in schools.exclude(closed).values_list(
        "id", *more, *_CLASSED
    ):
        code, name, type_code, sponsor_code, area_code, township = as_was.get(pk, today)
        refs.append(
            SchoolRef(
                pk,
                code,
                name,
                kind,
                parent_id,
                type_code,
                sponsor_code,
                area_code,
                township or "",
                is_dense_centre,
                built_year,
            )
        )
    return tuple(sorted(refs, key=lambda ref: ref.code))


def as_of_now(school: School) -> SchoolRef:
    """A school as the register shows it today."""
    return SchoolRef(
        school.pk, school.code, school.name, school.kind, school.parent_id, school.type_code, school.sponsor_code, school.area_code,
        school.township.name if school.township else "", school.is_dense_centre, school.built_year,
    )  # fmt: skip


def _choices(county: County) -> dict[tuple[str, int | None], str]:
    return {(c.fact, c.school_id): c.source for c in SourceChoice.objects.filter(county=county)}


def _build(county: County, year: int, fiscal_year: int | None, datasets: QuerySet[Dataset]) -> FactSet:
    # Plain values: a Dataset carries its whole row map, which no figure needs.
    rows = datasets.order_by("id").values_list(
        "id", "school_id", "ledger", "period__kind", "period__start__year", "zero_report"
    )
    return FactSet(
        county.id,
        county.code,
        year,
        default_fiscal_year(year) if fiscal_year is None else fiscal_year,
        county.data_version,
        tuple(DatasetRef(*row) for row in rows),
        schools_on(county, census_day(year)),
        _choices(county),
    )


def standing_set(county: County, year: int, fiscal_year: int | None = None) -> FactSet:
    """What stands now: every standing dataset of the county up to this school year (earlier years feed trends)."""
    county.refresh_from_db(fields=["data_version"])
    standing = Dataset.objects.filter(
        county=county, state=DatasetState.STANDING, withdrawn=False, period__start__lte=dt.date(year + 1, 8, 31)
    )
    return _build(county, year, fiscal_year, standing)


def set_of(county: County, year: int, fiscal_year: int, dataset_ids: Iterable[int]) -> FactSet:
    """The set a snapshot stored, whatever stands today."""
    return _build(county, year, fiscal_year, Dataset.objects.filter(county=county, id__in=list(dataset_ids)))
