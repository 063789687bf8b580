"""A filing approved, replaced, withdrawn: every older frozen result and its paper still stand on their own cells."""

import hashlib
import subprocess

import pytest
from django.core.management import call_command

from accounts.actor import Actor
from indicators import snapshots
from ledgers.models import Filing
from ledgers.services import withdraw_version
from schools.models import County
from schools.provenance import locate_all

from .pipeline import COUNTY, YEAR, import_rows, register, run, snapshot

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["学校(机构)标识码", "学校名称", "小学在校生数", "小学教学班数", "教职工数", "专任教师数", "小学专任教师数", "小学高于规定学历教师数",
          "小学县级及以上骨干教师数", "小学体育艺术专任教师数", "教学及辅助用房面积", "室内体育用房面积", "体育运动场地面积",
          "教学仪器设备资产值(万元)", "网络多媒体教室"]  # fmt: skip
CODE = "9999010001"


def profile(folder, sports, name, others=0):
    rows = [[CODE, "向阳小学", 400, 10, 30, 28, 28, 20, 5, 5, 2000, 100, sports, 90, 12]]
    return import_rows(folder, "school_profile", HEADER, rows, "--school", CODE, name=name)


def q5(answer):
    return answer["rulesets"]["national"]["schools"][0]["indicators"]["Q5"]


def cells_of(frozen):
    """The places behind the frozen Q5 numerator: (file, sheet, cell, text)."""
    county = County.objects.get(code=COUNTY)
    held = next(s for s in snapshots.frozen_list(county, "quality-2017", YEAR) if s.pk == frozen.pk)
    found = snapshots.sources(held, "national", CODE, "primary", "Q5")["numerator"]
    return [(p.file_name, p.sheet, p.cell, p.text) for p in locate_all(found)]


def newest_frozen():
    return snapshots.frozen_list(County.objects.get(code=COUNTY), "quality-2017", YEAR)[0]


def paper(folder, name, *more):
    call_command(
        "report",
        "school-self-evaluation",
        county=COUNTY,
        year=YEAR,
        school=CODE,
        output=str(folder / name),
        **dict(more),
    )
    return (folder / name).read_bytes()


def test_replaced_and_withdrawn_filings_leave_frozen_results_on_their_own_cells(tmp_path):
    register(tmp_path, [(CODE, "向阳小学", "211")])
    profile(tmp_path, 3000, "first.xlsx")
    assert q5(snapshot("quality-2017", "--freeze"))["numerator"] == "3100"
    first, first_paper = newest_frozen(), paper(tmp_path, "first.pdf")

    profile(tmp_path, 3900, "second.xlsx")
    assert q5(snapshot("quality-2017", "--freeze"))["numerator"] == "4000"
    second, second_paper = newest_frozen(), paper(tmp_path, "second.pdf")
    assert first.pk != second.pk

    filing = Filing.objects.get()
    withdraw_version(filing_id=filing.pk, number=filing.standing.number, reason="第二次填报有误", by=Actor.operator())
    assert q5(snapshot("quality-2017"))["numerator"] == "3100"

    assert cells_of(first) == [("first.xlsx", "Sheet1", "M2", "300000"), ("first.xlsx", "Sheet1", "L2", "10000")]
    assert cells_of(second) == [("second.xlsx", "Sheet1", "M2", "390000"), ("second.xlsx", "Sheet1", "L2", "10000")]
    for data, value in ((first_paper, "7.75"), (second_paper, "10.00")):
        text = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
        assert value in text


def test_withdrawing_the_only_filing_leaves_the_figures_incomplete(tmp_path):
    register(tmp_path, [(CODE, "向阳小学", "211")])
    profile(tmp_path, 3000, "first.xlsx")
    filing = Filing.objects.get()
    withdraw_version(filing_id=filing.pk, number=filing.standing.number, reason="整表撤回", by=Actor.operator())
    answer = snapshot("quality-2017")["rulesets"]["national"]
    assert (answer["complete"], answer["verdict"]) == (False, "incomplete")
    assert [m["school"] for m in answer["missing"]] == [CODE]
    code, _ = run("snapshot", "--county", COUNTY, "--year", YEAR, "--standard", "quality-2017", "--freeze")
    assert code == 1


def test_a_paper_is_verified_byte_by_byte(tmp_path):
    register(tmp_path, [(CODE, "向阳小学", "211")])
    profile(tmp_path, 3000, "first.xlsx")
    snapshot("quality-2017", "--freeze")
    data = paper(tmp_path, "first.pdf")
    assert run("verify", tmp_path / "first.pdf") == (0, {"status": "genuine", "report": "school-self-evaluation", "county": COUNTY,
                                                         "data_version": run("verify", tmp_path / "first.pdf")[1]["data_version"]})  # fmt: skip
    (tmp_path / "altered.pdf").write_bytes(data[:2000] + bytes([data[2000] ^ 1]) + data[2001:])
    code, answer = run("verify", tmp_path / "altered.pdf")
    assert (code, answer) == (1, {**run("verify", tmp_path / "first.pdf")[1], "status": "altered"}), "of which paper it is a copy"
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 nothing of ours")
    assert run("verify", tmp_path / "other.pdf")[1]["status"] == "unknown"
    profile(tmp_path, 3900, "second.xlsx")
    snapshot("quality-2017", "--freeze")
    assert run("verify", tmp_path / "first.pdf")[1]["status"] == "superseded"
    assert (
        hashlib.sha256(paper(tmp_path, "again.pdf")).hexdigest()
        == hashlib.sha256(paper(tmp_path, "again.pdf")).hexdigest()
    )
