"""Several workers and announcers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from jobs import queue
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(function, count):
    """Run `function(number)` in `count` threads that start together; each closes its own connection."""
    barrier = threading.Barrier(count)

    def one(number):
        try:
            barrier.wait()
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_eight_workers_never_claim_the_same_job(kind):
    kind(lambda run: None)
    for number in range(12):
        queue.enqueue("probe", str(number), school=str(number % 3))

    def claim_some(_):
        claimed = []
        for _ in range(4):
            if job := queue.claim_next("check"):
                claimed.append(job.pk)
        return claimed

    claimed = [pk for part in in_threads(claim_some, 8) for pk in part]
    assert len(claimed) == len(set(claimed)) == 12


def test_announcing_at_once_makes_one_job(kind):
    kind(lambda run: None)

    def announce(number):
        with transaction.atomic():
            return queue.enqueue("probe", "k", args={"n": number}).pk

    assert len(set(in_threads(announce, 8))) == 1
    assert Job.objects.count() == 1


def test_no_worker_runs_a_joined_job_before_the_change_it_tells_of_is_committed(kind, on_postgresql):
    kind(lambda run: None)
    queue.enqueue("probe", "k")
    joined, claimed = threading.Event(), []

    def work(number):
        if number == 0:
            with transaction.atomic():
                queue.enqueue("probe", "k")
                joined.set()
                threading.Event().wait(0.3)
                claimed.append("committed")
        else:
            joined.wait(5)
            while not (job := queue.claim_next("check")):
                threading.Event().wait(0.02)
            claimed.append(job.pk)

    in_threads(work, 2)
    assert claimed[0] == "committed" and len(claimed) == 2
