"""Gifts: exact integers, a balance that is never below zero on any day, one row a sending, and a public list without children."""
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEvent
from dropout.care_forms import read_amount
from dropout.models import Gift
from dropout.services import gifts
from dropout.services.reach import CareError

from .world import SURNAME, TODAY

D = dt.date


def add(world, key, direction="received", amount=100, name="officer", **more):
    said = {"on": D(2026, 10, 12), "kind": "goods", "item": "书包", "unit": "个", **({"donor": "爱心企业"} if direction == "received" else {"group": "poor"}), **more}
    return gifts.record_gift(world.county, direction=direction, amount=amount, entry_key=key, today=TODAY, by=world.actor(name), **said)


def left(world, name="officer"):
    return [(row.holder.code if row.holder else "", row.item, row.received, row.given, row.left) for row in gifts.balances(gifts.gifts_of(world.actor(name), world.county))]


def test_received_given_and_left_add_up_and_a_line_sent_twice_is_one(world):
    for _ in range(2):
        add(world, "a")
        add(world, "b", "given", 30)
    assert left(world) == [("", "书包", 100, 30, 70)]
    assert AuditEvent.objects.filter(action="gift.recorded").count() == 2


def test_giving_more_than_there_is_is_refused_in_words_and_nothing_is_written(world):
    add(world, "a", amount=10)
    with pytest.raises(CareError, match="还差 1个"):
        add(world, "b", "given", 11)
    assert add(world, "c", "given", 10) and left(world) == [("", "书包", 10, 10, 0)]
    with pytest.raises(CareError, match="“大衣”.*还差 1件"):
        add(world, "d", "given", 1, item="大衣", unit="件")


def test_no_day_may_be_below_zero_even_if_the_sum_is_enough(world):
    add(world, "a", amount=10, on=D(2026, 10, 20))
    with pytest.raises(CareError, match="2026年10月12日"):
        add(world, "b", "given", 5, on=D(2026, 10, 12))
    add(world, "c", "given", 5, on=D(2026, 10, 20))
    with pytest.raises(CareError, match="结余不够"):
        add(world, "d", "given", 6, on=D(2026, 10, 21))


def test_units_and_names_and_books_are_kept_apart(world):
    add(world, "a", amount=10)
    add(world, "b", amount=5, unit="套")
    add(world, "c", amount=7, name="clerk", holder=world.cast.school)
    with pytest.raises(CareError):
        add(world, "d", "given", 11)
    assert left(world) == [("", "书包", 10, 0, 10), ("", "书包", 5, 0, 5), (world.cast.school.code, "书包", 7, 0, 7)]
    assert left(world, "clerk") == [(world.cast.school.code, "书包", 7, 0, 7)]


def test_money_is_fen_and_shown_in_yuan_to_the_fen(world):
    add(world, "a", amount=read_amount("1,000.50", "money"), kind="money", item="助学金")
    add(world, "b", "given", read_amount("0.01", "money"), kind="money", item="助学金")
    [row] = gifts.balances(gifts.gifts_of(world.actor("officer"), world.county))
    assert (row.left, row.shown(row.left), row.unit) == (100_049, "1000.49", "元")


@pytest.mark.parametrize("text, kind, words", [
    ("十个", "goods", "不是数字"), ("1.5", "goods", "整数"), ("1.005", "money", "两位小数"), ("0", "money", "大于 0"), ("-3", "goods", "大于 0"),
    ("NaN", "goods", "大于 0"), ("1e20", "money", "大于 0"),
])  # fmt: skip
def test_an_amount_that_is_none_is_refused_and_never_rounded(text, kind, words):
    with pytest.raises(ValueError, match=words):
        read_amount(text, kind)


@pytest.mark.parametrize("direction, changed, words", [
    ("received", {"donor": ""}, "捐赠方"), ("received", {"group": "poor"}, "不填写发放对象"), ("given", {"group": ""}, "发放对象"),
    ("given", {"group": "learning"}, "从列表中选择"), ("received", {"item": " "}, "款物名称"), ("received", {"unit": ""}, "计量单位"),
    ("received", {"on": D(2026, 11, 26)}, "还没有到"), ("received", {"amount": 0}, "大于 0"), ("borrowed", {}, "收支"),
])  # fmt: skip
def test_a_line_that_is_not_whole_is_refused_in_words(world, direction, changed, words):
    with pytest.raises(CareError, match=words):
        add(world, "a", direction, **changed)
    assert not Gift.objects.exists()


@pytest.mark.parametrize("name", ["teacher", "town", "village", "centre", "inspector", "department", "stranger", "auditor"])
def test_others_keep_no_book(world, name):
    for holder in (None, world.cast.school):
        with pytest.raises(PermissionDenied):
            add(world, "a", name=name, holder=holder)


def test_a_school_keeps_its_own_book_only(world):
    for holder in (None, world.cast.other_school):
        with pytest.raises(PermissionDenied):
            add(world, "a", name="clerk", holder=holder)
    add(world, "a", name="clerk", holder=world.cast.point)
    assert gifts.gifts_of(world.actor("middle_clerk"), world.county).count() == 0


def test_a_mistake_is_struck_while_unpublished_unless_others_stand_on_it(world):
    wrong, used = add(world, "a", amount=3, item="棉衣"), add(world, "b", amount=10)
    add(world, "c", "given", 10)
    gifts.strike_gift(wrong, reason="重复登记", by=world.actor("officer"))
    assert AuditEvent.objects.get(action="gift.struck").detail["amount"] == 3
    with pytest.raises(CareError, match="结余不够"):
        gifts.strike_gift(used, reason="重复登记", by=world.actor("officer"))
    assert gifts.publish_gifts(world.county, on=TODAY, by=world.actor("officer")) == 2
    used.refresh_from_db()
    with pytest.raises(CareError, match="已经公示"):
        gifts.strike_gift(used, reason="重复登记", by=world.actor("officer"))


def test_the_public_list_names_no_child_and_no_small_count(world):
    add(world, "a", amount=50)
    add(world, "b", "given", 1, group="", child=world.mine)
    add(world, "c", "given", 20, group="orphan", child=world.next_door)
    add(world, "d", "given", 9, group="", school=world.cast.school)
    assert gifts.published(gifts.gifts_in(world.county)).given == [], "nothing before it is published"
    gifts.publish_gifts(world.county, on=TODAY, by=world.actor("officer"))
    shown = gifts.published(gifts.gifts_in(world.county))
    assert {row["to"]: (row["amount"], row["persons"]) for row in shown.given} == {
        "其他学生": ("1", "不足 5 人"), "孤儿": ("20", "不足 5 人"), "向阳小学": ("9", ""),
    }  # fmt: skip
    assert SURNAME not in str(shown)
    assert [(row["donor"], row["amount"]) for row in shown.received] == [("爱心企业", "50")]
