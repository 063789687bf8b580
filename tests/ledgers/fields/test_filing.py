"""The county's own ledgers walk the whole way without a school: command, API, pages, matrix, approval, withdrawal."""
import io
import json

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.passwords import issue_token
from jobs.runner import drain
from ledgers.models import Filing, State, Version
from ledgers.services import filing_matrix
from schools.factset import standing_set
from schools.models import CountyNumbers, Dataset, PeriodKind
from schools.parameters import NATIONAL
from schools.provenance import locate
from schools.quantity import COUNTY_KEY, QUANTITIES
from tests.factories import make_cast, make_person, sign_in
from tests.ledgers.checking.helpers import TEACHER_HEAD, id_number, teacher

from .test_exchange import HEAD as EXCHANGE_HEAD
from .test_exchange import move
from .test_money import FUNDS, NUMBERS, YEAR
from .test_training import WIDE

pytestmark = pytest.mark.django_db


def book(*rows, sheet="表") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def one_row(values: dict) -> bytes:
    return book(values, values.values())


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def import_ledger(cast, tmp_path):
    """import_ledger(ledger, bytes, *arguments, year=…) -> (exit code, JSON)."""

    def run(ledger: str, data: bytes, *arguments: str, year: int = 2025):
        path, out, code = tmp_path / f"{ledger}.xlsx", io.StringIO(), 0
        path.write_bytes(data)
        try:
            call_command("import_ledger", ledger, str(path), "--county", "999901", "--year", str(year), "--json", *arguments, stdout=out, stderr=io.StringIO())
        except SystemExit as end:
            code = end.code
        return code, json.loads(out.getvalue())

    return run


def test_the_command_takes_a_county_ledger_without_a_school(cast, import_ledger):
    code, answer = import_ledger("county_numbers", one_row(NUMBERS), "--commit")
    assert (code, answer["status"]) == (0, "clean"), answer["problems"]
    filing = Filing.objects.get()
    assert (filing.school, filing.standing.state) == (None, State.APPROVED)
    facts = standing_set(cast.county, 2025)
    assert QUANTITIES["teacher_pay"].tally(facts, NATIONAL) == {COUNTY_KEY: 10_500_000}
    (cell,) = QUANTITIES["teacher_pay"].cells(facts, NATIONAL, *COUNTY_KEY)
    place = locate(cell)
    assert (place.sheet, place.cell, place.ledger, place.school_id) == ("表", "A2", "county_numbers", None)


def test_a_fault_in_a_county_ledger_is_told_once_and_changes_nothing(cast, import_ledger):
    code, answer = import_ledger("county_numbers", one_row({**NUMBERS, "适龄残疾儿童少年数": 200}), "--commit")
    assert (code, answer["status"]) == (1, "faulty")
    assert [p["code"] for p in answer["problems"] if p["level"] == "error"] == ["part-above-whole"]
    assert not Dataset.objects.exists()


def test_fiscal_ledgers_belong_to_their_calendar_year_and_serve_the_school_year_after(cast, import_ledger):
    code, answer = import_ledger("county_finance", one_row(YEAR), "--commit")
    assert code == 0, answer["problems"]
    period = Dataset.objects.get().period
    assert (period.kind, period.year) == (PeriodKind.FISCAL_YEAR, 2025)
    assert COUNTY_KEY in QUANTITIES["education_appropriation"].tally(standing_set(cast.county, 2026), NATIONAL)
    assert QUANTITIES["education_appropriation"].tally(standing_set(cast.county, 2025), NATIONAL) == {}


def test_restating_a_final_year_is_a_doubt_that_must_be_explained(cast, import_ledger):
    before = {**YEAR, "年度": 2024, "义务教育预算内经费拨款": 1000}
    assert import_ledger("county_finance", one_row(before), "--commit", year=2024)[0] == 0
    rows = book(YEAR, YEAR.values(), {**before, "义务教育预算内经费拨款": 999}.values())
    code, answer = import_ledger("county_finance", rows, "--commit")
    assert (code, [p["code"] for p in answer["problems"]]) == (1, ["restated"])
    assert import_ledger("county_finance", rows, "--commit", "--explain", "按同口径扣除了学前教育。")[0] == 0


def test_the_api_takes_a_county_ledger_and_walks_it_to_approval(cast, client):
    headers = {"HTTP_AUTHORIZATION": f"Token {issue_token(cast.officer)}"}
    upload = io.BytesIO(one_row(NUMBERS))
    upload.name = "县级数据.xlsx"
    answer = client.post("/api/v1/uploads/", {"file": upload, "ledger": "county_numbers", "county": "999901", "year": 2025}, **headers)
    assert answer.status_code == 202, answer.content
    drain()
    filing = answer.json()["filing"]
    verdict = client.get(f"/api/v1/filings/{filing}/versions/1/", **headers).json()
    assert verdict["status"] == "clean"
    for verb in ("submit", "approve"):
        done = client.post(f"/api/v1/filings/{filing}/{verb}/", {"version": 1}, content_type="application/json", **headers)
        assert done.status_code == 200, done.content
    assert CountyNumbers.objects.count() == 1
    assert client.post(f"/api/v1/filings/{filing}/withdraw/", {"version": 1, "reason": "错"}, content_type="application/json",
                       HTTP_AUTHORIZATION=f"Token {issue_token(cast.lead)}").status_code == 200  # fmt: skip
    assert QUANTITIES["teacher_pay"].tally(standing_set(cast.county, 2025), NATIONAL) == {}


@pytest.mark.parametrize("who", ["clerk", "head", "stranger"])
def test_a_county_ledger_is_not_for_schools_or_strangers(cast, client, who):
    upload = io.BytesIO(one_row(NUMBERS))
    upload.name = "县级数据.xlsx"
    answer = client.post("/api/v1/uploads/", {"file": upload, "ledger": "county_numbers", "county": "999901", "year": 2025},
                         HTTP_AUTHORIZATION=f"Token {issue_token(getattr(cast, who))}")  # fmt: skip
    assert answer.status_code in (403, 404)
    assert not Version.objects.exists()


def test_a_department_files_its_own_county_ledger_only(cast, client):
    finance = make_person("finance", "department_filer", "999901", ledgers=["county_finance"])
    headers = {"HTTP_AUTHORIZATION": f"Token {issue_token(finance)}"}
    for ledger, data, status in (("county_finance", one_row(YEAR), 202), ("county_numbers", one_row(NUMBERS), 403)):
        upload = io.BytesIO(data)
        upload.name = "表.xlsx"
        answer = client.post("/api/v1/uploads/", {"file": upload, "ledger": ledger, "county": "999901", "year": 2025}, **headers)
        assert answer.status_code == status, answer.content


def test_pages_offer_upload_verdict_and_slot_of_a_county_ledger(cast, client):
    sign_in(client, cast.officer)
    page = client.get(reverse("ledgers:upload", args=["county_finance"]) + "?county=999901&year=2026")
    assert page.status_code == 200
    text = page.content.decode()
    assert '<option value="2025" selected>2025年度</option>' in text
    assert 'name="school"' not in text
    upload = io.BytesIO(one_row(YEAR))
    upload.name = "三个增长.xlsx"
    sent = client.post(reverse("ledgers:upload", args=["county_finance"]) + "?county=999901", {"year": 2025, "file": upload})
    assert sent.status_code == 302, sent.content.decode()
    drain()
    assert "县级教育经费表" in client.get(sent.url).content.decode()
    mine = client.get(reverse("ledgers:mine") + "?county=999901&year=2026")
    assert mine.status_code == 200
    assert "县级教育经费表" in mine.content.decode()
    row = filing_matrix(cast.county, 2026, [])[0]
    assert (row.school, row.slots["county_finance"].state, row.slots["county_numbers"].state) == (None, State.CHECKED, "none")
    assert client.get(reverse("ledgers:template", args=["county_finance"]) + "?county=999901&year=2026").status_code == 200


# --- persons ------------------------------------------------------------------------------------------------------------
def roster(import_ledger, *sequences, school="9999010001"):
    rows = [teacher(n, 任教学段="小学") for n in sequences]
    code, answer = import_ledger("teachers", book(TEACHER_HEAD, *rows), "--school", school, "--commit", "--explain", "已核实")
    assert code == 0, answer["problems"]


def exchange(*rows) -> bytes:
    return book(EXCHANGE_HEAD, *rows)


def to_junior(sequence, **changed) -> tuple:
    return move(sequence, **{"交流到(接收)学校": "城关中学", **changed})


def test_a_person_on_no_roster_is_an_error_when_the_rosters_stand(cast, import_ledger):
    code, answer = import_ledger("exchange", exchange(to_junior(2)))
    assert (code, [p["code"] for p in answer["problems"]]) == (0, ["person-without-roster"])
    roster(import_ledger, 2)
    code, answer = import_ledger("exchange", exchange(to_junior(2), to_junior(4)))
    assert [p["code"] for p in answer["problems"]] == ["person-without-roster"]
    junior = [teacher(6, 任教学段="初中", 教师资格证种类="初级中学")]
    assert import_ledger("teachers", book(TEACHER_HEAD, *junior), "--school", "9999010003", "--commit", "--explain", "已核实")[0] == 0
    # Another order of rows: the same bytes would be the same record, with the verdict it has.
    code, answer = import_ledger("exchange", exchange(to_junior(4), to_junior(2)))
    assert (code, [(p["row"], p["code"]) for p in answer["problems"]]) == (1, [(2, "person-unknown")])
    assert "王芳" not in json.dumps(answer, ensure_ascii=False)


def test_a_name_that_differs_from_the_register_is_a_doubt(cast, import_ledger):
    roster(import_ledger, 2)
    code, answer = import_ledger("exchange", exchange(to_junior(2, 姓名="李芳芳")))
    assert [p["code"] for p in answer["problems"]] == ["name-differs"]


def test_an_exchange_reported_by_two_schools_in_the_same_months_is_an_error(cast, import_ledger):
    roster(import_ledger, 2)
    assert import_ledger("exchange", exchange(to_junior(2)), "--commit")[0] == 0
    again = to_junior(2, 派出学校="城关中学", 开始时间="2026-03", **{"交流到(接收)学校": "向阳小学"})
    code, answer = import_ledger("exchange", exchange(again))
    assert (code, [p["code"] for p in answer["problems"]]) == (1, ["periods-overlap"])


def test_hours_of_a_wide_sheet_lead_back_to_their_cells(cast, import_ledger):
    roster(import_ledger, 2)
    data = book(WIDE, ("王芳", id_number(2), 72, 72, 72, 72, 72, 360))
    code, answer = import_ledger("training", data, "--school", "9999010001", "--commit")
    assert code == 0, answer["problems"]
    facts = standing_set(cast.county, 2025)
    key = (cast.school.pk, "primary")
    assert QUANTITIES["trained_teachers"].tally(facts, NATIONAL)[key] == 1
    cells = QUANTITIES["trained_teachers"].cells(facts, NATIONAL, *key)
    assert [locate(cell).cell for cell in cells] == ["C2", "D2", "E2", "F2", "G2"]


def test_school_money_is_filed_by_the_school(cast, import_ledger):
    code, answer = import_ledger("school_funds", one_row(FUNDS), "--commit")
    assert code == 0, answer["problems"]
    facts = standing_set(cast.county, 2026)
    assert QUANTITIES["public_funds_budget"].tally(facts, NATIONAL) == {(cast.school.pk, ""): 40_000_000}
    assert QUANTITIES["training_funds"].tally(facts, NATIONAL) == {(cast.school.pk, ""): 2_000_000}
