"""A6, B1, B2: units belong to the column, parts make their total, growth is compared and never stored."""
import pytest

from ledgers.definitions import LEDGERS
from tests.ledgers.checking.helpers import places, rows_of, run

FUNDS = {
    "学校名称": "向阳小学", "财政拨款合计": 1_480_000, "人员经费": 1_200_000, "公用经费(基准定额)": 250_000, "专项经费": 30_000, "上级补助收入": 20_000,
    "收入合计": 1_500_000, "工资福利支出": 1_200_000, "商品和服务支出": 260_000, "培训费": 20_000, "对个人和家庭的补助": 20_000, "资本性支出": 20_000,
    "支出合计": 1_500_000, "公用经费预算总额": 400_000, "教师培训经费预算": 20_000, "小学学生数": 347,
}  # fmt: skip
YEAR = {
    "年度": 2025, "义务教育预算内经费拨款": 1100, "地方财政经常性收入": 5000, "小学生均预算内教育事业费": 12000, "初中生均预算内教育事业费": 17000,
    "小学生均预算内公用经费": 2600, "初中生均预算内公用经费": 3900, "教职工年人均工资": 98000,
}  # fmt: skip
NUMBERS = {
    "义务教育教师年平均工资收入": 10.5, "公务员年平均工资收入": 10.4, "符合交流条件教师数": 1200, "实际交流教师数": 130, "交流的骨干教师数": 30, "优质高中招生计划数": 2000,
    "优质高中分配到校指标数": 1200, "分配到农村初中的指标数": 640, "符合条件的随迁子女数": 860, "在公办学校就读的随迁子女数": 800, "政府购买民办学位就读的随迁子女数": 20,
    "适龄残疾儿童少年数": 205, "入学的残疾儿童少年数": 201, "在特殊教育学校就读的残疾儿童少年数": 112,
}  # fmt: skip


def funds(corner=None, **changed):
    values = {**FUNDS, **changed}
    rows = [[f"单位：{corner}"]] if corner else []
    return run("school_funds", ("经费", [*rows, list(values), list(values.values())]), clock="fiscal_year")


def finance(*rows, **more):
    head = list(dict.fromkeys(name for row in rows for name in row))
    return run("county_finance", ("三个增长", [head, *[[row.get(name) for name in head] for row in rows]]), school=None, clock="fiscal_year", **more)


def numbers(vertical=False, **changed):
    values = {**NUMBERS, **changed}
    rows = [list(values), list(values.values())]
    if vertical:
        rows = [["县级数据表"], ["序号", "项目", "单位", "数值"], *[[i, name, "", value] for i, (name, value) in enumerate(values.items(), 1)]]
    return run("county_numbers", ("县级数据", rows), school=None)


# --- A6 -----------------------------------------------------------------------------------------------------------------
def test_yuan_are_kept_in_fen_and_a_corner_in_ten_thousands_is_told():
    outcome = funds(公用经费预算总额="390,000.55")
    assert outcome.status == "clean"
    assert rows_of(outcome, "funding.SchoolFunds")[0]["public_funds_budget"] == 39_000_055
    wide = funds(corner="万元", **{k: v / 10_000 for k, v in FUNDS.items() if isinstance(v, int) and k != "小学学生数"})
    assert places(wide, "error", "doubt") == []
    assert rows_of(wide, "funding.SchoolFunds")[0]["appropriation"] == 148_000_000
    assert "unit-converted" in [code for _, _, code in places(wide, "notice")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"财政拨款合计": 1_480_001, "上级补助收入": 19_999}, "appropriation"), ({"收入合计": 1_500_000.01}, "income_total"), ({"支出合计": 1_499_999}, "spending_total"),
     ({"培训费": 260_001}, "goods")],
)  # fmt: skip
def test_parts_make_their_total_to_the_fen(changed, field):
    assert [(f, code) for _, f, code in places(funds(**changed))] == [(field, "parts-differ-from-total")]


def test_a_training_share_exactly_on_five_per_cent_passes_and_a_fen_less_is_asked():
    assert funds(教师培训经费预算=20_000).status == "clean"
    assert [(f, code) for _, f, code in places(funds(教师培训经费预算="19999.99"), "doubt")] == [("training_budget", "training-below-share")]


def test_money_in_the_wrong_unit_is_asked_about():
    doubts = [code for _, _, code in places(funds(**{"公用经费(基准定额)": 25, "财政拨款合计": 1_230_025, "收入合计": 1_250_025}), "doubt")]
    assert "unit-doubtful" in doubts


@pytest.mark.parametrize("text", ["约25万", "二十万", "—"])
def test_an_amount_that_is_no_number_is_an_error_and_never_zero(text):
    outcome = funds(公用经费预算总额=text)
    assert [(f, code) for _, f, code in places(outcome)] == [("public_funds_budget", "not-a-number")]
    assert rows_of(outcome, "funding.SchoolFunds") == []


# --- B1 -----------------------------------------------------------------------------------------------------------------
def test_three_years_are_three_facts_of_the_county_and_no_growth_is_stored():
    before = {**YEAR, "年度": "2024年度", "义务教育预算内经费拨款": 1000}
    outcome = finance({**YEAR, "义务教育预算内经费拨款增长率": "10%"}, before, {**before, "年度": 2023})
    assert outcome.status == "clean"
    assert [part.school for part in outcome.schools] == [None]
    rows = rows_of(outcome, "funding.FinanceYear")
    assert [(row["fiscal_year"], row["appropriation"]) for row in rows] == [(2025, 1_100_000_000), (2024, 1_000_000_000), (2023, 1_000_000_000)]
    assert not [name for name in rows[0] if "growth" in name or "share_said" in name]
    assert outcome.report.rows_read == outcome.report.accepted == 3


@pytest.mark.parametrize(("said", "doubted"), [("10%", False), ("10.05", False), (10.06, True), ("-10%", True), ("129.1%", True)])
def test_a_typed_growth_is_compared_to_one_printed_decimal(said, doubted):
    outcome = finance({**YEAR, "义务教育预算内经费拨款增长": said}, {**YEAR, "年度": 2024, "义务教育预算内经费拨款": 1000})
    assert places(outcome, "doubt") == ([(2, "appropriation_growth", "differs-from-computed")] if doubted else [])


def test_the_year_of_the_filing_must_be_there_and_none_after_it():
    assert [(f, code) for _, f, code in places(finance({**YEAR, "年度": 2024}))] == [("fiscal_year", "year-not-given")]
    assert [(row, code) for row, _, code in places(finance(YEAR, {**YEAR, "年度": 2026}))] == [(3, "year-after-period")]


def test_a_year_twice_is_an_error_and_counted_once_among_the_problems():
    outcome = finance(YEAR, {**YEAR, "教职工年人均工资": 98001})
    assert places(outcome) == [(3, "fiscal_year", "duplicate-key")]


def test_the_shares_of_the_levels_make_the_appropriation():
    shares = {"中央承担": 500, "省级承担": 300, "市级承担": 100, "县级承担": 200}
    assert finance({**YEAR, **shares}).status == "clean"
    assert places(finance({**YEAR, **shares, "县级承担": 200.01})) == [(2, "appropriation", "parts-differ-from-total")]


# --- B2 -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("vertical", [False, True])
def test_the_county_form_is_read_in_both_shapes(vertical):
    outcome = numbers(vertical)
    assert places(outcome, "error", "doubt") == []
    (row,) = rows_of(outcome, "schools.CountyNumbers")
    assert (row["teacher_pay"], row["migrant_public"], row["disabled_special"]) == (10_500_000, 800, 112)
    assert outcome.schools[0].school is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"在公办学校就读的随迁子女数": 841}, "migrant_public"), ({"入学的残疾儿童少年数": 206}, "disabled_enrolled"), ({"优质高中分配到校指标数": 2001}, "senior_high_allotted"),
     ({"交流的骨干教师数": 131}, "exchanged_backbone")],
)  # fmt: skip
def test_a_part_may_equal_its_whole_and_not_exceed_it_by_one(changed, field):
    assert [(f, code) for _, f, code in places(numbers(**changed))] == [(field, "part-above-whole")]
    least = {name: value - 1 for name, value in changed.items()}
    assert places(numbers(**least)) == []


def test_pay_in_yuan_instead_of_ten_thousands_is_asked_about():
    assert [(f, code) for _, f, code in places(numbers(义务教育教师年平均工资收入=105000), "doubt")] == [("teacher_pay", "unit-doubtful")]


def test_county_ledgers_are_declared_as_such():
    assert {code for code, ledger in LEDGERS.items() if ledger.scope == "county"} == {"county_finance", "county_numbers", "population", "household", "poverty", "disabled_list"}
    assert {code for code, ledger in LEDGERS.items() if ledger.clock == "fiscal_year"} == {"school_funds", "county_finance"}


@pytest.mark.parametrize("place", ["sheet", "title"])
def test_a_unit_in_the_name_of_the_sheet_or_at_the_end_of_its_title_speaks_for_the_whole_table(place):
    values = {k: v / 10_000 if isinstance(v, int) and k != "小学学生数" else v for k, v in FUNDS.items()}
    title = [["学校经费表（万元）"]] if place == "title" else []
    outcome = run("school_funds", ("经费(万元)" if place == "sheet" else "经费", [*title, list(values), list(values.values())]), clock="fiscal_year")
    assert places(outcome, "error", "doubt") == [] and rows_of(outcome, "funding.SchoolFunds")[0]["appropriation"] == 148_000_000
    assert "unit-converted" in [code for _, _, code in places(outcome, "notice")]


def test_an_amount_in_brackets_is_asked_about_and_a_currency_sign_is_listed():
    outcome = funds(培训费="(20,000)", 公用经费预算总额="¥400000")
    assert places(outcome) == [(2, "training_cost", "not-a-number")] and "负数" in outcome.problems()[0].message
    assert [(r.old, r.new) for r in outcome.repairs()] == [("¥400000", "400000")]


def test_a_row_of_units_under_the_header_speaks_for_its_columns():
    values = {k: v / 10_000 if isinstance(v, int) and k != "小学学生数" else v for k, v in FUNDS.items()}
    units = ["(万元)" if isinstance(v, float) else "(人)" if k == "小学学生数" else "" for k, v in values.items()]
    outcome = run("school_funds", ("经费", [list(values), units, list(values.values())]), clock="fiscal_year")
    assert places(outcome, "error", "doubt") == [] and rows_of(outcome, "funding.SchoolFunds")[0]["appropriation"] == 148_000_000
