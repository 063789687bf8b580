"""What a check may look at: the register, the working set, last year, the rules in force."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q

from accounts.actor import Actor
from ledgers.checking.context import Context, index_names
from ledgers.models import WORKING_STATES, Filing, Remembered, Version
from schools import access
from schools.factset import FactSet, SchoolRef, standing_set
from schools.models import County, Dataset, Period, PeriodKind, School, SchoolAlias, Township
from schools.parameters import resolve
from schools.periods import census_day


def context_of(filing: Filing, *, allowed: frozenset[int] | None, without: Iterable[int] = (), covers: frozenset[int] = frozenset()) -> Context:
    """The surroundings of a check for this slot (which need not be saved). `without`: ids of versions that are not part of
    the working set; `covers`: see Context.

    For a fiscal ledger of calendar year F the set is that of the school year after it, whose figures it serves.
    """
    county, period = filing.county, filing.period
    year = facts_year(period)
    siblings = working_set(county, year, without=without)
    schools = {school.id: school for school in siblings.schools}
    codes = {school.code: school for school in schools.values()}
    names = [(school.name, school) for school in schools.values()]
    for school_id, kind, text in SchoolAlias.objects.filter(county=county).values_list("school_id", "kind", "text"):
        if school_id not in schools:
            continue
        if kind == "code":
            codes.setdefault(text, schools[school_id])
        else:
            names.append((text, schools[school_id]))
    return Context(
        county_id=county.pk, county_code=county.code, county_name=county.name, year=period.year, period=period, clock=period.kind,
        school=_chosen(filing, schools), schools=codes, names=index_names(names), allowed=allowed,
        townships=tuple(Township.objects.filter(county=county).values_list("name", flat=True)),
        covers=covers, remembered=remembered_for(county, filing.school, filing.ledger), siblings=siblings, previous=_year_before(siblings), parameters=resolve(county.code, census_day(year)),
    )  # fmt: skip


def remembered_for(county: County, school: School | None, ledger: str) -> dict[str, dict]:
    """What Context.remembered takes: the county's answers, and over them the school's own."""
    mine = Q(school=None) if school is None else Q(school=None) | Q(school=school)
    rows = Remembered.objects.filter(mine, county=county, ledger=ledger).exclude(kind=Remembered.Kind.NAME)
    found: dict[str, dict] = {"columns": {}, "headers": {}, "units": {}}
    for row in sorted(rows, key=lambda row: row.school_id is not None):
        match row.kind:
            case Remembered.Kind.COLUMN:
                found["columns"][row.question] = row.answer
            case Remembered.Kind.HEADER:
                found["headers"][row.question] = int(row.answer)
            case Remembered.Kind.UNIT:
                found["units"][row.question] = row.answer
    return found


def allowed_schools(version: Version, ledger: str) -> frozenset[int] | None:
    """Ids of the schools the sender of a version may file this ledger for; None when every one of the county."""
    county = version.filing.county
    if version.uploaded_by is None:
        return None
    sender = Actor(user_id=version.uploaded_by, role=version.uploaded_role)
    if access.may(sender, "file", county=county, ledger=ledger):
        return None
    return frozenset(access.schools_of(sender, county, "file", ledger).values_list("pk", flat=True))


def _year_before(facts: FactSet) -> FactSet:
    """Last year's standing datasets: the same set holds them, for a set reaches back over the years."""
    return replace(facts, year=facts.year - 1, fiscal_year=facts.fiscal_year - 1)


def facts_year(period: Period) -> int:
    """The school year whose figures a period serves: its own, or for a fiscal year the one after it."""
    return period.year + 1 if period.kind == PeriodKind.FISCAL_YEAR else period.year


def working_set(county: County, year: int, *, without: Iterable[int] = ()) -> FactSet:
    """What the schools say now: each slot's open checked version, else the standing one."""
    standing = standing_set(county, year)
    fiscal = Q(filing__period__kind=PeriodKind.FISCAL_YEAR, filing__period__start__year=standing.fiscal_year)
    school = Q(filing__period__kind=PeriodKind.SCHOOL_YEAR, filing__period__start__year=year)
    staged = Version.objects.filter(filing__county=county, state__in=WORKING_STATES, dataset__isnull=False)
    ids = list(staged.filter(school | fiscal).exclude(pk__in=list(without)).values_list("dataset_id", flat=True))
    return standing.with_datasets(Dataset.objects.filter(pk__in=ids).defer("row_map").select_related("period")) if ids else standing


def _chosen(filing: Filing, schools: dict[int, SchoolRef]) -> SchoolRef | None:
    if filing.school_id is None:
        return None
    found = schools.get(filing.school_id)
    if found:
        return found
    school = filing.school  # closed on the census day or opened after it: the checks still need to know it
    return SchoolRef(
        school.pk, school.code, school.name, school.kind, school.parent_id, school.type_code, school.sponsor_code, school.area_code,
        school.township.name if school.township else "", school.is_dense_centre, school.built_year,
    )
