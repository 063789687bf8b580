"""One launcher for the processes of one machine: web, worker and beat live and end together."""
from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 20


def _die_with_parent() -> None:
    """A launcher killed with -9 leaves no orphans behind (Linux only; elsewhere nothing happens)."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (AttributeError, OSError):
        pass


def commands(host: str, port: int, *, threads: int, concurrency: int, queues: tuple[str, ...]) -> dict[str, list[str]]:
    """The command line of each process.

    One web process with threads: the throttles and the session of an embedded portal live in its memory. The worker
    starts a new child after 50 jobs, so that memory a large workbook took is given back.
    """
    python = [sys.executable, "-m"]
    # Celery warns in English of running as root, which a container and a fresh machine do on purpose.
    celery = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m", "celery", "--quiet", "-A", "config"]
    return {
        "web": [
            *python, "gunicorn", "config.wsgi:application", "--workers", "1", "--threads", str(threads),
            "--bind", f"{host}:{port}", "--timeout", "120", "--graceful-timeout", "15", "--log-level", "warning",
            "--no-control-socket",
        ],
        "worker": [
            *celery, "worker", "--pool", "prefork", "--concurrency", str(concurrency), "--max-tasks-per-child", "50",
            "--without-gossip", "--without-mingle", "--queues", ",".join(queues), "--loglevel", "WARNING",
        ],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }  # fmt: skip


def port_is_free(host: str, port: int) -> bool:
    """Nobody listens there yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Our own /healthz says ok."""
    place = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(place, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@dataclass
class Launcher:
    """Starts processes and ends them together: on a signal with status 0, with status 1 when one of them dies."""

    command_lines: dict[str, list[str]]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    stopping: bool = False

    def start(self) -> None:
        """Start all. They get their own sessions, so that Ctrl-C reaches only this launcher, which stops them."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_signal)
        environment = {key: value for key, value in os.environ.items() if key != "JOBS_INLINE"}
        for name, line in self.command_lines.items():
            self.processes[name] = subprocess.Popen(
                line, env=environment, start_new_session=True, preexec_fn=_die_with_parent
            )

    def _stop_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def dead(self) -> str:
        """The name of a process that has ended, or nothing."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), "")

    def wait_until(self, ready, seconds: float) -> bool:
        """Until `ready()`; False when a process died, a signal came or the time is over."""
        end = time.monotonic() + seconds
        while not self.stopping and not self.dead() and time.monotonic() < end:
            if ready():
                return True
            time.sleep(0.1)
        return False

    def watch(self) -> str:
        """Until a signal (→ nothing) or the end of a process (→ its name)."""
        while not self.stopping:
            if name := self.dead():
                return name
            time.sleep(0.2)
        return ""

    def stop(self) -> None:
        """Ask all to end; after the grace period end them and their children."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + GRACE_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
        for process in self.processes.values():
            try:
                # The session is the process's own: what is left of its children goes with it.
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
