"""The lines of the school indicators under two rulesets: told where they differ, silent where they do not."""
from office import resource
from office.results import Results


def body(limit: str, met: bool, threshold: str, passes: bool, composite: str = "0.65") -> dict:
    cell = {"threshold": threshold, "met": passes}
    return {
        "schools": [{"stage": "primary", "counted": 1, "indicators": {"Q1": cell}}],
        "county": [{"stage": "primary", "indicator": "Q1", "cv": "0.42", "limit": limit, "met": met, "complete": True}],
        "composite": [{"stage": "primary", "value": "0.61", "limit": composite, "met": composite == "0.65"}],
        "stages": [{"stage": "primary", "schools": 1, "passing": int(passes), "failing": int(not passes), "undecided": 0}],
    }  # fmt: skip


def both(local: dict) -> tuple[Results, Results]:
    payload = {"indicators": [{"code": "Q1", "title": "高学历教师", "clause": "文件"}], "rulesets": {"national": body("0.5", True, "4.2", True), "local": local}}
    return Results(payload, "national"), Results(payload, "local")


def test_nothing_is_said_beside_where_both_rules_say_the_same():
    here, there = both(body("0.5", True, "4.2", True))
    assert resource.beside(here, there, "primary", "Q1") == resource.composite_beside(here, there, "primary") == resource.schools_beside(here, there, "primary") == ""


def test_another_limit_another_threshold_and_another_composite_stand_beside():
    here, there = both(body("0.4", False, "5", False, composite="0.6"))
    assert resource.beside(here, there, "primary", "Q1") == "达标学校 0/1 所，不大于 0.4，未达标"
    assert resource.composite_beside(here, there, "primary") == "0.610，不大于 0.6，未达标"
    assert resource.schools_beside(here, there, "primary") == "0/1 所达到，1 所未达到，0 所还不能判定"


def test_the_workbook_has_a_line_a_stage_with_both_rules():
    coefficient, composite, schools = resource.workbook_rows(both(body("0.4", False, "5", False)), "资源配置")
    assert coefficient == ["Q1", "资源配置", "高学历教师：小学校际差异系数", "", "0.42", "不大于 0.5", "达标", "达标学校 1/1 所", "0.42", "不大于 0.4", "未达标", "达标学校 0/1 所", "文件"]
    assert composite[4:8] == ["0.61", "不大于 0.65", "达标", "综合差异系数 0.610"] and schools[6] == "达标" and schools[10] == "未达标"
