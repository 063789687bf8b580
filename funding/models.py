"""Money of schools. Rows of datasets: written once, never updated; amounts in fen, NULL = not given."""
from django.db import models

from schools.models.facts import Fact


def money(label: str) -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(f"{label}(分)", null=True)


class SchoolMoney(Fact):
    """Last fiscal year's public funds and training funds, as the school profile A1 states them."""

    public_funds_budget = money("上年度公用经费预算总额")
    public_funds_final = money("上年度公用经费决算总额")
    training_budget = money("上年度教师培训经费预算")
    training_final = money("上年度教师培训经费决算")

    class Meta:
        verbose_name = "学校上年度经费"


class SchoolFunds(Fact):
    """Money of one school in one fiscal year (A6): income, spending, budget, and the heads it was paid for."""

    appropriation = money("财政拨款合计")
    staff_funds = money("人员经费")
    base_funds = money("公用经费(基准定额)")
    boarding_funds = money("寄宿生公用经费")
    special_funds = money("特教/随班就读公用经费")
    heating_funds = money("取暖费")
    project_funds = money("专项经费")
    higher_grants = money("上级补助收入")
    business_income = money("事业收入")
    other_income = money("其他收入")
    donations = money("捐赠收入")
    income_total = money("收入合计")
    wages = money("工资福利支出")
    goods = money("商品和服务支出")
    office_cost = money("办公费")
    printing_cost = money("印刷费")
    utility_cost = money("水电费")
    post_cost = money("邮电费")
    travel_cost = money("差旅费")
    repair_cost = money("维修费")
    training_cost = money("培训费")
    material_cost = money("专用材料费")
    labour_cost = money("劳务费")
    family_aid = money("对个人和家庭的补助")
    capital = money("资本性支出")
    spending_total = money("支出合计")
    public_funds_budget = money("公用经费预算总额")
    training_budget = money("教师培训经费预算")
    primary_pupils = models.PositiveIntegerField("小学学生数", null=True)
    junior_pupils = models.PositiveIntegerField("初中学生数", null=True)
    boarders = models.PositiveIntegerField("寄宿生数", null=True)
    special_pupils = models.PositiveIntegerField("随班就读学生数", null=True)

    class Meta:
        verbose_name = "学校经费"


class FinanceYear(Fact):
    """One fiscal year of the county's education money (B1). Growth is never stored: it follows from two rows."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    appropriation = money("义务教育预算内经费拨款")
    revenue = money("地方财政经常性收入")
    education_spending = money("一般公共预算教育支出")
    budget_spending = money("一般公共预算支出")
    primary_spending = money("小学生均预算内教育事业费")
    junior_spending = money("初中生均预算内教育事业费")
    primary_public_funds = money("小学生均预算内公用经费")
    junior_public_funds = money("初中生均预算内公用经费")
    average_pay = money("教职工年人均工资")
    new_money = money("新增教育经费")
    rural_new_money = money("新增教育经费中用于农村")
    central_share = money("中央承担")
    province_share = money("省级承担")
    city_share = money("市级承担")
    county_share = money("县级承担")
    surcharge = money("教育费附加安排用于义务教育")
    fund_money = money("政府性基金安排用于义务教育")
    wages_total = money("教职工工资总额")
    training_total = money("教师培训经费")
    back_payment = money("补拨金额")
    back_payment_on = models.PositiveIntegerField("补拨时间(YYYYMM)", null=True)
    back_payment_document = models.CharField("补拨文号", max_length=120, blank=True)

    class Meta:
        verbose_name = "县级教育经费"
