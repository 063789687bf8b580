"""Every command: JSON alone on stdout, one Chinese sentence on stderr, exit 2 for a wrong call and 1 for refused data."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys

import pytest
from django.core.management import call_command, get_commands, load_command_class

from accounts.models import User
from schools.models import LocalRule, Membership
from tests.factories import make_cast
from tests.house.processes import ROOT, environment

OURS = sorted(name for name, app in get_commands().items() if not app.startswith("django") and app in {
    "accounts", "config", "schools", "ledgers", "indicators", "reports", "evidence", "files", "jobs",
} and name != "serve")  # fmt: skip
COUNTY = ("--county", "999901")


@pytest.fixture
def cast(db):
    return make_cast()


def run(*arguments: str) -> tuple[int, dict, str]:
    """(exit code, JSON on stdout or {}, stderr) of a command called as a script calls it."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


def typed(folder, *arguments: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of manage.py in a process of its own, which is where argparse speaks."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.once
@pytest.mark.parametrize("arguments, words", [
    (("register", "--json"), "缺少参数：FILE.xlsx, --county"),
    (("make_user", "x", "--role", "r", "--scope", "s", "--from", "2026-13-01", "--json"), "“2026-13-01”不是日期"),
    (("snapshot", *COUNTY, "--year", "20", "--standard", "quality-2017", "--json"), "写的是“20”"),
    (("snapshot", *COUNTY, "--year", "2026", "--standard", "quality-2017", "--fiscal-year", "20244", "--json"), "写的是“20244”"),
    (("report", "application-form", *COUNTY, "--year", "2026", "--output", "x", "--format", "zip", "--json"), "写的是“zip”"),
    (("local_rule", *COUNTY, "--json"), "下列参数要给出一个：--pack --set"),
    (("snapshot", *COUNTY, "--year", "2026", "--standard", "quality-2017", "--json"), "请先运行 manage.py migrate"),
])  # fmt: skip
def test_a_wrong_call_is_one_chinese_sentence_and_exit_2(tmp_path, arguments, words):
    code, out, err = typed(tmp_path, *arguments)
    assert code == 2
    answer = json.loads(out)
    assert answer["status"] == "refused" and words in answer["error"] and answer["error"].endswith("。")
    assert err.strip() == answer["error"]


@pytest.mark.once
def test_without_json_nothing_stands_on_stdout_when_refused(tmp_path):
    code, out, err = typed(tmp_path, "ledger_template", "classes", "--output", "x.xlsx", "--year", "20266")
    assert (code, out) == (2, "") and "Traceback" not in err and "20266" in err


def test_every_command_takes_json(cast):
    for name in OURS:
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        assert any("--json" in action.option_strings for action in parser._actions), name


@pytest.mark.parametrize("arguments", [
    ("ledger_template", "classes", "--output", "/tmp/never.xlsx"),
    ("import_ledger", "classes", __file__, "--year", "2026"),
    ("snapshot", "--year", "2026", "--standard", "quality-2017"),
    ("report", "application-form", "--year", "2026", "--output", "/tmp/never.pdf"),
    ("local_rule", "--pack", "taizhou-2017"),
    ("attest", __file__, "--year", "2026", "--standard", "quality-2017"),
])  # fmt: skip
def test_a_county_nobody_registered_is_wrong_usage_everywhere(cast, arguments):
    code, answer, err = run(*arguments, "--county", "111111", "--json")
    assert code == 2 and "111111" in answer["error"] and err.strip() == answer["error"]


@pytest.mark.parametrize("arguments, code", [
    (("report", "nope"), 2), (("report", "application-form", "--standard", "nope"), 2), (("report", "school-self-evaluation", "--format", "xlsx", "--school", "9999010001"), 2),
    (("report", "school-self-evaluation"), 2), (("report", "application-form", "--school", "9999010001"), 2), (("report", "application-form", "--school", "1"), 1),
    (("report", "application-form"), 1), (("report", "application-form", "--item", "Q1"), 2), (("report", "application-form", "--month", "2026-10"), 2),
])  # fmt: skip
def test_a_wrong_order_is_2_and_missing_data_is_1(cast, arguments, code):
    found, answer, _ = run(*arguments, *COUNTY, "--year", "2026", "--output", "/tmp/never.pdf", "--json")
    assert found == code and answer["status"] == "refused" and answer["error"].endswith("。")


@pytest.mark.parametrize("more, words", [
    (("--ledgers", "classes,nonsense"), "nonsense"), (("--from", "2026-10-01", "--to", "2026-09-01"), "早于起日"),
])  # fmt: skip
def test_a_user_with_a_wrong_bound_is_not_made(cast, more, words):
    code, answer, _ = run("make_user", "zhang", "--role", "county_officer", "--scope", "999901", *more, "--json")
    assert code == 2 and words in answer["error"]
    assert not User.objects.filter(username="zhang").exists()


@pytest.mark.parametrize("name", ["zhang san", "a\nb", "x" * 65])
def test_a_username_that_cannot_be_typed_is_refused(cast, name):
    code, answer, _ = run("make_user", name, "--role", "county_officer", "--scope", "999901", "--json")
    assert code == 2 and answer["status"] == "refused" and not Membership.objects.filter(user__username=name).exists()


def test_a_user_has_one_membership_for_each_scope_with_its_dates(cast):
    code, answer, _ = run(
        "make_user", "wang", "--role", "school_clerk", "--scope", "9999010001", "--scope", "9999010003", "--from", "2026-09-01",
        "--to", "2027-08-31", "--json",
    )  # fmt: skip
    assert code == 0 and set(answer) == {"username", "password", "token"}
    held = Membership.objects.filter(user__username="wang")
    assert sorted(m.school.code for m in held) == ["9999010001", "9999010003"]
    assert {(m.valid_from.isoformat(), m.valid_to.isoformat()) for m in held} == {("2026-09-01", "2027-08-31")}


@pytest.mark.parametrize("assignment, code", [("nonsense=1", 2), ("quality-2017.Q1.threshold=primary:abc", 1), ("quality-2017.minimum_met", 2)])
def test_an_unknown_parameter_is_2_and_a_value_that_will_not_do_is_1(cast, assignment, code):
    found, answer, _ = run("local_rule", *COUNTY, "--set", assignment, "--document", "县教〔2026〕1号", "--from", "2026-09-01", "--json")
    assert found == code and answer["status"] == "refused" and not LocalRule.objects.exists()


def test_a_rule_is_answered_with_everything_it_says(cast):
    code, answer, _ = run(
        "local_rule", *COUNTY, "--set", "quality-2017.Q1.cv_limit=primary:0.45,junior:0.40", "--document", "县教〔2026〕1号", "--clause", "第3条",
        "--from", "2026-09-01", "--to", "2027-08-31", "--schools", "rural", "--json",
    )  # fmt: skip
    (rule,) = answer["rules"]
    assert code == 0 and rule["value"] == "primary:0.45,junior:0.40"
    assert (rule["scope"], rule["from"], rule["to"], rule["clause"]) == ("rural", "2026-09-01", "2027-08-31", "第3条")


def test_the_template_says_what_it_wrote(cast, tmp_path):
    code, answer, err = run("ledger_template", "classes", "--output", tmp_path / "c.xlsx", *COUNTY, "--school", "9999010001", "--year", "2026", "--json")
    assert code == 0 and answer["schools"] == ["9999010001"] and re.search("已写出", err)
    assert (tmp_path / "c.xlsx").read_bytes().startswith(b"PK")
