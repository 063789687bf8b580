"""Pages of evidence and of the items: who sees and who writes them, what they show, and that one document serves several items."""
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Attestation, EvidenceDocument
from evidence.services import standing_evidence
from indicators import snapshots
from tests.factories import make_cast, sign_in

pytestmark = pytest.mark.django_db
PLACE = "/evidence/999901/2025/quality-2017/"
ITEMS = "/counties/999901/2025/quality-2017/items/"
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def officer(client, cast):
    sign_in(client, cast.officer)
    return client


def document(client, title="学校布局规划"):
    said = {"title": title, "issuer": "清河县人民政府", "number": "", "date": "2024-03-01",
            "file": SimpleUploadedFile("规划.pdf", PDF, "application/pdf")}
    return client.post(PLACE + "documents/", said)


def test_a_document_is_registered_once_and_cited_by_two_items(officer, cast):
    assert document(officer).status_code == 302
    paper = EvidenceDocument.objects.get()
    for code in ("G1", "G2"):
        said = {"met": "yes", "conclusion": "符合要求。", "decided_by": "县教育局", "decided_on": "2025-10-01",
                "document-0": paper.pk, "page-0": "3"}
        assert officer.post(f"{PLACE}items/{code}/", said).status_code == 302
    held = standing_evidence(cast.county, 2025)
    assert [held.items["quality-2017", c].documents[0].page for c in ("G1", "G2")] == ["3", "3"]
    page = officer.get(PLACE).content.decode()
    assert "〔1〕学校布局规划 第 3 页" in page and "G1、G2" in page and "未认定" in page
    answer = officer.get(f"/evidence/999901/files/{paper.pk}/")
    assert b"".join(answer.streaming_content) == PDF and "attachment" in answer["Content-Disposition"]


def test_a_wrong_file_or_an_empty_conclusion_comes_back_with_its_sentence(officer):
    said = {"title": "规划", "issuer": "县政府", "file": SimpleUploadedFile("规划.exe", b"MZ")}
    answer = officer.post(PLACE + "documents/", said)
    assert answer.status_code == 422 and "类型不能接收" in answer.content.decode()
    answer = officer.post(PLACE + "items/G1/", {"met": "yes", "conclusion": ""})
    assert answer.status_code == 422 and "缺少结论" in answer.content.decode()
    answer = officer.post(PLACE + "items/G1/", {"conclusion": "写好的理由"})
    assert answer.status_code == 422 and "写好的理由" in answer.content.decode(), "nothing typed is lost"
    assert not Attestation.objects.exists()


def test_the_tables_of_the_catalogue_are_saved(officer, cast):
    survey = {"all-issued": "100", "all-valid": "98", "all-satisfied": "90"}
    assert officer.post(PLACE + "tables/survey/", survey).status_code == 302
    monitoring = {"chinese-level": "Ⅲ", "chinese-rate": "0.149"}
    assert officer.post(PLACE + "tables/monitoring/", monitoring).status_code == 302
    past = {"rows": "1", "standard-0": "basic-2012", "year-0": "2020", "recognised-0": "yes", "primary-0": "0.4"}
    assert officer.post(PLACE + "tables/past/", past).status_code == 302
    place = PLACE.replace("quality-2017", "basic-2012")
    assert officer.post(place + "tables/points/", {"W1-self": "5.5"}).status_code == 302
    held = standing_evidence(cast.county, 2025)
    assert held.survey["quality-2017", "all"].satisfied == 90 and held.points["basic-2012", "W1"].self == 5.5
    assert "0.149" in officer.get(PLACE).content.decode() and "5.5" in officer.get(place).content.decode()
    bad = officer.post(PLACE + "tables/survey/", {"all-valid": "5", "all-satisfied": "6"})
    assert bad.status_code == 422 and "不能多于" in bad.content.decode()


def test_a_veto_found_shows_and_fails_the_county(officer, cast):
    said = {"found": "yes", "conclusion": "某校组织入学考试。"}
    assert officer.post(PLACE + "items/V1/", said).status_code == 302
    assert "发现" in officer.get(PLACE).content.decode()
    assert snapshots.compute(cast.county, "quality-2017", 2025).verdict == "fail"
    page = officer.get(ITEMS).content.decode()
    assert "V1 以考试方式招生" in page
    assert "某校组织入学考试" in officer.get(ITEMS + "V1/").content.decode()


def test_the_history_of_an_item_stays_on_its_form(officer):
    for met, words in (("yes", "起初符合。"), ("no", "后来不符合。")):
        officer.post(PLACE + "items/G1/", {"met": met, "conclusion": words})
    page = officer.get(PLACE + "items/G1/").content.decode()
    assert page.index("后来不符合。</td>") < page.index("起初符合。</td>")


@pytest.mark.parametrize("path", [PLACE, PLACE + "items/G1/", ITEMS, ITEMS + "G1/"])
def test_strangers_find_nothing_and_schools_may_not_look(client, cast, path):
    snapshots.compute(cast.county, "quality-2017", 2025)
    sign_in(client, cast.stranger)
    assert client.get(path).status_code == 404
    sign_in(client, cast.clerk)
    assert client.get(path).status_code == 403


def test_an_inspector_reads_and_does_not_write(client, cast):
    sign_in(client, cast.inspector)
    assert client.get(PLACE).status_code == 200 and "登记一份文件" not in client.get(PLACE).content.decode()
    assert document(client).status_code == 403
    assert client.post(PLACE + "items/G1/", {"met": "yes", "conclusion": "好"}).status_code == 403
    assert client.post(PLACE + "tables/survey/", {"all-valid": "5"}).status_code == 403


def test_unknown_standards_items_and_files_are_404(officer):
    for path in ("/evidence/999901/2025/gold-2030/", PLACE + "items/G99/", "/evidence/999901/files/77/", ITEMS + "G99/"):
        assert officer.get(path).status_code == 404


def test_the_whole_standard_stands_on_one_screen_and_in_a_workbook(officer, cast):
    assert "还没有结果" in officer.get(ITEMS).content.decode()
    assert officer.post(PLACE + "items/G1/", {"met": "yes", "conclusion": "布局合理。"}).status_code == 302
    snapshots.compute(cast.county, "quality-2017", 2025)
    snapshots.compute(cast.county, "basic-2012", 2025)
    page = officer.get(ITEMS).content.decode()
    for part in ("资源配置", "政府保障", "教育质量", "社会认可度", "一票否决", "申报条件"):
        assert part in page
    rows = list(openpyxl.load_workbook(io.BytesIO(officer.get(ITEMS + "?format=xlsx").content)).active.values)
    assert {"G1", "E9", "S1", "V7", "C6"} <= {row[0] for row in rows}
    for standard in ("quality-2017", "basic-2012"):
        base = ITEMS.replace("quality-2017", standard)
        content = snapshots.payload(snapshots.current(cast.county, standard, 2025))
        for entry in content["rulesets"]["national"]["items"]:
            assert officer.get(f"{base}{entry['code']}/").status_code == 200
            assert officer.get(f"{base}{entry['code']}/?format=xlsx").status_code == 200
