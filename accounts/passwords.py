"""Passwords and tokens: the policy in force, users made with a password shown once, changes and resets."""

from __future__ import annotations

import secrets
import string

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import ApiToken, PasswordHistory, User
from accounts.policy import policy
from accounts.secrets import digest_of

# Without 0 O 1 l I: an initial password is copied by hand from a sheet of paper.
_LETTERS = "".join(sorted(set(string.ascii_letters) - set("OlI")))
_DIGITS = "23456789"
_SIGNS = "@#%+=?"
_LENGTH = 14


def create_user(username: str, *, display_name: str = "", is_demo: bool = False, by: Actor) -> tuple[User, str]:
    """Make a user with a random first password, returned once and kept nowhere; logged as `user.created`.

    The first login must change it, except for demo users. Raises django.db.IntegrityError when the name is taken.
    """
    password = random_password()
    with transaction.atomic():
        user = User.objects.create_user(
            username, password, display_name=display_name, is_demo=is_demo, must_change_password=not is_demo
        )
        audit.record("user.created", by=by, object=f"user:{user.username}", demo=is_demo)
    return user, password


def change_password(user: User, password: str, *, by: Actor) -> None:
    """The user's own new password: policy and history are asked, every session of the user ends (the view keeps its
    own by signing in again). Raises django.core.exceptions.ValidationError with Chinese sentences."""
    validate_password(password, user)
    with transaction.atomic():
        _set(user, password, must_change=False)
        audit.record("password.changed", by=by, object=f"user:{user.username}")


def reset_password(user: User, *, by: Actor) -> str:
    """An administrator's reset: a random password, returned once; the user's sessions end and the next login changes
    it (not for demo users)."""
    password = random_password()
    with transaction.atomic():
        _set(user, password, must_change=not user.is_demo)
        audit.record("password.reset", by=by, object=f"user:{user.username}")
    return password


def _set(user: User, password: str, *, must_change: bool) -> None:
    locked = User.objects.select_for_update().get(pk=user.pk)
    PasswordHistory.objects.create(user=locked, password=locked.password)
    kept = PasswordHistory.objects.filter(user=locked).order_by("-set_at", "-id").values_list("pk", flat=True)
    PasswordHistory.objects.filter(user=locked).exclude(pk__in=list(kept[: policy().remembered])).delete()
    user.password = make_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def was_used(user: User, password: str) -> bool:
    """Is this the present password or one of the last ones the policy remembers?"""
    if user.pk is None:
        return False
    former = PasswordHistory.objects.filter(user=user).order_by("-set_at", "-id")
    hashes = [user.password, *former.values_list("password", flat=True)][: policy().remembered]
    return any(check_password(password, encoded) for encoded in hashes)


def must_change(user: User) -> bool:
    """Has the user to choose a new password before doing anything else? Never for demo users."""
    if user.is_demo:
        return False
    days = policy().days
    too_old = days is not None and (timezone.now() - user.password_changed_at).days >= days
    return user.must_change_password or too_old


def random_password() -> str:
    """14 random characters with at least one of each class: meets either policy, easy to copy by hand."""
    classes = (string.ascii_lowercase.replace("l", ""), "ABCDEFGHJKLMNPQRSTUVWXYZ", _DIGITS, _SIGNS)
    signs = [secrets.choice(kind) for kind in classes]
    signs += [secrets.choice(_LETTERS + _DIGITS) for _ in range(_LENGTH - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "".join(signs)


def issue_token(user: User) -> str:
    """A new API token, returned once; only its digest is kept. It works at once."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=digest_of(token))
    return token


def revoke_tokens(user: User, *, only: int | None = None) -> int:
    """The user's tokens (or the one with this id) stop working at once; returns how many did."""
    tokens = ApiToken.objects.filter(user=user, revoked_at=None)
    return (tokens if only is None else tokens.filter(pk=only)).update(revoked_at=timezone.now())
