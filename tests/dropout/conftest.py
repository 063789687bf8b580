import pytest

from tests.dropout.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """清河县 with somebody in every role."""
    return make_world()
