"""Questions about persons on rosters that checks and pages ask of this room."""
from __future__ import annotations

from collections.abc import Iterable

from .models import Exchange, Teacher

CHUNK = 5_000


def claims(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, int]:
    """person_key -> a dataset (of these) whose roster also lists that person."""
    ids, keys, found = list(dataset_ids), list(person_keys), {}
    if not ids:
        return found
    for start in range(0, len(keys), CHUNK):
        rows = Teacher.objects.filter(dataset_id__in=ids, person_key__in=keys[start : start + CHUNK])
        found.update(rows.values_list("person_key", "dataset_id"))
    return found


def exchanges_of(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, list[tuple[int, int, int | None, str]]]:
    """person_key -> [(dataset, start, end or None, receiving school's code)] in these datasets of the exchange ledger."""
    ids, keys = list(dataset_ids), [key for key in set(person_keys) if key]
    found: dict[str, list[tuple[int, int, int | None, str]]] = {}
    for start in range(0, len(keys) if ids else 0, CHUNK):
        rows = Exchange.objects.filter(dataset_id__in=ids, person_key__in=keys[start : start + CHUNK], start__isnull=False)
        for key, *row in rows.order_by("start", "id").values_list("person_key", "dataset_id", "start", "end", "to_code"):
            found.setdefault(key, []).append(tuple(row))
    return found


def stated_hours(dataset_ids: Iterable[int], person_keys: Iterable[str]) -> dict[str, int]:
    """person_key -> the five-year training hours these rosters note for their full-time teachers, in tenths."""
    ids, keys, found = list(dataset_ids), list(person_keys), {}
    for start in range(0, len(keys) if ids else 0, CHUNK):
        rows = Teacher.objects.filter(dataset_id__in=ids, person_key__in=keys[start : start + CHUNK], is_full_time=True, training_hours__isnull=False)
        found.update(rows.values_list("person_key", "training_hours"))
    return found
