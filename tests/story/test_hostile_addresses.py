"""Addresses no page ever shows: years out of all time, numbers without end, codes with a NUL, queries of nonsense.

Every one is answered in words (404, 400, 405 …), on both databases; nothing ends in an error page.
"""

from __future__ import annotations

import itertools

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.passwords import issue_token
from tests.factories import make_cast, sign_in

from .urls import named, wanted_arguments

pytestmark = pytest.mark.django_db

PROPER = {
    "code": "999901", "county": "999901", "year": 2026, "standard": "quality-2017", "stage": "primary", "indicator": "Q1", "school": "9999010001",
    "ledger": "classes", "item": "G1", "kind": "survey", "pack": "taizhou-2017", "verb": "approve",
}  # fmt: skip
NUMBERS = ("filing", "number", "job", "job_id", "user", "membership", "rule", "document")
HOSTILE = {
    "year": (0, 1999, 2101, 99999, 10**30),
    **dict.fromkeys(NUMBERS, (0, 10**18, 10**30)),
    **dict.fromkeys(("code", "county", "school", "standard", "stage", "indicator", "ledger", "item", "kind", "pack", "verb"),
                    ("\0", "x" * 500, "999901\0", "<script>", "' OR 1=1 --", "..", "%")),
}  # fmt: skip
QUERIES = (
    "year=0", "year=99999", "year=9999999999999999999999", "year=abc", "page=0", "page=zz", "page=99999999999999999999", "q=%00", "q=" + "x" * 3000,
    "sort=%00", "ruleset=nope", "standard=nope", "frozen=99999999999999999999", "frozen=x", "school=%00", "county=999902", "owing=%00", "stage=nope",
    "format=nope", "versions=1-1,%00", "rule=%00", "state=%00",
)  # fmt: skip


def fitting_arguments(name: str) -> dict:
    """Arguments that the address takes; an `item` is a code in one place and a number in another."""
    fitting = {argument: PROPER.get(argument, 1) for argument in wanted_arguments(name)}
    try:
        reverse(name, kwargs=fitting)
    except NoReverseMatch:
        fitting |= {"item": 1} if "item" in fitting else {}
    return fitting


def addresses() -> list[tuple[str, str]]:
    """(name, address) of every address with one argument that nothing has."""
    found = []
    for name in sorted(named()):
        fitting = fitting_arguments(name)
        for argument in fitting:
            for value in HOSTILE.get(argument, ()):
                try:
                    found.append((name, reverse(name, kwargs=fitting | {argument: value})))
                except NoReverseMatch:
                    path = reverse(name, kwargs=fitting)
                    if argument == "year":
                        found.append((name, path.replace("2026", str(value))))
    return found


@pytest.fixture
def cast():
    return make_cast()


def test_no_hostile_address_ends_in_an_error_page(cast, client):
    sign_in(client, cast.lead)
    client.raise_request_exception = False
    bad, tried = [], 0
    for (name, path), method in itertools.product(addresses(), ("get", "post")):
        answer = getattr(client, method)(path)
        tried += 1
        if answer.status_code >= 500:
            bad.append((method, name, path[:120], answer.status_code))
    assert not bad and tried > 500


def test_no_hostile_query_ends_in_an_error_page(cast, client):
    sign_in(client, cast.lead)
    client.raise_request_exception = False
    pages = []
    for name in sorted(named()):
        try:
            pages.append(reverse(name, kwargs={a: PROPER[a] for a in wanted_arguments(name)}))
        except (KeyError, NoReverseMatch):
            continue  # names an object by number: the other test's
    assert len(pages) > 35
    bad = [
        (path, query, answer.status_code) for path in pages for query in QUERIES
        if (answer := client.get(f"{path}?{query}")).status_code >= 500
    ]  # fmt: skip
    assert not bad


@pytest.mark.parametrize("path", ["/counties/999901/99999/reports/", "/schools/999901/calendar/0/", "/evidence/999901/1999/quality-2017/"])
def test_a_year_of_no_ledger_has_no_page(cast, client, path):
    sign_in(client, cast.lead)
    answer = client.get(path)
    assert answer.status_code == 404 and "没有找到这个页面" in answer.content.decode()


def test_a_form_field_with_a_nul_is_refused_in_words(cast, client):
    sign_in(client, cast.lead)
    answer = client.post("/schools/999901/rules/add/", {"parameter": "x\0"})
    assert answer.status_code == 400 or "NUL" not in answer.content.decode()
    answer = client.post("/schools/999901/rules/add/", "parameter=%00", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400 and "没有被" in answer.content.decode()


def test_the_address_of_a_form_opens_as_a_page_that_leads_on(cast, client):
    sign_in(client, cast.lead)
    answer = client.get("/accounts/logout/")
    assert answer.status_code == 405 and "这个地址不能直接打开" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


# --- the API: one sentence in "detail", as JSON ---------------------------------------------------------------------------


def call(client, user, method: str, path: str, data=None, kind: str = "application/json"):
    return client.generic(method, f"/api/v1/{path}", data or "", content_type=kind, HTTP_AUTHORIZATION=f"Token {issue_token(user)}")


@pytest.mark.parametrize("method, path, data, kind, status, words", [
    ("GET", "nothing/of/ours/", "", "application/json", 404, "没有找到"),
    ("GET", "counties/999902/", "", "application/json", 404, "没有找到"),
    ("GET", "counties/999901/snapshots/quality-2017/abc/", "", "application/json", 404, "没有找到"),
    ("GET", "counties/999901/schools/?page=7", "", "application/json", 404, "没有第 7 页"),
    ("POST", "filings/1/approve/", "{bad", "application/json", 404, "没有找到"),
    ("POST", "counties/999901/reports/2026/", "{bad", "application/json", 400, "第 1 行第 2 列"),
    ("POST", "counties/999901/reports/2026/", "[]", "application/json", 400, "JSON 对象"),
    ("POST", "uploads/", "garbage", "multipart/form-data", 400, "multipart/form-data"),
    ("GET", "ledgers/classes/template/?year=abc", "", "application/json", 404, "没有找到"),
])  # fmt: skip
def test_the_api_refuses_in_a_chinese_sentence_as_json(cast, client, method, path, data, kind, status, words):
    answer = call(client, cast.lead, method, path, data, kind)
    assert answer.status_code == status and answer["Content-Type"].startswith("application/json")
    said = answer.json()
    assert words in str(said) and "error" not in str(said).lower() and "无效" not in str(said)


@pytest.mark.parametrize("year", ["99999999999999", "0", "1999"])
def test_a_filter_out_of_range_is_named(cast, client, year):
    answer = call(client, cast.lead, "GET", f"filings/?year={year}")
    assert answer.status_code == 400 and list(answer.json()) == ["year"]


def test_a_fault_of_ours_in_the_api_leaks_nothing_but_its_number(cast, client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("schools.api.CountyList.get_queryset", broken)
    client.raise_request_exception = False
    answer = call(client, cast.lead, "GET", "counties/")
    assert answer.status_code == 500 and answer.json()["request"] == answer["X-Request-ID"]
    assert "secret" not in answer.content.decode() and "系统出错了" in answer.json()["detail"]
