"""The one road upward: a topic announced in the caller's transaction becomes waiting jobs of the subscribed kinds."""

from __future__ import annotations

from django.db import transaction

from jobs.models import Job
from jobs.queue import enqueue

TOPICS = {
    "facts_changed": "standing facts of a county moved",
    "rule_changed": "a local rule or source choice of a county moved",
    "register_changed": "townships, schools or their versions moved",
    "snapshot_made": "a new snapshot stands",
    "filing_changed": "a filing or a version changed its state",
    "version_received": "a file was received and waits for its check",
    "child_erased": "a child's personal data were destroyed; copies of them elsewhere must follow",
}
_SUBSCRIBED: dict[str, list[str]] = {topic: [] for topic in TOPICS}


def subscribe(topic: str, kind: str) -> None:
    """Jobs of `kind` follow `topic`; said in `AppConfig.ready`, repeatable. Raises ValueError for other topics."""
    kinds = _SUBSCRIBED[_known(topic)]
    if kind not in kinds:
        kinds.append(kind)


def announce(
    topic: str, key: str, *, county: str = "", school: str = "", owner: int | None = None, **args
) -> list[Job]:
    """One waiting job for each subscribed kind, in the caller's transaction (compulsory); returns them.

    `key` names what changed by its code or id; `args` are ids. Waiting jobs of one (kind, key) coalesce.
    Raises RuntimeError outside a transaction: change and announcement must be one commit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("announce belongs inside the transaction that makes the change")
    # A fixed order of kinds, so that two callers never wait for each other crosswise.
    return [
        enqueue(kind, key, args=args, county=county, school=school, owner=owner)
        for kind in sorted(_SUBSCRIBED[_known(topic)])
    ]


def subscribers(topic: str) -> tuple[str, ...]:
    """The kinds that follow a topic."""
    return tuple(_SUBSCRIBED[_known(topic)])


def _known(topic: str) -> str:
    if topic not in TOPICS:
        raise ValueError(f"{topic!r} is not a topic; the list in jobs.outbox is closed")
    return topic
