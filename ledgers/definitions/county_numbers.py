"""B2 县级政府保障与质量数据表: what only the county's offices know; a vertical form of some twenty rows, or one row."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import MONEY, Column, Measure, Whole
from ..ledger import COUNTY, Ledger, Table
from ..problems import Problem
from .shared import REMARKS, SERIAL, YEAR_BESIDE

PEOPLE = MappingProxyType({"万人": Fraction(10_000), "人": Fraction(1)})


def count(header: str, field: str, example: str, *aliases: str, unit: str = "人", **more) -> Whole:
    return Whole(header, field, example, aliases=aliases, unit=unit, **more)


def money(header: str, field: str, example: str, *aliases: str, unit: str = "万元", **more) -> Measure:
    return Measure(header, field, example, aliases=aliases, unit=unit, units=MONEY, **more)


def people(header: str, field: str, example: str, *aliases: str) -> Measure:
    return Measure(header, field, example, aliases=aliases, unit="万人", units=PEOPLE)


BASICS: tuple[Column, ...] = (
    people("人口总数", "population", "45.62", "常住人口", "常住人口总数", "总人口"),
    people("农业人口数", "farm_population", "21.30", "农业人口", "农村人口数"),
    count("乡镇数", "towns", "10", "乡镇(街道)数", "乡镇个数", unit="个"),
    count("行政村数", "villages", "186", "行政村个数", "村数", unit="个"),
    count("人均GDP", "gdp_per_head", "68500", "人均国内生产总值", "人均生产总值", unit="元"),
    count("人均财政收入", "revenue_per_head", "5200", unit="元"),
    count("农民人均纯收入", "farmer_income", "23800", "农村居民人均可支配收入", unit="元"),
    count("城镇居民可支配收入", "townsman_income", "45600", "城镇居民人均可支配收入", unit="元"),
)
GUARANTEE: tuple[Column, ...] = (
    money("规定小学生均公用经费标准", "primary_quota", "720", "小学生均公用经费标准", "小学生均公用经费基准定额", "规定生均公用经费标准/小学", unit="元"),
    money("规定初中生均公用经费标准", "junior_quota", "940", "初中生均公用经费标准", "初中生均公用经费基准定额", "规定生均公用经费标准/初中", unit="元"),
    money("特殊教育学校公用经费总额", "special_school_funds", "96", "特教学校经费总额", "特殊教育学校经费总额", "特教学校公用经费总额", absent_notice=True),
    count("特殊教育学校学生数", "special_school_pupils", "112", "特教学校学生数", "特殊教育学校在校生数", absent_notice=True),
    money("义务教育教师年平均工资收入", "teacher_pay", "10.52", "教师年平均工资收入", "义务教育教师平均工资收入", "教师平均工资收入水平", "教师年平均工资", required=True,
          help="不含民办学校教师；与公务员同一年度、同一口径。"),
    money("公务员年平均工资收入", "civil_servant_pay", "10.31", "公务员平均工资收入", "公务员平均工资收入水平", "当地公务员年平均工资收入", "公务员年平均工资", required=True),
    count("符合交流条件教师数", "eligible_teachers", "1200", "符合交流条件的教师数", "符合交流轮岗条件教师数", "应交流教师数", help="已报交流轮岗台账的可以不填，填了作核对。"),
    count("实际交流教师数", "exchanged_teachers", "132", "实际交流数", "交流教师数", "实际交流轮岗教师数", help="已报交流轮岗台账的可以不填，填了作核对。"),
    count("交流的骨干教师数", "exchanged_backbone", "30", "其中骨干教师数", "交流骨干教师数", "其中:骨干教师", "交流轮岗骨干教师数"),
    count("符合交流条件校长数", "eligible_heads", "12", "符合交流条件的校长数", "应交流校长数"),
    count("实际交流校长数", "exchanged_heads", "3", "交流校长数"),
    count("优质高中招生计划数", "senior_high_places", "2000", "优质高中招生计划", "优质普通高中招生计划数", "优质高中招生总数", required=True),
    count("优质高中分配到校指标数", "senior_high_allotted", "1200", "分配指标数", "指标到校数", "优质高中分配指标数", "优质高中招生名额分配数", required=True),
    count("分配到农村初中的指标数", "senior_high_rural", "640", "其中农村指标数", "其中:农村初中", "分配到农村初中指标数", "农村初中指标数"),
    count("符合条件的随迁子女数", "migrant_eligible", "860", "符合条件随迁子女数", "符合条件的随迁子女总数", required=True),
    count("在公办学校就读的随迁子女数", "migrant_public", "800", "公办就读数", "公办学校就读随迁子女数", "在公办学校就读数", required=True),
    count("政府购买民办学位就读的随迁子女数", "migrant_bought", "20", "政府购买民办学位就读数", "政府购买学位就读数", "购买民办学位就读的随迁子女数"),
)
QUALITY: tuple[Column, ...] = (
    count("适龄残疾儿童少年数", "disabled_children", "205", "适龄残疾儿童数", "适龄残疾儿童少年总数", required=True, help="以残联提供的名单为准，不是各校之和。"),
    count("入学的残疾儿童少年数", "disabled_enrolled", "201", "残疾儿童入学数", "残疾儿童少年入学数", "入学残疾儿童数", required=True),
    count("在特殊教育学校就读的残疾儿童少年数", "disabled_special", "112", "在特殊教育学校就读数", "特教学校就读数", "其中特教学校就读数", "其中:特殊教育学校"),
    count("教职工编制总额", "posts_approved", "3600", "编制总额", "核定编制数", "教师编制总额"),
    count("教师岗位总量", "posts_allotted", "3590", "岗位总量", "分配岗位总量"),
    count("在编教职工数", "posts_filled", "3520", "在编数", "在编人数", "在编教师数"),
)  # fmt: skip
NUMBERS_COLUMNS = (SERIAL, YEAR_BESIDE, *BASICS, *GUARANTEE, *QUALITY, REMARKS)

# (parts, whole): what may never exceed what.
WITHIN = (
    (("farm_population",), "population"), (("exchanged_backbone",), "exchanged_teachers"), (("exchanged_heads",), "exchanged_teachers"),
    (("senior_high_allotted",), "senior_high_places"), (("senior_high_rural",), "senior_high_allotted"),
    (("migrant_public", "migrant_bought"), "migrant_eligible"), (("disabled_enrolled",), "disabled_children"),
    (("disabled_special",), "disabled_enrolled"), (("posts_allotted",), "posts_approved"),
)  # fmt: skip
PAY_BAND, QUOTA_BAND = (2_0000_00, 50_0000_00), (200_00, 20_000_00)  # fen a year
BANDS = (("teacher_pay", PAY_BAND), ("civil_servant_pay", PAY_BAND), ("primary_quota", QUOTA_BAND), ("junior_quota", QUOTA_BAND))


@dataclass(frozen=True)
class CountyNumbersLedger(Ledger):
    """Parts stay within their wholes; a wrong unit of pay or quota is asked about."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        for i in frame.usable():
            for parts, whole in WITHIN:
                given = [v for name in parts if (v := frame.get(name)[i]) is not None]
                total = frame.get(whole)[i]
                if given and total is not None and sum(given) > total:
                    names = "与".join(frame.table.column(name).header for name in parts)
                    frame.problem("part-above-whole", i, parts[0], value=frame.shown(parts[0], sum(given)), what=names,
                                  whole=frame.table.column(whole).header, wanted=frame.shown(whole, total))  # fmt: skip
            for name, (low, high) in BANDS:
                value = frame.get(name)[i]
                if value is not None and not low <= value <= high:
                    shown = [frame.shown(name, limit) for limit in (low, high)]
                    frame.problem("unit-doubtful", i, name, what=frame.table.column(name).header, found=frame.shown(name, value), low=shown[0], high=shown[1])
        yield from ()


COUNTY_NUMBERS = CountyNumbersLedger(
    code="county_numbers",
    title="县级政府保障与质量数据表",
    order=80,
    scope=COUNTY,
    tables=(Table("main", "县级数据", NUMBERS_COLUMNS, target="schools.CountyNumbers", single=True, turned=True, note="全县一行；也可用“项目—数值”的竖表。"),),
    note="由县教育局会同财政、人社、残联等部门填报。工资和经费为上一财政年度，其余为本学年。",
)
