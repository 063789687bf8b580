"""A real portal for the browser: its own folder and database, `manage.py serve` with web, worker and beat."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from config import launcher
from tests.house.processes import ROOT, environment, free_port

START_SECONDS = 90
RUN_COMMANDS = """
import contextlib, io, json, sys
import django
from django.core.management import call_command
django.setup()
printed = []
for command in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            call_command(*command)
        except SystemExit as end:
            if end.code:
                sys.exit(f"{command}: {end.code} {out.getvalue()}")
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


@dataclass
class Portal:
    """Address, folder and environment of a running portal, and the people made in it: {username: password}."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *commands: tuple[str, ...]) -> list[str]:
        """Run these manage.py commands, one after the other in one process; what each printed. All must succeed."""
        done = subprocess.run(
            [sys.executable, "-c", RUN_COMMANDS],
            cwd=ROOT,
            env=environment(self.folder, DJANGO_SETTINGS_MODULE="config.settings", JOBS_INLINE="1", **self.settings),
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return json.loads(done.stdout)

    def add_people(self, *people: tuple[str, str, str, str]) -> None:
        """Real users (username, role, scope, name), who have to change the password at the first login."""
        made = self.manage(
            *(("make_user", user, "--role", role, "--scope", scope, "--display-name", name, "--json") for user, role, scope, name in people)
        )
        self.people |= {person[0]: json.loads(answer)["password"] for person, answer in zip(people, made, strict=True)}

    def start(self) -> None:
        """Web, worker and beat; returns when the address answers."""
        self.port = free_port()
        with open(self.folder / "serve.log", "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment(self.folder, DEMO="0", PORT=str(self.port), **self.settings),
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + START_SECONDS
        while not launcher.answers("127.0.0.1", self.port):
            assert self.process.poll() is None and time.monotonic() < end, self.log()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask it to end; it ends its processes."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def log(self) -> str:
        return (self.folder / "serve.log").read_text()[-4000:]


class PrivateDatabase:
    """In the PostgreSQL run a database of the portal's own beside the test database; otherwise SQLite in its folder."""

    def __init__(self):
        self.url, self.name = os.environ.get("DATABASE_URL", ""), f"story_{uuid.uuid4().hex[:12]}"
        self.settings: dict[str, str] = {}

    def __enter__(self) -> dict[str, str]:
        if self.url.startswith("postgres"):
            self._run(f"CREATE DATABASE {self.name}")
            self.settings["DATABASE_URL"] = re.sub(r"/[^/?]*(\?|$)", rf"/{self.name}\1", self.url)
            if redis := os.environ.get("REDIS_URL"):
                # The last of Redis's sixteen databases; the test workers count from the first.
                self.settings["REDIS_URL"] = redis.rsplit("/", 1)[0] + "/15"
        return self.settings

    def __exit__(self, *exception) -> None:
        if self.settings:
            self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
