"""What only places ask: each item is listed under the local rules that set it, and never in a national result."""
from indicators.items.county_rate import CountyRate, Rate
from indicators.items.item import GUARANTEE, Item
from indicators.items.listing import Listing
from indicators.items.plan import Plan, Planned

CLAUSE = "地方规定"


def local_items() -> tuple[Item, ...]:
    """The items L1-L5; their bounds are parameters of the rooms that own the facts, so a place sets each once."""
    return (
        Plan("L1", "消除大班额年度计划", GUARANTEE, CLAUSE, plans=(
            Planned("大班额班级数", "large_classes", "large_class_plan"), Planned("超大班额班级数", "super_large_classes", "super_large_class_plan"),
        )),
        CountyRate("L2", "一般公共预算教育支出占比", GUARANTEE, CLAUSE, rates=(
            Rate("share", "教育支出占一般公共预算支出的比例", ("education_spending",), ("budget_spending",), limit_rule="education_share", places=2),
        )),
        CountyRate("L3", "新增教育经费主要用于农村", GUARANTEE, CLAUSE, rates=(
            Rate("share", "新增教育经费用于农村的比例", ("rural_new_money",), ("new_money",), limit_rule="rural_new_money_share"),
        )),
        Listing("L4", "农村教师补贴", GUARANTEE, CLAUSE, numerator="allowance_paid", denominator="allowance_due", comparator=">=", per=100,
                limit_rule="allowance_share", figure="实发占应发的", figure_unit="%", private=False, only_asked=True),
        CountyRate("L5", "随迁子女在公办学校就读", GUARANTEE, CLAUSE, rates=(
            Rate("share", "随迁子女在公办学校就读的比例", ("migrant_public",), ("migrant_eligible",), limit_rule="migrant_public_share"),
        )),
    )  # fmt: skip
