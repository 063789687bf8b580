"""Long lists made short: ranges of consecutive rows, at most so many lines, none of the problems lost from the count."""
import io
import random
import resource

import openpyxl
import pytest

from ledgers.marking import Task, mark
from ledgers.marking.summary import lines_by_range, lines_by_rule

from .helpers import book_of, found, lines, saved

pytestmark = pytest.mark.once  # no database is asked


def test_consecutive_rows_of_one_rule_and_column_are_one_range():
    problems = [found(f"D{row}") for row in range(5, 1205)]
    (line,) = lines_by_range(problems, {"pupils": "1 到 100 的整数"}, 190)
    assert (line.where, line.first, line.count, line.allowed) == ("D5:D1204", "D5", 1200, "1 到 100 的整数")


def test_a_gap_another_column_and_another_rule_begin_new_lines():
    problems = [found("D5"), found("D6"), found("D9"), found("E6"), found("D7", code="blank-required")]
    assert {(line.title, line.where) for line in lines_by_range(problems, {}, 190)} == {
        ("不是确定的数", "D5:D6"), ("不是确定的数", "D9"), ("不是确定的数", "E6"), ("必填项空白", "D7"),
    }  # fmt: skip


def test_what_stops_the_whole_sheet_comes_first_then_the_commonest_rule():
    problems = [found("D5", code="blank-required"), *[found(f"E{r}") for r in range(5, 9)], found("", code="missing-column")]
    assert [line.title for line in lines_by_range(problems, {}, 190)] == ["缺少必填列", "不是确定的数", "必填项空白"]


@pytest.mark.parametrize("seed", range(5))
def test_never_more_lines_than_allowed_and_the_counts_always_add_up(seed):
    rng = random.Random(seed)
    codes = ["not-a-number", "blank-required", "not-in-list", "id-checksum", "outside-range"]
    letters = [chr(65 + n) for n in range(rng.choice((3, 26)))]
    problems = [found(f"{rng.choice(letters)}{rng.randint(2, 3000)}", code=rng.choice(codes), field=rng.choice("abc")) for _ in range(4000)]
    for limit in (5, 50, 190):
        for told in (lines_by_range(problems, {}, limit), lines_by_rule(problems, {}, limit)):
            assert len(told) <= limit
            assert sum(line.count for line in told) == len(problems)


def test_a_sum_of_cells_and_a_problem_of_the_file_are_told_in_words():
    where = {line.where for line in lines_by_range([found("E12+E13"), found("", code="no-rows", sheet="")], {}, 190)}
    assert where == {"E12+E13", "整个文件"}


def test_twenty_thousand_problems_are_marked_quickly_in_little_room():
    """The bar is 100,000 in 10 s (bench); here a fifth, in a process that must not grow by the size of the book."""
    rows = [("一年级", f"{i}班", "约50", *[f"文{i}{j}" for j in range(7)]) for i in range(20_000)]
    data = saved(book_of(("年级", "班级名称", "学生数", *"abcdefg"), *rows))
    problems = [found(f"C{row}", value=f"约{row}") for row in range(2, 20_002)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    got = mark(data, "a.xlsx", Task(problems))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
    book = openpyxl.load_workbook(io.BytesIO(got), read_only=True)
    assert [line[4:6] for line in lines(book["必改"]) if line[4]] == [["C2:C20001", 20_000]]
