"""A4: faults named by row, field and code; the receiving school and the months are never guessed."""
import pytest

from ledgers.definitions.exchange import direction
from tests.ledgers.checking.helpers import JUNIOR, NINE, SUNNY, id_number, places, rows_of, run

HEAD = ("派出学校", "姓名", "身份证号", "职务", "骨干级别", "是否符合交流条件", "交流到(接收)学校", "交流形式", "开始时间", "结束时间")


def move(sequence=2, **changed) -> tuple:
    row = {
        "派出学校": "向阳小学", "姓名": "王芳", "身份证号": id_number(sequence), "职务": "教师", "骨干级别": "无", "是否符合交流条件": "是",
        "交流到(接收)学校": "清河九年一贯制学校", "交流形式": "定期交流", "开始时间": "2025-09", "结束时间": "2026-07",
    }  # fmt: skip
    return tuple({**row, **changed}[name] for name in HEAD)


def check(*rows, head=HEAD, school=None, **more):
    return run("exchange", ("交流轮岗", [head, *rows]), school=school, **more)


def test_a_row_becomes_a_fact_without_name_and_with_the_receiving_schools_code():
    outcome = check(move(2))
    assert outcome.status == "clean"
    (row,) = rows_of(outcome, "teachers.Exchange")
    assert (row["to_code"], row["start"], row["end"], row["eligible"], row["form"]) == (NINE.code, 202509, 202607, True, "regular")
    assert not {"name", "id_number", "period"} & set(row)
    assert outcome.schools[0].school == SUNNY


def test_a_county_wide_sheet_is_split_by_the_sending_school():
    outcome = check(move(2), move(4, 派出学校="第一初级中学"))
    assert [part.school for part in outcome.schools] == [SUNNY, JUNIOR]


def test_months_may_stand_in_one_cell():
    head = (*HEAD[:-2], "起止时间")
    outcome = check((*move(2)[:-2], "2025.09-2026.07"), (*move(4)[:-2], "2025年9月至今"), head=head)
    assert outcome.status == "clean"
    rows = rows_of(outcome, "teachers.Exchange")
    assert [(row["start"], row["end"]) for row in rows] == [(202509, 202607), (202509, None)]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"身份证号": id_number(2)[:17]}, "id_number", "id-wrong-length"),
        ({"职务": "书记员"}, "post", "not-in-list"),
        ({"是否符合交流条件": ""}, "eligible", "blank-required"),
        ({"是否符合交流条件": "大概"}, "eligible", "unknown-mark"),
        ({"交流到(接收)学校": "向阳小学"}, "to_text", "same-school"),
        ({"交流到(接收)学校": "红旗小学"}, "to_text", "unknown-school"),
        ({"交流到(接收)学校": ""}, "to_text", "blank-required"),
        ({"交流形式": "旅游"}, "form", "not-in-list"),
        ({"开始时间": ""}, "start", "blank-required"),
        ({"开始时间": "25.9"}, "start", "ambiguous-month"),
        ({"结束时间": "2025-08"}, "end", "dates-reversed"),
        ({"派出学校": "红旗小学"}, "school_name", "unknown-school"),
    ],
)
def test_a_fault_is_named_by_its_cell(changed, field, code):
    outcome = check(move(2, **changed), move(4))
    assert places(outcome) == [(2, field, code)]
    assert len(rows_of(outcome, "teachers.Exchange")) == 1


def test_a_posting_outside_the_county_keeps_the_name_and_no_code():
    outcome = check(move(2, 交流形式="支教", **{"交流到(接收)学校": "邻省希望小学"}))
    assert outcome.status == "clean"
    assert [(row["to_code"], row["to_text"]) for row in rows_of(outcome, "teachers.Exchange")] == [("", "邻省希望小学")]


def test_overlapping_periods_of_one_person_are_an_error_and_neighbouring_ones_are_not():
    twice = check(move(2), move(2, 开始时间="2026-07", 结束时间="2027-06", **{"交流到(接收)学校": "第一初级中学"}))
    assert places(twice) == [(3, "start", "periods-overlap")]
    after = check(move(2), move(2, 开始时间="2026-08", 结束时间="2027-06", **{"交流到(接收)学校": "第一初级中学"}))
    assert after.status == "clean"
    going_on = check(move(2, 结束时间=""), move(2, 开始时间="2027-09", 结束时间="", **{"交流到(接收)学校": "第一初级中学"}))
    assert places(going_on) == [(3, "start", "periods-overlap")]


def test_the_same_exchange_twice_is_kept_once_and_with_other_contents_refused():
    assert places(check(move(2), move(2)), "error", "notice") == [(3, "to_text", "duplicate-row")]
    assert (3, "to_text", "duplicate-key") in places(check(move(2), move(2, 结束时间="2027-07")))


def test_a_typed_direction_is_compared_with_the_register():
    head = (*HEAD, "流向")
    assert direction(SUNNY, NINE) == "镇→乡"
    assert check((*move(2), "镇→乡"), (*move(4), "镇到乡村"), head=head).status == "clean"
    assert places(check((*move(2), "城→乡"), head=head), "doubt") == [(2, "direction_said", "differs-from-computed")]


def test_a_person_may_leave_one_school_and_be_named_by_another():
    other = move(2, 派出学校="清河九年一贯制学校", 开始时间="2026-09", 结束时间="2027-07", **{"交流到(接收)学校": "向阳小学"})
    assert check(move(2), other).status == "clean"
