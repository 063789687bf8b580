"""The registers by API: the same permission as the pages."""

import pytest
from rest_framework.test import APIClient

from accounts.passwords import issue_token
from tests.factories import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def client(user) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {issue_token(user)}")
    return api


def test_without_a_token_nothing_is_said(cast):
    assert APIClient().get("/api/v1/counties/").status_code in (401, 403)


def test_an_officer_lists_the_schools_of_the_county(cast):
    answer = client(cast.officer).get("/api/v1/counties/999901/schools/").json()
    assert answer["count"] == 3
    assert answer["results"][1]["parent"] == "9999010001"


def test_the_stranger_gets_404(cast):
    api = client(cast.stranger)
    for url in (
        "/api/v1/counties/999901/",
        "/api/v1/counties/999901/schools/",
        "/api/v1/counties/999901/schools/9999010001/",
    ):
        assert api.get(url).status_code == 404
    assert [c["code"] for c in api.get("/api/v1/counties/").json()["results"]] == ["999902"]


def test_a_clerk_lists_only_the_own_schools(cast):
    answer = client(cast.clerk).get("/api/v1/counties/999901/schools/").json()
    assert [s["code"] for s in answer["results"]] == ["9999010001", "9999010002"]
    assert client(cast.clerk).get("/api/v1/counties/999901/schools/9999010003/").status_code == 404
