"""The environment is the only configuration; what is wrong in it refuses to start in one plain sentence."""
from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
WEAK_SECRETS = ("django-insecure", "development", "changeme", "secret", "password")


def refuse(chinese: str, english: str) -> NoReturn:
    """Stop the process with one sentence for the operator: no traceback, exit status 2 (wrong usage)."""
    sys.stderr.write(f"配置有误：{chinese} ({english})\n")
    raise SystemExit(2)


class Environment:
    """Typed reading of environment variables; every mistake names the variable, what was found and what is wanted."""

    def __init__(self, source: dict[str, str] | None = None):
        self.source = os.environ if source is None else source

    def text(self, name: str, default: str = "") -> str:
        """The variable, or the default when it is unset or empty."""
        return self.source.get(name, "").strip() or default

    def switch(self, name: str, default: bool = False) -> bool:
        """1/0, true/false, yes/no, on/off."""
        found = self.text(name)
        if not found:
            return default
        if found.lower() in ("1", "true", "yes", "on"):
            return True
        if found.lower() in ("0", "false", "no", "off"):
            return False
        refuse(f"环境变量 {name} 的值是“{found}”，应为 1 或 0。", f"{name} must be 1 or 0")

    def number(self, name: str, default: int, least: int = 1) -> int:
        """A whole number not below `least`."""
        found = self.text(name)
        if not found:
            return default
        if not found.isascii() or not found.isdigit() or int(found) < least:
            refuse(
                f"环境变量 {name} 的值是“{found}”，应为不小于 {least} 的整数。",
                f"{name} must be a whole number of at least {least}",
            )
        return int(found)

    def words(self, name: str, default: list[str]) -> list[str]:
        """A list separated by commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or default

    def folder(self, name: str, default: Path) -> Path:
        """A folder of our own, made with mode 0700 when absent; it must be writable."""
        path = Path(self.text(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError:
            refuse(
                f"目录 {path}（{name}）不能写入，请改用可写的目录或调整权限。",
                f"{name} is not writable",
            )
        return path

    def database(self, name: str, default: str) -> dict:
        """A Django database entry; SQLite or PostgreSQL only."""
        url = self.text(name, default)
        scheme = url.split(":", 1)[0]
        if scheme not in DATABASE_SCHEMES:
            refuse(
                f"环境变量 {name} 以“{scheme}:”开头，应为 sqlite:///文件 或 postgres://用户:口令@主机:端口/库名。",
                f"{name} must be a sqlite or postgres URL",
            )
        try:
            entry = environ.Env.db_url_config(url)
        except (ValueError, environ.ImproperlyConfigured):
            entry = {}
        if not entry.get("NAME"):
            refuse(
                f"环境变量 {name} 没有写明数据库名，应为 postgres://用户:口令@主机:端口/库名。",
                f"{name} names no database",
            )
        return entry

    def redis(self, name: str) -> str:
        """A Redis URL, or nothing; the password is part of it."""
        url = self.text(name)
        if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
            refuse(
                f"环境变量 {name} 应以 redis:// 或 rediss:// 开头，例如 redis://:口令@127.0.0.1:6379/0。",
                f"{name} must be a redis URL",
            )
        return url


def parse_field_keys(text: str) -> dict[str, bytes]:
    """`id:base64key,…` → {id: 32 bytes}; the first is the current key, the others still open what they sealed."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:
            refuse(
                "环境变量 FIELD_KEYS 应为“编号：密钥，编号：密钥”，密钥是 32 字节的 base64，编号不重复，第一个为现用密钥。",
                "FIELD_KEYS must be id:base64 of 32 bytes, separated by commas",
            )
        keys[key_id] = key
    return keys


def check_secret_key(key: str, *, debug: bool) -> str:
    """Outside DEBUG the signing key must be long and not a word from an example."""
    weak = len(key) < 50 or len(set(key)) < 10 or any(key.lower().startswith(word) for word in WEAK_SECRETS)
    if weak and not debug:
        refuse(
            "SECRET_KEY 太弱，应为不少于 50 个字符的随机串；不设置时会自动生成并保存在数据目录中。",
            "SECRET_KEY is weak: use 50 or more random characters, or leave it unset",
        )
    return key


def kept_secrets(folder: Path) -> dict[str, str]:
    """SECRET_KEY and FIELD_KEYS of this machine, made once and kept in `folder`/secrets.json (0600).

    Several processes may start at once: whoever links the file first wins, the others read it.
    """
    path = folder / "secrets.json"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        handle, name = tempfile.mkstemp(dir=folder, prefix=".secrets-")
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    try:
        kept = json.loads(path.read_text())
        return {"SECRET_KEY": kept["SECRET_KEY"], "FIELD_KEYS": kept["FIELD_KEYS"]}
    except (OSError, ValueError, KeyError, TypeError):
        refuse(
            f"密钥文件 {path} 读不出来，请从备份恢复；没有它，已加密的身份证号和文件都无法打开，所以不会自动重建。",
            "secrets.json cannot be read; restore it from the backup",
        )
