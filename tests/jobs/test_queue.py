"""Enqueueing, coalescing, claiming and the fair order."""

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import outbox, queue, runner
from jobs.models import Job

pytestmark = pytest.mark.django_db


def nothing(run):
    return None


def test_a_second_announcement_joins_the_waiting_job(kind):
    kind(nothing)
    first = queue.enqueue("probe", "999901", args={"a": 1})
    second = queue.enqueue("probe", "999901", args={"b": 2})
    assert first.pk == second.pk
    assert Job.objects.get().args == {"a": 1, "b": 2}


def test_an_announcement_while_one_runs_makes_exactly_one_waiting_job(kind):
    kind(nothing)
    running = queue.claim(queue.enqueue("probe", "k").pk)
    waiting = {queue.enqueue("probe", "k").pk for _ in range(3)}
    assert len(waiting) == 1 and running.pk not in waiting
    assert Job.objects.filter(state="waiting").count() == 1


def test_a_twin_waits_until_the_running_one_has_ended(kind):
    kind(nothing)
    running = queue.claim(queue.enqueue("probe", "k").pk)
    twin = queue.enqueue("probe", "k")
    assert queue.claim(twin.pk) is None and queue.claim_next("check") is None
    Job.objects.filter(pk=running.pk).update(state="done", token="")
    assert queue.claim_next("check").pk == twin.pk


def test_a_job_is_claimed_once(kind):
    kind(nothing)
    job = queue.enqueue("probe", "k")
    first = queue.claim(job.pk)
    assert first.attempts == 1 and len(first.token) == 32 and first.lease_until > timezone.now()
    assert queue.claim(job.pk) is None


def test_an_unknown_kind_is_refused_at_once():
    with pytest.raises(LookupError):
        queue.enqueue("no-such-kind", "k")


def test_an_unknown_topic_is_refused(kind):
    with pytest.raises(ValueError, match="closed"):
        outbox.subscribe("weather_changed", "probe")
    with pytest.raises(ValueError, match="closed"), transaction.atomic():
        outbox.announce("weather_changed", "k")


def test_each_subscribed_kind_gets_its_own_job(kind):
    kind(nothing, "one")
    kind(lambda run: {}, "two", queue="compute")
    for name in ("one", "two", "one"):
        outbox.subscribe("facts_changed", name)
    before = len(outbox.subscribers("facts_changed"))
    jobs = outbox.announce("facts_changed", "999901", county="999901", dataset=7)
    assert len(jobs) == before
    ours = [(job.kind, job.queue, job.county_code, job.args) for job in jobs if job.kind in ("one", "two")]
    assert ours == [("one", "check", "999901", {"dataset": 7}), ("two", "compute", "999901", {"dataset": 7})]


@pytest.mark.django_db(transaction=True)
def test_an_announcement_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.announce("facts_changed", "999901")


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_announces_nothing(kind):
    outbox.subscribe("facts_changed", kind(nothing))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.announce("facts_changed", "999901")
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_schools_are_served_in_turn(kind):
    kind(nothing)
    for number in range(4):
        queue.enqueue("probe", f"big-{number}", county="999901", school="big")
    for school in ("small", "tiny"):
        queue.enqueue("probe", school, county="999901", school=school)
    served = []
    while job := runner.run_next("check"):
        served.append(job.school_code)
    assert served == ["big", "small", "tiny", "big", "big", "big"]


def test_a_school_with_a_running_job_stands_back(kind):
    kind(nothing)
    queue.enqueue("probe", "a1", school="a")
    queue.enqueue("probe", "a2", school="a")
    queue.enqueue("probe", "b1", school="b")
    assert [queue.claim_next("check").key for _ in range(3)] == ["a1", "b1", "a2"]


def test_queues_do_not_mix(kind):
    kind(nothing, "paper-kind", queue="paper")
    queue.enqueue("paper-kind", "k")
    assert queue.claim_next("check") is None
    assert queue.claim_next("paper").kind == "paper-kind"


def test_the_place_in_the_queue_counts_other_schools_turns(kind):
    kind(nothing)
    big = [queue.enqueue("probe", f"big-{number}", school="big") for number in range(4)]
    small = queue.enqueue("probe", "small", school="small")
    assert [queue.place(job) for job in big] == [1, 3, 4, 5]
    assert queue.place(small) == 2
    assert queue.place(queue.claim(small.pk)) == 0
