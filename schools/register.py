"""Writing the register: the only way townships, schools, campuses and points come to exist.

Re-running updates what is named and leaves the rest. A new name, type, place or code becomes a dated version and event;
a code is new when the row names the former one as 别名代码 and no other row has it.
"""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from jobs import outbox

from .datasets import bump, lock_county
from .models import County, School, SchoolKind, Township
from .register_reading import Register, RegisterProblem, read_register
from .school_changes import PLAIN, add_alias, change, first_version

__all__ = ["Register", "RegisterProblem", "UnknownParent", "apply_register", "open_county", "read_register", "set_townships"]


class UnknownParent(ValueError):
    """A parent or centre school that the register does not know; the message is a Chinese sentence."""


@transaction.atomic
def open_county(*, code: str, name: str, by: Actor) -> tuple[County, bool]:
    """The county of that code, and whether it is new: one that is there keeps its name."""
    county, created = County.objects.get_or_create(code=code, defaults={"name": name})
    if created:
        audit.record("county.opened", by=by, county=code, object=f"county/{code}", name=name)
    return county, created


@transaction.atomic
def apply_register(register: Register, *, county_code: str, county_name: str, by: Actor) -> dict[str, int]:
    """Write a register without errors; returns counts of created, changed and unchanged schools and townships.

    Raises UnknownParent; then nothing is written.
    """
    county, _ = County.objects.get_or_create(code=county_code, defaults={"name": county_name or county_code})
    county = lock_county(county)
    if county_name and county.name != county_name:
        county.name = county_name
        county.save(update_fields=["name"])
    counts = {"townships": 0, "created": 0, "changed": 0, "unchanged": 0}
    townships = _write_townships(county, register, counts)
    held = {school.code: school for school in School.objects.filter(county=county)}
    _recode(register, held, counts)
    for row in register.schools:
        held[row["code"]] = _write_school(county, row, townships, held, counts)
    _link_parents(register, held)
    _link_centres(register, townships, held)
    version = bump(county)
    audit.record(
        "register.applied", by=by, county=county.code, object=f"county/{county.code}", data_version=version, **counts
    )
    outbox.announce("register_changed", county.code, county=county.code)
    return counts


def _write_townships(county: County, register: Register, counts: dict[str, int]) -> dict[str, Township]:
    held = {t.name: t for t in Township.objects.filter(county=county)}
    named = {t["name"]: t for t in register.townships}
    for name in dict.fromkeys([*named, *(s["township"] for s in register.schools if s["township"])]):
        if name not in held:
            held[name] = Township.objects.create(county=county, name=name)
            counts["townships"] += 1
        code = named.get(name, {}).get("code", "")
        if code and held[name].code != code:
            held[name].code = code
            held[name].save(update_fields=["code"])
    return held


def _recode(register: Register, held: dict[str, School], counts: dict[str, int]) -> None:
    """A row of an unknown code that names a known one as its former is that school, under its new code."""
    listed = {row["code"] for row in register.schools}
    for row in register.schools:
        former = [code for code in row["alias_codes"] if code in held and code not in listed]
        if row["code"] in held or not former:
            continue
        school = held.pop(former[0])
        change(school, {"code": row["code"]}, on=row["changed_on"], document=row["document"])
        held[row["code"]] = school
        row["recoded"] = True


def _write_school(
    county: County, row: dict, townships: dict[str, Township], held: dict[str, School], counts: dict[str, int]
) -> School:
    school = held.get(row["code"])
    # An empty cell leaves what is known; only named values change.
    values = {name: row[name] for name in PLAIN if row[name] not in (None, "")}
    if township := townships.get(row["township"]):
        values["township_id"] = township.pk
    if school is None:
        school = School.objects.create(county=county, **{"kind": SchoolKind.WHOLE.value, **values})
        first_version(school)
        counts["created"] += 1
    else:
        changed = change(school, values, on=row["changed_on"], document=row["document"])
        counts["changed" if changed or row.get("recoded") else "unchanged"] += 1
    for kind, texts in (("code", row["alias_codes"]), ("name", row["former_names"])):
        for text in texts:
            add_alias(school, kind, text, "学校名录")
    return school


def _link_parents(register: Register, held: dict[str, School]) -> None:
    for row in register.schools:
        if row["parent"]:
            parent = held.get(row["parent"])
            if parent is None or parent.pk == held[row["code"]].pk:
                raise UnknownParent(f"“{row['name']}”的上级标识码“{row['parent']}”在名录中找不到，请核对后重新导入。")
            School.objects.filter(pk=held[row["code"]].pk).update(parent=parent)


def _link_centres(register: Register, townships: dict[str, Township], held: dict[str, School]) -> None:
    for row in register.townships:
        if row["centre"]:
            if row["centre"] not in held:
                raise UnknownParent(
                    f"乡镇“{row['name']}”的中心校标识码“{row['centre']}”在名录中找不到，请核对后重新导入。"
                )
            Township.objects.filter(pk=townships[row["name"]].pk).update(centre_school=held[row["centre"]])


@transaction.atomic
def set_townships(county: County, rows: list[dict], *, by: Actor) -> None:
    """Write the townships as the browser gives them: {"township": Township | None, "name", "code", "centre_school"}."""
    lock_county(county)
    for row in rows:
        township = row["township"] or Township(county=county)
        township.name, township.code, township.centre_school = row["name"], row["code"], row["centre_school"]
        township.save()
    version = bump(county)
    audit.record("register.townships_set", by=by, county=county.code, object=f"county/{county.code}", data_version=version, townships=len(rows))
    outbox.announce("register_changed", county.code, county=county.code)
