"""The cast, and workbooks of classes as a school writes them."""

import io

import openpyxl
import pytest

from accounts.actor import Actor
from jobs.runner import run_job
from ledgers.models import Version
from ledgers.services import approve_version, receive, submit_version
from tests.factories import make_cast

YEAR = 2025
HEADER = ["年级", "班级名称", "学生数"]
ROWS = [["一年级", "1班", 40], ["一年级", "2班", 41], ["二年级", "1班", 38]]


def workbook(rows=ROWS, header=HEADER, sheet="班级情况") -> bytes:
    """An .xlsx; made twice it differs in its time stamp, so a test that sends one file twice makes it once."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [header, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def county_workbook(*schools, rows=ROWS) -> bytes:
    listed = [[school.code, school.name, *row] for school in schools for row in rows]
    return workbook(listed, ["学校(机构)标识码", "学校名称", *HEADER])


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def send(cast):
    """send(data, school=…, by=…) -> the version after its check."""

    def run(data=None, *, school="own", by=None, ledger="classes", name="班级.xlsx", check=True, year=YEAR) -> Version:
        chosen = cast.school if school == "own" else school
        receipt = receive(
            county=chosen.county if chosen else cast.county, ledger=ledger, year=year, school=chosen, data=data or workbook(), name=name,
            by=by or Actor.operator(),
        )  # fmt: skip
        if check and receipt.job:
            run_job(receipt.job.pk)
        return Version.objects.select_related("filing").get(pk=receipt.version.pk)

    return run


@pytest.fixture
def approve(cast):
    """approve(version): submitted by the clerk, approved by the officer."""

    def run(version: Version) -> Version:
        at = {"filing_id": version.filing_id, "number": version.number}
        submit_version(**at, by=Actor.operator())
        return approve_version(**at, by=cast.actor(cast.officer))

    return run
