import copy
from dataclasses import fields

import pytest
from django.db import models, transaction

from tests.dropout.world import World, make_world


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """清河县 with somebody in every role, made once a file; undone in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(standing, db) -> World:
    """The standing county for one test; whatever the test does to rows and objects is undone."""
    with transaction.atomic():
        own = {f.name: getattr(standing, f.name) for f in fields(standing)}
        own = {name: copy.copy(value) if isinstance(value, models.Model) else value for name, value in own.items()}
        own |= {"people": {name: copy.copy(user) for name, user in standing.people.items()}, "actors": {}}
        yield World(**own)
        transaction.set_rollback(True)
