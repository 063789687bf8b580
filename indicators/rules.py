"""Every number of a standard as a typed Parameter, made from its declaration, and the one reader the engine uses."""
from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from indicators.arithmetic import decimal34
from indicators.standard import SchoolIndicator, Standard
from schools.codes import Stage
from schools.factset import SchoolRef
from schools.parameters import PARAMETERS, Parameter, ParameterSet, declare

NOT_SET = "0"
STAGE_NAMES = dict(Stage.choices)


def code_of(standard: Standard, name: str, indicator: str = "") -> str:
    """quality-2017.floor_ratio, quality-2017.Q1.threshold."""
    return ".".join(part for part in (standard.code, indicator, name) if part)


def _stages(values: Mapping[str, str]) -> str:
    return ",".join(f"{stage}:{value}" for stage, value in values.items()) or NOT_SET


def declare_parameters(standard: Standard) -> None:
    """Declare each threshold, limit, floor and scope rule of the standard under its code. Called once, at import."""
    title = standard.title
    for item in standard.indicators:
        declare(Parameter(
            code_of(standard, "threshold", item.code), f"{title}：{item.title}的标准", "stage_fractions",
            _stages(item.at_least), item.clause, unit=item.unit, note="填 0 表示不设标准。",
        ))
        if item.slot:
            declare(Parameter(
                code_of(standard, "figure", item.code), f"{title}：省定标准第 {item.code} 项的指标", "choice",
                next(f.code for f in standard.figures if f.numerator == item.numerator and f.denominator == item.denominator),
                item.clause, choices=tuple(f.code for f in standard.figures),
                words=tuple((f.code, f.title) for f in standard.figures),
            ))
        if item.difference_at_most:
            declare(Parameter(
                code_of(standard, "cv_limit", item.code), f"{title}：{item.title}的校际差异系数上限",
                "stage_fractions", _stages(item.difference_at_most), standard.difference_rule.clause,
            ))
    for parameter in _county_parameters(standard):
        declare(parameter)
    for item in standard.items:
        for parameter in item.parameters(standard):
            declare(parameter)


def _county_parameters(standard: Standard) -> list[Parameter]:
    title, school, difference, scope = standard.title, standard.school_rule, standard.difference_rule, standard.scope
    flags = {
        "points_in_scope": ("教学点纳入评估", scope.points), "private_in_scope": ("民办学校纳入评估", scope.private),
        "special_in_scope": ("特殊教育学校纳入评估", scope.special),
        "vocational_in_scope": ("职业学校纳入评估", scope.vocational),
        "other_sponsors_in_scope": ("县级以外举办的学校纳入评估", scope.other_sponsors),
    }
    parameters = [
        Parameter(code_of(standard, "minimum_met"), f"{title}：学校至少达标的指标项数", "integer",
                  str(school.minimum_met), school.clause, unit="项", note="填 0 表示设了标准的各项全部达到。" if not school.minimum_met else ""),
        Parameter(code_of(standard, "floor_ratio"), f"{title}：余项不低于标准的比例", "fraction",
                  school.floor_ratio, school.clause, share=True),
        Parameter(code_of(standard, "point_minimum_pupils"), f"{title}：教学点纳入评估的最少学生数", "integer",
                  str(scope.point_minimum_pupils), scope.clause, unit="人"),
        *(Parameter(code_of(standard, name), f"{title}：{words}", "boolean", str(value).lower(), scope.clause)
          for name, (words, value) in flags.items()),
        *(Parameter(code_of(standard, f"split_weight_{stage}"), f"{title}：{STAGE_NAMES[stage]}拆分权重", "fraction",
                    weight, standard.split_clause) for stage, weight in standard.split_weights.items()),
    ]
    if difference.at_most:
        parameters.append(Parameter(
            code_of(standard, "composite_limit"), f"{title}：综合差异系数上限", "stage_fractions",
            _stages(difference.at_most), difference.clause,
        ))
    return parameters


def effective(standard: Standard, parameters: ParameterSet) -> tuple[SchoolIndicator, ...]:
    """The indicators listed under these rules: a slot only where a place has set its threshold, as the figure it chose."""
    return tuple(
        standard.figure(parameters.get(code_of(standard, "figure", item.code))).as_slot(item.code, item.clause) if item.slot else item
        for item in standard.indicators if not item.slot or _is_set(parameters, code_of(standard, "threshold", item.code))
    )


def _is_set(parameters: ParameterSet, code: str) -> bool:
    return any(any(setting.value.values()) for setting in parameters.settings.get(code, ()))


class Rules:
    """The values of one standard under one ParameterSet; each is parsed once (a county asks thousands of times)."""

    def __init__(self, standard: Standard, parameters: ParameterSet):
        self.standard = standard
        self.parameters = parameters
        self._known: dict[tuple, Any] = {}
        self._by_school = {
            code for code, settings in parameters.settings.items() if any(s.scope != "all" for s in settings)
        }

    def get(self, name: str, indicator: str = "", stage: str | None = None, school: SchoolRef | None = None) -> Any:
        """The value in force; None for a threshold that is not set (0)."""
        code = code_of(self.standard, name, indicator)
        key = (code, stage, school.id if school is not None and code in self._by_school else None)
        if key not in self._known:
            self._known[key] = self.parameters.get(code, stage, school)
        return self._known[key]

    def threshold(self, indicator: str, stage: str, school: SchoolRef) -> Fraction | None:
        """What the school must reach in that stage; None when nobody sets it."""
        return self.get("threshold", indicator, stage, school) or None

    def weights(self) -> dict[str, Fraction]:
        """Split weight of each stage."""
        return {stage: self.get(f"split_weight_{stage}") for stage in self.standard.split_weights}


def in_force(standard: Standard, parameters: ParameterSet, used: set[str]) -> dict[str, Any]:
    """The county-wide values of the standard's parameters and of those its quantities asked, as text for a snapshot."""
    own = f"{standard.code}."
    codes = sorted({code for code in PARAMETERS if code.startswith(own)} | used)
    return {code: _text(parameters.get(code)) for code in codes}


def _text(value: Any) -> Any:
    match value:
        case dict():
            return {stage: _text(each) for stage, each in value.items()}
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return decimal34(value)
        case tuple():
            return ",".join(value)
    return str(value)
