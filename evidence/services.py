"""Writing evidence: each attestation makes a whole new county dataset, the former one is its history."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from files import store
from files.models import StoredFile
from files.papers import BadPaper, accepted_name
from jobs import outbox
from schools import access, datasets
from schools.models import County, Dataset
from schools.periods import school_year

from .catalogue import CATALOGUES
from .entries import Entries, Paper, read_entries
from .models import (
    Attestation,
    AttestedFact,
    Citation,
    EvidenceDocument,
    MonitoringRow,
    PastRecognition,
    PointsRow,
    SurveyRow,
    Veto,
)
from .quantities import LEDGER, NOTHING, Evidence, evidence_of

VERB = "attest"
PURPOSE = "evidence"
# The fields that make a row the same one as before: a later entry replaces it.
KEYS: dict[type[AttestedFact], tuple[str, ...]] = {
    Attestation: ("standard", "code"), Veto: ("standard", "code"), SurveyRow: ("standard", "group"),
    MonitoringRow: ("standard", "subject"), PointsRow: ("standard", "code"), PastRecognition: ("standard", "year"),
}
KINDS: dict[str, type[AttestedFact]] = {
    "items": Attestation, "vetoes": Veto, "survey": SurveyRow, "monitoring": MonitoringRow, "points": PointsRow,
    "past": PastRecognition,
}


class NotAttested(Exception):
    """Nothing was written; `problems` are [{"place", "code", "message"}], messages whole Chinese sentences."""

    def __init__(self, problems: list[dict]):
        super().__init__("；".join(problem["message"] for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Done:
    """What an attestation made: the dataset that stands now and how many entries of each kind came in."""

    dataset: Dataset
    counts: Mapping[str, int]


def attest(
    county: County, year: int, standard: str, content: object, *, by: Actor, files: Callable[[str], bytes] | None = None
) -> Done:
    """Attest what `content` says (the contract's JSON) for a county's school year, all or nothing.

    `files` gives the bytes of a document's `file` and raises OSError when there is none. Raises PermissionDenied,
    LookupError for a standard nobody declares, NotAttested for entries that cannot be taken.
    """
    access.require(by, VERB, county=county)
    if standard not in CATALOGUES:
        raise LookupError(f"没有代码为“{standard}”的标准，可用的有：{'、'.join(CATALOGUES)}。")
    entries, problems = read_entries(content, CATALOGUES[standard])
    if problems:
        raise NotAttested(problems)
    with transaction.atomic():
        datasets.lock_county(county)
        cited = _cite(county, entries, by=by, files=files)
        dataset = _write(county, year, standard, entries, cited, by=by)
        audit.record(
            "evidence.attested", by=by, county=county.code, object=f"dataset/{dataset.pk}", standard=standard, year=year,
            entries=entries.count(), items={row["code"]: row["met"] for row in entries.items},
            vetoes={row["code"]: row["found"] for row in entries.vetoes},
        )
        outbox.announce("facts_changed", f"{county.code}/{year}", county=county.code, year=year)
    return Done(dataset, entries.count())


def standing_evidence(county: County, year: int) -> Evidence:
    """What stands attested for a county's school year today."""
    dataset = datasets.standing(county, LEDGER, school_year(year))
    return evidence_of([dataset.pk]) if dataset else NOTHING


def history(county: County, year: int, standard: str, code: str) -> list[Attestation | Veto]:
    """Every entry of one item of that year, the newest first: what each attestation said of it."""
    rows: list[Attestation | Veto] = []
    for model in (Attestation, Veto):
        found = model.objects.filter(
            dataset__county=county, dataset__ledger=LEDGER, dataset__period=school_year(year), standard=standard, code=code
        )
        rows += found.select_related("dataset").order_by("dataset__number", "id")
    changed, before = [], None
    for row in rows:
        said = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in _PLACE}
        if said != before:
            changed.append(row)
        before = said
    return changed[::-1]


def documents_of(county: County) -> models.QuerySet[EvidenceDocument]:
    """The county's documents in the order of their numbers in the catalogue (access has been asked)."""
    return EvidenceDocument.objects.filter(county=county).select_related("file").order_by("id")


def add_document(
    county: County, *, title: str, issuer: str, number: str = "", date=None, file: bytes | None = None,
    file_name: str = "", by: Actor,
) -> EvidenceDocument:
    """Register a document, with its file. Raises PermissionDenied, NotAttested for a file that cannot be taken."""
    access.require(by, VERB, county=county)
    with transaction.atomic():
        stored = _keep(county, file_name, file) if file is not None else None
        made = EvidenceDocument.objects.create(
            county=county, title=title, issuer=issuer, number=number, date=date, file=stored,
            added_by=by.display_name or by.username,
        )
        audit.record("evidence.document_added", by=by, county=county.code, object=f"document/{made.pk}", title=title,
                     sha256=stored.sha256 if stored else "")
    return made


_PLACE = {"id", "dataset", "sheet", "row"}


def _write(
    county: County, year: int, standard: str, entries: Entries, cited: dict[str, list[dict]], *, by: Actor
) -> Dataset:
    """The standing rows with the new ones in place of those of the same key, as a new standing dataset."""
    former = datasets.standing(county, LEDGER, school_year(year))
    stamp = {"entered_by": by.display_name or by.username, "entered_on": timezone.localdate()}
    tables: dict[str, list[dict]] = {}
    for kind, model in KINDS.items():
        new = [{"standard": standard, **row, **stamp} for row in getattr(entries, kind)]
        replaced = {_key(model, row) for row in new}
        kept = [row for row in _rows(model, former) if _key(model, row) not in replaced]
        tables[model._meta.label] = kept + new
    spoken = {row["code"] for row in (*entries.items, *entries.vetoes)}
    papers = [row for row in _rows(Citation, former) if row["standard"] != standard or row["code"] not in spoken]
    papers += [{"standard": standard, "code": code, **row, **stamp} for code, rows in cited.items() for row in rows]
    tables[Citation._meta.label] = papers
    dataset = datasets.stage(
        county=county, school=None, ledger=LEDGER, period=school_year(year), file=None, row_map={},
        rows_by_model={label: datasets.Table.of(map(_stored, rows)) for label, rows in tables.items()}, by=by,
    )
    datasets.make_standing(dataset, by=by)
    return dataset


def _key(model: type[AttestedFact], row: Mapping) -> tuple:
    return tuple(row[name] for name in KEYS[model])


def _rows(model: type[AttestedFact], dataset: Dataset | None) -> list[dict]:
    """The rows of a dataset as plain values, ready to be written again."""
    if dataset is None:
        return []
    names = [f.attname for f in model._meta.concrete_fields if f.name not in {"id", "dataset"}]
    rows = model.objects.filter(dataset=dataset).order_by("id").values(*names)
    return [{name.removesuffix("_id"): value for name, value in row.items()} for row in rows]


def _stored(row: Mapping) -> dict:
    """Bulk rows go to the database as they are: JSON as text."""
    texts = {name: json.dumps(value, ensure_ascii=False) for name, value in row.items() if isinstance(value, dict)}
    return {"sheet": 0, "row": 0} | dict(row) | texts


def _cite(
    county: County, entries: Entries, *, by: Actor, files: Callable[[str], bytes] | None
) -> dict[str, list[dict]]:
    """The documents of each item, made or found again: one paper given twice is one document."""
    cited: dict[str, list[dict]] = {}
    for code, papers in entries.papers.items():
        cited[code] = [
            {"document": _document(county, code, paper, by=by, files=files).pk, "page": paper.page, "place": place}
            for place, paper in enumerate(papers, 1)
        ]
    return cited


def _document(
    county: County, code: str, paper: Paper, *, by: Actor, files: Callable[[str], bytes] | None
) -> EvidenceDocument:
    if paper.known is not None:
        found = EvidenceDocument.objects.filter(county=county, pk=paper.known).first()
        if found is None:
            raise NotAttested([_fault(code, "引用的文件不在本县的佐证目录里，请先登记文件。")])
        return found
    content = _bytes(paper, code, files)
    said = {"title": paper.title, "issuer": paper.issuer, "number": paper.number, "date": paper.date}
    digest = hashlib.sha256(content).hexdigest() if content is not None else None
    for known in EvidenceDocument.objects.filter(county=county, **said).select_related("file").order_by("id"):
        if digest is None or (known.file and known.file.sha256 == digest):
            return known
    stored = None if content is None else _keep(county, paper.file, content, code)
    return EvidenceDocument.objects.create(county=county, file=stored, added_by=by.display_name or by.username, **said)


def _bytes(paper: Paper, code: str, files: Callable[[str], bytes] | None) -> bytes | None:
    """The bytes of a document's file; None when it has none."""
    if not paper.file:
        return None
    try:
        content = files(paper.file) if files else None
    except OSError:
        content = None
    if content is None:
        raise NotAttested([_fault(code, f"找不到附件“{paper.file}”，请核对文件名和位置。")])
    return content


def _keep(county: County, name: str, content: bytes, code: str = "") -> StoredFile:
    """The file, encrypted, if its size and kind allow."""
    try:
        name = accepted_name(name, content, limit=settings.EVIDENCE_UPLOAD_BYTES)
    except BadPaper as fault:
        raise NotAttested([_fault(code, str(fault))]) from None
    return store.save(content, name=name, county=county.code, purpose=PURPOSE)


def _fault(code: str, message: str) -> dict:
    return {"place": "documents", "code": code, "message": message}


def cited_items(evidence: Evidence) -> dict[int, list[tuple[str, str]]]:
    """document id -> the (standard, code) that cite it: one document may serve several items."""
    found: dict[int, list[tuple[str, str]]] = {}
    for key, entry in _entries(evidence):
        for paper in entry.documents:
            found.setdefault(paper.id, []).append(key)
    return found


def _entries(evidence: Evidence) -> Iterable:
    yield from evidence.items.items()
    yield from evidence.vetoes.items()
