"""kill -9 of the real worker while it checks an import: after the restart nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.golden.pipeline import write

pytestmark = pytest.mark.once
SCHOOLS, CLASSES = 40, 60
ROOT = Path(settings.BASE_DIR)
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


class Portal:
    """An embedded portal of its own: SQLite, filesystem broker, a real worker process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        dropped = {"DATABASE_URL", "REDIS_URL", "JOBS_INLINE", "PYTEST_CURRENT_TEST", "SECRET_KEY", "FIELD_KEYS"}
        self.env = {name: value for name, value in os.environ.items() if name not in dropped}
        self.env |= {
            "VAR_DIR": str(folder),
            "JOBS_LEASE_SECONDS": "3",
            "JOBS_HINT_AGAIN_SECONDS": "2",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.worker: subprocess.Popen | None = None

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self.python("manage.py", *arguments)

    def ask(self, code: str, *arguments: str) -> dict:
        start = "import django; django.setup()\n"
        return json.loads(self.python("-c", start + code, *arguments).splitlines()[-1])

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "--pool", "prefork", "--concurrency", "1",
                   "--without-gossip", "--without-mingle", "--queues", "check,compute,paper", "--loglevel", "ERROR"]  # fmt: skip
        self.worker = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_worker(self) -> None:
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path / "var")
    yield made
    made.kill_worker()


def _until(check, seconds: float):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.02)
    return False


def _database(portal: Portal):
    return sqlite3.connect(portal.folder / "db.sqlite3", timeout=20)


def test_an_import_survives_two_kills_of_the_worker(portal, tmp_path):
    portal.manage("migrate")
    listed = [(f"99990{n:05d}", f"第{n}小学") for n in range(1, SCHOOLS + 1)]
    header = ["学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)"]
    register = write(
        tmp_path / "register.xlsx", header, [[code, name, "211", "7", "121", "城关镇"] for code, name in listed], "学校"
    )
    portal.manage("register", str(register), "--county", "999901", "--name", "清河县", "--json")
    rows = [
        [code, name, f"{'一二三四五六'[n % 6]}年级", f"{n // 6 + 1}班", 30 + n % 15]
        for code, name in listed
        for n in range(CLASSES)
    ]
    file = write(tmp_path / "all.xlsx", ["学校(机构)标识码", "学校名称", "年级", "班级名称", "学生数"], rows)

    job = portal.ask(RECEIVE, str(file))["job"]
    database = _database(portal)

    def state() -> tuple[str, int]:
        return database.execute("select state, attempts from jobs_job where id = ?", [job]).fetchone()

    for attempt, pause in ((1, 0.05), (2, 0.4)):
        portal.start_worker()
        assert _until(lambda n=attempt: state() == ("running", n), 60), f"attempt {attempt} never ran: {state()}"
        time.sleep(pause)
        portal.kill_worker()
        assert state() == ("running", attempt), "the job was over before the kill; give it more rows"
        time.sleep(3.5)  # the lease of the dead worker runs out
        portal.ask("from jobs.runner import sweep\nsweep()\nprint('{}')")  # what beat does every 15 seconds
    portal.start_worker()
    assert _until(lambda: state()[0] == "done", 120), f"the job is still {state()}"

    found = portal.ask(LOOK)
    assert found["states"] == ["checked"] * SCHOOLS
    assert (found["datasets"], found["rows"], found["pupils"]) == (
        SCHOOLS,
        SCHOOLS * CLASSES,
        sum(row[4] for row in rows),
    )
    assert set(found["jobs"]) == {"done"}
