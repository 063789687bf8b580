"""Pages of money, exchange and classes: what they show, to whom, and as a workbook."""
import io

import openpyxl
import pytest
from django.urls import reverse

from funding.series import FiscalYear
from office.views.money import level_rows
from tests.factories import make_person, sign_in
from tests.fields.conftest import YEAR, a_move, a_teacher
from tests.fields.conftest import facts as made_facts

pytestmark = pytest.mark.django_db
facts = made_facts
PAGES = ("office:money", "office:rotation", "office:classes")


@pytest.fixture
def filled(facts):
    facts.put("classes", "schools.SchoolClass", {"grade": 1, "name": "一(1)班", "pupils": 46}, {"grade": 2, "name": "二(1)班", "pupils": 45}, school=facts.town)
    facts.put("classes", "schools.SchoolClass", {"grade": 1, "name": "一(1)班", "pupils": 50}, school=facts.town, year=YEAR - 1)
    for school in (facts.town, facts.village, facts.junior):
        facts.put("teachers", "teachers.Teacher", *[a_teacher(f"{school.pk}-{n}") for n in range(5)], school=school)
    facts.put("exchange", "teachers.Exchange", a_move(f"{facts.town.pk}-0"), a_move(f"{facts.town.pk}-1", backbone_level="county"), school=facts.town)
    facts.put("training", "teachers.Training", {"person_key": f"{facts.town.pk}-0", "year": 2025, "hours": 3599, "level": "nation"}, school=facts.town)
    facts.put("school_funds", "funding.SchoolFunds", {"base_funds": 72_000_00 - 1, "public_funds_budget": 100_000_00, "training_budget": 5_000_00}, school=facts.town)
    rows = [{"fiscal_year": y, "appropriation": a, "revenue": r, "primary_spending": p} for y, a, r, p in ((2024, 1100, 5500, 1000), (2023, 1000, 5000, 1000))]
    facts.put("county_finance", "funding.FinanceYear", *rows)
    return facts


@pytest.fixture
def browse(client, filled):
    def run(name, role="county_officer", **query):
        sign_in(client, make_person(f"someone-{role}", role, "999901" if role.startswith("county") or role == "inspector" else "9999010001"))
        return client.get(reverse(name, args=["999901"]), {"year": YEAR, **query})

    return run


def test_money_shows_growth_gap_and_the_school_that_was_paid_a_fen_too_little(browse):
    text = browse("office:money").content.decode()
    assert "教育财政拨款的增长高于财政经常性收入的增长" in text
    assert "10.00%" in text
    assert "公用经费不足 1 所" in text
    assert "0.01" in text


def test_the_shares_of_the_levels_need_all_four_of_them():
    whole = FiscalYear(2025, {"central_share": 60, "province_share": 20, "city_share": 0, "county_share": 20})
    rows = dict(level_rows([FiscalYear(2024, {"province_share": 20}), whole]))
    assert (rows["中央"], rows["市级"]) == ([None, "60"], [None, "0"]), "what was not given is not nought"


def test_rotation_shows_ratios_and_flows(browse):
    text = browse("office:rotation").content.decode()
    for words in ("13.3%", "50.0%", "城关小学", "王庄小学", "镇→乡 2 人", "5 名专任教师"):
        assert words in text, words


def test_classes_over_the_limit_stand_by_name(browse):
    text = browse("office:classes").content.decode()
    assert "共 1 个班" in text
    assert "一(1)班" in text
    assert "二(1)班" not in text
    assert "所学校没有逐班名单" in text and "王庄小学" in text and "无结论" in text, "no share is judged while classes are unknown"


SHEETS = {
    "office:money": {"三个增长", "两个只增不减", "各年度金额", "全县合计"}, "office:rotation": {"交流比例", "流向分类", "各校人数", "培训学时"},
    "office:classes": {"概况", "控制目标", "班额分段"},
}  # fmt: skip
LISTS = {"交流人员", "符合条件人员", "学时缺口"}


def book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue() if hasattr(answer, "getvalue") else answer.content))


@pytest.mark.parametrize(("name", "cells"), [("office:money", ("城关小学", "9999010001")), ("office:rotation", ("城关小学", "王庄小学")), ("office:classes", ("城关小学", "9999010001"))])
def test_every_table_of_a_page_is_in_its_workbook(browse, name, cells):
    answer = browse(name, format="xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    found = book(answer)
    assert tuple(cell.value for cell in found.worksheets[0][4][:2]) == cells
    assert SHEETS[name] <= set(found.sheetnames)


def test_the_workbook_lists_every_gap_and_person_but_only_to_those_who_may_see_them(browse):
    found = book(browse("office:rotation", format="xlsx"))
    assert set(found.sheetnames) >= LISTS
    gaps = list(found["学时缺口"].iter_rows(min_row=3, values_only=True))
    assert gaps[0][-2:] == ("合计(学时)", "还差(学时)") and len(gaps) == 1 + 5 and gaps[-1][-2:] == (359.9, 0.1)
    assert not LISTS & set(book(browse("office:rotation", role="inspector", format="xlsx")).sheetnames)


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_county_says_what_to_send(client, facts, name):
    sign_in(client, make_person("officer", "county_officer", "999901"))
    answer = client.get(reverse(name, args=["999901"]))
    assert answer.status_code == 200
    assert "empty" in answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_strangers_meet_404_and_schools_403(client, facts, name):
    sign_in(client, make_person("clerk", "school_clerk", "9999010001"))
    assert client.get(reverse(name, args=["999901"])).status_code == 403
    facts.county.__class__.objects.create(code="999902", name="邻河县")
    sign_in(client, make_person("stranger", "county_officer", "999902"))
    assert client.get(reverse(name, args=["999901"])).status_code == 404
    client.logout()
    assert client.get(reverse(name, args=["999901"])).status_code == 302


def test_persons_are_shown_only_to_those_who_may_see_personal_data(browse):
    assert "交流人员" in browse("office:rotation").content.decode()
    assert "交流人员" not in browse("office:rotation", role="inspector").content.decode()


def test_a_county_without_classes_is_told_so_and_not_shown_noughts(client, facts):
    sign_in(client, make_person("early", "county_officer", facts.county.code))
    page = client.get(reverse("office:classes", args=[facts.county.code])).content.decode()
    assert "还没有逐班的数据" in page and "没有超过上限的班级" not in page
