"""Bulk writes without signals: COPY on PostgreSQL, executemany on SQLite, in batches."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection, models, transaction

BATCH = 5_000
_NULL = "\x01"  # no text of a cell can be this: the reader lets no control character through


@dataclass(frozen=True)
class Table:
    """Rows of one model: field names (a foreign key by its column, "dataset_id") and one tuple a row, in stored units.

    Rows that are only inserted may be an iterator: they are then made while the database stores those before."""

    fields: tuple[str, ...]
    rows: Iterable[tuple]

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
    dates = [at for at, field in enumerate(table.fields) if isinstance(model._meta.get_field(field), models.DateField)]
    batches = _batches(table.rows, dates, shared)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"{name} ({columns})", batches)
            return
        marks = ", ".join(["%s"] * (len(table.fields) + len(shared)))
        for rows in batches:
            cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", list(rows))


def _batches(rows: Iterable[tuple], dates: Sequence[int], shared: tuple) -> Iterator[Iterable[tuple]]:
    """The rows with what all of them share, some thousands at a time; column by column, which is far faster than row by row."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        columns = list(zip(*batch, strict=True))
        for at in dates:
            columns[at] = tuple(map(_plain, columns[at]))
        yield zip(*columns, *([value] * len(batch) for value in shared), strict=True)


class _Csv:
    """Batches of rows as the file COPY reads from: a batch is written while the server works on the one before."""

    def __init__(self, batches: Iterable[Iterable[tuple]]) -> None:
        self._batches = iter(batches)

    def read(self, size: int = -1) -> str:
        """The next batch, "" at the end."""
        rows = next(self._batches, None)
        if rows is None:
            return ""
        buffer = io.StringIO()
        columns = [[_NULL if value is None else value for value in column] if None in column else column for column in zip(*rows, strict=True)]
        csv.writer(buffer, lineterminator="\n").writerows(zip(*columns, strict=True))
        return buffer.getvalue()


def _copy(cursor, into: str, batches: Iterable[Iterable[tuple]]) -> None:
    cursor.copy_expert(f"COPY {into} FROM STDIN WITH (FORMAT csv, NULL E'\\x01')", _Csv(batches))


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


def of_persons(rows: models.QuerySet, keys: Iterable[str], *fields: str) -> Iterator[tuple]:
    """(person_key, *fields) of those rows whose person is among `keys`. Some thousands are asked for by name; for more, all rows
    are read and sifted here: a question with 100,000 names costs a database more than the rows of a county."""
    wanted = {key for key in keys if key}
    if len(wanted) > BATCH:
        found = rows.values_list("person_key", *fields).iterator(chunk_size=BATCH)
        yield from (row for row in found if row[0] in wanted)
    elif wanted:
        yield from rows.filter(person_key__in=sorted(wanted)).values_list("person_key", *fields)


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
    _copy(cursor, f"changed_rows ({listed})", [values])
    assignments = ", ".join(f"{name} = changed_rows.{name}" for name in names)
    cursor.execute(f"UPDATE {table} SET {assignments} FROM changed_rows WHERE {table}.{key} = changed_rows.{key}")
    cursor.execute("DROP TABLE changed_rows")
