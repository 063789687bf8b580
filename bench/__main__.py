"""Runs every benchmark in a process of its own, with a VAR_DIR of its own, and prints its JSON lines.

A benchmark is a module `bench/<name>.py` with `run() -> Iterator[dict]`; each dict is made by `bench.timing.result`.
It finds Django set up and an empty, migrated database (SQLite, or DATABASE_URL). A benchmark that fails prints
{"name", "error"} and the run ends with status 1.
"""
from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

FOLDER = Path(__file__).parent
NOT_BENCHMARKS = {"__init__", "__main__", "timing", "county_facts"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def run_here(name: str) -> None:
    """Inside the benchmark's own process: set Django up, migrate, print the lines."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    for line in importlib.import_module(f"bench.{name}").run():
        print(json.dumps(line, ensure_ascii=False), flush=True)


@contextmanager
def own_database(name: str) -> Iterator[dict[str, str]]:
    """The variables of an empty database: none of them for SQLite, a new database on the server of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    own = f"bench_{name}_{os.getpid()}"
    server = psycopg2.connect(url)
    server.autocommit = True
    try:
        server.cursor().execute(f'CREATE DATABASE "{own}"')
        yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{own}").geturl()}
        server.cursor().execute(f'DROP DATABASE "{own}" WITH (FORCE)')
    finally:
        server.close()


def run_apart(name: str) -> bool:
    """A process, a VAR_DIR and a database for this one benchmark; False when it failed."""
    with tempfile.TemporaryDirectory(prefix=f"junheng-bench-{name}-") as folder, own_database(name) as database:
        environment = {"LOG_LEVEL": "ERROR"} | os.environ | database | {"VAR_DIR": folder, "JOBS_INLINE": "1"}
        done = subprocess.run([sys.executable, "-m", "bench", "--here", name], env=environment, cwd=FOLDER.parent)
    if done.returncode:
        print(json.dumps({"name": name, "error": f"ended with status {done.returncode}"}), flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """All benchmarks, or those named."""
    if arguments[:1] == ["--here"]:
        run_here(arguments[1])
        return 0
    known = names()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        sys.stderr.write(f"没有这些测速项目:{'、'.join(unknown)};可选:{'、'.join(known) or '(无)'}\n")
        return 2
    failed = [name for name in arguments or known if not run_apart(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
