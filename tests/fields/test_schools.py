"""Classes, rooms, nearby enrolment and the cohort, counted by hand."""
import pytest

from schools.class_sizes import count_bands, list_classes

pytestmark = pytest.mark.django_db


def classes(facts, school, *sizes, grade=1):
    facts.put("classes", "schools.SchoolClass", *[{"grade": grade, "name": f"{n + 1}班", "pupils": size} for n, size in enumerate(sizes)], school=school)


def test_a_class_on_its_limit_is_not_over_it_and_one_more_is(facts):
    classes(facts, facts.town, 45, 46, 30)
    classes(facts, facts.junior, 50, 51, 66, grade=7)
    over, largest = facts.tally("classes_over"), facts.tally("largest_class")
    assert (over[facts.town.pk, "primary"], over[facts.junior.pk, "junior"], over[facts.town.pk, "junior"]) == (1, 2, 0)
    assert (largest[facts.town.pk, "primary"], largest[facts.junior.pk, "junior"]) == (46, 66)
    assert (facts.village.pk, "primary") not in over
    assert [cell.text for cell in facts.cells("classes_over", facts.junior, "junior")] == ["51", "66"]
    assert [cell.text for cell in facts.cells("largest_class", facts.town, "primary")] == ["46"]


def test_every_class_is_named_with_its_kind(facts):
    classes(facts, facts.junior, 55, 56, 65, 66, grade=7)
    listed = list_classes(facts.set, facts.parameters)
    assert [(one.name, one.over, one.kind) for one in listed] == [("1班", 5, ""), ("2班", 6, "large"), ("3班", 15, "large"), ("4班", 16, "super")]
    facts.rules["super_large_class"] = "60"
    assert [one.kind for one in list_classes(facts.set, facts.parameters)] == ["", "large", "super", "super"]
    assert {band: n for band, n in count_bands(listed)["junior"].items() if n} == {"from_51": 1, "from_56": 1, "from_61": 1, "from_66": 1}


def test_limits_may_differ_by_stage_and_by_grade(facts):
    classes(facts, facts.town, 41)
    facts.rules["class_size_limit"] = "primary:40,junior:45"
    assert facts.tally("classes_over")[facts.town.pk, "primary"] == 1
    facts.rules.update(class_size_limit="primary:45,junior:50", class_size_grades="1:40,7:45")
    assert facts.tally("classes_over")[facts.town.pk, "primary"] == 1
    facts.rules["class_size_grades"] = "2:40"
    assert facts.tally("classes_over")[facts.town.pk, "primary"] == 0


def test_bands_tell_unless_the_limit_lies_within_one(facts):
    facts.put("classes", "schools.ClassBand", {"grade": 1, "pupils": 130, "classes": 3, "from_41": 2, "from_46": 1}, school=facts.town)
    key = (facts.town.pk, "primary")
    assert facts.tally("classes_over")[key] == 1
    assert key not in facts.tally("largest_class")
    facts.rules["class_size_limit"] = "primary:43,junior:50"
    assert key not in facts.tally("classes_over")


def rooms(facts, *areas, built=None):
    listed = [{"kind": kind, "name": "", "area": area} for kind, area in areas]
    facts.put("school_profile", "schools.SpecialRoom", *listed, school=facts.village)
    return [facts.tally(code).get((facts.village.pk, "")) for code in ("music_rooms", "art_rooms")]


def test_rooms_qualify_from_their_area_on(facts):
    assert rooms(facts, ("music", 9600), ("music", 9599), ("art", 9000), ("art", 8999)) == [1, 1]
    assert [cell.text for cell in facts.cells("music_rooms", facts.village)] == ["9600"]
    assert facts.tally("short_music_rooms")[facts.village.pk, ""] == facts.tally("short_art_rooms")[facts.village.pk, ""] == 1
    assert [cell.text for cell in facts.cells("short_art_rooms", facts.village)] == ["8999"]


def test_a_school_with_one_kind_only_has_none_of_the_other_and_one_without_rooms_is_missing(facts):
    assert rooms(facts) == [None, None]
    assert rooms(facts, ("music", 9600)) == [1, 0]


def test_the_reliefs_of_2019_hold_only_where_they_are_set(facts):
    listed = (("music", 7300), ("music", 5400), ("art", 6699))
    assert rooms(facts, *listed) == [0, 0]
    facts.village.built_year = 2016
    facts.village.save()
    facts.rules["room_area_relief"] = "true"
    assert rooms(facts, *listed) == [1, 0]
    classes(facts, facts.village, 29)
    assert rooms(facts, *listed) == [2, 1]  # a rural school whose largest class is under 30: 54 each
    classes(facts, facts.village, 30)
    assert rooms(facts, *listed) == [1, 0]


def test_only_public_day_schools_of_city_and_town_are_asked_for_nearby_pupils(facts):
    for school, grade in ((facts.town, 1), (facts.village, 1), (facts.junior, 7)):
        classes(facts, school, 40, grade=grade)
    facts.put("school_profile", "schools.Profile", {"primary_in_zone": 39}, school=facts.town)
    assert facts.tally("zone_pupils") == {(facts.town.pk, "primary"): 40, (facts.junior.pk, "junior"): 40}
    assert facts.tally("in_zone_pupils") == {(facts.town.pk, "primary"): 39}
    facts.put("school_profile", "schools.Profile", {"junior_in_zone": 40, "is_boarding": True}, school=facts.junior)
    assert facts.tally("zone_pupils") == {(facts.town.pk, "primary"): 40}
    facts.town.sponsor_code = "10"
    facts.town.save()
    assert facts.tally("zone_pupils") == {}


COHORT = {"graduates": 150, "entrants": 152, "transfers_in": 3, "transfers_out": 4, "deaths": 0}


def test_the_cohort_is_the_countys_sum_and_missing_while_one_school_has_not_told(facts):
    facts.put("school_profile", "schools.Profile", COHORT, school=facts.junior)
    assert {code: facts.county_value(code) for code in COHORT} == COHORT
    assert facts.cells("graduates")[0].text == "150"
    facts.village.type_code = "312"
    facts.village.save()
    assert facts.county_value("graduates") is None
    facts.put("school_profile", "schools.Profile", {**COHORT, "deaths": None}, school=facts.village)
    assert (facts.county_value("graduates"), facts.county_value("deaths")) == (300, None)


def test_a_number_the_county_did_not_give_is_missing_and_zero_is_zero(facts):
    facts.put("county_numbers", "schools.CountyNumbers", {"migrant_bought": 0, "migrant_public": 7})
    assert [facts.county_value(code) for code in ("migrant_bought", "migrant_public", "migrant_eligible")] == [0, 7, None]


def test_a_school_that_says_it_has_no_music_room_has_none_and_is_not_missing(facts):
    facts.put("school_profile", "schools.Profile", {"music_rooms": 0, "art_rooms": 1}, school=facts.village)
    key = (facts.village.pk, "")
    assert facts.tally("music_rooms") == {key: 0}
    assert facts.tally("art_rooms") == {}, "one room whose area nobody told"
