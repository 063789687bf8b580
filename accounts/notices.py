"""Notices: lines put before users. The sender of mails and messages is not here."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Notice


def notify(user_ids: Iterable[int], *, text: str, url: str = "", key: str = "") -> int:
    """Put one line before each user, in the caller's transaction; returns how many users were addressed.

    With a `key`, a user who still has an unread notice of the same key gets no second one. Personal values never
    belong in `text`.
    """
    wanted = list(dict.fromkeys(user_ids))
    Notice.objects.bulk_create(
        [Notice(user_id=user_id, text=text[:300], url=url, key=key) for user_id in wanted],
        ignore_conflicts=bool(key),
    )
    return len(wanted)


def unread_of(user_id: int) -> int:
    """How many lines a user has not marked as read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()
