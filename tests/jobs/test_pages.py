import pytest

from accounts.models import User
from jobs import queue, runner

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    owner, stranger = (User.objects.create_user(name, must_change_password=False) for name in ("owner", "stranger"))
    client.force_login(owner)
    return owner, stranger


def test_the_owner_sees_the_place_in_the_queue_then_the_end(client, people, kind):
    kind(lambda run: None, title="台账核对")
    queue.enqueue("probe", "before", school="b")
    job = queue.enqueue("probe", "k", school="a", owner=people[0].pk)
    waiting = client.get(f"/jobs/{job.pk}/progress/").content.decode()
    assert "台账核对" in waiting and "前面还有 1 项" in waiting and f'hx-get="/jobs/{job.pk}/progress/"' in waiting
    runner.drain()
    done = client.get(f"/jobs/{job.pk}/progress/").content.decode()
    assert "已完成" in done and "hx-get" not in done


def test_a_failure_is_told_in_its_own_words(client, people, kind):
    kind(lambda run: 1 / 0, title="台账核对")
    job = queue.enqueue("probe", "k", owner=people[0].pk)
    runner.drain()
    assert "3 次没有完成" in client.get(f"/jobs/{job.pk}/progress/").content.decode()


def test_a_strangers_job_is_not_found(client, people, kind):
    kind(lambda run: None)
    strangers = queue.enqueue("probe", "k", owner=people[1].pk)
    nobodys = queue.enqueue("probe", "other")
    for job in (strangers, nobodys):
        assert client.get(f"/jobs/{job.pk}/progress/").status_code == 404
    assert client.get("/jobs/999999/progress/").status_code == 404
