"""Backup and restore into an empty place: rows, files and audit rows equal, on and between both databases."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from accounts import audit, triggers
from accounts.actor import Actor
from accounts.models import AuditEvent
from tests.commands.test_usage import run
from tests.house.processes import manage
from tests.story import county as written
from tests.story.portal import Portal, PrivateDatabase

COUNTY = ("--county", written.COUNTY)
NOISE = {"accounts.auditevent"}  # a backup and a restore are themselves written down


def answer(folder: Path, *arguments: str, code: int = 0, **settings: str) -> dict:
    """The JSON of a command in a process of its own, which must end with this code."""
    done = manage(folder, *arguments, "--json", **settings)
    assert done.returncode == code, (arguments, done.stdout[-600:], done.stderr[-2000:])
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """VAR_DIR of a small portal: register, users, a ledger with persons' names left out, a result, a paper."""
    folder = tmp_path_factory.mktemp("place")
    files = written.write(tmp_path_factory.mktemp("books"))
    approved = ("--commit", "--explain", "已核对", "--json")
    Portal(folder).manage(
        ("migrate", "--verbosity", "0"),
        ("register", str(files["register"]), *COUNTY, "--name", written.COUNTY_NAME, "--json"),
        ("make_user", "clerk", "--role", "school_clerk", "--scope", written.XIANGYANG, "--json"),
        *(("import_ledger", ledger, str(files[ledger]), *COUNTY, "--year", "2025", *approved) for ledger in ("classes", "school_profile")),
        ("snapshot", *COUNTY, "--year", "2025", "--standard", "quality-2017", "--freeze", "--json"),
        ("report", "application-form", *COUNTY, "--year", "2025", "--format", "xlsx", "--output", str(folder / "form.xlsx")),
    )
    return folder


@pytest.fixture(scope="module")
def kept(place, tmp_path_factory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backup") / "kept"
    done = answer(place, "backup", str(folder))
    assert done["keys"] is True and done["damaged"] == [] and done["files"] > 2 and done["tables"]["schools.school"] == 5
    return folder


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def same(first: Path, second: Path) -> None:
    """Equal rows in every table (the trail has grown), equal files byte by byte."""
    ours, theirs = manifest(first)["tables"], manifest(second)["tables"]
    assert {k: v for k, v in ours.items() if k not in NOISE} == {k: v for k, v in theirs.items() if k not in NOISE}
    assert (first / "files.json").read_bytes() == (second / "files.json").read_bytes()


@pytest.mark.once
def test_a_restored_place_has_the_same_rows_files_and_trail(place, kept, tmp_path):
    there = tmp_path / "there"
    done = answer(there, "restore", str(kept))
    assert (done["audit"], done["keys"], done["unreadable"]) == ("intact", "taken", [])
    assert done["rows"] == sum(table["rows"] for table in manifest(kept)["tables"].values())
    answer(there, "backup", str(tmp_path / "again"))
    same(kept, tmp_path / "again")
    assert answer(there, "verify_audit")["rows"] == manifest(kept)["tables"]["accounts.auditevent"]["rows"] + 2
    # What was sealed opens, the frozen paper is still known, and work goes on.
    assert answer(there, "verify", str(place / "form.xlsx"))["status"] == "genuine"
    again = answer(there, "snapshot", *COUNTY, "--year", "2025", "--standard", "quality-2017", "--freeze")
    assert again["fingerprint"] == answer(place, "snapshot", *COUNTY, "--year", "2025", "--standard", "quality-2017")["fingerprint"]
    answer(there, "make_user", "head", "--role", "school_head", "--scope", written.XIANGYANG)


def test_a_backup_of_one_database_is_restored_into_the_other(kept, tmp_path):
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("needs PostgreSQL")
    with PrivateDatabase() as settings:
        url = {"DATABASE_URL": settings["DATABASE_URL"]}
        answer(tmp_path / "there", "restore", str(kept), **url)
        answer(tmp_path / "there", "make_user", "head", "--role", "school_head", "--scope", written.XIANGYANG, **url)
        answer(tmp_path / "there", "backup", str(tmp_path / "again"), **url)
    before, after = manifest(kept), manifest(tmp_path / "again")
    assert (before["engine"], after["engine"]) == ("sqlite", "postgresql")
    grown = NOISE | {"accounts.user", "accounts.apitoken", "schools.membership"}
    assert {k: v for k, v in before["tables"].items() if k not in grown} == {k: v for k, v in after["tables"].items() if k not in grown}
    back = answer(tmp_path / "back", "restore", str(tmp_path / "again"))
    assert back["audit"] == "intact"


@pytest.mark.once
def test_without_its_keys_a_backup_is_not_restored_and_with_them_it_is(place, tmp_path):
    answer(place, "backup", str(tmp_path / "bare"), "--no-keys")
    assert not (tmp_path / "bare" / "secrets.json").exists()
    refused = answer(tmp_path / "there", "restore", str(tmp_path / "bare"), code=1)
    assert "密钥不是备份时的密钥" in refused["error"]
    shutil.copy(place / "secrets.json", tmp_path / "there" / "secrets.json")
    assert answer(tmp_path / "there", "restore", str(tmp_path / "bare"))["keys"] == "present"


@pytest.mark.once
def test_a_place_with_data_is_left_alone_and_so_is_an_older_backup(place, kept):
    assert "已有数据" in answer(place, "restore", str(kept), code=1)["error"]
    before = sorted(path.name for path in kept.iterdir())
    assert "已有内容" in answer(place, "backup", str(kept), code=1)["error"]
    assert sorted(path.name for path in kept.iterdir()) == before


def swap_tables(bad: Path) -> None:
    shutil.copy(bad / "tables" / "schools.school.jsonl.gz", bad / "tables" / "schools.township.jsonl.gz")


def spoil_a_file(bad: Path) -> None:
    path = next(path for path in (bad / "files").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def rewrite_the_manifest(bad: Path) -> None:
    (bad / "manifest.json").write_text((bad / "manifest.json").read_text().replace('"engine": "sqlite"', '"engine": "other"'))


@pytest.mark.once
@pytest.mark.parametrize("touch, words", [
    (swap_tables, "数据"), (spoil_a_file, "缺失或已被改动"), (rewrite_the_manifest, "签名"),
    (lambda bad: (bad / "files.json").write_text("{}"), "文件清单"), (lambda bad: (bad / "manifest.json").unlink(), "不是一份完整的备份"),
])  # fmt: skip
def test_a_backup_that_was_touched_is_refused_whole(kept, tmp_path, touch, words):
    bad, there = tmp_path / "bad", tmp_path / "there"
    shutil.copytree(kept, bad)
    touch(bad)
    assert words in answer(there, "restore", str(bad), code=1)["error"]
    assert not [path for path in (there / "files").rglob("*") if path.is_file()]
    with sqlite3.connect(there / "db.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'schools%'")]
        assert all(database.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,) for name in tables)


def test_an_altered_row_of_the_trail_is_named(db):
    events = [audit.record("session.started", by=Actor.operator(), object=f"user:{n}") for n in range(3)]
    assert run("verify_audit", "--json")[:2] == (0, {"status": "intact", "rows": 3, "first_altered": None})
    with connection.cursor() as cursor:
        for statement in triggers.remove_statements(connection.vendor):
            cursor.execute(statement)
    AuditEvent.objects.filter(pk__in=[events[1].pk, events[2].pk]).update(username="somebody")
    code, found, err = run("verify_audit", "--json")
    assert (code, found["status"], found["first_altered"]["id"]) == (1, "altered", events[1].pk)
    assert f"第 {events[1].pk} 行" in err
    with connection.cursor() as cursor:
        for statement in triggers.make_statements(connection.vendor):
            cursor.execute(statement)
