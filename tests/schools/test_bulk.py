"""Bulk writes say what single ones would, on both databases."""
import datetime as dt

import pytest
from django.utils import timezone

from dropout.models import Child
from schools import bulk
from schools.bulk import update_rows
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db


def test_rows_are_updated_in_every_kind_of_field_and_others_stay():
    school = SchoolFactory()
    rows = [Child.objects.create(county=school.county, person_key=f"{n:032}", masked_name="李**", village="旧村") for n in range(5)]
    moment = dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC)
    for n, row in enumerate(rows[:3]):
        row.village, row.birth, row.school, row.grade, row.erased_at = f"“新”村,{n}\n\"'", dt.date(2017, 3, n + 1), school, n, moment
        row.masked_name = "不写"
    rows[2].birth = rows[2].school = rows[2].grade = rows[2].erased_at = None
    update_rows(Child, rows[:3], ["village", "birth", "school", "grade", "erased_at"])
    update_rows(Child, [], ["village"])
    found = list(Child.objects.order_by("person_key"))
    assert [one.village for one in found] == ["“新”村,0\n\"'", "“新”村,1\n\"'", "“新”村,2\n\"'", "旧村", "旧村"]
    assert [(one.birth, one.school_id, one.grade, one.erased_at) for one in found[:3]] == [
        (dt.date(2017, 3, 1), school.pk, 0, moment), (dt.date(2017, 3, 2), school.pk, 1, moment), (None, None, None, None),
    ]  # fmt: skip
    assert {one.masked_name for one in found} == {"李**"}


def test_rows_made_while_they_are_stored_arrive_whole(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 2)
    school = SchoolFactory()
    texts = ["", "“新”村,1\n\"'", "\\N", "村", ","]
    rows = ((f"{n:032}", text, dt.date(2017, 3, n + 1) if n % 2 else None, n if n else None) for n, text in enumerate(texts))
    bulk.insert_rows(Child, bulk.Table(("person_key", "village", "birth", "grade"), rows), county_id=school.county_id, masked_name="李**", first_seen=timezone.now())
    found = list(Child.objects.order_by("person_key").values_list("village", "birth", "grade", "masked_name"))
    assert found == [(text, dt.date(2017, 3, n + 1) if n % 2 else None, n if n else None, "李**") for n, text in enumerate(texts)]
    bulk.insert_rows(Child, bulk.Table(("person_key",), iter(())), county_id=school.county_id, first_seen=timezone.now())
    assert Child.objects.count() == len(texts)


def test_many_persons_are_found_as_a_few_are(monkeypatch):
    school = SchoolFactory()
    keys = [f"{n:032}" for n in range(6)]
    for n, key in enumerate(keys):
        Child.objects.create(county=school.county, person_key=key, masked_name="李**", grade=n)
    rows, asked = Child.objects.filter(grade__gt=0).order_by("-grade"), ["", keys[0], keys[5], keys[2], keys[5], "x" * 32]
    few = list(bulk.of_persons(rows, asked, "grade"))
    monkeypatch.setattr(bulk, "BATCH", 2)
    assert few == list(bulk.of_persons(rows, asked, "grade")) == [(keys[5], 5), (keys[2], 2)]
    assert list(bulk.of_persons(rows, ["", ""])) == []
