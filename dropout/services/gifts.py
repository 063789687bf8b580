"""捐赠和关爱款物: what came in, what was given, what is left, and what is published. Exact integers; no balance below zero.

A book is the county's own or one school's. Money is counted in fen, goods by their unit; each name and unit has a balance
of its own.
"""
from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.actor import Actor
from schools import access
from schools.datasets import lock_county
from schools.models import County, School

from ..groups import PRIVATE
from ..models import Child, Gift, Group
from .aid import yuan
from .coverage import SMALL
from .reach import CareConflict, CareError, name_of

VERB = "record_gifts"
RECEIVED, GIVEN = "received", "given"
MONEY, GOODS = "money", "goods"
YUAN = "元"


@dataclass(frozen=True)
class Balance:
    """One kind of thing in one book: integers of its least unit (fen for money)."""

    holder: School | None
    kind: str
    item: str
    unit: str
    received: int
    given: int

    @property
    def left(self) -> int:
        return self.received - self.given

    def shown(self, number: int) -> str:
        return amount_text(self.kind, number)


def amount_text(kind: str, number: int) -> str:
    """Yuan for money, the count for goods."""
    return yuan(number) if kind == MONEY else str(number)


@transaction.atomic
def record_gift(
    county: County, *, holder: School | None = None, on: dt.date, direction: str, kind: str, item: str, unit: str = YUAN, amount: int,
    donor: str = "", school: School | None = None, child: Child | None = None, group: str = "", note: str = "", entry_key: str,
    today: dt.date, by: Actor,
) -> Gift:
    """One line of a book; the same `entry_key` again is the same row. `amount` in fen for money, in whole units for goods.

    Giving more than was there on any day is refused, in words. Raises CareError, PermissionDenied.
    """
    _require(county, holder, by)
    if not entry_key:
        raise ValueError("a gift needs an entry key")
    county = lock_county(county)
    known = Gift.objects.filter(county=county, entry_key=entry_key[:40]).first()
    if known is not None:
        return known
    gift = Gift(
        county=county, holder=holder, on=on, direction=direction, kind=kind, item=" ".join(item.split())[:60],
        unit=YUAN if kind == MONEY else unit.strip()[:10], amount=amount, donor=donor.strip()[:120], school=school, child=child,
        group=group, note=note.strip()[:200], recorded_by=name_of(by), entry_key=entry_key[:40],
    )  # fmt: skip
    _check(gift, by, today)
    if direction == GIVEN:
        _refuse_overdraft([*_rows_of(gift), gift], gift)
    gift.save()
    _record("gift.recorded", gift, by)
    return gift


def _require(county: County, holder: School | None, by: Actor) -> None:
    if holder is None:
        access.require(by, VERB, county=county)
    else:
        access.require(by, VERB, school=holder)


def _check(gift: Gift, by: Actor, today: dt.date) -> None:
    """Raises CareError with what is missing."""
    if gift.direction not in (RECEIVED, GIVEN) or gift.kind not in (MONEY, GOODS):
        raise CareError("请选择收支（接收或发放）和类别（资金或物品）。")
    if not gift.item:
        raise CareError("请填写款物名称，例如“爱心助学金”“书包”。")
    if not gift.unit:
        raise CareError("请填写物品的计量单位，例如“个”“套”。")
    if gift.amount <= 0:
        raise CareError("数额或数量应大于 0。")
    if gift.on > today:
        raise CareError("日期还没有到，请填写实际收支的日期。")
    if gift.direction == RECEIVED and not gift.donor:
        raise CareError("接收款物须写明捐赠方。")
    if gift.direction == RECEIVED and (gift.child or gift.group or gift.school):
        raise CareError("接收款物时不填写发放对象。")
    if gift.direction == GIVEN and not (gift.child or gift.group or gift.school):
        raise CareError("发放款物须写明发放对象：学生、学生类别或学校。")
    if gift.group and (gift.group not in Group.values or gift.group in PRIVATE):
        raise CareError("请从列表中选择学生类别。")
    if gift.child is not None:
        access.require_for_child(by, "view_children", gift.child)


def _rows_of(gift: Gift) -> list[Gift]:
    """The lines of the same book, name and unit."""
    return list(Gift.objects.filter(county=gift.county, holder=gift.holder, kind=gift.kind, item=gift.item, unit=gift.unit))


def _refuse_overdraft(rows: Iterable[Gift], gift: Gift) -> None:
    """Day by day, what comes in counts before what goes out. Raises CareError for the first day that would be below zero."""
    left = 0
    for row in sorted(rows, key=lambda row: (row.on, row.direction != RECEIVED)):
        left += row.amount if row.direction == RECEIVED else -row.amount
        if left < 0:
            short = f"{amount_text(gift.kind, -left)}{gift.unit}"
            raise CareError(f"“{gift.item}”到{row.on:%Y年%m月%d日}的结余不够，还差 {short}，没有登记。请先登记接收，或核对数额和日期。")


@transaction.atomic
def strike_gift(gift: Gift, *, reason: str, by: Actor) -> None:
    """Take out a line entered by mistake, as long as it is not published; what it said stays in the log."""
    _require(gift.county, gift.holder, by)
    if len(" ".join(reason.split())) < 4:
        raise CareError("请写明删除这一笔的原因（至少四个字）。")
    lock_county(gift.county_id)
    row = Gift.objects.select_for_update(of=("self",)).select_related("county", "holder").filter(pk=gift.pk).first()
    if row is None:
        raise CareConflict("这一笔已被删除，请刷新页面。")
    if row.published_on is not None:
        raise CareError("这一笔已经公示，不能删除；请另登记一笔相反的收支并在备注中说明。")
    if row.direction == RECEIVED:
        _refuse_overdraft([one for one in _rows_of(row) if one.pk != row.pk], row)
    _record("gift.struck", row, by, reason=reason[:200])
    row.delete()


@transaction.atomic
def publish_gifts(county: County, *, holder: School | None = None, on: dt.date, by: Actor) -> int:
    """Mark every line of the book not yet published as published that day; returns how many."""
    _require(county, holder, by)
    rows = Gift.objects.select_for_update().filter(county=county, holder=holder, published_on__isnull=True, on__lte=on)
    number = len(list(rows.values_list("pk", flat=True)))
    if number:
        Gift.objects.filter(county=county, holder=holder, published_on__isnull=True, on__lte=on).update(published_on=on)
        audit.record("gifts.published", by=by, county=county.code, object=f"school/{holder.code}" if holder else "", number=number, on=on)
    return number


def _record(action: str, gift: Gift, by: Actor, **detail) -> None:
    audit.record(
        action, by=by, object=f"gift/{gift.pk}", county=gift.county.code, holder=gift.holder.code if gift.holder else "", direction=gift.direction,
        kind=gift.kind, item=gift.item, unit=gift.unit, amount=gift.amount, child=gift.child_id, on=gift.on, **detail,
    )  # fmt: skip


# Reading

def books_of(actor: Actor, county: County) -> tuple[bool, list[School]]:
    """(whether the county's book is the actor's to keep, the schools whose books are)."""
    whole = access.may(actor, VERB, county=county)
    return whole, [] if whole else list(access.schools_of(actor, county, VERB))


def gifts_of(actor: Actor, county: County) -> QuerySet[Gift]:
    """The lines this person sees: all of the county for the bureau, else the books of the own schools."""
    whole, schools = books_of(actor, county)
    scope = Q() if whole else Q(holder__in=schools)
    return Gift.objects.filter(scope, county=county).select_related("holder", "school", "child")


def get_gift(actor: Actor, county: County, pk: int) -> Gift | None:
    return gifts_of(actor, county).filter(pk=pk).first()


def balances(gifts: Iterable[Gift]) -> list[Balance]:
    """One line a book, name and unit; the county's own book first."""
    sums: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    holders: dict[int | None, School | None] = {}
    for gift in gifts:
        holders[gift.holder_id] = gift.holder
        sums[gift.holder_id, gift.kind, gift.item, gift.unit][gift.direction == GIVEN] += gift.amount
    rows = [Balance(holders[holder], kind, item, unit, *both) for (holder, kind, item, unit), both in sums.items()]
    return sorted(rows, key=lambda row: (row.holder.code if row.holder else "", row.kind != MONEY, row.item, row.unit))


@dataclass(frozen=True)
class Published:
    """What may be posted: what came from whom; what went to which kind of children or school. No child, no small count."""

    received: list[dict]
    given: list[dict]
    balances: list[Balance]


def published(gifts: Iterable[Gift]) -> Published:
    """The public list of the published lines."""
    shown = [gift for gift in gifts if gift.published_on is not None]
    received = [
        {"on": gift.on, "item": gift.item, "amount": amount_text(gift.kind, gift.amount), "unit": gift.unit, "donor": gift.donor, "holder": gift.holder}
        for gift in sorted(shown, key=lambda gift: (gift.on, gift.pk)) if gift.direction == RECEIVED
    ]  # fmt: skip
    given: dict[tuple, dict] = {}
    for gift in shown:
        if gift.direction != GIVEN:
            continue
        to = gift.school.name if gift.school and not (gift.group or gift.child_id) else dict(Group.choices).get(gift.group, "其他学生")
        row = given.setdefault((gift.holder_id, gift.kind, gift.item, gift.unit, to), {"holder": gift.holder, "kind": gift.kind, "item": gift.item,
                               "unit": gift.unit, "to": to, "sum": 0, "children": set(), "to_school": not (gift.group or gift.child_id)})  # fmt: skip
        row["sum"] += gift.amount
        if gift.child_id:
            row["children"].add(gift.child_id)
    rows = [{**row, "amount": amount_text(row["kind"], row["sum"]), **_persons(len(row["children"]))} for row in given.values()]
    return Published(received, sorted(rows, key=lambda row: (row["kind"] != MONEY, row["item"], row["to"])), balances(shown))


def _persons(number: int) -> dict:
    """How many children a public line names: under 5 is not said."""
    return {"children": None, "persons": f"不足 {SMALL} 人" if 0 < number < SMALL else f"{number} 人" if number else ""}


def gifts_in(county: County) -> QuerySet[Gift]:
    """All lines of a county, for the public list only."""
    return Gift.objects.filter(county=county, published_on__isnull=False).select_related("holder", "school")
