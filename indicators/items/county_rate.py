"""Rates of the county: one or several, each numerator against denominator, over the county or stage by stage."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import (
    MISSING,
    NOT_APPLICABLE,
    Item,
    Line,
    Result,
    Test,
    combined,
    holds,
    shown,
    with_entry,
    wording,
)
from indicators.rules import code_of
from schools.codes import Stage
from schools.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

STAGE_NAMES = dict(Stage.choices)


@dataclass(frozen=True)
class Base:
    """Another denominator in use somewhere: `title` names the rate over it."""

    code: str
    title: str
    denominator: tuple[str, ...]


@dataclass(frozen=True)
class Rate:
    """The sum of `numerator` quantities x per / the sum of `denominator` ones, against `limit` by `comparator`.

    County quantities as they are; those by school or stage summed over the standard's schools. `limits` per stage
    instead of one: judged stage by stage. `partial`: only some schools have the figure at all (those with a
    denominator). Without a limit the rate is shown and asks nothing. `limit_rule`: the bound is that parameter of the
    room that owns the fact (a plain share; 0 = nobody asks). `base_rule`: the parameter that chooses one of `bases`.
    """

    name: str
    title: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    comparator: str = ">="
    limit: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)
    per: int = 100
    unit: str = "%"
    partial: bool = False
    places: int = 1
    limit_rule: str = ""
    bases: tuple[Base, ...] = ()
    base_rule: str = ""

    @property
    def decides(self) -> bool:
        return bool(self.limit or self.limits or self.limit_rule)

    @property
    def codes(self) -> tuple[str, ...]:
        return (*self.numerator, *self.denominator)

    def chosen(self, sight: Sight) -> Rate:
        """The same over the denominator in force here."""
        base = sight.common(self.base_rule) if self.base_rule in PARAMETERS else ""
        found = next((one for one in self.bases if one.code == base and sight.known(*one.denominator)), None)
        return replace(self, title=found.title, denominator=found.denominator) if found else self


@dataclass(frozen=True)
class CountyRate(Item):
    """All rates of the item must hold; `attest` names what must be attested beside them ("" for nothing)."""

    rates: tuple[Rate, ...] = ()
    attest: str = ""

    kind: ClassVar[str] = "county_rate"

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for rate in self.rates if not rate.limit_rule for code in rate.codes))

    @property
    def shows(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for rate in self.rates for code in rate.codes))

    @property
    def rules(self) -> tuple[str, ...]:
        named = (code for rate in self.rates for code in (rate.limit_rule, rate.base_rule))
        return tuple(dict.fromkeys(code for code in named if code in PARAMETERS))

    def asked(self, sight: Sight) -> bool:
        """One whose every bound is a local rule is asked only where a rule sets one."""
        return any(not rate.limit_rule or _common_limit(sight, rate) for rate in self.rates)

    @property
    def unit(self) -> str:
        return self.rates[0].unit

    @property
    def wanted(self) -> str:
        return self.attest

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        for rate in self.rates:
            if rate.decides and not rate.limit_rule:
                by_stage = ",".join(f"{stage}:{value}" for stage, value in rate.limits.items())
                yield Parameter(
                    code_of(standard, rate.name, self.code), f"{standard.title}：{rate.title}的要求",
                    "stage_fractions" if by_stage else "fraction", by_stage or rate.limit, self.clause, unit=rate.unit,
                )

    def judge(self, sight: Sight) -> Result:
        tests, lines, missing = [], [], []
        for rate in (rate.chosen(sight) for rate in self.rates):
            if rate.limit_rule and not _common_limit(sight, rate):
                continue
            for stages, stage in _stages(sight, rate):
                test, lacking = _test(sight, self, rate, stages, stage)
                tests.append(test)
                if test.decides:
                    lines += [*lacking, *_by_school(sight, rate, stages, test.limit)]
                if test.decides or not missing:
                    missing += _missing(sight, rate, stages) if test.reason == MISSING else []
        met, reason = combined(tests)
        result = Result(
            met, reason, _requirement(tests), "".join(_sentence(test) for test in tests), tuple(tests),
            _ordered(lines), missing=tuple(missing),
        )
        return with_entry(result, sight, self) if self.attest else result


def beside(sight: Sight, item: Item, rates: Sequence[Rate]) -> tuple[Test, ...]:
    """Rates that stand beside an item judged otherwise and demand nothing: those this installation counts and knows today."""
    known = [rate for rate in rates if all(code in sight.tallies.quantities for code in rate.codes)]
    tests = [_test(sight, item, rate, sight.standard.stages, "")[0] for rate in known]
    return tuple(test for test in tests if test.reason != MISSING)


def beside_in_words(tests: Sequence[Test]) -> str:
    """The same as sentences after the item's own."""
    return "".join(_sentence(test) for test in tests)


def _common_limit(sight: Sight, rate: Rate) -> Fraction | None:
    """The bound another room's parameter sets, in the rate's unit; None where nobody sets one."""
    known = rate.limit_rule in PARAMETERS and all(code in sight.tallies.quantities for code in rate.codes)
    return Fraction(sight.common(rate.limit_rule)) * rate.per or None if known else None


def _stages(sight: Sight, rate: Rate) -> list[tuple[Sequence[str], str]]:
    if rate.limits:
        return [((stage,), stage) for stage in sight.standard.stages]
    return [(sight.standard.stages, "")]


def _test(
    sight: Sight, item: Item, rate: Rate, stages: Sequence[str], stage: str
) -> tuple[Test, list[Line]]:
    if rate.limit_rule:
        limit = _common_limit(sight, rate)
    else:
        limit = sight.rule(item.code, rate.name, stage or None) if rate.decides else None
    title = f"{STAGE_NAMES[stage]}{rate.title}" if stage else rate.title
    numerator, lacking = _sum(sight, rate.numerator, stages, rate)
    denominator, more = _sum(sight, rate.denominator, stages, rate)
    value = met = reason = None
    if numerator is None or denominator is None:
        reason = MISSING
    elif not denominator:
        reason = NOT_APPLICABLE
    else:
        value = numerator * rate.per / denominator
        met = None if limit is None else holds(rate.comparator, numerator, denominator, rate.per, limit)
    test = Test(
        title, numerator, denominator, value, rate.unit, rate.per, rate.comparator, limit, met, reason, stage,
        rate.decides, _titles(sight, rate.numerator), _titles(sight, rate.denominator),
        sight.unit(rate.numerator[0]), rate.places,
    )
    return test, [Line(s.name, "这所学校还缺这项数据。", s.code, stage, reason=MISSING) for s in (*lacking, *more)]


def _ordered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Each line once: what is missing first, then the schools below the bound."""
    return tuple(sorted(dict.fromkeys(lines), key=lambda line: (line.reason != MISSING, line.met is not False)))


def _by_school(sight: Sight, rate: Rate, stages: Sequence[str], limit: Fraction | None) -> Iterator[Line]:
    """Numerator and denominator of every school behind a rate that schools' figures make; below the bound with words."""
    quantities = sight.tallies.quantities
    kinds = {quantities[code].by for code in rate.codes}
    if len(kinds) != 1 or "county" in kinds:
        return
    for school, key in sight.asked_keys("stage" in kinds, stages):
        top, bottom = (_all(sight, codes, key) for codes in (rate.numerator, rate.denominator))
        if top is None or not bottom:
            continue
        met = None if limit is None else holds(rate.comparator, top, bottom, rate.per, limit)
        words = f"{_titles(sight, rate.numerator)} {shown(top)}，{_titles(sight, rate.denominator)} {shown(bottom)}。"
        text = words if met is False else ""
        yield Line(school.name, text, school.code, key[1], top, bottom, top * rate.per / bottom, limit, met)


def _all(sight: Sight, codes: Sequence[str], key: tuple[int, str]) -> Fraction | None:
    amounts = [sight.amount(code, key) for code in codes]
    return None if None in amounts else sum(amounts, Fraction(0))


def _sum(sight: Sight, codes: Sequence[str], stages: Sequence[str], rate: Rate) -> tuple[Fraction | None, list]:
    total, lacking = Fraction(0), []
    for code in codes:
        if sight.tallies.quantities[code].by == "county":
            amount, more = sight.county_amount(code), []
        elif rate.partial:
            amount, more = _partial(sight, code, rate, stages), []
        else:
            amount, more = sight.sum_of(code, stages)
        lacking += more
        total = None if amount is None or total is None else total + amount
    return total, lacking


def _partial(sight: Sight, code: str, rate: Rate, stages: Sequence[str]) -> Fraction | None:
    """The sum over the schools that have a denominator; missing when none has, or one lacks this figure."""
    keys = [key for key in sight.tallies.of(rate.denominator[0]) if key[1] in stages]
    amounts = [sight.amount(code, key) for key in keys]
    return None if not amounts or None in amounts else sum(amounts, Fraction(0))


def _missing(sight: Sight, rate: Rate, stages: Sequence[str]) -> list[tuple[str, str]]:
    return [
        entry for code in rate.codes if _sum(sight, (code,), stages, rate)[0] is None for entry in sight.lacking(code)
    ]


def _titles(sight: Sight, codes: Sequence[str]) -> str:
    return "、".join(sight.title(code) for code in codes)


def _requirement(tests: Sequence[Test]) -> str:
    return "；".join(
        f"{test.title}{wording(test.comparator, test.limit, test.unit)}" for test in tests if test.limit is not None
    )


def _sentence(test: Test) -> str:
    if test.reason == MISSING:
        return f"{test.title}还缺数据，暂不能判定。"
    if test.reason == NOT_APPLICABLE:
        return f"{test.title}的分母（{test.denominator_title}）为 0，不适用。"
    sum_ = f"{shown(test.numerator, 2)}÷{shown(test.denominator, 2)}"
    text = f"{test.title}{shown(test.value, test.places)}{test.unit}（{sum_}）"
    if test.limit is None:
        return f"{text}。"
    want = wording(test.comparator, test.limit, test.unit)
    return f"{text}，{'达到要求' if test.met else '未达到要求'}（{want}）。"
