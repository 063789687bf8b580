"""When a sibling moved: the open checked versions of the same school are checked again against the new surroundings."""
from __future__ import annotations

from collections.abc import Iterable

from ledgers.models import Filing, State, Version

from .receiving import enqueue_check
from .surroundings import facts_year


def recheck_siblings(moved: Filing, *, without: Iterable[int] = ()) -> list[int]:
    """Queue the check of every other open checked or faulty version of the school (county ledgers: of the county) whose
    figures serve the same school year, in the caller's transaction; `without`: ids of versions just checked. Returns ids."""
    year = facts_year(moved.period)
    siblings = Version.objects.filter(
        filing__county_id=moved.county_id, filing__school_id=moved.school_id, state__in=[State.CHECKED, State.FAULTY],
        filing__open_id__isnull=False, file__isnull=False,
    ).exclude(filing=moved).exclude(pk__in=list(without)).select_related("filing__period", "filing__county", "filing__school")  # fmt: skip
    found = [version for version in siblings if version.filing.open_id == version.pk and facts_year(version.filing.period) == year]
    for version in found:
        enqueue_check(version)
    return [version.pk for version in found]
