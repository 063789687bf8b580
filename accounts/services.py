"""What administrators do with users. Who may, `schools.access` has said before."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.actor import Actor
from accounts.models import ApiToken, User
from accounts.passwords import revoke_tokens


def disable_user(*, user: User, by: Actor) -> None:
    """Nobody logs in as this user any more: sessions and tokens end at once. Repeatable."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        end_sessions(user=user)
        revoked = revoke_tokens(user)
        audit.record("user.disabled", by=by, object=f"user:{user.username}", tokens=revoked)
    user.refresh_from_db()


def enable_user(*, user: User, by: Actor) -> None:
    """The user may log in again, with the old password; tokens stay revoked."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        audit.record("user.enabled", by=by, object=f"user:{user.username}")
    user.refresh_from_db()


def unlock_user(*, user: User, by: Actor) -> int:
    """Forget the failed logins of this account, from every address; returns how many records went."""
    with transaction.atomic():
        count, _ = AccessAttempt.objects.filter(username=user.username).delete()
        audit.record("user.unlocked", by=by, object=f"user:{user.username}", attempts=count)
    return count


def end_sessions(*, user: User) -> None:
    """Every session of the user ends at its next request (role or membership changed, user disabled)."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)


def require_second_factor(*, user: User, required: bool, by: Actor) -> None:
    """Set downward by the role: roles live above, the login asks here."""
    with transaction.atomic():
        if (
            User.objects.filter(pk=user.pk)
            .exclude(second_factor_required=required)
            .update(second_factor_required=required)
        ):
            audit.record("user.second_factor", by=by, object=f"user:{user.username}", required=required)
    user.second_factor_required = required


def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """One token stops working at once."""
    with transaction.atomic():
        revoke_tokens(token.user, only=token.pk)
        audit.record("token.revoked", by=by, object=f"user:{token.user.username}", token=token.pk)
