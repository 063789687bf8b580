"""The password policy, first passwords, tokens."""

import datetime

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import passwords
from accounts.models import ApiToken, AuditEvent, User
from accounts.policy import policy

pytestmark = pytest.mark.django_db


def refusals(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Ab3-xyzqw", "至少需要 10 位"),
        ("abcdefgh12", "3 类"),
        ("lowercase-only", "3 类"),
        ("Password123!", "常见密码"),
        ("Xy9-wangfang", "用户名"),
    ],
)
def test_the_dengbao_policy_names_what_is_missing(user, password, word):
    messages = refusals(password, user)
    assert any(word in message for message in messages) and all(message.endswith("。") for message in messages)


@pytest.mark.parametrize("password", ["Lan-tian-2026", "qiuTian十月2025", "9999aaaa----"])
def test_the_dengbao_policy_accepts_three_of_four_classes(user, password):
    assert refusals(password, user) == []


def test_the_other_policy_wants_length_and_no_classes(user, settings):
    settings.PASSWORD_POLICY = "asvs"
    assert refusals("tian lan cao qing yun bai", user) == []
    assert any("12 位" in message for message in refusals("Ab3-5678901", user))
    user.password_changed_at = timezone.now() - datetime.timedelta(days=4000)
    assert not passwords.must_change(user)


def test_an_unknown_policy_is_refused(settings):
    settings.PASSWORD_POLICY = "none"
    with pytest.raises(ImproperlyConfigured):
        policy()


def test_the_last_five_passwords_are_refused_and_the_sixth_is_not(user, operator):
    used = [f"Lan-tian-{year}" for year in range(2026, 2032)]
    for password in used:
        passwords.change_password(user, password, by=operator)
    for password in used[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            passwords.change_password(user, password, by=operator)
    passwords.change_password(user, used[0], by=operator)
    assert user.former_passwords.count() == 5


def test_a_first_password_is_random_meets_both_policies_and_must_be_changed(operator, settings):
    user, password = passwords.create_user("lilei", display_name="李雷", by=operator)
    other = passwords.create_user("hanmei", by=operator)[1]
    assert password != other and user.check_password(password) and passwords.must_change(user)
    for name in ("dengbao", "asvs"):
        settings.PASSWORD_POLICY = name
        assert refusals(passwords.random_password(), User(username="someone")) == []
    event = AuditEvent.objects.filter(action="user.created").first()
    assert event.object == "user:lilei" and password not in str(event.detail)


def test_demo_users_are_never_forced(operator):
    user, _ = passwords.create_user("demo", is_demo=True, by=operator)
    user.password_changed_at -= datetime.timedelta(days=400)
    user.must_change_password = True
    assert not passwords.must_change(user)


@pytest.mark.parametrize(("days", "due"), [(89, False), (90, True)])
def test_a_password_ends_after_ninety_days(user, days, due):
    user.password_changed_at = timezone.now() - datetime.timedelta(days=days, minutes=1)
    assert passwords.must_change(user) is due


def test_a_taken_name_is_refused(user, operator):
    with pytest.raises(IntegrityError), transaction.atomic():
        passwords.create_user("wangfang", by=operator)


def test_a_reset_gives_a_new_random_password_to_be_changed(user, operator):
    password = passwords.reset_password(user, by=operator)
    user.refresh_from_db()
    assert user.check_password(password) and user.must_change_password
    assert AuditEvent.objects.get(action="password.reset").object == "user:wangfang"


def test_only_the_digest_of_a_token_is_kept(user):
    token = passwords.issue_token(user)
    row = ApiToken.objects.get()
    assert token not in str(row.__dict__) and len(row.digest) == 64
