"""The queue of the embedded default: whole messages only, nothing lost, nothing doubled, a damaged file kills nobody."""

from __future__ import annotations

import multiprocessing
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

import config.celery  # noqa: F401  gives filesystem:// its transport
from config.folder_queue import Transport


def connection(folder) -> Connection:
    (folder / "control").mkdir(exist_ok=True)
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control"), "polling_interval": 0.01}
    return Connection("filesystem://", transport_options=options)


def send(folder, name: str, count: int) -> None:
    with connection(folder) as opened:
        queue = opened.SimpleQueue("check")
        for number in range(count):
            queue.put({"message": f"{name}-{number}"})
        queue.close()


def receive(folder, wanted: int, found) -> None:
    with connection(folder) as opened:
        queue = opened.SimpleQueue("check")
        while len(found) < wanted:
            try:
                message = queue.get(timeout=0.2)
            except Empty:
                continue
            found.append(message.payload["message"])
            message.ack()
        queue.close()


def test_the_address_filesystem_means_our_transport(tmp_path):
    assert connection(tmp_path).transport_cls == "filesystem" and isinstance(connection(tmp_path).transport, Transport)


def run_apart(*calls) -> None:
    """Each call in a process of its own, at once: kombu keeps what is bound in the memory of a process."""
    processes = [multiprocessing.Process(target=function, args=arguments) for function, *arguments in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0


def test_messages_from_several_processes_arrive_once_each_while_several_read(tmp_path):
    with multiprocessing.Manager() as manager:
        found = manager.list()
        run_apart(*((receive, tmp_path, 300, found) for _ in range(2)), *((send, tmp_path, name, 100) for name in "abc"))
        assert sorted(found) == sorted(f"{name}-{number}" for name in "abc" for number in range(100))


@pytest.mark.parametrize("damaged", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_message_is_dropped_and_the_next_one_read(tmp_path, damaged):
    (tmp_path / "000000000000000_first.check.msg").write_bytes(damaged)
    with multiprocessing.Manager() as manager:
        found = manager.list()
        run_apart((send, tmp_path, "good", 1), (receive, tmp_path, 1, found))
        assert list(found) == ["good-0"]
    assert not list(tmp_path.glob("*.msg*"))


def test_two_bindings_at_once_both_stay_in_the_table(tmp_path):
    exchange = Exchange("junheng", type="direct")
    with connection(tmp_path) as opened:
        channel = opened.channel()
        for name in ("check", "compute"):
            Queue(name, exchange, routing_key=name)(channel).declare()
        assert {entry.queue for entry in channel.get_table("junheng")} >= {"check", "compute"}
