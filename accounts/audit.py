"""The audit trail: one row for each event, inserted with the change it tells of."""

from __future__ import annotations

import datetime
import hashlib
import json
import re

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEvent

# Anything that could break a line, move a terminal's cursor, or that a database refuses (NUL, lone surrogates).
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ACTION = re.compile(r"[a-z_]+\.[a-z_]+\Z")
_HASHED = (
    "occurred_at", "user_id", "username", "kind", "role", "scope", "address", "session",
    "action", "object", "county", "result", "request_id", "detail",
)  # fmt: skip


def record(action: str, *, by: Actor, object: str = "", county: str = "", result: str = "done", **detail) -> AuditEvent:
    """Insert one event in the caller's transaction: it stands or falls with the change.

    `action` is "noun.verb" (`version.approved`); `object` names the thing by ids and codes, never by personal values;
    `detail` is anything JSON can hold, other values are kept as their text. Raises ValueError for a malformed action.
    """
    if not _ACTION.match(action):
        raise ValueError(f"an action is noun.verb in lower case, not {action!r}")
    event = AuditEvent(
        occurred_at=timezone.now().astimezone(datetime.UTC),
        user_id=by.user_id,
        username=_line(by.username, 64),
        kind=by.kind,
        role=_line(by.role, 32),
        scope=_line(by.scope, 128),
        address=_line(by.address, 64),
        session=_line(by.session, 64),
        action=action,
        object=_line(object, 200),
        county=_line(county, 12),
        result=_line(result, 32),
        request_id=_line(by.request_id, 64),
        detail=_plain(detail),
    )
    event.content_hash = content_hash(event)
    event.save(force_insert=True)
    return event


def content_hash(event: AuditEvent) -> str:
    """SHA-256 over the event's canonical JSON (sorted keys, UTC microseconds); equal again when read back."""
    content = {name: getattr(event, name) for name in _HASHED}
    content["occurred_at"] = event.occurred_at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def line(event: AuditEvent) -> str:
    """The event as one line of text for logs and exports, whatever is in it."""
    content = {name: getattr(event, name) for name in _HASHED if getattr(event, name) not in ("", None, {})}
    content["occurred_at"] = event.occurred_at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _line(text: str, length: int) -> str:
    return _visible(str(text))[:length]


def _visible(text: str) -> str:
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _plain(value):
    """JSON that both databases give back unchanged: no floats (their text instead), no control characters."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {_visible(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(item) for item in items]
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return _visible(str(value))
