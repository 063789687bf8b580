"""The rules of warning one by one, each on and just short of its line; and that no rule lies about its evidence."""
import datetime as dt
from dataclasses import replace

import pytest

from dropout.warning import RULES, ChildFacts, Limits, judge
from schools.parameters import NATIONAL

ON = dt.date(2026, 11, 25)
LIMITS = Limits.of(NATIONAL, ON)
CALM = ChildFacts(grade=3, birth=dt.date(2018, 3, 1), distance=800)

FIRE = [
    ("unexplained", {"unexplained": 1}, {"unexplained": 0}, "无故缺勤 1 天"),
    ("repeated", {"unexplained": 2}, {"unexplained": 1}, "共 2 天"),
    ("absent", {"absent": 5}, {"absent": 4}, "共缺勤 5 天"),
    ("over_age", {"birth": dt.date(2016, 9, 1)}, {"birth": dt.date(2016, 9, 2)}, "满 10 周岁"),
    ("suspended", {"suspensions": 2}, {"suspensions": 1}, "2 次"),
    ("guardian", {"tags": (("left_behind", "register", "双亲外出"),)}, {"tags": ()}, "学籍口径（双亲外出）"),
    ("guardian", {"tags": (("left_behind", "civil", ""),)}, {"tags": ()}, "民政口径"),
    ("unsupported", {"tags": (("unsupported", "", ""),)}, {"tags": (("migrant", "", ""),)}, "事实无人抚养"),
    ("sibling", {"siblings_out": ("案件 2026-0003",)}, {"siblings_out": ()}, "案件 2026-0003"),
    ("poor", {"tags": (("watched", "", "乡振办名单"),)}, {"tags": (("migrant", "", ""),)}, "监测对象（乡振办名单）"),
    ("disabled", {"tags": (("disabled", "", ""),)}, {"tags": ()}, "残疾"),
    ("learning", {"tags": (("learning", "", ""),)}, {"tags": ()}, "学习困难"),
    ("distance", {"distance": 3000}, {"distance": 2999}, "3000 米"),
    ("distance", {"grade": 7, "distance": 5000}, {"grade": 7, "distance": 4999}, "5000 米"),
    ("earlier", {"earlier_cases": ("2025-0007",)}, {"earlier_cases": ()}, "2025-0007"),
]


def fired(facts: ChildFacts, limits: Limits = LIMITS) -> dict[str, str]:
    return {one.rule.code: one.evidence for one in judge(facts, limits).fired}


@pytest.mark.parametrize("code, fires, not_quite, words", FIRE, ids=[f"{f[0]}-{n}" for n, f in enumerate(FIRE)])
def test_a_rule_fires_on_its_line_and_not_short_of_it(code, fires, not_quite, words):
    assert words in fired(replace(CALM, **fires))[code]
    assert code not in fired(replace(CALM, **not_quite))


def test_every_rule_is_tried_above():
    assert {code for code, *_ in FIRE} == set(RULES)


def test_a_child_without_anything_is_never_flagged_even_at_a_line_of_nothing():
    assert fired(CALM) == {} and not judge(CALM, replace(LIMITS, threshold=0)).is_flagged(LIMITS)


def test_boarders_do_not_walk_and_unknown_facts_are_no_evidence():
    assert "distance" not in fired(replace(CALM, distance=9000, is_day_pupil=False))
    assert fired(ChildFacts()) == {}


def test_only_learning_difficulty_is_kept_from_lists():
    assert [code for code, rule in RULES.items() if rule.private] == ["learning"]


def test_a_county_may_set_weights_line_and_limits():
    facts = replace(CALM, unexplained=1)
    assert judge(facts, replace(LIMITS, weights={**LIMITS.weights, "unexplained": 60})).score == 60
    assert judge(facts, replace(LIMITS, weights={**LIMITS.weights, "unexplained": 0})).fired == ()
    assert judge(facts, replace(LIMITS, threshold=25)).is_flagged(replace(LIMITS, threshold=25))
