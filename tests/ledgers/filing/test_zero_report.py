"""零报告: nothing of the kind, said on purpose; a filing that is explained, submitted and approved as any other."""
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.passwords import issue_token
from dropout.models import Case, CaseState, Child, Opening
from ledgers.models import Channel, Filing, State, Version
from ledgers.services import (
    BadRequest,
    WrongState,
    approve_version,
    explain_doubts,
    receive,
    report_zero,
    submit_version,
    withdraw_version,
)
from schools.models import Dataset
from tests.factories import make_cast, sign_in

pytestmark = pytest.mark.django_db
YEAR = 2025


@pytest.fixture
def cast():
    return make_cast()


def zero(cast, ledger="dropout_cases", **more):
    given = {"county": cast.county, "ledger": ledger, "year": YEAR, "school": cast.school, "by": cast.actor(cast.clerk)}
    return report_zero(**{**given, **more})


def test_a_zero_report_is_a_checked_version_and_stands_once_approved(cast):
    version = zero(cast)
    assert (version.state, version.channel, version.file, version.rows_read) == (State.CHECKED, Channel.ZERO, None, 0)
    submit_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.clerk))
    approve_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.officer))
    dataset = Dataset.objects.get()
    assert (dataset.zero_report, dataset.rows, dataset.state) == (True, 0, "standing")


def test_said_twice_it_is_the_same_version(cast):
    assert zero(cast).pk == zero(cast).pk
    assert Version.objects.count() == 1


@pytest.mark.parametrize(("ledger", "who"), [("classes", "clerk"), ("dropout_cases", "inspector")])
def test_only_where_there_may_be_nothing_and_by_whoever_files(cast, ledger, who):
    with pytest.raises((BadRequest, PermissionDenied)) as refused:
        zero(cast, ledger, by=cast.actor(getattr(cast, who)))
    assert "零报告" in str(refused.value) or "权限" in str(refused.value)
    assert not Version.objects.exists()


def test_the_upload_page_offers_it_and_it_works_without_a_file(cast, client):
    sign_in(client, cast.clerk)
    address = reverse("ledgers:upload", args=["dropout_cases"]) + f"?county=999901&year={YEAR}"
    assert 'name="zero"' in client.get(address).content.decode()
    assert 'name="zero"' not in client.get(reverse("ledgers:upload", args=["classes"]) + f"?county=999901&year={YEAR}").content.decode()
    sent = client.post(address, {"year": YEAR, "school": cast.school.code, "zero": "1"})
    assert sent.status_code == 302
    page = client.get(sent.url).content.decode()
    assert "零报告：本期没有此类情况" in page
    filing = Filing.objects.get()
    assert (filing.school, filing.latest.channel) == (cast.school, Channel.ZERO)
    assert client.post(address, {"year": YEAR, "school": cast.school.code}).status_code == 422


def test_without_a_school_it_asks_for_one(cast, client):
    sign_in(client, cast.officer)
    address = reverse("ledgers:upload", args=["dropout_cases"]) + f"?county=999901&year={YEAR}"
    answer = client.post(address, {"year": YEAR, "school": "", "zero": "1"})
    assert answer.status_code == 422
    assert "请先选定学校" in answer.content.decode()


def test_an_open_case_speaks_against_it_until_explained(cast):
    child = Child.objects.create(county=cast.county, person_key="k" * 32, masked_name="李**", school=cast.school)
    Case.objects.create(county=cast.county, child=child, number="2025-0007", state=CaseState.SUSPECTED, state_since="2025-09-10", opening=Opening.PERSON,
                        opened_on="2025-09-10", absent_since="2025-09-08")  # fmt: skip
    version = zero(cast)
    (group,) = version.unexplained
    assert group["code"] == "case-not-in-ledger"
    assert "2025-0007" in group["first"]["message"]
    explain_doubts(filing_id=version.filing_id, number=1, texts={group["key"]: "该生昨日刚立案，下次报送。"}, by=cast.actor(cast.clerk))
    submit_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.clerk))


def test_it_can_be_withdrawn_and_said_again(cast):
    version = zero(cast, "exchange")
    submit_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.clerk))
    approve_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.officer))
    assert zero(cast, "exchange").pk == version.pk, "what stands is not said again"
    withdraw_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.lead))
    assert Filing.objects.get().standing is None
    again = zero(cast, "exchange")
    assert again.number > 1 and again.state == State.CHECKED


def test_what_the_offices_have_in_hand_is_not_replaced_by_a_workbook(cast):
    version = zero(cast, "exchange")
    submit_version(filing_id=version.filing_id, number=1, by=cast.actor(cast.clerk))
    with pytest.raises(WrongState):
        receive(county=cast.county, ledger="exchange", year=YEAR, school=cast.school, data=b"x", name="x.xlsx", channel=Channel.BROWSER, by=cast.actor(cast.clerk))


def test_it_can_be_said_by_api(cast, client):
    header = {"HTTP_AUTHORIZATION": f"Token {issue_token(cast.clerk)}"}
    data = {"county": "999901", "year": YEAR, "school": cast.school.code, "ledger": "exchange"}
    assert client.post("/api/v1/uploads/", data, **header).status_code == 400
    answer = client.post("/api/v1/uploads/", {**data, "zero": "true"}, **header)
    assert answer.status_code == 202 and answer.json()["version"] == 1 and answer.json()["job"] is None
    assert Filing.objects.get().latest.channel == Channel.ZERO
    assert client.post("/api/v1/uploads/", {**data, "ledger": "classes", "zero": "true"}, **header).status_code == 400
