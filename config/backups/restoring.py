"""Restoring a backup into an empty place: the tables as they were then, the rows, the files, and then today's tables."""
from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.auditing import first_altered
from files import store
from files.models import StoredFile

from . import keys, rows
from .making import FILES, FORMAT, MANIFEST, TABLES, signature

SHOWN = 5


class NotRestored(Exception):
    """The backup was not restored and none of its rows is here; the message is a Chinese sentence."""


def restore(folder: Path, *, by: Actor, say: Callable[[str], None]) -> dict:
    """Restore; returns {"tables", "rows", "files", "keys", "audit"}. Raises NotRestored.

    1 the backup is whole · 2 the place is empty · 3 the keys are the backup's · 4 the tables of then and their rows, in
    one transaction, compared row by row · 5 the files, compared · 6 the tables of today.
    """
    manifest = _manifest(folder)
    _refuse_unless_empty()
    try:
        taken = keys.take(folder, manifest["keys"])
    except keys.OtherKeys:
        raise NotRestored(
            "这里的密钥不是备份时的密钥，打不开备份里的内容。请把备份时的 secrets.json 放到备份目录（或 VAR_DIR）里，"
            "或在环境变量 FIELD_KEYS、SECRET_KEY 里设好备份时的值，再恢复。"
        ) from None
    if signature(manifest) != manifest["signature"]:
        raise NotRestored("备份的清单（manifest.json）已被改动，与备份时的签名不符，没有恢复。请换用另一份备份。")
    files = _files_of(folder, manifest)
    count = _rows(folder, manifest)
    say(f"数据库：{len(manifest['tables'])} 张表，{count} 行，与备份逐行一致")
    try:
        _copy(folder, files)
    except OSError as error:
        raise NotRestored("文件没有全部写出，可能是磁盘已满。请清空数据库和 FILES_DIR，腾出空间后重新恢复。") from error
    damaged = _unreadable()
    say(f"文件：{len(files)} 个，与备份逐字节一致")
    _migrate()
    bad = first_altered()
    audit.record("backup.restored", by=by, object=f"backup/{manifest['signature']}", rows=count, files=len(files))
    return {
        "tables": {label: table["rows"] for label, table in manifest["tables"].items()}, "rows": count, "files": len(files),
        "unreadable": damaged, "keys": "taken" if taken else "present", "audit": "altered" if bad else "intact", "made_at": manifest["made_at"],
    }  # fmt: skip


def _manifest(folder: Path) -> dict:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise NotRestored(f"“{folder}”不是一份完整的备份：缺少清单 {MANIFEST}，或清单读不出来。") from None
    if version != FORMAT:
        raise NotRestored(f"备份的格式是第 {version} 版，本程序只认第 {FORMAT} 版。请用备份时的程序版本恢复，再升级。")
    return manifest


def _refuse_unless_empty() -> None:
    present = set(connection.introspection.table_names())
    for model in rows.tables(apps):
        if model._meta.db_table in present and model._base_manager.exists():
            raise NotRestored(f"这里已有数据（{model._meta.verbose_name}），为免混在一起，没有恢复。请换一个空的 VAR_DIR 或空的数据库。")
    if any(path.is_file() for path in Path(settings.FILES_DIR).rglob("*")):
        raise NotRestored(f"文件目录“{settings.FILES_DIR}”里已有文件，没有恢复。请换一个空的目录。")


def _files_of(folder: Path, manifest: dict) -> dict[str, str]:
    """{path: digest} of the backup's files, each looked at before anything is written here."""
    try:
        listed = (folder / f"{FILES}.json").read_bytes()
    except OSError:
        raise NotRestored("备份里缺少文件清单（files.json），没有恢复。") from None
    if hashlib.sha256(listed).hexdigest() != manifest["files"]["sha256"]:
        raise NotRestored("备份的文件清单（files.json）已被改动，没有恢复。请换用另一份备份。")
    files = json.loads(listed)
    bad = [path for path, mark in files.items() if _mark(folder / FILES / path) != mark]
    if bad:
        raise NotRestored(f"备份里有 {len(bad)} 个文件缺失或已被改动（如 {'、'.join(bad[:SHOWN])}），没有恢复。请换用另一份备份。")
    return files


def _mark(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _rows(folder: Path, manifest: dict) -> int:
    """Migrate to the tables of then and fill them; the rows read back must be the rows written."""
    executor = MigrationExecutor(connection)
    then = [tuple(pair) for pair in manifest["migrations"] if tuple(pair) in executor.loader.graph.nodes]
    if len(then) < len(manifest["migrations"]):
        raise NotRestored("备份来自更新的程序版本，本程序不认识它的表。请先把程序升级到备份时的版本，再恢复。")
    ends = _ends(executor, then)
    # Rooms the backup did not know yet stay without tables until the end.
    executor.migrate(ends)
    old = executor.loader.project_state(ends).apps
    models = {model._meta.label_lower: model for model in rows.tables(old)}
    try:
        with transaction.atomic():
            for label, table in manifest["tables"].items():
                rows.insert(models[label], table["columns"], rows.read(folder / TABLES / f"{label}.jsonl.gz"))
            _forget_erased(models, manifest["files"]["erased"])
            changed = [label for label, table in manifest["tables"].items() if _differs(models[label], table, manifest)]
            if changed:
                raise NotRestored(f"备份里的数据与清单不符（{'、'.join(changed[:SHOWN])}），没有恢复。请换用另一份备份。")
            _set_sequences(list(models.values()))
    except (OSError, ValueError, LookupError) as error:
        raise NotRestored(f"备份里的数据读不出来（{type(error).__name__}），没有恢复。请换用另一份备份。") from error
    return sum(table["rows"] for table in manifest["tables"].values())


def _ends(executor: MigrationExecutor, then: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last of the applied migrations of each app."""
    applied = set(then)
    graph = executor.loader.graph
    return [node for node in then if not any(child.key in applied and child.key[0] == node[0] for child in graph.node_map[node].children)]


def _differs(model, table: dict, manifest: dict) -> bool:
    if manifest["files"]["erased"] and model._meta.label_lower == StoredFile._meta.label_lower:
        return model._base_manager.count() != table["rows"]  # some of its rows were just marked
    return rows.digest(rows.lines(model, table["columns"])) != (table["rows"], table["sha256"])


def _forget_erased(models: dict, erased: list[str]) -> None:
    """What was erased while the backup was made stays erased: its key must not come back."""
    if erased:
        stored = models[StoredFile._meta.label_lower]
        stored._base_manager.filter(pk__in=erased).update(wrapped_key="", erased_at=timezone.now())


def _set_sequences(models: list) -> None:
    """The next key of every table comes after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _copy(folder: Path, files: dict[str, str]) -> None:
    for path in files:
        goal = Path(settings.FILES_DIR) / path
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(folder / FILES / path, goal)
        goal.chmod(0o600)


def _unreadable() -> list[str]:
    """Files whose row is there and whose bytes do not open: they were damaged before the backup."""
    found = []
    for stored in StoredFile._base_manager.filter(erased_at=None).iterator():
        mark = hashlib.sha256()
        try:
            for piece in store.chunks(stored):
                mark.update(piece)
        except store.StorageError:
            found.append(str(stored.pk))
            continue
        if mark.hexdigest() != stored.sha256:
            found.append(str(stored.pk))
    return found


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
