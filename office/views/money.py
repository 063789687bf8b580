"""Money: the three growths with their chart and gaps, and each school's public funds and training share."""

from __future__ import annotations

from fractions import Fraction

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from funding.rules import TRAINING_SHARE, TRAINING_WAGE_SHARE
from funding.series import FiscalYear, Growth, growths, only_increases, series, share
from indicators.arithmetic import decimal34
from office.field_books import money_book
from office.fields import Field, read_field
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.sources import FIGURES

AMOUNTS = (
    ("appropriation", "义务教育财政拨款", 1_000_000, "万元"), ("revenue", "财政经常性收入", 1_000_000, "万元"),
    ("education_spending", "一般公共预算教育支出", 1_000_000, "万元"), ("budget_spending", "一般公共预算支出", 1_000_000, "万元"),
    ("primary_spending", "小学生均教育事业费", 100, "元"), ("junior_spending", "初中生均教育事业费", 100, "元"),
    ("primary_public_funds", "小学生均公用经费", 100, "元"), ("junior_public_funds", "初中生均公用经费", 100, "元"),
    ("average_pay", "教职工年人均工资", 100, "元"),
)  # fmt: skip
PER_PUPIL, YEARS, SCHOOLS = AMOUNTS[4:8], 4, 60  # three growths of three years take four; schools a page
PARTS = ("central_share", "province_share", "city_share", "county_share")
SHARES = (
    ("教育支出占一般公共预算支出", "education_spending", "budget_spending"), ("新增教育经费用于农村", "rural_new_money", "new_money"),
    ("中央承担", "central_share", "appropriation"), ("省级承担", "province_share", "appropriation"),
    ("市级承担", "city_share", "appropriation"), ("县级承担", "county_share", "appropriation"),
)  # fmt: skip


def show_money(request: HttpRequest, code: str) -> HttpResponse:
    """The years side by side, whether they grew, and the schools; `?format=xlsx` gives every table."""
    field = read_field(request, code)
    schools = school_rows(field)
    page = Paginator(schools, SCHOOLS).get_page(request.GET.get("page"))
    years = series(field.facts, YEARS, field.parameters)
    told = [year for year in reversed(years) if year.amounts]
    context = {
        **field.context, "title": "经费", "years_told": told, "schools": schools, "page": page, "categories": [f"{year.year}年" for year in told],
        "amounts": [(title, unit, [_amount(year, name, scale) for year in told]) for name, title, scale, unit in AMOUNTS],
        "growths": [shown_growth(growth) for growth in growths(years)], "increases": [shown_growth(growth) for growth in only_increases(years)],
        "index": index_lines(told), "index_base": told[0].year if told else None,
        "per_pupil": [(title.replace("生均", "").replace("教育", ""), [_amount(year, name, scale) for year in told]) for name, title, scale, _ in PER_PUPIL],
        "levels": level_rows(told), "restated": restated_rows(told), "paid": paid_rows(told), "counts": counted_rows(field),
        "shares": [(title, [_percent(share(year, part, whole)) for year in told]) for title, part, whole in SHARES],
        "short": sum(row["short"] is True for row in schools), "under": sum(row["under"] is True for row in schools), "wages": wage_share(field),
    }  # fmt: skip
    if request.GET.get("format") == "xlsx":
        return money_book(field.note, schools, context)
    return render(request, "office/money.html", context)


def _amount(year: FiscalYear, name: str, scale: int) -> str | None:
    value = year.amounts.get(name)
    return None if value is None else decimal34(Fraction(value, scale))


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else decimal34(100 * value)


def level_rows(told: list[FiscalYear]) -> list[tuple[str, list[str | None]]]:
    """The cost shares of the levels of government in per cent of their sum, for the chart; no year of which one is missing."""
    titles = dict(zip(PARTS, ("中央", "省级", "市级", "县级"), strict=True))
    whole = [all(name in year.amounts for name in PARTS) and sum(year.amounts[name] for name in PARTS) for year in told]
    if not any(whole):
        return []
    return [(title, [_percent(Fraction(year.amounts[name], all_of_it)) if all_of_it else None for year, all_of_it in zip(told, whole, strict=True)])
            for name, title in titles.items()]  # fmt: skip


def restated_rows(told: list[FiscalYear]) -> list[dict]:
    """What later filings restated 同口径: the year, the amount, as stated then and now."""
    names = {name: (title, scale, unit) for name, title, scale, unit in AMOUNTS}
    return [
        {"year": year.year, "title": names[name][0], "unit": names[name][2], "then": decimal34(Fraction(then, names[name][1])), "now": decimal34(Fraction(now, names[name][1]))}
        for year in told for name, (then, now) in year.stated.items() if name in names
    ]  # fmt: skip


def paid_rows(told: list[FiscalYear]) -> list[dict]:
    """What was paid afterwards towards a gap, when, and on which document."""
    return [
        {"year": year.year, "paid": decimal34(Fraction(year.back_payment, 1_000_000)), "on": year.back_payment_on and f"{year.back_payment_on // 100}-{year.back_payment_on % 100:02}",
         "document": year.back_payment_document}
        for year in told if year.back_payment is not None
    ]  # fmt: skip


def counted_rows(field: Field) -> list[tuple[str, str | None, str]]:
    """The county's further sums with the source that stands."""
    rows = []
    for code in ("special_school_funds", "special_school_pupils", "teacher_wages", "county_training_funds"):
        quantity, source = QUANTITIES[code], FIGURES[code].standing(field.facts, field.parameters)
        count = quantity.tally(field.facts, field.parameters).get(COUNTY_KEY)
        rows.append((f"{quantity.title}（{quantity.unit}）", None if count is None else decimal34(Fraction(count, quantity.scale)), source.title if source else "缺数据"))
    return rows


def index_lines(told: list[FiscalYear]) -> list[tuple[str, list[str | None]]]:
    """Appropriation and revenue with the first year told as 100, so that two sizes share one axis."""
    lines = []
    for name, title in (("appropriation", "财政拨款"), ("revenue", "经常性收入")):
        base = told[0].amounts.get(name) if told else None
        lines.append((title, [_percent(Fraction(a, base)) if base and (a := year.amounts.get(name)) is not None else None for year in told]))
    return lines


def shown_growth(growth: Growth) -> dict:
    """A comparison for the table; gaps in the unit of its amounts."""
    scale, unit = next(((s, u) for name, _, s, u in AMOUNTS if name == growth.code), (100, "元"))
    return {
        "title": growth.title, "year": growth.year, "met": growth.met, "rate": _percent(growth.rate), "other": _percent(growth.other_rate),
        "gap": decimal34(Fraction(growth.gap, scale)) if growth.gap else None, "unit": unit,
        "paid": None if growth.paid is None else decimal34(Fraction(growth.paid, scale)), "reason": growth.reason or growth.note,
    }  # fmt: skip


def school_rows(field: Field) -> list[dict]:
    """Due and paid public funds and the training share of every school that has one of them; offenders first."""
    due, paid, budget, training = (
        QUANTITIES[code].tally(field.facts, field.parameters) for code in ("public_funds_due", "public_funds_paid", "public_funds_budget", "training_funds")
    )
    rows = []
    for school in field.facts.schools:
        key = (school.id, "")
        a, b, c, d = due.get(key), paid.get(key), budget.get(key), training.get(key)
        if a is None and b is None and c is None:
            continue
        least = field.parameters.get(TRAINING_SHARE.code, school=school)
        rows.append({
            "name": school.name, "code": school.code, "due": _yuan(a), "paid": _yuan(b), "budget": _yuan(c), "training": _yuan(d),
            "short": None if a is None or b is None else b < a, "gap": _yuan(a - b) if a is not None and b is not None and b < a else None,
            "share": _percent(Fraction(d, c)) if c and d is not None else None, "under": None if not c or d is None else d < least * c,
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["short"] is not True and row["under"] is not True, row["code"]))


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else decimal34(Fraction(fen, 100))


def wage_share(field: Field) -> dict | None:
    """Training money as a share of a year's wages, where a place asks for it."""
    wanted = field.parameters.get(TRAINING_WAGE_SHARE.code)
    wages, training = (QUANTITIES[code].tally(field.facts, field.parameters).get(COUNTY_KEY) for code in ("teacher_wages", "county_training_funds"))
    if not wanted or not wages or training is None:
        return None
    return {"wanted": _percent(wanted), "share": _percent(Fraction(training, wages)), "met": training >= wanted * wages}
