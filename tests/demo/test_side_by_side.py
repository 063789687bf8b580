"""The demo county's whole verdict under the national standard and under Taizhou's rules, side by side, wherever it is read."""

import io
import re
import subprocess

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import User
from config.demo.county import THIS_YEAR
from files import store
from indicators import snapshots
from office.views.items import said_of
from reports.services import Order
from reports.services import produce as make
from schools import access
from schools.models import County
from schools.rules import packs_of
from tests.demo.county import standing_demo
from tests.factories import sign_in

pytestmark = pytest.mark.django_db
STANDARDS = ("quality-2017", "basic-2012")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing_demo(django_db_blocker, tmp_path_factory.mktemp("sides"), schools=22, seed=5):
        yield County.objects.get(code="999901")


@pytest.fixture(params=STANDARDS)
def standard(request):
    return request.param


@pytest.fixture
def sides(county, standard):
    """{"national": R, "local": R} as stored."""
    return snapshots.payload(snapshots.current(county, standard, THIS_YEAR))["rulesets"]


@pytest.fixture
def officer(client, county):
    sign_in(client, User.objects.get(username="officer"))
    return client


def entries(ruleset) -> dict[str, dict]:
    return {entry["code"]: entry for entry in ruleset["items"]}


def test_the_county_follows_taizhou_and_its_rules_change_only_the_local_result(county):
    assert set(packs_of(county)) == {"taizhou-2017"}
    national, local = (entries(snapshots.payload(snapshots.current(county, "quality-2017", THIS_YEAR))["rulesets"][r]) for r in ("national", "local"))
    assert (national["G6"]["met"], local["G6"]["met"]) == (True, False), "a hundred pupils against three hundred"
    assert (national["G11"]["threshold"], local["G11"]["threshold"]) == ("10", "15")
    assert (national["G11"]["met"], local["G11"]["met"]) == (True, False) and len(local["G11"]["tests"]) == 3, "heads are asked for too"
    assert {"L1", "L4"} <= set(local) and not {"L1", "L4"} & set(national)


def test_the_api_gives_both(officer, standard, sides):
    answer = officer.get(f"/api/v1/counties/999901/snapshots/{standard}/{THIS_YEAR}/").json()["rulesets"]
    assert {name: entries(answer[name]) for name in sides} == {name: entries(sides[name]) for name in sides}
    assert [answer[name]["verdict"] for name in sides] == [sides[name]["verdict"] for name in sides]


def cells_of(row: str) -> list[str]:
    return [re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]


def test_the_page_shows_both(officer, standard, sides):
    page = officer.get(reverse("office:items", args=["999901", THIS_YEAR, standard])).content.decode()
    rows = {cells[0].strip(): cells for row in re.findall(r"<tr>(.*?)</tr>", page, re.S) if (cells := cells_of(row))}
    national, local = entries(sides["national"]), entries(sides["local"])
    for code in {**national, **local}:
        for entry, cell in zip((national.get(code), local.get(code)), rows[code][2:4], strict=True):
            word = "没有这项要求" if entry is None else said_of(entry) if entry["decides"] else entry["beside"]
            assert word in cell, (code, word, cell)


def sheet_of(officer, standard):
    answer = officer.get(reverse("office:items", args=["999901", THIS_YEAR, standard]), {"format": "xlsx"})
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).active


def test_the_workbook_holds_both(officer, standard, sides):
    rows = {row[0]: row for row in sheet_of(officer, standard).iter_rows(min_row=4, values_only=True)}
    for code in {**entries(sides["national"]), **entries(sides["local"])}:
        for at, name in ((5, "national"), (9, "local")):
            entry = entries(sides[name]).get(code)
            assert rows[code][at : at + 2] == ((entry["requirement"] or None, said_of(entry)) if entry else ("没有这项要求", None)), code


def test_the_workbook_holds_the_coefficients_and_the_schools_of_the_page(officer, standard, sides):
    rows = list(sheet_of(officer, standard).iter_rows(min_row=4, values_only=True))
    told = {(row[0], row[2].partition("：")[2][:2]): row for row in rows if row[2].endswith("校际差异系数")}
    for at, name in ((4, "national"), (8, "local")):
        for line in sides[name]["county"]:
            row = told[line["indicator"], {"primary": "小学", "junior": "初中"}[line["stage"]]]
            assert row[at] == pytest.approx(float(line["cv"]), abs=1e-12)
            assert row[at + 2] == ("只作参考" if line["limit"] is None else "达标" if line["met"] else "未达标")
            asked = any(school["indicators"][line["indicator"]]["threshold"] for school in sides[name]["schools"] if school["stage"] == line["stage"])
            assert ("达标学校" in (row[at + 3] or "")) is asked and (not asked or f"{line['schools_met']}/{line['schools_total']}" in row[at + 3])
        composites = [row for row in rows if not row[0] and row[2].endswith("综合差异系数")]
        assert [row[at] for row in composites] == [pytest.approx(float(line["value"]), abs=1e-12) for line in sides[name]["composite"]]
        schools = [row for row in rows if row[2].endswith("学校综合评估达标")]
        assert len(schools) == 2 and all(f"{line['passing']}/" in (row[at + 3] or "") or not row[at + 3] for row, line in zip(schools, sides[name]["stages"], strict=True))


def test_the_paper_prints_both(county, standard, sides):
    by = access.actor_for_user(User.objects.get(username="officer"))
    paper = make(Order(report="standard-verdict", county=county, year=THIS_YEAR, standard=standard, which="current"), by=by)
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=store.read(paper.file), capture_output=True, check=True).stdout.decode()
    for words in ("国家标准", "地方规则", "全县结论", "申报条件" if standard.startswith("quality") else "政府保障", "泰州市关于统筹推进城乡义务教育一体化"):
        assert words in text
    for code in {**entries(sides["national"]), **entries(sides["local"])}:
        assert re.search(rf"\b{code}\b", text), code


def test_the_paper_as_a_workbook_has_the_same_words(county, standard, sides):
    by = access.actor_for_user(User.objects.get(username="officer"))
    paper = make(Order(report="standard-verdict", county=county, year=THIS_YEAR, standard=standard, which="current", format="xlsx"), by=by)
    book = openpyxl.load_workbook(io.BytesIO(store.read(paper.file)))
    rows = {row[1]: row for row in book["各条目"].iter_rows(values_only=True) if row[1]}
    for code, entry in entries(sides["local"]).items():
        assert rows[code][7].removesuffix("(参考)") == said_of(entry).removesuffix("（参考）").replace("缺数据或还没有认定", "缺数据或未认定"), code
        assert (rows[code][5] == "无此要求") is (code not in entries(sides["national"]))
