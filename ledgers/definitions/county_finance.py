"""B1 县级教育经费: one row per fiscal year, three years side by side; growth is computed, never typed."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import MONEY, Growth, Measure, Text, Year, YearMonth
from ..ledger import COUNTY, FISCAL_YEAR, Ledger, Table
from ..problems import Problem
from .shared import REMARKS, SERIAL

# What may be typed beside an amount: the growth over the year before.
GROWTHS = {
    "appropriation": "义务教育预算内经费拨款增长", "revenue": "地方财政经常性收入增长", "primary_spending": "小学生均预算内教育事业费增长",
    "junior_spending": "初中生均预算内教育事业费增长", "primary_public_funds": "小学生均预算内公用经费增长",
    "junior_public_funds": "初中生均预算内公用经费增长", "average_pay": "教职工年人均工资增长",
}  # fmt: skip
TOLERANCE = 5  # hundredths of a percent: one decimal was printed
LEVELS = ("central_share", "province_share", "city_share", "county_share")
LOOK_BACK = 10


def money(header: str, field: str, example: str, *aliases: str, unit: str = "万元", **more) -> Measure:
    return Measure(header, field, example, aliases=aliases, unit=unit, units=MONEY, **more)


def growth(field: str, header: str) -> Growth:
    amount = header.removesuffix("增长")
    return Growth(header, f"{field}_growth", "", in_template=False, help="由系统计算，填了只作核对。",
                  aliases=(f"{amount}增长率", f"{amount}增长%", f"{amount}比上年增长", f"{amount}增幅", f"{amount}增长比例"))  # fmt: skip


FINANCE_COLUMNS = (
    SERIAL,
    Year("年度", "fiscal_year", "2025", aliases=("年份", "财政年度", "会计年度"), required=True, low=1990),
    money("义务教育预算内经费拨款", "appropriation", "52300.5", "教育财政拨款", "义务教育财政拨款", "预算内教育经费拨款", "义务教育经费拨款", "教育经费拨款", required=True),
    money("地方财政经常性收入", "revenue", "183000", "财政经常性收入", "经常性收入", required=True),
    money("一般公共预算教育支出", "education_spending", "61000", "公共预算教育支出", "预算内教育支出", "教育支出"),
    money("一般公共预算支出", "budget_spending", "320000", "公共预算支出", "财政支出"),
    Growth("预算内教育经费占财政支出比例", "share_said", "", in_template=False, aliases=("教育支出占财政支出比例", "教育经费占财政支出比例", "教育支出占比")),
    money("小学生均预算内教育事业费", "primary_spending", "12500", "小学生均一般公共预算教育事业费", "小学生均教育事业费", "生均预算内教育事业费/小学", unit="元", required=True),
    money("初中生均预算内教育事业费", "junior_spending", "17200", "初中生均一般公共预算教育事业费", "初中生均教育事业费", "生均预算内教育事业费/初中", unit="元", required=True),
    money("小学生均预算内公用经费", "primary_public_funds", "2650", "小学生均一般公共预算公用经费", "小学生均公用经费", "生均预算内公用经费/小学", unit="元", required=True),
    money("初中生均预算内公用经费", "junior_public_funds", "3900", "初中生均一般公共预算公用经费", "初中生均公用经费", "生均预算内公用经费/初中", unit="元", required=True),
    money("教职工年人均工资", "average_pay", "98000", "教职工人均工资", "教职工年人均工资收入", "教师年人均工资", unit="元", required=True),
    money("新增教育经费", "new_money", "3200", "新增财政教育经费"),
    money("新增教育经费中用于农村", "rural_new_money", "2400", "新增教育经费用于农村", "其中:用于农村", "用于农村的新增教育经费"),
    money("中央承担", "central_share", "21000", "中央资金", "中央负担"),
    money("省级承担", "province_share", "12000", "省级资金", "省级负担", "省承担"),
    money("市级承担", "city_share", "2000", "市级资金", "市级负担", "市承担"),
    money("县级承担", "county_share", "17300.5", "县级资金", "县级负担", "县承担"),
    money("教育费附加安排用于义务教育", "surcharge", "1800", "教育费附加", "教育费附加收入", "教育费附加用于义务教育"),
    money("政府性基金安排用于义务教育", "fund_money", "900", "政府性基金", "土地出让收益计提教育资金", "政府性基金用于义务教育"),
    money("教职工工资总额", "wages_total", "36000", "教师工资总额", "工资总额", "年度工资总额"),
    money("教师培训经费", "training_total", "560", "教师培训经费预算", "全县教师培训经费", "培训经费总额"),
    money("补拨金额", "back_payment", "", "补拨资金", "已补拨金额"),
    YearMonth("补拨时间", "back_payment_on", "", aliases=("补拨日期", "补拨年月")),
    Text("补拨文号", "back_payment_document", "", aliases=("补拨文件", "补拨依据"), longest=120),
    *(growth(field, header) for field, header in GROWTHS.items()),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class CountyFinance(Ledger):
    """Amounts are the facts; a typed growth or share is compared with them and forgotten."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        years = frame.get("fiscal_year")
        row_of = {year: i for i in frame.usable() if (year := years[i]) is not None}
        if len(frame) and context.year not in row_of:
            frame.problem("year-not-given", 0, "fiscal_year", wanted=context.year)
        for year, i in row_of.items():
            if year > context.year:
                frame.problem("year-after-period", i, "fiscal_year", wanted=context.year)
            elif year < context.year - LOOK_BACK:
                frame.problem("outside-range", i, "fiscal_year", low=context.year - LOOK_BACK, high=context.year)
            self._check_parts(frame, i)
            self._check_share(frame, i)
            if year - 1 in row_of:
                self._check_growths(frame, i, row_of[year - 1])
        yield from ()

    @staticmethod
    def _check_parts(frame: Frame, i: int) -> None:
        shares = [v for name in LEVELS if (v := frame.get(name)[i]) is not None]
        total = frame.get("appropriation")[i]
        if len(shares) == len(LEVELS) and total is not None and sum(shares) != total:
            frame.problem("parts-differ-from-total", i, "appropriation", what="各级承担的经费", found=frame.shown("appropriation", sum(shares)),
                          whole="义务教育预算内经费拨款", wanted=frame.shown("appropriation", total))  # fmt: skip
        for part, whole in (("education_spending", "budget_spending"), ("rural_new_money", "new_money")):
            a, b = frame.get(part)[i], frame.get(whole)[i]
            if a is not None and b is not None and a > b:
                frame.problem("part-above-whole", i, part, what=frame.table.column(part).header, whole=frame.table.column(whole).header, wanted=frame.shown(whole, b))

    @staticmethod
    def _check_share(frame: Frame, i: int) -> None:
        said, part, whole = (frame.get(name)[i] for name in ("share_said", "education_spending", "budget_spending"))
        if said is not None and part is not None and whole:
            _compare(frame, i, "share_said", said, Fraction(part, whole))

    @staticmethod
    def _check_growths(frame: Frame, i: int, before: int) -> None:
        for name in GROWTHS:
            said, now, then = frame.get(f"{name}_growth")[i], frame.get(name)[i], frame.get(name)[before]
            if said is not None and now is not None and then:
                _compare(frame, i, f"{name}_growth", said, Fraction(now - then, then))


def _compare(frame: Frame, i: int, name: str, said: int, share: Fraction) -> None:
    """A typed percentage against the computed one, to one printed decimal."""
    if abs(said - share * 10_000) > TOLERANCE:
        frame.problem("differs-from-computed", i, name, what=frame.table.column(name).header, wanted=f"{float(share * 100):.2f}%")


COUNTY_FINANCE = CountyFinance(
    code="county_finance",
    title="县级教育经费表",
    order=70,
    scope=COUNTY,
    clock=FISCAL_YEAR,
    tables=(Table("main", "县级教育经费", FINANCE_COLUMNS, target="funding.FinanceYear", key=("fiscal_year",), turned=True,
                  note="每个财政年度一行，含本年度和前两年；也可用“指标—各年度”的竖表。"),),
    note="“三个增长”和“两个只增不减”的依据，按财政年度的决算数填报。增长率由系统计算，不必填写。",
)
