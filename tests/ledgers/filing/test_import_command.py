"""manage.py import_ledger: the contract's JSON, its exit codes, all or nothing."""

import io
import json

import pytest
from django.core.management import call_command

from accounts.models import Notice
from ledgers.models import State, Version, VersionStep
from schools.models import Dataset, DatasetState, SchoolClass
from tests.factories import make_person

from .conftest import ROWS, YEAR, county_workbook, workbook
from .test_lifecycle import FEWER, doubtful

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_ledger(cast, tmp_path):
    """import_ledger({name: bytes}, *arguments) -> (exit code, JSON)."""

    def run(files: dict[str, bytes], *arguments: str, county="999901", ledger="classes"):
        paths = []
        for name, data in files.items():
            path = tmp_path / name
            path.write_bytes(data)
            paths.append(str(path))
        out = io.StringIO()
        code = 0
        try:
            call_command(
                "import_ledger",
                ledger,
                *paths,
                "--county",
                county,
                "--year",
                str(YEAR),
                "--json",
                *arguments,
                stdout=out,
                stderr=io.StringIO(),
            )
        except SystemExit as end:
            code = end.code
        return code, json.loads(out.getvalue())

    return run


def standing() -> int:
    return Dataset.objects.filter(state=DatasetState.STANDING).count()


def test_a_check_alone_changes_no_facts(import_ledger, cast):
    code, answer = import_ledger({"a.xlsx": workbook()}, "--school", cast.school.code)
    version = Version.objects.get()
    assert (code, answer["status"]) == (0, "clean"), answer
    assert set(answer) == {"status", "files", "problems", "repairs"}
    assert answer["files"] == [{
        "file": "a.xlsx", "status": "clean", "rows_read": 3, "accepted": 3, "refused": 0, "skipped": 0,
        "filings": [{"school": cast.school.code, "id": version.filing_id, "version": 1}],
    }]  # fmt: skip
    assert (version.state, standing()) == (State.CHECKED, 0)


def test_commit_walks_every_verb_on_behalf_and_tells_the_head(import_ledger, cast):
    code, _ = import_ledger({"a.xlsx": workbook()}, "--school", cast.school.code, "--commit")
    version = Version.objects.get()
    assert (code, version.state, standing()) == (0, State.APPROVED, 1)
    assert list(VersionStep.objects.filter(on_behalf=True).values_list("verb", flat=True)) == ["submit", "approve"]
    assert Notice.objects.filter(user=cast.head, text__contains="代办").count() == 1


def test_the_codes_in_the_sheet_decide_without_a_school(import_ledger, cast):
    code, answer = import_ledger({"all.xlsx": county_workbook(cast.school, cast.other_school)}, "--commit")
    assert code == 0, answer
    assert [filing["school"] for filing in answer["files"][0]["filings"]] == [cast.school.code, cast.other_school.code]
    assert standing() == 2


def test_a_problem_names_its_place_in_full(import_ledger, cast):
    code, answer = import_ledger(
        {"a.xlsx": workbook([*ROWS, ["三年级", "1班", "很多"]])}, "--school", cast.school.code, "--commit"
    )
    assert (code, answer["status"], standing()) == (1, "faulty", 0)
    problem = next(p for p in answer["problems"] if p["level"] == "error")
    assert set(problem) == {"file", "level", "code", "sheet", "cell", "row", "column", "field", "value", "message"}
    assert (problem["file"], problem["sheet"], problem["cell"], problem["row"], problem["field"]) == (
        "a.xlsx",
        "班级情况",
        "C5",
        5,
        "pupils",
    )


def test_several_files_are_all_or_nothing(import_ledger, cast):
    good, bad = county_workbook(cast.school), county_workbook(cast.other_school, rows=[["一年级", "1班", "很多"]])
    code, answer = import_ledger({"good.xlsx": good, "bad.xlsx": bad}, "--commit")
    assert (code, answer["status"]) == (1, "faulty")
    assert [file["status"] for file in answer["files"]] == ["clean", "faulty"]
    assert standing() == 0
    code, _ = import_ledger({"good.xlsx": good, "mended.xlsx": county_workbook(cast.other_school)}, "--commit")
    assert (code, standing()) == (0, 2)


def test_two_files_for_one_school_are_refused(import_ledger, cast):
    files = {"a.xlsx": county_workbook(cast.school), "b.xlsx": county_workbook(cast.school, rows=FEWER)}
    code, answer = import_ledger(files, "--commit")
    assert (code, standing()) == (1, 0)
    assert "school-twice" in {problem["code"] for problem in answer["problems"]}


def test_doubts_pass_a_check_but_commit_only_when_explained(import_ledger, cast):
    data = doubtful()
    code, answer = import_ledger({"a.xlsx": data}, "--school", cast.school.code)
    assert (code, answer["status"]) == (0, "doubts")
    code, answer = import_ledger({"a.xlsx": data}, "--school", cast.school.code, "--commit")
    assert (code, answer["status"], standing()) == (1, "doubts", 0)
    code, answer = import_ledger(
        {"a.xlsx": data}, "--school", cast.school.code, "--commit", "--explain", "合计含借读生"
    )
    assert (code, answer["status"], standing()) == (0, "doubts", 1)
    assert [e["text"] for e in Version.objects.get().explanations.values()] == ["合计含借读生"]


def test_the_same_import_twice_is_one_version(import_ledger, cast):
    data = workbook()
    for _ in range(2):
        code, _ = import_ledger({"a.xlsx": data}, "--school", cast.school.code, "--commit")
        assert code == 0
    assert Version.objects.count() == 1
    assert SchoolClass.objects.count() == 3


def test_a_refused_file_exits_1_and_is_kept(import_ledger, cast):
    code, answer = import_ledger({"a.xlsx": b"%PDF-1.4"}, "--school", cast.school.code, "--commit")
    assert (code, answer["status"], answer["files"][0]["status"]) == (1, "refused", "refused")
    assert Version.objects.get().state == State.REFUSED


def test_an_unknown_school_is_an_error(import_ledger):
    code, answer = import_ledger({"a.xlsx": workbook()}, "--school", "9999019999")
    assert (code, answer["status"], answer["problems"][0]["code"]) == (1, "refused", "unknown-school")
    assert not Version.objects.exists()


@pytest.mark.parametrize("call", [{"county": "888888"}, {"ledger": "no_such_ledger"}])
def test_wrong_usage_exits_2_with_json_only(import_ledger, call):
    code, answer = import_ledger({"a.xlsx": workbook()}, **call)
    assert (code, answer["status"]) == (2, "refused")
    assert answer["error"].endswith("。")


def test_as_a_user_commit_needs_every_right(import_ledger, cast):
    code, _ = import_ledger({"a.xlsx": workbook()}, "--school", cast.school.code, "--as", "clerk", "--commit")
    assert (code, standing()) == (1, 0)
    assert Version.objects.get().state == State.CHECKED
    make_person("boss", "county_lead", "999901")
    code, _ = import_ledger({"b.xlsx": workbook(FEWER)}, "--school", cast.school.code, "--as", "boss", "--commit")
    assert (code, standing()) == (0, 1)


def test_a_stranger_cannot_import_into_the_county(import_ledger, cast):
    code, answer = import_ledger({"a.xlsx": workbook()}, "--school", cast.school.code, "--as", "stranger")
    assert (code, answer["status"], answer["problems"][0]["code"]) == (1, "refused", "no-permission")
    assert not Version.objects.exists()
