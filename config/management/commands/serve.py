"""`manage.py serve`: the portal of one machine, ready to use."""
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from config import launcher
from config.environment import Environment, refuse
from jobs.runner import sweep
from schools.models import County


class Command(BaseCommand):
    """Migrate, collect the static files, make the demo county on an empty database, then web, worker and beat.

    PORT, HOST, DEMO=0, WEB_THREADS, WORKER_CONCURRENCY come from the environment (docs/operations.md).
    Ends with status 0 on a signal, with 1 when one of its processes dies.
    """

    help = "启动门户：网页、后台任务和定时任务一起运行，一起停止。"
    # The database is looked at below, with a sentence instead of a traceback.
    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *args, **options) -> None:
        env = Environment()
        host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000)
        started = time.monotonic()
        self._check_surroundings(host, port)
        self._prepare(env.switch("DEMO", True))
        running = launcher.Launcher(
            launcher.commands(
                host,
                port,
                threads=env.number("WEB_THREADS", 8),
                concurrency=env.number("WORKER_CONCURRENCY", 1),
                queues=settings.QUEUES,
            )
        )
        connection.close()
        self._run(running, host, port, started)

    def _check_surroundings(self, host: str, port: int) -> None:
        if not launcher.port_is_free(host, port):
            refuse(f"地址 {host}:{port} 不能使用或已被占用，请用 PORT 另选端口。", f"{host}:{port} is not free")
        try:
            connection.ensure_connection()
        except (DatabaseError, OSError):
            refuse("数据库连接不上，请检查 DATABASE_URL 中的地址、库名、用户和口令。", "DATABASE_URL cannot be reached")
        if settings.REDIS_URL:
            try:
                redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3).ping()
            except (redis.RedisError, OSError):
                refuse("Redis 连接不上，请检查 REDIS_URL 中的地址和口令。", "REDIS_URL cannot be reached")

    def _prepare(self, demo: bool) -> None:
        self._say("正在准备数据库")
        self.check()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        unfinished = Path(settings.VAR_DIR) / "demo.unfinished"
        if demo and (unfinished.exists() or not County.objects.exists()):
            self._say("数据库是空的，正在生成演示县（DEMO=0 可不生成）")
            # A demo that was cut off is taken up again at the next start: every step may be repeated.
            unfinished.touch()
            environment = os.environ | {"JOBS_INLINE": "1"}
            if subprocess.run([sys.executable, "manage.py", "demo"], cwd=settings.BASE_DIR, env=environment).returncode:
                self.stderr.write("演示县没有生成完整，原因见上；再次启动时会接着生成。")
                raise SystemExit(1)
            unfinished.unlink()
        if not settings.HTTPS and County.objects.filter(is_demo=False).exists():
            self._say("注意：这里有正式数据，但没有启用 HTTPS。正式使用请按 docs/operations.md 配置反向代理和 HTTPS=1。")

    def _run(self, running: launcher.Launcher, host: str, port: int, started: float) -> None:
        running.start()
        try:
            # What was running when the machine stopped is put back into the queue before anything new comes.
            sweep()
            connection.close()
            if running.wait_until(lambda: launcher.answers(host, port), 60):
                self._announce(host, port, time.monotonic() - started)
                dead = running.watch()
            else:
                dead = running.dead() or ("" if running.stopping else "web")
        finally:
            running.stop()
        if dead:
            self.stderr.write(f"进程 {dead} 意外结束，门户已全部停止，请查看上面的日志。({dead} ended unexpectedly)")
            raise SystemExit(1)
        self._say("已停止")

    def _announce(self, host: str, port: int, seconds: float) -> None:
        place = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        self._say(f"门户已启动，用时 {seconds:.0f} 秒：http://{place}:{port}/")
        logins = Path(settings.VAR_DIR) / "demo.json"
        if logins.exists():
            self._say(f"演示账号和口令在 {logins}")
        self._say("按 Ctrl-C 停止")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"[serve] {sentence}")
        self.stdout.flush()
