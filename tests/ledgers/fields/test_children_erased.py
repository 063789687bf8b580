"""An erased child goes out of the stored workbooks: copies without its row's personal cells, the rest at its address."""
import io
import zipfile

import openpyxl
import pytest
from django.db import transaction

from accounts.actor import Actor
from accounts.models import AuditEvent
from dropout.models import CareRow, Child, ListedChild, Pupil
from dropout.services.erasure import erase_child
from files import store
from files.models import StoredFile
from jobs.outbox import announce
from jobs.runner import drain
from ledgers import reading
from ledgers.models import Version
from schools.models import Dataset, DatasetState
from schools.provenance import locate
from schools.quantity import SourceCell
from tests.factories import make_cast
from tests.ledgers.filing.conftest import approve, send  # noqa: F401

from .children import cared, child_id, listed, pupil, sheet
from .test_children_filed import book

pytestmark = pytest.mark.django_db
BOSS = Actor.operator()
SECRETS = ("李小阳", child_id(1), "李建国", "19900000001")
OTHER = {"姓名": "王小明", "监护人姓名": "王大明", "联系电话": "19900000003"}


@pytest.fixture
def cast(db):
    return make_cast()


def roster(*rows) -> bytes:
    """A roster with a guardian, a hidden copy of itself and a comment on the child's name."""
    title, cells = sheet("学生名册", *rows)
    made = openpyxl.load_workbook(io.BytesIO(book((title, cells))))
    made[title]["A2"].comment = openpyxl.comments.Comment("李小阳的父亲李建国", "clerk")
    copy = made.create_sheet("原始")
    for row in cells:
        copy.append(row)
    copy.sheet_state = "hidden"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def mine() -> dict:
    return pupil(1, 监护人姓名="李建国", 联系电话="19900000001", 就读方式="住校")


def erased(sequence: int = 1) -> Child:
    """The child is erased and the jobs that follow are done."""
    child = Child.objects.get(person_key=Pupil.objects.filter(birth__isnull=False).order_by("id")[sequence - 1].person_key)
    erase_child(child, BOSS, "监护人书面申请，县局已核准")
    assert {job.state for job in drain()} == {"done"}
    return child


def text_of(file: StoredFile) -> str:
    """Everything in a workbook: all members of the archive, as text."""
    with zipfile.ZipFile(io.BytesIO(store.read(file))) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_the_copy_has_nothing_of_the_child_and_everything_of_the_others(cast, send, approve):  # noqa: F811
    version = approve(send(roster(mine(), pupil(3, **OTHER)), ledger="pupils", name="名册.xlsx"))
    original = version.file
    erased()
    version.refresh_from_db()
    assert not any(secret in text_of(version.file) for secret in SECRETS)
    grid = reading.read_workbook(store.read(version.file), "名册.xlsx").visible[0]
    head, first, second = grid.rows[0], grid.rows[1], grid.rows[2]
    assert dict(zip(head, second, strict=True))["姓名"] == "王小明" and "19900000003" in second and child_id(3) in second
    assert [text for text in first if text] == ["三年级", "2班", "住校"], "what became facts stays, and so does its provenance"
    original.refresh_from_db()
    assert original.erased_at and not original.wrapped_key and original.sha256 == version.sha256 != version.file.sha256
    with pytest.raises(store.FileErased):
        store.read(original)


def test_every_fact_is_still_found_at_its_cell(cast, send, approve):  # noqa: F811
    approve(send(roster(mine(), pupil(3, **OTHER)), ledger="pupils"))
    erased()
    dataset = Dataset.objects.get(ledger="pupils", state=DatasetState.STANDING)
    grid = reading.read_workbook(store.read(dataset.file), dataset.file.name).visible[0]
    cells = {grid.cell(i, j): text for i, row in enumerate(grid.rows) for j, text in enumerate(row)}
    for row in Pupil.objects.filter(dataset=dataset):
        place = locate(SourceCell("dropout.Pupil", row.pk, dataset.pk, "grade", str(row.grade)))
        assert (place.file_id, cells[place.cell]) == (str(dataset.file_id), "三年级")


def test_it_is_written_in_both_histories_and_a_second_run_finds_nothing(cast, send, approve):  # noqa: F811
    version = approve(send(roster(mine(), pupil(3, **OTHER)), ledger="pupils"))
    child = erased()
    step = version.steps.get(verb="redact")
    event = AuditEvent.objects.get(action="version.redacted")
    assert "原文件已销毁" in step.note and event.detail["child"] == child.pk and event.detail["former"] != event.detail["file"]
    assert AuditEvent.objects.get(action="child.workbooks_redacted").detail["files"] == 1
    files = StoredFile.objects.count()
    with transaction.atomic():
        announce("child_erased", f"child/{child.pk}", county="999901", child=child.pk)
    drain()
    assert StoredFile.objects.count() == files and version.steps.filter(verb="redact").count() == 1


def test_rows_that_never_became_facts_go_whole_whichever_ledger_and_however_named(cast, send, approve):  # noqa: F811
    approve(send(roster(mine(), pupil(3, **OTHER)), ledger="pupils"))
    faulty = send(book(sheet("学生名册", {**mine(), "年级": "不知道", "班级": ""}, pupil(3, **OTHER))), ledger="pupils", year=2026)
    care = approve(send(book(sheet("关爱台账", cared(1), {**cared(3), "姓名": "王小明"})), ledger="care"))
    village = send(book(sheet("适龄儿童少年名单", listed(1), listed(3, 姓名="王小明", 监护人="王大明", 联系电话="19900000003"))), ledger="population", school=None)
    strayed = send(roster(mine(), pupil(3, **OTHER)), ledger="classes")
    assert (faulty.state, village.state, strayed.dataset) == ("faulty", "checked", None)
    erased()
    for version in Version.objects.filter(pk__in=[faulty.pk, care.pk, village.pk, strayed.pk]):
        assert not any(secret in text_of(version.file) for secret in SECRETS), version
        assert "王小明" in text_of(version.file)
    assert CareRow.objects.count() == 2, "facts stay"


def test_an_approval_that_waited_does_not_bring_the_child_back(cast, send, approve):  # noqa: F811
    approve(send(roster(mine(), pupil(3, **OTHER)), ledger="pupils"))
    waiting = send(book(sheet("适龄儿童少年名单", listed(1), listed(3, 姓名="王小明", 监护人="王大明", 联系电话="19900000003"))), ledger="population", school=None)
    child = erased()
    waiting.refresh_from_db()
    approve(waiting)
    child.refresh_from_db()
    assert child.erased_at and not child.sealed
    assert ListedChild.objects.filter(person_key=child.person_key).count() == 0, "checked again, its row is blank"
