"""An embedded portal of its own in a folder: SQLite, filesystem broker, a real worker process."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from tests.golden.pipeline import write

ROOT = Path(settings.BASE_DIR)
REGISTER_HEADER = ["学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)"]


class Portal:
    """Commands and small programs against the folder; `start_worker`, `kill_worker`."""

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

    def register(self, folder: Path, schools: list[tuple[str, str]]) -> None:
        """Primary schools of county 999901: (code, name)."""
        rows = [[code, name, "211", "7", "121", "城关镇"] for code, name in schools]
        file = write(folder / "register.xlsx", REGISTER_HEADER, rows, "学校")
        self.manage("register", str(file), "--county", "999901", "--name", "清河县", "--json")

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

    def workers(self) -> set[int]:
        """The process ids of the worker: itself and the process of its pool that runs the jobs."""
        pid = self.worker.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {pid, *map(int, children)}

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "db.sqlite3", timeout=20)


def until(check, seconds: float) -> bool:
    """Whether `check()` comes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.02)
    return False
