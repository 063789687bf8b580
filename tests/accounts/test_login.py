"""Login, locks, sessions, forced change, API tokens."""

import time
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts import passwords, services, sessions
from accounts.models import AuditEvent, User

PASSWORD = "Lan-tian-2025"
NOTICES = "/accounts/notices/"
pytestmark = pytest.mark.django_db


def inside(client):
    return client.get(NOTICES).status_code == 200


def without_token(response):
    """The answer without what differs in every answer."""
    text = response.content.decode()
    start = text.index('name="csrfmiddlewaretoken"')
    token = text[start:].split('value="', 1)[1].split('"', 1)[0]
    return text.replace(token, "").split("hx-headers")[0], text.count("<"), response.status_code


def test_a_login_opens_the_door_under_a_new_session_id(client, user, log_in):
    assert not inside(client)
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    response = log_in()
    assert response.status_code == 302 and response["Location"] == "/"
    assert client.session.session_key != before and "before" not in client.session
    assert inside(client)
    event = AuditEvent.objects.get(action="session.started")
    assert event.user_id == user.pk and event.address == "127.0.0.1" and len(event.session) == 16


def test_wrong_unknown_disabled_and_locked_look_alike(client, user, log_in):
    User.objects.create_user("disabled", PASSWORD, is_active=False)
    wrong = without_token(log_in(password="x", address="10.0.0.1"))
    answers = {
        "unknown": log_in(username="nobody", address="10.0.0.2"),
        "disabled": log_in(username="disabled", address="10.0.0.3"),
    }
    for _ in range(5):
        log_in(password="x", address="10.0.0.4")
    answers["locked"] = log_in(address="10.0.0.4")
    for name, response in answers.items():
        text, _, status = without_token(response)
        expected = wrong[0].replace('value="wangfang"', "")
        found = text.replace('value="wangfang"', "").replace('value="nobody"', "").replace('value="disabled"', "")
        assert (found, status) == (expected, wrong[2]), name
    assert not inside(client)


def test_five_failures_lock_the_account_for_that_address_only(client, user, log_in):
    for _ in range(5):
        log_in(password="x", address="10.0.0.4")
    assert log_in(address="10.0.0.4").status_code == 200
    assert log_in(address="10.0.0.5").status_code == 302
    assert AuditEvent.objects.filter(action="session.refused", object="user:wangfang").count() == 6


def test_twenty_failures_from_anywhere_lock_the_account_everywhere_until_unlocked(client, user, log_in, operator):
    for number in range(20):
        log_in(password="x", address=f"10.0.1.{number}")
    assert log_in(address="10.9.9.9").status_code == 200
    assert services.unlock_user(user=user, by=operator) == 20
    assert log_in(address="10.9.9.9").status_code == 302


def test_the_eleventh_try_in_a_minute_from_one_address_is_told_to_wait(client, user, log_in, monkeypatch):
    monkeypatch.setattr("accounts.throttle.time", SimpleNamespace(time=lambda: 1_800_000_030.0))
    answers = [log_in(username=f"name{number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1]["Retry-After"] == "30" and "30 秒" in answers[-1].content.decode()


def test_a_name_typed_that_does_not_exist_is_not_written_down(client, log_in):
    log_in(username="my-secret-password")
    event = AuditEvent.objects.get(action="session.refused")
    assert event.object == "user:unknown" and "my-secret" not in event.username + str(event.detail)


@pytest.mark.parametrize(
    ("target", "goes"),
    [("/jobs/", "/jobs/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("javascript:1", "/")],
)
def test_after_login_the_way_leads_only_inside(client, user, log_in, target, goes):
    assert log_in(next=target)["Location"] == goes


def test_logout_ends_the_session_and_needs_a_post(client, user, log_in):
    log_in()
    assert client.get("/accounts/logout/").status_code == 405 and inside(client)
    assert client.post("/accounts/logout/").status_code == 302 and not inside(client)
    assert AuditEvent.objects.filter(action="session.ended").count() == 1


def test_a_password_change_ends_the_other_sessions_and_keeps_this_one(client, user, log_in):
    other = Client()
    log_in()
    log_in(client=other)
    assert inside(other)
    new = {"present": PASSWORD, "new": "Qiu-tian-2026", "again": "Qiu-tian-2026"}
    assert client.post("/accounts/password/", new).status_code == 302
    assert inside(client) and not inside(other)
    assert log_in(client=other).status_code == 200
    assert log_in(password="Qiu-tian-2026", client=other).status_code == 302


def test_a_wrong_present_or_a_weak_new_password_changes_nothing(client, user, log_in):
    log_in()
    answer = client.post("/accounts/password/", {"present": "x", "new": "short", "again": "other"})
    text = answer.content.decode()
    assert "当前密码不正确" in text and "至少需要 10 位" in text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_disabling_ends_sessions_and_tokens_at_once(client, user, log_in, operator):
    log_in()
    token = passwords.issue_token(user)
    services.disable_user(user=user, by=operator)
    assert not inside(client)
    assert client.get("/api/schema/", headers={"Authorization": f"Token {token}"}).status_code == 401
    services.enable_user(user=user, by=operator)
    assert not inside(client)


def test_a_change_of_role_ends_every_session(client, user, log_in):
    log_in()
    services.end_sessions(user=user)
    assert not inside(client)


def move_clock(monkeypatch, seconds):
    """The sessions' clock stands `seconds` after the real one."""
    monkeypatch.setattr("accounts.sessions.time", SimpleNamespace(time=lambda: time.time() + seconds))


def test_half_an_hour_without_activity_ends_the_session_and_says_why(client, user, log_in, monkeypatch):
    log_in()
    move_clock(monkeypatch, 29 * 60)
    assert inside(client)
    move_clock(monkeypatch, 58 * 60)
    assert inside(client)
    move_clock(monkeypatch, 89 * 60)
    assert not inside(client)
    assert "较长时间没有操作" in client.get("/accounts/login/").content.decode()
    assert AuditEvent.objects.get(action="session.expired").detail == {"reason": "idle"}


def test_twelve_hours_end_the_session_whatever_the_activity(client, user, log_in, monkeypatch):
    log_in()
    for half_hours in range(1, 36):
        move_clock(monkeypatch, half_hours * 20 * 60)
        assert inside(client), half_hours
    move_clock(monkeypatch, 12 * 3600)
    assert not inside(client)


def test_polling_is_no_activity(client, user, log_in, monkeypatch):
    log_in()
    for minutes in (10, 20, 29):
        move_clock(monkeypatch, minutes * 60)
        assert client.get("/jobs/1/progress/").status_code == 404
    move_clock(monkeypatch, 31 * 60)
    assert not inside(client)


def test_the_last_activity_is_written_at_most_once_a_minute(client, user, log_in, monkeypatch):
    log_in()
    move_clock(monkeypatch, 61)
    inside(client)
    user.refresh_from_db()
    first = user.last_seen
    assert first and (timezone.now() - first).total_seconds() < 60
    inside(client)
    user.refresh_from_db()
    assert user.last_seen == first


def test_a_first_password_must_be_changed_before_anything_else(client, operator, log_in):
    _, password = passwords.create_user("lilei", by=operator)
    log_in(username="lilei", password=password)
    answer = client.get(NOTICES)
    assert answer.status_code == 302 and answer["Location"] == "/accounts/password/"
    assert "请先换成新密码" in client.get("/accounts/password/").content.decode()
    client.post("/accounts/password/", {"present": password, "new": "Qiu-tian-2026", "again": "Qiu-tian-2026"})
    assert inside(client)


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(client):
    answer = client.get("/jobs/1/progress/", headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer["HX-Redirect"] == "/accounts/login/"


def test_who_was_posting_when_the_session_ended_comes_back_to_the_start(client, db):
    assert client.post("/accounts/notices/read/")["Location"] == "/accounts/login/"
    assert client.get(NOTICES)["Location"] == f"/accounts/login/?next={NOTICES}"


@pytest.mark.parametrize("came_from, goes", [
    ("http://testserver/ledgers/filings/7/versions/2/?x=1", "?next=%2Fledgers%2Ffilings%2F7%2Fversions%2F2%2F%3Fx%3D1"),
    ("https://evil.example/ledgers/", ""), ("http://testserver.evil.example/", ""), ("nonsense", ""), ("", ""),
])  # fmt: skip
def test_who_was_posting_comes_back_to_the_page_of_the_form(client, db, came_from, goes):
    answer = client.post("/accounts/notices/read/", headers={"Referer": came_from})
    assert answer["Location"] == "/accounts/login/" + goes


def test_a_token_works_at_once_also_before_the_first_login(client, operator):
    user, _ = passwords.create_user("machine", by=operator)
    token = passwords.issue_token(user)
    assert client.get("/api/schema/", headers={"Authorization": f"Token {token}"}).status_code == 200


@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token a b"])
def test_a_wrong_token_is_answered_401(client, header, db):
    answer = client.get("/api/schema/", headers={"Authorization": header})
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"


def test_a_session_without_clocks_is_not_trusted(client, user):
    client.force_login(user)
    assert inside(client)
    session = client.session
    del session[sessions.STARTED]
    session.save()
    assert not inside(client)
