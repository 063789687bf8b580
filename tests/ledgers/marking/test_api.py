"""The marked workbook by API: the permission of the original, logged, and a job when it is large."""
import io

import openpyxl
import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from files.models import StoredFile
from jobs.runner import drain
from ledgers.models import Version
from ledgers.services import giving
from tests.ledgers.filing.conftest import ROWS, cast, send, workbook  # noqa: F401
from tests.ledgers.filing.test_pages import api  # noqa: F401

pytestmark = pytest.mark.django_db
FAULTY = [*ROWS, ["三年级", "1班", "很多"]]


def path_of(version) -> str:
    return f"filings/{version.filing_id}/versions/{version.number}/marked/"


def test_the_sender_gets_the_marked_workbook_and_it_is_logged(api, cast, send):  # noqa: F811
    version = send(workbook(FAULTY))
    answer = api(cast.clerk)("get", path_of(version))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["班级情况"]["C5"].comment
    assert {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True) if row[0]}["学校"] == cast.school.name
    assert AuditEvent.objects.filter(action="version.marked_downloaded").count() == 1


def test_strangers_get_404_and_inspectors_nothing(api, cast, send):  # noqa: F811
    version = send(workbook(FAULTY))
    assert api(cast.stranger)("get", path_of(version)).status_code == 404
    assert api(cast.inspector)("get", path_of(version)).status_code in (403, 404)


def test_a_clean_version_has_none(api, cast, send):  # noqa: F811
    assert api(cast.clerk)("get", path_of(send())).status_code == 404


def test_a_large_one_is_made_by_a_job(api, cast, send, monkeypatch):  # noqa: F811
    monkeypatch.setattr(giving, "AT_ONCE", 0)
    version = send(workbook(FAULTY))
    call = api(cast.clerk)
    first = call("get", path_of(version))
    assert first.status_code == 202
    assert [job.state for job in drain([giving.MARK])] == ["done"]
    assert call("get", f"jobs/{first.json()['job']}/").json()["state"] == "done"
    assert call("get", path_of(version)).status_code == 200


def test_marks_of_an_old_verdict_are_not_kept(cast, send, monkeypatch):  # noqa: F811
    """Checked again while the job ran: its copy is destroyed."""
    version = send(workbook(FAULTY))
    job = giving.order_marked(version, by=cast.actor(cast.clerk))
    real = giving.mark

    def slow(*given):
        Version.objects.filter(pk=version.pk).update(checked_at=timezone.now())
        return real(*given)

    monkeypatch.setattr(giving, "mark", slow)
    drain([giving.MARK])
    job.refresh_from_db()
    version.refresh_from_db()
    assert (job.state, version.marked) == ("done", None)
    assert StoredFile.objects.get(purpose="marked").erased_at
