"""Class size: no class above the limit of its stage (or grade); every class above it is listed by name."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Line, Result
from indicators.items.listing import STAGE_NAMES, private_rule, summed
from schools.class_sizes import list_classes
from schools.codes import GRADE_NAMES
from schools.factset import SchoolRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicators.items.sight import Sight
    from indicators.standard import Standard
    from schools.parameters import Parameter


@dataclass(frozen=True)
class ClassSize(Item):
    """No school has a class over its limit. The limits are the room's that owns classes (parameter `limit_rule`)."""

    over: str = "classes_over"
    ledger: str = "classes"
    limit_rule: str = "class_size_limit"

    kind: ClassVar[str] = "class_size"

    @property
    def line_unit(self) -> str:
        return "个超过上限的班"

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.over,)

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.limit_rule,)

    @property
    def unit(self) -> str:
        return "%"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield private_rule(standard, self, True)

    def judge(self, sight: Sight) -> Result:
        lines, offenders = [], []
        for school in sight.schools_for(self.code):
            for stage in sight.standard.stages:
                if sight.pupils.get((school.id, stage)):
                    line = self._line(sight, school, stage)
                    lines.append(line)
                    if line.met is False:
                        offenders.append(school)
        lines += [Line(s.name, "这所学校的在校生数还没有报送。", s.code, reason=MISSING) for s in sight.unknown]
        named = self._named(sight, offenders)
        lines = [named.get((line.school, line.stage), line) for line in lines]
        limits = sight.common(self.limit_rule)
        requirement = "；".join(f"{STAGE_NAMES[stage]}每班不超过 {limits[stage]} 人" for stage in sight.standard.stages)
        return summed(self, sight, lines, requirement, "学校", self.needs)

    def _line(self, sight: Sight, school: SchoolRef, stage: str) -> Line:
        over = sight.amount(self.over, (school.id, stage))
        where = STAGE_NAMES[stage]
        if over is None:
            return Line(school.name, f"{where}还缺{sight.title(self.over)}。", school.code, stage, reason=MISSING)
        text = f"{where}有 {over} 个班超过上限。" if over else f"{where}没有超过上限的班级。"
        return Line(school.name, text, school.code, stage, over, None, over, Fraction(0), not over)

    def _named(self, sight: Sight, schools: list[SchoolRef]) -> dict[tuple[str, str], Line]:
        """The lines of offenders with their classes by name, where classes are known by name."""
        held = sight.facts.held
        ids = [held[self.ledger, school.id] for school in schools if (self.ledger, school.id) in held]
        found: dict[tuple[str, str], list[str]] = {}
        refs: dict[str, SchoolRef] = {}
        for one in list_classes(sight.facts, sight.tallies.parameters, ids):
            if one.over:
                refs[one.school.code] = one.school
                grade = GRADE_NAMES.get(one.grade, f"{one.grade}年级")
                name = one.name if one.name.startswith(grade) else f"{grade}{one.name}"
                found.setdefault((one.school.code, one.stage), []).append(f"{name} {one.pupils} 人（上限 {one.limit} 人）")
        return {
            (code, stage): Line(
                refs[code].name, f"{STAGE_NAMES[stage]}有 {len(names)} 个班超过上限：{'、'.join(names)}。", code, stage,
                Fraction(len(names)), None, Fraction(len(names)), Fraction(0), False,
            )
            for (code, stage), names in found.items()
        }
