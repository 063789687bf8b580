"""One command runs web, worker and beat, and ends them together (design.md §8)."""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launcher import Launcher, answers, commands, port_is_free
from tests.house.processes import ROOT, environment, free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def signals():
    """The launcher takes over the signals; pytest gets its own back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_end_of_one_process_ends_all(signals):
    launcher = Launcher({"long": SLEEP, "short": [sys.executable, "-c", "raise SystemExit(3)"]})
    launcher.start()
    try:
        assert launcher.watch() == "short"
    finally:
        launcher.stop()
    assert all(process.returncode is not None for process in launcher.processes.values())


def test_a_signal_ends_all_without_a_fault(signals):
    launcher = Launcher({"long": SLEEP})
    launcher.start()
    os.kill(os.getpid(), signal.SIGTERM)
    assert launcher.watch() == ""
    launcher.stop()
    assert launcher.processes["long"].returncode == -signal.SIGTERM


def test_waiting_ends_when_a_process_dies(signals):
    launcher = Launcher({"short": [sys.executable, "-c", "raise SystemExit(1)"]})
    launcher.start()
    assert launcher.wait_until(lambda: False, 30) is False
    launcher.stop()


def test_processes_are_not_told_to_work_in_place(signals, monkeypatch, tmp_path):
    monkeypatch.setenv("JOBS_INLINE", "1")
    line = f"import os, pathlib; pathlib.Path({str(tmp_path / 'seen')!r}).write_text(str('JOBS_INLINE' in os.environ))"
    launcher = Launcher({"one": [sys.executable, "-c", line]})
    launcher.start()
    launcher.watch()
    launcher.stop()
    assert (tmp_path / "seen").read_text() == "False"


def test_the_worker_hears_every_queue():
    line = commands("127.0.0.1", 1, threads=8, concurrency=1, queues=("check", "compute", "paper"))["worker"]
    assert line[line.index("--queues") + 1] == "check,compute,paper"


def direct_children(pid: int) -> set[int]:
    """The processes this one started itself, from /proc."""
    found: set[int] = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.add(int(name))
    return found


def children(pid: int) -> set[int]:
    """All processes below this one."""
    below = direct_children(pid)
    return below.union(*(children(child) for child in below))


def command_line(pid: int) -> bytes:
    """Its command line, empty when it has gone meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pids: set[int]) -> set[int]:
    found = set()
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] != "Z":
                    found.add(pid)
        except OSError:
            pass
    return found


def wait_for(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def portal(tmp_path):
    """`manage.py serve` on an empty database of its own, with this run's kind of database and queue."""
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(tmp_path, PORT=str(port), DEMO="0", LOG_LEVEL="WARNING", **given),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait()


def test_one_command_serves_and_stops_cleanly(portal):
    process, port = portal
    assert wait_for(lambda: answers("127.0.0.1", port) or process.poll() is not None), "the portal answers"
    assert process.poll() is None, process.stdout.read()
    assert any(f"http://127.0.0.1:{port}/" in line for line in process.stdout), "it prints its address"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200
    below = children(process.pid)
    assert len(below) >= 4  # web and its worker, worker, beat
    process.send_signal(signal.SIGTERM)
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 0, text
    assert "Traceback" not in text
    assert wait_for(lambda: not alive(below), 10)
    assert port_is_free("127.0.0.1", port)


def test_a_killed_worker_ends_the_portal_with_a_fault(portal):
    process, port = portal
    assert wait_for(lambda: answers("127.0.0.1", port) or process.poll() is not None)
    below = children(process.pid)
    # The launcher's own child: Celery replaces a killed member of its pool, which has the same command line.
    worker = next(pid for pid in direct_children(process.pid) if b"\0worker\0" in command_line(pid))
    os.kill(worker, signal.SIGKILL)
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "进程 worker 意外结束" in text
    assert wait_for(lambda: not alive(below), 10)


def test_a_taken_port_is_refused_in_one_sentence(tmp_path):
    port = free_port()
    holder = subprocess.Popen([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], cwd=tmp_path)
    try:
        assert wait_for(lambda: not port_is_free("127.0.0.1", port), 20)
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT, env=environment(tmp_path, PORT=str(port)), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    finally:
        holder.kill()
        holder.wait()
    assert done.returncode == 2
    assert done.stderr.startswith("配置有误：")
    assert "PORT" in done.stderr


@pytest.mark.parametrize(
    ("name", "url"),
    [("DATABASE_URL", "postgres://u:p@127.0.0.1:{port}/x"), ("REDIS_URL", "redis://127.0.0.1:{port}/0")],
)
def test_an_unreachable_service_is_refused_in_one_sentence(tmp_path, name, url):
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(tmp_path, PORT=str(free_port()), **{name: url.format(port=free_port())}),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr
