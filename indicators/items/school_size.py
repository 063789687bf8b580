"""School size: no school above the limit of its kind, with the dated relief of 2019 for old or migrant schools."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Line, Result, holds, wording
from indicators.items.listing import private_rule, summed
from indicators.rules import code_of
from schools import reliefs
from schools.codes import Stage
from schools.factset import SchoolRef
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class SchoolSize(Item):
    """Pupils of the compulsory stages: `single` for a school of one stage, `combined` for nine- and twelve-year ones.

    The relief (parameter `relief`, in force in its years only) raises both for schools planned and built in `relief_built`
    or before, and for those of which more than `relief_migrant` per cent are migrant children. `built` and `migrants` are
    the quantities that tell; without the first the register's year of building does.
    """

    single: str = ""
    combined: str = ""
    relief_single: str = ""
    relief_combined: str = ""
    relief_built: str = ""
    relief_migrant: str = ""
    relief_clause: str = ""
    built: str = "built_by_2010"
    migrants: str = "migrant_pupils"

    kind: ClassVar[str] = "school_size"

    @property
    def line_unit(self) -> str:
        return "人"

    @property
    def needs(self) -> tuple[str, ...]:
        return ("pupils",)

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        words = {"single": "小学、初中", "combined": "九年一贯制、十二年一贯制学校（义务教育阶段）"}
        for name, who in words.items():
            yield Parameter(code_of(standard, name, self.code), f"{standard.title}：{who}最大规模", "integer",
                            getattr(self, name), self.clause, unit="人")
        yield reliefs.relief(
            self.reliefs(standard)[0], f"{standard.title}：{self.title}过渡性放宽",
            f"放宽时，{self.relief_built} 年及以前规划建设的学校和随迁子女超过 {self.relief_migrant}% 的学校分别为 {self.relief_single} 人和 {self.relief_combined} 人；",
        )
        titles = {"relief_single": "放宽后小学、初中最大规模", "relief_combined": "放宽后一贯制学校最大规模",
                  "relief_built": "可放宽的最晚建校年份", "relief_migrant": "可放宽的随迁子女占比(%，须超过)"}
        for name, title in titles.items():
            yield Parameter(code_of(standard, name, self.code), f"{standard.title}：{title}", "integer",
                            getattr(self, name), self.relief_clause)
        yield private_rule(standard, self, True)

    def reliefs(self, standard: Standard) -> tuple[str, ...]:
        return (code_of(standard, "relief", self.code),)

    def judge(self, sight: Sight) -> Result:
        lines = [self._line(sight, school) for school in sight.schools_for(self.code)]
        lines += [Line(s.name, "这所学校的在校生数还没有报送。", s.code, reason=MISSING) for s in sight.unknown]
        single, combined = sight.rule(self.code, "single"), sight.rule(self.code, "combined")
        requirement = f"小学、初中{wording('<=', Fraction(single), '人')}；一贯制学校{wording('<=', Fraction(combined), '人')}"
        relieved = sum("过渡性放宽" in line.text for line in lines)
        notes = (f"{relieved} 所学校按过渡性放宽的规模判定。",) if relieved else ()
        return summed(self, sight, lines, requirement, "学校", self.needs, notes)

    def _relieved(self, sight: Sight, school: SchoolRef, heads: Fraction) -> str:
        """Why the school may be larger; "" when it may not."""
        if not sight.rule(self.code, "relief", school=school):
            return ""
        by, share = (sight.rule(self.code, name, school=school) for name in ("relief_built", "relief_migrant"))
        told = sight.amount(self.built, (school.id, "")) if sight.known(self.built) else None
        if told or (told is None and school.built_year and school.built_year <= by):
            return f"{by} 年及以前规划建成，按过渡性放宽"
        migrants = sight.amount(self.migrants, (school.id, "")) if sight.known(self.migrants) else None
        return f"随迁子女超过 {share}%，按过渡性放宽" if migrants is not None and migrants * 100 > share * heads else ""

    def _line(self, sight: Sight, school: SchoolRef) -> Line:
        taught = [stage for stage in sight.standard.stages if sight.pupils.get((school.id, stage))]
        name = "combined" if {Stage.PRIMARY.value, Stage.JUNIOR.value} <= set(taught) else "single"
        heads = Fraction(sight.heads(school))
        relieved = self._relieved(sight, school, heads)
        limit = Fraction(sight.rule(self.code, f"relief_{name}" if relieved else name, school=school))
        text = f"在校生 {heads} 人（要求{wording('<=', limit, '人')}{'，' if relieved else ''}{relieved}）。"
        return Line(school.name, text, school.code, "", heads, None, heads, limit,
                    holds("<=", heads, Fraction(1), 1, limit))
