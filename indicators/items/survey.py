"""Social recognition 社会认可度: satisfied questionnaires over the valid ones that came back (table Ⅵ)."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from evidence import catalogue
from evidence.quantities import Survey as Row
from indicators.items.item import MISSING, NOT_APPLICABLE, Item, Result, Test, holds, shown, wording
from indicators.rules import code_of
from schools.parameters import Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard


@dataclass(frozen=True)
class Survey(Item):
    """The questionnaire rate of all groups, at least `at_least` per cent; parents and field visits stand beside it."""

    at_least: str = ""

    kind: ClassVar[str] = "survey"
    evidence_kind: ClassVar[str] = catalogue.SURVEY

    @property
    def unit(self) -> str:
        return "%"

    @property
    def wanted(self) -> str:
        return "满意度调查（表Ⅵ）"

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(
            code_of(standard, "threshold", self.code), f"{standard.title}：{self.title}的要求", "fraction", self.at_least,
            self.clause, unit="%",
        )

    def judge(self, sight: Sight) -> Result:
        limit = sight.rule(self.code, "threshold")
        tests = []
        for group, words in catalogue.GROUPS.items():
            row = sight.evidence.survey.get((sight.standard.code, group), Row())
            name = "" if group == "all" else f"（{words}）"
            tests.append(_rate(f"问卷调查满意度{name}", row.satisfied, row.valid, limit, group == "all",
                               ("满意问卷数", "回收有效问卷数", "份")))
            tests.append(_rate(f"实地走访满意度{name}", row.visit_satisfied, row.visited, limit, False,
                               ("满意人数", "实地走访人数", "人")))
        head = tests[0]
        missing = (("attested", self.wanted),) if head.reason == MISSING else ()
        return Result(
            head.met, head.reason, f"{head.title}{wording('>=', limit, '%')}", _sentence(head),
            (head, *(test for test in tests[1:] if test.value is not None)), missing=missing,
        )


def _rate(
    title: str, part: int | None, whole: int | None, limit: Fraction, decides: bool, words: tuple[str, str, str]
) -> Test:
    said = {"title": title, "unit": "%", "per": 100, "comparator": ">=", "limit": limit, "decides": decides,
            "numerator_title": words[0], "denominator_title": words[1], "numerator_unit": words[2]}
    if part is None or whole is None:
        return Test(reason=MISSING, **said)
    top, bottom = Fraction(part), Fraction(whole)
    if not bottom:
        return Test(numerator=top, denominator=bottom, reason=NOT_APPLICABLE, **said)
    met = holds(">=", top, bottom, 100, limit) if decides else None
    return Test(numerator=top, denominator=bottom, value=top * 100 / bottom, met=met, **said)


def _sentence(test: Test) -> str:
    if test.reason == MISSING:
        return "还没有录入满意度调查结果，请录入有效问卷数和满意问卷数。"
    if test.reason == NOT_APPLICABLE:
        return "有效问卷数为 0，满意度无法计算，请核对调查结果。"
    part = f"满意问卷 {shown(test.numerator)} 份，有效问卷 {shown(test.denominator)} 份"
    return f"{part}，满意度 {shown(test.value)}%，{'达到要求' if test.met else '未达到要求'}（{wording('>=', test.limit, '%')}）。"
