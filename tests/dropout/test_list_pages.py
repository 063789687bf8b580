"""Matching and rates pages: counts for inspectors, masked children for the bureau, and no plain name anywhere."""
import datetime as dt
import io
import logging
from fractions import Fraction

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from dropout.models import Case, MatchFinding
from dropout.services.matching import newest_run, order_matching
from dropout.services.rates import Group, Rate, Rates, two_places, without_small
from jobs.runner import drain
from tests.factories import OPERATOR, make_person, sign_in
from tests.ledgers.fields.children import aid, child_id, listed, plan, pupil
from tests.ledgers.fields.test_children_filed import cast, file  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
YEAR = 2025
PLANTED = ("钱小兰", "王小明", "李小阳", child_id(1), child_id(3), "19900000001", "李建国")


@pytest.fixture
def lists(cast, file):  # noqa: F811
    file("pupils", pupil(1), pupil(5, 姓名="王小明"))
    file("population", listed(1), listed(3, 姓名="钱小兰"), listed(5, 姓名="王小明"))
    file("household", listed(3, 姓名="钱小兰"))
    file("poverty", listed(5, 姓名="王小明"))
    file("aid", aid(1))
    file("disabled", plan(1))
    order_matching(county=cast.county, year=YEAR, by=OPERATOR)
    drain()
    return cast


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(name, args=["999901", YEAR, *args]), query)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


PAGES = [
    ("dropout:matching",), ("dropout:findings", "population_no_record"), ("dropout:findings", "poverty_no_aid"), ("dropout:rates",), ("dropout:rate-children", "enrolment_primary", "rest"),
    ("dropout:rate-children", "poor", "whole"), ("dropout:rate-children", "disabled_intellect", "whole"),
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES, ids=["/".join(one) for one in PAGES])
def test_no_page_nor_its_workbook_nor_a_log_holds_a_planted_name(lists, client, caplog, address):
    caplog.set_level(logging.DEBUG)
    sign_in(client, lists.officer)
    shown = page(client, *address)
    answer = client.get(reverse(address[0], args=["999901", YEAR, *address[1:]]), {"format": "xlsx"})
    cells = ""
    if answer["Content-Type"].startswith("application/vnd"):
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    events = " ".join(str(event.__dict__) for event in AuditEvent.objects.all())
    for secret in PLANTED:
        assert secret not in shown
        assert secret not in cells
        assert secret not in caplog.text
        assert secret not in events


def test_an_inspector_sees_counts_and_no_way_to_a_child(lists, client):
    sign_in(client, lists.inspector)
    for name in ("dropout:matching", "dropout:rates"):
        shown = page(client, name)
        assert "findings" not in shown
        assert "**" not in shown
        assert "/rates/enrolment" not in shown
    assert "在适龄名单、无学籍" in page(client, "dropout:matching")
    for address in (("dropout:findings", "population_no_record"), ("dropout:rate-children", "enrolment_primary", "rest")):
        assert client.get(reverse(address[0], args=["999901", YEAR, *address[1:]])).status_code == 403
    assert not AuditEvent.objects.filter(action="children.listed").exists()


def test_small_numbers_of_a_kind_of_disability_are_not_shown_to_those_who_only_count(lists, client):
    sign_in(client, lists.inspector)
    assert "人数少于 5" in page(client, "dropout:rates")
    sign_in(client, lists.officer)
    assert "人数少于 5" not in page(client, "dropout:rates")


def test_small_numbers_of_poor_children_are_not_shown_to_those_who_only_count(lists, client):
    sign_in(client, lists.inspector)
    assert page(client, "dropout:matching").count("人数少于 5") == 1  # one poor child without aid
    sign_in(client, lists.officer)
    assert "人数少于 5" not in page(client, "dropout:matching")


def test_a_single_small_count_takes_the_next_with_it_so_that_no_sum_gives_it_away():
    rates = tuple(Rate(f"d{n}", "类", part, whole, "", sensitive=True) for n, (part, whole) in enumerate([(3, 9), (20, 30), (10, 15)]))
    shown = without_small(Rates([Group("残疾", rates)])).groups[0].rates
    assert [rate.hidden for rate in shown] == [True, False, True]
    assert [rate.denominator for rate in shown] == [None, 30, None]


def test_the_officer_opens_a_suspected_case_or_clears_with_a_word(lists, client):
    sign_in(client, lists.officer)
    finding = MatchFinding.objects.get(run=newest_run(lists.county, YEAR), kind="population_no_record")
    shown = page(client, "dropout:findings", "population_no_record")
    assert "钱**" in shown
    answer = client.post(reverse("dropout:finding", args=["999901", YEAR, finding.pk, "clear"]), {"note": ""}, follow=True)
    assert "请写明核实结果" in answer.content.decode()
    answer = client.post(reverse("dropout:finding", args=["999901", YEAR, finding.pk, "open"]), follow=True)
    case = Case.objects.get()
    assert case.number in answer.content.decode()
    answer = client.post(reverse("dropout:finding", args=["999901", YEAR, finding.pk, "clear"]), {"note": "已到校"}, follow=True)
    assert "已经立案" in answer.content.decode()
    assert client.post(reverse("dropout:finding", args=["999901", YEAR, finding.pk, "delete"])).status_code == 404
    assert client.get(reverse("dropout:finding", args=["999901", YEAR, finding.pk, "open"])).status_code == 405
    assert AuditEvent.objects.filter(action="children.listed").exists()


def test_a_finding_of_another_county_is_not_found(lists, client):
    finding = MatchFinding.objects.first()
    make_person("neighbour", "county_officer", "999902")
    sign_in(client, lists.stranger)
    for verb in ("open", "clear"):
        assert client.post(reverse("dropout:finding", args=["999902", YEAR, finding.pk, verb])).status_code == 404
        assert client.post(reverse("dropout:finding", args=["999901", YEAR, finding.pk, verb])).status_code == 404


def test_the_button_orders_a_job_whose_progress_is_shown(lists, client):
    sign_in(client, lists.lead)
    answer = client.post(reverse("dropout:match", args=["999901", YEAR]), follow=True)
    assert "名单比对：排队等候" in answer.content.decode()
    drain()
    assert "重新比对" in page(client, "dropout:matching")


def test_rates_are_shown_with_their_definition_and_what_is_lacking(lists, client):
    sign_in(client, lists.officer)
    shown = page(client, "dropout:rates")
    assert "66.67%" in shown
    assert "教育统计指标：学年内辍学学生数" in shown
    assert "“两基”旧表" in shown
    assert "需要上学年和本学年两年的学生名册" in shown
    assert "还缺 2 所学校的学生名册" in shown
    assert "钱**" in page(client, "dropout:rate-children", "enrolment_primary", "rest")


def test_an_extract_is_made_from_the_page_and_a_wrong_day_is_told(lists, client):
    sign_in(client, lists.officer)
    address = reverse("dropout:extract", args=["999901", YEAR])
    for on, said in (("", "请填写摘录日期"), ("2020-01-01", "不在2025-2026学年之内")):
        assert said in client.post(address, {"on": on}, follow=True).content.decode()
    answer = client.post(address, {"on": dt.date(YEAR, 10, 1).isoformat()}, follow=True)
    assert "已摘录 2025-10-01 的现行数据" in answer.content.decode()


@pytest.mark.parametrize(("value", "text"), [((2, 3), "66.67"), ((1, 8), "12.50"), ((1005, 100000), "1.01"), ((-1, 300), "-0.33"), ((0, 5), "0.00"), ((-1, 100000), "0.00")])
def test_two_decimals_are_rounded_half_up_once(value, text):
    assert two_places(Fraction(100 * value[0], value[1])) == text
