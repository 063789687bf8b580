"""The rates a page shows, each with the children behind its numerator and denominator, from what stands now.

Unlike a quantity, a page also shows what is not complete yet: then it says which schools are lacking, and the figure is 暂算.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.utils import timezone

from dropout.flows import DEFINITIONS, FATES, Fate
from dropout.models import Child, Disability
from dropout.quantities import (
    PLACED,
    PLANS,
    POPULATION,
    POVERTY,
    READ,
    ROSTER,
    Registers,
    extracted,
    extracted_day,
    registers_of,
)
from dropout.services.extract import TITLES
from schools.codes import COMPULSORY, Stage
from schools.cohorts import COHORT, FORMULAS
from schools.factset import SchoolRef, standing_set
from schools.models import County, Dataset, DatasetState
from schools.parameters import ParameterSet, resolve
from schools.periods import census_day, current_school_year
from schools.quantity import COUNTY_KEY, QUANTITIES
from schools.sources import said

from .children import children_by_key

SMALL = 5
NUMERALS = {3: "三", 4: "四", 5: "五", 6: "六", 9: "九"}
SENSITIVE = ("disabled_", "poor_")  # codes of the extract that count children of a sensitive category


@dataclass(frozen=True)
class Side:
    """One list of children behind a rate."""

    code: str
    title: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Rate:
    """One figure: numerator over denominator × 100, exact; `sides` its lists, `note` its definition, `lacking` schools without a roster."""

    code: str
    title: str
    numerator: int | None
    denominator: int | None
    note: str
    sides: tuple[Side, ...] = ()
    lacking: tuple[SchoolRef, ...] = ()
    lacking_ledger: str = "学生名册"
    why: str = ""
    sensitive: bool = False
    hidden: bool = False

    @property
    def value(self) -> Fraction | None:
        if self.hidden or self.numerator is None or not self.denominator:
            return None
        return Fraction(100 * self.numerator, self.denominator)

    @property
    def percent(self) -> str:
        """The value as it is printed: two decimals, half up once."""
        return "" if self.value is None else two_places(self.value)

    @property
    def is_complete(self) -> bool:
        return not self.lacking


def two_places(value: Fraction) -> str:
    """Rounded half up (away from zero) to two decimals."""
    hundredths = (abs(value) * 200 + 1) // 2
    return f"{'-' if value < 0 and hundredths else ''}{hundredths // 100}.{hundredths % 100:02}"


@dataclass(frozen=True)
class Group:
    """Rates that are read together."""

    title: str
    rates: tuple[Rate, ...]
    note: str = ""


@dataclass(frozen=True)
class Stated:
    """A figure that several sources give: which stands, and whether they differ."""

    title: str
    values: tuple[tuple[str, int], ...]

    @property
    def differs(self) -> bool:
        return len({value for _, value in self.values}) > 1


@dataclass
class Rates:
    """Everything the page of a county and year shows."""

    groups: list[Group] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    extract_on: str = ""
    extract: list[tuple[str, Mapping[str, int] | None]] = field(default_factory=list)

    def rate(self, code: str) -> Rate | None:
        return next((rate for group in self.groups for rate in group.rates if rate.code == code), None)


def newest_year(county: County) -> int:
    """The newest school year with a list or roster of children; without any, the one that runs today."""
    rows = Dataset.objects.filter(county=county, ledger__in=READ, state=DatasetState.STANDING).order_by("-period__start")
    years = [start.year for start in rows.values_list("period__start", flat=True)[:1]]
    return years[0] if years else current_school_year(timezone.localdate())


def rates_of(county: County, year: int) -> Rates:
    """All rates of a school year from the standing datasets, under the county's structural rules."""
    facts, parameters = standing_set(county, year), resolve(county.code, census_day(year))
    registers = registers_of(facts, parameters)
    found = Rates([
        Group("适龄儿童少年入学率", _enrolment(registers), "适龄名单中在本学段或更高学段就读的人数 ÷ 适龄人数 × 100；休学的复学前不计。"),
        Group("辍学率（三种口径）", _dropout(registers), "三种口径对同一批学生得数不同，报表须写明口径。学段按上学年的年级。"),
        Group("巩固率", (*_consolidation(registers), *_declared_cohort(facts, parameters)), "逐年学生名册按人计算；名册不满所需年数的不计算。"),
        Group("残疾儿童少年入学率", _disabled(registers, facts, parameters), "全县分母以残联名单(县级数据表)为准；残联名单没有分类，分类的分母按一人一案台账所列人数。"),
        Group("脱贫户和监测对象子女零辍学", _poor(registers), "名单中义务教育年龄段的子女，未在读的应为 0。"),
    ])  # fmt: skip
    for code in ("disabled_enrolled", "disabled_special"):
        found.stated.append(Stated(QUANTITIES[code].title, tuple((source.title, value) for source, value in said(code, facts, parameters))))
    values = extracted(facts)
    found.extract_on = extracted_day(facts)
    found.extract = [(title, {stage: values.get((code, stage), 0) for stage in COMPULSORY}) for code, title in TITLES.items()] if values else []
    return found


def without_small(rates: Rates) -> Rates:
    """The same for those who do not care for the children: a breakdown by a sensitive category shows no count under five, nor one
    that follows from the sum of the others."""
    groups = []
    for group in rates.groups:
        split = [rate for rate in group.rates if rate.sensitive]
        small = {rate.code for rate in split if any(0 < n < SMALL for n in (rate.denominator, rate.numerator, rate.denominator - rate.numerator))}
        if len(small) == 1 and len(split) > 1:
            small.add(min((rate for rate in split if rate.code not in small), key=lambda rate: rate.denominator).code)
        hidden = [replace(rate, numerator=None, denominator=None, hidden=True, sides=(), why="人数少于 5 或可由此推算，不予显示。") if rate.code in small else rate for rate in group.rates]
        groups.append(replace(group, rates=tuple(hidden)))
    by_title = {title: code for code, title in TITLES.items()}
    extract = [
        (title, None if by_title[title].startswith(SENSITIVE) and any(0 < n < SMALL for n in values.values()) else values) for title, values in rates.extract
    ]  # fmt: skip
    return replace(rates, groups=groups, extract=extract, stated=[])


def _enrolment(registers: Registers) -> tuple[Rate, ...]:
    rates = []
    for stage in COMPULSORY:
        title = f"{Stage(stage).label}适龄人口入学率"
        group = registers.population.get(stage)
        if group is None or not registers.ids(ROSTER):
            why = "还没有适龄儿童少年名单。" if not registers.ids(POPULATION) else "还没有学生名册。"
            rates.append(Rate(f"enrolment_{stage}", title, None, None, "", why=why))
            continue
        sides = (Side("part", "已入学", group.enrolled), Side("whole", "适龄人口", group.all), Side("rest", "未入学", group.out))
        rates.append(Rate(f"enrolment_{stage}", title, len(group.enrolled), len(group.all), "", sides, tuple(registers.lacking())))
    return tuple(rates)


def _dropout(registers: Registers) -> tuple[Rate, ...]:
    rates = []
    for definition in DEFINITIONS.values():
        for stage in COMPULSORY:
            code, title = f"dropout_{definition.code}_{stage}", f"{Stage(stage).label}{definition.title}"
            flow = registers.flows.get(stage)
            if flow is None:
                rates.append(Rate(code, title, None, None, definition.source, why="需要上学年和本学年两年的学生名册。"))
                continue
            lacking = {school.id: school for back in (0, 1) for school in registers.lacking(registers.facts.year - back)}
            if Fate.VANISHED in definition.counts and registers.lacking():
                why = f"本学年还缺 {len(registers.lacking())} 所学校的学生名册，转到这些学校的学生会被误认为去向不明，收齐后再计算。"
                rates.append(Rate(code, title, None, None, definition.source, why=why))
                continue
            sides = [Side("part", "计入辍学", frozenset(definition.counted(flow))), Side("whole", "上学年初在校", frozenset(flow.base))]
            sides += [Side("joined", "转入等增加(减去)", frozenset(flow.joined))] if definition.less_joined else []
            sides += [Side(fate.value, FATES[fate], frozenset(flow.by_fate[fate.value])) for fate in definition.counts if flow.by_fate[fate.value]]
            rates.append(Rate(code, title, definition.number(flow), len(flow.base), definition.source, tuple(sides), tuple(lacking.values())))
    return tuple(rates)


def _consolidation(registers: Registers) -> tuple[Rate, ...]:
    rates = []
    for code in ("six", "three", "nine"):
        span = registers.span(code)
        one = registers.cohort(code)
        for formula in FORMULAS.values():
            name, title = f"keep_{code}_{formula.code}", f"{span.title}（{formula.title}）"
            words = formula.words.replace("三年前", f"{NUMERALS[span.years]}年前")
            if one is None:
                rates.append(Rate(name, title, None, None, words, why=f"需要 {registers.facts.year - span.years} 年以来连续 {span.years} 年的学生名册。"))
                continue
            kept, base = formula.terms(**{need: one.figures[need] for need in formula.needs})
            kept = min(kept, base) if formula.cap else kept
            sides = (
                Side("part", "毕业", one.graduates), Side("whole", "入学时", one.entrants), Side("rest", "流失", one.lost), Side("joined", "转入", one.joined),
                Side("left", "转出", one.left), Side("gone", "死亡等", one.gone),
            )  # fmt: skip
            lacking = {school.id: school for back in range(1, span.years + 1) for school in registers.lacking(registers.facts.year - back)}
            rates.append(Rate(name, title, int(kept), int(base), words, sides, tuple(lacking.values())))
    return tuple(rates)


def _declared_cohort(facts, parameters: ParameterSet) -> tuple[Rate, ...]:
    """The junior rate from what schools declared (A1): the one the application form is filled from."""
    figures = {code: QUANTITIES[code].tally(facts, parameters).get(COUNTY_KEY) for code in COHORT}
    formula, title = FORMULAS["application_form"], "初中三年巩固率（学校申报数，申报表公式）"
    if None in figures.values():
        return (Rate("keep_declared", title, None, None, formula.words, why="有初中的学校还没有报齐五项数据。"),)
    kept, base = formula.terms(**figures)
    return (Rate("keep_declared", title, int(kept), int(base), formula.words),)


def _disabled(registers: Registers, facts, parameters: ParameterSet) -> tuple[Rate, ...]:
    amounts = {code: QUANTITIES[code].tally(facts, parameters).get(COUNTY_KEY) for code in ("disabled_enrolled", "disabled_children")}
    declared = Rate("disabled_declared", "残疾儿童少年入学率（现行来源）", amounts["disabled_enrolled"], amounts["disabled_children"], "入学的残疾儿童少年数 ÷ 残联名单适龄残疾儿童少年数 × 100",
                    why="" if amounts["disabled_children"] else "还没有县级数据表(残联名单人数)。")  # fmt: skip
    rates = [declared]
    plans = registers.disabled
    placed = frozenset(key for key, (_, placement) in plans.items() if placement in PLACED)
    filed = {ref.school_id for ref in facts.by_ledger.get((PLANS, facts.year), ())}
    lacking = tuple(school for school in facts.schools if school.id not in filed)
    if plans and amounts["disabled_children"]:
        rates.append(Rate("disabled_plans", "残疾儿童少年入学率（一人一案台账）", len(placed), amounts["disabled_children"], "台账中已安置的 ÷ 残联名单人数 × 100",
                          (Side("part", "已安置", placed), Side("rest", "未安置", frozenset(plans) - placed)), lacking, "一人一案台账"))  # fmt: skip
    for kind, title in Disability.choices:
        whole = frozenset(key for key, (one, _) in plans.items() if one == kind)
        if whole:
            part = whole & placed
            rates.append(Rate(f"disabled_{kind}", f"其中：{title}", len(part), len(whole), "台账中已安置的 ÷ 台账所列该类人数 × 100",
                              (Side("part", "已安置", part), Side("whole", "台账所列", whole), Side("rest", "未安置", whole - part)), sensitive=True))  # fmt: skip
    return tuple(rates)


def _poor(registers: Registers) -> tuple[Rate, ...]:
    if not registers.ids(POVERTY) or not registers.ids(ROSTER):
        why = "还没有脱贫户和监测对象子女名单。" if not registers.ids(POVERTY) else "还没有学生名册。"
        return (Rate("poor", "脱贫户(监测对象)子女未在读人数", None, None, "", why=why),)
    whole = frozenset().union(*(group.all for group in registers.poor.values()))
    out = frozenset().union(*(group.out for group in registers.poor.values()))
    sides = (Side("part", "未在读", out), Side("whole", "名单中适龄子女", whole))
    return (Rate("poor", "脱贫户(监测对象)子女未在读比例", len(out), len(whole), "名单中未在读的 ÷ 名单中适龄子女 × 100，应为 0", sides, tuple(registers.lacking())),)


def children_of(county: County, keys: Iterable[str]) -> list[Child | None]:
    """The register's rows of these children, by school and class; None for a child it does not know (any more)."""
    known = children_by_key(county, keys)
    listed = sorted(known.values(), key=lambda child: (child.school.code if child.school else "", child.class_text, child.pk))
    return [*listed, *([None] * (len(set(keys)) - len(known)))]


