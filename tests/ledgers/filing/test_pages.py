"""Pages and API of filings: the stranger gets 404, verbs are compared with the version seen, the verdict is readable."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.passwords import issue_token
from jobs.models import Job
from jobs.runner import drain, run_job
from ledgers import showing
from ledgers.models import Filing, State, Version
from ledgers.services import giving, submit_version
from schools.periods import fiscal_year

from .conftest import ROWS, YEAR, county_workbook, workbook
from .test_lifecycle import FEWER, OPERATOR, at, doubtful

pytestmark = pytest.mark.django_db


@pytest.fixture
def login(client):
    """login(user) -> the browser of that user."""

    def run(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return run


@pytest.fixture
def api(client):
    """api(user) -> call(method, path, data) with that user's token."""

    def run(user):
        header = {"HTTP_AUTHORIZATION": f"Token {issue_token(user)}"}

        def call(method, path, data=None, **extra):
            kind = {} if method == "get" or extra.pop("multipart", False) else {"content_type": "application/json"}
            return getattr(client, method)(f"/api/v1/{path}", data, **kind, **header)

        return call

    return run


def page_of(version, name="version"):
    return reverse(f"ledgers:{name}", args=[version.filing_id, version.number])


def test_the_clerk_sends_a_workbook_and_reads_the_verdict(login, cast):
    browser = login(cast.clerk)
    form = browser.get(reverse("ledgers:upload", args=["classes"]))
    assert form.status_code == 200
    data = {
        "county": "999901",
        "year": YEAR,
        "school": cast.school.code,
        "file": SimpleUploadedFile("班级.xlsx", workbook([*ROWS, ["三年级", "1班", "很多"]])),
    }
    answer = browser.post(reverse("ledgers:upload", args=["classes"]), data)
    assert answer.status_code == 302, answer.content.decode()
    version = Version.objects.get()
    page = browser.get(answer["Location"]).content.decode()
    assert version.receipt in page
    assert reverse("ledgers:progress", args=[version.filing_id, 1]) in page
    run_job(version.job_id)
    page = browser.get(answer["Location"]).content.decode()
    assert "C5" in page
    assert "很多" in page
    assert "读入" in page


def test_progress_asks_for_a_fresh_page_when_done(login, cast, send):
    version = send(check=False)
    browser = login(cast.clerk)
    assert "hx-trigger" in browser.get(page_of(version, "progress")).content.decode()
    run_job(version.job_id)
    assert "data-reload" in browser.get(page_of(version, "progress")).content.decode()


def test_every_page_of_a_filing_is_404_to_strangers(login, cast, send, client):
    version = send()
    for person in (cast.stranger, cast.inspector):
        browser = login(person)
        for name in ("version", "progress", "preview", "problems", "original"):
            assert browser.get(page_of(version, name)).status_code == 404, name
        assert browser.get(reverse("ledgers:filing", args=[version.filing_id])).status_code == 404
        assert browser.post(page_of(version, "do"), {"verb": "submit"}).status_code == 404


def test_a_clerk_sees_only_the_own_school(login, cast, send):
    other = send(school=cast.other_school)
    assert login(cast.clerk).get(page_of(other)).status_code == 404


def test_the_officer_approves_on_the_page_and_a_late_click_changes_nothing(login, cast, send):
    version = send()
    submit_version(**at(version), by=OPERATOR)
    browser = login(cast.officer)
    assert "审核通过" in browser.get(page_of(version)).content.decode()
    assert browser.get(reverse("ledgers:inbox")).content.decode().count(cast.school.name) >= 1
    for _ in range(2):
        assert browser.post(page_of(version, "do"), {"verb": "approve"}).status_code == 302
    version.refresh_from_db()
    assert version.state == State.APPROVED
    assert version.steps.filter(verb="approve").count() == 1


def test_whoever_reviews_is_led_to_the_next_filing(login, cast, send):
    versions = [send(workbook([["一年级", "1班", pupils]]), school=school) for pupils, school in enumerate((cast.school, cast.other_school), start=40)]
    for version in versions:
        submit_version(**at(version), by=OPERATOR)
    browser = login(cast.officer)
    first, second = (browser.post(page_of(version, "do"), {"verb": "approve"}, follow=True).content.decode() for version in versions)
    onward = reverse("ledgers:filing", args=[versions[1].filing_id])
    assert "还有 1 份等您办理" in first and f'<a href="{onward}">下一份：{cast.other_school.name}《' in first
    assert "没有别的台账等您办理" in second


def test_a_fiscal_year_leads_to_the_upload_of_the_school_year_it_serves(login, cast):
    filing = Filing.objects.create(county=cast.county, ledger="county_finance", period=fiscal_year(2025))
    answer = login(cast.officer).get(reverse("ledgers:filing", args=[filing.pk]))
    assert answer["Location"].endswith("&year=2026")
    assert '<option value="2025" selected>2025年度' in login(cast.officer).get(answer["Location"]).content.decode()


def test_who_only_looks_on_is_not_told_to_upload(login, cast, send):
    page = page_of(send(workbook([*ROWS, ["三年级", "1班", "很多"]])))
    assert "等填报员改正" in login(cast.head).get(page).content.decode()
    assert "等填报员改正" not in login(cast.clerk).get(page).content.decode()


def test_doubts_are_explained_on_the_page(login, cast, send):
    version = send(doubtful())
    browser = login(cast.clerk)
    key = version.unexplained[0]["key"]
    page = browser.get(page_of(version)).content.decode()
    assert f'name="doubt-{key}"' in page
    assert 'value="submit"' not in page
    browser.post(page_of(version, "do"), {"verb": "explain", f"doubt-{key}": "合计含借读生"})
    page = browser.get(page_of(version)).content.decode()
    assert 'value="submit"' in page
    assert "合计含借读生" in page


def test_cell_text_cannot_become_markup(login, cast, send):
    version = send(workbook([["一年级", "1班", "<script>alert(1)</script>"]]))
    page = login(cast.clerk).get(page_of(version)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_the_preview_counts_rows(login, cast, send, approve):
    approve(send())
    version = send(workbook(FEWER))
    page = login(cast.clerk).get(page_of(version, "preview")).content.decode()
    assert "改动 <strong>1</strong> 行" in page
    assert "减少 <strong>1</strong> 行" in page


def test_the_original_is_an_attachment_and_its_download_is_logged(login, cast, send):
    data = workbook()
    version = send(data)
    answer = login(cast.clerk).get(page_of(version, "original"))
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="version.downloaded", username="clerk").count() == 1


def test_the_list_of_a_clerk_names_each_ledger(login, cast, send):
    send()
    page = login(cast.clerk).get(reverse("ledgers:mine"), {"year": YEAR}).content.decode()
    assert "班级" in page
    assert cast.other_school.name not in page


def test_upload_job_and_verdict_by_api(api, cast):
    call = api(cast.clerk)
    data = {
        "file": SimpleUploadedFile("a.xlsx", workbook()),
        "ledger": "classes",
        "county": "999901",
        "year": YEAR,
        "school": cast.school.code,
    }
    answer = call("post", "uploads/", data, multipart=True)
    assert answer.status_code == 202, answer.content
    receipt = answer.json()
    assert set(receipt) == {"filing", "version", "job"}
    job = call("get", f"jobs/{receipt['job']}/").json()
    assert (job["state"], job["place"], set(job)) == ("waiting", 1, {"state", "progress", "place", "result"})
    run_job(receipt["job"])
    assert call("get", f"jobs/{receipt['job']}/").json()["result"] == {
        "filing": receipt["filing"],
        "version": 1,
        "state": "checked",
    }
    verdict = call("get", f"filings/{receipt['filing']}/versions/1/").json()
    assert (verdict["status"], verdict["files"][0]["rows_read"]) == ("clean", 3)
    listed = call("get", f"filings/?county=999901&year={YEAR}&ledger=classes&state=checked").json()
    assert (listed["count"], listed["results"][0]["school"]) == (1, cast.school.code)
    assert call("get", "filings/?state=approved").json()["count"] == 0


def test_verbs_by_api_answer_200_403_404_and_409(api, cast, send):
    version = send()
    path = f"filings/{version.filing_id}"
    clerk, officer, stranger = api(cast.clerk), api(cast.officer), api(cast.stranger)
    assert clerk("post", f"{path}/submit/", {"version": 7}).status_code == 409
    assert clerk("post", f"{path}/submit/", {"version": 1}).status_code == 200
    assert clerk("post", f"{path}/approve/", {"version": 1}).status_code == 403
    assert stranger("post", f"{path}/approve/", {"version": 1}).status_code == 404
    assert stranger("get", f"{path}/versions/1/").status_code == 404
    assert stranger("get", f"jobs/{version.job_id}/").status_code == 404
    assert officer("post", f"{path}/explode/", {"version": 1}).status_code == 400
    answer = officer("post", f"{path}/approve/", {"version": 1})
    assert (answer.status_code, answer.json()["state"], answer.json()["standing"]) == (200, "approved", 1)
    assert officer("post", f"{path}/approve/", {"version": 1}).status_code == 409


def test_extra_keys_in_an_upload_change_nothing(api, cast):
    data = {"file": SimpleUploadedFile("a.xlsx", workbook()), "ledger": "classes", "county": "999901", "year": YEAR, "school": cast.school.code,
            "state": "approved", "uploaded_by": "1", "number": "9"}  # fmt: skip
    api(cast.clerk)("post", "uploads/", data, multipart=True)
    version = Version.objects.get()
    assert (version.state, version.number, version.uploaded_by) == ("received", 1, cast.clerk.pk)


def test_an_upload_for_a_foreign_school_or_county_is_404(api, cast):
    call = api(cast.clerk)
    for county, school in (("999901", cast.other_school.code), ("999902", cast.foreign_school.code), ("999902", "")):
        data = {
            "file": SimpleUploadedFile("a.xlsx", workbook()),
            "ledger": "classes",
            "county": county,
            "year": YEAR,
            "school": school,
        }
        assert call("post", "uploads/", data, multipart=True).status_code == 404
    assert not Job.objects.exists()


def test_the_list_takes_the_same_queries_for_few_and_many(cast, send, django_assert_max_num_queries, api):
    for school in (cast.school, cast.point, cast.other_school):
        send(school=school, check=False)
    call = api(cast.officer)
    with django_assert_max_num_queries(12):
        assert call("get", "filings/").json()["count"] == 3


def test_the_template_is_a_download_with_the_own_school(login, cast):
    browser = login(cast.clerk)
    path = reverse("ledgers:template", args=["classes"])
    answer = browser.get(path, {"county": "999901", "school": cast.school.code, "year": YEAR})
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert browser.get(path, {"county": "999901", "school": cast.other_school.code}).status_code == 404
    assert browser.get(path, {"county": "999902"}).status_code == 404
    assert login(cast.inspector).get(path).status_code == 403


def test_the_own_workbook_comes_back_marked(login, cast, send):
    version = send(workbook([*ROWS, ["三年级", "1班", "很多"]]))
    browser = login(cast.clerk)
    path = page_of(version, "marked")
    assert path in browser.get(page_of(version)).content.decode()
    answer = browser.get(path)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    assert book["班级情况"]["C5"].comment is not None
    assert AuditEvent.objects.filter(action="version.marked_downloaded").count() == 1
    assert login(cast.stranger).get(path).status_code == 404


def test_a_large_workbook_is_marked_by_a_job(login, cast, send, monkeypatch):
    monkeypatch.setattr(giving, "AT_ONCE", 0)
    monkeypatch.setattr(showing, "AT_ONCE", 0)
    version = send(workbook([*ROWS, ["三年级", "1班", "很多"]]))
    browser = login(cast.clerk)
    assert browser.get(page_of(version, "marked")).status_code == 404
    assert browser.post(page_of(version, "marked")).status_code == 302
    job = Job.objects.get(kind=giving.MARK)
    assert f'hx-get="{reverse("jobs:progress", args=[job.pk])}"' in browser.get(page_of(version)).content.decode()
    assert [job.state for job in drain([giving.MARK])] == ["done"]
    assert browser.get(page_of(version, "marked")).status_code == 200


def test_a_county_workbook_is_shown_with_its_schools_and_walks_as_one(login, cast, send):
    carrier = send(county_workbook(cast.school, cast.other_school), school=None, by=cast.actor(cast.officer))
    browser = login(cast.officer)
    page = browser.get(page_of(carrier)).content.decode()
    assert cast.school.name in page
    assert cast.other_school.name in page
    for verb in ("submit", "approve"):
        assert f'value="{verb}"' in browser.get(page_of(carrier)).content.decode()
        browser.post(page_of(carrier, "do"), {"verb": verb})
    carrier.refresh_from_db()
    assert {carrier.state, *(part.state for part in carrier.parts.all())} == {State.APPROVED}
    part = carrier.parts.get(filing__school=cast.school)
    clerk = login(cast.clerk)
    assert clerk.get(page_of(part)).status_code == 200
    assert clerk.get(page_of(part, "original")).status_code == 403
    assert clerk.get(page_of(carrier)).status_code == 404


def test_the_lists_ask_no_more_for_many_than_for_few(login, cast, send, django_assert_max_num_queries):
    for pupils, school in enumerate((cast.school, cast.point, cast.other_school), start=40):
        version = send(workbook([["一年级", "1班", pupils]]), school=school)
        submit_version(**at(version), by=OPERATOR)
    browser = login(cast.officer)
    for name in ("inbox", "mine"):
        browser.get(reverse(f"ledgers:{name}"), {"year": YEAR})
        with django_assert_max_num_queries(15):
            assert browser.get(reverse(f"ledgers:{name}"), {"year": YEAR}).status_code == 200
