"""Reading the audit trail: whether it is what was written, and the rows that are asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import content_hash
from accounts.models import AuditEvent

AT_ONCE = 2000
EARLIEST, LATEST = dt.date(1970, 1, 2), dt.date(9000, 1, 1)


def first_altered() -> AuditEvent | None:
    """The first row, in the order of writing, whose content is not what its hash was taken of; None when all are.

    A row taken away leaves no trace here: the numbers of rows have gaps wherever a transaction was rolled back.
    """
    rows = AuditEvent.objects.order_by("pk").iterator(chunk_size=AT_ONCE)
    return next((event for event in rows if content_hash(event) != event.content_hash), None)


def events(
    *, counties: Collection[str] | None, county: str = "", noun: str = "", who: str = "", object: str = "", since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEvent]:  # fmt: skip
    """The rows of these counties (None: of the whole portal), the newest first, narrowed by what is given; days are local and inclusive."""
    found = AuditEvent.objects.order_by("-occurred_at", "-pk")
    if counties is not None:
        found = found.filter(county__in=counties)
    for field, value in (("county", county), ("action__startswith", noun and f"{noun}."), ("username", who), ("object__startswith", object)):
        found = found.filter(**{field: value}) if value else found
    if since:
        found = found.filter(occurred_at__gte=_midnight(since))
    if until:
        found = found.filter(occurred_at__lt=_midnight(until, later=1))
    return found


def _midnight(day: dt.date, later: int = 0) -> dt.datetime:
    """The beginning of a local day, or of one so many days later. Before and after all rows a further day says nothing more, and
    at the ends of the calendar no database knows the moment."""
    within = min(max(day, EARLIEST), LATEST) + dt.timedelta(days=later)
    return timezone.make_aware(dt.datetime.combine(within, dt.time.min))
