"""Doubts answered once: the header, the row of the header, the unit, the school's name; remembered for that school."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEvent
from jobs.runner import run_job
from ledgers.models import Remembered, State, Version
from ledgers.services import Answer, BadRequest, answer_doubts, forget
from ledgers.services.remembering import questions_of
from schools.models import Premises, SchoolAlias, SchoolClass
from tests.factories import sign_in
from tests.ledgers.filing.conftest import ROWS, workbook
from tests.ledgers.filing.test_faults import HEADER as PROFILE
from tests.ledgers.packages.conftest import book

pytestmark = pytest.mark.django_db
ODD = ["年级", "班级名称", "孩子们"]


def codes(version: Version, level="error") -> list[str]:
    return [p["code"] for p in version.problems if p["level"] == level]


def test_a_column_is_mapped_once_and_remembered_for_that_school(send, answered, cast):
    first = send(workbook(ROWS, ODD))
    assert "missing-column" in codes(first)
    first = answered(first, ("column", "孩子们", "pupils"))
    assert first.state == State.CHECKED, first.problems
    assert "answered-before" in codes(first, "notice")
    assert list(SchoolClass.objects.order_by("id").values_list("pupils", flat=True)) == [40, 41, 38]
    second = send(workbook([*ROWS, ["三年级", "1班", 33]], ODD))
    assert second.state == State.CHECKED
    assert send(workbook(ROWS, ODD), school=cast.other_school).state == State.FAULTY


def test_a_column_that_is_none_of_ours_is_not_told_again(send, answered):
    first = send(workbook([[*row, "甲"] for row in ROWS], ["年级", "班级名称", "学生数", "值日"]))
    assert "unknown-column" in codes(first, "notice")
    first = answered(first, ("column", "值日", "-"))
    assert "unknown-column" not in codes(first, "notice")


def test_the_header_is_pointed_at_where_none_was_found(send, answered):
    rows = [["向阳小学"], ["甲乙丙"], ["所在班", "年级", "几个人"], *[[name, grade, n] for grade, name, n in ROWS]]
    first = send(workbook(rows, ["一览"], "一览表"))
    assert codes(first) == ["no-matching-sheet"]
    first = answered(first, ("header", "一览表", "4"))
    assert {"missing-column"} == set(codes(first))
    first = answered(first, ("column", "所在班", "name"), ("column", "几个人", "pupils"))
    assert first.state == State.CHECKED, first.problems
    assert SchoolClass.objects.count() == 3


def test_a_pointed_row_steps_back_where_a_header_is_found(send, answered):
    first = send(workbook([["x"], ["所在班", "年级"], ["1班", "一年级"]], ["一览"], "班级情况"))
    answered(first, ("header", "班级情况", "3"))
    assert send(workbook()).state == State.CHECKED


def test_the_unit_is_answered_once(send, answered, cast):
    header = list(PROFILE)
    header[9] = "教学及辅助用房面积(㎡)"
    row = [cast.school.code, cast.school.name, "小学", "县级教育部门", "镇中心区", "城关镇", 2001, "否", 119, 3, 0, 3000, 20, 10]
    first = send(book(("学校基本情况", [["单位:亩"], header, row])), ledger="school_profile")
    assert "two-units" in codes(first)
    question = next(q for q in questions_of(first, cast.actor(cast.clerk)) if q.kind == "unit")
    assert "亩" in dict(question.options)
    first = answered(first, ("unit", "teaching_area", "亩"))
    assert "two-units" not in [p["code"] for p in first.problems if p["field"] == "teaching_area"]
    assert Premises.objects.count() in (0, 1)
    assert "answered-before" in codes(first, "notice")


def test_a_school_name_confirmed_once_is_an_alias_with_its_source(send, answered, cast):
    data = workbook([["向阳校", *row] for row in ROWS], ["学校名称", "年级", "班级名称", "学生数"])
    first = send(data)
    assert set(codes(first)) == {"unknown-school"}
    question = next(q for q in questions_of(first, cast.actor(cast.clerk)) if q.kind == "name")
    assert question.options[0][0] in (cast.school.code, cast.point.code)
    first = answered(first, ("name", "向阳校", cast.school.code))
    assert first.state == State.CHECKED, first.problems
    alias = SchoolAlias.objects.get(text="向阳校")
    assert (alias.school, "clerk" in alias.source) == (cast.school, True)


def test_nobody_claims_a_school_that_is_not_theirs(send, cast):
    first = send(workbook([["某某校", *row] for row in ROWS], ["学校名称", "年级", "班级名称", "学生数"]))
    with pytest.raises(PermissionDenied):
        answer_doubts(filing_id=first.filing_id, number=1, answers=[Answer("name", "某某校", cast.other_school.code)], by=cast.actor(cast.clerk))
    assert not Remembered.objects.exists()
    assert not SchoolAlias.objects.filter(text="某某校").exists()


@pytest.mark.parametrize("answer", [("column", "孩子们", "no_such_field"), ("unit", "pupils", "亩"), ("header", "班级情况", "x"), ("name", "向阳校", "1")])
def test_an_answer_nobody_asked_for_is_refused(send, cast, answer):
    first = send(workbook(ROWS, ODD))
    with pytest.raises(BadRequest):
        answer_doubts(filing_id=first.filing_id, number=1, answers=[Answer(*answer)], by=cast.actor(cast.clerk))
    first.refresh_from_db()
    assert first.state == State.FAULTY


def test_an_answer_is_forgotten_and_asked_again(send, answered, cast):
    first = answered(send(workbook(ROWS, ODD)), ("column", "孩子们", "pupils"))
    forget(filing=first.filing, answer_id=Remembered.objects.get().pk, by=cast.actor(cast.clerk))
    assert send(workbook(ROWS[:2], ODD)).state == State.FAULTY
    assert AuditEvent.objects.filter(action="answer.forgotten").count() == 1


def test_the_page_asks_and_the_header_is_pointed_at_with_a_radio(send, cast, client):
    first = send(workbook([["x"], ["所在班", "年级"], ["1班", "9999****"], ["", "999901198001010011"]], ["一览"], "一览表"))
    sign_in(client, cast.clerk)
    at = [first.filing_id, 1]
    page = client.get(reverse("ledgers:version", args=at)).content.decode()
    assert reverse("ledgers:header", args=at) in page
    pointing = client.get(reverse("ledgers:header", args=at)).content.decode()
    assert 'value="一览表!3"' in pointing
    assert "999901198001010011" not in pointing
    client.post(reverse("ledgers:header", args=at), {"row": "一览表!3"})
    assert Remembered.objects.get().answer == "3"
    run_job(Version.objects.get().job_id)
    page = client.get(reverse("ledgers:version", args=at)).content.decode()
    assert 'name="answer:column:所在班"' in page
    client.post(reverse("ledgers:answer", args=at), {"answer:column:所在班": "name"})
    assert Remembered.objects.filter(kind="column", answer="name").exists()
    sign_in(client, cast.stranger)
    for name in ("answer", "forget", "header"):
        assert client.post(reverse(f"ledgers:{name}", args=at), {"row": "一览表!3"}).status_code == 404


def test_a_header_of_words_nobody_knows_is_pointed_at_and_then_mapped(send, answered):
    first = send(workbook(header=["届别", "班", "多少人"]))
    assert "no-matching-sheet" in codes(first)
    pointed = answered(first, ("header", "班级情况", "1"))
    assert codes(pointed).count("missing-column") == 3
    assert {p["value"] for p in pointed.problems if p["code"] == "unknown-column"} == {"届别", "班", "多少人"}
    mapped = answered(pointed, ("column", "届别", "grade"), ("column", "班", "name"), ("column", "多少人", "pupils"))
    assert (mapped.state, mapped.accepted) == (State.CHECKED, 3)
    assert send(workbook(rows=[["三年级", "1班", 30]], header=["届别", "班", "多少人"])).state == State.CHECKED
