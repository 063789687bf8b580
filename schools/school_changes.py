"""Dated changes of one school: its versions, its events, and the names and codes it was known by.

A change holds from a day on. What is recorded later for an earlier day (a mistake of registration put right) changes
every version from that day on, and nothing before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import outbox

from . import codes
from .datasets import bump, lock_county
from .models import County, School, SchoolAlias, SchoolEvent, SchoolVersion
from .periods import census_day, current_school_year

PLAIN = (
    "code", "name", "kind", "type_code", "sponsor_code", "area_code", "built_year", "is_boarding", "is_dense_centre",
    "opened_on", "closed_on",
)  # fmt: skip
VERSIONED = ("code", "name", "type_code", "sponsor_code", "area_code", "township_id")
# Events a person records; renaming, recoding and changing the type follow from the change itself.
RECORDED = ("open", "close", "merge", "split")


class BadEvent(ValueError):
    """The event cannot be recorded; the message is a Chinese sentence."""


def first_version(school: School) -> None:
    """How a new school is called and classed, from its opening on (for a school of long ago, from its founding year)."""
    since = school.opened_on or dt.date(school.built_year or 1949, 1, 1)
    census = census_day(current_school_year(timezone.localdate()))
    SchoolVersion.objects.create(
        school=school, valid_from=min(since, census), **{name: getattr(school, name) for name in VERSIONED}
    )


def change(school: School, values: Mapping[str, Any], *, on: dt.date | None = None, document: str = "") -> list[str]:
    """Set the register's fields and record what is dated from `on` (default today); returns what changed.

    In the caller's transaction, under the county lock; `values` None leaves a field as it is.
    """
    before = {name: getattr(school, name) for name in (*PLAIN, "township_id")}
    for name, value in values.items():
        setattr(school, name, value)
    changed = [name for name, value in before.items() if getattr(school, name) != value]
    if not changed:
        return []
    school.save()
    on = on or timezone.localdate()
    moved = {name: getattr(school, name) for name in VERSIONED if name in changed}
    if moved:
        _version_from(school, on, moved, before)
    _events(school, before, changed, on, document)
    return changed


def _version_from(school: School, on: dt.date, moved: dict[str, Any], before: Mapping[str, Any]) -> None:
    held = list(school.versions.order_by("valid_from"))
    former = next((version for version in reversed(held) if version.valid_from <= on), held[0] if held else None)
    since = max(on, held[0].valid_from) if held else on
    was = {name: getattr(former, name) for name in VERSIONED} if former else {name: before[name] for name in VERSIONED}
    SchoolVersion.objects.update_or_create(school=school, valid_from=since, defaults={**was, **moved})
    school.versions.filter(valid_from__gt=since).update(**moved)


def _events(school: School, before: Mapping[str, Any], changed: list[str], on: dt.date, document: str) -> None:
    said = {"school": school, "document": document[:200]}
    if "name" in changed:
        SchoolEvent.objects.create(kind="rename", on=on, note=f"原名：{before['name']}", **said)
        add_alias(school, "name", before["name"], "更名")
    if "code" in changed:
        SchoolEvent.objects.create(kind="recode", on=on, note=f"原标识码：{before['code']}", **said)
        add_alias(school, "code", before["code"], "换码")
    if "type_code" in changed:
        former = codes.SCHOOL_TYPES.get(before["type_code"], before["type_code"])
        SchoolEvent.objects.create(kind="retype", on=on, note=f"原办学类型：{former}", **said)
    for name, kind in (("opened_on", "open"), ("closed_on", "close")):
        if name in changed and getattr(school, name):
            SchoolEvent.objects.get_or_create(school=school, kind=kind, on=getattr(school, name), defaults={"document": document[:200]})


def add_alias(school: School, kind: str, text: str, source: str) -> None:
    """Another name or code the school is known by."""
    SchoolAlias.objects.get_or_create(
        school=school, county_id=school.county_id, kind=kind, text=text, defaults={"source": source}
    )


def update_school(school: School, values: Mapping[str, Any], *, on: dt.date | None = None, document: str = "", by: Actor) -> None:
    """Change one school from the browser, logged and announced."""
    with transaction.atomic():
        county = lock_county(school.county_id)
        school.refresh_from_db()
        changed = change(school, values, on=on, document=document)
        if changed:
            _tell(county, school, "school.changed", by, fields=changed)


def record_event(
    school: School, kind: str, *, on: dt.date, other: School | None = None, document: str = "", note: str = "", by: Actor
) -> SchoolEvent:
    """设立、停办、合并、分立, with the document. A school that closes or is merged into another counts until the day before
    `on`; both schools of a merger or a split carry it in their history. Raises BadEvent."""
    _check_event(school, kind, on, other)
    with transaction.atomic():
        county = lock_county(school.county_id)
        school.refresh_from_db()
        said = {"on": on, "document": document[:200], "note": note[:300]}
        event = SchoolEvent.objects.create(school=school, kind=kind, other=other, **said)
        if other is not None:
            SchoolEvent.objects.create(school=other, kind=kind, other=school, **said)
        if kind in ("close", "merge"):
            school.closed_on = on
        elif school.opened_on is None:
            school.opened_on = on
        school.save(update_fields=["opened_on", "closed_on"])
        _tell(county, school, "school.event_recorded", by, kind=kind, on=on, other=other.code if other else "")
    return event


def _check_event(school: School, kind: str, on: dt.date, other: School | None) -> None:
    if kind not in RECORDED:
        raise BadEvent("请选择设立、停办、合并或分立。")
    if kind in ("merge", "split") and other is None:
        raise BadEvent("合并和分立要写明另一所学校。")
    if kind in ("open", "close") and other is not None:
        raise BadEvent("设立和停办不涉及另一所学校，请改选合并或分立，或不选另一所学校。")
    if other is not None and (other.pk == school.pk or other.county_id != school.county_id):
        raise BadEvent("另一所学校应为本县的另一所学校。")
    if kind in ("close", "merge") and school.opened_on and on <= school.opened_on:
        raise BadEvent(f"日期应晚于该校的启用日期 {school.opened_on}。")


def _tell(county: County, school: School, action: str, by: Actor, **detail: Any) -> None:
    version = bump(county)
    audit.record(action, by=by, county=county.code, object=f"school/{school.code}", data_version=version, **detail)
    outbox.announce("register_changed", county.code, county=county.code)
