"""Pages at 20 users with 1-3 s of thinking time (bar: 100 ms at the 95th percentile), 300 schools, one web process.

Measured twice: alone, and while a 100,000-row ledger is read over and over by a process beside it. The peer is the
portal's own /healthz by the same clients in the same run: what the web server costs without any page.
"""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections

from accounts import sessions
from accounts.actor import Actor
from accounts.models import User
from bench.county_facts import lay_county
from bench.timing import percentile, result
from config.demo.county import THIS_YEAR
from config.launcher import answers
from indicators import snapshots
from indicators.standards import STANDARDS
from schools.memberships import give_membership

USERS, SECONDS, PORT = 20, 25, 8769
READ = "import sys\nfrom ledgers.reading import read_workbook\ndata = open(sys.argv[1], 'rb').read()\nwhile True: read_workbook(data, 'l.xlsx')"


def run() -> Iterator[dict]:
    county, _ = lay_county("999931", 300)
    for standard in STANDARDS:
        snapshots.compute(county, standard, THIS_YEAR)
    addresses = _addresses(county.code)
    cookies = [_session(county.code, n) for n in range(USERS)]
    connections.close_all()
    web = _start_web()
    try:
        yield _measure("pages-20-users", addresses, cookies, web.pid)
        with tempfile.TemporaryDirectory() as folder:
            reader = subprocess.Popen(
                [sys.executable, "-c", f"import django; django.setup()\n{READ}", str(_big_ledger(Path(folder)))],
                env=_environment(),
            )
            time.sleep(5)
            yield _measure("pages-20-users-while-a-ledger-is-read", addresses, cookies, web.pid)
            reader.kill()
            reader.wait()
    finally:
        web.terminate()
        web.wait()


def _addresses(code: str) -> list[str]:
    snapshot = snapshots.payload(snapshots.current(_county(code), "quality-2017", THIS_YEAR))
    row = snapshot["rulesets"]["national"]["schools"][0]
    base = f"/counties/{code}/{THIS_YEAR}/quality-2017/"
    return [
        "/", f"/counties/{code}/", f"/counties/{code}/schools/", f"/counties/{code}/schools/{row['code']}/", f"/counties/{code}/matrix/",
        f"{base}schools/", f"{base}schools/{row['code']}/{row['stage']}/Q5/", f"{base}working/primary/Q5/",
    ]  # fmt: skip


def _county(code: str):
    return import_module("schools.models").County.objects.get(code=code)


def _session(code: str, n: int) -> str:
    """A signed-in session of an officer, made directly: twenty logins from one address would meet the throttle."""
    user = User.objects.create_user(f"bench{n}", "x", display_name="测速", is_demo=True)
    give_membership(user, role="county_officer", scope=code, by=Actor.system("bench"))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[sessions.STARTED] = store[sessions.SEEN] = int(time.time())
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "JOBS_INLINE": "", "LOG_LEVEL": "ERROR"}


def _start_web() -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi:application",
        "--workers",
        "1",
        "--threads",
        "8",
        "--bind",
        f"127.0.0.1:{PORT}",
        "--log-level",
        "error",
        "--no-control-socket",
    ]
    web = subprocess.Popen(command, env=_environment())
    end = time.monotonic() + 60
    while not answers("127.0.0.1", PORT):
        if time.monotonic() > end:
            web.kill()
            raise RuntimeError("the web process does not answer")
        time.sleep(0.2)
    return web


def _processor_seconds(parent: int) -> float:
    """What the children of the web server's master have used so far: on a busy machine the honest measure of a page."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        used += int(fields[11]) + int(fields[12]) if int(fields[1]) == parent else 0
    return used / os.sysconf("SC_CLK_TCK")


def _measure(name: str, addresses: list[str], cookies: list[str], web: int) -> dict:
    before = _processor_seconds(web)
    pages: list[tuple[float, str]] = []
    bare: list[float] = []
    for address in addresses:  # a fresh process reads each result once; what is measured is the running portal
        _ask(address, cookies[0])
    threads = [threading.Thread(target=_user, args=(cookie, addresses, pages, bare)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [seconds for seconds, _ in pages]
    used = (_processor_seconds(web) - before) / max(1, len(pages))
    slowest = {
        address: round(percentile([t for t, a in pages if a == address], 0.95), 3)
        for address in addresses
        if any(a == address for _, a in pages)
    }
    return result(name, ours=percentile(times, 0.95), peer=percentile(bare, 0.95), bar=0.1, median=round(percentile(times, 0.5), 4), requests=len(pages), processor_per_page=round(used, 4), load=round(os.getloadavg()[0], 1), p95_by_page=slowest,
                  peer_is="/healthz")  # fmt: skip


def _user(cookie: str, addresses: list[str], pages: list, bare: list) -> None:
    """Asks a page, thinks one to three seconds, asks the next; every fourth time also /healthz."""
    choose = random.Random(cookie)
    end = time.monotonic() + SECONDS
    time.sleep(choose.uniform(0, 2))
    while time.monotonic() < end:
        address = choose.choice(addresses)
        pages.append((_ask(address, cookie), address))
        if choose.random() < 0.25:
            bare.append(_ask("/healthz", cookie))
        time.sleep(choose.uniform(1, 3))


def _ask(address: str, cookie: str) -> float:
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", address, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return time.perf_counter() - started


def _big_ledger(folder: Path) -> Path:
    path = folder / "ledger.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(100_000):
        for column in range(15):
            sheet.write(row, column, f"第{row}行" if column % 3 == 0 else row * column)
    book.close()
    return path
