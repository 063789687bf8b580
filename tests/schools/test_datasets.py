"""Datasets are never overwritten: one stands, the former is kept, a set names exactly what a figure was made from."""

import pytest
from django.db import IntegrityError, transaction

from schools import datasets
from schools.bulk import Table
from schools.factset import set_of, standing_set
from schools.models import Dataset, Premises, Profile, SchoolClass, SourceChoice
from schools.parameters import NATIONAL
from schools.periods import fiscal_year, school_year
from schools.provenance import locate_all
from schools.quantity import QUANTITIES, SourceCell
from tests.factories import OPERATOR, make_cast

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def cast():
    return make_cast()


def stage_classes(cast, sizes, school=None, grade=1):
    rows = [
        {"sheet": 0, "row": 3 + n, "grade": grade, "name": f"{n + 1}班", "pupils": size} for n, size in enumerate(sizes)
    ]
    return datasets.stage(
        county=cast.county, school=school or cast.school, ledger="classes", period=school_year(YEAR), file=None,
        row_map={"sheets": ["班额"], "targets": {"schools.SchoolClass": {"column": {"pupils": "C", "name": "B"}}}},
        rows_by_model={"schools.SchoolClass": rows}, by=OPERATOR,
    )  # fmt: skip


def stage_profile(cast, school=None, **fields):
    return datasets.stage(
        county=cast.county, school=school or cast.school, ledger="school_profile", period=school_year(YEAR), file=None,
        row_map={"sheets": ["学校情况"], "targets": {"schools.Profile": {"cell": {"primary_pupils": "E12"}}}},
        rows_by_model={"schools.Profile": [{"row": 0, **fields}], "schools.Premises": [{"row": 5, "teaching_area": 123456, "indoor_sports_area": 3456}]},
        by=OPERATOR,
    )  # fmt: skip


def pupils(facts):
    return QUANTITIES["pupils"].tally(facts, NATIONAL)


def test_approval_flips_the_pointer_and_keeps_the_former(cast):
    first, second = stage_classes(cast, [40]), stage_classes(cast, [41])
    assert datasets.make_standing(first, by=OPERATOR) is None
    assert datasets.make_standing(second, by=OPERATOR) == first
    first.refresh_from_db()
    assert (first.state, second.state, first.number, second.number) == ("retired", "standing", 1, 2)
    assert SchoolClass.objects.filter(dataset=first).get().pupils == 40


def test_two_can_never_stand_in_one_slot(cast):
    first, second = stage_classes(cast, [40]), stage_classes(cast, [41])
    datasets.make_standing(first, by=OPERATOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dataset.objects.filter(pk=second.pk).update(state="standing")


def test_a_staged_dataset_moves_no_figure_until_it_is_put_into_the_set(cast):
    datasets.make_standing(stage_classes(cast, [40]), by=OPERATOR)
    staged = stage_classes(cast, [40, 35])
    facts = standing_set(cast.county, YEAR)
    assert pupils(facts)[cast.school.pk, "primary"] == 40
    assert pupils(facts.with_dataset(staged))[cast.school.pk, "primary"] == 75


def test_an_old_set_gives_its_old_figure_for_ever(cast):
    first = stage_classes(cast, [40])
    datasets.make_standing(first, by=OPERATOR)
    old = standing_set(cast.county, YEAR)
    datasets.make_standing(stage_classes(cast, [99]), by=OPERATOR)
    again = set_of(cast.county, YEAR, YEAR - 1, [ref.id for ref in old.datasets])
    assert pupils(again)[cast.school.pk, "primary"] == 40
    assert old.fingerprint() != standing_set(cast.county, YEAR).fingerprint()


def test_retiring_without_a_successor_leaves_nothing(cast):
    dataset = stage_classes(cast, [40])
    datasets.make_standing(dataset, by=OPERATOR)
    datasets.retire(dataset, by=OPERATOR)
    assert (cast.school.pk, "primary") not in pupils(standing_set(cast.county, YEAR))


def test_every_flip_raises_the_data_version(cast):
    datasets.make_standing(stage_classes(cast, [40]), by=OPERATOR)
    datasets.make_standing(stage_classes(cast, [41]), by=OPERATOR)
    assert standing_set(cast.county, YEAR).data_version == 2


def test_the_class_list_stands_before_the_profile_unless_chosen_otherwise(cast):
    datasets.make_standing(stage_classes(cast, [40]), by=OPERATOR)
    datasets.make_standing(stage_profile(cast, primary_pupils=41), by=OPERATOR)
    assert pupils(standing_set(cast.county, YEAR))[cast.school.pk, "primary"] == 40
    SourceChoice.objects.create(county=cast.county, fact="pupils", source="school_profile")
    assert pupils(standing_set(cast.county, YEAR))[cast.school.pk, "primary"] == 41


def test_a_blank_of_a_stage_the_school_teaches_is_missing_not_zero(cast):
    datasets.make_standing(stage_profile(cast, school=cast.other_school, primary_pupils=3), by=OPERATOR)
    found = pupils(standing_set(cast.county, YEAR))
    assert found[cast.other_school.pk, "primary"] == 3
    assert (cast.other_school.pk, "junior") not in found


def test_stage_follows_the_grade_and_the_local_school_system(cast):
    datasets.make_standing(stage_classes(cast, [30], grade=6), by=OPERATOR)
    facts = standing_set(cast.county, YEAR)
    assert pupils(facts)[cast.school.pk, "primary"] == 30


def test_net_teaching_area_needs_both_parts(cast):
    datasets.make_standing(stage_profile(cast, primary_pupils=1), by=OPERATOR)
    facts = standing_set(cast.county, YEAR)
    assert QUANTITIES["teaching_area_net"].tally(facts, NATIONAL)[cast.school.pk, ""] == 120000
    Premises.objects.update(indoor_sports_area=None)
    assert (cast.school.pk, "") not in QUANTITIES["teaching_area_net"].tally(standing_set(cast.county, YEAR), NATIONAL)


def test_a_figure_leads_back_to_its_cells(cast):
    datasets.make_standing(stage_classes(cast, [40, 35]), by=OPERATOR)
    cells = QUANTITIES["pupils"].cells(standing_set(cast.county, YEAR), NATIONAL, cast.school.pk, "primary")
    assert [(p.sheet, p.cell, p.text) for p in locate_all(cells)] == [("班额", "C3", "40"), ("班额", "C4", "35")]


def test_a_turned_sheet_names_the_cell_itself(cast):
    dataset = stage_profile(cast, primary_pupils=41)
    row = Profile.objects.get(dataset=dataset)
    (place,) = locate_all([SourceCell("schools.Profile", row.pk, dataset.pk, "primary_pupils", "41")])
    assert (place.sheet, place.cell) == ("学校情况", "E12")


def test_bulk_rows_keep_text_none_and_odd_signs_apart(cast):
    rows = [(0, 1, 1, '引"号,逗号', 30, None), (0, 2, 1, "换\n行\\N", 31, 15), (0, 3, 1, "", 32, 0)]
    dataset = datasets.stage(
        county=cast.county, school=cast.school, ledger="classes", period=school_year(YEAR), file=None, row_map={},
        rows_by_model={"schools.SchoolClass": Table(("sheet", "row", "grade", "name", "pupils", "boys"), rows)}, by=OPERATOR,
    )  # fmt: skip
    held = SchoolClass.objects.filter(dataset=dataset).order_by("row").values_list("name", "boys")
    assert list(held) == [('引"号,逗号', None), ("换\n行\\N", 15), ("", 0)]


def test_county_and_school_slots_are_apart(cast):
    for school in (None, cast.school):
        for _ in range(2):
            dataset = datasets.stage(county=cast.county, school=school, ledger="county_finance", period=fiscal_year(2025), file=None,
                                     row_map={}, rows_by_model={}, zero_report=True, by=OPERATOR)  # fmt: skip
    assert dataset.number == 2
    assert Dataset.objects.count() == 4
