"""Seven heads: derived from where a child lives and learns, following its moves; who names whom; letters of responsibility."""
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dropout.classes import class_order
from dropout.models import Head, HeadKind, Pledge
from dropout.services.cases import CaseError
from dropout.services.heads import RolePeople, assign_head, end_head, heads_of, recipients, sign_pledge, spots
from schools import access
from schools.models import Membership
from schools.roles import ROLES
from tests.dropout.world import CLASS, OTHER_CLASS, OTHER_VILLAGE, PDF, VILLAGE, D
from tests.factories import OPERATOR

SINCE, TODAY = D(2025, 9, 1), D(2025, 11, 3)


def name(world, kind, who="某人", by=OPERATOR, since=SINCE, **place):
    return assign_head(county=world.county, kind=kind, name=who, since=since, by=by, **place)


def name_all(world):
    name(world, HeadKind.COUNTY, "县长"), name(world, HeadKind.BUREAU, "局长", user=world.people["lead"])
    name(world, HeadKind.TOWN, "镇长", township=world.town, user=world.people["town"])
    name(world, HeadKind.VILLAGE, "村长", township=world.town, village=VILLAGE)
    name(world, HeadKind.SCHOOL, "校长", school=world.school, user=world.people["head"])
    name(world, HeadKind.TEACHER, "师长", school=world.school, class_text=CLASS)


def named(child, on=TODAY):
    return [r.name for r in heads_of(child, on)]


def test_all_seven_follow_from_home_and_class(world):
    name_all(world)
    heads = heads_of(world.child(), TODAY)
    assert [r.name for r in heads] == ["县长", "镇长", "村长", "局长", "校长", "师长", ""]
    assert [r.kind for r in heads][-1] == HeadKind.PARENT and not any(r.is_gap for r in heads)


def test_they_follow_the_child_by_themselves_and_gaps_show(world):
    name_all(world)
    child = world.child()
    child.village, child.school, child.class_text = OTHER_VILLAGE, world.other_school, "七年级/1班"
    assert named(child) == ["县长", "镇长", "", "局长", "", "", ""]
    assert [r.kind for r in heads_of(child, TODAY) if r.is_gap] == [HeadKind.VILLAGE, HeadKind.SCHOOL, HeadKind.TEACHER]


def test_a_point_answers_through_its_school_and_an_unknown_home_through_the_schools_town(world):
    name_all(world)
    child = world.child(school=world.point, township=None, village="")
    assert named(child)[4] == "校长" and named(child)[1] == "", "the point's town has no head yet"
    name(world, HeadKind.TOWN, "乡长", township=world.other_town)
    assert named(child)[1] == "乡长"


def test_a_successor_ends_the_former_and_history_stays(world):
    name(world, HeadKind.TOWN, "旧镇长", township=world.town)
    name(world, HeadKind.TOWN, "新镇长", township=world.town, since=D(2025, 11, 1))
    child = world.child()
    assert named(child, D(2025, 10, 31))[1] == "旧镇长" and named(child, D(2025, 11, 1))[1] == "新镇长"
    with pytest.raises(CaseError, match="须在其后"):
        name(world, HeadKind.TOWN, "更旧", township=world.town, since=D(2025, 10, 1))
    end_head(head=Head.objects.get(name="新镇长"), on=D(2025, 12, 1), by=OPERATOR)
    assert named(child, D(2025, 12, 1))[1] == ""


@pytest.mark.parametrize("kind, place, allowed", [
    (HeadKind.COUNTY, {}, {"officer", "lead"}), (HeadKind.BUREAU, {}, {"officer", "lead"}),
    (HeadKind.TOWN, {"township": "town"}, {"officer", "lead", "town"}), (HeadKind.VILLAGE, {"township": "town", "village": VILLAGE}, {"officer", "lead", "town"}),
    (HeadKind.SCHOOL, {"school": "school"}, {"officer", "lead", "head"}), (HeadKind.TEACHER, {"school": "school", "class_text": CLASS}, {"officer", "lead", "head"}),
])  # fmt: skip
def test_each_line_names_its_own(world, kind, place, allowed):
    place = {key: getattr(world, value, value) for key, value in place.items()}
    for number, who in enumerate(sorted(world.people)):
        if who in allowed:
            name(world, kind, by=world.actor(who), since=D(2025, 9, 1 + number), **place)
        else:
            with pytest.raises(Http404 if who == "stranger" else PermissionDenied):
                name(world, kind, by=world.actor(who), since=D(2025, 9, 1 + number), **place)


@pytest.mark.parametrize("kind, place, sentence", [
    (HeadKind.TEACHER, {"school": "school"}, "班级"), (HeadKind.VILLAGE, {"township": "town"}, "村"), (HeadKind.PARENT, {}, "家长由学生信息"),
    (HeadKind.SCHOOL, {"school": "foreign_school"}, "本县名录"),
])  # fmt: skip
def test_a_head_needs_the_place_of_its_kind(world, kind, place, sentence):
    with pytest.raises(CaseError, match=sentence):
        name(world, kind, **{key: getattr(world, value) for key, value in place.items()})


def test_the_letter_of_responsibility_is_signed_once_a_year_with_its_scan(world):
    head = name(world, HeadKind.SCHOOL, school=world.school)
    for number in ("1号", "2号"):
        sign_pledge(head=head, year=2025, signed_on=SINCE, number=number, file=("责任书.pdf", PDF), by=world.actor("head"))
    assert Pledge.objects.get().number == "2号" and Pledge.objects.get().file.size == len(PDF)
    with pytest.raises(PermissionDenied):
        sign_pledge(head=head, year=2025, signed_on=SINCE, by=world.actor("town"))
    with pytest.raises(CaseError, match="类型不能接收"):
        sign_pledge(head=head, year=2025, signed_on=SINCE, file=("a.exe", b"MZ"), by=world.actor("head"))


def test_a_reminder_reaches_the_heads_login_or_the_holders_of_the_office(world):
    name_all(world)
    child, people = world.child(), RolePeople()
    by_kind = {r.kind: r.head for r in heads_of(child, TODAY)}
    ids = {name: user.pk for name, user in world.people.items()}
    assert recipients(HeadKind.TOWN, by_kind[HeadKind.TOWN], child, people) == [ids["town"]]
    assert recipients(HeadKind.VILLAGE, by_kind[HeadKind.VILLAGE], child, people) == [ids["village"]]
    assert recipients(HeadKind.TEACHER, None, child, people) == [ids["teacher"]]
    assert recipients(HeadKind.SCHOOL, None, child, people) == [ids["clerk"], ids["head"]]
    world.people["town"].is_active = False
    world.people["town"].save()
    by_kind = {r.kind: r.head for r in heads_of(child, TODAY)}
    assert recipients(HeadKind.TOWN, by_kind[HeadKind.TOWN], child, RolePeople()) == []


def test_one_child_in_hand_is_judged_as_the_query_judges(world):
    children = [
        world.child(), world.child(class_text=OTHER_CLASS), world.child(village=OTHER_VILLAGE), world.child(school=world.point),
        world.child(school=world.other_school, township=world.other_town), world.child(township=None, village=""),
        world.child(school=None, class_text=""), world.child(school=None, class_text="", township=None, village=""),
    ]  # fmt: skip
    for membership in Membership.objects.filter(county=world.county).select_related("county", "township", "school"):
        actor = access.actor_for_user(membership.user, role=membership.role)
        for child in children:
            verb = sorted(ROLES[membership.role].verbs)[0]
            assert access.covers_child(membership, child) == access.may_for_child(actor, verb, child), (membership.role, child.pk)


def test_the_map_names_every_place_and_marks_the_gaps(world):
    name_all(world)
    world.child(), world.child(class_text=OTHER_CLASS, village=OTHER_VILLAGE)
    found = spots(world.county, TODAY, townships=[world.town], schools=[world.school], deep=True)
    assert [(s.kind, s.title, bool(s.head), s.children) for s in found] == [
        (HeadKind.TOWN, "城关镇", True, 2), (HeadKind.VILLAGE, VILLAGE, True, 1), (HeadKind.VILLAGE, OTHER_VILLAGE, False, 1),
        (HeadKind.SCHOOL, "向阳小学", True, 2), (HeadKind.TEACHER, CLASS, True, 1), (HeadKind.TEACHER, OTHER_CLASS, False, 1),
    ]


def test_classes_stand_in_the_order_a_school_counts_them():
    texts = ["三年级/10班", "九年级/1班", "别的班", "三年级/2班", "一年级/1班", "二年级/1班"]
    assert sorted(texts, key=class_order) == ["一年级/1班", "二年级/1班", "三年级/2班", "三年级/10班", "九年级/1班", "别的班"]
