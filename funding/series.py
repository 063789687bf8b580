"""The county's money year by year, and whether it grew: the three growths 三个增长 (教育法 art. 56, 义务教育法 art. 42).

Amounts are stored, growth never: it is decided here by cross-multiplication of exact integers.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from schools.factset import FactSet
from schools.parameters import NATIONAL, ParameterSet
from schools.quantity import SourceCell, remember

from .models import FinanceYear
from .rules import APPROPRIATION_LINE

LEDGER, MODEL = "county_finance", "funding.FinanceYear"
AMOUNTS = tuple(
    field.name for field in FinanceYear._meta.concrete_fields
    if field.name not in ("id", "dataset", "sheet", "row", "fiscal_year", "back_payment", "back_payment_on", "back_payment_document")
)  # fmt: skip
BACK_PAYMENT = ("back_payment", "back_payment_on", "back_payment_document")
YEARS = 3

APPROPRIATION, SPENDING_PRIMARY, SPENDING_JUNIOR, FUNDS_PRIMARY, FUNDS_JUNIOR, PAY = (
    "appropriation", "primary_spending", "junior_spending", "primary_public_funds", "junior_public_funds", "average_pay",
)  # fmt: skip
RISES = {
    SPENDING_PRIMARY: ("小学生均教育事业费", "primary"), SPENDING_JUNIOR: ("初中生均教育事业费", "junior"),
    FUNDS_PRIMARY: ("小学生均公用经费", "primary"), FUNDS_JUNIOR: ("初中生均公用经费", "junior"), PAY: ("教职工年人均工资", ""),
}  # fmt: skip


@dataclass(frozen=True)
class FiscalYear:
    """One fiscal year as stated: amounts in fen by field (absent = not given), the back-payment, and where it stands.

    `stated`: what the year's own filing said of an amount that a later filing restated 同口径, as (then, now).
    """

    year: int
    amounts: Mapping[str, int]
    back_payment: int | None = None
    back_payment_on: int | None = None
    back_payment_document: str = ""
    row_id: int | None = None
    dataset_id: int | None = None
    stated: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def cell(self, name: str) -> SourceCell | None:
        """The cell an amount came from."""
        if name not in self.amounts or self.row_id is None:
            return None
        return SourceCell(MODEL, self.row_id, self.dataset_id, name, str(self.amounts[name]))


@dataclass(frozen=True)
class Growth:
    """One comparison of year t with t-1. `met` None = not to be judged, with `reason`. `gap` in fen: what was lacking.

    `rate` and, for the appropriation, `other_rate` (of the revenue) are exact; `note` warns of a falling revenue.
    `paid` is the back-payment reported for the year, in fen, where the gap is one of the appropriation.
    """

    code: str
    title: str
    year: int
    met: bool | None
    rate: Fraction | None = None
    other_rate: Fraction | None = None
    gap: int = 0
    paid: int | None = None
    reason: str = ""
    note: str = ""


LINES = {"budget": (), "surcharge": ("surcharge",), "all": ("surcharge", "fund_money")}


def series(facts: FactSet, years: int = YEARS, parameters: ParameterSet = NATIONAL) -> list[FiscalYear]:
    """Fiscal years t, t-1, t-2 of the fact set, newest first; a year nobody stated has no amounts.

    The newest filing that states a year is believed: restated prior years 同口径 replace what stood before. The
    appropriation is that of the line the place counts by: with surcharge or funds only where the year states them.
    """
    found = _stated(facts, facts.fiscal_year if facts.filed_to is None else facts.filed_to)
    more = LINES[parameters.get(APPROPRIATION_LINE.code)]
    wanted = range(facts.fiscal_year, facts.fiscal_year - years, -1)
    return [_lined(found.get(year, FiscalYear(year, {})), more) for year in wanted]


def line_fields(parameters: ParameterSet) -> tuple[str, ...]:
    """The fields that together are the appropriation the place counts by."""
    return ("appropriation", *LINES[parameters.get(APPROPRIATION_LINE.code)])


def _lined(year: FiscalYear, more: tuple[str, ...]) -> FiscalYear:
    if not more or "appropriation" not in year.amounts:
        return year
    parts = [year.amounts.get(name) for name in more]
    amounts = {name: value for name, value in year.amounts.items() if name != "appropriation"}
    if None not in parts:
        amounts["appropriation"] = year.amounts["appropriation"] + sum(parts)
    return replace(year, amounts=amounts)


def stated_before(facts: FactSet, fiscal_year: int) -> dict[int, Mapping[str, int]]:
    """year -> amounts as the filings of earlier fiscal years stated them."""
    return {year: row.amounts for year, row in _stated(facts, fiscal_year - 1).items()}


def _stated(facts: FactSet, latest: int) -> dict[int, FiscalYear]:
    """Every year by the newest filing up to `latest`; read once for a set of facts, whatever figures ask for it."""
    return remember(facts, ("finance as stated", latest), NATIONAL, lambda _: _read(facts, latest))


def _read(facts: FactSet, latest: int) -> dict[int, FiscalYear]:
    filed = {ref.id: ref.year for ref in facts.datasets if ref.ledger == LEDGER and ref.year <= latest}
    names = ("id", "dataset_id", "fiscal_year", *BACK_PAYMENT, *AMOUNTS)
    found: dict[int, FiscalYear] = {}
    rows = FinanceYear.objects.filter(dataset_id__in=filed).values(*names)
    for row in sorted(rows, key=lambda row: (filed[row["dataset_id"]], row["id"])):
        amounts = {name: row[name] for name in AMOUNTS if row[name] is not None}
        before = found.get(row["fiscal_year"])
        moved = {n: (before.amounts[n], v) for n, v in amounts.items() if before and before.amounts.get(n, v) != v}
        found[row["fiscal_year"]] = FiscalYear(
            row["fiscal_year"], amounts, row["back_payment"], row["back_payment_on"], row["back_payment_document"], row["id"], row["dataset_id"],
            {**(before.stated if before else {}), **moved},
        )
    return found


def growths(years: list[FiscalYear], pupils: Mapping[tuple[int, str], int] | None = None) -> list[Growth]:
    """Every comparison of neighbouring years of a series (newest first): the appropriation against the revenue, and
    each per-pupil amount and the pay against the year before. `pupils` {(year, stage): heads} makes per-head gaps sums."""
    found = []
    for now, before in zip(years, years[1:], strict=False):
        found.append(appropriation_growth(now, before))
        found += [rise(name, now, before, (pupils or {}).get((now.year, stage)) if stage else None) for name, (_, stage) in RISES.items()]
    return found


def appropriation_growth(now: FiscalYear, before: FiscalYear) -> Growth:
    """A(t)/A(t-1) > Rev(t)/Rev(t-1), strictly; equality is not growth. gap = A(t-1) × Rev(t) ÷ Rev(t-1) − A(t), in fen, up."""
    title = "教育财政拨款的增长高于财政经常性收入的增长"
    a, a0 = now.amounts.get("appropriation"), before.amounts.get("appropriation")
    r, r0 = now.amounts.get("revenue"), before.amounts.get("revenue")
    if None in (a, a0, r, r0):
        return Growth(APPROPRIATION, title, now.year, None, reason=_lacking(now, before, ("appropriation", "revenue")))
    if not a0 or not r0:
        return Growth(APPROPRIATION, title, now.year, None, reason=f"{before.year} 年度的{'拨款' if not a0 else '经常性收入'}为 0，不能计算增长率。")
    gap = max(0, -(-(a0 * r - a * r0) // r0))
    note = f"{now.year} 年度财政经常性收入比上年减少，请核对口径。" if r < r0 else ""
    return Growth(APPROPRIATION, title, now.year, a * r0 > a0 * r, Fraction(a, a0) - 1, Fraction(r, r0) - 1, gap, now.back_payment, note=note)


def rise(name: str, now: FiscalYear, before: FiscalYear, heads: int | None = None) -> Growth:
    """An amount rose strictly. gap = (before − now) × heads where it fell and the heads are known, else for each head."""
    title, _ = RISES[name]
    a, a0 = now.amounts.get(name), before.amounts.get(name)
    if a is None or a0 is None:
        return Growth(name, f"{title}增长", now.year, None, reason=_lacking(now, before, (name,)))
    if not a0:
        return Growth(name, f"{title}增长", now.year, None, reason=f"{before.year} 年度的{title}为 0，不能计算增长率。")
    gap = max(0, a0 - a) * (heads if heads is not None else 1)
    return Growth(name, f"{title}增长", now.year, a > a0, Fraction(a, a0) - 1, gap=gap)


def only_increases(years: list[FiscalYear]) -> list[Growth]:
    """两个只增不减: the general public education spending and the per-pupil spending do not fall (equal is enough)."""
    watched = {"education_spending": "一般公共预算教育支出", SPENDING_PRIMARY: RISES[SPENDING_PRIMARY][0], SPENDING_JUNIOR: RISES[SPENDING_JUNIOR][0]}
    found = []
    for now, before in zip(years, years[1:], strict=False):
        for name, title in watched.items():
            a, a0 = now.amounts.get(name), before.amounts.get(name)
            if a is None or a0 is None:
                found.append(Growth(name, f"{title}只增不减", now.year, None, reason=_lacking(now, before, (name,))))
            else:
                found.append(Growth(name, f"{title}只增不减", now.year, a >= a0, Fraction(a, a0) - 1 if a0 else None, gap=max(0, a0 - a)))
    return found


def share(year: FiscalYear, part: str, whole: str) -> Fraction | None:
    """One amount as a share of another; None when either is missing or the whole is 0."""
    a, b = year.amounts.get(part), year.amounts.get(whole)
    return None if a is None or not b else Fraction(a, b)


def _lacking(now: FiscalYear, before: FiscalYear, names: tuple[str, ...]) -> str:
    title = {field.name: str(field.verbose_name).removesuffix("(分)") for field in FinanceYear._meta.concrete_fields}
    missing = [f"{year.year} 年度{title[name]}" for year in (before, now) for name in names if name not in year.amounts]
    return f"缺少{'、'.join(missing)}。"
