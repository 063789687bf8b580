"""Conditions to apply 申报条件: judged beside the standard, they move no verdict of it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from indicators.items.item import MISSING, NOT_APPLICABLE, Item, Line, Result, Test, combined, shown, wording
from indicators.rules import code_of
from schools.codes import Stage
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

STAGE_NAMES = dict(Stage.choices)


@dataclass(frozen=True)
class RecognisedSince(Item):
    """The county was recognised under the standard `of` at least `years` years ago (attested past years)."""

    of: str = ""
    years: str = ""

    kind: ClassVar[str] = "recognised_since"
    evidence_kind: ClassVar[str] = catalogue.PAST

    @property
    def wanted(self) -> str:
        return f"历年认定（{self.of}）"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "years", self.code), f"{standard.title}：{self.title}须满年数", "integer", self.years,
                        self.clause, unit="年")

    def judge(self, sight: Sight) -> Result:
        years = sight.rule(self.code, "years")
        requirement = f"通过认定满 {years} 年"
        held = sorted(year for (standard, year), past in sight.evidence.past.items()
                      if standard == self.of and past.recognised)
        if not held:
            return Result(None, MISSING, requirement, "还没有录入通过认定的年份。", missing=(("attested", self.wanted),))
        passed = sight.facts.year - held[0]
        met = passed >= years
        return Result(met, None, requirement, f"{held[0]} 年通过认定，到 {sight.facts.year} 年满 {passed} 年。")


@dataclass(frozen=True)
class CompositeBefore(Item):
    """In each of the `years` years before, the composite of the standard `of` was within `limits` (attested past years)."""

    of: str = ""
    years: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)

    kind: ClassVar[str] = "composite_before"
    evidence_kind: ClassVar[str] = catalogue.PAST

    @property
    def wanted(self) -> str:
        return f"历年综合差异系数（{self.of}）"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "years", self.code), f"{standard.title}：{self.title}的年数", "integer", self.years,
                        self.clause, unit="年", least="1", most="10")
        yield Parameter(code_of(standard, "composite_limit", self.code), f"{standard.title}：{self.title}的上限",
                        "stage_fractions", ",".join(f"{s}:{v}" for s, v in self.limits.items()), self.clause)

    def judge(self, sight: Sight) -> Result:
        tests, lines, missing = [], [], []
        for year in range(sight.facts.year - sight.rule(self.code, "years"), sight.facts.year):
            past = sight.evidence.past.get((self.of, year))
            for stage in sight.standard.stages:
                limit = sight.rule(self.code, "composite_limit", stage)
                value = past.composite.get(stage) if past else None
                title = f"{year}年{STAGE_NAMES[stage]}综合差异系数"
                said = {"comparator": "<=", "limit": limit, "stage": stage, "places": 3}
                if value is None:
                    tests.append(Test(title, reason=MISSING, **said))
                    lines.append(Line(title, "还没有录入。", stage=stage, reason=MISSING))
                    missing.append(("attested", title))
                    continue
                met = value <= limit
                tests.append(Test(title, value=value, met=met, **said))
                lines.append(Line(title, f"{shown(value, 3)}（要求{wording('<=', limit, '')}）。", stage=stage, value=value,
                                  limit=limit, met=met))
        met, reason = combined(tests)
        limits = "、".join(f"{STAGE_NAMES[s]}不超过 {shown(sight.rule(self.code, 'composite_limit', s), 3)}"
                          for s in sight.standard.stages)
        bad = "".join(f"{line.title}：{line.text}" for line in lines if not line.met)
        return Result(met, reason, f"前 {sight.rule(self.code, 'years')} 年{limits}", bad or "各年均在上限之内。",
                      tuple(tests), tuple(lines), missing=tuple(missing))


@dataclass(frozen=True)
class DifferencesHold(Item):
    """The standard's own coefficients of difference are already within their limits."""

    kind: ClassVar[str] = "differences"

    @property
    def needs(self) -> tuple[str, ...]:
        return ("pupils",)

    def judge(self, sight: Sight) -> Result:
        found = [d for d in sight.evaluation.differences if d.limit is not None and d.reason != NOT_APPLICABLE]
        requirement = "各项指标的校际差异系数都在限值以内"
        if any(d.met is False or (d.reason and d.reason != MISSING) for d in found):
            bad = [f"{STAGE_NAMES[d.stage]}{d.indicator.short}" for d in found if d.met is not True]
            return Result(False, None, requirement, f"{len(bad)} 项高于限值或不能计算：{'、'.join(bad[:6])}{'等' if len(bad) > 6 else ''}。")
        if not found or any(d.met is None for d in found):
            return Result(None, MISSING, requirement, "有学校的数据还没有收齐，差异系数为暂算值。",
                          missing=sight.lacking("pupils"))
        return Result(True, None, requirement, f"{len(found)} 项差异系数全部在限值以内。")


@dataclass(frozen=True)
class SameAs(Item):
    """The condition is another item of the standard (judged before it): its verdict counts here too."""

    other: str = ""

    kind: ClassVar[str] = "same_as"

    @property
    def needs(self) -> tuple[str, ...]:
        return ()

    def judge(self, sight: Sight) -> Result:
        found = sight.results.get(self.other)
        if found is None:
            return Result(None, MISSING, f"见 {self.other}", f"{self.other} 还没有数据。", missing=(("attested", self.other),))
        return Result(found.met, found.reason, found.requirement, f"同 {self.other}：{found.detail}", missing=found.missing)


@dataclass(frozen=True)
class SchoolStandard(Item):
    """Every school reaches the provincial running standard: computed where a place sets thresholds, else attested."""

    requirement: str = ""

    kind: ClassVar[str] = "school_standard"

    @property
    def wanted(self) -> str:
        return self.requirement

    def judge(self, sight: Sight) -> Result:
        judged = [row for row in sight.evaluation.rows if row.verdict.counted]
        if not judged:
            return self._by_word(sight)
        lines = [
            Line(row.row.school.name, "" if row.verdict.passes else f"未达标：{'、'.join(row.verdict.misses) or '缺数据'}。",
                 row.row.school.code, row.row.stage, met=row.verdict.passes, reason=MISSING if row.verdict.passes is None else None)
            for row in judged
        ]
        lines.sort(key=lambda line: (line.met is not False, line.met is True))
        bad = sum(line.met is False for line in lines)
        if bad:
            return Result(False, None, self.requirement, f"{bad} 所未达到本省办学基本标准。", lines=tuple(lines))
        if any(line.met is None for line in lines):
            return Result(None, MISSING, self.requirement, "有学校的数据还没有收齐。", lines=tuple(lines),
                          missing=sight.lacking("pupils"))
        return Result(True, None, self.requirement, f"{len(lines)} 所全部达到本省办学基本标准。", lines=tuple(lines))

    def _by_word(self, sight: Sight) -> Result:
        entry = sight.attested(self.code)
        if entry is None:
            return Result(None, MISSING, self.requirement, "本省指标没有设为地方规则，也还没有认定；请设定规则或录入认定。",
                          missing=(("attested", self.requirement),))
        return Result(entry.met, None, self.requirement, entry.conclusion, entry=entry)


