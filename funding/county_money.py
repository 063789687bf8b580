"""The county's money by fiscal year: what B1 states, and figures that schools' accounts can give as well."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from schools.codes import COMPULSORY, PRIVATE, SPECIAL_TYPES, stages_of_type
from schools.county_numbers import SPECIAL_SCHOOL_FUNDS, SPECIAL_SCHOOL_PUPILS
from schools.factset import FactSet, SchoolRef
from schools.models import SchoolKind
from schools.parameters import ParameterSet
from schools.quantity import COUNTY_KEY, QUANTITIES, Quantity, SourceCell, Tally, declare
from schools.sources import Source, declare_figure, offer

from .models import SchoolFunds
from .quantities import FUNDS, PAID, rows_of
from .rules import SPECIAL_SCOPE
from .series import BACK_PAYMENT, LEDGER, MODEL, line_fields, series

FUNDS_TITLE, FINANCE_TITLE = "学校经费台账", "县级教育经费表"
NOTE = "财政年度决算数；增长由系统比较，不采用填写的增长率。"


def _amount(name: str, facts: FactSet, parameters: ParameterSet) -> int | None:
    return series(facts, 1, parameters)[0].amounts.get(name)


def _year_cells(name: str, facts: FactSet, parameters: ParameterSet, school_id: int = 0, stage: str = "") -> list[SourceCell]:
    year = series(facts, 1)[0]
    fields = line_fields(parameters) if name == "appropriation" else (name,)
    return [cell for one in fields if (cell := year.cell(one))]


def _year_tally(name: str, facts: FactSet, parameters: ParameterSet) -> Tally:
    amount = _amount(name, facts, parameters)
    return {} if amount is None else {COUNTY_KEY: amount}


def _year(code: str, title: str, field: str, note: str = NOTE) -> Quantity:
    return declare(Quantity(code, title, "元", 100, "county", (LEDGER,), "fiscal_year", partial(_year_tally, field), partial(_year_cells, field), note))


SERIES = (
    _year("education_appropriation", "义务教育财政拨款", "appropriation"),
    _year("recurrent_revenue", "地方财政经常性收入", "revenue"),
    _year("education_spending", "一般公共预算教育支出", "education_spending"),
    _year("budget_spending", "一般公共预算支出", "budget_spending"),
    _year("per_pupil_spending_primary", "小学生均教育事业费", "primary_spending"),
    _year("per_pupil_spending_junior", "初中生均教育事业费", "junior_spending"),
    _year("per_pupil_public_funds_primary", "小学生均公用经费", "primary_public_funds"),
    _year("per_pupil_public_funds_junior", "初中生均公用经费", "junior_public_funds"),
    _year("average_pay", "教职工年人均工资", "average_pay"),
    _year("new_money", "新增教育经费", "new_money"),
    _year("rural_new_money", "新增教育经费中用于农村", "rural_new_money"),
)


def _paid_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    paid = series(facts, 1)[0].back_payment
    return {} if paid is None else {COUNTY_KEY: paid}


def _paid_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
    year = series(facts, 1)[0]
    values = zip(BACK_PAYMENT, (year.back_payment, year.back_payment_on, year.back_payment_document), strict=True)
    return [SourceCell(MODEL, year.row_id, year.dataset_id, name, str(value)) for name, value in values if value]


BACK_PAID = declare(Quantity(
    "back_payment", "补拨的教育经费", "元", 100, "county", (LEDGER,), "fiscal_year", _paid_tally, _paid_cells, "缺口的补拨金额，另记时间和文号。",
))  # fmt: skip

# Sums of the schools' accounts --------------------------------------------------------------------------------------


def _public_schools(facts: FactSet) -> list[SchoolRef]:
    """Public schools and campuses of the compulsory stages, whose accounts the county's sums need (points have none)."""
    return [
        s for s in facts.schools
        if s.sponsor_code != PRIVATE and s.kind != SchoolKind.POINT and set(stages_of_type(s.type_code)) & set(COMPULSORY)
    ]  # fmt: skip


def _summed(schools, fields: Sequence[str], facts: FactSet, parameters: ParameterSet) -> list[SourceCell] | None:
    """The cells of these fields of every school; None where a school has no account or leaves the first field blank."""
    rows, found = rows_of(SchoolFunds, facts, FUNDS, fields), []
    listed = schools(facts)
    for school in listed:
        row = rows.get(school.id)
        if row is None or row[2] is None:
            return None
        found += [SourceCell("funding.SchoolFunds", row[0], row[1], n, str(v)) for n, v in zip(fields, row[2:], strict=True) if v is not None]
    return found if listed else None


def accounts(schools, fields: Sequence[str]) -> Source:
    """The sum of these fields over the accounts of all these schools, as a source of a county figure."""
    def cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
        return _summed(schools, fields, facts, parameters) or []

    def count(facts: FactSet, parameters: ParameterSet) -> int | None:
        found = _summed(schools, fields, facts, parameters)
        return None if found is None else sum(int(cell.text) for cell in found)

    return Source(FUNDS, FUNDS_TITLE, count, cells, lambda facts, parameters: _summed(schools, fields, facts, parameters) is not None)


def stated(name: str) -> Source:
    """An amount of the county's own year."""
    return Source(
        LEDGER, FINANCE_TITLE, partial(_amount, name), partial(_year_cells, name), lambda facts, parameters: _amount(name, facts, parameters) is not None
    )


TEACHER_WAGES = declare_figure(
    "teacher_wages", "教职工工资总额", "元", fact="training_money", fact_title="教职工工资总额和教师培训经费", scale=100, clock="fiscal_year",
    source=stated("wages_total"), others=[accounts(_public_schools, ("wages",))], note="县级教育经费表没有填的，为全部公办学校工资福利支出之和。",
)  # fmt: skip
COUNTY_TRAINING_FUNDS = declare_figure(
    "county_training_funds", "县级教师培训经费", "元", fact="training_money", fact_title="教职工工资总额和教师培训经费", scale=100, clock="fiscal_year",
    source=stated("training_total"), others=[accounts(_public_schools, ("training_budget",))], note="县级教育经费表没有填的，为全部公办学校培训经费预算之和。",
)  # fmt: skip

# Special schools: accounts and census stand before the county's own numbers ------------------------------------------


def _special_schools(facts: FactSet) -> list[SchoolRef]:
    return [s for s in facts.schools if s.type_code in SPECIAL_TYPES]


def _inclusive(facts: FactSet) -> list[SchoolRef]:
    return [s for s in _public_schools(facts) if s.type_code not in SPECIAL_TYPES]


def _special_cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell] | None:
    found = _summed(_special_schools, PAID, facts, parameters)
    if found is None or parameters.get(SPECIAL_SCOPE.code) == "special_schools":
        return found
    more = _summed(_inclusive, ("special_funds",), facts, parameters)
    return None if more is None else found + more


def _special_heads(facts: FactSet, parameters: ParameterSet) -> list[SourceCell] | None:
    """Pupils of special schools on the census day of the fiscal year, and those of ordinary classes where a place adds them."""
    census = replace(facts, year=facts.fiscal_year)
    tally, cells = QUANTITIES["pupils"].tally(census, parameters), QUANTITIES["pupils"].cells
    keys = [(s.id, stage) for s in _special_schools(facts) for stage in COMPULSORY if (s.id, stage) in tally]
    if not keys or {i for i, _ in keys} != {s.id for s in _special_schools(facts)}:
        return None
    found = [cell for school_id, stage in keys for cell in cells(census, parameters, school_id, stage)]
    if parameters.get(SPECIAL_SCOPE.code) == "special_schools":
        return found
    more = _summed(_inclusive, ("special_pupils",), facts, parameters)
    return None if more is None else found + more


def _offer(code: str, cells) -> None:
    def count(facts: FactSet, parameters: ParameterSet) -> int | None:
        found = cells(facts, parameters)
        return None if found is None else sum(int(cell.text) for cell in found)

    def held(facts: FactSet, parameters: ParameterSet) -> bool:
        return _special_cells(facts, parameters) is not None and _special_heads(facts, parameters) is not None

    offer(code, Source(FUNDS, FUNDS_TITLE, count, lambda facts, parameters: cells(facts, parameters) or [], held))


_offer(SPECIAL_SCHOOL_FUNDS.code, _special_cells)
_offer(SPECIAL_SCHOOL_PUPILS.code, _special_heads)
