"""Running the project's own programs in a place of their own, for the tests of the house."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A clean environment: nothing of this run's configuration, everything under `folder`."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if key in os.environ}
    return kept | {"VAR_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | settings


def manage(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """manage.py with these arguments and settings; text output captured."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=120,
    )


def free_port() -> int:
    """A loopback port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
