"""Making a backup while the portal runs: the rows of one moment, then the files those rows know."""
from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import keyed_hash
from files.models import StoredFile

from . import keys, rows

FORMAT = 1
MANIFEST, TABLES, FILES = "manifest.json", "tables", "files"
KEYS_NOTE = """密钥说明

这份备份里的身份证号和上传的文件都是加密的，要用备份时的密钥才能打开；密钥丢失，任何人都无法恢复。

- 密钥写在环境变量 FIELD_KEYS、SECRET_KEY 里的：备份不含密钥，恢复前请在新环境里设好同样的值。
- 密钥由本机自动生成的（VAR_DIR/secrets.json）：备份目录里有一份 secrets.json。请把它移到另外的地方妥善保存，
  不要和备份放在一起；恢复时再放回备份目录，或放到新环境的 VAR_DIR 里。
"""


class NotMade(Exception):
    """The backup could not be made; the message is a Chinese sentence. What was written so far is removed."""


def make(folder: Path, *, with_keys: bool, by: Actor, say: Callable[[str], None]) -> dict:
    """Write a whole backup into a new or empty folder; returns its manifest. Raises NotMade."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotMade(f"“{folder}”已有内容。请给一个新的目录，以免盖掉以前的备份。")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        manifest = _write(folder, with_keys, say)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotMade(f"备份没有写完（{folder}），可能是磁盘已满或目录不可写。已写的部分已删除，请腾出空间后重试。") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half a backup must never look like one
        raise
    audit.record(
        "backup.made", by=by, object=f"backup/{manifest['signature']}", rows=sum(t["rows"] for t in manifest["tables"].values()),
        files=manifest["files"]["count"], damaged=len(manifest["files"]["damaged"]),
    )  # fmt: skip
    return manifest


def _write(folder: Path, with_keys: bool, say: Callable[[str], None]) -> dict:
    (folder / TABLES).mkdir(mode=0o700)
    (folder / FILES).mkdir(mode=0o700)
    with _one_moment():
        written = {}
        for model in rows.tables(apps):
            label = model._meta.label_lower
            count, mark = rows.write(model, folder / TABLES / f"{label}.jsonl.gz")
            written[label] = {"rows": count, "sha256": mark, "columns": rows.names(model)}
        applied = sorted(MigrationRecorder(connection).applied_migrations())
        known = list(StoredFile._base_manager.filter(erased_at=None).order_by("pk").values_list("pk", "path"))
    say(f"数据库：{len(written)} 张表，{sum(t['rows'] for t in written.values())} 行")
    files = _copy_files(folder, known)
    say(f"文件：{files['count']} 个，{files['bytes']} 字节")
    own = keys.kept_here() if with_keys else None
    if own:
        shutil.copyfile(own, folder / keys.FILE)
        (folder / keys.FILE).chmod(0o600)
    (folder / "密钥说明.txt").write_text(KEYS_NOTE, encoding="utf-8")
    manifest = {
        "format": FORMAT, "made_at": timezone.now().astimezone(dt.UTC).isoformat(timespec="seconds"), "engine": connection.vendor,
        "migrations": [list(pair) for pair in applied], "tables": written, "files": files, "keys": keys.describe(included=bool(own)),
    }  # fmt: skip
    manifest["signature"] = signature(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return manifest


def signature(manifest: dict) -> str:
    """A mark over the manifest, and so over every digest in it, that only the holder of the keys can make."""
    content = {name: value for name, value in manifest.items() if name != "signature"}
    return keyed_hash("backup/" + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads see the database of one moment; nobody who writes waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    if connection.in_atomic_block:  # a test: its own transaction is the moment
        yield
        return
    # Django would begin IMMEDIATE and so keep every writer waiting; a deferred transaction only fixes what is read.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _copy_files(folder: Path, known: list[tuple]) -> dict:
    """Copy the encrypted files as they lie. One erased since the rows were read is named, so that it stays erased."""
    index, total, erased, damaged = {}, 0, [], []
    for pk, path in known:
        try:
            data = (Path(settings.FILES_DIR) / path).read_bytes()
        except FileNotFoundError:
            gone = StoredFile._base_manager.filter(pk=pk, erased_at=None).exists()
            (damaged if gone else erased).append(str(pk))
            continue
        goal = folder / FILES / path
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        goal.write_bytes(data)
        goal.chmod(0o600)
        index[path] = hashlib.sha256(data).hexdigest()
        total += len(data)
    listed = json.dumps(index, sort_keys=True, separators=(",", ":")).encode()
    (folder / f"{FILES}.json").write_bytes(listed)
    return {"count": len(index), "bytes": total, "sha256": hashlib.sha256(listed).hexdigest(), "erased": erased, "damaged": damaged}
