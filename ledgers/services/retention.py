"""Facts long retired go: nothing kept refers to them any more. Files, versions and their history stay (design: Facts)."""
from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from ledgers.models import Filing, Version
from schools import datasets
from schools.models import Dataset, DatasetState


def purge_retired(now: dt.datetime | None = None) -> int:
    """Delete the datasets of filings that were retired longer than the retention ago; returns how many went.

    Kept: what a kept result stands on (the database refuses), and the newest retired one of each filing, so that what
    stands can always be withdrawn.
    """
    limit = (now or timezone.now()) - dt.timedelta(days=settings.RETIRED_DATA_DAYS)
    return sum(_purge(dataset_id) for dataset_id in list(_purgeable(limit).values_list("pk", flat=True)))


def _purgeable(limit: dt.datetime) -> QuerySet[Dataset]:
    old = Dataset.objects.filter(state=DatasetState.RETIRED, retired_at__lt=limit)
    slot = {name: OuterRef(name) for name in ("county", "ledger", "period")}
    later = Dataset.objects.filter(**slot, state=DatasetState.RETIRED, number__gt=OuterRef("number"))
    of_school = later.filter(school=OuterRef("school"))
    of_county = later.filter(school=None)
    return (
        old.filter(Exists(of_school), school__isnull=False) | old.filter(Exists(of_county), school__isnull=True)
    ).filter(Exists(Version.objects.filter(dataset=OuterRef("pk")))).order_by("pk")


def _purge(dataset_id: int) -> int:
    try:
        with transaction.atomic():
            county = datasets.lock_county(Dataset.objects.values_list("county_id", flat=True).get(pk=dataset_id))
            held = Version.objects.filter(dataset=dataset_id)
            if held.filter(pk__in=Filing.objects.filter(county=county).values("standing")).exists():
                return 0  # made standing again meanwhile
            held.update(dataset=None)
            return datasets.purge(dataset_id, by=Actor.system("retention"))
    except ProtectedError:
        return 0
