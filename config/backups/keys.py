"""The keys and a backup: what a backup says of them, and whether the keys of this place open it."""
from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from django.conf import settings

from accounts import secrets
from config.environment import parse_field_keys

FILE = "secrets.json"
WORDS = "junheng backup"


class OtherKeys(Exception):
    """The keys of this place are not those the backup was made with."""


def kept_here() -> Path | None:
    """The file of the machine's own keys; None when they come from the environment, which no backup copies."""
    path = Path(settings.VAR_DIR) / FILE
    given = os.environ.get("FIELD_KEYS", "").strip()
    return path if path.exists() and not given else None


def describe(*, included: bool) -> dict:
    """What the backup remembers: the ids, a value only these keys open, and a hash only the oldest makes."""
    return {
        "ids": list(settings.FIELD_KEYS), "sealed": secrets.seal(WORDS), "hash": secrets.keyed_hash(WORDS), "included": included,
    }  # fmt: skip


def fits(described: dict) -> bool:
    """Whether the keys in force open what the backup holds, and hash as it hashed."""
    try:
        return secrets.unseal(described["sealed"]) == WORDS and secrets.keyed_hash(WORDS) == described["hash"]
    except secrets.UnsealError:
        return False


def take(folder: Path, described: dict) -> bool:
    """Make sure the backup's keys are in force; True when they were taken from it. Raises OtherKeys.

    Only the keys an empty place has just made for itself give way: nothing was ever sealed with them.
    """
    if fits(described):
        return False
    own, brought = kept_here(), folder / FILE
    if own is None or not brought.is_file():
        raise OtherKeys
    settings.FIELD_KEYS = parse_field_keys(json.loads(brought.read_text())["FIELD_KEYS"])
    if not fits(described):
        raise OtherKeys
    fresh = own.with_suffix(".restored")
    shutil.copyfile(brought, fresh)
    fresh.chmod(0o600)
    fresh.replace(own)
    return True
