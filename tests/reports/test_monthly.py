"""控辍保学月报表: the same figures as the schools' reports, missing ones named, PDF and Excel alike, verified by its code."""
import io
import json
import subprocess
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command

from dropout.services import counting, reporting
from files import store
from reports.definitions import dropout_monthly
from reports.report import BadOrder, CannotMake
from reports.services import Order, paper_status, produce, verify
from tests.dropout.roads import Road
from tests.dropout.world import D, make_world
from tests.factories import OPERATOR, sign_in

pytestmark = pytest.mark.django_db
NOVEMBER = D(2025, 11, 1)


@pytest.fixture
def world():
    made = make_world()
    Road(made).struck_off()
    Road(made).registered()
    reporting.file_report(school=made.school, month=NOVEMBER, on=D(2025, 11, 28), by=made.actor("head"))
    return made


def order(world, format="pdf", **more) -> Order:
    return Order("dropout-monthly", world.county, 2025, format, **{"month": "2025-11", **more})


def file_other(world):
    return reporting.file_report(school=world.other_school, month=NOVEMBER, on=D(2025, 11, 28), zero=True, by=world.actor("other_head"))


def words(data: bytes) -> str:
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def test_pdf_and_excel_carry_the_reports_figures_and_no_name(world):
    file_other(world)
    text = words(store.read(produce(order(world), by=OPERATOR).file))
    assert "清河县2025年11月控辍保学月报表" in text and "向阳小学" in text and "零报告" in text and "草稿" not in text
    assert not any(case in text for case in ("2025-0001", "赵"))
    sheet = openpyxl.load_workbook(io.BytesIO(store.read(produce(order(world, "xlsx"), by=OPERATOR).file))).active
    rows = {row[0]: row for row in sheet.values if row[0]}
    counts = reporting.month_lines(world.county, NOVEMBER)[0].report.counts
    assert list(rows["向阳小学"][2:]) == [counts[key] for key in dropout_monthly.COLUMNS]
    assert rows["全县合计"][2:] == rows["向阳小学"][2:] and set(rows["城关中学"][2:]) == {0}
    assert counts["struck_off"] == 1 and counts["out"] == 1 and counting.adds_up(counts)


def test_who_has_not_reported_is_a_dash_and_the_paper_a_draft(world):
    paper = produce(order(world, "xlsx"), by=OPERATOR)
    rows = {row[0]: row for row in openpyxl.load_workbook(io.BytesIO(store.read(paper.file))).active.values if row[0]}
    assert paper.draft and rows["城关中学"][1] == "未报" and set(rows["城关中学"][2:]) == {"—"} and paper_status(paper) == "superseded"
    assert produce(order(world), by=OPERATOR).draft


def test_the_same_month_is_the_same_paper_until_a_report_changes_it(world):
    file_other(world)
    first, again = produce(order(world), by=OPERATOR), produce(order(world), by=OPERATOR)
    assert first.pk == again.pk and paper_status(first) == "genuine" and verify(store.read(first.file))["status"] == "genuine"
    Road(world, day=D(2025, 11, 27))
    reporting.file_report(school=world.school, month=NOVEMBER, on=D(2025, 12, 1), by=world.actor("head"))
    assert paper_status(first) == "superseded" and produce(order(world), by=OPERATOR).pk != first.pk


@pytest.mark.parametrize("month", ["", "2025-13", "2025-08", "2026-09", "november"])
def test_a_month_must_be_named_within_the_school_year(world, month):
    with pytest.raises(BadOrder, match="2025-11"):
        produce(order(world, month=month), by=OPERATOR)


def test_a_month_nobody_reported_makes_no_paper(world):
    with pytest.raises(CannotMake, match="还没有学校报送"):
        produce(order(world, month="2025-10"), by=OPERATOR)


def test_the_command_makes_it(world, tmp_path):
    out = StringIO()
    target = tmp_path / "月报.pdf"
    try:
        call_command("report", "dropout-monthly", county="999901", year=2025, month="2025-11", output=str(target), json=True, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        assert ended.code in (0, None)
    assert target.read_bytes().startswith(b"%PDF") and json.loads(out.getvalue())["report"] == "dropout-monthly"


@pytest.mark.parametrize("who, status", [("officer", 302), ("inspector", 302), ("head", 403), ("town", 403), ("stranger", 404)])
def test_it_is_ordered_on_the_page_of_reports(world, client, who, status):
    sign_in(client, world.people[who])
    said = {"report": "dropout-monthly", "format": "pdf", "month": "2025-11"}
    answer = client.post("/counties/999901/2025/reports/make/", said)
    assert answer.status_code == status
    if who == "officer":
        assert "making" in answer.url
        page = client.get("/counties/999901/2025/reports/").content.decode()
        assert 'type="month"' in page
        assert client.post("/counties/999901/2025/reports/make/", {**said, "month": ""}).url.endswith("/reports/")
