"""One snapshot, one set of figures: the page, the API, the workbooks and the text of the PDFs print the same."""

from __future__ import annotations

import io
import json
import re
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import openpyxl
import pytest

from accounts.actor import Actor
from files import store
from indicators import snapshots
from indicators.models import Snapshot
from jobs.runner import drain
from ledgers.importing import Import, run_import
from reports.services import Order, paper_status, produce
from schools.models import School
from tests.factories import make_person, sign_in

from . import county as written

OPERATOR = Actor.operator()
INDICATORS = [f"Q{n}" for n in range(1, 8)]


def printed(figure: str, places: int) -> str:
    """A figure of the API as people print it: rounded once, half up."""
    return str(Decimal(figure).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@pytest.fixture
def officer(small_county, client):
    sign_in(client, make_person("officer", "county_officer", written.COUNTY))
    return client


def asked(client, path: str, **query) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.content.decode())


def from_api(client, **query) -> tuple[dict, dict]:
    """({(school, stage): [seven values]}, {(stage, indicator): coefficient}) as printed, from the JSON."""
    path = f"/api/v1/counties/{written.COUNTY}/snapshots/quality-2017/{written.year()}/"
    ruleset = json.loads(asked(client, path, **query))["rulesets"]["national"]
    values = {
        (row["code"], row["stage"]): [printed(row["indicators"][code]["value"], 2) for code in INDICATORS]
        for row in ruleset["schools"]
    }
    return values, {(line["stage"], line["indicator"]): printed(line["cv"], 3) for line in ruleset["county"]}


def from_table(client, **query) -> dict:
    """The same values from the table of schools and indicators."""
    shown = asked(client, f"/counties/{written.COUNTY}/{written.year()}/quality-2017/schools/", **query)
    found = re.findall(r"/schools/(\d{10})/(primary|junior)/Q\d/[^\"]*\">([\d.,]+)</a>", shown)
    values: dict = {}
    for code, stage, value in found:
        values.setdefault((code, stage), []).append(value.replace(",", ""))
    return values


def from_county_page(client) -> dict:
    """The coefficients from the county's home page."""
    shown = asked(client, f"/counties/{written.COUNTY}/")
    found = re.findall(r"/working/(primary|junior)/(Q\d)/[^>]*>([\d.]+)</a>", shown)
    return {(stage, indicator): value for stage, indicator, value in found}


def paper(county, report: str, file_format: str, which: str, school: School | None = None) -> bytes:
    order = Order(report=report, county=county, year=written.year(), format=file_format, school=school, which=which)
    return store.read(produce(order, by=OPERATOR).file)


def pdf_text(data: bytes, order: str = "-layout") -> str:
    assert data.startswith(b"%PDF")
    return subprocess.run(["pdftotext", order, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def decimals(line: str, places: int) -> list[str]:
    return re.findall(rf"(?<![\d.])\d+\.\d{{{places}}}(?!\d)", line)


def rows_of_sheet(data: bytes, sheet: str) -> list[list]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)]


def numbers(row: list, places: int) -> list[str]:
    return [printed(str(cell), places) for cell in row if isinstance(cell, int | float)]


def check_papers(county, which: str, values: dict, coefficients: dict) -> None:
    """The county tables as PDF and workbook hold these values and coefficients, and no others in their places."""
    text = pdf_text(paper(county, "application-form", "pdf", which)).splitlines()
    book = paper(county, "application-form", "xlsx", which)
    by_stage = {stage: [coefficients[stage, code] for code in INDICATORS] for stage in ("primary", "junior")}
    assert sorted(found for line in text if len(found := decimals(line, 2)) == 7 and "均" not in line) == sorted(values.values())
    assert [found for line in text if len(found := decimals(line, 3)) == 7] == list(by_stage.values())
    listed = [numbers(row[6:13], 2) for row in rows_of_sheet(book, "表Ⅱ-2") if str(row[0]).startswith(("小学", "初中"))]
    assert sorted(listed) == sorted(values.values())
    assert [numbers(row, 3) for row in rows_of_sheet(book, "表Ⅲ") if row[1] == "差异系数"] == list(by_stage.values())


def test_page_api_workbook_and_pdf_show_the_same_values_and_coefficients(officer, small_county):
    values, coefficients = from_api(officer)
    assert len(values) == 5 and len(coefficients) == 14, "five rows of schools, seven coefficients for each stage"
    assert values[written.XIANGYANG, "primary"][0] == "4.58", "11 teachers for 240 pupils"
    assert from_table(officer) == values
    assert from_county_page(officer) == coefficients
    check_papers(small_county, "current", values, coefficients)


def test_the_downloaded_table_holds_the_figures_of_the_api(officer):
    values, _ = from_api(officer)
    path = f"/counties/{written.COUNTY}/{written.year()}/quality-2017/schools/"
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(path, {"format": "xlsx"}).content)).active
    stages = {"小学": "primary", "初中": "junior"}
    rows = [row for row in sheet.iter_rows(values_only=True) if row[2] in stages]
    assert {(row[1], stages[row[2]]): [printed(str(v), 2) for v in row[4:11]] for row in rows} == values


@pytest.mark.parametrize("code,stage", [(written.XIANGYANG, "primary"), (written.MIDDLE, "junior"), (written.NINE_YEAR, "junior")])
def test_the_page_of_a_figure_shows_the_value_of_the_api(officer, code, stage):
    values, coefficients = from_api(officer)
    for indicator, value in zip(INDICATORS, values[code, stage], strict=True):
        place = f"/counties/{written.COUNTY}/{written.year()}/quality-2017"
        shown = asked(officer, f"{place}/schools/{code}/{stage}/{indicator}/").replace(",", "")
        assert f"<strong>{value}</strong>" in shown
        working = asked(officer, f"{place}/working/{stage}/{indicator}/")
        assert coefficients[stage, indicator] in working


def test_the_form_of_a_nine_year_school_prints_the_values_of_both_its_parts(officer, small_county):
    values, _ = from_api(officer)
    school = School.objects.get(code=written.NINE_YEAR)
    text = re.sub(r"\s+", "", pdf_text(paper(small_county, "school-self-evaluation", "pdf", "current", school), "-raw"))
    found = re.findall(r"小学_*([\d.]+)_*(?:人|㎡|元|间);初中_*([\d.]+)", text)
    pairs = list(zip(values[written.NINE_YEAR, "primary"], values[written.NINE_YEAR, "junior"], strict=True))
    assert [pair for pair in found if pair in pairs] == pairs


def test_a_draft_made_before_the_freezing_is_not_handed_out_as_the_final_paper(small_county):
    order = Order(report="application-form", county=small_county, year=written.year())
    draft = produce(order, by=OPERATOR)
    snapshots.freeze(snapshots.current(small_county, "quality-2017", written.year()), OPERATOR)
    final = produce(order, by=OPERATOR)
    assert draft.draft and not final.draft and draft.code != final.code
    assert "草稿" in draft.file.name and "草稿" not in final.file.name
    assert (paper_status(draft), paper_status(final)) == ("superseded", "genuine")


def test_what_was_frozen_stays_the_same_everywhere_while_the_present_moves_on(officer, small_county, tmp_path):
    values, coefficients = from_api(officer)
    frozen = snapshots.freeze(snapshots.current(small_county, "quality-2017", written.year()), OPERATOR)
    frozen = frozen if isinstance(frozen, Snapshot) else snapshots.frozen_list(small_county, "quality-2017", written.year())[0]
    more = tmp_path / "more.xlsx"
    more.write_bytes(written.classes([written.UNITS[0]], more=4))
    task = Import(small_county, "classes", written.year(), OPERATOR, commit=True, explanation="转入学生已核对。", school=School.objects.get(code=written.XIANGYANG))
    answer, code = run_import(task, [more])
    assert code == 0, answer["problems"]
    drain()
    present, now = from_api(officer)
    assert present != values and now != coefficients
    assert from_table(officer) == present
    check_papers(small_county, "current", present, now)
    assert from_api(officer, frozen=1) == (values, coefficients)
    assert from_table(officer, frozen=frozen.pk) == values
    check_papers(small_county, "frozen", values, coefficients)


def test_the_api_orders_lists_and_gives_papers_at_the_address_of_the_contract(officer, small_county):
    order = {"report": "application-form", "county": written.COUNTY, "year": written.year(), "format": "xlsx"}
    made = officer.post("/api/v1/reports/", order, content_type="application/json")
    assert made.status_code == 202
    drain()
    paper = officer.get(f"/api/v1/jobs/{made.json()['job']}/").json()["result"]["paper"]
    for place in ("/api/v1/reports/", f"/api/v1/counties/{written.COUNTY}/reports/{written.year()}/"):
        assert [found["id"] for found in json.loads(asked(officer, place))["results"]] == [paper]
    for place in (f"/api/v1/reports/?year={written.year() - 1}", f"/api/v1/counties/{written.COUNTY}/reports/{written.year() - 1}/"):
        assert json.loads(asked(officer, place))["count"] == 0
    assert json.loads(asked(officer, f"/api/v1/reports/{paper}/"))["year"] == written.year()
    assert officer.get(f"/api/v1/reports/{paper}/file/").content.startswith(b"PK")
    for wrong in ({"standard": "zz"}, {"month": "2026-10"}):
        assert officer.post("/api/v1/reports/", order | wrong, content_type="application/json").status_code == 400
