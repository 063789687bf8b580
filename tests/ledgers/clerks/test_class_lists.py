"""Class lists as clerks of real schools send them: every mess gives the tidy facts, every fault is told where it stands."""
import datetime as dt

import pytest

from ledgers.checking import index_names
from schools.factset import SchoolRef
from tests.ledgers.checking.helpers import JUNIOR, NINE, SCHOOLS, SUNNY
from tests.ledgers.messes.dressing import CLASSES, Sent, book_of, facts, outcome, places, sent

pytestmark = pytest.mark.once  # no database is asked
HEAD, *ROWS = CLASSES
ONE, TWO, THREE = ROWS
EAST = SchoolRef(7, "9999010007", "东关小学", "whole", None, "211", "7", "121", "城关镇", None, 1980)
POINT = SchoolRef(8, "9999010008", "王庄教学点", "point", 1, "218", "7", "220", "城关镇", None, 1980)
REGISTER = (*SCHOOLS, EAST, POINT)
AROUND = {"schools": {s.code: s for s in REGISTER}, "names": index_names([(s.name, s) for s in REGISTER] + [("一中", JUNIOR)])}


def sheets(*named):
    """A workbook of (name, rows)."""
    book = book_of(named[0][1], named[0][0])
    for name, rows in named[1:]:
        other = book.create_sheet(name)
        for row in rows:
            other.append(list(row))
    return sent(book)


def merged(rows, *ranges):
    return sent(rows, lambda sheet: [sheet.merge_cells(one) for one in ranges])


def wide(row):
    """Every cell merged over two columns."""
    return [cell for value in row for cell in (value, None)]


def nested():
    cells = "".join(f"<tr><td>{a}</td><td>{b}&nbsp;</td><td>{c}<br></td></tr>" for a, b, c in ROWS)
    table = f"<table><tr><td colspan=3>班级情况表</td></tr><tr><th>年级</th><th>班级名称</th><th>学生数</th></tr>{cells}</table>"
    return Sent(f"<html><body><table><tr><td>{table}</td></tr></table></body></html>".encode("gb18030"), "台账.xls")


FORM = [
    ["向阳小学2025年秋季学期班级情况统计表"], ["填报单位(盖章)：向阳小学    填报人：王某   联系电话：13800000000   2025.9.3"],
    ["序号", "年级", "班级", "学生数", None, None, "班主任"], [None, None, None, "合计", "男", "女", None],
    [1, "一年级", "一(1)班", 40, 20, 20, "张三"], [2, None, "一(2)班", 41, 21, 20, "李四"], [None, "小计", None, 81, 41, 40, None],
    [3, "二年级", "二(1)班", 45, 22, 23, "王芳"], ["总计", None, None, 126, 63, 63, None], ["校长签字：    填表人：王某    2025年9月3日"],
]  # fmt: skip
MERGES = ("A1:G1", "A2:G2", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4", "B5:B6", "B7:C7", "A9:C9", "A10:G10")
NOTES = [["附件2"], ["填表说明："], ["1.年级填一年级至六年级。"], ["2.学生数为9月1日在籍学生数。"], ["3.班级名称按学校习惯填写。"], ["学校：向阳小学"], []]
BANDS = ["25人及以下", "26-30人", "31-35人", "36-40人", "41-45人", "46-50人", "51-55人", "56-60人", "61-65人", "66人及以上"]

GOOD = {
    "a header in row 9 under the instructions": lambda: sent([["班级情况表"], *NOTES, *CLASSES]),
    "small headings between the rows": lambda: sent([HEAD, ["一、低年级段"], ONE, TWO, ["二、中年级段"], THREE]),
    "merged small headings": lambda: merged([HEAD, ["低年级段", None, None], *ROWS], "A2:C2"),
    "a subtotal beside its grade": lambda: sent([HEAD, ONE, TWO, ["一年级", "小计", 81], THREE, ["二年级", "小计", 45], ["合计", "3个班", 126]]),
    "合计 under each grade": lambda: sent([HEAD, ONE, TWO, ["合计", None, 81], THREE, ["合计", None, 45]]),
    "a total written as a sentence": lambda: sent([*CLASSES, ["合计：3个班，126人"]]),
    "another sentence at the end": lambda: sent([*CLASSES, ["全校共3个班，126名学生。"]]),
    "sums without the word": lambda: sent([*CLASSES, [None, None, 126]]),
    "averages under the sums": lambda: sent([*CLASSES, ["合计", None, 126], ["平均班额", None, 42]]),
    "a date under the last column": lambda: sent([*CLASSES, [], [None, None, "2025年9月5日"]]),
    "the number of the page": lambda: sent([*CLASSES, ["第1页 共1页"]]),
    "title and header again after a page": lambda: sent([["向阳小学班级情况表"], HEAD, ONE, TWO, ["向阳小学班级情况表"], HEAD, THREE]),
    "every cell merged over two columns": lambda: merged([wide(row) for row in CLASSES], *[f"{a}{i}:{b}{i}" for i in range(1, 5) for a, b in ("AB", "CD", "EF")]),
    "a blank column of the same name": lambda: sent([[HEAD[0], "班级", *HEAD[1:]], *[[g, None, n, p] for g, n, p in ROWS]]),
    "notes of several lines": lambda: sent([*CLASSES, ["注：1.请于9月20日前上报"], ["2.不得空项"], ["3.本表一式两份。"]]),
    "stars behind the headers": lambda: sent([["★年级*", "班级名称*", "学生数(人)*"], *ROWS]),
    "a row of units under the header": lambda: sent([HEAD, [None, "(个)", "(人)"], *ROWS]),
    "a note right under the header": lambda: sent([HEAD, ["注：请如实填写"], *ROWS]),
    "a summary beside the grades": lambda: sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [HEAD, THREE]), ("汇总", [["年级", "班级数", "学生数"], ["一年级", 2, 81]])),
    "the same rows again in a summary": lambda: sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [HEAD, THREE]), ("汇总", [HEAD, *ROWS, ["合计", None, 126]])),
    "a pivot sheet": lambda: sheets(("班级", CLASSES), ("透视表", [["行标签", "求和项:学生数"], ["一年级", 81], ["总计", 126]])),
    "sheets with their columns in another order": lambda: sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [["备注", *HEAD[::-1]], [None, *THREE[::-1]]])),
    "a unit after a slash": lambda: sent([["年级", "班级名称", "学生人数/人"], *ROWS]),
    "在校学生数 with blanks and breaks": lambda: sent([["年　 级", "班\n级", "在校\n学生数\n（人）"], *ROWS]),
    "a table within a table of a web page": nested,
    "rows kept ready for more": lambda: sent([["序号", *HEAD], *[[i, *row] for i, row in enumerate(ROWS, 1)], *[[i] for i in range(4, 30)]]),
    "formulas beside the table that show 0": lambda: sent([[*HEAD, "倍"], *[[*row, 1] for row in ROWS], *[[None, None, None, 0] for _ in range(20)]]),
    "one grade said twice": lambda: sent([HEAD, ["一年级(小学一年级)", *ONE[1:]], TWO, THREE]),
    "this year in a column": lambda: sent([["学年", *HEAD], *[["2025-2026学年", *row] for row in ROWS]]),
    "the title of next spring": lambda: sent([["向阳小学2026年春季学期班级情况表"], *CLASSES]),
    "blank columns before the table": lambda: sent([[None, None, *row] for row in CLASSES]),
    "a table of two halves, one below the other": lambda: sent([HEAD, ONE, [], HEAD, TWO, THREE]),
}  # fmt: skip

TOLD = {
    "two tables side by side": (lambda: sent([[*HEAD, None, *HEAD], [*ONE, None, "三年级", "三(1)班", 38], [*TWO, None, "三年级", "三(2)班", 37], THREE]), ("tables-side-by-side", "")),
    "the block of another school below its name": (lambda: sent([*CLASSES, [], ["东关小学"], ["三年级", "三(1)班", 38]]), ("other-school", "A6")),
    "another school's table below its title": (lambda: sent([*CLASSES, [], ["东关小学班级表"], HEAD, ["三年级", "三(1)班", 38]]), ("other-school", "A6")),
    "another table below": (lambda: sent([HEAD, *ROWS, [], ["二、教师情况"], ["姓名", "性别", "学历"], ["张三", "男", "本科"]]), ("rows-after-other-table", "")),
    "a wrong subtotal": (lambda: sent([HEAD, ONE, TWO, ["小计", None, 80], THREE, ["小计", None, 45], ["总计", None, 126]]), ("total-differs", "C4")),
    "a wrong grand total among right subtotals": (lambda: sent([HEAD, ONE, TWO, ["小计", None, 81], THREE, ["小计", None, 45], ["总计", None, 45]]), ("total-differs", "C7")),
    "two numbers in one cell": (lambda: sent([HEAD, [*ONE[:2], "40\n1"], TWO, THREE]), ("not-a-number", "C2")),
    "a blank inside a number": (lambda: sent([HEAD, [*ONE[:2], "4 0"], TWO, THREE]), ("not-a-number", "C2")),
    "one number for two merged rows": (lambda: merged([HEAD, [*ONE[:2], 81], [*TWO[:2], None], THREE], "C2:C3"), ("merged-figure", "C2")),
    "1-1 turned into a date": (lambda: sent([HEAD, ["一年级", dt.date(2025, 1, 1), 40], TWO, THREE]), ("became-a-date", "B2")),
    "a count in the format of a date": (lambda: sent(CLASSES, lambda sheet: setattr(sheet["C2"], "number_format", "yyyy/m/d")), ("became-a-date", "C2")),
    "last autumn in the title": (lambda: sent([["向阳小学2024年秋季学期班级情况表"], *CLASSES]), ("other-year", "A1")),
    "last spring in the title": (lambda: sent([["向阳小学2025年春季学期班级情况表"], *CLASSES]), ("other-year", "A1")),
    "filled in last year": (lambda: sent([["填报单位：向阳小学    填表日期：2024年9月5日"], *CLASSES]), ("other-year", "A1")),
    "last year in a column": (lambda: sent([["学年", *HEAD], *[["2024-2025学年", *row] for row in ROWS]]), ("other-year", "A2")),
    "a row of last year": (lambda: sent([["学年", *HEAD], *[["2025-2026", *row] for row in ROWS], ["2024-2025", "三年级", "三(1)班", 38]]), ("row-of-other-year", "A5")),
    "last year's table below": (lambda: sent([["2025-2026学年"], *CLASSES, ["2024-2025学年"], HEAD, ["三年级", "三(1)班", 39]]), ("other-year", "A6")),
    "another school in an unlabelled title": (lambda: sent([["清河县东关小学班级情况统计表"], *CLASSES]), ("other-school", "A1")),
    "a point of the school in the title": (lambda: sent([["王庄教学点班级情况统计表"], *CLASSES]), ("other-school", "A1")),
    "a sheet named for another school": (lambda: sheets(("东关小学", CLASSES)), ("other-school", "A1")),
    "two schools in the letterhead": (lambda: sent([["填报单位：东关小学"], ["填报单位：向阳小学"], *CLASSES]), ("other-school", "A1")),
    "another school in one row": (lambda: sent([["学校名称", *HEAD], *[["向阳小学", *row] for row in ROWS], ["东关小学", "一年级", "一(1)班", 33]]), ("other-school", "A5")),
    "sheets of which one lacks a column": (lambda: sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [HEAD[:2], THREE[:2]])), ("sheets-differ", "")),
    "thousands in the header of one sheet only": (lambda: sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [[*HEAD[:2], "学生数(百人)"], THREE])), ("sheets-differ", "")),
    "two kinds of class name": (lambda: sent([["年级", "班级", "班级名称", "学生数"], *[[g, i, n, p] for i, (g, n, p) in enumerate(ROWS)]]), ("column-twice", "")),
    "a formula typed as text": (lambda: sent([HEAD, [*ONE[:2], "'=20+20"], TWO, THREE]), ("not-a-number", "C2")),
    "a remark in the number's cell": (lambda: sent([HEAD, [*ONE[:2], "40(含随班就读1人)"], TWO, THREE]), ("not-a-number", "C2")),
    "grades by the year of entry": (lambda: sent([HEAD, ["2025级", "1班", 40], TWO, THREE]), ("not-a-grade", "A2")),
    "two head teachers": (lambda: sent([[*HEAD, "班主任"], [*ONE, "王芳、李明"], TWO, THREE]), ("several-values", "D2")),
    "a school said once for many rows": (lambda: sent([["学校名称", *HEAD], ["向阳小学", *ONE], [None, *TWO]]), ("no-school", "A3")),
}  # fmt: skip


@pytest.fixture(scope="module")
def tidy():
    return facts(outcome("classes", sent(CLASSES)))


@pytest.mark.parametrize("name", GOOD)
def test_the_facts_are_those_of_the_tidy_list(name, tidy):
    found = outcome("classes", GOOD[name](), **AROUND)
    assert places(found) == []
    assert facts(found) == tidy
    assert found.report.rows_read == found.report.accepted + len(found.report.skipped)
    doubts = {code for code, _ in places(found, "doubt")}
    assert doubts <= {"sheets-combined"}


def test_the_printed_form_with_everything_merged():
    found = outcome("classes", merged(FORM, *MERGES))
    assert found.status == "clean"
    assert [tuple(row[k] for k in ("grade", "name", "pupils", "boys")) for row in found.schools[0].rows_by_model["schools.SchoolClass"]] == [
        (1, "一(1)班", 40, 20), (1, "一(2)班", 41, 21), (2, "二(1)班", 45, 22)]  # fmt: skip
    assert found.schools[0].signers["填表人"].startswith("王某")


@pytest.mark.parametrize("name", TOLD)
def test_the_fault_is_told_where_it_stands(name):
    build, wanted = TOLD[name]
    school = None if wanted[0] == "no-school" else SUNNY
    found = outcome("classes", build(), school, **AROUND)
    assert wanted in places(found, "error", "doubt")


def test_every_row_that_is_no_data_is_named():
    found = outcome("classes", GOOD["a subtotal beside its grade"]())
    (told,) = [p for p in found.problems() if p.code == "rows-skipped"]
    assert "合计行（第 4、6-7 行）" in told.message
    found = outcome("classes", GOOD["small headings between the rows"]())
    (told,) = [p for p in found.problems() if p.code == "rows-skipped"]
    assert "2 行“一、低年级段”" in told.message


def test_a_workbook_with_a_sheet_for_each_school_is_split_by_their_names():
    book = sheets(("向阳小学", CLASSES), ("东关小学", [HEAD, ["一年级", "一(1)班", 33]]), ("王庄教学点", [HEAD, ["一年级", "1班", 12]]))
    found = outcome("classes", book, None, **AROUND)
    assert [(part.school.name, part.accepted) for part in found.schools] == [("向阳小学", 3), ("东关小学", 1), ("王庄教学点", 1)]


def test_a_county_list_with_merged_schools_and_headings_is_split():
    rows = [["清河县2025-2026学年班级情况汇总表"], ["学校名称", *HEAD], ["向阳小学", *ONE], [None, *TWO], ["向阳小学小计", None, None, 81], ["东关小学", "一年级", "一(1)班", 33],
            [None, "二年级", "二(1)班", 35], ["总计", None, None, 149]]  # fmt: skip
    found = outcome("classes", merged(rows, "A1:D1", "A3:A4", "A6:A7"), None, **AROUND)
    assert found.status == "clean"
    assert [(part.school.name, part.accepted) for part in found.schools] == [("向阳小学", 2), ("东关小学", 2)]


def test_primary_and_junior_parts_under_their_headings():
    rows = [HEAD, ["一、小学部"], *ROWS, ["小学部合计", None, 126], ["二、初中部"], ["七年级", "七(1)班", 48], ["初中部合计", None, 48], ["总计", None, 174]]
    found = outcome("classes", sent(rows), NINE)
    assert (found.status, found.report.accepted, len(found.report.skipped)) == ("clean", 4, 5)


def test_blank_size_bands_are_nought_where_the_classes_prove_it():
    rows = [["年级", "班数", *BANDS, "学生数"], ["一年级", 2, None, None, None, 1, 1, *[None] * 5, 81], ["二年级", 2, None, None, None, None, 1, *[None] * 5, 45]]
    found = outcome("classes", sent(rows))
    assert {(r.cell, r.new) for r in found.repairs()} == {(f"{letter}2", "0") for letter in "CDEHIJKL"}
    assert {cell for code, cell in places(found) if code == "blank-required"} == {f"{letter}3" for letter in "CDEFHIJKL"}
    (row,) = found.schools[0].rows_by_model["schools.ClassBand"]
    assert (row["upto_25"], row["from_36"], row["from_41"], row["from_66"]) == (0, 1, 1, 0)


def test_a_sheet_in_another_order_keeps_its_own_addresses():
    found = outcome("classes", GOOD["sheets with their columns in another order"]())
    (part,) = found.schools
    assert [part.place_of("schools.SchoolClass", "pupils", k)[:2] for k in range(3)] == [("一年级", "C2"), ("一年级", "C3"), ("二年级", "B2")]
    faulty = outcome("classes", sheets(("一年级", [HEAD, ONE, TWO]), ("二年级", [HEAD[::-1], ["约45", *THREE[1::-1]]])))
    assert ("not-a-number", "A2") in places(faulty)


def test_a_points_form_may_bear_the_name_of_its_school():
    found = outcome("classes", sent([["向阳小学班级情况统计表"], *CLASSES]), POINT, **AROUND)
    assert places(found, "error", "doubt") == []
    assert [part.school for part in found.schools] == [POINT]


@pytest.mark.parametrize("title", ["优质均衡（2017年标准）班级情况表", "2020年以来班级情况表", "2025年班级情况统计表", "2026年春季班级情况表", "2025学年度第一学期班级情况表"])
def test_a_year_in_the_title_that_is_no_other_year(title):
    assert places(outcome("classes", sent([[title], *CLASSES]), **AROUND), "error", "doubt") == []


def test_a_repeated_class_names_the_sheet_of_the_other_row():
    found = outcome("classes", sheets(("一年级", [HEAD, ONE, TWO]), ("一年级(2)", [HEAD, [*ONE[:2], 39]])))
    (problem,) = [p for p in found.problems() if p.code == "duplicate-key"]
    assert "与工作表“一年级”第 2 行的" in problem.message


def test_a_guide_in_the_header_with_an_example_in_brackets_is_no_other_column():
    assert facts(outcome("classes", sent([["年级\n（填一年级至九年级）", "班级名称\n(如:一(1)班)", "学生数(人)\n【9月1日在籍】"], *ROWS]))) == facts(outcome("classes", sent(CLASSES)))


@pytest.mark.parametrize(("rows", "code"), [
    ([["年级", "1班", "2班"], ["一年级", 40, 41], ["二年级", 45, None]], "shape-not-read"), ([list(column) for column in zip(*CLASSES, strict=True)], "sheet-turned-over"),
    ([["年级", None, "学生数"], *ROWS], "column-without-header"),
])  # fmt: skip
def test_a_shape_that_is_not_read_is_called_by_its_name(rows, code):
    found = outcome("classes", sent(rows))
    assert (code, "") in places(found, "error", "notice") and found.status in ("refused", "faulty")


def test_the_blocks_of_several_schools_on_one_sheet_are_not_all_given_to_the_first():
    blocks = sent([["清河县班级情况表"], ["向阳小学"], HEAD, *ROWS, ["东关小学"], HEAD, ["三年级", "三(1)班", 33]])
    found = outcome("classes", blocks, None, **AROUND)
    assert ("block-of-another-school", "A7") in places(found) and found.report.accepted == 0
