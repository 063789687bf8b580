"""Tags, pairings and contacts: once however often sent, for the own children only, sealed, logged; coverage counts them."""
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import AuditEvent
from dropout.models import Child, ChildTag, Contact, HelpMode, Pairing
from dropout.services import care, coverage
from dropout.services.child_file import file_of, open_card, open_contacts, open_details
from dropout.services.erasure import erase_child
from dropout.services.reach import CareError
from dropout.shares import each, percent
from schools.models import Staff
from schools.rules import set_local_rule
from tests.factories import OPERATOR

from .world import GUARDIAN, PHONE, TODAY, make_child, tag

D = dt.date


def set_tag(world, name, child, group="poor", **more):
    return care.set_tag(child, group=group, since=D(2026, 9, 1), by=world.actor(name), **more)


def pair(world, name, child, group="poor", helper="周明哲", **more):
    return care.pair(child, group=group, helper_name=helper, since=D(2026, 9, 5), by=world.actor(name), **more)


def contact(world, pairing, name="teacher", **more):
    said = {"on": D(2026, 11, 20), "way": "talk", "content": "谈了想念父母的心情", "entry_key": "k1", "today": TODAY, **more}
    return care.add_contact(pairing, by=world.actor(name), **said)


def test_one_child_has_many_tags_and_each_only_once(world):
    for _ in range(2):
        set_tag(world, "teacher", world.mine)
        set_tag(world, "teacher", world.mine, "left_behind", definition="register", basis="双亲外出")
        set_tag(world, "teacher", world.mine, "left_behind", definition="civil")
    assert sorted(world.mine.tags.values_list("group", "definition")) == [("left_behind", "civil"), ("left_behind", "register"), ("poor", "")]
    set_tag(world, "teacher", world.mine, basis="乡振办名单")
    assert world.mine.tags.get(group="poor").basis == "乡振办名单"


def test_left_behind_without_its_definition_is_refused(world):
    with pytest.raises(CareError, match="学籍口径或民政口径"):
        set_tag(world, "teacher", world.mine, "left_behind")


def test_an_ended_tag_stays_in_the_file_and_the_child_may_join_again(world):
    first = set_tag(world, "teacher", world.mine)
    care.end_tag(world.mine, tag_id=first.pk, until=D(2026, 10, 9), by=world.actor("teacher"))
    care.end_tag(world.mine, tag_id=first.pk, until=D(2026, 10, 20), by=world.actor("teacher"))
    first.refresh_from_db()
    assert first.until == D(2026, 10, 9)
    assert set_tag(world, "teacher", world.mine).pk != first.pk


@pytest.mark.parametrize("name, error", [
    ("other_teacher", Http404), ("middle_clerk", Http404), ("stranger", Http404), ("inspector", Http404), ("supervisor", Http404),
    ("department", Http404), ("officer", PermissionDenied), ("lead", PermissionDenied), ("town", PermissionDenied),
    ("village", PermissionDenied), ("centre", PermissionDenied),
])  # fmt: skip
def test_only_those_who_care_for_the_child_write_its_file(world, name, error):
    for write in (set_tag, pair):
        with pytest.raises(error):
            write(world, name, world.mine)
    held = tag(world.mine, "poor")
    with pytest.raises(error):
        care.end_tag(world.mine, tag_id=held.pk, until=D(2026, 10, 1), by=world.actor(name))
    pairing = pair(world, "teacher", world.mine)
    with pytest.raises(error):
        contact(world, pairing, name)
    with pytest.raises(error):
        care.end_pairing(world.mine, pairing_id=pairing.pk, until=D(2026, 10, 1), by=world.actor(name))
    assert Contact.objects.count() == 0 and Pairing.objects.filter(until__isnull=False).count() == 0


def test_a_contact_sent_twice_is_one_row_and_its_text_is_sealed_under_the_childs_key(world):
    tag(world.mine, "poor")
    pairing = pair(world, "teacher", world.mine)
    assert contact(world, pairing).pk == contact(world, pairing).pk
    row = Contact.objects.get()
    assert "父母" not in row.sealed and row.sealed
    assert care.content_of(row, world.mine) == "谈了想念父母的心情"
    assert AuditEvent.objects.filter(action="contact.logged").count() == 1
    assert "父母" not in str(AuditEvent.objects.get(action="contact.logged").detail)


@pytest.mark.parametrize("changed, words", [
    ({"on": D(2026, 11, 26)}, "还没有到"), ({"on": D(2026, 9, 1)}, "结对期间"), ({"way": "letter"}, "帮扶方式"),
])  # fmt: skip
def test_a_contact_that_cannot_be_is_refused_in_words(world, changed, words):
    tag(world.mine, "poor")
    pairing = pair(world, "teacher", world.mine)
    with pytest.raises(CareError, match=words):
        contact(world, pairing, **changed)
    assert not Contact.objects.exists()


def test_one_to_one_means_one_child(world):
    tag(world.mine, "poor")
    tag(world.next_door, "poor")
    pair(world, "clerk", world.mine, mode=HelpMode.ONE_TO_ONE)
    with pytest.raises(CareError, match="一对一"):
        pair(world, "clerk", world.next_door)
    assert pair(world, "clerk", world.next_door, helper="吴静").mode == HelpMode.ONE_TO_MANY
    with pytest.raises(CareError, match="一对多"):
        pair(world, "clerk", world.mine, helper="吴静", mode=HelpMode.ONE_TO_ONE)


def test_a_helper_is_a_login_of_the_school_or_a_person_by_name_masked(world):
    tag(world.mine, "poor")
    user = world.people["teacher"]
    assert user.pk in care.helpers_for(world.mine) and world.people["other_teacher"].pk not in care.helpers_for(world.mine)
    by_login = care.pair(world.mine, group="poor", helper_user_id=user.pk, since=D(2026, 9, 5), by=world.actor("clerk"))
    assert by_login.helper_user_id == user.pk
    by_name = pair(world, "clerk", world.mine, helper="周明哲")
    assert by_name.helper_name == "周**" and "周明哲" not in str(vars(by_name))
    with pytest.raises(CareError, match="没有任职"):
        care.pair(world.mine, group="poor", helper_user_id=world.people["officer"].pk, since=D(2026, 9, 5), by=world.actor("clerk"))
    with pytest.raises(CareError, match="教师名册"):
        pair(world, "clerk", world.mine, helper="周明哲", helper_id_number="99990019800101001X")


def test_a_helper_known_to_the_staff_register_counts_as_one_person_across_schools(world):
    key = care.keyed_hash("99990019800101001X")
    Staff.objects.create(county=world.county, person_key=key, masked_name="周**")
    for child, name in ((world.mine, "clerk"), (world.elder, "middle_clerk")):
        tag(child, "poor")
        assert pair(world, name, child, helper="周老师", helper_id_number="99990019800101001x").helper_key == key
    loads = coverage.gather(world.actor("officer"), world.county, TODAY).loads
    assert [(load.name, load.children) for load in loads] == [("周**", 2)]


def test_no_pairing_for_a_group_the_child_is_not_in(world):
    with pytest.raises(CareError, match="没有登记这一类别"):
        pair(world, "teacher", world.mine)


def counts(world, name, **more):
    found = coverage.gather(world.actor(name), world.county, TODAY, **more)
    return {row.category.code: row for row in coverage.by_group(found)}


def test_coverage_counts_children_without_a_helper_and_what_is_overdue(world):
    for child in (world.mine, world.next_door, world.elder):
        tag(child, "poor")
    tag(world.mine, "learning")
    pairing = pair(world, "teacher", world.mine)
    contact(world, pairing, on=D(2026, 11, 20))
    pair(world, "clerk", world.next_door)  # nobody has been in contact since 5 September
    Child.objects.filter(pk=world.elder.pk).update(status="out")
    rows = counts(world, "officer")
    poor = rows["poor"]
    assert (poor.children, poor.counted, poor.in_school, poor.without_helper, poor.late) == (3, 3, 2, 1, 2)
    assert (poor.helped, poor.helpers, each(poor.helped, poor.helpers)) == (2, 1, "2.0")
    assert (rows["learning"].children, rows["learning"].without_helper, rows["migrant"].needs_helper) == (1, 0, False)
    found = coverage.gather(world.actor("officer"), world.county, TODAY)
    assert found.lacking() == 1
    assert {child.id: [one.duty.code for one in child.overdue] for child in found.late} == {world.next_door.pk: ["contact"], world.elder.pk: ["helper"]}


def test_children_who_moved_away_are_in_no_rate(world):
    for child in (world.mine, world.next_door):
        tag(child, "poor")
    Child.objects.filter(pk=world.mine.pk).update(status="transferred")
    poor = counts(world, "officer")["poor"]
    assert (poor.children, poor.counted, poor.in_school) == (2, 1, 1)


@pytest.mark.parametrize("name, seen", [
    ("teacher", {1}), ("other_teacher", {2}), ("clerk", {1, 2, 3}), ("head", {1, 2, 3}), ("middle_clerk", {4}), ("officer", {1, 2, 3, 4}),
    ("lead", {1, 2, 3, 4}), ("town", {1, 2, 4}), ("village", {1, 4}), ("centre", {1, 2, 4}), ("inspector", set()), ("supervisor", set()),
    ("stranger", set()), ("department", set()), ("evaluator", set()), ("auditor", set()), ("policy", set()), ("admin", set()),
])  # fmt: skip
def test_each_role_sees_its_own_children_only(world, name, seen):
    children = {1: world.mine, 2: world.next_door, 3: world.at_point, 4: world.elder, 5: world.foreign}
    for child in children.values():
        tag(child, "poor")
    found = coverage.gather(world.actor(name), world.county, TODAY)
    assert {number for number, child in children.items() if child.pk in {one.id for one in found.children}} == seen


def test_a_county_may_ask_for_contacts_more_often(world):
    tag(world.mine, "poor")
    contact(world, pair(world, "teacher", world.mine), on=D(2026, 11, 10))
    assert counts(world, "officer")["poor"].late == 0
    set_local_rule(world.county, parameter="care.contact.days", value="7", document="清教〔2026〕3号", valid_from=D(2026, 9, 1), by=OPERATOR)
    assert counts(world, "officer")["poor"].late == 1


def test_a_class_of_counts_hides_small_numbers_so_that_none_can_be_computed():
    assert coverage.hide_small({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}
    assert coverage.hide_small({"a": 0, "b": 20}) == {"a": 0, "b": 20}
    assert coverage.hide_small({"a": 1, "b": 1, "c": 40, "d": 0}) == {"a": None, "b": None, "c": None, "d": 0}
    assert coverage.hide_small({"a": 3, "b": 4, "c": 40}) == {"a": None, "b": None, "c": 40}


def test_the_queries_are_as_many_for_five_children_as_for_five_hundred(world, django_assert_num_queries):
    officer = world.actor("officer")
    tag(world.mine, "poor")
    with django_assert_num_queries(9):
        coverage.gather(officer, world.county, TODAY)
    rows = [make_child(world.county, 100 + n, school=world.cast.school) for n in range(40)]
    ChildTag.objects.bulk_create([ChildTag(child=child, group="poor", since=D(2026, 9, 1)) for child in rows])
    with django_assert_num_queries(9):
        coverage.gather(officer, world.county, TODAY)


def test_a_view_of_the_data_needs_a_reason_and_leaves_a_line_in_the_log(world):
    for opening, name in ((open_details, "head"), (open_card, "teacher"), (open_contacts, "teacher")):
        with pytest.raises(CareError, match="事由"):
            opening(world.mine, reason=" 看 ", by=world.actor(name))
    assert not AuditEvent.objects.filter(action="child.opened").exists()
    assert open_details(world.mine, reason="联系监护人约定家访", by=world.actor("head"))["监护人"] == GUARDIAN
    card = open_card(world.mine, reason="联系监护人约定家访", by=world.actor("teacher"))
    assert card["联系电话"] == PHONE and set(card) == {"姓名", "监护人", "与学生关系", "联系电话"}
    events = AuditEvent.objects.filter(action="child.opened")
    assert [event.detail["what"] for event in events.order_by("id")] == ["full", "card"]
    assert events.filter(detail__reason="联系监护人约定家访").count() == 2
    assert all(GUARDIAN not in str(event.detail) and PHONE not in str(event.detail) for event in events)


@pytest.mark.parametrize("name, error", [("teacher", PermissionDenied), ("clerk", PermissionDenied), ("village", PermissionDenied), ("inspector", Http404), ("stranger", Http404)])
def test_full_data_are_for_those_who_may_see_personal_data(world, name, error):
    with pytest.raises(error):
        open_details(world.mine, reason="联系监护人约定家访", by=world.actor(name))


@pytest.mark.parametrize("name, error", [("officer", PermissionDenied), ("town", PermissionDenied), ("other_teacher", Http404)])
def test_the_contact_card_is_for_those_who_care_for_the_child(world, name, error):
    with pytest.raises(error):
        open_card(world.mine, reason="联系监护人约定家访", by=world.actor(name))


def test_the_file_names_learning_difficulty_only_to_those_who_care(world):
    tag(world.mine, "learning")
    tag(world.mine, "poor")
    pair(world, "teacher", world.mine, group="learning")
    seen = file_of(world.mine, world.actor("teacher"), TODAY)
    assert {one["tag"].group for one in seen.tags} == {"learning", "poor"} and len(seen.pairings) == 1
    for name in ("officer", "lead", "town", "centre"):
        seen = file_of(world.mine, world.actor(name), TODAY)
        assert {one["tag"].group for one in seen.tags} == {"poor"} and seen.pairings == []


def test_an_erased_child_keeps_its_facts_and_loses_its_words(world):
    tag(world.mine, "poor")
    row = contact(world, pair(world, "teacher", world.mine))
    erase_child(world.mine, world.actor("lead"), "监护人书面申请，县局已核准")
    erase_child(world.mine, world.actor("lead"), "监护人书面申请，县局已核准")
    child = Child.objects.get(pk=world.mine.pk)
    assert (child.masked_name, child.data_key, child.sealed, child.siblings_key) == ("已删除", "", "", "")
    assert child.erased_at and child.grade == 3 and child.tags.count() == 1
    assert care.content_of(row, child) == ""
    with pytest.raises(CareError, match="已按规定删除"):
        open_details(child, reason="联系监护人约定家访", by=world.actor("lead"))
    with pytest.raises(CareError, match="已按规定删除"):
        contact(world, Pairing.objects.select_related("child").get(), entry_key="k2")
    assert AuditEvent.objects.filter(action="child.erased").count() == 1
    assert counts(world, "officer")["poor"].children == 1


@pytest.mark.parametrize("name, error", [("officer", PermissionDenied), ("head", PermissionDenied), ("teacher", PermissionDenied), ("admin", Http404), ("stranger", Http404)])
def test_only_the_countys_lead_erases(world, name, error):
    with pytest.raises(error):
        erase_child(world.mine, world.actor(name), "监护人书面申请，县局已核准")
    assert Child.objects.get(pk=world.mine.pk).erased_at is None


def test_a_duty_that_follows_from_a_private_group_alone_is_listed_only_to_those_who_care(world):
    tag(world.mine, "learning")
    for name, listed in (("teacher", 1), ("clerk", 1), ("officer", 0), ("town", 0)):
        found = coverage.gather(world.actor(name), world.county, TODAY)
        assert len(found.late) == listed and found.lacking() == 1, name
        assert len(file_of(world.mine, world.actor(name), TODAY).overdue) == listed


def test_shares_are_rounded_half_up_once_and_nothing_is_divided_by_nothing():
    assert [percent(1, 3), percent(2, 3), percent(5, 5), percent(1, 2000), percent(0, 7)] == ["33.3%", "66.7%", "100.0%", "0.1%", "0.0%"]
    assert [percent(0, 0), percent(None, 3), each(3, 0), each(None, 2)] == ["—"] * 4
    assert [each(5, 2), each(10, 3), each(1, 20)] == ["2.5", "3.3", "0.1"]
