"""kill -9 of the real worker while it checks an import: after the restart nothing is lost and nothing doubled."""

from __future__ import annotations

import time

import pytest

from tests.golden.pipeline import write

from .portal import until

pytestmark = pytest.mark.once
SCHOOLS, CLASSES = 40, 240
RECEIVE = """
import json, sys
from accounts.actor import Actor
from ledgers.services import receive
from schools.models import County
receipt = receive(county=County.objects.get(code="999901"), ledger="classes", year=2026, school=None,
                  data=open(sys.argv[-1], "rb").read(), name="all.xlsx", by=Actor.operator())
print(json.dumps({"job": receipt.job.pk}))
"""
LOOK = """
import json
from jobs.models import Job
from ledgers.models import Version
from schools.models import Dataset, SchoolClass
print(json.dumps({
    "jobs": list(Job.objects.filter(kind="check_version").values_list("state", flat=True)),
    "states": sorted(Version.objects.exclude(filing__school=None).values_list("state", flat=True)),
    "datasets": Dataset.objects.count(), "rows": SchoolClass.objects.count(),
    "pupils": sum(SchoolClass.objects.values_list("pupils", flat=True)),
}))
"""


def test_an_import_survives_two_kills_of_the_worker(portal, tmp_path):
    portal.manage("migrate")
    listed = [(f"99990{n:05d}", f"第{n}小学") for n in range(1, SCHOOLS + 1)]
    portal.register(tmp_path, listed)
    rows = [
        [code, name, f"{'一二三四五六'[n % 6]}年级", f"{n // 6 + 1}班", 30 + n % 15]
        for code, name in listed
        for n in range(CLASSES)
    ]
    file = write(tmp_path / "all.xlsx", ["学校(机构)标识码", "学校名称", "年级", "班级名称", "学生数"], rows)

    job = portal.ask(RECEIVE, str(file))["job"]
    database = portal.database()

    def state() -> tuple[str, int]:
        return database.execute("select state, attempts from jobs_job where id = ?", [job]).fetchone()

    for attempt, pause in ((1, 0.05), (2, 0.25)):
        portal.start_worker()
        assert until(lambda n=attempt: state() == ("running", n), 60), f"attempt {attempt} never ran: {state()}"
        time.sleep(pause)
        portal.kill_worker()
        assert state() == ("running", attempt), "the job was over before the kill; give it more rows"
        time.sleep(3.5)  # the lease of the dead worker runs out
        portal.ask("from jobs.runner import sweep\nsweep()\nprint('{}')")  # what beat does every 15 seconds
    portal.start_worker()
    assert until(lambda: state()[0] == "done", 120), f"the job is still {state()}"

    found = portal.ask(LOOK)
    assert found["states"] == ["checked"] * SCHOOLS
    assert (found["datasets"], found["rows"], found["pupils"]) == (
        SCHOOLS,
        SCHOOLS * CLASSES,
        sum(row[4] for row in rows),
    )
    assert set(found["jobs"]) == {"done"}
