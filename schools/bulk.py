"""Bulk writes without signals: COPY on PostgreSQL, executemany on SQLite, in batches."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models, transaction

BATCH = 5_000
_NULL = "\x01"  # no text of a cell can be this: the reader lets no control character through


@dataclass(frozen=True)
class Table:
    """Rows of one model: field names (a foreign key by its column, "dataset_id") and one tuple a row, in stored units."""

    fields: tuple[str, ...]
    rows: Sequence[tuple]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> Table:
        """From dicts; a field that some rows lack is NULL there."""
        rows = list(rows)
        fields = tuple(dict.fromkeys(name for row in rows for name in row))
        return cls(fields, [tuple(row.get(name) for name in fields) for row in rows])


def insert_rows(model: type[models.Model], table: Table, **constants: object) -> None:
    """Insert the table's rows; `constants` are fields every row shares (dataset_id=7)."""
    if not table.rows:
        return
    named = [model._meta.get_field(name).column for name in (*table.fields, *constants)]
    more, defaults = _defaults(model, named)
    shared = (*map(_plain, constants.values()), *defaults)
    columns = ", ".join(map(connection.ops.quote_name, named + more))
    name = connection.ops.quote_name(model._meta.db_table)
    has_dates = any(isinstance(model._meta.get_field(name), models.DateField) for name in table.fields)
    for start in range(0, len(table.rows), BATCH):
        rows = table.rows[start : start + BATCH]
        if has_dates:
            rows = [tuple(map(_plain, row)) for row in rows]
        rows = [(*row, *shared) for row in rows]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.copy_expert(f"COPY {name} ({columns}) FROM STDIN WITH (FORMAT csv, NULL E'\\x01')", _csv(rows))
            else:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)


def _defaults(model: type[models.Model], named: list[str]) -> tuple[list[str], tuple]:
    """Columns the rows do not name but the table wants: text fields are empty text, others their default."""
    more, values = [], []
    for field in model._meta.concrete_fields:
        if field.column in named or field.primary_key:
            continue
        if field.has_default() or (isinstance(field, models.CharField | models.TextField) and not field.null):
            more.append(field.column)
            values.append(_plain(field.get_default()))
    return more, tuple(values)


def _plain(value: object) -> object:
    """A date or moment as the text both databases read."""
    if isinstance(value, dt.datetime) and connection.vendor == "sqlite":
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _csv(rows: list[tuple]) -> io.StringIO:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([tuple(_NULL if v is None else v for v in row) for row in rows])
    buffer.seek(0)
    return buffer


def update_rows(model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of rows that are there already: a statement a row on SQLite, one UPDATE from a copied table on
    PostgreSQL. (Django's bulk_update builds one CASE for each row and field: minutes for ten thousand rows.)"""
    if not rows:
        return
    columns = [model._meta.get_field(name) for name in fields]
    values = [(*(_plain(getattr(row, field.attname)) for field in columns), row.pk) for row in rows]
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    names = [quote(field.column) for field in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _update_from_copy(cursor, table, names, key, values)
        else:
            assignments = ", ".join(f"{name} = %s" for name in names)
            cursor.executemany(f"UPDATE {table} SET {assignments} WHERE {key} = %s", values)


def _update_from_copy(cursor, table: str, names: Sequence[str], key: str, values: list[tuple]) -> None:
    """The new values are copied into a table of the same types, and taken over in one statement."""
    listed = ", ".join((*names, key))
    cursor.execute(f"CREATE TEMPORARY TABLE changed_rows ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
    cursor.copy_expert(f"COPY changed_rows ({listed}) FROM STDIN WITH (FORMAT csv, NULL E'\\x01')", _csv(values))
    assignments = ", ".join(f"{name} = changed_rows.{name}" for name in names)
    cursor.execute(f"UPDATE {table} SET {assignments} FROM changed_rows WHERE {table}.{key} = changed_rows.{key}")
    cursor.execute("DROP TABLE changed_rows")
