"""The columns of a large staged dataset are fetched only when a check asks for them, and are the rows' own."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledgers.services import crossing
from schools import datasets
from schools.periods import school_year
from teachers.models import Teacher
from tests.office import world as worlds

pytestmark = pytest.mark.django_db
ROSTER = [{"person_key": f"{n:032x}", "is_full_time": True, "stage": "primary", "sheet": 0, "row": n + 2} for n in range(6)]


def staged():
    world = worlds.build()
    return datasets.stage(
        county=world.county, school=world.schools["9999010001"], ledger="teachers", period=school_year(worlds.YEAR), file=None,
        row_map={}, rows_by_model={"teachers.Teacher": ROSTER}, by=worlds.BY,
    )  # fmt: skip


def test_a_large_dataset_says_the_same_as_a_small_one(monkeypatch):
    dataset = staged()
    small = crossing._rows(Teacher, dataset.pk)
    monkeypatch.setattr(crossing, "LARGE", 3)
    large = crossing._rows(Teacher, dataset.pk)
    assert (large.sheet, large.row) == (small.sheet, small.row) == ([0] * 6, [2, 3, 4, 5, 6, 7])
    assert {name: large.columns[name] for name in large.columns} == small.columns and len(large.columns) == len(small.columns)
    assert large.columns.get("no such field") is None


def test_a_large_dataset_is_asked_for_one_column_once(monkeypatch):
    dataset = staged()
    monkeypatch.setattr(crossing, "LARGE", 3)
    rows = crossing._rows(Teacher, dataset.pk)
    with CaptureQueriesContext(connection) as asked:
        assert rows.columns["person_key"] == [row["person_key"] for row in ROSTER] == rows.columns["person_key"]
    assert len(asked) == 1 and "degree" not in asked.captured_queries[0]["sql"]
