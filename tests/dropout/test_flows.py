"""Dropout in three definitions, consolidation and enrolment by name: pure sets, against counts made another way."""
import datetime as dt
import random

import pytest

from dropout.cohorts import cohort, spans
from dropout.enrolment import Listed, age_groups, age_stage
from dropout.flows import DEFINITIONS, Enrolled, Fate, flows
from schools.cohorts import FORMULAS

HERE = Enrolled


def roster(**rows):
    return {key: HERE(1, grade, status) for key, (grade, status) in rows.items()}


def test_every_pupil_of_last_year_has_one_fate_and_the_stage_of_its_former_grade():
    before = roster(a=(1, ""), b=(3, "enrolled"), c=(6, ""), d=(6, ""), e=(7, ""), f=(8, "suspended"), g=(9, ""), h=(9, ""), i=(5, ""), j=(4, "transferred"), k=(11, ""))
    after = roster(a=(2, ""), b=(4, "suspended"), c=(7, ""), e=(8, "out"), f=(9, ""), h=(9, ""), i=(5, "transferred"))
    found = flows(before, after)
    assert found["primary"].base == {"a", "b", "c", "d", "i"}
    assert found["junior"].base == {"e", "f", "g", "h"}
    by_fate = {fate: sorted(found["primary"].by_fate[fate] | found["junior"].by_fate[fate]) for fate in Fate}
    assert by_fate == {"stayed": ["a", "c", "f", "h"], "graduated": ["g"], "suspended": ["b"], "dropped": ["e"], "left": ["i"], "gone": [], "vanished": ["d"]}


def test_the_three_definitions_give_three_numbers_for_the_same_pupils():
    before = roster(**{f"p{n}": (3, "") for n in range(100)})
    after = roster(**{f"p{n}": (4, "") for n in range(90)}, p90=(3, "out"), p91=(3, "out"), p92=(3, "suspended"), p93=(3, "transferred"), p94=(3, "gone"), new1=(4, ""), new2=(5, ""), first=(1, ""))
    flow = flows(before, after)["primary"]
    assert {code: one.number(flow) for code, one in DEFINITIONS.items()} == {"statistics": 2, "two_basics": 10 - 2, "terminology": 9}
    assert flow.joined == {"new1", "new2"}


def test_a_child_that_moved_within_the_county_has_stayed():
    before, after = {"a": HERE(1, 3)}, {"a": HERE(2, 4)}
    assert flows(before, after)["primary"].of(Fate.STAYED) == {"a"}


@pytest.mark.parametrize("seed", range(30))
def test_random_rosters_agree_with_a_count_pupil_by_pupil(seed):
    rng = random.Random(seed)
    statuses = ("", "enrolled", "suspended", "out", "transferred", "gone", "graduated")
    before = {f"c{n}": HERE(rng.randint(1, 3), rng.randint(1, 9), rng.choice(statuses)) for n in range(300)}
    after = {f"c{n}": HERE(rng.randint(1, 3), rng.randint(1, 9), rng.choice(statuses)) for n in range(80, 380) if rng.random() < 0.8}
    for years in (6, 5):
        found = flows(before, after, years)
        for stage in ("primary", "junior"):
            mine = [k for k, row in before.items() if row.status in ("", "enrolled", "suspended") and (row.grade <= years) == (stage == "primary")]
            assert len(mine) == len(found[stage].base) == sum(map(len, found[stage].by_fate.values()))
            dropped = [k for k in mine if k in after and after[k].status == "out"]
            assert DEFINITIONS["statistics"].number(found[stage]) == len(dropped)
            away = [k for k in mine if (k in after and after[k].status in ("out", "suspended", "transferred")) or (k not in after and before[k].grade != 9)]
            assert DEFINITIONS["terminology"].number(found[stage]) == len(away)
            died = [k for k in mine if k in after and after[k].status == "gone"]
            came = [k for k, row in after.items() if row.status in ("", "enrolled", "suspended") and row.grade not in (1, years + 1) and (row.grade <= years) == (stage == "primary")
                    and (k not in before or before[k].status not in ("", "enrolled", "suspended"))]  # fmt: skip
            assert DEFINITIONS["two_basics"].number(found[stage]) == len(away) + len(died) - len(came)


# --- consolidation --------------------------------------------------------------------------------------------------------
def generations(first_grade, years, changes):
    """Rosters of a cohort of ten through the years; `changes` {year offset: {child: status or None (absent)}}."""
    rosters, alive = {}, {f"c{n}": "" for n in range(10)}
    for offset in range(years + 1):
        for child, status in changes.get(offset, {}).items():
            alive[child] = status
        rosters[2020 + offset] = {child: HERE(1, first_grade + offset, status) for child, status in alive.items() if status is not None}
    return rosters


def test_the_junior_cohort_by_name_gives_the_five_figures_of_the_form():
    three = spans()[1]
    rosters = generations(7, 3, {1: {"c0": "transferred", "new": ""}, 2: {"c0": None, "c1": "gone", "c2": "out"}, 3: {"c1": None, "c2": None}})
    del rosters[2023]  # grade ten is not ours
    found = cohort(rosters, 2023, three)
    assert found.figures == {"graduates": 8, "entrants": 10, "transfers_in": 1, "transfers_out": 1, "deaths": 1}
    assert found.lost == {"c2"}
    kept, base = FORMULAS["application_form"].terms(**found.figures)
    assert (kept, base) == (8, 9)


def test_six_and_nine_years_reach_back_to_the_first_grade_and_a_missing_year_is_missing():
    six, _, nine = spans()
    assert (six.years, nine.years) == (6, 9)
    rosters = generations(1, 6, {3: {"c5": "transferred"}, 4: {"c5": None}, 6: {"c9": None}})
    found = cohort(rosters, 2026, six)
    assert found.figures == {"graduates": 8, "entrants": 10, "transfers_in": 0, "transfers_out": 1, "deaths": 0}
    assert found.lost == {"c9"}
    assert cohort({year: rows for year, rows in rosters.items() if year != 2022}, 2026, six) is None
    assert cohort(rosters, 2026, nine) is None
    assert [span.years for span in spans(5)] == [5, 4, 9]


def test_both_formulas_differ_as_the_golden_pair_does():
    figures = {"graduates": 980, "entrants": 1020, "transfers_in": 40, "transfers_out": 55, "deaths": 1}
    first = FORMULAS["application_form"].terms(**figures)
    second = FORMULAS["normal_movement"].terms(**{name: figures[name] for name in FORMULAS["normal_movement"].needs})
    assert (round(first[0] * 100 / first[1], 4), round(second[0] * 100 / second[1], 4)) == (97.6447, 97.5124)


# --- enrolment ------------------------------------------------------------------------------------------------------------
CENSUS = dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    ("birth", "stage"),
    [
        (dt.date(2019, 8, 31), "primary"), (dt.date(2019, 9, 1), ""), (dt.date(2013, 9, 1), "primary"), (dt.date(2013, 8, 31), "junior"), (dt.date(2010, 9, 1), "junior"),
        (dt.date(2010, 8, 31), ""), (None, ""),
    ],
)  # fmt: skip
def test_the_age_group_turns_on_the_last_day_of_august(birth, stage):
    assert age_stage(birth, CENSUS) == stage


def test_enrolled_is_who_learns_at_this_or_a_higher_stage_and_is_not_suspended():
    born = {"a": 2017, "b": 2017, "c": 2017, "d": 2012, "e": 2012, "f": 2012}
    listed = {key: Listed(dt.date(year, 3, 1)) for key, year in born.items()}
    rows = {"a": HERE(1, 3), "b": HERE(1, 3, "suspended"), "d": HERE(1, 6), "e": HERE(1, 7), "f": HERE(1, 10), "z": HERE(1, 3)}
    found = age_groups(listed, rows, CENSUS)
    assert (found["primary"].enrolled, found["primary"].out) == ({"a"}, {"b", "c"})
    assert (found["junior"].enrolled, found["junior"].out) == ({"e", "f"}, {"d"})
