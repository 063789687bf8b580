"""Local rules: typed, dated, scoped; the longest prefix wins and the national result never sees them."""

import datetime as dt
import re
from fractions import Fraction

import pytest

from schools import parameters
from schools.factset import schools_on
from schools.models import LocalRule
from schools.parameters import BadValue, Parameter, parse, resolve
from schools.rules import BadRule, set_local_rule, withdraw_local_rule
from tests.factories import OPERATOR, SchoolFactory, make_cast

DAY = dt.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    table = dict(parameters.PARAMETERS)
    monkeypatch.setattr(parameters, "PARAMETERS", table)
    monkeypatch.setattr("schools.rules.PARAMETERS", table)
    return parameters.declare(
        Parameter("test.limit", "限值", "stage_fractions", "primary:0.50,junior:0.45", "测试条款")
    )


@pytest.mark.parametrize("type_, text", [
    ("fraction", "abc"), ("fraction", "-1"), ("integer", "1.5"), ("boolean", "maybe"), ("choice", "c"),
    ("stage_fractions", "senior:1"), ("fraction", "1/0"), ("fraction", ""),
])  # fmt: skip
def test_a_value_of_another_type_is_refused(type_, text):
    with pytest.raises(BadValue):
        parse(Parameter("x", "x", type_, "", "", choices=("a", "b")), text)


def test_stage_values_are_exact():
    assert parse(Parameter("x", "x", "stage_fractions", "", ""), "primary:0.45,junior:0.40") == {
        "primary": Fraction(9, 20), "junior": Fraction(2, 5)}  # fmt: skip


@pytest.mark.django_db
class TestResolving:
    def rule(self, **fields):
        fields = {"jurisdiction": "999901", "parameter": "test.limit", "value": "primary:0.40", "document": "县〔2026〕1号",
                  "valid_from": dt.date(2026, 1, 1), **fields}  # fmt: skip
        return LocalRule.objects.create(**fields)

    def test_a_rule_sets_only_the_stage_it_names(self):
        self.rule()
        found = resolve("999901", DAY)
        assert found.get("test.limit", "primary") == Fraction(2, 5)
        assert found.get("test.limit", "junior") == Fraction(9, 20)

    def test_the_longest_prefix_wins(self):
        self.rule(jurisdiction="99", value="primary:0.30,junior:0.30")
        self.rule(jurisdiction="9999", value="primary:0.35")
        found = resolve("999901", DAY)
        assert found.get("test.limit", "primary") == Fraction(7, 20)
        assert found.get("test.limit", "junior") == Fraction(3, 10)

    def test_the_next_county_is_not_touched(self):
        self.rule()
        assert resolve("999902", DAY).is_national

    def test_a_rule_holds_on_its_first_and_last_day_and_not_after(self):
        self.rule(valid_from=DAY, valid_to=DAY)
        assert not resolve("999901", DAY).is_national
        assert resolve("999901", DAY + dt.timedelta(days=1)).is_national
        assert resolve("999901", DAY - dt.timedelta(days=1)).is_national

    def test_national_ignores_demands_but_keeps_the_school_system(self):
        self.rule()
        self.rule(parameter="primary_years", value="5")
        national = resolve("999901", DAY).national()
        assert national.get("test.limit", "primary") == Fraction(1, 2)
        assert national.get("primary_years") == 5

    def test_a_rule_for_rural_schools_leaves_the_others(self):
        cast = make_cast()
        SchoolFactory(county=cast.county, code="9999010009", area_code="220")
        self.rule(scope="rural")
        by_code = {s.code: s for s in schools_on(cast.county, DAY)}
        found = resolve("999901", DAY)
        assert found.get("test.limit", "primary", by_code["9999010009"]) == Fraction(2, 5)
        assert found.get("test.limit", "primary", by_code["9999010001"]) == Fraction(1, 2)

    def test_setting_twice_is_one_rule_and_withdrawing_ends_it(self):
        cast = make_cast()
        order = {
            "parameter": "test.limit",
            "value": "0.4",
            "document": "县〔2026〕1号",
            "valid_from": dt.date(2026, 1, 1),
            "by": OPERATOR,
        }
        first, second = (set_local_rule(cast.county, **order) for _ in range(2))
        assert first.pk == second.pk
        cast.county.refresh_from_db()
        assert cast.county.data_version == 1
        withdraw_local_rule(cast.county, first, by=OPERATOR)
        assert resolve("999901", DAY).is_national

    @pytest.mark.parametrize("change", [
        {"parameter": "none"}, {"value": "many"}, {"document": " "}, {"scope": "9999990000"}, {"valid_to": dt.date(2025, 1, 1)},
    ])  # fmt: skip
    def test_a_rule_without_footing_is_refused_in_a_sentence(self, change):
        cast = make_cast()
        order = {
            "parameter": "test.limit",
            "value": "0.4",
            "document": "县〔2026〕1号",
            "valid_from": dt.date(2026, 1, 1),
            "by": OPERATOR,
        }
        with pytest.raises(BadRule, match="。$"):
            set_local_rule(cast.county, **{**order, **change})
        assert not LocalRule.objects.exists()


def test_it_reads_and_shows_values_in_words():
    assert parameters.coded("小学:0.45，初中：0.40") == "primary:0.45,junior:0.40"
    assert parameters.coded("乡村") == "rural" and parameters.coded("9999010001,9999010002") == "9999010001,9999010002"
    assert parameters.worded("primary:0.45,junior:0.40") == "小学 0.45、初中 0.40"
    assert parameters.worded("true") == "是" and parameters.worded("all") == "全部" and parameters.worded("6") == "6"


def test_choices_are_read_and_shown_by_their_names():
    pick = parameters.Parameter("test.pick", "x", "choice", "a", "c", choices=("a", "b"), words=(("a", "甲法"), ("b", "乙法")))
    several = parameters.Parameter("test.several", "x", "choices", "", "c", choices=("a", "b"), words=pick.words)
    assert pick.worded("b") == "乙法" and pick.coded("乙法") == pick.coded("b") == "b"
    assert several.coded("甲法、乙法") == "a,b" and several.worded("a,b") == "甲法、乙法"
    assert parameters.parse(several, "a, b") == ("a", "b") and parameters.parse(several, "") == ()
    with pytest.raises(parameters.BadValue, match="“丙法”不在可选范围内，请填写：甲法、乙法。"):
        parameters.parse(pick, "丙法")


def test_every_choice_of_the_portal_can_be_written_as_it_is_shown():
    for parameter in parameters.PARAMETERS.values():
        for code in parameter.choices:
            assert parameter.coded(parameter.worded(code)) == code, parameter.code
            assert not parameter.worded(code).isascii(), f"{parameter.code} shows a code"


def test_a_share_is_read_aloud_as_per_cent_too_and_back():
    share = Parameter("a", "比例", "fraction", "0", "条款", share=True)
    assert [share.worded(text) for text in ("0.15", "1", "1/3", "0", "")] == ["0.15（15%）", "1（100%）", "1/3", "0", ""]
    assert share.coded("0.15（15%）") == "0.15"


@pytest.mark.parametrize(("code", "text"), [("primary_years", "9"), ("primary_years", "0"), ("quality-2017.G3.classes_a_room", "0"), ("quality-2017.C3.years", "1000000000"), ("basic-2012.T1.years", "99"), ("small_school_floor", "1e99999999")])
def test_a_value_no_computation_could_live_with_is_not_taken(code, text):
    with pytest.raises(BadValue, match="请"):
        parameters.accept(parameters.PARAMETERS[code], text)


def test_grades_and_years_are_written_in_words():
    by_grade = Parameter("test.grades", "x", "grade_integers", "", "c")
    by_year = Parameter("test.years", "x", "year_integers", "", "c")
    assert by_grade.worded("1:40,7:45") == "一年级 40、七年级 45" and by_grade.coded("一年级 40、7：45") == "1:40,7:45"
    assert by_year.worded("2025:12,2026:4") == "2025学年 12、2026学年 4" and by_year.coded("2025学年 12、2026年:4") == "2025:12,2026:4"


def test_every_national_value_is_shown_in_words_and_read_back_as_shown():
    for parameter in parameters.PARAMETERS.values():
        for text in (parameter.default, *(one.value for one in parameter.dated)):
            shown = parameter.worded(text)
            assert parse(parameter, parameter.coded(shown)) == parse(parameter, text), parameter.code
            assert not re.search("[a-z]{2}", shown), f"{parameter.code} shows {shown}"
