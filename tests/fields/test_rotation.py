"""Rotation counted by hand: who is eligible, who counts, once a person; B2 only while A4 is absent."""
import pytest

from teachers.rotation import directions, flows, rotation

from .conftest import a_move, a_teacher

pytestmark = pytest.mark.django_db
CODES = ("eligible_teachers", "exchanged_teachers", "exchanged_backbone", "exchanged_heads")


@pytest.fixture
def staffed(facts):
    """Ten teachers: a0-a5 of six years and more, a6-a7 newer, at the town school; b0 at the village, c0 at the junior school."""
    town = [a_teacher(f"a{n}") for n in range(6)] + [a_teacher("a6", arrived_at=201910), a_teacher("a7", arrived_at=202409)]
    facts.put("teachers", "teachers.Teacher", *town, school=facts.town)
    facts.put("teachers", "teachers.Teacher", a_teacher("b0", arrived_at=201909), school=facts.village)
    facts.put("teachers", "teachers.Teacher", a_teacher("c0", stage="junior", certificate="junior", arrived_at=202309), school=facts.junior)
    return facts


def counted(facts) -> list:
    return [facts.county_value(code) for code in CODES]


def test_six_years_at_the_school_on_the_census_day_are_enough_and_a_month_less_is_not(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), a_move("a1", backbone_level="county", post="head"), school=staffed.town)
    assert counted(staffed) == [7, 2, 1, 1]  # a0-a5 and b0 (201909); a6 came a month too late
    assert len(staffed.cells("eligible_teachers")) == 7
    assert [cell.field for cell in staffed.cells("exchanged_teachers")] == ["start", "start"]


def test_a_person_stated_eligible_when_sent_stays_in_the_denominator(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("c0"), a_move("a7", eligible=False), school=staffed.town)
    assert counted(staffed)[:2] == [8, 2]


def test_one_person_counts_once_a_year_and_short_exchanges_do_not(staffed):
    staffed.put(
        "exchange", "teachers.Exchange", a_move("a0", end=202606), a_move("a1", end=202605), a_move("a2", end=None), a_move("a3", start=202603, end=202612),
        a_move("a0", start=202607, end=202706), school=staffed.town,
    )  # fmt: skip
    found = rotation(staffed.set, staffed.parameters)
    assert {move.person for move in found.exchanged} == {"a0", "a2", "a3"}
    assert [move.person for move in found.short] == ["a1"]
    staffed.rules["exchange_months"] = "9"
    assert counted(staffed)[1] == 4


def test_an_exchange_of_last_school_year_is_not_counted_again_unless_by_cycle(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("a0", start=202409, end=202607), school=staffed.town, year=2024)
    staffed.put("exchange", "teachers.Exchange", a_move("a0", start=202409, end=202607), a_move("a1"), school=staffed.town)
    assert counted(staffed)[1] == 1
    staffed.rules.update(exchange_period="cycle", exchange_cycle_years="3")
    assert counted(staffed)[1] == 2


def test_a_blank_level_is_taken_from_the_roster_unless_it_has_run_out(staffed):
    staffed.put("teachers", "teachers.Teacher", a_teacher("b1", backbone_level="city"), a_teacher("b2", backbone_level="city", backbone_valid_to=202508), school=staffed.village)
    staffed.put("exchange", "teachers.Exchange", a_move("b1", backbone_level=""), a_move("b2", backbone_level=""), school=staffed.village)
    assert counted(staffed)[2] == 1


def test_exclusions_shrink_the_denominator_only_where_a_place_sets_them(staffed):
    staffed.put("teachers", "teachers.Teacher", a_teacher("b1", duty="sick"), a_teacher("b2", birth=197009), a_teacher("b3", birth=197010), school=staffed.village)
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), school=staffed.town)
    assert counted(staffed)[0] == 9
    staffed.rules["exchange_excluded_duties"] = "sick"
    assert counted(staffed)[0] == 8
    staffed.rules["exchange_age_limit"] = "55"  # b2 is 55 on the census day, b3 a month short of it
    assert counted(staffed)[0] == 7


def test_without_an_arrival_month_or_a_roster_the_denominator_is_missing_and_not_smaller(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), school=staffed.town)
    staffed.put("teachers", "teachers.Teacher", a_teacher("b0", arrived_at=None), school=staffed.village)
    assert counted(staffed)[:2] == [None, 1]
    assert "到本校时间" in rotation(staffed.set, staffed.parameters).reason


def test_a_missing_roster_leaves_the_denominator_missing(facts):
    facts.put("teachers", "teachers.Teacher", a_teacher("a0"), school=facts.town)
    facts.put("exchange", "teachers.Exchange", a_move("a0"), school=facts.town)
    assert counted(facts)[:2] == [None, 1]
    assert "王庄小学" in rotation(facts.set, facts.parameters).reason


def test_nobody_eligible_is_zero_and_not_missing(facts):
    for school in (facts.town, facts.village, facts.junior):
        facts.put("teachers", "teachers.Teacher", a_teacher(f"x{school.pk}", arrived_at=202509), school=school)
    facts.put("exchange", "teachers.Exchange", school=facts.town)
    assert counted(facts) == [0, 0, 0, 0]


def test_the_countys_own_numbers_stand_in_only_while_the_ledger_is_absent(staffed):
    staffed.put("county_numbers", "schools.CountyNumbers", {"eligible_teachers": 100, "exchanged_teachers": 10, "exchanged_backbone": 2, "exchanged_heads": 1})
    assert counted(staffed) == [100, 10, 2, 1]
    assert staffed.cells("eligible_teachers")[0].model == "schools.CountyNumbers"
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), school=staffed.town)
    assert counted(staffed) == [7, 1, 0, 0]


def test_flows_and_directions_name_both_ends(staffed):
    staffed.put(
        "exchange", "teachers.Exchange", a_move("a0"), a_move("a1"), a_move("a2", to_code="9999010003", to_text="城关中学"),
        a_move("a3", to_code="", to_text="邻省小学", form="support"), school=staffed.town,
    )  # fmt: skip
    moves = rotation(staffed.set, staffed.parameters).exchanged
    assert [(flow.school.name, flow.to_name, flow.persons) for flow in flows(staffed.set, moves)] == [
        ("城关小学", "王庄小学", 2), ("城关小学", "城关中学", 1), ("城关小学", "邻省小学", 1)
    ]  # fmt: skip
    assert directions(staffed.set, moves) == {"镇→乡": 2, "镇→城": 1, "县外": 1}


def test_a_place_may_count_last_year_only_the_eligible_and_leave_schools_out(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("a5", start=202409, end=202507), school=staffed.town, year=2024)
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), a_move("a7", eligible=False), school=staffed.town)
    assert counted(staffed)[:2] == [7, 2]
    staffed.rules["exchange_eligible_only"] = "true"
    assert counted(staffed)[:2] == [7, 1]
    assert [move.person for move in rotation(staffed.set, staffed.parameters).ineligible] == ["a7"]
    staffed.rules["exchange_period"] = "last_year"
    assert counted(staffed)[:2] == [7, 1]
    staffed.rules["exchange_asked"] = "false"
    assert staffed.county_value("eligible_teachers") is None, "no school is asked at all"


def test_directions_count_person_times_and_the_ratio_counts_persons(staffed):
    staffed.put("exchange", "teachers.Exchange", a_move("a0", start=202309, end=202406), school=staffed.town, year=2023)
    staffed.put("exchange", "teachers.Exchange", a_move("a0"), a_move("a1"), school=staffed.town)
    staffed.rules["exchange_period"] = "cycle"
    found = rotation(staffed.set, staffed.parameters)
    assert (len(found.exchanged), sum(directions(staffed.set, found.times).values())) == (2, 3)
