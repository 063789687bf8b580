"""A portal with a real worker, ended with the test."""

import pytest

from .portal import Portal


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path / "var")
    yield made
    made.kill_worker()
