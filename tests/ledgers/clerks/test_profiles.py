"""Profile forms as schools keep them: pairs, last year beside this year, several schools side by side, units everywhere."""
import openpyxl
import pytest

from ledgers.checking import index_names
from tests.ledgers.checking.helpers import JUNIOR, PROFILE, SCHOOLS, SUNNY
from tests.ledgers.messes.dressing import codes, facts, outcome, places, sent

pytestmark = pytest.mark.once  # no database is asked
HEAD, ROW = list(PROFILE), list(PROFILE.values())
PAIRS = list(PROFILE.items())
MONEY = ("教学仪器设备资产值", "上年度公用经费预算总额", "教师培训经费预算")


def less(value):
    """What last year's column says: never what this year's does."""
    return value if isinstance(value, str) else value - 1


def changed(**new):
    return [new.get(header, value) for header, value in PAIRS]


def renamed(**new):
    return [new.get(header, header) for header in HEAD]


def in_yuan():
    return [round(value * 10_000) if header in MONEY else value for header, value in PAIRS]


def beside(head, rows, last=False):
    return sent([head, *[[name, less(value), value] if last else [name, value, less(value)] for name, value in rows]])


def form_of_pairs(columns):
    lines = [PAIRS[i : i + columns] for i in range(0, len(PAIRS), columns)]
    return sent([["学校基本情况表"], *[[cell for pair in line for cell in pair] for line in lines], ["填表人：王某", None, "审核人：李某"]])


GOOD = {
    "a form of two pairs a line": lambda: form_of_pairs(2),
    "a form of three pairs a line": lambda: form_of_pairs(3),
    "two blocks with headers": lambda: sent([["项目", "数值", "项目", "数值"], *[[*a, *b] for a, b in zip(PAIRS[:11], PAIRS[11:], strict=True)]]),
    "last year beside this year": lambda: beside(["填报项目", "上年数", "本年数"], PAIRS, last=True),
    "this year before last year": lambda: beside(["填报项目", "本年数", "上年数"], PAIRS),
    "two calendar years": lambda: beside(["项目", "2024年", "2025年"], PAIRS, last=True),
    "two school years": lambda: beside(["指标", "2024-2025学年", "2025-2026学年"], PAIRS, last=True),
    "a column that is called the value": lambda: beside(["填报项目", "填报值", "核定数"], PAIRS),
    "values merged over two columns": lambda: sent([["填报项目", "填报值", None], *[[*pair, None] for pair in PAIRS]], lambda s: [s.merge_cells(f"B{i}:C{i}") for i in range(1, 24)]),
    "numbered labels": lambda: sent([["项目", "数值"], *[[f"{i}.{name}" if i % 2 else f"（{i}）其中：{name}", value] for i, (name, value) in enumerate(PAIRS, 1)]]),
    "a corner with two units": lambda: sent([["学校基本情况表", None, "单位：平方米、万元"], HEAD, ROW]),
    "a corner in 元": lambda: sent([["学校基本情况表", None, "金额单位：元"], HEAD, in_yuan()]),
    "a vertical form in 元": lambda: sent([["学校基本情况表", "单位：元"], ["填报项目", "填报值"], *zip(HEAD, in_yuan(), strict=True)]),
    "万册 in the header": lambda: sent([renamed(图书册数="图书册数（万册）"), changed(图书册数=1.44)]),
    "百人 in the label": lambda: sent([["填报项目", "单位", "填报值"], *[[n, "百人" if n == "小学在校生数" else "", 4.8 if n == "小学在校生数" else v] for n, v in PAIRS]]),
    "currency signs, spaces and points": lambda: sent([HEAD, changed(教学仪器设备资产值="￥115.20", 图书册数="14 400", 占地面积="１５０００", 教学及辅助用房面积="3,200.50")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def tidy():
    return facts(outcome("school_profile", sent([HEAD, ROW])))


@pytest.mark.parametrize("name", GOOD)
def test_the_facts_are_those_of_the_plain_row(name, tidy):
    found = outcome("school_profile", GOOD[name]())
    assert places(found, "error", "doubt") == []
    assert facts(found) == tidy


TOLD = {
    "figures in two columns without a word": (lambda: beside(["填报项目", "第一次", "第二次"], PAIRS), ("values-in-two-columns", "")),
    "figures in two columns without a header": (lambda: sent([[n, v, less(v)] for n, v in PAIRS]), ("values-in-two-columns", "")),
    "two numbers in one cell": (lambda: sent([HEAD, changed(教学及辅助用房面积="3200 400")]), ("not-a-number", "N2")),
    "a unit nobody knows": (lambda: sent([renamed(占地面积="占地面积（平方尺）"), ROW]), ("unit-unknown", "L1")),
    "a unit nobody knows beside a label": (lambda: sent([["填报项目", "单位", "填报值"], *[[n, "平方尺" if n == "占地面积" else "", v] for n, v in PAIRS]]), ("unit-unknown", "C13")),
    "two units of money in the corner": (lambda: sent([["表", "单位：元、万元"], HEAD, ROW]), ("two-units", "Q2")),
    "亩 in the header": (lambda: sent([renamed(占地面积="占地面积（亩）"), changed(占地面积=22.5)]), ("unit-to-confirm", "L1")),
    "one label twice": (lambda: sent([["填报项目", "填报值"], *PAIRS, ["占地面积", 14000]]), ("item-twice", "B24")),
    "about": (lambda: sent([["项目", "数值"], *zip(HEAD, changed(教学及辅助用房面积="约3200"), strict=True)]), ("not-a-number", "B15")),
    "a dash for nothing": (lambda: sent([HEAD, changed(室内体育用房面积="-")]), ("not-a-number", "O2")),
    "last year's row above this year's": (lambda: sent([["年度", *HEAD], [2024, *map(less, ROW)], [2025, *ROW]]), ("row-of-other-year", "A2")),
    "the name of one school beside the code of another": (lambda: sent([HEAD, changed(学校名称="第一初级中学")]), ("code-and-name-differ", "B2")),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_the_fault_is_told_where_it_stands(name):
    build, wanted = TOLD[name]
    assert wanted in places(outcome("school_profile", build()), "error", "doubt")


def test_a_fault_in_the_second_pair_has_its_own_address():
    lines = [PAIRS[i : i + 2] for i in range(0, len(PAIRS), 2)]
    rows = [[cell for pair in line for cell in pair] for line in lines]
    at = next((i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell == "体育运动场地面积")
    rows[at[0]][at[1] + 1] = "约5200"
    found = outcome("school_profile", sent(rows))
    assert places(found) == [("not-a-number", f"{'ABCD'[at[1] + 1]}{at[0] + 1}")]


@pytest.mark.parametrize("head", [["填报项目", "向阳小学", "第一初级中学"], ["填报项目", "第一栏", "第二栏"]])
def test_schools_side_by_side_are_told_apart_by_their_heads_or_codes(head):
    other = {"学校(机构)标识码": JUNIOR.code, "学校名称": JUNIOR.name, "办学类型": "初级中学", "城乡类型": "主城区", "小学在校生数": None, "小学教学班数": None}
    rows = [[name, value, other.get(name, value)] for name, value in [*PAIRS, ("初中在校生数", None)]]
    rows[-1] = ["初中在校生数", None, 480]
    found = outcome("school_profile", sent([head, *rows]), None)
    assert places(found) == []
    assert [part.school for part in found.schools] == [SUNNY, JUNIOR]
    assert found.schools[1].place_of("schools.Premises", "land_area")[1] == "C13"
    assert found.schools[0].place_of("schools.Premises", "land_area")[1] == "B13"


def test_a_chosen_school_never_takes_anothers_column():
    rows = [[name, value, {"学校(机构)标识码": JUNIOR.code, "学校名称": JUNIOR.name}.get(name, value)] for name, value in PAIRS]
    found = outcome("school_profile", sent([["填报项目", "向阳小学", "第一初级中学"], *rows]), SUNNY)
    assert "other-school" in codes(found)


@pytest.mark.parametrize(("text", "value"), [("□是 ☑否", False), ("☑是 □否", True), ("是□ 否√", False), ("是√否", True), ("√是  □否", True)])
def test_ticked_boxes_are_read(text, value):
    found = outcome("school_profile", sent([[*HEAD, "是否寄宿制"], [*ROW, text]]))
    assert places(found) == []
    assert found.schools[0].rows_by_model["schools.Profile"].columns["is_boarding"] == [value]


@pytest.mark.parametrize("text", ["□是 □否", "☑是 ☑否", "是 否"])
def test_boxes_that_say_nothing_are_asked_about(text):
    assert ("unknown-mark", "W2") in places(outcome("school_profile", sent([[*HEAD, "是否寄宿制"], [*ROW, text]])))


# --- the county's money: years side by side ------------------------------------------------------------------------------
FINANCE = {
    "义务教育预算内经费拨款": (50000, 51000, 52300.5), "地方财政经常性收入": (180000, 181000, 183000), "小学生均预算内教育事业费": (12000, 12300, 12500),
    "初中生均预算内教育事业费": (17000, 17100, 17200), "小学生均预算内公用经费": (2500, 2600, 2650), "初中生均预算内公用经费": (3800, 3850, 3900), "教职工年人均工资": (95000, 96000, 98000),
}  # fmt: skip
AROUND = {"clock": "fiscal_year", "names": index_names([(s.name, s) for s in SCHOOLS])}


def test_three_years_side_by_side_are_the_rows_of_the_plain_table():
    plain = sent([["年度", *FINANCE], *[[year, *[values[k] for values in FINANCE.values()]] for k, year in enumerate((2023, 2024, 2025))]])
    turned = sent([["清河县教育经费“三个增长”情况表"], ["指标", "2023年", "2024年", "2025年"], *[[name, *values] for name, values in FINANCE.items()]])
    expected, found = (outcome("county_finance", one, None, **AROUND) for one in (plain, turned))
    rows = [[{k: v for k, v in row.items() if k not in ("sheet", "row")} for row in one.schools[0].rows_by_model["funding.FinanceYear"]] for one in (expected, found)]
    assert places(found) == []
    assert rows[0] == rows[1]
    part = found.schools[0]
    assert [part.place_of("funding.FinanceYear", "average_pay", k)[1] for k in range(3)] == ["B9", "C9", "D9"]


def test_the_title_of_another_budget_year_is_asked_about():
    rows = [["清河县2024年教育经费情况表"], ["年度", *FINANCE], [2025, *[values[2] for values in FINANCE.values()]]]
    assert ("other-year", "A1") in places(outcome("county_finance", sent(rows), None, **AROUND), "doubt")


# --- one school on several sheets ------------------------------------------------------------------------------------------
def workbook(*named):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in named:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return sent(book)


FORM = [["填报项目", "填报值"], *PAIRS]
ROOMS = [["教室类别", "教室名称", "面积"], ["音乐", "音乐1", 100], ["美术", "美术1", 95]]


@pytest.mark.parametrize(
    "named",
    [
        [("表1", FORM), ("表1 (2)", FORM)], [("竖表", FORM), ("横表", [HEAD, ROW])], [("表一", FORM[:13]), ("表二", [FORM[0], *FORM[13:]])],
        [("横表", [HEAD[:-2], ROW[:-2]]), ("竖表", FORM)], [("表一", FORM), ("说明", [["项目", "说明"], ["占地面积", "以证为准"], ["建校年份", "四位数"], ["图书册数", "纸质"]])],
    ],
    ids=["a copy", "form and row", "a form of two pages", "the fuller one wins", "instructions beside it"],
)  # fmt: skip
def test_a_school_on_two_sheets_counts_once(named, tidy):
    found = outcome("school_profile", workbook(*named))
    assert places(found, "error", "doubt") == []
    assert facts(found) == tidy
    assert found.report.rows_read == found.report.accepted + len(found.report.skipped)


def test_two_sheets_that_contradict_each_other_are_an_error_at_the_cell():
    other = [["填报项目", "填报值"], *[[name, 14000 if name == "占地面积" else value] for name, value in PAIRS]]
    found = outcome("school_profile", workbook(("表1", FORM), ("表2", other)))
    (problem,) = [p for p in found.problems() if p.code == "sheets-contradict"]
    assert (problem.sheet, problem.cell, "“15000”" in problem.message) == ("表2", "B13", True)


def test_the_second_page_of_a_form_keeps_its_own_places():
    found = outcome("school_profile", workbook(("表一", FORM[:13]), ("表二", [FORM[0], *FORM[13:]])))
    assert found.schools[0].place_of("schools.Premises", "land_area")[:2] == ("表一", "B13")
    assert found.schools[0].place_of("schools.Equipment", "books")[0] == "表二"


def test_rooms_listed_one_by_one_are_not_counted_again():
    counts = [["音乐教室96㎡及以上间数", 1], ["美术教室90㎡及以上间数", 1]]
    found = outcome("school_profile", workbook(("表一", [*FORM, *counts]), ("专用教室", ROOMS)))
    assert places(found, "error", "doubt") == []
    assert [row["name"] for row in found.schools[0].rows_by_model["schools.SpecialRoom"]] == ["音乐1", "美术1"]
    differ = outcome("school_profile", workbook(("表一", [*FORM, *counts]), ("专用教室", [*ROOMS, ["音乐", "音乐2", 98]])))
    assert "counted-and-listed" in codes(differ)


# --- what the form asks although the system knows it ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("最大班额", 39, "largest-below-mean"), ("最大班额", 40, None), ("最大班额", 52, None), ("是否50-99人乡村小规模学校", "是", "differs-from-computed"),
        ("是否50-99人乡村小规模学校", "否", None),
    ],
)  # fmt: skip
def test_what_is_computed_is_compared(header, text, code):
    """480 pupils in 12 classes: no largest class has fewer than 40."""
    found = outcome("school_profile", sent([[*HEAD, header], [*ROW, text]]))
    assert places(found, "error", "doubt") == ([(code, "W2")] if code else [])
