"""What only the county's offices know (B2), as quantities by county: one row, each figure with its cell.

A figure of a `fact` may also be given by other ledgers (schools.sources.offer); the county's choice says which stands.
"""

from __future__ import annotations

from .factset import FactSet
from .models import CountyNumbers
from .parameters import Parameter
from .parameters import declare as declare_parameter
from .quantity import Quantity, SourceCell
from .sources import LEDGER_TITLES, Held, Source, declare_figure

LEDGER, MODEL = "county_numbers", "schools.CountyNumbers"


def number_of(facts: FactSet, field: str) -> int | None:
    """A figure of the county's standing row in its stored unit; None when it is not given."""
    row = CountyNumbers.objects.filter(dataset_id__in=facts.ids(LEDGER)).values_list(field, flat=True).first()
    return row


def number_cells(facts: FactSet, field: str) -> list[SourceCell]:
    """The cell that figure stands in."""
    rows = CountyNumbers.objects.filter(dataset_id__in=facts.ids(LEDGER)).values_list("pk", "dataset_id", field)
    return [SourceCell(MODEL, pk, dataset_id, field, str(value)) for pk, dataset_id, value in rows if value is not None]


def stated(field: str, held: Held | None = None) -> Source:
    """The county's own number as a source of a figure."""
    return Source(
        LEDGER, LEDGER_TITLES[LEDGER], lambda facts, parameters: number_of(facts, field),
        lambda facts, parameters: number_cells(facts, field), held,
    )


def _declare(
    code: str, title: str, unit: str = "人", scale: int = 1, note: str = "", fact: str = "", held: Held | None = None
) -> Quantity:
    """A number of the county; figures of one fact are chosen together where another ledger can give them too."""
    fact = fact or code
    return declare_figure(
        code, title, unit, fact=fact, fact_title=FACTS.get(fact, title), source=stated(code, held), scale=scale, note=note
    )


FACTS = {"special_school": "特殊教育学校经费和学生数", "disabled": "残疾儿童少年入学", "migrant": "随迁子女就读", "heads": "符合交流条件的校长数"}


MIGRANT_PUBLIC_SHARE = declare_parameter(Parameter(
    "migrant_public_share", "随迁子女在公办学校就读的最低比例", "fraction", "0", "地方规定", share=True, note="例如不低于 90% 填 0.9；填 0 表示没有这项地方规定。",
)).code  # fmt: skip
PAY_NOTE = "上一财政年度，不含民办学校；与公务员同一年度、同一口径。"
MIGRANT_NOTE = "符合当地入学条件的进城务工人员随迁子女。"
DISABLED_NOTE = "适龄残疾儿童少年以残联提供的名单为准。"

SPECIAL_SCHOOL_FUNDS = _declare("special_school_funds", "特殊教育学校公用经费总额", "元", 100, fact="special_school")
SPECIAL_SCHOOL_PUPILS = _declare("special_school_pupils", "特殊教育学校学生数", fact="special_school")
TEACHER_PAY = _declare("teacher_pay", "义务教育教师年平均工资收入", "元", 100, PAY_NOTE)
CIVIL_SERVANT_PAY = _declare("civil_servant_pay", "公务员年平均工资收入", "元", 100, PAY_NOTE)
SENIOR_HIGH_PLACES = _declare("senior_high_places", "优质高中招生计划数")
SENIOR_HIGH_ALLOTTED = _declare("senior_high_allotted", "优质高中分配到校指标数")
SENIOR_HIGH_RURAL = _declare("senior_high_rural", "优质高中分配到农村初中指标数")
MIGRANT_ELIGIBLE = _declare("migrant_eligible", "符合条件的随迁子女数", note=MIGRANT_NOTE, fact="migrant")
MIGRANT_PUBLIC = _declare("migrant_public", "在公办学校就读的随迁子女数", note=MIGRANT_NOTE, fact="migrant")
MIGRANT_BOUGHT = _declare("migrant_bought", "在政府购买的民办学位就读的随迁子女数", note=MIGRANT_NOTE, fact="migrant")
DISABLED_CHILDREN = _declare("disabled_children", "适龄残疾儿童少年数", note=DISABLED_NOTE, fact="disabled")
DISABLED_ENROLLED = _declare("disabled_enrolled", "入学的残疾儿童少年数", note=DISABLED_NOTE, fact="disabled")
DISABLED_SPECIAL = _declare("disabled_special", "在特殊教育学校就读的残疾儿童少年数", note=DISABLED_NOTE, fact="disabled")
ELIGIBLE_HEADS = _declare("eligible_heads", "符合交流条件的校长数", note="任满规定届数的校长，由县教育局核定。", fact="heads")
POSTS_APPROVED = _declare("posts_approved", "教职工编制总额")
POSTS_ALLOTTED = _declare("posts_allotted", "教师岗位总量")
POSTS_FILLED = _declare("posts_filled", "在编教职工数")
