"""Rows as lines of JSON, the same for SQLite and PostgreSQL, so that a backup of one is restored into the other.

A table is one gzip file, one row a line, ordered by key; its digest is taken over the lines, so equal digests mean
equal rows whatever the engine stores them as.
"""
from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.conf import settings
from django.db import models

AT_ONCE = 2000


def tables(apps: Apps) -> list[type[models.Model]]:
    """Every table of our rooms, in an order of their own. Sessions, locks and what `migrate` makes begin anew."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in settings.ROOMS]
    return sorted((m for m in found if m._meta.managed and not m._meta.proxy), key=lambda m: m._meta.label_lower)


def columns(model: type[models.Model]) -> list[models.Field]:
    return list(model._meta.concrete_fields)


def names(model: type[models.Model]) -> list[str]:
    """The columns of a table, in the order its lines give them."""
    return [field.attname for field in columns(model)]


def lines(model: type[models.Model], wanted: list[str]) -> Iterator[str]:
    """The rows of a table, each as the list of these columns' values."""
    # The base manager: what a room's own manager hides or forbids is backed up all the same.
    for row in model._base_manager.order_by("pk").values_list(*wanted).iterator(chunk_size=AT_ONCE):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(found: Iterable[str]) -> tuple[int, str]:
    """(number of rows, SHA-256 over their lines)."""
    count, mark = 0, hashlib.sha256()
    for line in found:
        count += 1
        mark.update(line.encode() + b"\n")
    return count, mark.hexdigest()


def write(model: type[models.Model], path: Path) -> tuple[int, str]:
    """Write a table; returns what `digest` would."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=5) as file:

        def passing() -> Iterator[str]:
            for line in lines(model, names(model)):
                file.write(line + "\n")
                yield line

        return digest(passing())


def read(path: Path) -> Iterator[str]:
    """The lines of a written table."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def insert(model: type[models.Model], given: list[str], found: Iterable[str]) -> None:
    """Put written rows into an empty table exactly as they were. Raises LookupError for a column it does not have."""
    fields = {field.attname: field for field in columns(model)}
    if missing := [name for name in given if name not in fields]:
        raise LookupError(f"{model._meta.label}: {', '.join(missing)}")
    for field in fields.values():
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            field.auto_now = field.auto_now_add = False  # the time of then, not of now
    batch: list[models.Model] = []
    for line in found:
        values = dict(zip(given, json.loads(line), strict=True))
        batch.append(model(**{name: _lively(fields[name], value) for name, value in values.items()}))
        if len(batch) == AT_ONCE:
            model._base_manager.bulk_create(batch)
            batch = []
    model._base_manager.bulk_create(batch)


def _plain(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview() | bytearray():
            return base64.b64encode(bytes(value)).decode()
    return value


def _lively(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.target_field.to_python(value) if isinstance(field, models.ForeignKey) else field.to_python(value)
