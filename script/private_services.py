"""Run a command with a PostgreSQL and a Redis of its own: private folder, free ports, gone afterwards.

    .venv/bin/python script/private_services.py COMMAND …        (exit status: the command's)

The command finds DATABASE_URL and REDIS_URL in its environment. No system service is touched; as root, PostgreSQL runs
as the user postgres, because it refuses to run as root.
"""
from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

USER = "junheng"


def free_port() -> int:
    """A TCP port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_binaries() -> Path:
    """The newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        sys.exit("没有找到 PostgreSQL，请先运行 script/setup --test。")
    return found[-1].parent


class Postgres:
    """One cluster in a folder of its own."""

    def __init__(self, folder: Path):
        self.binaries, self.data, self.port, self.password = postgres_binaries(), folder / "data", free_port(), secrets.token_hex(16)
        self.folder = folder
        self.prefix: list[str] = []
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self.prefix = ["runuser", "-u", "postgres", "--"]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self.prefix, str(self.binaries / program), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL
        )

    def start(self) -> str:
        """Make and start the cluster; the URL of its database."""
        secret = self.folder / "password"
        secret.write_text(self.password)
        if self.prefix:
            shutil.chown(secret, "postgres")
        self._run(
            "initdb", "-D", str(self.data), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{self.folder}' -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
        )
        log = self.folder / "postgres.log"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-s", "-l", str(log), "-o", options, "start")
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        """Stop it at once; nothing in it is kept."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-s", "stop")


def start_redis(folder: Path) -> tuple[subprocess.Popen, str]:
    """A Redis without persistence, with a password; its process and URL."""
    port, password = free_port(), secrets.token_hex(16)
    configuration = folder / "redis.conf"
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\nlogfile {folder}/redis.log\n'
    )
    configuration.chmod(0o600)
    process = subprocess.Popen(["redis-server", str(configuration)], stdout=subprocess.DEVNULL)
    return process, f"redis://:{password}@127.0.0.1:{port}/0"


def main(command: list[str]) -> int:
    """Start both, run the command, stop both whatever happens."""
    if not command:
        sys.exit("用法:private_services.py 命令 参数 …")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="junheng-services-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        database_folder, redis_folder = folder / "postgres", folder / "redis"
        database_folder.mkdir(mode=0o700)
        redis_folder.mkdir(mode=0o700)
        postgres = Postgres(database_folder)
        redis, redis_url = start_redis(redis_folder)
        try:
            environment = os.environ | {"DATABASE_URL": postgres.start(), "REDIS_URL": redis_url}
            return subprocess.run(command, env=environment).returncode
        finally:
            postgres.stop()
            redis.terminate()
            redis.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
