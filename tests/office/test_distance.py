"""Distances in the units people count in, exact at the line."""

from fractions import Fraction

import pytest

from office.distance import distance


def cell(numerator, denominator, threshold, per="1"):
    return {"numerator": numerator, "denominator": denominator, "threshold": threshold, "per": per, "value": "1"}


def test_it_says_how_many_teachers_are_wanted():
    assert distance(cell("5", "644", "0.9", "100"), "名体育、艺术教师").text == "还差 1 名体育、艺术教师"


@pytest.mark.parametrize("had", [0, 3, 17, 41])
def test_adding_what_it_says_reaches_the_bar_and_one_less_does_not(had):
    d = distance(cell(str(had), "1000", "4.2", "100"), "名教师")
    assert Fraction(had + d.need) * 100 / 1000 >= Fraction("4.2") > Fraction(had + d.need - 1) * 100 / 1000


def test_areas_are_counted_to_the_hundredth():
    assert distance(cell("4373.50", "1000", "4.5"), "㎡教学用房").text == "还差 126.50 ㎡教学用房"
    assert distance(cell("4499.991", "1000", "4.5"), "㎡").text == "还差 0.01 ㎡"


def test_a_school_exactly_on_the_bar_has_no_spare():
    d = distance(cell("42", "1000", "4.2", "100"), "名教师")
    assert d.met and d.text == "恰好等于标准"
    assert distance(cell("42.4", "1000", "4.2", "100"), "名教师").text == "高出不足 1 名教师"


def test_a_spare_is_rounded_down():
    assert distance(cell("43.9", "1000", "4.2", "100"), "名教师").text == "高出 1 名教师"


def test_money_over_ten_thousand_is_said_in_wan_rounded_up():
    assert distance(cell("0", "1000", "2000"), "元仪器设备").text == "还差 200.00 万元仪器设备"
    assert distance(cell("1987654", "1000", "2000"), "元仪器设备").text == "还差 1.24 万元仪器设备"


def test_a_missing_figure_has_no_distance():
    assert distance({**cell(None, "10", "4.2"), "value": None}, "名") is None
    assert distance(cell("1", "10", None), "名") is None
