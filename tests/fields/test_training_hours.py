"""360 hours in five years, by hand: on the line, a tenth less, not told, and years filed anew."""
import pytest

from teachers.training import hours_by_level, list_trained, shown_hours

from .conftest import YEAR, a_teacher

pytestmark = pytest.mark.django_db


def hours(key, *by_year, first=2021, **more):
    return [{"person_key": key, "year": first + n, "hours": value, **more} for n, value in enumerate(by_year) if value is not None]


@pytest.fixture
def staffed(facts):
    facts.put("teachers", "teachers.Teacher", *[a_teacher(key) for key in "abc"], school=facts.town)
    return facts


def trained(facts):
    return facts.tally("trained_teachers").get((facts.town.pk, "primary"))


def test_exactly_360_hours_reach_it_and_a_tenth_less_does_not(staffed):
    rows = hours("a", 720, 720, 720, 720, 720) + hours("b", 720, 720, 720, 720, 719)
    staffed.put("training", "teachers.Training", *rows, school=staffed.town)
    assert trained(staffed) == 1
    gaps = {row.person: shown_hours(row.gap) for row in list_trained(staffed.set, staffed.parameters)}
    assert gaps == {"a": "0", "b": "0.1", "c": "360"}
    assert sum(int(cell.text) for cell in staffed.cells("trained_teachers", staffed.town, "primary")) == 3600


def test_hours_before_the_cycle_and_after_it_do_not_count(staffed):
    staffed.put("training", "teachers.Training", *hours("a", 3600, 0, 0, 0, 0, 0, 0, first=2020), school=staffed.town)
    assert trained(staffed) == 0
    staffed.rules["training_cycle_start"] = "2020"
    assert trained(staffed) == 1


def test_each_years_filing_adds_and_a_year_filed_anew_replaces(staffed):
    staffed.put("training", "teachers.Training", *hours("a", 900, 900, 900, 500), school=staffed.town, year=YEAR - 1)
    staffed.put("training", "teachers.Training", *hours("a", 400, 500, first=2024), school=staffed.town)
    assert {row.person: row.hours for row in list_trained(staffed.set, staffed.parameters)}["a"] == 3 * 900 + 400 + 500
    assert trained(staffed) == 1


def test_hours_of_two_schools_are_added_and_the_same_item_once(staffed):
    staffed.put("training", "teachers.Training", *hours("a", 3000, item="国培", start=202107), school=staffed.village)
    staffed.put("training", "teachers.Training", *hours("a", 3000, item="国培", start=202107), *hours("a", 600, item="校本"), school=staffed.town)
    assert trained(staffed) == 1
    assert {row.person: row.hours for row in list_trained(staffed.set, staffed.parameters)}["a"] == 3600


def test_without_the_ledger_the_profile_form_tells_and_without_both_it_is_missing(staffed):
    assert trained(staffed) is None
    staffed.put("school_profile", "schools.Profile", {"primary_trained": 2}, school=staffed.town)
    assert trained(staffed) == 2
    assert staffed.cells("trained_teachers", staffed.town, "primary")[0].field == "primary_trained"
    staffed.put("training", "teachers.Training", *hours("a", 3600), school=staffed.town)
    assert trained(staffed) == 1


def test_new_teachers_are_measured_by_their_years_only_where_a_place_says_so(staffed):
    staffed.put("teachers", "teachers.Teacher", a_teacher("a", started_work=202409), school=staffed.town)
    staffed.put("training", "teachers.Training", *hours("a", None, None, None, 720, 720), school=staffed.town)
    assert trained(staffed) == 0
    staffed.rules["training_new_pro_rata"] = "true"
    assert trained(staffed) == 1


def test_hours_and_person_times_by_level(staffed):
    rows = hours("a", 300, 200, level="nation") + hours("b", 100, level="county")
    staffed.put("training", "teachers.Training", *rows, school=staffed.town)
    assert hours_by_level(staffed.set, staffed.parameters) == {"nation": (2, 500), "county": (1, 100)}


def test_certificates_count_by_stage(staffed):
    staffed.put("teachers", "teachers.Teacher", a_teacher("a"), a_teacher("b", certificate="none"), a_teacher("c", staffing="substitute"), school=staffed.town)
    assert staffed.tally("certified_teachers")[staffed.town.pk, "primary"] == 1
    assert staffed.tally("full_time_teachers")[staffed.town.pk, "primary"] == 2
