"""A5: hours exact to a tenth, long and wide sheets, every hour with the cell it came from."""
import pytest

from tests.ledgers.checking.helpers import id_number, places, rows_of, run

LONG = ("姓名", "身份证号", "年度", "培训项目名称", "培训级别", "培训形式", "开始时间", "学时")
WIDE = ("姓名", "身份证号", "2021年", "2022年", "2023年", "2024年", "2025年", "合计")
MODEL = "teachers.Training"


def item(sequence=2, **changed) -> tuple:
    row = {"姓名": "王芳", "身份证号": id_number(sequence), "年度": "2025", "培训项目名称": "学科研修", "培训级别": "国培", "培训形式": "网络研修", "开始时间": "2025-07", "学时": 36}
    return tuple({**row, **changed}[name] for name in LONG)


def long(*rows, **more):
    return run("training", ("培训", [LONG, *rows]), **more)


def wide(*rows, head=WIDE, **more):
    return run("training", ("培训", [head, *rows]), **more)


def test_a_long_sheet_gives_one_fact_an_item():
    outcome = long(item(2), item(2, 培训项目名称="班主任培训", 学时="12.5学时"))
    assert outcome.status == "clean"
    assert [(row["year"], row["level"], row["form"], row["hours"]) for row in rows_of(outcome, MODEL)] == [(2025, "nation", "remote", 360), (2025, "nation", "remote", 125)]


def test_a_wide_sheet_gives_one_fact_a_filled_year_with_its_own_cell():
    outcome = wide(("王芳", id_number(2), 72, 72.5, None, 80, 0, 224.5), ("李四", id_number(4), None, None, None, None, 60, 60))
    assert outcome.status == "clean"
    rows = rows_of(outcome, MODEL)
    assert [(row["year"], row["hours"]) for row in rows] == [(2021, 720), (2022, 725), (2024, 800), (2025, 0), (2025, 600)]
    part = outcome.schools[0]
    assert [part.place_of(MODEL, "hours", k)[1] for k in range(5)] == ["C2", "D2", "F2", "G2", "G3"]
    assert part.place_of(MODEL, "year", 2)[1] == "F2"
    assert part.place_of(MODEL, "person_key", 4)[1] == "B3"


def test_a_total_that_is_not_the_sum_of_its_years_is_an_error():
    assert places(wide(("王芳", id_number(2), 72, 72, 72, 72, 72, 360.1))) == [(2, "total", "parts-differ-from-total")]


@pytest.mark.parametrize(
    ("value", "code"), [(0, "outside-range"), (-1, "outside-range"), (240.1, "outside-range"), ("约36", "not-a-number"), (None, "blank-required"), ("满", "not-a-number")]
)
def test_hours_of_an_item_lie_above_zero_and_up_to_240(value, code):
    outcome = long(item(2, 学时=value), item(4))
    assert places(outcome) == [(2, "hours", code)]
    assert len(rows_of(outcome, MODEL)) == 1


def test_the_ends_of_the_range_are_within_it():
    outcome = long(item(2, 学时=0.1), item(4, 学时=240))
    assert outcome.status == "clean"
    assert [row["hours"] for row in rows_of(outcome, MODEL)] == [1, 2400]


def test_the_same_item_without_a_month_stands_once_a_year():
    outcome = long(item(2, 开始时间=""), item(2, 开始时间="", 学时=40), item(2, 开始时间="", 年度="2024"))
    assert places(outcome) == [(3, "item", "duplicate-key")]


def test_a_month_of_another_year_is_a_doubt():
    assert places(long(item(2, 开始时间="2023-07")), "doubt") == [(2, "year", "differs-from-computed")]


def test_a_sheet_with_names_only_is_not_taken_for_a_wide_one():
    assert run("training", ("名单", [("姓名", "身份证号", "电话"), ("王芳", id_number(2), "1")])).status == "refused"


def test_a_total_waits_for_the_years_that_cannot_be_read_and_a_repeated_item_names_its_row():
    assert places(wide(("王芳", id_number(2), 72, "缺", 72, 72, 72, 360))) == [(2, "hours_2022", "not-a-number")]
    (problem,) = [p for p in long(item(2, 开始时间=""), item(2, 开始时间="", 学时=40)).problems() if p.code == "duplicate-key"]
    assert "与第 2 行的" in problem.message


@pytest.mark.parametrize(("years", "words"), [(("21年", "22年", "23年"), "只写了两位"), (("2021-2022学年", "2022-2023学年"), "按学年分列")])
def test_years_that_do_not_say_which_are_called_by_name(years, words):
    outcome = wide(("王芳", id_number(2), *[72] * len(years)), head=("姓名", "身份证号", *years))
    assert any(problem.code == "shape-not-read" and words in problem.message for problem in outcome.problems())
