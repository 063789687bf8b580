"""Tags follow the ledgers that own them: which groups a child belongs to is what the standing ledgers say today.

Computed anew from the facts for every child a new dataset names or no longer names, so it does not depend on the order in
which ledgers arrive; a tag a person gave (`source` person) is never touched.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from dropout.models import CareRow, Child, ChildStatus, ChildTag, DisabledRow, Group, ListedChild, Pupil
from schools.models import County, Dataset, DatasetState

BATCH = 2_000
REGISTER, CIVIL = "register", "civil"  # the two definitions of 留守
# The ledgers that own tags; where two say the same, the first is named as the source.
OWNERS = ("poverty", "disabled", "disabled_list", "care", "pupils")
PRESENT = ("", ChildStatus.ENROLLED.value, ChildStatus.SUSPENDED.value)
Claim = tuple[str, str]  # group, definition


def retag(county: County, keys: Iterable[str], *, on: dt.date) -> None:
    """Open and close the tags of these children so that they say what the owning ledgers say now."""
    listed, current = list(dict.fromkeys(key for key in keys if key)), current_datasets(county, OWNERS)
    for start in range(0, len(listed), BATCH):
        _retag(county, listed[start : start + BATCH], current, on)


def _retag(county: County, keys: list[str], current: dict[int, str], on: dt.date) -> None:
    children = dict(Child.objects.filter(county=county, person_key__in=keys).values_list("person_key", "pk"))
    wanted: dict[tuple[int, str, str], tuple[str, str]] = {}
    for ledger in OWNERS:
        ids = [pk for pk, code in current.items() if code == ledger]
        for key, (group, definition), basis in _claims(ledger, ids, keys) if ids else ():
            if key in children:
                wanted.setdefault((children[key], group, definition), (ledger, basis))
    held = {(tag.child_id, tag.group, tag.definition): tag for tag in ChildTag.objects.filter(child_id__in=children.values(), until__isnull=True)}
    ended = [tag.pk for place, tag in held.items() if place not in wanted and tag.source in OWNERS]
    ChildTag.objects.filter(pk__in=ended).update(until=on)
    moved = [tag for place, tag in held.items() if place in wanted and tag.source in OWNERS and (tag.source, tag.basis) != wanted[place]]
    for tag in moved:
        tag.source, tag.basis = wanted[tag.child_id, tag.group, tag.definition]
    ChildTag.objects.bulk_update(moved, ["source", "basis"])
    fresh = [
        ChildTag(child_id=child, group=group, definition=definition, source=source, basis=basis, since=on)
        for (child, group, definition), (source, basis) in sorted(wanted.items()) if (child, group, definition) not in held
    ]  # fmt: skip
    ChildTag.objects.bulk_create(fresh, batch_size=BATCH)


def current_datasets(county: County, ledgers: Iterable[str]) -> dict[int, str]:
    """dataset id -> ledger of what each school (or the county) said last: the newest standing period of each slot."""
    rows = Dataset.objects.filter(county=county, ledger__in=list(ledgers), state=DatasetState.STANDING, withdrawn=False)
    newest: dict[tuple[str, int | None], int] = {}
    for pk, ledger, school in rows.order_by("period__start", "pk").values_list("pk", "ledger", "school_id"):
        newest[ledger, school] = pk
    return {pk: ledger for (ledger, _), pk in newest.items()}


def _claims(ledger: str, ids: list[int], keys: list[str]) -> Iterator[tuple[str, Claim, str]]:
    """(person_key, (group, definition), basis) that a ledger's facts say."""
    own = {"dataset_id__in": ids, "person_key__in": keys}
    if ledger == "poverty":
        for key in ListedChild.objects.filter(**own).values_list("person_key", flat=True):
            yield key, (Group.POOR.value, ""), "脱贫户和监测对象子女名单"
    elif ledger in ("disabled", "disabled_list"):
        listed = "残联名单" if ledger == "disabled_list" else "一人一案台账"
        for key, certified in DisabledRow.objects.filter(**own).values_list("person_key", "has_certificate"):
            yield key, (Group.DISABLED.value, ""), "残疾人证" if certified else listed
    elif ledger == "care":
        for key, groups, basis in CareRow.objects.filter(**own).values_list("person_key", "groups", "basis"):
            for code in filter(None, groups.split(",")):
                group, _, definition = code.partition(".")
                yield key, (group, definition or (REGISTER if group == Group.LEFT_BEHIND else "")), basis
    else:
        yield from _roster_claims(own)


def _roster_claims(own: dict) -> Iterator[tuple[str, Claim, str]]:
    fields = ("person_key", "left_behind", "is_migrant", "is_orphan", "disability")
    for key, left, migrant, orphan, disability in Pupil.objects.filter(**own, status__in=PRESENT).values_list(*fields):
        if left in ("one", "both"):
            yield key, (Group.LEFT_BEHIND.value, REGISTER), "学籍登记"
        if migrant:
            yield key, (Group.MIGRANT.value, ""), "学籍登记"
        if orphan:
            yield key, (Group.ORPHAN.value, ""), "学籍登记"
        if disability not in ("", "none"):
            yield key, (Group.DISABLED.value, ""), "学籍登记"
