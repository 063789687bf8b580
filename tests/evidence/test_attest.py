"""Attesting evidence: the command, what it refuses, what stands afterwards, and the result made from it."""
import json
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from accounts.models import AuditEvent
from evidence.models import Attestation, Citation, EvidenceDocument
from evidence.services import NotAttested, add_document, attest, cited_items, history, standing_evidence
from files import store
from indicators import snapshots
from schools.models import Dataset
from tests.factories import OPERATOR, make_cast

pytestmark = pytest.mark.django_db
YEAR, STANDARD = 2025, "quality-2017"
PDF = b"%PDF-1.7 evidence"
PAPER = {"title": "学校布局规划", "issuer": "清河县人民政府", "number": "", "date": "2024-03-01", "page": "3-5"}
G1 = {"code": "G1", "met": True, "conclusion": "布局规划合理。", "values": {"schools": 24}, "documents": [PAPER],
      "decided_by": "县教育局", "decided_on": "2025-10-01"}


@pytest.fixture
def cast():
    return make_cast()


def run(tmp_path, content, *arguments: str, county: str = "999901") -> tuple[int, dict]:
    path = tmp_path / "evidence.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) if arguments[-1:] == ("!",) else _done() as ended:
        call_command("attest", str(path), "--county", county, "--year", str(YEAR), "--standard", STANDARD,
                     *[a for a in arguments if a != "!"], stdout=out, stderr=err)
    code = ended.value.code if ended is not None else 0
    return code, json.loads(out.getvalue())


class _done:
    def __enter__(self):
        return None

    def __exit__(self, *error):
        return False


def item_of(county, code: str) -> dict:
    rules = snapshots.payload(snapshots.compute(county, STANDARD, YEAR))["rulesets"]["national"]
    return next(entry for entry in rules["items"] if entry["code"] == code)


def test_the_command_takes_everything_the_contract_names(cast, tmp_path):
    (tmp_path / "plan.pdf").write_bytes(PDF)
    content = {
        "items": [G1 | {"documents": [PAPER | {"file": "plan.pdf"}]}],
        "vetoes": [{"code": "V1", "found": False, "detail": ""}],
        "survey": [{"group": "all", "issued": 500, "valid": 480, "satisfied": 470, "visited": 50, "visit_satisfied": 49}],
        "monitoring": [{"subject": "语文", "level": "Ⅲ", "difference_rate": 0.149}],
        "points": [], "past": [{"standard": "basic-2012", "year": 2015, "recognised": True, "composite": {"primary": 0.4, "junior": 0.35}}],
    }
    code, answer = run(tmp_path, content, "--as", "officer")
    assert code == 0 and answer["status"] == "done" and answer["entries"] == {
        "items": 1, "vetoes": 1, "survey": 1, "monitoring": 1, "points": 0, "past": 1,
    }
    held = standing_evidence(cast.county, YEAR)
    entry = held.items[STANDARD, "G1"]
    assert entry.met and entry.values == {"schools": "24"} and entry.documents[0].page == "3-5"
    assert str(held.monitoring[STANDARD, "chinese"].difference_rate) == "149/1000"
    stored = EvidenceDocument.objects.get().file
    assert store.read(stored) == PDF and stored.county_code == "999901"
    assert AuditEvent.objects.get(action="evidence.attested").username == "officer"


def test_an_item_attested_moves_from_open_to_met_in_the_result(cast):
    assert item_of(cast.county, "G1")["reason"] == "missing"
    done = attest(cast.county, YEAR, STANDARD, {"items": [G1]}, by=OPERATOR)
    entry = item_of(cast.county, "G1")
    assert (entry["met"], entry["detail"]) == (True, "布局规划合理。")
    assert entry["attested"]["documents"][0]["title"] == "学校布局规划" and entry["attested"]["decided_on"] == "2025-10-01"
    assert done.dataset.pk in snapshots.dataset_ids(snapshots.current(cast.county, STANDARD, YEAR))


def test_a_later_entry_replaces_the_earlier_and_the_history_stays(cast):
    attest(cast.county, YEAR, STANDARD, {"items": [G1, G1 | {"code": "G2"}]}, by=OPERATOR)
    attest(cast.county, YEAR, STANDARD, {"items": [G1 | {"met": False, "conclusion": "新建小区没有配套学校。", "documents": []}]}, by=OPERATOR)
    attest(cast.county, YEAR, STANDARD, {"vetoes": [{"code": "V1", "found": False}]}, by=OPERATOR)
    held = standing_evidence(cast.county, YEAR)
    assert held.items[STANDARD, "G1"].met is False and held.items[STANDARD, "G1"].documents == ()
    assert held.items[STANDARD, "G2"].met and held.items[STANDARD, "G2"].documents
    assert [entry.met for entry in history(cast.county, YEAR, STANDARD, "G1")] == [False, True]
    assert Dataset.objects.filter(ledger="attested", state="standing").count() == 1


def test_a_frozen_result_keeps_the_evidence_it_stood_on(cast):
    attest(cast.county, YEAR, STANDARD, {"items": [G1]}, by=OPERATOR)
    before = snapshots.compute(cast.county, STANDARD, YEAR)
    old = snapshots.payload(before)["rulesets"]["national"]["items"]
    attest(cast.county, YEAR, STANDARD, {"items": [G1 | {"met": False}]}, by=OPERATOR)
    cast.county.refresh_from_db()
    assert snapshots.is_stale(before), "another word, another result"
    assert item_of(cast.county, "G1")["met"] is False and next(i for i in old if i["code"] == "G1")["met"] is True


def test_one_document_serves_several_items_and_is_kept_once(cast):
    attest(cast.county, YEAR, STANDARD, {"items": [G1, G1 | {"code": "G2"}, G1 | {"code": "E3"}]}, by=OPERATOR)
    assert EvidenceDocument.objects.count() == 1 and Citation.objects.count() == 3
    served = cited_items(standing_evidence(cast.county, YEAR))
    assert sorted(served[EvidenceDocument.objects.get().pk]) == [(STANDARD, "E3"), (STANDARD, "G1"), (STANDARD, "G2")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"items": [G1 | {"code": "G99"}]}, "没有代码为“G99”的认定条目"),
        ({"items": [G1 | {"code": "G4"}]}, "没有代码为“G4”的认定条目"),
        ({"items": [G1 | {"met": "yes"}]}, "应填写 true（是）或 false（否）"),
        ({"items": [G1 | {"conclusion": " "}]}, "缺少结论"),
        ({"items": [G1, G1]}, "出现了两次"),
        ({"items": [G1 | {"documents": [PAPER | {"date": "去年"}]}]}, "应写成 2025-09-01 的样子"),
        ({"items": [G1 | {"documents": [PAPER | {"file": "没有.pdf"}]}]}, "找不到附件"),
        ({"items": [G1 | {"documents": [PAPER | {"file": f"{n}.pdf"} for n in range(6)]}]}, "最多附 5 个文件"),
        ({"vetoes": [{"code": "V1", "found": True}]}, "缺少情况"),
        ({"survey": [{"group": "all", "issued": 10, "valid": 11, "satisfied": 5}]}, "有效问卷数不能多于问卷总数"),
        ({"monitoring": [{"subject": "地理", "level": 3, "difference_rate": "0.1"}]}, "学科“地理”应为"),
        ({"monitoring": [{"subject": "语文", "level": 3, "difference_rate": "-0.1"}]}, "应为不小于 0 的数"),
        ({"points": [{"code": "W1", "self": 5}]}, "没有代码为“W1”的评分条目"),
        ({"past": [{"standard": "basic-2012", "year": "去年", "recognised": True}]}, "四位数的年份"),
        ({"vetos": []}, "没有“vetos”这一部分"),
        ([], "应是一个 JSON 对象"),
        ({}, "没有可录入的内容"),
    ],
)
def test_it_refuses_what_it_cannot_take_and_changes_nothing(cast, tmp_path, content, sentence):
    code, answer = run(tmp_path, content, "!")
    assert code == 1 and answer["status"] == "refused"
    assert any(sentence in problem["message"] for problem in answer["problems"]), answer
    assert not Attestation.objects.exists() and not Dataset.objects.exists() and not EvidenceDocument.objects.exists()


def test_wrong_usage_ends_with_2(cast, tmp_path):
    assert run(tmp_path, {"items": [G1]}, "!", county="123456")[0] == 2
    assert run(tmp_path, "{不是 JSON", "!")[0] == 2
    assert run(tmp_path, {"items": [G1]}, "--as", "nobody", "!")[0] == 2
    assert run(tmp_path, {"items": [G1]}, "--standard", "gold-2030", "!")[0] == 2


def test_only_the_bureau_of_the_county_attests(cast, tmp_path):
    for name in ("clerk", "inspector", "stranger", "supervisor"):
        assert run(tmp_path, {"items": [G1]}, "--as", name, "!")[0] == 1
        with pytest.raises(PermissionDenied):
            attest(cast.county, YEAR, STANDARD, {"items": [G1]}, by=cast.actor(getattr(cast, name)))
    assert not Attestation.objects.exists()
    assert run(tmp_path, {"items": [G1]}, "--as", "lead")[0] == 0


@pytest.mark.parametrize(("name", "content"), [("plan.exe", b"MZ"), ("plan.pdf", b"MZ no pdf"), ("plan", PDF)])
def test_a_file_of_another_kind_is_refused(cast, name, content):
    with pytest.raises(NotAttested, match="类型不能接收"):
        add_document(cast.county, title="规划", issuer="县政府", file=content, file_name=name, by=OPERATOR)


def test_a_file_over_the_limit_is_refused(cast, settings):
    settings.EVIDENCE_UPLOAD_BYTES = 10
    with pytest.raises(NotAttested, match="超过"):
        add_document(cast.county, title="规划", issuer="县政府", file=PDF, file_name="规划.pdf", by=OPERATOR)


def test_another_countys_document_is_not_cited(cast):
    paper = add_document(cast.foreign_county, title="规划", issuer="邻河县政府", by=OPERATOR)
    with pytest.raises(NotAttested, match="不在本县的佐证目录里"):
        attest(cast.county, YEAR, STANDARD, {"items": [G1 | {"documents": [{"document": paper.pk}]}]}, by=OPERATOR)
