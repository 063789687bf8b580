"""Running: results, progress, fences, failures, repair."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from jobs import queue, runner
from jobs.handlers import LostClaim, Refused, Run
from jobs.models import Job

pytestmark = pytest.mark.django_db


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - datetime.timedelta(seconds=1))


def test_a_result_is_kept_and_the_job_is_done(kind):
    kind(lambda run: {"rows": run.args["rows"] + 1})
    job = queue.enqueue("probe", "k", args={"rows": 1})
    (ended,) = runner.drain()
    assert ended.pk == job.pk
    assert (ended.state, ended.result, ended.error, ended.token) == ("done", {"rows": 2}, "", "")
    assert ended.finished_at and ended.lease_until is None


def test_drain_also_runs_what_comes_up_meanwhile(kind):
    kind(lambda run: {"made": queue.enqueue("second", "k").pk}, "first")
    kind(lambda run: None, "second")
    queue.enqueue("first", "k")
    assert [job.kind for job in runner.drain()] == ["first", "second"]


def test_drain_of_some_kinds_leaves_the_others(kind):
    kind(lambda run: None, "wanted")
    kind(lambda run: None, "other")
    queue.enqueue("other", "k")
    queue.enqueue("wanted", "k")
    assert [job.kind for job in runner.drain(["wanted"])] == ["wanted"]
    assert Job.objects.get(kind="other").state == "waiting"


def test_progress_is_kept_and_renews_the_lease(kind):
    seen = []

    def work(run):
        expire(run.job)
        run.progress(3, 10, "已核对 3 行")
        seen.append(Job.objects.get(pk=run.job.pk))

    kind(work)
    queue.enqueue("probe", "k")
    runner.drain()
    assert (seen[0].progress_done, seen[0].progress_total, seen[0].progress_text) == (3, 10, "已核对 3 行")
    assert seen[0].lease_until > timezone.now()


def test_progress_in_a_tight_loop_is_not_written_row_by_row(kind, django_assert_max_num_queries):
    def work(run):
        with django_assert_max_num_queries(3):
            for number in range(1, 5001):
                run.progress(number, 5000)

    kind(work)
    job = queue.enqueue("probe", "k")
    assert runner.run_job(job.pk).progress_done == 5000


def test_a_failing_handler_is_tried_three_times_and_then_ends_with_a_sentence(kind):
    tries, told = [], []

    def work(run):
        tries.append(run.job.attempts)
        raise KeyError("boom")

    kind(work, title="台账核对", on_failure=lambda job: told.append(job.error))
    job = queue.enqueue("probe", "k", county="999901")
    runner.drain()
    job.refresh_from_db()
    assert tries == [1, 2, 3] and job.state == "failed" and job.attempts == 3
    assert "台账核对" in job.error and "3 次" in job.error and str(job.pk) in job.error
    assert "boom" not in job.error and told == [job.error]
    event = AuditEvent.objects.get(action="job.failed")
    assert (event.object, event.county, event.result) == (f"job:{job.pk}", "999901", "failed")


def test_a_failed_attempt_rests_before_the_next_worker_may_take_it(kind):
    kind(lambda run: 1 / 0)
    job = queue.enqueue("probe", "k")
    assert runner.run_next("check").state == "running"
    assert runner.run_next("check") is None
    expire(job)
    assert runner.run_next("check").attempts == 2


def test_a_failed_attempt_applies_nothing(kind):
    def work(run):
        with run.apply():
            User.objects.create_user("half")
            raise ZeroDivisionError

    kind(work)
    queue.enqueue("probe", "k")
    runner.drain()
    assert not User.objects.filter(username="half").exists()


def test_a_refusal_ends_the_job_at_once_with_its_own_sentence(kind):
    def work(run):
        raise Refused("本县还没有建立学校名册，请先导入学校名册。")

    kind(work)
    queue.enqueue("probe", "k")
    (job,) = runner.drain()
    assert (job.state, job.attempts, job.error) == ("failed", 1, "本县还没有建立学校名册，请先导入学校名册。")


def test_a_run_that_lost_its_claim_can_write_nothing(kind):
    kind(lambda run: None)
    job = queue.enqueue("probe", "k")
    slow = Run(queue.claim(job.pk))
    expire(job)
    fast = Run(queue.claim(job.pk))
    with pytest.raises(LostClaim), slow.apply():
        User.objects.create_user("ghost")
    with pytest.raises(LostClaim):
        slow.progress(1, 2)
    with fast.apply():
        User.objects.create_user("real")
        fast.finish({"by": "fast"})
    with pytest.raises(LostClaim), fast.apply():
        pass
    assert list(User.objects.values_list("username", flat=True)) == ["real"]
    assert Job.objects.get().result == {"by": "fast"}


def test_a_slow_run_whose_lease_ran_out_may_still_finish_while_nobody_took_over(kind):
    def work(run):
        expire(run.job)
        with run.apply():
            User.objects.create_user("late")

    kind(work)
    job = queue.enqueue("probe", "k")
    assert runner.run_job(job.pk).state == "done"
    assert User.objects.filter(username="late").exists()


def test_finish_outside_apply_is_refused(kind, transactional_db):
    kind(lambda run: run.finish({}))
    queue.enqueue("probe", "k")
    (job,) = runner.drain()
    assert job.state == "failed"


def test_the_sweeper_ends_a_job_whose_worker_died_three_times(kind):
    told = []
    kind(lambda run: None, on_failure=lambda job: told.append(job.pk))
    job = queue.enqueue("probe", "k")
    for _ in range(3):
        assert queue.claim(job.pk)
        expire(job)
    assert queue.claim(job.pk) is None
    assert runner.sweep() == {"failed": 1, "lost": 0, "hinted": 0}
    job.refresh_from_db()
    assert job.state == "failed" and told == [job.pk] and job.error.endswith("。")


def test_the_sweeper_ends_a_dead_job_of_a_kind_that_is_gone(kind):
    job = Job.objects.create(
        kind="removed", key="k", queue="check", state="running", attempts=3, lease_until=timezone.now()
    )
    assert runner.sweep()["failed"] == 1
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_busy_worker_sweeps_by_itself(kind, monkeypatch):
    kind(lambda run: None)
    dead = Job.objects.create(
        kind="probe", key="dead", queue="paper", state="running", attempts=3, lease_until=timezone.now()
    )
    monkeypatch.setitem(runner._swept, "at", -1000.0)
    queue.enqueue("probe", "k")
    runner.run_next("check")
    dead.refresh_from_db()
    assert dead.state == "failed"


def test_only_long_ended_jobs_are_forgotten(kind):
    old = timezone.now() - runner.KEPT - datetime.timedelta(minutes=1)
    for key, state, finished in [
        ("old", "done", old),
        ("new", "done", timezone.now()),
        ("open", "waiting", None),
    ]:
        Job.objects.create(kind="probe", key=key, queue="check", state=state, finished_at=finished, created_at=old)
    assert runner.forget() == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"new", "open"}


@pytest.fixture
def hints(settings, monkeypatch):
    """What was sent to the broker, as [(queue, job id)]."""
    settings.JOBS_INLINE = False
    sent = []

    monkeypatch.setitem(queue._broker, "down_until", 0.0)

    def send_task(name, args, queue, **options):
        sent.append((queue, args[1]))

    monkeypatch.setattr("jobs.queue.current_app.send_task", send_task)
    return sent


@pytest.mark.django_db(transaction=True)
def test_a_hint_goes_out_after_commit_and_again_when_unheard(kind, hints, settings):
    kind(lambda run: None)
    job = queue.enqueue("probe", "k")
    assert hints == [("check", job.pk)]
    assert runner.sweep()["hinted"] == 0
    Job.objects.update(hinted_at=timezone.now() - datetime.timedelta(seconds=settings.JOBS_HINT_AGAIN_SECONDS + 1))
    assert runner.sweep()["hinted"] == 1 and hints == [("check", job.pk)] * 2
    assert runner.sweep()["hinted"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_lost_job_is_hinted_again(kind, hints):
    kind(lambda run: None)
    job = queue.enqueue("probe", "k")
    queue.claim(job.pk)
    expire(job)
    hints.clear()
    assert runner.sweep()["lost"] == 1 and hints == [("check", job.pk)]


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_job_wakes_its_waiting_twin(kind, hints):
    kind(lambda run: None)
    first = queue.claim(queue.enqueue("probe", "k").pk)
    twin = queue.enqueue("probe", "k")
    assert runner.run_next("check") is None
    hints.clear()
    runner._run(first)
    assert hints == [("check", twin.pk)]


@pytest.mark.django_db(transaction=True)
def test_work_is_accepted_while_the_broker_is_down(kind, settings, monkeypatch):
    settings.JOBS_INLINE = False
    kind(lambda run: None)

    asked = []

    def down(*args, **options):
        asked.append(args)
        raise ConnectionError("no broker")

    monkeypatch.setitem(queue._broker, "down_until", 0.0)
    monkeypatch.setattr("jobs.queue.current_app.send_task", down)
    job = queue.enqueue("probe", "k")
    queue.enqueue("probe", "another")
    assert len(asked) == 1, "the second hint does not wait for a broker known to be down"
    assert Job.objects.filter(pk=job.pk).exists()
    assert runner.run_next("check").state == "done"
