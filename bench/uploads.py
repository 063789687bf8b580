"""Fifty schools send their workbooks at the same moment: every receipt (bar: 3 s at the 95th percentile) and the last verdict
(bar: 180 s), through the running portal as one machine has it: web, worker and beat.

Each school sends its profile, classes and roster one after another, as three files of the demo county. The peer is /healthz, asked by
as many clients at once.
"""
from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, connections

from accounts.actor import Actor
from accounts.models import User
from accounts.passwords import issue_token
from bench.timing import percentile, result
from config.demo.county import THIS_YEAR, build
from config.demo.layout import plan
from config.demo.workbooks import write_county
from config.launcher import answers
from ledgers.models import Version
from schools.memberships import give_membership
from schools.register import apply_register, read_register

SCHOOLS, PORT, COUNTY = 50, 8771, "999914"
LEDGERS = ("school_profile", "classes", "teachers")
OPEN = ("received", "checking")
PATIENCE = 600


def run() -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as folder:
        built = build(COUNTY, "测速县", plan(2 * SCHOOLS, prefix="914"), seed=14)
        root = write_county(built, Path(folder))
        register = root / "register.xlsx"
        apply_register(read_register(register.read_bytes(), register.name), county_code=COUNTY, county_name="测速县", by=Actor.operator())
        files = root / "approved" / str(THIS_YEAR)
        codes = sorted(path.stem for path in (files / "teachers").glob("*.xlsx"))[:SCHOOLS]
        senders = [(code, _token(code), [files / ledger / f"{code}.xlsx" for ledger in LEDGERS]) for code in codes]
        connections.close_all()
        portal = _start_portal()
        try:
            yield from _measure(senders)
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait()


def _token(code: str) -> str:
    user = User.objects.create_user(f"bench{code}", "x", display_name="测速", is_demo=True)
    give_membership(user, role="school_clerk", scope=code, by=Actor.system("bench"))
    return issue_token(user)


def _start_portal() -> subprocess.Popen:
    environment = os.environ | {"DEMO": "0", "PORT": str(PORT), "JOBS_INLINE": ""}
    portal = subprocess.Popen([sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not answers("127.0.0.1", PORT):
        if time.monotonic() > end or portal.poll() is not None:
            portal.kill()
            raise RuntimeError("the portal does not answer")
        time.sleep(0.2)
    time.sleep(5)  # the worker is there a little later than the pages
    return portal


def _measure(senders: list[tuple[str, str, list[Path]]]) -> Iterator[dict]:
    bare: list[float] = []
    _at_once([lambda: bare.append(_timed("GET", "/healthz", {}, b"", 200)) for _ in senders])
    times: list[float] = []
    started = time.monotonic()
    _at_once([lambda sender=sender: times.extend(_send(*sender)) for sender in senders])
    if len(times) != len(senders) * len(LEDGERS):
        raise RuntimeError(f"only {len(times)} files were received")
    shape = {"schools": len(senders), "files": len(times), "load": round(os.getloadavg()[0], 1), "database": connection.vendor}
    yield result("upload-receipts-50-schools", ours=percentile(times, 0.95), peer=percentile(bare, 0.95), bar=3.0, median=round(percentile(times, 0.5), 3), peer_is="/healthz", **shape)
    states = _verdicts(started)
    yield result("upload-last-verdict", ours=time.monotonic() - started, bar=180.0, states=states, **shape)


def _at_once(works: list) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(code: str, token: str, paths: list[Path]) -> list[float]:
    """Seconds until each receipt."""
    times = []
    for ledger, path in zip(LEDGERS, paths, strict=True):
        mark = uuid.uuid4().hex
        parts = {"ledger": ledger, "county": COUNTY, "year": str(THIS_YEAR), "school": code}
        body = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in parts.items())
        body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        headers = {"Authorization": f"Token {token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
        times.append(_timed("POST", "/api/v1/uploads/", headers, body, 202))
    return times


def _timed(method: str, address: str, headers: dict[str, str], body: bytes, wanted: int) -> float:
    started = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    line.request(method, address, body=body or None, headers={"Host": "localhost"} | headers)
    answer = line.getresponse()
    text = answer.read()
    line.close()
    if answer.status != wanted:
        raise RuntimeError(f"{address} answered {answer.status}: {text[:200].decode(errors='replace')}")
    return time.perf_counter() - started


def _verdicts(started: float) -> dict[str, int]:
    """Waits until no version is waiting for its check; how many there are of each state."""
    while Version.objects.filter(state__in=OPEN).exists():
        if time.monotonic() - started > PATIENCE:
            raise RuntimeError("the last verdict never came")
        time.sleep(0.5)
    states = list(Version.objects.values_list("state", flat=True))
    connections.close_all()
    return {state: states.count(state) for state in sorted(set(states))}
