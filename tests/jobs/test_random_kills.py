"""Workers killed at random moments: no job lost, no effect doubled, none half done (design.md §10, faults)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import AuditEvent, User
from jobs import queue
from jobs.models import Job

# One process with everything loaded forks a worker, kills it after some milliseconds, and forks the next.
SUPERVISOR = """
import os, random, signal, sys, time
import django
import config.settings
config.settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import connections
from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from jobs import handlers, queue, runner

def work(run):
    for step in range(3):
        run.progress(step, 3, f"第 {step} 步")
        time.sleep(0.001)
    with run.apply():
        audit.record("probe.started", by=Actor.system(), object=f"job:{run.job.pk}")
        time.sleep(0.002)
        User.objects.create_user(f"user-{run.args['number']}")
        run.finish({"number": run.args["number"]})

handlers.handler("random-kill")(work)
queue.MAX_ATTEMPTS = 50
random.seed(int(sys.argv[3]))
for _ in range(int(sys.argv[2])):
    connections.close_all()
    child = os.fork()
    if child == 0:
        while True:
            if runner.run_next("check") is None:
                time.sleep(0.01)
    time.sleep(random.uniform(0.03, 0.25))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
time.sleep(1.1)
while runner.run_next("check"):
    pass
"""


def kill_at_random(kills, jobs):
    numbers = range(jobs)
    for number in numbers:
        queue.enqueue("random-kill", str(number), args={"number": number}, school=str(number % 7))
    subprocess.run(
        [sys.executable, "-c", SUPERVISOR, str(connection.settings_dict["NAME"]), str(kills), "20251122"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "JOBS_LEASE_SECONDS": "1"},
        cwd=django_settings.BASE_DIR,
        check=True,
        timeout=60 + kills,
    )
    assert Job.objects.filter(state="done").count() == jobs, "lost"
    assert sorted(Job.objects.values_list("result__number", flat=True)) == list(numbers)
    assert User.objects.count() == AuditEvent.objects.count() == jobs, "doubled or half done"
    assert Job.objects.filter(attempts__gt=1).exists(), "the kills must have hit something"


@pytest.mark.django_db(transaction=True)
def test_twenty_random_kills_lose_and_double_nothing(kind):
    kind(lambda run: None, "random-kill")
    kill_at_random(20, 120)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_three_hundred_random_kills_lose_and_double_nothing(kind):
    kind(lambda run: None, "random-kill")
    kill_at_random(300, 2000)
