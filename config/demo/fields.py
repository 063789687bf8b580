"""The demo county's further ledgers: exchange, training, school money, county money and county numbers, as workbooks.

    DIR/<county>/approved/<year>/<ledger>/county.xlsx   fiscal ledgers under their calendar year
"""
from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from .county import THIS_YEAR, YEARS, DemoCounty, SchoolYear
from .staffing import COUNTED_CONTRACTS
from .workbooks import Book

# Ledger and how far before the school year its period lies, in the order of sending.
EVERY_YEAR = (("county_finance", 1), ("school_funds", 1), ("county_numbers", 0))
THIS_YEAR_ONLY = (("training", 0), ("exchange", 0))
ELIGIBLE_YEARS, MOST_SENDERS = 6, 8
UNSENT = ("unsent", "unsent_teachers")

FINANCE_TITLES = (
    "年度", "义务教育预算内经费拨款(万元)", "地方财政经常性收入(万元)", "一般公共预算教育支出(万元)", "一般公共预算支出(万元)", "小学生均预算内教育事业费(元)", "初中生均预算内教育事业费(元)",
    "小学生均预算内公用经费(元)", "初中生均预算内公用经费(元)", "教职工年人均工资(元)", "新增教育经费(万元)", "其中:用于农村(万元)",
    "中央承担(万元)", "省级承担(万元)", "市级承担(万元)", "县级承担(万元)", "教育费附加(万元)", "政府性基金(万元)", "教职工工资总额(万元)", "教师培训经费(万元)",
    "补拨金额(万元)", "补拨时间", "补拨文号",
)  # fmt: skip
FIRST, BASE = 2021, (48200, 171000, 55800, 298000, 11200, 15400, 2280, 3350, 88600, 2400, 1800)
RATES = (1.062, 1.035, 1.055, 1.04, 1.048, 1.051, 1.03, 1.032, 1.028, 1.05, 1.06)
# The year whose appropriation lagged behind the revenue, what was paid afterwards, and the revenue restated since.
LAGGING, LAGGED, BACK_PAID, RESTATED = 2024, 56000, (270, "2025-03", "清财教〔2025〕9号"), (2023, 120)
SPECIAL_QUOTA, SPECIAL_TYPE = 8200, "514"
NUMBERS = (
    ("人口总数", "万人", Decimal("45.62")), ("农业人口数", "万人", Decimal("21.3")), ("乡镇数", "个", 10), ("行政村数", "个", 186), ("人均GDP", "元", 68500), ("人均财政收入", "元", 5200),
    ("农民人均纯收入", "元", 23800), ("城镇居民可支配收入", "元", 45600), ("小学生均公用经费标准", "元", 720), ("初中生均公用经费标准", "元", 940),
    ("义务教育教师年平均工资收入", "万元", Decimal("10.52")), ("公务员年平均工资收入", "万元", Decimal("10.31")),
    ("优质高中招生计划数", "人", 1500), ("优质高中分配到校指标数", "人", 900), ("分配到农村初中的指标数", "人", 460), ("符合条件的随迁子女数", "人", 860),
    ("在公办学校就读的随迁子女数", "人", 800), ("政府购买民办学位就读的随迁子女数", "人", 20), ("适龄残疾儿童少年数", "人", 205), ("入学的残疾儿童少年数", "人", 201),
    ("教职工编制总额", "人", 3600), ("教师岗位总量", "人", 3590), ("在编教职工数", "人", 3520),
)  # fmt: skip
# Only while there was no exchange ledger.
EARLIER_NUMBERS = (("符合交流条件教师数", "人", 1180), ("实际交流教师数", "人", 128), ("交流的骨干教师数", "人", 31))
FUNDS_TITLES = (
    "学校(机构)标识码", "学校名称", "财政拨款合计", "人员经费", "公用经费(基准定额)", "寄宿生公用经费", "特教/随班就读公用经费", "收入合计", "工资福利支出", "商品和服务支出", "培训费", "支出合计", "公用经费预算总额",
    "教师培训经费预算", "小学学生数", "初中学生数", "寄宿生数", "随班就读学生数",
)  # fmt: skip
TRAINING_TITLES = ("学校(机构)标识码", "学校名称", "姓名", "身份证号", "年度", "培训项目名称", "培训级别", "培训形式", "学时")
TRAININGS = (("国培", "骨干教师国培计划", "集中"), ("省级", "省级学科研修", "集中"), ("市级", "市级教研培训", "集中"), ("县级", "县级全员培训", "远程"), ("校本", "校本研修", "校本"))
TRAINING_WEIGHTS = (4, 10, 20, 46, 20)
EXCHANGE_TITLES = ("派出学校", "姓名", "身份证号", "职务", "骨干教师级别", "是否符合交流条件", "交流到(接收)学校", "交流形式", "开始时间", "结束时间", "文件依据")


def write_fields(county: DemoCounty, into: Path) -> None:
    """Every workbook of these ledgers, for each of the county's years. Same county, same bytes."""
    root = into / county.code / "approved"
    for year in YEARS:
        _finance(year - 1, root / str(year - 1) / "county_finance" / "county.xlsx")
        _numbers(year, county, root / str(year) / "county_numbers" / "county.xlsx")
        _funds(county.years[max(year - 1, YEARS[0])], year - 1, root / str(year - 1) / "school_funds" / "county.xlsx")
    now = [school for school in county.years[THIS_YEAR] if school.roster and school.unit.story not in UNSENT]
    _training(now, root / str(THIS_YEAR) / "training" / "county.xlsx")
    _exchange(now, root / str(THIS_YEAR) / "exchange" / "county.xlsx")


def _amounts(year: int, filed: int) -> list[object]:
    """The row of one fiscal year as the filing of `filed` states it."""
    amounts = [round(base * rate ** (year - FIRST)) for base, rate in zip(BASE, RATES, strict=True)]
    if year == LAGGING:
        amounts[0] = LAGGED
    if year == RESTATED[0] and filed > LAGGING:
        amounts[1] += RESTATED[1]
    shares = [amounts[0] * part // 100 for part in (40, 23, 4)]
    wages = amounts[0] * 62 // 100
    more = [*shares, amounts[0] - sum(shares), amounts[0] * 3 // 100, amounts[0] // 50, wages, -(-wages * 16 // 1000)]
    return [*amounts, *more, *(BACK_PAID if year == LAGGING and filed > LAGGING else ("", "", ""))]


def _finance(year: int, path: Path) -> None:
    """B1: the year and the two before it."""
    with Book(path) as book:
        book.sheet("三个增长")
        book.title(f"清河县义务教育经费“三个增长”情况表（{year}年度）", len(FINANCE_TITLES))
        book.head(FINANCE_TITLES)
        for one in range(year - 2, year + 1):
            book.row((one, *_amounts(one, year)))


def _numbers(year: int, county: DemoCounty, path: Path) -> None:
    """B2 as the vertical form; the special school's money and pupils as its own account has them."""
    heads = sum(sum(s.unit.pupils.values()) and s.pupils("P") + s.pupils("J") for s in county.years[max(year - 1, YEARS[0])] if s.unit.type_code == SPECIAL_TYPE)
    special = (("特殊教育学校公用经费总额", "万元", Decimal(heads * SPECIAL_QUOTA) / 10000), ("特殊教育学校学生数", "人", heads),
               ("在特殊教育学校就读的残疾儿童少年数", "人", heads))  # fmt: skip
    with Book(path) as book:
        book.sheet("县级数据")
        book.title(f"清河县政府保障与教育质量数据表（{year}-{year + 1}学年）", 5)
        book.head(("序号", "项目", "单位", "数值", "备注"))
        for number, (title, unit, value) in enumerate((*NUMBERS, *special, *(EARLIER_NUMBERS if year != THIS_YEAR else ())), 1):
            book.row((number, title, unit, value, ""))


def _funds(schools: list[SchoolYear], year: int, path: Path) -> None:
    """A6 of every school: the quota of 720 and 940 yuan a head, a hundred heads at least; the special school by its own."""
    with Book(path) as book:
        book.sheet("学校经费")
        book.title(f"清河县学校经费汇总表（{year}年度）", len(FUNDS_TITLES))
        book.head(FUNDS_TITLES)
        for school in schools:
            heads, special = school.pupils("P") + school.pupils("J"), sum(row.inclusive for row in school.classes if row.grade < 10)
            if heads and school.unit.story not in UNSENT:
                book.row(_account(school, heads, special))


def _account(school: SchoolYear, heads: int, special: int) -> tuple[object, ...]:
    plain = 720 * school.pupils("P") + 940 * school.pupils("J")
    if school.unit.type_code == SPECIAL_TYPE:
        base, special, boarding = SPECIAL_QUOTA * heads, 0, 0
    else:
        base = -(-plain * max(heads, 100) // heads)
        boarding = 300 * sum(row.boarders for row in school.classes if row.grade < 10)
    of_special = -(-special * (7000 * heads - plain) // heads)
    budget = base + boarding + of_special
    training, staff = -(-budget * 6 // 100), heads * 9000
    total = staff + budget
    return (school.unit.code, school.unit.name, total, staff, base, boarding, of_special, total, staff, budget, training, total, budget, training,
            school.pupils("P"), school.pupils("J"), boarding // 300, special)  # fmt: skip


def _training(schools: list[SchoolYear], path: Path) -> None:
    """A5, one row an item: the five years' total spread evenly, the rest in the last; each year at another level."""
    years = range(THIS_YEAR - 4, THIS_YEAR + 1)
    with Book(path) as book:
        book.sheet("培训学时")
        book.head(TRAINING_TITLES)
        for school in schools:
            for row in school.roster:
                if row["是否专任教师"] == "是":
                    rng = random.Random(f"training/{row['身份证号']}")
                    total = int(str(row["五年培训学时"]))
                    for year in years:
                        level, item, form = rng.choices(TRAININGS, TRAINING_WEIGHTS)[0]
                        hours = total // 5 if year != years[-1] else total - 4 * (total // 5)
                        book.row((school.unit.code, school.unit.name, row["姓名"], row["身份证号"], year, f"{year}年{item}", level, form, hours))


def _exchange(schools: list[SchoolYear], path: Path) -> None:
    """A4: one in eight of those with six years or more, backbone teachers first, from the larger schools to the next ones."""
    senders = sorted((s for s in schools if s.unit.type_code in ("211", "311", "312") and s.unit.sponsor != "10"), key=lambda s: -len(s.roster))
    wanted = -(-sum(len(_eligible(school)) for school in schools if school.unit.sponsor != "10") * 11 // 100)
    with Book(path) as book:
        book.sheet("交流轮岗")
        book.title(f"清河县{THIS_YEAR}-{THIS_YEAR + 1}学年校长教师交流轮岗台账", len(EXCHANGE_TITLES))
        book.head(EXCHANGE_TITLES)
        chosen = senders[:MOST_SENDERS]
        for number, school in enumerate(chosen):
            others = [s for s in reversed(senders) if s is not school and s.unit.parent_name != school.unit.name]
            same = [s for s in others if s.unit.type_code == school.unit.type_code] or others
            share = -(-wanted // len(chosen))
            ready = sorted(_eligible(school), key=lambda row: row["骨干级别"] in ("无", "校级"))
            for place, row in enumerate(ready[:share]):
                partner = same[(number + place % 3) % len(same)]
                book.row((school.unit.name, row["姓名"], row["身份证号"], "副校长" if place == 1 else "校长" if place == 2 and number < 3 else "教师", row["骨干级别"], "是",
                          partner.unit.name, "定期交流", f"{THIS_YEAR}-09", f"{THIS_YEAR + 1}-07", f"清教〔{THIS_YEAR}〕28号"))


def _eligible(school: SchoolYear) -> list[dict[str, object]]:
    last = f"{THIS_YEAR - ELIGIBLE_YEARS}-09"
    return [
        row for row in school.roster
        if row["是否专任教师"] == "是" and row["编制类型"] in COUNTED_CONTRACTS and row["任教学段"] in ("小学", "初中") and str(row["到本校时间"]) <= last
    ]  # fmt: skip
