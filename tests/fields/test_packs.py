"""The shipped packs name parameters that exist, and change the county's result only."""
import datetime as dt

import pytest

from schools.class_sizes import list_classes
from schools.packs import PACKS
from schools.parameters import NATIONAL, PARAMETERS, parse, resolve
from schools.rules import apply_pack

from .conftest import BY, a_move, a_teacher

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 9, 1)


def test_the_three_packs_of_the_contract_are_there():
    assert set(PACKS) >= {"taizhou-2017", "jiangsu-class-size", "gongyi-2020"}


def test_the_frequencies_of_home_teaching_seen_in_four_places_are_packs(facts):
    expected = {"shandong": (2, 6, 216, 0), "ningxia": (1, 2, 0, 0), "hainan": (1, 2, 0, 30), "huaiyuan": (2, 2, 30, 0)}
    names = ("visits_per_week", "lessons_per_week", "lessons_per_year", "minutes_per_lesson")
    for place, values in expected.items():
        apply_pack(facts.county, f"home-teaching-{place}", by=BY)
        local = resolve(facts.county.code, dt.date(2026, 9, 1))
        assert tuple(local.get(f"home_teaching.{name}") for name in names) == values, place


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_every_rule_of_a_pack_sets_a_declared_parameter_to_a_value_of_its_type(pack, facts):
    for rule in pack.rules:
        parse(PARAMETERS[rule.parameter], rule.value)
        assert rule.clause
    assert len(apply_pack(facts.county, pack.code, by=BY)) == len(pack.rules)


def test_taizhou_counts_small_schools_as_three_hundred_and_by_cycle(facts):
    apply_pack(facts.county, "taizhou-2017", by=BY)
    local = resolve(facts.county.code, DAY)
    assert (local.get("small_school_floor"), local.get("exchange_period"), local.get("super_large_class")) == (300, "cycle", 60)
    assert (NATIONAL.get("small_school_floor"), local.national().get("small_school_floor")) == (100, 100)
    for school in (facts.town, facts.village, facts.junior):
        facts.put("teachers", "teachers.Teacher", a_teacher(f"x{school.pk}"), school=school)
    facts.put("exchange", "teachers.Exchange", a_move(f"x{facts.town.pk}", start=202409, end=202506), school=facts.town, year=2024)
    facts.put("exchange", "teachers.Exchange", a_move(f"x{facts.village.pk}", to_code=facts.town.code), school=facts.village)
    assert facts.county_value("exchanged_teachers") == 1
    facts.rules["exchange_period"] = "cycle"
    assert facts.county_value("exchanged_teachers") == 2


def test_jiangsu_lowers_the_class_limit_for_the_county(facts):
    apply_pack(facts.county, "jiangsu-class-size", by=BY)
    assert resolve(facts.county.code, DAY).get("class_size_limit") == {"primary": 40, "junior": 45}


def test_gongyi_asks_rural_schools_only_for_their_share(facts):
    apply_pack(facts.county, "gongyi-2020", by=BY)
    local = resolve(facts.county.code, DAY)
    rural = next(school for school in facts.set.schools if school.code == facts.village.code)
    assert [s.scope for s in local.settings["training_share"]] == ["rural"]
    assert str(local.get("training_share", school=rural)) == "1/20"


def test_large_classes_are_banned_in_the_grades_a_place_names(facts):
    facts.put("classes", "schools.SchoolClass", {"grade": 1, "name": "a", "pupils": 56}, {"grade": 2, "name": "b", "pupils": 56}, {"grade": 1, "name": "c", "pupils": 55}, school=facts.town)
    facts.rules["large_class_free_grades"] = "1,7"
    assert [(one.name, one.banned) for one in list_classes(facts.set, facts.parameters)] == [("a", True), ("c", False), ("b", False)]
