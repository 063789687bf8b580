"""The one file of a child: what everybody who sees it may read, and what is opened only with a reason and a log entry."""
from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import unseal_row
from schools import access
from schools.models import DatasetState
from schools.parameters import resolve

from ..duties import CareState, Clock, Overdue, Settings, overdue
from ..groups import category_of
from ..models import (
    AidItem,
    AidRow,
    Case,
    Child,
    ChildTag,
    Contact,
    Flag,
    HomeLesson,
    IndividualPlan,
    Pairing,
)
from ..warning import RULES
from .aid import yuan
from .calendars import school_days_of
from .care import content_of
from .coverage import NOT_COUNTED
from .reach import CareError

REASON_LEAST = 4  # characters: "看看" says nothing
DELETED = "已删除"
# The keys of Child.sealed in the order they are shown, with their titles.
DETAILS = {
    "name": "姓名", "id_number": "身份证号", "registration": "全国学籍号", "guardian": "监护人", "relation": "与学生关系", "phone": "联系电话", "address": "住址",
}  # fmt: skip
CARD = ("name", "guardian", "relation", "phone")


@dataclass
class ChildFile:
    """Everything of one child that this actor may read without a reason. Private tags only for those who care for it."""

    child: Child
    may_care: bool
    tags: list[dict]
    former_tags: list[dict]
    pairings: list[Pairing]
    contacts: list[Contact]
    plans: list[IndividualPlan]
    lessons: list[HomeLesson]
    aid: list[dict]
    cases: list[Case]
    flags: list[dict]
    overdue: list[Overdue]


def file_of(child: Child, actor: Actor, on: dt.date) -> ChildFile:
    """The file as this actor may see it."""
    cares = access.may_for_child(actor, "care", child)
    tags = [tag for tag in ChildTag.objects.filter(child=child).order_by("since", "id") if cares or not _is_private(tag.group)]
    pairings = [p for p in Pairing.objects.filter(child=child) if cares or not _is_private(p.group)]
    contacts = Contact.objects.filter(pairing__in=pairings).select_related("pairing").order_by("-on", "-id")
    held = [_tag(tag) for tag in tags]
    return ChildFile(
        child, cares,
        [tag for tag in held if tag["open"]], [tag for tag in held if not tag["open"]],
        pairings, list(contacts[:60]),
        list(IndividualPlan.objects.filter(child=child).select_related("school")),
        list(HomeLesson.objects.filter(child=child)[:60]), aid_of(child),
        list(Case.objects.filter(child=child).select_related("school")),
        [shown_flag(flag, cares) for flag in Flag.objects.filter(child=child).select_related("case").order_by("-raised_on", "-id")],
        _overdue(child, on, cares) if child.status not in NOT_COUNTED else [],
    )  # fmt: skip


def _is_private(group: str) -> bool:
    category = category_of(group)
    return category is None or category.is_private


def _tag(tag: ChildTag) -> dict:
    return {"tag": tag, "category": category_of(tag.group, tag.definition), "open": tag.until is None}


def shown_flag(flag: Flag, cares: bool) -> dict:
    """A flag with the reasons this actor may read."""
    # The score goes with them: a sum beside its open parts would tell the hidden one.
    shown = [one for one in flag.rules if cares or not (one["code"] in RULES and RULES[one["code"]].private)]
    return {"flag": flag, "rules": shown, "score": flag.score if cares else None}


def _overdue(child: Child, on: dt.date, cares: bool) -> list[Overdue]:
    state = CareState(has_card=bool(child.siblings_key))
    for tag in ChildTag.objects.filter(child=child, until__isnull=True):
        state.groups[tag.group] = min(tag.since, state.groups.get(tag.group, tag.since))
    for one in Pairing.objects.filter(child=child, until__isnull=True):
        state.helped[one.group] = min(one.since, state.helped.get(one.group, one.since))
    for way, day in Contact.objects.filter(pairing__child=child).order_by("on").values_list("way", "on"):
        state.contacts[way] = day
    clock = Clock.at(on, Settings.of(resolve(child.county.code, on)), school_days_of(child.county, on))
    return overdue(state if cares else state.in_the_open(), clock)


def aid_of(child: Child) -> list[dict]:
    """What was paid to the child by the standing aid ledgers, newest term first."""
    rows = AidRow.objects.filter(
        dataset__county=child.county, dataset__ledger="aid", dataset__state=DatasetState.STANDING, person_key=child.person_key
    )
    return [
        {"row": row, "item": AidItem(row.item).label, "amount": None if row.amount is None else yuan(row.amount)} for row in rows.order_by("-term", "item")
    ]


@transaction.atomic
def open_details(child: Child, *, reason: str, by: Actor) -> dict[str, str]:
    """The child's personal data in full, {title: value}: verb view_personal, a reason, a line in the log."""
    access.require_for_child(by, "view_personal", child)
    return _opened(child, tuple(DETAILS), reason, by, "full")


@transaction.atomic
def open_card(child: Child, *, reason: str, by: Actor) -> dict[str, str]:
    """What the contact card holds, for those who care for the child: name, guardian, phone; with a reason, logged."""
    access.require_for_child(by, "care", child)
    return _opened(child, CARD, reason, by, "card")


@transaction.atomic
def open_contacts(child: Child, *, reason: str, by: Actor) -> list[tuple[Contact, str]]:
    """What was said in the contacts, for those who care for the child; with a reason, logged."""
    access.require_for_child(by, "care", child)
    _log(child, reason, by, "contacts")
    held = Contact.objects.filter(pairing__child=child).select_related("pairing").order_by("-on", "-id")
    return [(contact, content_of(contact, child)) for contact in held]


def _opened(child: Child, keys: tuple[str, ...], reason: str, by: Actor, what: str) -> dict[str, str]:
    if not child.data_key:
        raise CareError("这名学生的个人信息已按规定删除，无法查看。")
    _log(child, reason, by, what)
    held = json.loads(unseal_row(child.data_key, child.sealed))
    return {DETAILS[key]: held[key] for key in keys if held.get(key)}


def _log(child: Child, reason: str, by: Actor, what: str) -> None:
    """Raises CareError for an empty reason: no view of a child's data without one."""
    said = " ".join(reason.split())
    if len(said) < REASON_LEAST:
        raise CareError("请写明查看的事由（至少四个字），例如“联系监护人约定家访”。事由和查看人、时间一起留存。")
    audit.record("child.opened", by=by, object=f"child/{child.pk}", county=child.county.code, reason=said[:200], what=what)

