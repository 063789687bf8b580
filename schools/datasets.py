"""Writing datasets: staged by a check, made standing by an approval, retired by the next one. Rows are never updated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from files.models import StoredFile

from .bulk import Table, insert_rows
from .models import County, Dataset, DatasetState, Period, School


def lock_county(county: County | int) -> County:
    """The county-period lock: every pointer flip of a county takes it first. Call inside a transaction."""
    pk = county if isinstance(county, int) else county.pk
    return County.objects.select_for_update().get(pk=pk)


def bump(county: County) -> int:
    """Raise the county's data version by one and return it. Call under lock_county."""
    County.objects.filter(pk=county.pk).update(data_version=F("data_version") + 1)
    county.refresh_from_db(fields=["data_version"])
    return county.data_version


def standing(county: County, ledger: str, period: Period, school: School | None = None) -> Dataset | None:
    """The dataset that stands for this ledger, period and school (or county)."""
    return Dataset.objects.filter(
        county=county, ledger=ledger, period=period, school=school, state=DatasetState.STANDING
    ).first()


def stage(
    *,
    county: County,
    school: School | None,
    ledger: str,
    period: Period,
    file: StoredFile | None,
    row_map: dict,
    rows_by_model: Mapping[str, Table | Iterable[Mapping[str, object]]],
    persons: StoredFile | None = None,
    zero_report: bool = False,
    by: Actor,
) -> Dataset:
    """Write a staged Dataset with its fact rows, in the caller's transaction (one is opened when there is none).

    `rows_by_model` maps a model label ("schools.Premises") to its rows. Raises LookupError for an unknown model.
    """
    with transaction.atomic():
        slot = {"county": county, "ledger": ledger, "period": period, "school": school}
        number = (Dataset.objects.filter(**slot).aggregate(top=Max("number"))["top"] or 0) + 1
        tables = {
            label: table if isinstance(table, Table) else Table.of(table) for label, table in rows_by_model.items()
        }
        dataset = Dataset.objects.create(
            **slot, number=number, file=file, row_map=row_map, persons=persons, zero_report=zero_report,
            rows=max((len(t.rows) for t in tables.values()), default=0),
        )  # fmt: skip
        for label, table in tables.items():
            insert_rows(apps.get_model(label), table, dataset_id=dataset.pk)
        audit.record(
            "dataset.staged", by=by, county=county.code, object=f"dataset/{dataset.pk}", ledger=ledger, rows=dataset.rows,
        )  # fmt: skip
    return dataset


def make_standing(dataset: Dataset, *, by: Actor) -> Dataset | None:
    """Flip the pointer: `dataset` stands, the one that stood is retired and returned. Under the county lock, one transaction.

    A retired dataset may be made standing again (withdrawal of its successor).
    """
    with transaction.atomic():
        county = lock_county(dataset.county_id)
        former = (
            Dataset.objects.filter(
                county=county,
                ledger=dataset.ledger,
                school_id=dataset.school_id,
                period_id=dataset.period_id,
                state=DatasetState.STANDING,
            )
            .exclude(pk=dataset.pk)
            .first()
        )
        if former:
            _retire(former)
        dataset.state, dataset.standing_since, dataset.retired_at = DatasetState.STANDING, timezone.now(), None
        dataset.save(update_fields=["state", "standing_since", "retired_at"])
        version = bump(county)
        audit.record(
            "dataset.standing",
            by=by,
            county=county.code,
            object=f"dataset/{dataset.pk}",
            former=former.pk if former else None,
            data_version=version,
        )
    return former


def retire(dataset: Dataset, *, by: Actor) -> None:
    """Let nothing stand in this slot (withdrawal with no earlier dataset): the figures become incomplete."""
    with transaction.atomic():
        county = lock_county(dataset.county_id)
        _retire(dataset)
        version = bump(county)
        audit.record("dataset.retired", by=by, county=county.code, object=f"dataset/{dataset.pk}", data_version=version)


def facts_in(model: str, dataset_id: int, fields: list[str], *, at_most: int) -> list[tuple]:
    """The values of these fields in the rows of a dataset, `at_most` so many rows."""
    return list(apps.get_model(model)._default_manager.filter(dataset_id=dataset_id).values_list(*fields)[:at_most])


def discard(dataset: Dataset) -> None:
    """Delete a staged dataset and its rows (its version was replaced before approval)."""
    Dataset.objects.filter(pk=dataset.pk, state=DatasetState.STAGED).delete()


def purge(dataset_id: int, *, by: Actor) -> int:
    """Delete a retired dataset with its rows; 1, or 0 when it is not retired. Raises ProtectedError while a result refers to it."""
    dataset = Dataset.objects.select_related("county").filter(pk=dataset_id, state=DatasetState.RETIRED).first()
    if dataset is None:
        return 0
    audit.record("dataset.purged", by=by, county=dataset.county.code, object=f"dataset/{dataset.pk}", ledger=dataset.ledger, rows=dataset.rows)
    dataset.delete()
    return 1


def _retire(dataset: Dataset) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(state=DatasetState.RETIRED, retired_at=timezone.now())
