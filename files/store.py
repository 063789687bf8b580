"""Keeping files: fsynced, encrypted each with its own data key, under `settings.FILES_DIR/ab/<uuid>`.

On disk: chunks of 1 MiB, each sealed with AES-256-GCM. A file's key is used for this file only, so the nonce is the
chunk's number and a mark of the last chunk; a chunk moved, dropped or cut off is noticed.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import io
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import secrets
from files.models import StoredFile

CHUNK = 1024 * 1024
TAG = 16
MAGIC = b"JHF1"
ORPHAN_AGE = datetime.timedelta(days=1)


class StorageError(Exception):
    """A file could not be kept or read; the text is a whole Chinese sentence for people."""


class StorageFull(StorageError):
    """No room on the disk. Nothing was kept."""


class FileDamaged(StorageError):
    """The kept bytes are missing or were altered."""


class FileErased(StorageError):
    """The file was erased on purpose; its row and hash remain."""


def save(data: bytes | BinaryIO, *, name: str, county: str, purpose: str) -> StoredFile:
    """Keep bytes or an open binary file; returns its row, inserted in the caller's transaction.

    When this returns, the bytes are on the disk (file and directory fsynced). A rolled-back row leaves an orphan file,
    which `collect_orphans` removes. Raises StorageFull when the disk is full, StorageError when it cannot be written.
    """
    file_id = uuid.uuid4()
    key, wrapped = secrets.new_data_key()
    relative = f"{file_id.hex[:2]}/{file_id.hex}"
    source = io.BytesIO(data) if isinstance(data, bytes | bytearray | memoryview) else data
    try:
        size, digest = _write(_root() / relative, source, key)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("服务器的存储空间已满，文件没有保存。请稍后重试，并请系统管理员清理磁盘。") from error
        raise StorageError("服务器暂时无法保存文件，文件没有保存。请稍后重试，或联系系统管理员。") from error
    return StoredFile.objects.create(
        id=file_id, name=_short(name), size=size, sha256=digest, county_code=county, purpose=purpose,
        wrapped_key=wrapped, path=relative,
    )  # fmt: skip


def read(stored: StoredFile) -> bytes:
    """The plain bytes. Raises FileErased, or FileDamaged when they are missing or altered."""
    return b"".join(chunks(stored))


def chunks(stored: StoredFile) -> Iterator[bytes]:
    """The plain bytes piece by piece, each piece verified; the first error shows before anything is given out."""
    if stored.erased_at or not stored.wrapped_key:
        raise FileErased(f"文件“{stored.name}”已按规定销毁，不能再打开。")
    try:
        cipher = AESGCM(secrets.unwrap_data_key(stored.wrapped_key))
        handle = (_root() / stored.path).open("rb")
    except (secrets.UnsealError, OSError) as error:
        raise _damaged(stored) from error
    with handle:
        yield from _decrypted(handle, cipher, stored)


def erase(stored: StoredFile) -> None:
    """Destroy the data key in the caller's transaction and the bytes after it commits; row and hash remain."""
    path = _root() / stored.path
    stored.wrapped_key, stored.erased_at = "", timezone.now()
    stored.save(update_fields=["wrapped_key", "erased_at"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def collect_orphans(older_than: datetime.timedelta = ORPHAN_AGE) -> int:
    """Remove files on disk that no row knows (a rolled-back upload, a crash) or whose row is erased; never a row.

    Only files older than a day: a younger one may belong to a transaction still open. Returns how many were removed.
    """
    limit = time.time() - older_than.total_seconds()
    removed = 0
    for folder in sorted(_root().glob("??")):
        old = [path for path in folder.iterdir() if path.stat().st_mtime < limit]
        names = [path.name for path in old if len(path.name) == 32]
        known = StoredFile.objects.filter(pk__in=[_uuid(name) for name in names], erased_at=None)
        kept = {pk.hex for pk in known.values_list("pk", flat=True)}
        for path in old:
            if path.name not in kept:
                path.unlink(missing_ok=True)
                removed += 1
    removed += _forget_plain_files(limit)
    return removed


def _forget_plain_files(limit: float) -> int:
    """Uploads that a killed web process left half received."""
    folder, removed = Path(settings.FILE_UPLOAD_TEMP_DIR), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _uuid(name: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=name)
    except ValueError:
        return uuid.UUID(int=0)


def _root() -> Path:
    return Path(settings.FILES_DIR)


def _short(name: str) -> str:
    """The name as people gave it, without control characters or folders, at most 255 characters with its ending."""
    plain = "".join(sign if sign.isprintable() else "_" for sign in name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    plain = plain or "未命名"
    if len(plain) <= 255:
        return plain
    stem, dot, ending = plain.rpartition(".")
    ending = dot + ending if dot and len(ending) <= 10 else ""
    return (stem if ending else plain)[: 255 - len(ending)] + ending


def _write(path: Path, source: BinaryIO, key: bytes) -> tuple[int, str]:
    """Write encrypted chunks beside the goal, fsync, rename, fsync the folders; a failure leaves nothing behind."""
    _make_folder(path.parent)
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as target:
            os.fchmod(target.fileno(), 0o600)
            size, digest = _encrypt(source, target, AESGCM(key))
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
        _fsync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    return size, digest


def _encrypt(source: BinaryIO, target: BinaryIO, cipher: AESGCM) -> tuple[int, str]:
    digest, size, number = hashlib.sha256(), 0, 0
    target.write(MAGIC)
    piece = source.read(CHUNK)
    while True:
        following = source.read(CHUNK) if len(piece) == CHUNK else b""
        digest.update(piece)
        size += len(piece)
        target.write(cipher.encrypt(_nonce(number, last=not following), piece, MAGIC))
        if not following:
            return size, digest.hexdigest()
        piece, number = following, number + 1


def _decrypted(handle: BinaryIO, cipher: AESGCM, stored: StoredFile) -> Iterator[bytes]:
    if handle.read(len(MAGIC)) != MAGIC:
        raise _damaged(stored)
    piece, number = handle.read(CHUNK + TAG), 0
    while True:
        following = handle.read(CHUNK + TAG)
        try:
            plain = cipher.decrypt(_nonce(number, last=not following), piece, MAGIC)
        except (InvalidTag, ValueError) as error:
            raise _damaged(stored) from error
        yield plain
        if not following:
            return
        piece, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _damaged(stored: StoredFile) -> FileDamaged:
    return FileDamaged(
        f"文件“{stored.name}”在服务器上的内容缺失或已被改动，无法打开。请联系系统管理员，并告知文件编号 {stored.pk}。"
    )


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
