"""A worker killed with -9 loses nothing and doubles nothing: another one takes the job over after the lease."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from jobs import queue
from jobs.models import Job

# Runs in its own process, against the test's database: claims the next job and dies where the test says.
WORKER = """
import os, sys, time
import django
from django.conf import settings
import config.settings
config.settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from accounts.models import User
from jobs import handlers, runner

def work(run):
    run.progress(1, 3, "开始")
    if sys.argv[2] == "before":
        print("ready", flush=True); time.sleep(60)
    with run.apply():
        User.objects.create_user(run.args["name"])
        if sys.argv[2] == "inside":
            print("ready", flush=True); time.sleep(60)
        run.finish({"made": run.args["name"]})
    if sys.argv[2] == "after":
        print("ready", flush=True); time.sleep(60)

handlers.handler("kill-probe")(work)
runner.run_next("check")
print("ready", flush=True)
"""


def start_worker(when):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "JOBS_LEASE_SECONDS": "1"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), when],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=django_settings.BASE_DIR,
        text=True,
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "inside", "after"])
def test_a_killed_worker_leaves_the_effect_applied_exactly_once(kind, when):
    kind(lambda run: None, "kill-probe")
    job = queue.enqueue("kill-probe", when, args={"name": "made-once"})
    killed = start_worker(when)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    job.refresh_from_db()
    if when == "after":
        assert job.state == "done"
    else:
        assert job.state == "running" and not User.objects.filter(username="made-once").exists()
        wait = (job.lease_until - timezone.now()).total_seconds()
        time.sleep(max(0, wait) + 0.05)
    start_worker("never").wait(timeout=30)
    job.refresh_from_db()
    assert job.state == "done" and job.result == {"made": "made-once"}
    assert job.attempts == (1 if when == "after" else 2)
    assert User.objects.filter(username="made-once").count() == 1
    assert Job.objects.count() == 1
