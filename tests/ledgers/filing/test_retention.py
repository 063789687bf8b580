"""Facts that were replaced long ago go; what a result stands on, what can be withdrawn to, and every file stay."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEvent
from files import store
from indicators import snapshots
from indicators.models import SnapshotDataset
from ledgers.models import Version
from ledgers.services import get_version, withdraw_version
from ledgers.services.retention import purge_retired
from schools.models import Dataset, SchoolClass

from .conftest import ROWS, YEAR, workbook

pytestmark = pytest.mark.django_db


def test_only_what_nothing_refers_to_goes_and_only_after_its_time(cast, send, approve):
    versions = [approve(send(workbook([*ROWS[:2], ["二年级", "1班", pupils]]))) for pupils in (30, 31, 32, 33)]
    first, second, third, last = (Version.objects.get(pk=version.pk) for version in versions)
    held = snapshots.compute(cast.county, "quality-2017", YEAR)
    SnapshotDataset.objects.create(snapshot=held, dataset=second.dataset)
    soon = timezone.now() + dt.timedelta(days=settings.RETIRED_DATA_DAYS)
    assert purge_retired(soon - dt.timedelta(hours=1)) == 0, "not yet"

    assert purge_retired(soon + dt.timedelta(hours=1)) == 1
    kept = set(Dataset.objects.values_list("pk", flat=True))
    assert kept == {second.dataset_id, third.dataset_id, last.dataset_id}, "a result's, the one to go back to, what stands"
    assert set(SchoolClass.objects.values_list("dataset", flat=True)) == kept
    gone = Version.objects.get(pk=first.pk)
    assert gone.dataset is None and store.read(gone.file), "the file and its history stay"
    assert get_version(cast.actor(cast.officer), gone.filing_id, gone.number).state == "superseded"
    assert AuditEvent.objects.filter(action="dataset.purged").count() == 1

    withdraw_version(filing_id=last.filing_id, number=last.number, reason="有误", by=Actor.operator())
    assert purge_retired(soon + dt.timedelta(days=1)) == 0
    assert Dataset.objects.get(pk=third.dataset_id).state == "standing"
