"""Eight hostile files at once beside good ones, through the real worker: nobody dies, nothing of theirs is stored, nobody waits long."""

from __future__ import annotations

import json

import pytest

from tests.golden.pipeline import write
from tests.reading import workbooks as make
from tests.reading.test_hostile_files import HOSTILE

from .portal import until

pytestmark = pytest.mark.once
BAD = ["zip bomb", "lying sizes", "billion laughs", "external entity", "far cell", "huge merge", "macros by part", "truncated"]
GOOD = 4
LONGEST_WAIT = 60  # seconds a good verdict may be delayed
RECEIVE = """
import json, sys
from accounts.actor import Actor
from ledgers.services import receive
from schools.models import County, School
county = County.objects.get(code="999901")
for code, name, path in json.load(open(sys.argv[-1])):
    receive(county=county, ledger="classes", year=2026, school=School.objects.get(code=code), data=open(path, "rb").read(), name=name, by=Actor.operator())
print("{}")
"""
LOOK = """
import json
from ledgers.models import Version
from schools.models import Dataset
print(json.dumps({
    "versions": [[v.filing.school.code, v.state, (v.checked_at - v.created_at).total_seconds(), [p["message"] for p in v.problems]]
                 for v in Version.objects.select_related("filing__school").order_by("id")],
    "datasets": sorted(Dataset.objects.values_list("school__code", flat=True)),
}))
"""


def test_eight_hostile_files_delay_no_good_verdict_and_kill_no_worker(portal, tmp_path):
    portal.manage("migrate")
    listed = [(f"99990{n:05d}", f"第{n}小学") for n in range(1, len(BAD) + GOOD + 2)]
    portal.register(tmp_path, listed)
    sent = []
    for (code, _), name in zip(listed, [*BAD, "a million blank rows"], strict=False):
        _, build, file_name = HOSTILE.get(name, ("", lambda: make.blank_formatted_rows(1_000_000), "a.xlsx"))
        path = tmp_path / f"{code}.bad"
        path.write_bytes(build())
        sent.append((code, file_name, str(path)))
    for code, name in listed[len(sent) :]:
        path = write(tmp_path / f"{code}.xlsx", ["学校名称", "年级", "班级名称", "学生数"], [[name, "一年级", f"{n}班", 40] for n in range(1, 30)])
        sent.append((code, path.name, str(path)))
    (tmp_path / "sent.json").write_text(json.dumps(sent))

    portal.start_worker()
    database = portal.database()
    assert until(lambda: len(portal.workers()) > 1, 60), "the pool never started"
    before = portal.workers()
    portal.ask(RECEIVE, str(tmp_path / "sent.json"))
    assert until(lambda: not database.execute("select 1 from jobs_job where kind = 'check_version' and state in ('waiting', 'running')").fetchone(), 120)

    assert portal.workers() >= before, "a process of the worker was replaced"
    found = portal.ask(LOOK)
    good = [code for code, _ in listed[len(BAD) + 1 :]]
    assert found["datasets"] == good
    for code, state, seconds, messages in found["versions"]:
        if code in good:
            assert (state, seconds < LONGEST_WAIT) == ("checked", True)
        else:
            assert state in ("refused", "faulty")
            assert messages and "请" in messages[0] and "Traceback" not in messages[0]
