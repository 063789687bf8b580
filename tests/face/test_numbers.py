"""Figures as people see them: rounded half up once, with a unit, never a silent 0."""

from decimal import Decimal

from django.template import Context, Template

from schools.charts import BarList, BarRow, Plot, Series, nice_top, ticks
from schools.numbers import flips_when_rounded, group_thousands, half_up_text, plain_text


def render(source, **context):
    return Template("{% load face %}" + source).render(Context(context))


def test_it_rounds_half_up_on_all_34_digits():
    assert half_up_text("4.505", 2) == "4.51"
    assert half_up_text("0.4994999999999999999999999999999999", 3) == "0.499"
    assert half_up_text("-0.004", 2) == "0.00"
    assert half_up_text("123456789012345678901234567890.125", 2) == "123456789012345678901234567890.13"


def test_it_shows_a_dash_for_no_value_and_never_zero():
    assert half_up_text(None) == half_up_text("") == plain_text(None) == "—"
    assert render("{{ v|decimal:2 }}", v=None) == "—"
    assert render("{{ v|decimal:2 }}", v="0") == "0.00"


def test_it_writes_a_threshold_as_the_document_does():
    assert (plain_text("4.20"), plain_text("2000"), plain_text("0.765")) == ("4.2", "2000", "0.765")
    assert group_thousands("1234567.50") == "1,234,567.50"


def test_it_flags_a_verdict_that_rounding_would_flip():
    assert flips_when_rounded("4.196", "4.2", False, 2)
    assert not flips_when_rounded("4.19", "4.2", False, 2)
    assert flips_when_rounded("0.5004", "0.50", False, 3, at_most=True)
    assert "4.196" in render("{% rounding_note cell 2 %}", cell={"value": "4.196", "threshold": "4.2", "met": False})


def test_a_mark_says_the_verdict_in_sign_and_word():
    assert "✓" in render("{{ v|mark }}", v=True) and "达标" in render("{{ v|mark }}", v=True)
    assert "✗" in render("{{ v|mark }}", v=False) and "未达标" in render("{{ v|mark:'sign' }}", v=False)
    assert "✓" not in render("{{ v|mark }}", v=None)


def test_a_margin_knows_both_directions_and_never_says_zero():
    assert render("{{ c|margin }}", c={"value": "4.5", "threshold": "4.2"}) == "高出 0.30"
    assert render("{{ c|margin }}", c={"value": "4.1999", "threshold": "4.2"}) == "还差不足 0.01"
    assert render("{{ c|margin:3 }}", c={"cv": "0.5153", "limit": "0.50"}) == "超出 0.015"
    assert render("{{ c|margin }}", c={"value": "4.20", "threshold": "4.2"}) == "恰好等于标准"
    assert render("{{ c|margin }}", c={"value": None, "threshold": "4.2"}) == "—"


def test_a_cell_between_floor_and_threshold_is_told_apart():
    assert (
        render("{{ c|cell_class }}", c={"value": "4", "threshold": "4.2", "floor": "3.57", "met": False}) == "cell-near"
    )
    assert (
        render("{{ c|cell_class }}", c={"value": "3", "threshold": "4.2", "floor": "3.57", "met": False}) == "cell-fail"
    )


def test_charts_carry_no_inline_style_and_name_every_figure():
    drawn = render(
        "{% bars '差异系数' rows '限值' %}{% lines '历年' years series '' '0.5' %}{% bar_with_threshold '3' '4' '人' '3.4' met %}{% shares '份额' parts %}",
        rows=[{"label": "甲<b>", "value": "0.515", "limit": "0.5", "met": False}],
        years=["2024", "2025"],
        series=[("小学", ["0.5", None])],
        met=False,
        parts=[("甲", "0.7"), ("乙", "0.3")],
    )
    assert "style" not in drawn and "<b>" not in drawn
    assert "✗ 0.515" in drawn and "<title>" in drawn and "70.0%" in drawn


def test_a_missing_year_breaks_the_line():
    plot = Plot("", ["1", "2", "3"], [Series("甲", ["1", None, "2"])])
    assert len(plot.drawn[0]["paths"]) == 2 and len(plot.drawn[0]["points"]) == 2


def test_an_axis_ends_on_a_plain_figure_at_or_above_the_highest_value():
    for highest in ("0.5153", "7", "28120", "0.0049", "10", "1"):
        assert nice_top(Decimal(highest)) >= Decimal(highest)
    assert BarList("", [BarRow("甲", None)]).rows[0].shown == "—"


def test_labels_of_two_lines_never_meet():
    plot = Plot("", ["1", "2"], [Series("甲", ["1", "2"]), Series("乙", ["1.01", "1"])])
    first, second = (line["points"] for line in plot.drawn)
    assert first[0]["beside"] > first[0]["y"] and second[0]["beside"] < second[0]["y"]
    assert first[1]["beside"] < first[1]["y"] and second[1]["beside"] > second[1]["y"]


def test_an_axis_counts_in_plain_steps_and_never_in_parts_of_a_class():
    assert [text for _, text in ticks(Decimal("0.6"))] == ["0", "0.2", "0.4", "0.6"]
    assert [text for _, text in ticks(Decimal(3), whole=True)] == ["0", "1", "2", "3"]
    assert [text for _, text in Plot("", ["1"], [Series("甲", ["1"])], places=0).axis] == ["0", "1"]


def test_no_label_stands_among_the_names_below_the_axis():
    plot = Plot("", ["1", "2"], [Series("计划", ["3", "0"]), Series("实际", ["0", "0"])], places=0)
    points = [point for line in plot.drawn for point in line["points"]]
    assert all(point["beside"] is None or point["beside"] < plot.bottom for point in points)
    assert sum(point["beside"] is None for point in points) == 1, "two noughts at one place are one label"
