"""Whole files recognised: the wrong ledger, another school's file, last year's file, a sample row left in."""

import pytest

from accounts.actor import Actor
from ledgers.models import State
from ledgers.services import act
from tests.ledgers.filing.conftest import ROWS, YEAR, workbook

pytestmark = pytest.mark.django_db


def codes(version, level="doubt") -> list[str]:
    return [p["code"] for p in version.problems if p["level"] == level]


def stand(version) -> None:
    for verb in ("submit", "approve"):
        act(verb, filing=version.filing, number=version.number, by=Actor.operator())


def test_the_wrong_ledger_is_named(send):
    version = send(workbook(), ledger="teachers")
    problem = next(p for p in version.problems if p["code"] == "looks-like-ledger")
    assert "班级" in problem["value"]


def test_a_file_like_no_ledger_is_not_said_to_be_one(send):
    version = send(workbook([["教务处", "123"]], ["部门", "电话"]), ledger="teachers")
    assert codes(version, "error") == ["no-matching-sheet"]


def test_another_schools_file_is_recognised_by_its_bytes(send, cast):
    data = workbook()
    send(data)
    assert "same-as-other-school" in codes(send(data, school=cast.other_school))


def test_last_years_file_is_recognised_by_its_bytes_and_by_its_rows(send):
    data = workbook()
    stand(send(data, year=YEAR - 1))
    version = send(data)
    assert {"same-as-other-year", "same-as-last-year"} <= set(codes(version))
    assert version.state == State.CHECKED
    assert "same-as-last-year" in codes(send(workbook(list(reversed(ROWS)))))


def test_one_changed_number_is_this_years_file(send):
    stand(send(workbook(), year=YEAR - 1))
    assert codes(send(workbook([*ROWS[:-1], ["二年级", "1班", 37]]))) == []


def test_a_sample_row_left_in_is_skipped_and_said(send):
    version = send(workbook([["示例:一年级", "1班", 45], *ROWS]))
    assert (version.state, version.accepted, version.skipped) == (State.CHECKED, 3, 1)
    assert "sample-row-skipped" in codes(version, "notice")


def test_a_file_with_nothing_but_the_sample_row_says_so(send):
    version = send(workbook([["示例:一年级", "1班", 45]]))
    assert codes(version, "error") == ["no-rows"]


def test_a_file_named_for_another_school_is_asked_about(send, cast):
    assert "named-for-other-school" in codes(send(workbook(), name="城关中学班级.xlsx"))
    assert "named-for-other-school" not in codes(send(workbook([["一年级", "1班", 11]]), name="向阳小学班级(对照城关中学).xlsx"))
    assert "named-for-other-school" not in codes(send(workbook([["一年级", "1班", 12]]), name="向阳小学班级.xlsx", school=cast.point))
