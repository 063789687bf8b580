"""Keeping files: bit for bit, encrypted, durable, erasable; damage and a full disk are told in words."""

import datetime
import errno
import hashlib
import io
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts import secrets
from files import store
from files.models import StoredFile

pytestmark = pytest.mark.django_db
TEXT = "教师花名册 99990019990101001X".encode()
MIB = 1024 * 1024


def keep(data=TEXT, name="教师花名册.xlsx"):
    return store.save(data, name=name, county="999901", purpose="ledger")


def on_disk(stored):
    return Path(settings.FILES_DIR) / stored.path


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR, settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "files", str(tmp_path / "tmp")
    return settings.FILES_DIR


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 17])
def test_what_goes_in_comes_out_bit_for_bit(size):
    data = os.urandom(size)
    for source in (data, io.BytesIO(data)):
        stored = StoredFile.objects.get(pk=keep(source).pk)
        assert store.read(stored) == data
        assert (stored.size, stored.sha256) == (size, hashlib.sha256(data).hexdigest())


def test_the_disk_holds_no_plain_text_and_no_name_and_only_we_may_read():
    stored = keep(TEXT * 1000)
    path = on_disk(stored)
    assert TEXT not in path.read_bytes() and b"99990019990101001X" not in path.read_bytes()
    assert path.name == stored.pk.hex and path.parent.name == stored.pk.hex[:2]
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert keep().wrapped_key != stored.wrapped_key


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[:-1],
        lambda b: b[: 4 + MIB + 16],
        lambda b: b[:4] + b[4 + MIB + 16 :],
        lambda b: b[:100] + bytes([b[100] ^ 1]) + b[101:],
        lambda b: b[:4] + b[4 + MIB + 16 : 4 + 2 * (MIB + 16)] + b[4 : 4 + MIB + 16] + b[4 + 2 * (MIB + 16) :],
        lambda b: b + b"x",
        lambda b: b"",
    ],
)
def test_an_altered_shortened_or_reordered_file_is_told_as_damaged(damage):
    stored = keep(os.urandom(2 * MIB + 500))
    on_disk(stored).write_bytes(damage(on_disk(stored).read_bytes()))
    with pytest.raises(store.FileDamaged, match="教师花名册.xlsx"):
        store.read(stored)


def test_a_missing_file_is_told_as_damaged():
    stored = keep()
    on_disk(stored).unlink()
    with pytest.raises(store.FileDamaged):
        store.read(stored)


def test_one_files_bytes_do_not_open_as_another():
    one, other = keep(), keep(b"other")
    on_disk(other).write_bytes(on_disk(one).read_bytes())
    with pytest.raises(store.FileDamaged):
        store.read(other)


def test_erasure_destroys_key_and_bytes_and_keeps_the_row_and_hash(django_capture_on_commit_callbacks):
    stored = keep()
    kept = on_disk(stored).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        store.erase(stored)
    row = StoredFile.objects.get(pk=stored.pk)
    assert row.erased_at and row.wrapped_key == "" and row.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert not on_disk(row).exists()
    on_disk(row).write_bytes(kept)
    with pytest.raises(store.FileErased, match="销毁"):
        store.read(row)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_erasure_leaves_the_file_readable():
    stored = keep()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store.erase(stored)
        raise ZeroDivisionError
    assert store.read(StoredFile.objects.get(pk=stored.pk)) == TEXT


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, store.StorageFull), (errno.EIO, store.StorageError)])
def test_a_full_disk_is_refused_in_a_sentence_and_leaves_nothing(monkeypatch, folder, number, error):
    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    keep()
    before = sorted(folder.rglob("*"))
    with monkeypatch.context() as patch:
        patch.setattr("files.store.os.fsync", fail)
        with pytest.raises(error, match="没有保存.*。"):
            keep()
    assert [path for path in sorted(folder.rglob("*")) if path.is_file()] == [p for p in before if p.is_file()]
    assert StoredFile.objects.count() == 1
    assert store.read(keep()) == TEXT, "it recovers alone"


def test_the_bytes_are_synced_before_the_row_exists(monkeypatch):
    seen = []
    real = os.fsync

    def watch(descriptor):
        seen.append((os.readlink(f"/proc/self/fd/{descriptor}"), StoredFile.objects.count()))
        real(descriptor)

    monkeypatch.setattr("files.store.os.fsync", watch)
    stored = keep()
    assert any(path.endswith(".part") for path, _ in seen)
    assert str(on_disk(stored).parent) in [path for path, _ in seen]
    assert {rows for _, rows in seen} == {0}


def age(path, days):
    then = time.time() - days * 86400
    os.utime(path, (then, then))


@pytest.mark.django_db(transaction=True)
def test_orphans_older_than_a_day_go_and_rows_and_young_files_stay(folder):
    kept, young, old, half = (keep() for _ in range(4))
    erased = keep()
    for stored in (kept, old, erased, half):
        age(on_disk(stored), 2)
    StoredFile.objects.filter(pk__in=[young.pk, old.pk, half.pk]).delete()
    on_disk(half).rename(on_disk(half).with_suffix(".part"))
    StoredFile.objects.filter(pk=erased.pk).update(erased_at=datetime.datetime.now(datetime.UTC), wrapped_key="")
    plain = folder.parent / "tmp" / "left.xlsx"
    plain.parent.mkdir()
    plain.write_bytes(TEXT)
    age(plain, 2)
    assert store.collect_orphans() == 4
    assert on_disk(kept).exists() and on_disk(young).exists()
    assert not on_disk(old).exists() and not on_disk(erased).exists() and not plain.exists()
    assert StoredFile.objects.count() == 2 and store.collect_orphans() == 0


def test_nothing_kept_yet_means_nothing_to_collect():
    assert store.collect_orphans() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\台账\\教师.xlsx", "教师.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.xlsx", "a__b_.xlsx"),
        ("", "未命名"),
        ("长" * 300 + ".xlsx", "长" * 250 + ".xlsx"),
    ],
)
def test_a_name_is_kept_without_folders_and_control_characters(given, kept):
    assert keep(name=given).name == kept


def test_a_file_of_an_older_field_key_still_opens(settings):
    stored = keep()
    settings.FIELD_KEYS = {"newer": b"n" * 32, **settings.FIELD_KEYS}
    assert store.read(stored) == TEXT
    with pytest.raises(secrets.UnsealError):
        settings.FIELD_KEYS = {"newer": b"n" * 32}
        secrets.unwrap_data_key(stored.wrapped_key)
    with pytest.raises(store.FileDamaged):
        store.read(stored)
