"""Snapshots from outside: the command and the API."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from accounts.passwords import issue_token
from indicators import snapshots
from schools.models import County, Membership
from tests.indicators.stored import YEAR, add_school, file_profile

pytestmark = pytest.mark.django_db
OPERATOR = Actor.operator()


# --- the command ------------------------------------------------------------------------------------------------------


def run_command(*arguments: str) -> dict:
    out = StringIO()
    call_command("snapshot", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_the_contract_json(county, schools):
    printed = run_command("--county", "999901", "--year", "2025", "--standard", "quality-2017", "--freeze")
    assert printed["frozen"] is True and printed["rulesets"]["national"]["parts"]["resource"] == "pass"
    assert printed["fiscal_year"] == 2024
    other = run_command("--county", "999901", "--year", "2025", "--standard", "basic-2012", "--fiscal-year", "2025")
    assert other["fiscal_year"] == 2025 and other["frozen"] is False


def test_the_command_refuses_to_freeze_an_incomplete_result_with_exit_1(county, schools):
    add_school(county, "9999010003")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as refused:
        call_command(
            "snapshot", "--county", "999901", "--year", "2025", "--standard", "quality-2017", "--freeze", "--json", stdout=out, stderr=err
        )
    assert refused.value.code == 1 and "暂算值" in err.getvalue()
    assert json.loads(out.getvalue())["frozen"] is False


@pytest.mark.parametrize(
    "arguments",
    [
        ("--county", "888888", "--year", "2025", "--standard", "quality-2017"),
        ("--county", "999901", "--year", "2025", "--standard", "quality-2099"),
    ],
)
def test_the_command_answers_wrong_usage_with_exit_2(county, arguments):
    out = StringIO()
    with pytest.raises(SystemExit) as wrong:
        call_command("snapshot", *arguments, "--json", stdout=out, stderr=StringIO())
    answer = json.loads(out.getvalue())
    assert wrong.value.code == 2 and answer["status"] == "refused" and answer["error"].endswith("。")


# --- the API ----------------------------------------------------------------------------------------------------------

ADDRESS = "/api/v1/counties/999901/snapshots/quality-2017/2025/"


def client_of(role: str, kind: str, **scope) -> APIClient:
    user = User.objects.create(username=f"{role}-{kind}", display_name=role)
    Membership.objects.create(user=user, role=role, scope_kind=kind, **scope)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {issue_token(user)}")
    return client


def test_the_api_gives_the_current_and_the_frozen_result(made, county, schools):
    inspector = client_of("inspector", "county", county=county)
    assert inspector.get(ADDRESS).json() == json.loads(json.dumps(snapshots.payload(made)))
    assert inspector.get(ADDRESS + "?frozen=1").status_code == 404
    snapshots.freeze(made, by=OPERATOR)
    file_profile(schools[0], premises={"outdoor_sports_area": 20_000_000})
    snapshots.compute(county, "quality-2017", YEAR)
    assert inspector.get(ADDRESS).json()["frozen"] is False
    assert inspector.get(ADDRESS + "?frozen=1").json()["snapshot"] == made.pk


def test_the_api_shows_a_school_its_own_rows_only(made, county, schools):
    clerk = client_of("school_clerk", "school", county=county, school=schools[1])
    content = clerk.get(ADDRESS).json()
    for rules in content["rulesets"].values():
        assert [row["code"] for row in rules["schools"]] == ["9999010002"]
        assert rules["county"] == [] and rules["verdict"] is None and rules["missing"] == []
    assert "9999010001" not in json.dumps(content)


def test_the_api_hides_the_county_from_strangers(made, county):
    neighbour = County.objects.create(code="999902", name="邻县")
    officer = client_of("county_officer", "county", county=neighbour)
    assert officer.get(ADDRESS).status_code == 404
    assert APIClient().get(ADDRESS).status_code in (401, 403)
    own = client_of("inspector", "county", county=county)
    assert own.get("/api/v1/counties/999901/snapshots/quality-2099/2025/").status_code == 404
    assert own.get("/api/v1/counties/999901/snapshots/quality-2017/2020/").status_code == 404
