"""The staff register: persons come to exist here by the rosters' approval, each under a data key of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring

from django.utils import timezone

from accounts.masking import mask_name
from accounts.secrets import seal_row, seal_rows

from .bulk import Table, insert_rows
from .models import County, Staff

BATCH = 2_000
_quoted = lru_cache(maxsize=64)(encode_basestring)  # the names of the few fields a person has


def register_staff(*, county: County, persons: Mapping[str, Mapping[str, str]]) -> int:
    """Add the persons the county does not know yet and take over corrected names; returns how many were new.

    `persons` {person_key: {"name", "id_number", "phone"}}. Known persons keep their key, so erasing it still erases all.
    An erased person (no data key) is sealed anew only by a fresh row of a roster, under a new key.
    """
    known = _known(county, persons)
    fresh = sorted(key for key in persons if key not in known)  # in the order of the index, which grows at its end
    table = Table(("person_key", "masked_name", "data_key", "sealed"), _sealed(persons, fresh))
    insert_rows(Staff, table, county_id=county.pk, first_seen=timezone.now())
    renamed = [key for key, (masked, data_key) in known.items() if data_key and masked != _masked(persons[key])]
    _rename(county, {key: persons[key] for key in renamed})
    return len(fresh)


def _sealed(persons: Mapping[str, Mapping[str, str]], keys: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """The rows of these persons, sealed some at a time while the database stores those before."""
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        people = [persons[key] for key in some]
        wrapped, texts = zip(*seal_rows(list(map(_text, people))), strict=True)
        masked = [mask_name(person.get("name", ""))[:20] for person in people]
        yield from zip(some, masked, wrapped, texts, strict=True)


def _known(county: County, persons: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """person_key -> (masked name, data key) of those already registered; a large roster reads the county at once."""
    rows = Staff.objects.filter(county=county)
    if len(persons) <= BATCH:
        rows = rows.filter(person_key__in=list(persons))
    return {
        key: (masked, data_key)
        for key, masked, data_key in rows.values_list("person_key", "masked_name", "data_key")
        if key in persons
    }


def _rename(county: County, persons: Mapping[str, Mapping[str, str]]) -> None:
    """Take over corrected names, under the keys the persons already have."""
    changed = list(Staff.objects.filter(county=county, person_key__in=list(persons)))
    for row in changed:
        row.masked_name, row.sealed = (
            _masked(persons[row.person_key]),
            seal_row(row.data_key, _text(persons[row.person_key])),
        )
    Staff.objects.bulk_update(changed, ["masked_name", "sealed"], batch_size=BATCH)


def _masked(person: Mapping[str, str]) -> str:
    return mask_name(person.get("name", ""))[:20]


def _text(person: Mapping[str, str]) -> str:
    """The JSON of one flat person; put together by hand because a roster has 100,000 of them."""
    return "{" + ", ".join([f"{_quoted(name)}: {encode_basestring(value)}" for name, value in person.items() if value]) + "}"


def masked_names(county_id: int, person_keys: Iterable[str]) -> dict[str, str]:
    """person_key -> masked name of the persons the county's staff register knows."""
    keys, found = list(person_keys), {}
    for start in range(0, len(keys), BATCH):
        rows = Staff.objects.filter(county_id=county_id, person_key__in=keys[start : start + BATCH])
        found.update(rows.values_list("person_key", "masked_name"))
    return found
