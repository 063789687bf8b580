"""A school over the years: merged, split, closed, recoded; pages and frozen results find it under every code it had."""

import datetime as dt

import pytest
from django.urls import reverse

from indicators import snapshots
from ledgers.models import Filing
from reports.services import Order, build_document, find_report
from schools import access
from schools.factset import schools_on
from schools.models import School, Township
from schools.school_changes import BadEvent, record_event, update_school
from tests.factories import OPERATOR, make_cast, make_person, sign_in
from tests.story import county as written
from tests.story.conftest import import_small_county

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 8, 20)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def lead(cast, client):
    sign_in(client, cast.lead)
    return client


def test_a_merged_school_counts_until_then_and_both_remember_it(cast):
    record_event(cast.point, "merge", on=DAY, other=cast.school, document="清政〔2026〕3号", by=OPERATOR)
    assert cast.point.pk in {s.id for s in schools_on(cast.county, dt.date(2025, 9, 1))}
    assert cast.point.pk not in {s.id for s in schools_on(cast.county, dt.date(2026, 9, 1))}
    assert [(e.school, e.other, e.document) for s in (cast.point, cast.school) for e in s.events.all()] == [
        (cast.point, cast.school, "清政〔2026〕3号"), (cast.school, cast.point, "清政〔2026〕3号"),
    ]  # fmt: skip


def test_a_split_off_school_begins_then(cast):
    record_event(cast.other_school, "split", on=DAY, other=cast.school, by=OPERATOR)
    assert cast.other_school.pk not in {s.id for s in schools_on(cast.county, dt.date(2025, 9, 1))}


@pytest.mark.parametrize("kind, with_other", [("merge", False), ("close", True), ("rename", False), ("split", "foreign"), ("merge", "itself")])
def test_an_event_that_makes_no_sense_is_refused_in_a_sentence(cast, kind, with_other):
    other = {True: cast.point, False: None, "foreign": cast.foreign_school, "itself": cast.school}[with_other]
    with pytest.raises(BadEvent, match="。$"):
        record_event(cast.school, kind, on=DAY, other=other, by=OPERATOR)
    assert not cast.school.events.exists()


def test_the_lead_records_an_event_in_the_browser_and_nobody_else(cast, lead, client):
    url = reverse("schools:school-event", args=["999901", cast.point.code])
    data = {"kind": "merge", "on": "2026-08-20", "other": cast.school.pk, "document": "清政〔2026〕3号"}
    assert lead.post(url, {**data, "other": cast.foreign_school.pk}).status_code == 422
    assert lead.post(url, {**data, "other": ""}).status_code == 422
    assert lead.post(url, data).status_code == 302
    assert cast.point.events.get().kind == "merge"
    sign_in(client, cast.officer)
    assert client.post(url, data).status_code == 403


def test_a_code_of_another_school_is_not_taken(cast, lead):
    url = reverse("schools:school-edit", args=["999901", cast.school.code])
    data = {"name": "向阳小学", "code": cast.point.code, "kind": "whole", "type_code": "211", "sponsor_code": "7", "area_code": "121"}
    answer = lead.post(url, data)
    assert answer.status_code == 422 and "已是本县另一所学校的" in answer.content.decode()
    cast.school.refresh_from_db()
    assert cast.school.code == "9999010001"
    assert lead.post(url, {**data, "code": "9999010088", "changed_on": "2026-03-01", "document": "清教〔2026〕8号"}).status_code == 302
    assert cast.school.events.get().document == "清教〔2026〕8号"


def test_townships_are_edited_and_kept_apart(cast, lead):
    url = reverse("schools:townships", args=["999901"])
    held = list(Township.objects.filter(county=cast.county).order_by("code", "name"))
    lines = [*held, None, None, None]
    data = {f"{n}-name": t.name if t else "" for n, t in enumerate(lines)} | {f"{n}-code": "" for n in range(len(lines))}
    assert lead.post(url, {**data, "0-code": "999901100", "0-centre_school": cast.school.pk, f"{len(held)}-name": "河东乡"}).status_code == 302
    held[0].refresh_from_db()
    assert (held[0].code, held[0].centre_school) == ("999901100", cast.school)
    assert Township.objects.filter(county=cast.county, name="河东乡").exists()
    assert lead.post(url, {**data, "0-name": ""}).status_code == 422
    assert lead.post(url, {**data, "0-centre_school": cast.foreign_school.pk}).status_code == 422


def test_a_recoded_school_is_found_in_frozen_results_pages_and_papers(tmp_path, client):
    """Frozen before the new code, asked for after it, even when the new code is dated before the census."""
    small_county, year = import_small_county(tmp_path), written.year()
    snapshot = snapshots.freeze(snapshots.current(small_county, "quality-2017", year), OPERATOR)
    school = School.objects.get(code=written.XIANGYANG)
    clerk = make_person("clerk2", "school_clerk", written.XIANGYANG)
    update_school(school, {"code": "9999010099"}, on=dt.date(year, 3, 1), by=OPERATOR)
    sign_in(client, clerk)
    for code in ("9999010099", written.XIANGYANG):
        page = client.get(reverse("office:school", args=[written.COUNTY, code]))
        assert page.status_code == 200 and "4.58" in page.content.decode()
        figure = client.get(reverse("office:figure", args=[written.COUNTY, year, "quality-2017", code, "primary", "Q1"]) + f"?frozen={snapshot.pk}")
        assert figure.status_code == 200 and "E2" in figure.content.decode()
    answer = client.get(f"/api/v1/counties/{written.COUNTY}/snapshots/quality-2017/{year}/?frozen=1").json()
    assert [row["code"] for row in answer["rulesets"]["national"]["schools"]] == [written.XIANGYANG]
    assert snapshots.sources(snapshot, "national", written.XIANGYANG, "primary", "Q1")["denominator"]
    order = Order("school-self-evaluation", small_county, year, school=School.objects.get(code="9999010099"))
    assert build_document(order, find_report(order.report), snapshot).tables
    assert Filing.objects.filter(school=school).exists() and access.codes_of([school]) == {written.XIANGYANG, "9999010099"}
