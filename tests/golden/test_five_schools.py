"""The published five-school example, imported as workbooks: the enrolment-weighted coefficient 0.5153 decides.

Source: teaching note 县域义务教育校际均衡指标计算方法 (golden.json, cv-books-5-primary).
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from .pipeline import import_rows, register, snapshot

pytestmark = pytest.mark.django_db(transaction=True)
GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())
EXAMPLE = next(case for case in GOLDEN if case["id"] == "cv-books-5-primary")
HEADER = ["学校(机构)标识码", "学校名称", "小学在校生数", "小学教学班数", "教职工数", "专任教师数", "教学及辅助用房面积", "其中:室内体育用房面积",
          "体育运动场地面积", "教学仪器设备资产值(万元)", "网络多媒体教室", "教学用计算机台数", "图书册数"]  # fmt: skip


@pytest.fixture
def example(tmp_path):
    """The five schools; books and the sports ground both carry the example's raw figures, indoor sports 0."""
    listed = [(f"99990100{n:02d}", f"小学{n}", "211") for n in range(1, 6)]
    register(tmp_path, listed)
    rows = [
        [code, name, s["students"], 2, 5, 5, 300, 0, s["raw"], 12, 2, 9, s["raw"]]
        for (code, name, _), s in zip(listed, EXAMPLE["schools"], strict=True)
    ]  # fmt: skip
    import_rows(tmp_path, "school_profile", HEADER, rows)


def county_figure(answer, code):
    return next(
        c for c in answer["rulesets"]["national"]["county"] if (c["stage"], c["indicator"]) == ("primary", code)
    )


def near(text, value, digits):
    return round(Decimal(text), digits) == Decimal(value)


def test_as_books_the_mean_is_6_33_and_the_coefficient_0_5153_without_a_limit(example):
    found = county_figure(snapshot("basic-2012"), "B5")
    assert near(found["mean"], "6.33", 2)
    assert near(found["cv"], "0.5153", 4)
    assert (found["limit"], found["met"]) == (None, None)


def test_as_sports_area_the_same_figures_fail_the_limit_of_0_50(example):
    found = county_figure(snapshot("quality-2017"), "Q5")
    assert near(found["cv"], "0.5153", 4)
    assert found["limit"] == "0.5"
    assert found["met"] is False


def test_the_unweighted_excel_forms_are_not_what_we_print(example):
    cv = Decimal(county_figure(snapshot("quality-2017"), "Q5")["cv"])
    for wrong in ("wrong_unweighted_population_cv", "wrong_unweighted_sample_cv"):
        assert abs(cv - Decimal(str(EXAMPLE["computed"][wrong]))) > Decimal("0.02")


def test_every_figure_leads_back_to_the_cell_of_the_workbook(example):
    answer = snapshot("basic-2012")
    row = next(r for r in answer["rulesets"]["national"]["schools"] if r["code"] == "9999010003")
    assert (row["indicators"]["B5"]["numerator"], row["indicators"]["B5"]["denominator"]) == ("935", "89")
