"""Posts, off-quota staff, allowances, subjects, registration and the relief of Q3: what a roster says beside the indicators."""
from fractions import Fraction

import pytest

from schools.sources import said
from teachers.allowances import underpaid
from teachers.subjects import list_subjects
from tests.fields.conftest import a_move, a_teacher

pytestmark = pytest.mark.django_db


def roster(facts, *rows, school=None):
    facts.put("teachers", "teachers.Teacher", *rows, school=school or facts.village)


def classes(facts, *sizes, school=None, grade=1):
    school = school or facts.village
    facts.put("classes", "schools.SchoolClass", *({"grade": grade, "name": f"{n}班", "pupils": size} for n, size in enumerate(sizes, 1)), school=school)


def test_posts_are_due_by_the_ratio_of_each_stage_and_begun_ones_count_whole(facts):
    classes(facts, 19, 19)
    assert facts.tally("staff_due")[facts.village.pk, ""] == 2
    classes(facts, 19, 20)
    assert facts.tally("staff_due")[facts.village.pk, ""] == 3
    classes(facts, 27, school=facts.junior, grade=7)
    assert facts.tally("staff_due")[facts.junior.pk, ""] == 2, "27 pupils at 13.5"
    facts.rules["staff_least"] = "5"
    assert facts.tally("staff_due")[facts.village.pk, ""] == 5


def test_vacant_posts_need_both_the_approved_number_and_the_roster(facts):
    key = (facts.village.pk, "")
    facts.put("school_profile", "schools.Profile", {"approved_posts": 3}, school=facts.village)
    assert key not in facts.tally("vacant_posts"), "nobody knows who is in post"
    roster(facts, a_teacher("a"), a_teacher("b", staffing="county"), a_teacher("c", staffing="contract"), a_teacher("d", staffing="special"),
           a_teacher("e", staffing="substitute"), a_teacher("f", duty="lent"))  # fmt: skip
    assert [facts.tally(code)[key] for code in ("established_staff", "off_quota_staff", "away_staff", "vacant_posts")] == [3, 2, 1, 0]
    facts.put("school_profile", "schools.Profile", {"approved_posts": 5}, school=facts.village)
    assert facts.tally("vacant_posts")[key] == 2
    assert [cell.field for cell in facts.cells("vacant_posts", facts.village)] == ["approved_posts", "staffing", "staffing", "staffing"]


def test_allowances_are_due_by_the_persons_own_standard_and_topped_up_in_villages(facts):
    paid = {"allowance_standard": 30_001, "allowance_paid": 30_001}
    roster(facts, a_teacher("a", **paid), a_teacher("b", allowance_standard=0))
    roster(facts, a_teacher("c", **paid), school=facts.town)
    assert facts.tally("allowance_due") == {(facts.village.pk, ""): 30_001, (facts.town.pk, ""): 30_001}
    assert underpaid(facts.set, facts.parameters) == []
    facts.rules["village_top_up"] = "0.5"
    assert facts.tally("allowance_due") == {(facts.village.pk, ""): 45_002, (facts.town.pk, ""): 30_001}, "half above, up to the fen"
    assert underpaid(facts.set, facts.parameters) == [("a", facts.village.pk, 45_002, 30_001)]


def test_an_allowance_nobody_states_is_missing_never_0(facts):
    roster(facts, a_teacher("a", allowance_standard=30_000), a_teacher("b", allowance_standard=30_000, allowance_paid=1))
    assert facts.tally("allowance_paid") == {} and facts.tally("allowance_due")[facts.village.pk, ""] == 60_000
    roster(facts, a_teacher("a"))
    assert facts.tally("allowance_due") == {}


def test_a_subject_is_short_by_whole_teachers_only(facts):
    facts.rules |= {"subject_periods.primary": "语文:7,音乐美术:4", "subject_load": "14"}
    classes(facts, 30, 30, 30)
    roster(facts, a_teacher("a", subject="chinese"), a_teacher("b", subject="arts"), a_teacher("c", subject="maths"))
    found = {one.group: one for one in list_subjects(facts.set, facts.parameters)}
    assert found["语文"].needed == Fraction(3, 2) and (found["语文"].short, found["语文"].have) == (0, 1)
    assert (found["音乐美术"].short, found["音乐美术"].surplus) == (0, 0)
    classes(facts, 30, 30, 30, 30)
    short = {one.group: one.short for one in list_subjects(facts.set, facts.parameters) if one.short}
    assert short == {"语文": 1, "体育": 1}, "28 periods of Chinese take two teachers; what a rule does not name stays as it was"
    assert facts.tally("subject_shortage")[facts.village.pk, ""] == 2
    roster(facts, a_teacher("a", subject="chinese"), a_teacher("b", subject="chinese"), a_teacher("c", subject="chinese"))
    now = {one.group: one for one in list_subjects(facts.set, facts.parameters)}
    assert (now["语文"].surplus, now["音乐美术"].short) == (1, 1)


def test_the_certificate_rate_asks_for_registration_only_where_a_place_does(facts):
    key = (facts.village.pk, "primary")
    roster(facts, a_teacher("a", registration="passed", registration_valid_to=202509), a_teacher("b", registration="first"),
           a_teacher("c", registration="passed", registration_valid_to=202508), a_teacher("d", registration="deferred"), a_teacher("e", certificate="none"))  # fmt: skip
    assert facts.tally("certified_teachers")[key] == 4
    facts.rules["certificate_registered"] = "true"
    assert facts.tally("certified_teachers")[key] == 2
    assert len(facts.cells("certified_teachers", facts.village, "primary")) == 2


def test_small_rural_schools_add_visiting_and_itinerant_arts_teachers_while_the_relief_holds(facts):
    key = (facts.village.pk, "primary")
    classes(facts, 49)
    roster(facts, a_teacher("a", subject="pe"), a_teacher("b", subject="music", staffing="visiting"), a_teacher("c", subject="maths", other_subjects="art"),
           a_teacher("d", subject="art", staffing="substitute"))  # fmt: skip
    facts.put("exchange", "teachers.Exchange", a_move("e", subject="art", form="itinerant"), a_move("f", subject="maths"), school=facts.town)
    facts.rules["pe_art_relief"] = "true"
    assert facts.tally("pe_art_teachers")[key] == 1, "49 pupils are too few for this relief"
    classes(facts, 50)
    assert facts.tally("pe_art_teachers")[key] == 4 and len(facts.cells("pe_art_teachers", facts.village, "primary")) == 4
    classes(facts, 100)
    assert facts.tally("pe_art_teachers")[key] == 1
    classes(facts, 99)
    facts.rules.clear()
    assert facts.tally("pe_art_teachers")[key] == 1


def head(key, since):
    return a_teacher(key, office="head", office_since=since)


def test_heads_are_eligible_after_their_terms_where_every_roster_names_its_head(facts):
    facts.put("county_numbers", "schools.CountyNumbers", {"eligible_heads": 9})
    assert facts.county_value("eligible_heads") == 9
    for school, since in ((facts.town, 201909), (facts.village, 201910)):
        roster(facts, head(f"h{school.pk}", since), school=school)
    assert facts.county_value("eligible_heads") == 9, "one school's roster is still to come"
    roster(facts, head("h3", 201501), school=facts.junior)
    assert facts.county_value("eligible_heads") == 2, "two terms of three years by September 2025"
    facts.rules["exchange_head_terms"] = "1"
    assert facts.county_value("eligible_heads") == 3
    assert {source.ledger: value for source, value in said("eligible_heads", facts.set, facts.parameters)} == {"teachers": 3, "county_numbers": 9}
