"""Early warning of dropout: explainable rules, each a frozen declaration; pure, so that anybody can check a flag by hand.

A rule fires or not, cites its evidence in words, and adds its weight. Weights, limits and the threshold are Parameters:
data of the county. No law sets them; the defaults were tried on a made-up cohort (tests/care/test_warning_cohort.py).
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schools.codes import COMPULSORY, GRADE_NAMES, stage_of_grade
from schools.parameters import PRIMARY_YEARS, Parameter, ParameterSet, declare
from schools.periods import census_day, current_school_year

from .groups import GROUP_WORDS, GROUPS, MEANINGS, open_titles
from .models import Group

SOURCE = "国办发〔2017〕72号：重点群体和异常情形的动态监测；分值由地方确定"


def _limit(code: str, title: str, default: str, *, kind: str = "integer", unit: str = "", note: str = "") -> Parameter:
    return declare(Parameter(f"warning.{code}", title, kind, default, SOURCE, unit=unit, note=note))


THRESHOLD = _limit("threshold", "预警分值线", "30", unit="分", note="各项规则分值之和达到此数即预警。")
WINDOW = _limit("window", "缺勤统计的最近上课日数", "20", unit="天")
UNEXPLAINED = _limit("unexplained.days", "无故缺勤天数达到", "1", unit="天")
REPEATED = _limit("repeated.days", "反复无故缺勤天数达到", "2", unit="天")
ABSENT = _limit("absent.days", "缺勤（含请假）天数达到", "5", unit="天")
OVER_AGE = _limit("over_age.years", "超过本年级正常年龄达到", "2", unit="岁", note="正常年龄按9月1日满6周岁入一年级推算。")
SUSPENSIONS = _limit("suspended.times", "休学、缓学次数达到", "2", unit="次")
DISTANCE = _limit("distance.metres", "走读学生上下学距离达到", "primary:3000,junior:5000", kind="stage_integers", unit="米")
POOR_GROUPS = declare(Parameter(
    "warning.poor.groups", "家庭困难规则的适用类别", "choices", "poor,watched,minimum", SOURCE, choices=GROUPS, words=GROUP_WORDS,
    note="填写类别名称，用顿号或逗号分隔。",
))  # fmt: skip
CHECK_DAYS = _limit("check_days", "预警核查期限", "5", unit="上课日", note="预警后须在此期限内核查或立案。")
QUIET_DAYS = _limit("quiet_days", "核查后不再重复预警的天数", "60", unit="天", note="期间出现新的情形仍会预警。")


@dataclass(frozen=True)
class ChildFacts:
    """What is known of one child on the day. Tags are (group, definition, basis); absences count within the window."""

    grade: int | None = None
    birth: dt.date | None = None
    is_day_pupil: bool = True
    distance: int | None = None
    tags: tuple[tuple[str, str, str], ...] = ()
    unexplained: int = 0
    absent: int = 0
    suspensions: int = 0
    siblings_out: tuple[str, ...] = ()
    earlier_cases: tuple[str, ...] = ()

    def has(self, *groups: str) -> bool:
        return any(group in groups for group, _, _ in self.tags)


@dataclass(frozen=True)
class Limits:
    """The county's settings on a day, resolved once for all its children."""

    on: dt.date
    threshold: int
    window: int
    unexplained: int
    repeated: int
    absent: int
    over_age: int
    suspensions: int
    distance: Mapping[str, int]
    poor: frozenset[str]
    check_days: int
    quiet_days: int
    primary_years: int
    weights: Mapping[str, int]

    @staticmethod
    def of(parameters: ParameterSet, on: dt.date) -> Limits:
        get = parameters.get
        plain = (get(one.code) for one in (THRESHOLD, WINDOW, UNEXPLAINED, REPEATED, ABSENT, OVER_AGE, SUSPENSIONS))
        return Limits(
            on, *plain, get(DISTANCE.code), frozenset(get(POOR_GROUPS.code)), get(CHECK_DAYS.code), get(QUIET_DAYS.code), get(PRIMARY_YEARS.code),
            {rule.code: get(rule.weight.code) for rule in RULES.values()},
        )  # fmt: skip


# Each `cite` gives the evidence in words, "" when the rule does not fire.

def _cite_unexplained(facts: ChildFacts, limits: Limits) -> str:
    if facts.unexplained < limits.unexplained:
        return ""
    return f"最近 {limits.window} 个上课日内无故缺勤 {facts.unexplained} 天"


def _cite_repeated(facts: ChildFacts, limits: Limits) -> str:
    return "" if facts.unexplained < limits.repeated else f"最近 {limits.window} 个上课日内反复无故缺勤，共 {facts.unexplained} 天"


def _cite_absent(facts: ChildFacts, limits: Limits) -> str:
    return "" if facts.absent < limits.absent else f"最近 {limits.window} 个上课日内共缺勤 {facts.absent} 天（含请假）"


def _cite_over_age(facts: ChildFacts, limits: Limits) -> str:
    if facts.grade is None or facts.birth is None:
        return ""
    day = census_day(current_school_year(limits.on))
    age = day.year - facts.birth.year - ((day.month, day.day) < (facts.birth.month, facts.birth.day))
    over = age - (facts.grade + 5)
    if over < limits.over_age:
        return ""
    return f"{day:%Y年}9月1日满 {age} 周岁，就读{GRADE_NAMES.get(facts.grade, f'{facts.grade}年级')}，超出正常年龄 {over} 岁"


def _cite_suspended(facts: ChildFacts, limits: Limits) -> str:
    return "" if facts.suspensions < limits.suspensions else f"已休学、缓学 {facts.suspensions} 次"


def _cite_guardian(facts: ChildFacts, limits: Limits) -> str:
    held = [(definition, basis) for group, definition, basis in facts.tags if group == Group.LEFT_BEHIND]
    words = [MEANINGS.get(definition, MEANINGS["register"]).partition("：")[0] + (f"（{basis}）" if basis else "") for definition, basis in held]
    return f"留守：{'；'.join(words)}" if words else ""


def _cite_unsupported(facts: ChildFacts, limits: Limits) -> str:
    return _titles(facts, {Group.ORPHAN.value, Group.UNSUPPORTED.value})


def _cite_sibling(facts: ChildFacts, limits: Limits) -> str:
    if not facts.siblings_out:
        return ""
    return f"同一监护人的其他子女曾经或正在辍学：{'、'.join(sorted(facts.siblings_out))}"


def _cite_poor(facts: ChildFacts, limits: Limits) -> str:
    return _titles(facts, limits.poor)


def _cite_disabled(facts: ChildFacts, limits: Limits) -> str:
    return _titles(facts, {Group.DISABLED.value})


def _cite_learning(facts: ChildFacts, limits: Limits) -> str:
    return "学校登记为学习困难学生" if facts.has(Group.LEARNING) else ""


def _cite_distance(facts: ChildFacts, limits: Limits) -> str:
    if facts.distance is None or facts.grade is None or not facts.is_day_pupil:
        return ""
    stage = stage_of_grade(facts.grade, limits.primary_years)
    limit = limits.distance.get(stage) if stage in COMPULSORY else None
    return f"走读，上下学距离 {facts.distance} 米" if limit is not None and facts.distance >= limit else ""


def _cite_earlier(facts: ChildFacts, limits: Limits) -> str:
    return f"曾经辍学并销号：{'、'.join(sorted(facts.earlier_cases))}" if facts.earlier_cases else ""


def _titles(facts: ChildFacts, groups: frozenset[str] | set[str]) -> str:
    held = [(group, definition, basis) for group, definition, basis in facts.tags if group in groups]
    titles = "、".join(open_titles((group, definition) for group, definition, _ in held))
    basis = "；".join(dict.fromkeys(basis for _, _, basis in held if basis))
    return f"{titles}（{basis}）" if basis else titles


@dataclass(frozen=True)
class Rule:
    """One reason for concern. A `private` rule is named only on the child's own page, to those who care for it."""

    code: str
    title: str
    source: str
    weight: Parameter
    cite: Callable[[ChildFacts, Limits], str]
    private: bool = False


def _rule(code: str, title: str, source: str, weight: int, cite: Callable[[ChildFacts, Limits], str], *, private: bool = False) -> Rule:
    return Rule(code, title, source, _limit(f"{code}.weight", f"预警规则“{title}”的分值", str(weight), unit="分", note="填 0 表示不用这条规则。"), cite, private)


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        _rule("unexplained", "无故缺勤", "点名登记的缺勤", 25, _cite_unexplained),
        _rule("repeated", "反复无故缺勤", "点名登记的缺勤", 20, _cite_repeated),
        _rule("absent", "频繁缺勤", "点名登记的缺勤", 20, _cite_absent),
        _rule("earlier", "曾经辍学", "控辍案件", 30, _cite_earlier),
        _rule("sibling", "同胞辍学", "学生名册的监护人和控辍案件", 25, _cite_sibling),
        _rule("over_age", "大龄", "学生名册的出生日期和年级", 20, _cite_over_age),
        _rule("suspended", "多次休学", "学籍状态和控辍案件", 20, _cite_suspended),
        _rule("learning", "学习困难", "关爱台账", 15, _cite_learning, private=True),
        _rule("guardian", "监护人外出", "关爱台账和学生名册", 15, _cite_guardian),
        _rule("unsupported", "孤儿或事实无人抚养", "关爱台账和学生名册", 15, _cite_unsupported),
        _rule("poor", "家庭困难", "关爱台账", 15, _cite_poor),
        _rule("disabled", "残疾", "一人一案和学生名册", 15, _cite_disabled),
        _rule("distance", "上学路远", "学生名册的上下学距离", 10, _cite_distance),
    )
}


@dataclass(frozen=True)
class Fired:
    """One rule that fired: what it adds and the evidence it cites."""

    rule: Rule
    weight: int
    evidence: str

    def as_json(self) -> dict:
        """As a Flag keeps it: the words of the day, so that later changes do not rewrite history."""
        return {"code": self.rule.code, "title": self.rule.title, "weight": self.weight, "evidence": self.evidence}


@dataclass(frozen=True)
class Judgement:
    """The sum and its reasons, heaviest first."""

    score: int
    fired: tuple[Fired, ...]

    def is_flagged(self, limits: Limits) -> bool:
        return bool(self.fired) and self.score >= limits.threshold


def judge(facts: ChildFacts, limits: Limits) -> Judgement:
    """All rules over one child. A rule of weight 0 is off."""
    fired = []
    for rule in RULES.values():
        weight = limits.weights[rule.code]
        evidence = rule.cite(facts, limits) if weight else ""
        if evidence:
            fired.append(Fired(rule, weight, evidence))
    fired.sort(key=lambda one: -one.weight)
    return Judgement(sum(one.weight for one in fired), tuple(fired))
