"""What a session of the portal knows of itself: its start, its last activity, and its mark in the audit trail."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.http import HttpRequest

from accounts.actor import Actor

STARTED, SEEN, ENDED = "started", "seen", "ended"
SEEN_EVERY = 60  # seconds between two writes of "last activity"


def start(request: HttpRequest) -> None:
    """Called right after login: the clocks begin."""
    now = int(time.time())
    request.session[STARTED] = request.session[SEEN] = now


def why_over(request: HttpRequest) -> str:
    """ "" while the session may go on, "idle" after SESSION_IDLE_SECONDS without activity, "absolute" after
    SESSION_ABSOLUTE_SECONDS in all (等保 2.0; security.md, Identity)."""
    now = time.time()
    started, seen = request.session.get(STARTED), request.session.get(SEEN)
    if started is None or seen is None or now - started >= settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    return "idle" if now - seen >= settings.SESSION_IDLE_SECONDS else ""


def touch(request: HttpRequest) -> bool:
    """Note activity, at most once a minute; True when it was noted."""
    now = int(time.time())
    if now - request.session.get(SEEN, 0) < SEEN_EVERY:
        return False
    request.session[SEEN] = now
    return True


def mark(request: HttpRequest) -> str:
    """The session's mark for the audit trail: 16 hex characters of a hash, never the key itself."""
    session = getattr(request, "session", None)
    key = session.session_key if session is not None else None
    return hashlib.sha256(f"session {key}".encode()).hexdigest()[:16] if key else ""


def bare_actor(request: HttpRequest) -> Actor:
    """The user of a request without any membership: for what a person does with the own login only.

    Everything else acts as `schools.access.actor_of(request)`.
    """
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return Actor(
        user_id=user.pk if known else None,
        username=user.username if known else "",
        display_name=user.display_name if known else "",
        address=request.META.get("REMOTE_ADDR", ""),
        session=mark(request),
        request_id=getattr(request, "id", ""),
    )
