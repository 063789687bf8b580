import pytest

from accounts.actor import Actor
from accounts.models import User

PASSWORD = "Lan-tian-2025"


@pytest.fixture
def operator():
    return Actor.operator()


@pytest.fixture
def user(db):
    """A person who has already chosen a password."""
    return User.objects.create_user("wangfang", PASSWORD, display_name="王芳", must_change_password=False)


@pytest.fixture
def log_in(client):
    """log_in(username, password, address=…) → the response of the login page."""

    def post(username="wangfang", password=PASSWORD, address="127.0.0.1", client=client, **more):
        data = {"username": username, "password": password, **more}
        return client.post("/accounts/login/", data, REMOTE_ADDR=address)

    return post
