"""应助尽助: nobody of the due groups is missed, nothing is invented, amounts are exact to the fen against dated standards."""
import datetime as dt

import pytest

from dropout.models import AidRow, Child
from dropout.services import aid
from dropout.services.reach import CareError
from schools.datasets import make_standing, stage
from schools.periods import school_year
from schools.rules import BadRule, set_local_rule
from tests.factories import OPERATOR

from .world import TODAY, tag

D = dt.date
TERM = aid.Term(2026, 1)


def pay(world, *rows, year=2026, stands=True, school=None):
    """An aid ledger of 向阳小学: (child, item, fen, {more})."""
    dataset = stage(
        county=world.county, school=school or world.cast.school, ledger="aid", period=school_year(year), file=None, row_map={},
        rows_by_model={"dropout.AidRow": [
            {"sheet": 0, "row": n, "person_key": child.person_key, "item": item, "term": f"{year}-1", "amount": fen, "explanation": "", "hardship": "", **more}
            for n, (child, item, fen, more) in enumerate(rows, 2)
        ]}, by=OPERATOR,
    )  # fmt: skip
    if stands:
        make_standing(dataset, by=OPERATOR)


def held(world, name="officer", term=TERM, **more):
    return aid.aid_in(world.actor(name), world.county, term, **more)


def ids(rows):
    return {one.child.pk for one in rows}


def test_who_must_be_aided_and_has_no_payment_is_named(world):
    for child, group in ((world.mine, "poor"), (world.next_door, "watched"), (world.at_point, "orphan"), (world.elder, "minimum")):
        tag(child, group)
    pay(world, (world.mine, "day", 25_000, {}))
    found = held(world)
    assert (ids(found.due), ids(found.paid)) == ({world.mine.pk, world.next_door.pk, world.at_point.pk, world.elder.pk}, {world.mine.pk})
    assert ids(found.missing) == {world.next_door.pk, world.at_point.pk, world.elder.pk} and found.has_ledger


def test_migrant_left_behind_and_learning_children_are_not_due_by_that(world):
    for group, definition in (("migrant", ""), ("left_behind", "register"), ("learning", "")):
        tag(world.mine, group, definition=definition)
    assert held(world).due == []


def test_meals_and_books_for_everybody_do_not_count_as_aid(world):
    tag(world.mine, "poor")
    pay(world, (world.mine, "meal", 50_000, {}), (world.mine, "books", 10_000, {}))
    assert ids(held(world).missing) == {world.mine.pk}


def test_a_tag_counts_when_it_held_at_any_time_of_the_term(world):
    tag(world.mine, "poor", since=D(2027, 1, 10))
    tag(world.next_door, "poor", since=D(2027, 2, 10))
    ended = tag(world.elder, "poor", since=D(2025, 9, 1))
    ended.until = D(2026, 9, 1)
    ended.save()
    assert ids(held(world).due) == {world.mine.pk}
    assert ids(held(world, term=aid.Term(2026, 2)).due) == {world.mine.pk, world.next_door.pk}


def test_children_out_of_school_are_not_due_and_a_child_aided_elsewhere_is_paid(world):
    tag(world.mine, "poor")
    tag(world.next_door, "poor")
    Child.objects.filter(pk=world.next_door.pk).update(status="out")
    pay(world, (world.mine, "boarder", 62_500, {"standard": 62_500}), school=world.cast.other_school)
    found = held(world)
    assert ids(found.due) == ids(found.paid) == {world.mine.pk}


def test_only_what_stands_is_paid_and_without_a_ledger_that_is_said(world):
    tag(world.mine, "poor")
    pay(world, (world.mine, "day", 25_000, {}), stands=False)
    assert not held(world).paid and not held(world).has_ledger


def test_amounts_are_compared_with_the_standard_written_and_with_the_countys_of_that_term(world):
    for child in (world.mine, world.next_door, world.at_point, world.elder):
        tag(child, "poor")
    pay(world, (world.mine, "day", 25_000, {"standard": 25_000}), (world.next_door, "day", 24_999, {"standard": 25_000}),
        (world.at_point, "day", 24_999, {"standard": 25_000, "explanation": "学期中转入"}), (world.elder, "day", None, {}))  # fmt: skip
    faults = {one.child.pk: one.faults for one in held(world).faulty}
    assert set(faults) == {world.next_door.pk, world.elder.pk}
    assert "249.99 元与台账所写标准 250 元不符" in faults[world.next_door.pk][0] and "没有写金额" in faults[world.elder.pk][0]
    set_local_rule(world.county, parameter="aid.day.standard", value="primary:501,junior:625", document="清财教〔2026〕1号", valid_from=D(2026, 9, 1), by=OPERATOR)
    found = held(world)
    assert "低于每学期标准 250.50 元" in {one.child.pk: one for one in found.faulty}[world.mine.pk].faults[0]
    assert next(one for one in found.paid if one.child.pk == world.elder.pk).amount is None


def test_what_is_paid_in_parts_is_summed_and_what_is_lacking_is_said_to_the_fen(world):
    tag(world.mine, "poor")
    tag(world.next_door, "poor")
    set_local_rule(world.county, parameter="aid.day.standard", value="501", document="清财教〔2026〕1号", valid_from=D(2026, 9, 1), by=OPERATOR)
    pay(world, (world.mine, "day", 20_000, {}), (world.mine, "day", 5_050, {}), (world.next_door, "day", 20_000, {}), (world.next_door, "day", 5_049, {}))
    [short] = held(world).faulty
    assert short.child == world.next_door and short.faults == ["生活补助(非寄宿)金额 250.49 元，低于每学期标准 250.50 元，少 0.01 元"]


def test_a_boarder_paid_as_a_day_pupil_is_named_where_the_standards_differ(world):
    tag(world.mine, "poor")
    Child.objects.filter(pk=world.mine.pk).update(attends_as="boarder")
    pay(world, (world.mine, "day", 25_000, {}))
    assert held(world).faulty == []
    for item, yuan in (("day", "500"), ("boarder", "1000")):
        set_local_rule(world.county, parameter=f"aid.{item}.standard", value=yuan, document="清财教〔2026〕1号", valid_from=D(2026, 9, 1), by=OPERATOR)
    assert held(world).faulty[0].faults == ["按非寄宿发放，学籍登记为住校，标准偏低"]


def test_a_standard_of_another_year_does_not_reach_back(world):
    tag(world.mine, "poor", since=D(2025, 9, 1))
    pay(world, (world.mine, "day", 25_000, {}), year=2025)
    set_local_rule(world.county, parameter="aid.day.standard", value="1000", document="清财教〔2026〕1号", valid_from=D(2026, 9, 1), by=OPERATOR)
    assert held(world, term=aid.Term(2025, 1)).faulty == []


def test_a_boarders_payment_to_a_day_pupil_is_doubted(world):
    tag(world.mine, "poor")
    pay(world, (world.mine, "boarder", 62_500, {}))
    assert held(world).faulty[0].faults == ["按寄宿发放，学籍登记为走读"]


def test_aid_to_children_without_a_due_tag_is_counted_beside(world):
    tag(world.mine, "poor")
    pay(world, (world.mine, "day", 25_000, {}), (world.next_door, "day", 25_000, {}))
    assert held(world).others == 1


def test_the_county_sets_who_is_due_and_a_word_that_names_nothing_is_refused(world):
    tag(world.mine, "disabled")
    with pytest.raises(BadRule, match="“彩虹”不在可选范围内"):
        set_local_rule(world.county, parameter="aid.due.groups", value="残疾、彩虹", document="清教〔2026〕2号", valid_from=D(2026, 9, 1), by=OPERATOR)
    set_local_rule(world.county, parameter="aid.due.groups", value="残疾、学困", document="清教〔2026〕2号", valid_from=D(2026, 9, 1), by=OPERATOR)
    tag(world.next_door, "learning")
    found = held(world)
    assert ids(found.due) == {world.mine.pk}, "a private group makes no list"
    assert found.titles == ["残疾"]


@pytest.mark.parametrize("name, seen", [("teacher", 1), ("other_teacher", 1), ("clerk", 3), ("middle_clerk", 1), ("officer", 4), ("inspector", 0), ("stranger", 0), ("department", 0)])
def test_each_role_sees_the_aid_of_its_own_children(world, name, seen):
    for child in (world.mine, world.next_door, world.at_point, world.elder, world.foreign):
        tag(child, "poor")
    pay(world, (world.mine, "day", 25_000, {}), (world.next_door, "day", 25_000, {}))
    found = held(world, name)
    assert len(found.due) == seen and AidRow.objects.count() == 2
    assert found.others == 0


def test_terms_are_read_and_follow_the_calendar():
    assert [aid.Term.on(day).code for day in (D(2026, 8, 31), D(2026, 9, 1), D(2027, 1, 31), D(2027, 2, 1))] == ["2025-2", "2026-1", "2026-1", "2026-2"]
    assert aid.Term.on(TODAY).title == "2026-2027学年第一学期"
    for wrong in ("2026", "2026-3", "x-1", ""):
        with pytest.raises(CareError, match="2026-1"):
            aid.Term.read(wrong)
