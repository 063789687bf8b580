"""Questions about persons on rosters that checks and pages ask of this room."""
from __future__ import annotations

from collections.abc import Iterable

from schools.bulk import of_persons

from .models import Exchange, Teacher


def claims(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, int]:
    """person_key -> a dataset (of these) whose roster also lists that person."""
    ids = list(dataset_ids)
    return dict(of_persons(Teacher.objects.filter(dataset_id__in=ids), person_keys, "dataset_id")) if ids else {}


def exchanges_of(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, list[tuple[int, int, int | None, str]]]:
    """person_key -> [(dataset, start, end or None, receiving school's code)] in these datasets of the exchange ledger."""
    ids = list(dataset_ids)
    found: dict[str, list[tuple[int, int, int | None, str]]] = {}
    rows = Exchange.objects.filter(dataset_id__in=ids, start__isnull=False).order_by("start", "id")
    for key, *row in of_persons(rows, person_keys, "dataset_id", "start", "end", "to_code") if ids else ():
        found.setdefault(key, []).append(tuple(row))
    return found


def stated_hours(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, int]:
    """person_key -> the five-year training hours these rosters note for their full-time teachers, in tenths."""
    ids = list(dataset_ids)
    rows = Teacher.objects.filter(dataset_id__in=ids, is_full_time=True, training_hours__isnull=False)
    return dict(of_persons(rows, person_keys, "training_hours")) if ids else {}
