"""The benchmark runner: one JSON line a result, fair pairs, honest failures."""

import json

import pytest

from bench import __main__ as runner
from bench import timing


def test_a_ratio_says_how_many_times_faster_we_are():
    line = timing.result("x", ours=0.5, peer=5.0, bar=1.0, rows=10)
    assert line == {
        "name": "x",
        "ours": 0.5,
        "peer": 5.0,
        "ratio": 10.0,
        "unit": "s",
        "bar": 1.0,
        "met": True,
        "rows": 10,
    }


def test_without_a_peer_there_is_no_ratio():
    line = timing.result("x", ours=2.0, bar=1.0)
    assert (line["peer"], line["ratio"], line["met"]) == (None, None, False)


def test_pairs_take_turns():
    order = []
    timing.paired(lambda: order.append("ours"), lambda: order.append("peer"), rounds=2, warm=1)
    assert order == ["ours", "peer"] * 3


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (1, 100), (0.001, 1)])
def test_percentiles_are_nearest_rank(share, value):
    assert timing.percentile(range(1, 101), share) == value


def test_a_benchmark_runs_on_a_database_of_its_own(capfd, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(runner, "names", lambda: ["timing_missing"])
    assert runner.main(["timing_missing"]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert json.loads(lines[-1])["name"] == "timing_missing"
    assert "error" in json.loads(lines[-1])


def test_an_unknown_name_is_wrong_usage(capsys):
    assert runner.main(["no_such_benchmark"]) == 2
    assert "no_such_benchmark" in capsys.readouterr().err
