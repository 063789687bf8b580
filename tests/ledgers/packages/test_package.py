"""填报包: a sheet per ledger, a version per ledger and school, sharing one file."""

import io
import json

import openpyxl
import pytest
from django.core.management import call_command

from accounts.actor import Actor
from jobs.runner import run_job
from ledgers.checking.packages import sort_sheets
from ledgers.definitions import LEDGERS, PACKAGE
from ledgers.ledger import Ledger
from ledgers.models import Filing, Round, State, Version
from ledgers.reading import read_workbook
from ledgers.services import act, lock_filing_for_changes
from ledgers.services.receiving import enqueue_check
from schools.models import Dataset, DatasetState, SchoolClass
from schools.periods import school_year
from tests.factories import make_person
from tests.ledgers.checking.helpers import context
from tests.ledgers.filing.conftest import YEAR
from tests.ledgers.filing.test_faults import HEADER as PROFILE

from .conftest import book, classes

pytestmark = pytest.mark.django_db


def profile(school, pupils=78) -> list[list]:
    return [PROFILE, [school.code, school.name, "小学", "县级教育部门", "镇中心区", "城关镇", 2001, "否", pupils, 2000, 0, 3000, 20, 10]]


def parts_of(version: Version) -> dict[str, Version]:
    return {f"{p.filing.ledger}/{p.filing.school.code if p.filing.school else ''}": p for p in version.parts.select_related("filing__school")}


def codes(version: Version, *levels) -> list[str]:
    return [p["code"] for p in version.problems if not levels or p["level"] in levels]


def test_each_sheet_goes_to_its_ledger_and_the_file_is_shared(send, cast):
    data = book(("学校基本情况", profile(cast.school)), ("班级情况", classes(cast.school)))
    version = send(data, ledger="package", name="填报包.xlsx")
    parts = parts_of(version)
    assert set(parts) == {f"school_profile/{cast.school.code}", f"classes/{cast.school.code}"}
    assert {part.state for part in parts.values()} == {State.CHECKED}, [p.problems for p in parts.values()]
    assert {part.file_id for part in parts.values()} == {version.file_id}
    assert version.state == State.CHECKED
    assert version.rows_read == version.accepted + version.refused + version.skipped == 3


def test_the_sheets_are_found_by_their_header_whatever_their_name(send, cast):
    version = send(book(("Sheet1", classes(cast.school)), ("表2", profile(cast.school))), ledger="package")
    assert len(parts_of(version)) == 2


def test_the_sheets_of_one_package_are_checked_against_each_other(send, cast):
    data = book(("学校基本情况", profile(cast.school, pupils=99)), ("班级情况", classes(cast.school)))
    version = send(data, ledger="package")
    assert "differs-from-classes" in codes(version, "error")
    assert {part.state for part in parts_of(version).values()} == {State.FAULTY}


def test_what_another_sheet_says_is_not_missed(send, cast):
    """Without its own pupils the profile leans on the class list of the same workbook."""
    header, row = profile(cast.school)
    data = book(("学校基本情况", [header[:8] + header[9:], row[:8] + row[9:]]), ("班级情况", classes(cast.school)))
    version = send(data, ledger="package")
    assert "source-missing" not in [p["code"] for p in version.problems if p["field"].endswith("_pupils")]
    assert version.state == State.CHECKED, version.problems


def test_a_fault_in_one_sheet_leaves_the_other_ledger_clean(send, cast):
    version = send(book(("学校基本情况", profile(cast.school)), ("班级情况", classes(cast.school, ["一年级", "1班", "很多"]))), ledger="package")
    parts = parts_of(version)
    assert parts[f"classes/{cast.school.code}"].state == State.FAULTY
    assert parts[f"school_profile/{cast.school.code}"].state == State.CHECKED
    assert version.state == State.FAULTY
    fault = next(p for p in version.problems if p["code"] == "not-a-number")
    assert (fault["sheet"], fault["cell"]) == ("班级情况", "E2")


def test_a_missing_column_is_told_to_the_only_school_meant(send, cast):
    version = send(book(("班级情况", [["年级", "学生数"], ["一年级", 40]])), ledger="package")
    part = parts_of(version)[f"classes/{cast.school.code}"]
    assert part.state == State.FAULTY
    assert "missing-column" in codes(part, "error")


def test_a_centre_school_carries_its_points(send, cast):
    rows = classes(cast.school) + classes(cast.point, ["一年级", "1班", 9])[1:]
    version = send(book(("班级情况", rows)), ledger="package", by=cast.actor(cast.clerk))
    assert set(parts_of(version)) == {f"classes/{cast.school.code}", f"classes/{cast.point.code}"}, version.problems
    assert version.state == State.CHECKED


def test_another_school_is_refused_in_a_school_package(send, cast):
    version = send(book(("班级情况", classes(cast.school) + classes(cast.other_school)[1:])), ledger="package")
    assert "other-school" in codes(version, "error")
    assert f"classes/{cast.other_school.code}" not in parts_of(version)


def test_a_county_package_is_split_by_ledger_and_school(send, cast):
    rows = classes(cast.school) + classes(cast.other_school, ["七年级", "1班", 44])[1:]
    version = send(book(("班级情况", rows), ("学校基本情况", profile(cast.school))), ledger="package", school=None)
    assert len(parts_of(version)) == 3, version.problems


def test_foreign_rows_of_a_county_package_are_refused_to_a_clerk(send, cast):
    rows = classes(cast.school) + classes(cast.other_school)[1:]
    version = send(book(("班级情况", rows)), ledger="package", school=None, by=cast.actor(cast.clerk))
    assert "not-allowed-school" in codes(version, "error")
    assert not Version.objects.filter(filing__school=cast.other_school).exists()


def test_unknown_blank_and_hidden_sheets_are_named(send, cast):
    sheets = (("班级情况", classes(cast.school)), ("通讯录", [["部门", "电话"], ["教务处", "123"]]), ("旧表", [["甲"], ["乙"]]), ("学校基本情况", [PROFILE]))
    version = send(book(*sheets, hidden="旧表"), ledger="package")
    told = {(p["code"], p["sheet"]) for p in version.problems}
    assert {("sheet-of-no-ledger", "通讯录"), ("hidden-sheet-not-read", "旧表"), ("sheet-blank", "学校基本情况")} <= told
    assert list(parts_of(version)) == [f"classes/{cast.school.code}"]


def test_an_empty_package_is_an_error(send, cast):
    version = send(book(("通讯录", [["部门", "电话"], ["教务处", "123"]])), ledger="package")
    assert (version.state, codes(version, "error")) == (State.FAULTY, ["package-empty"])


def test_a_locked_ledger_stays_and_is_told(send, cast):
    version = send()
    lock_filing_for_changes(filing_id=version.filing_id, by=Actor.operator())
    sent = send(book(("班级情况", classes(cast.school)), ("学校基本情况", profile(cast.school))), ledger="package")
    assert "slot-not-free" in codes(sent, "error")
    assert set(parts_of(sent)) == {f"school_profile/{cast.school.code}"}


def test_the_same_package_twice_is_one_record(send, cast):
    data = book(("班级情况", classes(cast.school)))
    first, second = send(data, ledger="package"), send(data, ledger="package")
    assert first.pk == second.pk
    assert Version.objects.count() == 2  # the package and its one part


def test_a_part_checked_again_gets_the_same_verdict(send, cast):
    data = book(("学校基本情况", profile(cast.school)), ("班级情况", [["年级", "学生数"], ["一年级", 40]]))
    version = send(data, ledger="package")
    before = {key: (part.state, sorted(codes(part))) for key, part in parts_of(version).items()}
    assert [state for state, _ in before.values()] == [State.CHECKED, State.FAULTY]
    for part in parts_of(version).values():
        run_job(enqueue_check(part).pk)
    assert {key: (part.state, sorted(codes(part))) for key, part in parts_of(version).items()} == before


def test_verbs_on_the_package_are_verbs_on_all_its_parts(send, cast):
    version = send(book(("学校基本情况", profile(cast.school)), ("班级情况", classes(cast.school))), ledger="package")
    for verb in ("submit", "approve"):
        act(verb, filing=version.filing, number=version.number, by=Actor.operator())
    assert Dataset.objects.filter(state=DatasetState.STANDING).count() == 2
    assert SchoolClass.objects.count() == 2


def test_somebody_limited_to_one_ledger_files_only_that(send, cast):
    person = make_person("finance", "county_officer", "999901", ledgers=["classes"])
    version = send(book(("学校基本情况", profile(cast.school)), ("班级情况", classes(cast.school))), ledger="package", school=None, by=cast.actor(person))
    assert list(parts_of(version)) == [f"classes/{cast.school.code}"]
    assert "no-permission" in codes(version, "error")


def test_import_ledger_takes_a_package(cast, tmp_path):
    path = tmp_path / "向阳小学填报包.xlsx"
    path.write_bytes(book(("学校基本情况", profile(cast.school)), ("班级情况", classes(cast.school))))
    out = io.StringIO()
    call_command("import_ledger", "package", str(path), county="999901", year=YEAR, commit=True, json=True, explain="已核对", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["status"] in ("clean", "doubts"), answer["problems"]
    assert sorted((f["school"], f["ledger"]) for f in answer["files"][0]["filings"]) == [(cast.school.code, "classes"), (cast.school.code, "school_profile")]
    assert Dataset.objects.filter(state=DatasetState.STANDING).count() == 2


def test_the_blank_package_has_every_ledger_and_reads_back_as_empty(cast, send, tmp_path):
    path = tmp_path / "package.xlsx"
    call_command("ledger_template", "package", output=path, county="999901", school=cast.school.code, year=YEAR)
    names = openpyxl.load_workbook(path).sheetnames
    assert {ledger.main.title for ledger in LEDGERS.values() if ledger.scope == "school" and ledger.main.required} <= set(names)
    assert not {ledger.main.title for ledger in LEDGERS.values() if ledger.scope == "county"} & set(names)
    version = send(path.read_bytes(), ledger="package")
    assert codes(version, "error") == ["package-empty"]
    assert {p["code"] for p in version.problems} <= {"package-empty", "sheet-blank", "sheet-of-no-ledger"}


def test_a_round_decides_which_sheets_are_offered(cast, tmp_path):
    Round.objects.create(county=cast.county, name="秋季", period=school_year(YEAR), ledgers=["classes"])
    path = tmp_path / "package.xlsx"
    call_command("ledger_template", "package", output=path, county="999901", school=cast.school.code, year=YEAR)
    assert [n for n in openpyxl.load_workbook(path).sheetnames if not n.startswith("_") and n != "填写说明"] == ["班级情况"]


def test_every_filled_blank_sheet_is_known_as_its_own_ledger(tmp_path):
    """The blank package filled with the examples: no sheet is taken for another ledger's."""
    path = tmp_path / "package.xlsx"
    call_command("ledger_template", "package", output=path, year=YEAR)
    made = openpyxl.load_workbook(path)
    owner = {}
    for ledger in LEDGERS.values():
        for table in ledger.tables if ledger.main.required else ():  # a workbook of printed forms is not filled in
            if table is ledger.main or table.extra:
                owner[table.title] = ledger.code
                for j, column in enumerate([c for c in table.columns if c.in_template], start=1):
                    made[table.title].cell(2, j, column.example)
    buffer = io.BytesIO()
    made.save(buffer)
    workbook = read_workbook(buffer.getvalue(), "package.xlsx")
    found = sort_sheets(workbook, [(ledger, context()) for ledger in LEDGERS.values()])
    got = {workbook.sheets[i].name: code for code, indexes in found.sheets.items() for i in indexes}
    assert got == owner


def test_no_table_title_is_used_twice():
    titles = [table.title for ledger in LEDGERS.values() for table in ledger.tables if table is ledger.main or table.extra]
    assert len(titles) == len(set(titles))
    assert isinstance(PACKAGE, Ledger)
    assert not Filing.objects.exists()


def test_a_vertical_form_of_two_sheets_stays_together(send, cast):
    head, row = profile(cast.school)
    items = [["填报项目", "填报值"], *map(list, zip(head, row, strict=True))]
    data = book(("班级情况", classes(cast.school)), ("概况一", items[:10]), ("概况二", [items[0], *items[10:]]))
    version = send(data, ledger="package")
    assert codes(version, "error", "doubt") == []
    assert set(parts_of(version)) == {f"school_profile/{cast.school.code}", f"classes/{cast.school.code}"}


def test_two_ledgers_on_one_sheet_are_told_and_neither_is_lost(send, cast):
    rows = [*classes(cast.school), *[[]] * 2, *profile(cast.school)]
    version = send(book(("全部", rows)), ledger="package")
    assert codes(version, "error") == ["sheet-holds-two-tables"]
    assert not Dataset.objects.exists()
