"""Facts of the county itself (B2 and the first columns of 表Ⅰ). Rows of datasets: written once, never updated.

Money in fen, persons whole, NULL = not given.
"""

from django.db import models

from .facts import Fact, whole


def money(label: str) -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(f"{label}(分)", null=True)


class CountyNumbers(Fact):
    """What only the county's offices know: one row a school year."""

    population = whole("人口总数")
    farm_population = whole("农业人口数")
    towns = whole("乡镇数")
    villages = whole("行政村数")
    gdp_per_head = whole("人均国内生产总值(元)")
    revenue_per_head = whole("人均财政收入(元)")
    farmer_income = whole("农民人均纯收入(元)")
    townsman_income = whole("城镇居民人均可支配收入(元)")
    primary_quota = money("规定小学生均公用经费标准")
    junior_quota = money("规定初中生均公用经费标准")
    special_school_funds = money("特殊教育学校公用经费总额")
    special_school_pupils = whole("特殊教育学校学生数")
    teacher_pay = money("义务教育教师年平均工资收入")
    civil_servant_pay = money("公务员年平均工资收入")
    eligible_teachers = whole("符合交流条件教师数")
    exchanged_teachers = whole("实际交流教师数")
    exchanged_backbone = whole("交流的骨干教师数")
    eligible_heads = whole("符合交流条件校长数")
    exchanged_heads = whole("实际交流校长数")
    senior_high_places = whole("优质高中招生计划数")
    senior_high_allotted = whole("优质高中分配到校指标数")
    senior_high_rural = whole("分配到农村初中的指标数")
    migrant_eligible = whole("符合条件的随迁子女数")
    migrant_public = whole("在公办学校就读的随迁子女数")
    migrant_bought = whole("政府购买民办学位就读的随迁子女数")
    disabled_children = whole("适龄残疾儿童少年数")
    disabled_enrolled = whole("入学的残疾儿童少年数")
    disabled_special = whole("在特殊教育学校就读的残疾儿童少年数")
    posts_approved = whole("教职工编制总额")
    posts_allotted = whole("教师岗位总量")
    posts_filled = whole("在编教职工数")

    class Meta:
        verbose_name = "县级数据"
