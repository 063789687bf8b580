"""What stands attested in a set of facts: read once, as plain values, by whoever judges."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from schools.factset import FactSet
from schools.parameters import ParameterSet
from schools.quantity import Quantity, SourceCell, Tally, declare

from .models import Attestation, Citation, MonitoringRow, PastRecognition, PointsRow, SurveyRow, Veto

LEDGER = "attested"


@dataclass(frozen=True)
class Document:
    """A cited paper with the page cited."""

    id: int
    title: str
    issuer: str
    number: str
    date: dt.date | None
    page: str = ""
    has_file: bool = False


@dataclass(frozen=True)
class Attested:
    """One attested item (or veto: `met` is then "none found")."""

    met: bool
    conclusion: str
    values: Mapping = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    decided_by: str = ""
    decided_on: dt.date | None = None


@dataclass(frozen=True)
class Survey:
    """Heads of one row of table Ⅵ; None = not given."""

    issued: int | None = None
    valid: int | None = None
    satisfied: int | None = None
    visited: int | None = None
    visit_satisfied: int | None = None


@dataclass(frozen=True)
class Monitored:
    level: int
    difference_rate: Fraction


@dataclass(frozen=True)
class Points:
    """Points by column; None = not scored yet."""

    self: Fraction | None = None
    city: Fraction | None = None
    province: Fraction | None = None


@dataclass(frozen=True)
class Past:
    """A past year: whether the county was recognised then, and its composites by stage where they are known."""

    recognised: bool
    composite: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """All that stands attested for one county and year, by (standard, code) and the like."""

    items: Mapping[tuple[str, str], Attested] = field(default_factory=dict)
    vetoes: Mapping[tuple[str, str], Attested] = field(default_factory=dict)
    survey: Mapping[tuple[str, str], Survey] = field(default_factory=dict)
    monitoring: Mapping[tuple[str, str], Monitored] = field(default_factory=dict)
    points: Mapping[tuple[str, str], Points] = field(default_factory=dict)
    past: Mapping[tuple[str, int], Past] = field(default_factory=dict)


NOTHING = Evidence()


def evidence_in(facts: FactSet) -> Evidence:
    """The evidence of a set of facts; one query a kind, none where the county attested nothing."""
    ids = facts.ids(LEDGER)
    return evidence_of(ids) if ids else NOTHING


def evidence_of(dataset_ids: list[int]) -> Evidence:
    """The evidence held by these datasets."""
    own = {"dataset_id__in": dataset_ids}
    cited: dict[tuple[str, str], list[Document]] = {}
    for row in Citation.objects.filter(**own).select_related("document").order_by("standard", "code", "place", "id"):
        paper = row.document
        cited.setdefault((row.standard, row.code), []).append(
            Document(paper.pk, paper.title, paper.issuer, paper.number, paper.date, row.page, paper.file_id is not None)
        )
    papers = {key: tuple(found) for key, found in cited.items()}
    return Evidence(
        items={
            key: Attested(r.met, r.conclusion, r.values, papers.get(key, ()), r.decided_by, r.decided_on)
            for r in Attestation.objects.filter(**own) if (key := (r.standard, r.code))
        },
        vetoes={
            key: Attested(not r.found, r.detail, {}, papers.get(key, ()), r.decided_by, r.decided_on)
            for r in Veto.objects.filter(**own) if (key := (r.standard, r.code))
        },
        survey={
            (r.standard, r.group): Survey(r.issued, r.valid, r.satisfied, r.visited, r.visit_satisfied)
            for r in SurveyRow.objects.filter(**own)
        },
        monitoring={
            (r.standard, r.subject): Monitored(r.level, Fraction(r.difference_rate))
            for r in MonitoringRow.objects.filter(**own)
        },
        points={
            (r.standard, r.code): Points(*map(_known, (r.self_points, r.city_points, r.province_points)))
            for r in PointsRow.objects.filter(**own)
        },
        past={(r.standard, r.year): Past(r.recognised, _composites(r)) for r in PastRecognition.objects.filter(**own)},
    )


def _known(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _composites(row: PastRecognition) -> dict[str, Fraction]:
    texts = {"primary": row.primary_composite, "junior": row.junior_composite}
    return {stage: Fraction(text) for stage, text in texts.items() if text}


def _tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    ids = facts.ids(LEDGER)
    return {(0, ""): Attestation.objects.filter(dataset_id__in=ids).count()} if ids else {}


def _cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    rows = Attestation.objects.filter(dataset_id__in=facts.ids(LEDGER)).order_by("standard", "code")
    return [SourceCell("evidence.Attestation", r.pk, r.dataset_id, "conclusion", r.conclusion) for r in rows]


ATTESTATIONS = declare(
    Quantity(
        "attestations", "已认定的条目", "条", 1, "county", (LEDGER,), "school_year", _tally, _cells,
        "无法用数值计算的条目，由县教育局依据文件认定。",
    )
)
