"""The staged goal: target years in order, for the county and each township, said again it is replaced."""
import pytest

from accounts.models import AuditEvent
from schools.goals import BadGoal, goals_of, remove_goal, set_goal, townships_of
from schools.models import County
from tests.factories import OPERATOR, CountyFactory, TownshipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return CountyFactory()


def test_a_goal_said_again_replaces_the_former_and_each_word_is_logged(county):
    town = TownshipFactory(county=county)
    set_goal(county, stage="basic", target_year=2015, by=OPERATOR)
    set_goal(county, stage="basic", target_year=2016, reached_year=2016, document="县政府文件", by=OPERATOR)
    set_goal(county, stage="quality", target_year=2030, township=town, by=OPERATOR)
    assert [(g.township, g.stage, g.target_year, g.reached_year) for g in goals_of(county)] == [(None, "basic", 2016, 2016), (town, "quality", 2030, None)]
    assert AuditEvent.objects.filter(action="goal.set").count() == 3
    remove_goal(goals_of(county)[0], by=OPERATOR)
    assert len(goals_of(county)) == 1 and townships_of(county) == [town]


@pytest.mark.parametrize("said", [
    {"stage": "gold", "target_year": 2030}, {"stage": "basic", "target_year": 1999}, {"stage": "basic", "target_year": 2030, "reached_year": 2100},
])  # fmt: skip
def test_a_goal_that_will_not_do_is_refused_in_a_sentence(county, said):
    with pytest.raises(BadGoal, match="。"):
        set_goal(county, by=OPERATOR, **said)


def test_a_later_stage_is_not_aimed_at_before_an_earlier_one(county):
    set_goal(county, stage="basic", target_year=2020, by=OPERATOR)
    with pytest.raises(BadGoal, match="依次推后"):
        set_goal(county, stage="quality", target_year=2019, by=OPERATOR)
    with pytest.raises(BadGoal, match="依次推后"):
        set_goal(county, stage="initial", target_year=2021, by=OPERATOR)
    set_goal(county, stage="initial", target_year=2020, by=OPERATOR)


def test_a_township_of_another_county_is_refused(county):
    other = TownshipFactory(county=County.objects.create(code="999902", name="邻县"), name="邻镇")
    with pytest.raises(BadGoal, match="不在本县"):
        set_goal(county, stage="basic", target_year=2020, township=other, by=OPERATOR)
