"""One declaration is enough: a made-up item and a made-up standard show in the result, on the page, in API, export and catalogue."""
import datetime as dt
import io
import json
from dataclasses import dataclass, replace
from io import StringIO
from typing import ClassVar

import openpyxl
import pytest
from django.core.management import call_command

from evidence import catalogue
from indicators import rules, snapshots
from indicators.items.item import GUARANTEE, Item, Result
from indicators.standard import SchoolIndicator
from indicators.standards import STANDARDS
from schools.parameters import PARAMETERS
from tests.evidence.everything import content
from tests.factories import make_cast, sign_in
from tests.office.world import SCHOOLS, build

pytestmark = pytest.mark.django_db
YEAR = 2025


@dataclass(frozen=True)
class Canteens(Item):
    """A kind nobody knew before: every county has a canteen or has not."""

    kind: ClassVar[str] = "canteens"

    @property
    def wanted(self) -> str:
        return "每所学校有食堂"

    def judge(self, sight) -> Result:
        entry = sight.attested(self.code)
        return Result(entry.met, None, self.wanted, entry.conclusion) if entry else Result(None, "missing", self.wanted)


PIANOS = SchoolIndicator(
    code="X2", title="生均课本架数", short="课本架", clause="某督〔2030〕1号第二条", numerator="books", unit="架", noun="架课本架",
    at_least={"primary": "29", "junior": "31"}, difference_at_most={"primary": "0.5", "junior": "0.5"}, split=True,
)  # fmt: skip


@pytest.fixture
def made_up(monkeypatch):
    """gold-2030: quality balance with one indicator more and one item of a new kind."""
    standard = replace(
        STANDARDS["quality-2017"], code="gold-2030", title="食堂均衡", document="某督〔2030〕1号", valid_from=dt.date(2020, 1, 1),
        indicators=(*STANDARDS["quality-2017"].indicators, PIANOS),
        items=(Canteens("X1", "学校食堂", GUARANTEE, "某督〔2030〕1号第一条"),),
    )
    monkeypatch.setitem(STANDARDS, standard.code, standard)
    known = dict(PARAMETERS)
    rules.declare_parameters(standard)
    demands = [demand for item in standard.items for demand in item.demands()]
    monkeypatch.setitem(catalogue.CATALOGUES, standard.code, catalogue.Catalogue(standard.code, standard.title, tuple(demands)))
    yield standard
    for code in set(PARAMETERS) - set(known):
        del PARAMETERS[code]


def test_a_made_up_standard_needs_one_declaration(client, made_up, tmp_path):
    cast = make_cast()
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(content("gold-2030", YEAR), ensure_ascii=False), encoding="utf-8")
    call_command("attest", str(path), "--county", "999901", "--year", "2025", "--standard", "gold-2030", stdout=StringIO())
    made = snapshots.compute(cast.county, "gold-2030", YEAR)
    rulesets = snapshots.payload(made)["rulesets"]["national"]
    assert [(e["code"], e["met"]) for e in rulesets["items"]] == [("X1", True)] and rulesets["parts"]["guarantee"] == "pass"
    sign_in(client, cast.officer)
    base = "/counties/999901/2025/gold-2030/items/"
    assert "学校食堂" in client.get(base).content.decode() and "每所学校有食堂" in client.get(base + "X1/").content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(base + "?format=xlsx").content)).active
    assert "学校食堂" in {row[2] for row in sheet.values}
    assert "学校食堂" in client.get("/evidence/999901/2025/gold-2030/").content.decode()
    answer = client.get("/api/v1/counties/999901/snapshots/gold-2030/2025/").json()
    assert answer["rulesets"]["national"]["items"][0]["code"] == "X1"
    out = StringIO()
    call_command("catalogue", "--json", stdout=out)
    listed = next(s for s in json.loads(out.getvalue())["standards"] if s["code"] == "gold-2030")
    assert listed["items"][-1]["code"] == "X1" and listed["items"][-1]["attested"] == "每所学校有食堂"


def test_a_made_up_indicator_needs_one_declaration(client, made_up):
    world = build(schools=SCHOOLS)
    made = snapshots.compute(world.county, "gold-2030", YEAR)
    national = snapshots.payload(made)["rulesets"]["national"]
    cell = next(row for row in national["schools"] if row["code"] == "9999010001")["indicators"]["X2"]
    assert (cell["value"], cell["threshold"], cell["met"]) == ("30", "29", True)
    assert {(c["stage"], c["met"]) for c in national["county"] if c["indicator"] == "X2"} == {("primary", True), ("junior", True)}
    officer = world.user("officer", "county_officer", "999901")
    client.force_login(officer)
    base = f"/counties/999901/{YEAR}/gold-2030/"
    for address in ("schools/", "items/", "working/primary/X2/", "schools/9999010001/primary/X2/"):
        assert "生均课本架数" in client.get(base + address).content.decode() or "课本架" in client.get(base + address).content.decode(), address
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(base + "schools/?format=xlsx").content)).active
    assert any("生均课本架数" in str(value) for row in sheet.values for value in row)
    answer = client.get(f"/api/v1/counties/999901/snapshots/gold-2030/{YEAR}/").json()
    assert "X2" in [indicator["code"] for indicator in answer["indicators"]]
    out = StringIO()
    call_command("catalogue", "--json", stdout=out)
    catalogue_json = json.loads(out.getvalue())
    assert "X2" in [i["code"] for s in catalogue_json["standards"] if s["code"] == "gold-2030" for i in s["items"]]
    assert "gold-2030.X2.threshold" in [p["code"] for p in catalogue_json["parameters"]]
