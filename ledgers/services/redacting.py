"""An erased child goes out of the stored workbooks too: copies without its personal cells take the place of the originals.

The copy keeps every other row at its address and, of the child's own rows, the cells from which facts were taken: facts stay,
and their provenance with them. The original's key is destroyed; its row, its hash and the versions' SHA-256 stay and say so.
"""
from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import keyed_hashes
from dropout.models import Child, Pupil
from files import store
from files.models import StoredFile
from jobs.handlers import Run
from ledgers import reading
from ledgers.definitions import LEDGERS, RECEIVED
from ledgers.definitions.child_columns import ChildLedger
from ledgers.ledger import Ledger
from ledgers.mending import blank
from ledgers.models import State, Version
from ledgers.reading.apart import WorkFailed
from ledgers.reading.refusals import Refusal
from ledgers.reading.workbook import Workbook, position
from schools.models import Dataset, DatasetState

from .receiving import enqueue_check
from .steps import log_step

REDACT = "redact_workbooks"
PURPOSE = "redacted"
SYSTEM = Actor.system("erasure")
NOTE = "按规定删除已申请删除者的个人信息：原文件已销毁，由只保留统计事实的副本代替（字体和版式没有带入）。"
CHECKED_AGAIN = (State.CHECKED, State.FAULTY)
KEYS = ("person_key", "registration_key")
_NUMBER = re.compile(r"[GJLgjl]?\d{17}[\dXx]|[A-Za-z]{0,3}\d{5,}[A-Za-z]?")

Place = tuple[str, int]  # sheet, Excel row


@dataclass
class Found:
    """The rows of one file that speak of the child, each with the columns (0-based) that hold its facts."""

    kept: dict[Place, set[int]] = field(default_factory=lambda: defaultdict(set))


def redact_workbooks(run: Run) -> dict:
    """The job: one file after the other, each in a transaction of its own. Run again, it finds nothing left to do."""
    child = Child.objects.select_related("county").get(pk=run.args["child"])
    done = {"files": 0, "rows": 0, "unreadable": 0}
    while not _all_files(run, child, done):
        pass  # another erasure was quicker with one of them: its copy is looked at again
    with run.apply():
        done["sidecars"] = _forget_person(child)
        audit.record("child.workbooks_redacted", by=SYSTEM, object=f"child/{child.pk}", county=child.county.code, **done)
        run.finish(done)
    return done


def _all_files(run: Run, child: Child, done: dict) -> bool:
    """Every file once; False when one was replaced under our hands. What was done stays done and is counted."""
    keys, files, whole, unreadable = keys_of(child), list(files_about_children(child.county.code)), True, 0
    for number, file in enumerate(files):
        run.progress(number, len(files), "正在核对保存的工作簿")
        found = rows_in_facts(file, child.person_key)
        if not found.kept and not _holds_unknown_rows(file):
            continue
        try:
            cells, rows = _cells(file, found, keys)
            data = blank(store.read(file), file.name, cells) if cells else b""
        except store.FileErased:
            whole = False
            continue
        except (Refusal, WorkFailed, store.StorageError):
            unreadable += 1  # what this portal cannot read it cannot search either; the count is told in the log
            continue
        if not cells:
            continue
        with run.apply():
            replaced = _replace(file, data, rows, child)
        whole = whole and replaced
        if replaced:
            done["files"], done["rows"] = done["files"] + 1, done["rows"] + rows
    done["unreadable"] = unreadable
    return whole


def keys_of(child: Child) -> set[str]:
    """The keyed hashes of the numbers by which a workbook may name the child: of its ID, of its 学籍号."""
    rows = Pupil.objects.filter(dataset__county=child.county, person_key=child.person_key)
    return {child.person_key, *rows.values_list("registration_key", flat=True)} - {""}


def is_about_children(ledger: Ledger) -> bool:
    return isinstance(ledger, ChildLedger) or any(isinstance(one, ChildLedger) for one in ledger.carries)


def files_about_children(county: str) -> Iterator[StoredFile]:
    """Every workbook of the county's ledgers about children that is still there, whatever became of it; and those of any ledger
    that brought no facts: a roster sent as a list of classes was refused, and is kept."""
    codes = [code for code, ledger in RECEIVED.items() if is_about_children(ledger)]
    asked = Q(filing__ledger__in=codes) | Q(dataset__isnull=True)
    named = Version.objects.filter(asked, filing__county__code=county, file__isnull=False).values("file")
    return StoredFile.objects.filter(pk__in=named, erased_at__isnull=True).order_by("created_at", "pk").iterator()


def rows_in_facts(file: StoredFile, person_key: str) -> Found:
    """Where the datasets of a file speak of a person. Of a version that will be checked again nothing is kept: its facts are
    still to come, and a row without a person must not become one."""
    found, again = Found(), _to_be_checked_again(file)
    for dataset in Dataset.objects.filter(file=file):
        for label, rows in _rows_of(dataset, person_key):
            for sheet, row in rows.values_list("sheet", "row"):
                kept = found.kept[dataset.row_map["sheets"][sheet], row]
                kept |= set() if dataset.pk in again else _fact_columns(dataset, label, sheet)
    return found


def _to_be_checked_again(file: StoredFile) -> set[int]:
    """The datasets of versions nobody has let go of yet."""
    waiting = Version.objects.filter(file=file, state__in=CHECKED_AGAIN, dataset__isnull=False, dataset__state=DatasetState.STAGED)
    return set(waiting.values_list("dataset", flat=True))


def _rows_of(dataset: Dataset, person_key: str) -> Iterator[tuple[str, QuerySet]]:
    """(model, rows) of a person in a dataset, for every model of its ledger that speaks of persons."""
    for label in LEDGERS[dataset.ledger].models:
        model = apps.get_model(label)
        if any(one.name == "person_key" for one in model._meta.concrete_fields):
            yield label, model.objects.filter(dataset=dataset, person_key=person_key)


def _fact_columns(dataset: Dataset, label: str, sheet: int) -> set[int]:
    target = dataset.row_map.get("targets", {}).get(label, {})
    letters = target.get("columns", {}).get(str(sheet), target.get("column", {}))
    person = {letters[name] for name in KEYS if letters.get(name)}  # birth and sex may have been read from the number itself
    return {position(f"{letter}1")[1] for letter in letters.values() if letter and "+" not in letter and letter not in person}


def _holds_unknown_rows(file: StoredFile) -> bool:
    """Whether some version of the file has no dataset: refused, faulty or replaced, its rows stand in no table."""
    return Version.objects.filter(file=file, dataset__isnull=True, parts__isnull=True).exists()


def _cells(file: StoredFile, found: Found, keys: set[str]) -> tuple[set[tuple[str, str]], int]:
    """The cells to blank, and in how many rows. Raises Refusal, StorageError."""
    book = reading.read_workbook(store.read(file), file.name)
    named = _rows_named(book, keys)
    cells, rows = set(), set()
    for grid in book.visible:
        for i, texts in enumerate(grid.rows):
            place = (grid.name, grid.row_number(i))
            if place not in found.kept and place not in named:
                continue
            numbers = named.get(place, set())
            kept = found.kept.get(place, set()) - numbers
            gone = {(grid.name, grid.cell(i, j)) for j, text in enumerate(texts) if text and j not in kept}
            if gone:
                cells |= gone
                rows.add(place)
    return cells, len(rows)


def _rows_named(book: Workbook, keys: set[str]) -> dict[Place, set[int]]:
    """The rows that hold a number of the child, with the columns it stands in, on every visible sheet."""
    asked: list[tuple[Place, int]] = []
    texts: list[str] = []
    for grid in book.visible:
        for i, row in enumerate(grid.rows):
            for j, text in enumerate(row):
                if len(text) < 6:
                    continue
                for number in _numbers(text):
                    asked.append(((grid.name, grid.row_number(i)), j))
                    texts.append(number)
    found: dict[Place, set[int]] = defaultdict(set)
    for (place, column), key in zip(asked, keyed_hashes(texts), strict=True):
        if key in keys:
            found[place].add(column)
    return found


def _numbers(text: str) -> Iterator[str]:
    """What may be a document number in a cell, as the ledgers write it: without spaces, half width, capital X."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    for number in _NUMBER.findall(plain):
        yield number
        if len(number) == 19:
            yield number[1:]  # the 学籍号 of a child with an ID


def _replace(file: StoredFile, data: bytes, rows: int, child: Child) -> bool:
    """The copy takes the original's place everywhere; copies with marks go with it. In the caller's transaction; False when the
    original is not there any more."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    if file.erased_at:
        return False
    stem, dot, _ = file.name.rpartition(".")
    fresh = store.save(data, name=f"{stem if dot else file.name}.xlsx", county=file.county_code, purpose=PURPOSE)
    versions = list(Version.objects.filter(file=file).select_related("filing__county", "filing__school", "marked"))
    marked = {version.marked for version in versions if version.marked and not version.marked.erased_at}
    for dataset in Dataset.objects.filter(pk__in=_to_be_checked_again(file)):
        for _, staged in _rows_of(dataset, child.person_key):
            staged.delete()  # not facts yet; the row they were read from is blank now
    Dataset.objects.filter(file=file).update(file=fresh)
    Version.objects.filter(file=file).update(file=fresh, marked=None)
    for one in (file, *marked):
        store.erase(one)
    for version in versions:
        log_step(version, verb="redact", by=SYSTEM, note=NOTE, rows=rows, child=child.pk, former=str(file.pk), file=str(fresh.pk))
        if version.state in CHECKED_AGAIN and version.filing.open_id == version.pk:
            enqueue_check(version)
    return True


def _forget_person(child: Child) -> int:
    """Datasets that wait for approval carry the persons in a sealed sidecar: approving one must not bring the child back."""
    changed = 0
    waiting = Dataset.objects.filter(county=child.county, state=DatasetState.STAGED, persons__isnull=False, persons__erased_at__isnull=True)
    codes = [code for code, ledger in LEDGERS.items() if is_about_children(ledger)]
    for dataset in waiting.filter(ledger__in=codes).select_related("persons"):
        persons = json.loads(store.read(dataset.persons))
        if persons.pop(child.person_key, None) is None:
            continue
        former = dataset.persons
        text = json.dumps(persons, ensure_ascii=False).encode()
        Dataset.objects.filter(pk=dataset.pk).update(persons=store.save(text, name="persons.json", county=child.county.code, purpose="persons"))
        store.erase(former)
        changed += 1
    return changed
