"""Permission: who sees and does what where; the stranger from the next county is nobody here."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.actor import Actor
from schools import access
from schools.memberships import BadScope, end_membership, give_membership
from schools.models import Membership
from schools.roles import ROLES, VERBS
from tests.factories import OPERATOR, make_cast, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def codes(actor, county, verb=None):
    return [s.code for s in access.schools_of(actor, county, verb)]


def test_the_stranger_gets_404_for_county_and_school(cast):
    stranger = cast.actor(cast.stranger)
    with pytest.raises(Http404):
        access.get_county(stranger, "999901")
    with pytest.raises(Http404):
        access.get_school(stranger, cast.county, cast.school.code)
    assert codes(stranger, cast.county) == []
    assert not access.may(stranger, "approve", school=cast.school)


def test_a_clerk_sees_the_own_school_and_its_points_only(cast):
    clerk = cast.actor(cast.clerk)
    assert codes(clerk, cast.county) == [cast.school.code, cast.point.code]
    with pytest.raises(Http404):
        access.get_school(clerk, cast.county, cast.other_school.code)


def test_a_clerk_files_but_neither_approves_nor_sees_county_results(cast):
    clerk = cast.actor(cast.clerk)
    assert access.may(clerk, "file", school=cast.point)
    assert not access.may(clerk, "approve", school=cast.school)
    with pytest.raises(PermissionDenied):
        access.get_county(clerk, "999901", "view_results")


def test_a_reviewer_of_a_township_covers_its_schools(cast):
    assert codes(cast.actor(cast.reviewer), cast.county) == [cast.point.code]


def test_a_supervisor_covers_every_county_of_the_prefix(cast):
    supervisor = cast.actor(cast.supervisor)
    assert [c.code for c in access.counties_of(supervisor)] == ["999901", "999902"]
    assert access.may(supervisor, "view_results", county=cast.foreign_county)
    assert not access.may(supervisor, "approve", county=cast.county)


def test_an_inspector_reads_results_and_no_filings(cast):
    inspector = cast.actor(cast.inspector)
    assert access.may(inspector, "view_results", county=cast.county)
    assert not access.may(inspector, "view_filing", school=cast.school)
    assert not access.may(inspector, "view_personal", school=cast.school)


def test_a_membership_counts_only_on_its_days(cast):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    late = make_person("late", "inspector", "999901", valid_to=yesterday)
    assert list(access.counties_of(cast.actor(late))) == []


def test_an_ended_membership_gives_nothing(cast):
    held = Membership.objects.get(user=cast.officer)
    end_membership(held, on=timezone.localdate(), by=OPERATOR)
    assert not access.may(cast.actor(cast.officer), "approve", county=cast.county)


def test_a_field_office_is_limited_to_its_ledgers(cast):
    personnel = make_person("personnel", "county_officer", "999901", ledgers=["teachers"])
    actor = cast.actor(personnel)
    assert access.may(actor, "approve", county=cast.county, ledger="teachers")
    assert not access.may(actor, "approve", county=cast.county, ledger="classes")


def test_one_clerk_may_serve_several_points(cast):
    give_membership(cast.clerk, role="school_clerk", scope=cast.other_school.code, by=OPERATOR)
    assert len(codes(cast.actor(cast.clerk), cast.county, "file")) == 3


def test_a_chosen_role_does_not_lend_the_verbs_of_another(cast):
    give_membership(cast.inspector, role="county_officer", scope="999901", by=OPERATOR)
    as_inspector = access.actor_for_user(cast.inspector, role="inspector")
    assert not access.may(as_inspector, "approve", county=cast.county)
    assert access.may(access.actor_for_user(cast.inspector), "approve", county=cast.county)


def test_the_operator_may_do_all_and_nobody_nothing(cast):
    assert access.may(OPERATOR, "approve", county=cast.county)
    assert list(access.counties_of(Actor())) == []


@pytest.mark.parametrize("role, scope", [
    ("school_clerk", "999901"), ("county_officer", "9999010001"), ("supervisor", "99990"), ("county_lead", "999903"),
    ("inspector", "portal"), ("king", "portal"), ("centre_reviewer", "999901/没有的镇"),
])  # fmt: skip
def test_a_role_is_given_only_in_a_scope_of_its_kind(cast, role, scope):
    with pytest.raises(BadScope):
        give_membership(cast.clerk, role=role, scope=scope, by=OPERATOR)


def test_no_role_holds_every_verb():
    assert all(role.verbs < set(VERBS) for role in ROLES.values())
    assert all(not (role.verbs >= {"manage_users", "view_audit"}) for role in ROLES.values())
