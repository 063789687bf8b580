"""One faulty cell mended in the browser: a stored copy, a new version, both histories."""

import io
import threading

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEvent
from files import store
from ledgers.models import Channel, State, Version
from ledgers.services import (
    BadRequest,
    FilingLocked,
    StaleVersion,
    WrongState,
    lock_filing_for_changes,
    mend_cells,
    submit_version,
)
from schools.models import SchoolClass
from tests.factories import OPERATOR, sign_in
from tests.ledgers.filing.conftest import ROWS, county_workbook, workbook

pytestmark = pytest.mark.django_db
BAD = [*ROWS, ["三年级", "1班", "很多"]]
PLACE = ("班级情况", "C5")


def read(version: Version):
    return openpyxl.load_workbook(io.BytesIO(store.read(version.file)))


def styled() -> bytes:
    """A workbook with a look, a merged title, a formula elsewhere and the fault in C6."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(BAD)))
    sheet = book.active
    sheet.insert_rows(1)
    sheet["A1"] = "向阳小学班级情况表"
    sheet.merge_cells("A1:C1")
    sheet["C6"].font = openpyxl.styles.Font(bold=True, color="FF0000FF")
    sheet["F2"] = "=SUM(C3:C5)"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_faulty_cell_is_mended_into_a_new_clean_version(send, mended, cast):
    first = send(workbook(BAD))
    assert first.state == State.FAULTY
    second = mended(first, {PLACE: "42"})
    assert (second.state, second.number, second.channel) == (State.CHECKED, 2, Channel.MENDED)
    assert read(second)["班级情况"]["C5"].value == 42
    assert list(SchoolClass.objects.order_by("id").values_list("pupils", flat=True)) == [40, 41, 38, 42]


def test_the_original_stays_as_it_came(send, mended):
    data = workbook(BAD)
    first = send(data)
    mended(first, {PLACE: "42"})
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert store.read(first.file) == data


def test_everything_else_in_the_workbook_stays(send, mended):
    second = mended(send(styled()), {("班级情况", "C6"): "42"})
    sheet = read(second)["班级情况"]
    assert sheet["C6"].value == 42
    assert (sheet["C6"].font.bold, sheet["A1"].value, sheet["F2"].value) == (True, "向阳小学班级情况表", "=SUM(C3:C5)")
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:C1"]


def test_several_cells_are_mended_at_once_and_blank_ones_filled(send, mended):
    rows = [["一年级", "1班", None], ["二年级", "1班", "约40"], ["三年级", None, 30]]
    first = send(workbook(rows))
    second = mended(first, {("班级情况", "C2"): "40", ("班级情况", "C3"): "38", ("班级情况", "B4"): "（1）班 & <甲>"})
    assert [list(row) for row in read(second)["班级情况"].iter_rows(min_row=2, max_col=3, values_only=True)] == [
        ["一年级", "1班", 40], ["二年级", "1班", 38], ["三年级", "（1）班 & <甲>", 30],
    ]  # fmt: skip


def test_a_csv_becomes_an_xlsx_with_the_cell_changed(send, mended):
    text = "年级,班级名称,学生数\n一年级,1班,40\n二年级,1班,很多\n"
    first = send(text.encode("gb18030"), name="班级.csv")
    place = next((p["sheet"], p["cell"]) for p in first.problems if p["level"] == "error")
    second = mended(first, {place: "38"})
    assert (second.state, second.file_name) == (State.CHECKED, "班级.xlsx")
    assert read(second).worksheets[0]["C3"].value == 38


def test_the_change_stands_in_both_histories(send, mended):
    second = mended(send(workbook(BAD)), {PLACE: "42"})
    step = second.steps.get(verb="mend")
    assert "班级情况!C5：很多→42" in step.note
    event = AuditEvent.objects.get(action="version.mended")
    assert (event.username, event.detail["cells"]) == ("clerk", ["班级情况!C5：很多→42"])


def test_personal_values_are_masked_in_the_log(send, mended):
    header = ["姓名", "身份证号", "性别", "教职工类别", "是否专任教师", "任教学段", "任教学科", "学历", "职称"]
    rows = [["张三丰", "999901198001010011", "男", "专任教师", "是", "小学", "语文", "本科", "一级教师"]]
    first = send(workbook(rows, header, "教师花名册"), ledger="teachers")
    problem = next(p for p in first.problems if p["field"] == "id_number" and p["cell"])
    second = mended(first, {(problem["sheet"], problem["cell"]): "99990119800101002X"})
    note = second.steps.get(verb="mend").note
    assert "99990119800101002X" not in note
    assert "999901198001010011" not in note
    assert "99990119800101002X" not in str(AuditEvent.objects.get(action="version.mended").detail)
    assert read(second)["教师花名册"]["B2"].value == "99990119800101002X"


def test_only_cells_of_the_problem_list_can_be_changed(send, cast):
    first = send(workbook(BAD))
    for cells in ({("班级情况", "C2"): "99"}, {("别的表", "C5"): "99"}, {}):
        with pytest.raises(BadRequest):
            mend_cells(filing_id=first.filing_id, number=1, cells=cells, by=cast.actor(cast.clerk))
    assert Version.objects.count() == 1


def test_a_covered_cell_of_a_merged_range_is_refused_in_words(send, cast):
    book = openpyxl.load_workbook(io.BytesIO(workbook([["一年级", "1班", "很多"], ["一年级", "2班", None]])))
    book.active.merge_cells("C2:C3")
    buffer = io.BytesIO()
    book.save(buffer)
    first = send(buffer.getvalue())
    assert ("班级情况", "C3") in {(p["sheet"], p["cell"]) for p in first.problems}
    with pytest.raises(BadRequest, match="合并"):
        mend_cells(filing_id=first.filing_id, number=1, cells={("班级情况", "C3"): "9"}, by=cast.actor(cast.clerk))


def test_strangers_and_readers_cannot_mend(send, cast):
    first = send(workbook(BAD))
    for person in (cast.stranger, cast.inspector):
        with pytest.raises(PermissionDenied):
            mend_cells(filing_id=first.filing_id, number=1, cells={PLACE: "42"}, by=cast.actor(person))


def test_an_old_a_submitted_and_a_locked_version_cannot_be_mended(send, mended, cast):
    first = send(workbook(BAD))
    second = mended(first, {PLACE: "42"})
    clerk = cast.actor(cast.clerk)
    with pytest.raises(StaleVersion):
        mend_cells(filing_id=first.filing_id, number=1, cells={PLACE: "43"}, by=clerk)
    submit_version(filing_id=second.filing_id, number=2, by=OPERATOR)
    with pytest.raises((WrongState, BadRequest)):
        mend_cells(filing_id=first.filing_id, number=2, cells={PLACE: "43"}, by=clerk)
    other = send(workbook(BAD), school=cast.point)
    lock_filing_for_changes(filing_id=other.filing_id, by=OPERATOR)
    with pytest.raises(FilingLocked):
        mend_cells(filing_id=other.filing_id, number=1, cells={PLACE: "43"}, by=OPERATOR)


def test_a_school_cannot_mend_the_workbook_of_the_whole_county(send, cast):
    carrier = send(county_workbook(cast.school, cast.other_school, rows=[["一年级", "1班", "很多"]]), school=None)
    part = carrier.parts.get(filing__school=cast.school)
    cell = next((p["sheet"], p["cell"]) for p in part.problems if p["level"] == "error")
    with pytest.raises(PermissionDenied):
        mend_cells(filing_id=part.filing_id, number=1, cells={cell: "40"}, by=cast.actor(cast.clerk))


def test_a_part_of_a_county_workbook_is_mended_alone(send, mended, cast):
    carrier = send(county_workbook(cast.school, cast.other_school, rows=[["一年级", "1班", "很多"]]), school=None)
    part = carrier.parts.get(filing__school=cast.school)
    cell = next((p["sheet"], p["cell"]) for p in part.problems if p["level"] == "error")
    new = mended(part, {cell: "40"}, by=OPERATOR)
    assert (new.state, new.carrier_id, new.rows_read) == (State.CHECKED, carrier.pk, 1)
    assert carrier.parts.get(filing__school=cast.other_school).state == State.FAULTY


def test_the_clerk_mends_on_the_page_without_script(send, cast, client):
    first = send(workbook(BAD))
    sign_in(client, cast.clerk)
    url = reverse("ledgers:version", args=[first.filing_id, 1])
    page = client.get(url).content.decode()
    assert 'name="cell:班级情况!C5"' in page
    assert 'form="mend"' in page
    answer = client.post(reverse("ledgers:mend", args=[first.filing_id, 1]), {"cell:班级情况!C5": "42"})
    assert answer["Location"] == reverse("ledgers:version", args=[first.filing_id, 2])
    sign_in(client, cast.stranger)
    assert client.post(reverse("ledgers:mend", args=[first.filing_id, 2]), {"cell:班级情况!C5": "42"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_mend_at_once_make_one_new_version(send, cast):
    first = send(workbook(BAD))
    barrier, results = threading.Barrier(2), []

    def run(text):
        barrier.wait()
        try:
            results.append(mend_cells(filing_id=first.filing_id, number=1, cells={PLACE: text}, by=OPERATOR).version.number)
        except (StaleVersion, WrongState) as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(text,)) for text in ("42", "43")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(map(str, results)) == ["2", "stale-version"]
