"""School size: no school above the limit of its kind, with the dated relief of 2019 for old or migrant schools."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Line, Result, holds, wording
from indicators.items.listing import private_rule, summed
from indicators.rules import code_of
from schools.codes import Stage
from schools.factset import SchoolRef
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class SchoolSize(Item):
    """Pupils of the compulsory stages: `single` for a school of one stage, `combined` for nine- and twelve-year ones.

    The relief (parameter `relief`, off by default) raises both for schools planned and built in `relief_built` or before.
    """

    single: str = ""
    combined: str = ""
    relief_single: str = ""
    relief_combined: str = ""
    relief_built: str = ""
    relief_clause: str = ""

    kind: ClassVar[str] = "school_size"

    @property
    def needs(self) -> tuple[str, ...]:
        return ("pupils",)

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        words = {"single": "小学、初中", "combined": "九年一贯制、十二年一贯制学校（义务教育阶段）"}
        for name, who in words.items():
            yield Parameter(code_of(standard, name, self.code), f"{standard.title}：{who}最大规模", "integer",
                            getattr(self, name), self.clause, unit="人")
        yield Parameter(
            code_of(standard, "relief", self.code), f"{standard.title}：{self.title}过渡性放宽", "boolean", "false",
            self.relief_clause, note=f"放宽时，{self.relief_built} 年及以前规划建设的学校分别为 {self.relief_single} 人和 {self.relief_combined} 人；"
            "2022年后是否延续未见文件，默认从严不用，需要时按有效期设为地方规则。",
        )
        for name in ("relief_single", "relief_combined", "relief_built"):
            title = {"relief_single": "放宽后小学、初中最大规模", "relief_combined": "放宽后一贯制学校最大规模",
                     "relief_built": "可放宽的最晚建校年份"}[name]
            yield Parameter(code_of(standard, name, self.code), f"{standard.title}：{title}", "integer",
                            getattr(self, name), self.relief_clause)
        yield private_rule(standard, self, True)

    def judge(self, sight: Sight) -> Result:
        lines = [self._line(sight, school) for school in sight.schools_for(self.code)]
        lines += [Line(s.name, "这所学校的在校生数还没有报送。", s.code, reason=MISSING) for s in sight.unknown]
        single, combined = sight.rule(self.code, "single"), sight.rule(self.code, "combined")
        requirement = f"小学、初中{wording('<=', Fraction(single), '人')}；一贯制学校{wording('<=', Fraction(combined), '人')}"
        relieved = any(self._relieved(sight, school) for school in sight.schools)
        notes = (f"有学校按过渡性放宽判定（{self.relief_clause}）。",) if relieved else ()
        return summed(self, sight, lines, requirement, "学校", self.needs, notes)

    def _relieved(self, sight: Sight, school: SchoolRef) -> bool:
        return bool(
            sight.rule(self.code, "relief", school=school) and school.built_year
            and school.built_year <= sight.rule(self.code, "relief_built", school=school)
        )

    def _line(self, sight: Sight, school: SchoolRef) -> Line:
        taught = [stage for stage in sight.standard.stages if sight.pupils.get((school.id, stage))]
        name = "combined" if {Stage.PRIMARY.value, Stage.JUNIOR.value} <= set(taught) else "single"
        relieved = self._relieved(sight, school)
        limit = Fraction(sight.rule(self.code, f"relief_{name}" if relieved else name, school=school))
        heads = Fraction(sight.heads(school))
        text = f"在校生 {heads} 人（要求{wording('<=', limit, '人')}{'，按过渡性放宽' if relieved else ''}）。"
        return Line(school.name, text, school.code, "", heads, None, heads, limit,
                    holds("<=", heads, Fraction(1), 1, limit))
