"""The demo's care is told through the services, once, in a few seconds, and its pages have something to show."""

import pytest

from accounts.actor import Actor
from config.demo import care
from dropout.models import Flag, IndividualPlan
from dropout.services import coverage, disabled, gifts

from .world import TODAY, make_child

pytestmark = pytest.mark.django_db


def test_the_story_is_told_once_and_shows_something_everywhere(world):
    for number in range(10, 70):
        make_child(world.county, number, school=world.cast.school, grade=1 + number % 6)
    actors = {name: world.actor(name) for name in ("officer", "lead", "clerk")}
    clerk_of = {world.cast.school.code: world.actor("clerk"), world.cast.point.code: world.actor("clerk"), world.cast.other_school.code: world.actor("middle_clerk")}
    counts = care.play(world.county, actors, clerk_of.get, today=TODAY)
    assert care.play(world.county, actors, clerk_of.get, today=TODAY) == {}
    assert counts["plans"] == 12 and min(counts.values()) > 0
    found = coverage.gather(actors["officer"], world.county, TODAY)
    assert found.lacking() and found.late and found.loads
    assert disabled.plans_of(actors["officer"], world.county, TODAY).late_home
    assert {balance.left >= 0 for balance in gifts.balances(gifts.gifts_of(actors["officer"], world.county))} == {True}
    assert set(Flag.objects.values_list("state", flat=True)) == {"open", "checked"}
    assert IndividualPlan.objects.filter(until__isnull=True).count() == 12


def test_without_children_there_is_nothing_to_tell(world):
    world.county.children.all().delete()
    assert care.play(world.county, {"officer": world.actor("officer")}, lambda code: Actor.operator()) == {}
