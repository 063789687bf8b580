"""Celery's entrances. The Job row is the truth; these only run what it says."""

from celery import shared_task

from jobs import runner


@shared_task(name="jobs.tasks.run", ignore_result=True)
def run(queue: str, job_id: int) -> None:
    """A hint came that `job_id` waits in `queue`: run the queue's next job, fair by school."""
    runner.run_next(queue)


@shared_task(name="jobs.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Beat: repair what was lost."""
    runner.sweep()


@shared_task(name="jobs.tasks.forget", ignore_result=True)
def forget() -> None:
    """Beat, once a day: delete long ended jobs."""
    runner.forget()
