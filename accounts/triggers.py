"""The database itself refuses to change or delete an audit row, on SQLite and PostgreSQL alike.

A table that must be append-only is named here once; the migration puts the triggers on.
"""

from __future__ import annotations

APPEND_ONLY = ("accounts_auditevent",)
_WORDS = "audit rows are never changed or deleted"
_FUNCTION = f"""CREATE OR REPLACE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""


def make_statements(vendor: str) -> list[str]:
    """The SQL that puts the triggers on, for "postgresql" or "sqlite"."""
    if vendor == "postgresql":
        return [_FUNCTION] + [
            f"CREATE TRIGGER {table}_no_{name} BEFORE {verbs} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION accounts_refuse_change()"
            for table in APPEND_ONLY
            for name, verbs, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]


def remove_statements(vendor: str) -> list[str]:
    """The SQL that takes them off: for migrating backwards, and for tests that empty the tables."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}"
            for table in APPEND_ONLY
            for name in ("change", "truncate")
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{name}" for table in APPEND_ONLY for name in ("update", "delete")]


def make(apps, schema_editor) -> None:
    """RunPython, forwards."""
    for statement in make_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor) -> None:
    """RunPython, backwards."""
    for statement in remove_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)
