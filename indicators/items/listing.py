"""Every school meets a bound; those that do not are listed by name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from indicators.items.item import MISSING, NOT_APPLICABLE, Item, Line, Result, Test, holds, shown, wording
from indicators.rules import code_of
from schools.codes import Stage
from schools.factset import SchoolRef
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

STAGE_NAMES = dict(Stage.choices)
EVERY, SMALL = "every", "small"


def private_rule(standard: Standard, item: Item, default: bool) -> Parameter:
    """Whether an item that asks every school asks the private ones too."""
    return Parameter(
        code_of(standard, "private_in_scope", item.code), f"{standard.title}：{item.title}含民办学校", "boolean",
        str(default).lower(), item.clause,
    )


def verdict_of(lines: list[Line]) -> tuple[bool | None, str | None]:
    """One offender fails the item; one unknown leaves it open; no school asked: it does not apply."""
    if any(line.met is False for line in lines):
        return False, None
    if any(line.reason == MISSING for line in lines):
        return None, MISSING
    if any(line.met for line in lines):
        return True, None
    return None, NOT_APPLICABLE


def summed(
    item: Item, sight: Sight, lines: list[Line], requirement: str, noun: str, codes: tuple[str, ...],
    notes: tuple[str, ...] = (),
) -> Result:
    """The result of a listing: offenders and unknown schools first, with how many of how many meet the bound."""
    met, reason = verdict_of(lines)
    asked = [line for line in lines if line.reason != NOT_APPLICABLE]
    bad = [line for line in asked if line.met is False]
    unknown = [line for line in asked if line.reason == MISSING]
    good = sum(line.met is True for line in asked)
    known = len(asked) > len(unknown)  # while no school is known, none of them is no figure: missing is not zero
    test = Test(
        f"达到要求的{noun}", Fraction(good) if known else None, Fraction(len(asked)), Fraction(good * 100, len(asked)) if known else None,
        "%", 100, ">=", Fraction(100), met, reason, numerator_title=f"达到要求的{noun}", denominator_title=f"全部{noun}",
        numerator_unit="所",
    )
    detail = _sentence(bad, unknown, len(asked), noun)
    missing = sight.lacking(*codes) if unknown else ()
    # Schools that meet the bound need no sentence: their figure and the bound say it, and a county has hundreds.
    order = [*bad, *unknown, *(replace(line, text="") for line in asked if line.met is True)]
    return Result(met, reason, requirement, detail, (test,), tuple(order), missing=missing, notes=notes)


def _sentence(bad: list[Line], unknown: list[Line], asked: int, noun: str) -> str:
    if not asked:
        return f"没有需要判定的{noun}，不适用。"
    words = []
    if bad:
        named = "、".join(dict.fromkeys(line.title for line in bad[:5]))
        words.append(f"{len(bad)} 所未达到要求：{named}{'等' if len(bad) > 5 else ''}。")
    if unknown:
        named = "、".join(dict.fromkeys(line.title for line in unknown[:5]))
        words.append(f"{len(unknown)} 所还缺数据：{named}{'等' if len(unknown) > 5 else ''}。")
    return "".join(words) or f"{asked} 所{noun}全部达到要求。"


@dataclass(frozen=True)
class Listing(Item):
    """`numerator` (x per / `denominator`) of every school against `limit`, or `limits` per stage.

    With `denominator` "" the figure itself is compared. `limit_rule`: the bound is that parameter of the room that owns
    the fact (a plain share, shown x per), so a place sets it once; `only_asked`: 0 there means that nobody asks it. `only` "small": only schools with fewer pupils than the
    parameter `small_rule`. A stage the school does not teach asks nothing.
    """

    numerator: str = ""
    denominator: str = ""
    comparator: str = "<="
    limit: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)
    per: int = 1
    figure_unit: str = ""
    figure: str = ""
    only: str = EVERY
    limit_rule: str = ""
    small_rule: str = ""
    private: bool = True
    only_asked: bool = False

    kind: ClassVar[str] = "listing"

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(code for code in (self.numerator, self.denominator) if code)

    @property
    def unit(self) -> str:
        return "%"

    @property
    def line_unit(self) -> str:
        return self.figure_unit

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(code for code in (self.limit_rule, self.small_rule) if code)

    def asked(self, sight: Sight) -> bool:
        return not self.only_asked or bool(sight.common(self.limit_rule))

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        by_stage = ",".join(f"{stage}:{value}" for stage, value in self.limits.items())
        if not self.limit_rule:
            yield Parameter(
                code_of(standard, "threshold", self.code), f"{standard.title}：{self.title}的要求",
                "stage_fractions" if by_stage else "fraction", by_stage or self.limit, self.clause, unit=self.figure_unit,
            )
        yield private_rule(standard, self, self.private)

    def judge(self, sight: Sight) -> Result:
        schools = [s for s in sight.schools_for(self.code) if self._asked(sight, s)]
        lines = [line for school in schools for line in self._lines(sight, school)]
        lines += [Line(s.name, "这所学校的在校生数还没有报送。", s.code, reason=MISSING) for s in sight.unknown]
        return summed(self, sight, lines, self._requirement(sight), "规模较小学校" if self.only == SMALL else "学校",
                      self.needs)

    def _asked(self, sight: Sight, school: SchoolRef) -> bool:
        return self.only != SMALL or sight.heads(school) < sight.common(self.small_rule, school=school)

    def _lines(self, sight: Sight, school: SchoolRef) -> Iterator[Line]:
        if sight.tallies.quantities[self.numerator].by == "school":
            yield self._line(sight, school, "")
            return
        for stage in sight.standard.stages:
            if sight.pupils.get((school.id, stage)):
                yield self._line(sight, school, stage)

    def _line(self, sight: Sight, school: SchoolRef, stage: str) -> Line:
        limit = self._limit(sight, stage or None, school)
        key = (school.id, stage)
        numerator = sight.amount(self.numerator, key)
        denominator = sight.amount(self.denominator, key) if self.denominator else Fraction(1)
        where = f"{STAGE_NAMES[stage]}" if stage else ""
        if numerator is None or denominator is None:
            lacking = self.numerator if numerator is None else self.denominator
            text = f"{where}还缺{sight.title(lacking)}。"
            return Line(school.name, text, school.code, stage, limit=limit, reason=MISSING)
        if not denominator:
            text = f"{where}{sight.title(self.denominator)}为 0，不适用。"
            return Line(school.name, text, school.code, stage, numerator, denominator, None, limit, None, NOT_APPLICABLE)
        met = holds(self.comparator, numerator, denominator, self.per, limit)
        value = numerator * self.per / denominator
        text = f"{where}{self.figure}{shown(value, 2)}{self.figure_unit}（要求{wording(self.comparator, limit, self.figure_unit)}）。"
        return Line(school.name, text, school.code, stage, numerator, denominator, value, limit, met)

    def _limit(self, sight: Sight, stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The bound in the figure's unit; per stage where no stage is named."""
        if not self.limit_rule:
            return sight.rule(self.code, "threshold", stage, school)
        bound = sight.common(self.limit_rule, stage, school)
        if isinstance(bound, dict):
            return {name: Fraction(value) * self.per for name, value in bound.items()}
        return Fraction(bound) * self.per

    def _requirement(self, sight: Sight) -> str:
        limit = self._limit(sight)
        if not isinstance(limit, dict):
            return f"每所{self.figure}{wording(self.comparator, limit, self.figure_unit)}"
        return "；".join(
            f"{STAGE_NAMES[stage]}{self.figure}{wording(self.comparator, limit[stage], self.figure_unit)}"
            for stage in sight.standard.stages
        )
