"""Teachers and posts, goals, plans, years and the cells behind an item: what the pages say and to whom."""
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from indicators import snapshots
from schools.flow_chart import Flows
from schools.goals import goals_of
from schools.models import LocalRule
from schools.packs import PACKS
from schools.rules import apply_pack, set_local_rule
from tests.factories import OPERATOR, make_person, sign_in
from tests.fields.conftest import YEAR, a_teacher
from tests.fields.conftest import facts as made_facts

pytestmark = pytest.mark.django_db
facts = made_facts


@pytest.fixture
def lead(client, facts):
    sign_in(client, make_person("lead", "county_lead", "999901"))
    return client


@pytest.fixture
def staffed(facts):
    """A village school with two free posts, a contract teacher, an unpaid allowance and nobody for PE."""
    facts.put("classes", "schools.SchoolClass", *({"grade": g, "name": f"{g}班", "pupils": 40} for g in range(1, 7)), school=facts.village)
    facts.put("school_profile", "schools.Profile", {"approved_posts": 4}, school=facts.village)
    facts.put("teachers", "teachers.Teacher", a_teacher("v1", subject="chinese", recruited="special", rural_years=3, allowance_standard=30_000, allowance_paid=30_000,
                                                        registration="passed", degree="bachelor", title_rank="middle"),
              a_teacher("v2", subject="maths", recruited="open", rural_years=12, allowance_standard=30_000, allowance_paid=29_999, registration="none"),
              a_teacher("v3", staffing="contract", recruited="", rural_years=None, allowance_standard=0), school=facts.village)  # fmt: skip
    facts.put("county_numbers", "schools.CountyNumbers", {"teacher_pay": 99_999_00, "civil_servant_pay": 100_000_00, "posts_approved": 100})
    return facts


def page(client, name, **query):
    answer = client.get(reverse(name, args=["999901"]), {"year": YEAR, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_teachers_names_vacancies_beside_off_quota_staff_shortages_and_what_is_not_paid(lead, staffed):
    text = page(lead, "office:staff")
    for words in ("空编 2 人，编外 1 人", "有编不补", "体育 1", "实发不足", "每月应发 600.00 元，实发 599.99 元", "1 名教师实发不足", "特岗计划", "10 年及以上", "有效注册 1/3 人"):
        assert words in text, words
    assert "100.0%" in text and "未达标" in text, "pay one yuan short is a miss although it prints as 100.0 per cent"


def test_persons_who_are_paid_too_little_are_listed_only_for_those_who_may_see_persons(client, staffed):
    sign_in(client, make_person("lead", "county_lead", "999901"))
    assert "实发不足的教师" in page(client, "office:staff")
    sign_in(client, make_person("inspector", "inspector", "999901"))
    text = page(client, "office:staff")
    assert "实发不足的教师" not in text and "1 名教师实发不足" in text


def test_the_workbook_of_teachers_lists_the_schools(lead, staffed):
    answer = lead.get(reverse("office:staff", args=["999901"]), {"year": YEAR, "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    row = next(row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == "王庄小学")
    assert row[2:9] == (13, 4, 2, 2, 0, 1, 4) and row[9:] == (600, 599.99)


def test_a_place_that_tops_up_village_pay_counts_half_more(lead, staffed):
    set_local_rule(staffed.county, parameter="village_top_up", value="0.5", document="文件", valid_from=dt.date(2020, 1, 1), by=OPERATOR)
    assert "每月应发 900.00 元" in page(lead, "office:staff", ruleset="local") and "每月应发 600.00 元" in page(lead, "office:staff")


def test_plans_against_large_classes_stand_beside_the_fact(lead, facts):
    facts.put("classes", "schools.SchoolClass", {"grade": 1, "name": "a", "pupils": 56}, {"grade": 2, "name": "b", "pupils": 66}, school=facts.town)
    assert "还没有设定消除大班额的年度计划" in page(lead, "office:classes")
    set_local_rule(facts.county, parameter="large_class_plan", value=f"{YEAR}:1,{YEAR + 1}:0", document="专项规划", valid_from=dt.date(2020, 1, 1), by=OPERATOR)
    text = page(lead, "office:classes")
    assert "消除计划：大班额班级数" in text and "专项规划" in text and "还没有数据" in text
    assert "大班额（含超大班额） 2 个，占 2 个班的 100.00%" in text and "超大班额 1 个" in text


def test_goals_are_set_in_the_browser_and_shown_as_a_pipeline(lead, facts):
    where = reverse("office:goal-save", args=["999901"])
    for said in ({"stage": "basic", "target_year": 2015, "reached_year": 2014}, {"stage": "quality", "target_year": 2020, "township": "城关镇"}):
        assert lead.post(where, said).status_code == 302
    text = page(lead, "office:goals")
    assert "已实现" in text and "2014 年" in text and "逾期" in text
    assert lead.post(where, {"stage": "quality", "target_year": 2010}).status_code == 422, "before the stage it follows"
    assert lead.post(where, {"stage": "quality", "target_year": 2020, "township": "别处"}).status_code == 422
    assert lead.post(where, {"stage": "basic", "target_year": 2015, "remove": "1"}).status_code == 302
    assert [goal.stage for goal in goals_of(facts.county)] == ["quality"]


def test_an_inspector_sees_the_goals_and_sets_none(client, facts):
    sign_in(client, make_person("inspector", "inspector", "999901"))
    assert "goals/save" not in page(client, "office:goals")
    assert client.post(reverse("office:goal-save", args=["999901"]), {"stage": "basic", "target_year": 2015}).status_code == 403


def test_a_pack_is_switched_on_and_off_as_a_whole(lead, facts):
    on, off = (reverse(name, args=["999901", "taizhou-2017"]) for name in ("schools:rule-pack", "schools:rule-pack-end"))
    assert "已启用" not in lead.get(reverse("schools:rules", args=["999901"])).content.decode()
    lead.post(on)
    held = LocalRule.objects.filter(jurisdiction="999901", withdrawn_at__isnull=True)
    assert held.count() == len(PACKS["taizhou-2017"].rules)
    assert "已启用" in lead.get(reverse("schools:rules", args=["999901"])).content.decode()
    lead.post(reverse("schools:rule-withdraw", args=["999901", held.first().pk]))
    assert held.count() == len(PACKS["taizhou-2017"].rules), "one rule does not leave its pack"
    lead.post(off)
    assert held.count() == 0
    assert "没有启用" in lead.post(off, follow=True).content.decode()
    lead.post(on)
    assert held.count() == len(PACKS["taizhou-2017"].rules)


def test_every_parameter_can_be_started_from_its_line_with_its_national_value(lead, facts):
    text = lead.get(reverse("schools:rules", args=["999901"]), {"parameter": "small_school_floor"}).content.decode()
    assert "小规模学校公用经费核定人数：全国取值 100 人" in text and 'value="100"' in text


def test_the_cells_behind_an_item_stand_on_its_page(lead, staffed):
    apply_pack(staffed.county, "jiangsu-class-size", by=OPERATOR)
    snapshots.compute(staffed.county, "quality-2017", YEAR)
    where = reverse("office:item", args=["999901", YEAR, "quality-2017", "G8"])
    text = lead.get(where).content.decode()
    assert "数据从哪里来" in text and "义务教育教师年平均工资收入：99,999 元" in text
    listing = reverse("office:item", args=["999901", YEAR, "quality-2017", "G5"])
    school = lead.get(listing, {"school": "9999010002"}).content.decode()
    assert "超过班额上限的班级数：0 个" in school and "王庄小学" in school
    assert lead.get(listing, {"school": "1"}).status_code == 404
    local = lead.get(listing, {"ruleset": "local"}).content.decode()
    assert "江苏省义务教育优质均衡示范县班额要求" in local or "江苏省义务教育优质均衡发展" in local


def test_flows_keep_their_persons_in_the_drawing():
    chart = Flows("流向", [("甲", "丙", 3), ("乙", "丙", 1)])
    assert [one["persons"] for one in chart.left] == [3, 1] and [one["persons"] for one in chart.right] == [4]
    wide = [float(band["wide"]) for band in chart.bands]
    assert abs(wide[0] - 3 * wide[1]) < 0.2 and chart.height > 0
    assert Flows("流向", []).bands == []
