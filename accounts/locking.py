"""Locks on guessing (django-axes): per account and address, per account; a locked login looks like a wrong one."""

from __future__ import annotations

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse


class LockHandler(AxesDatabaseHandler):
    """After AXES_FAILURE_LIMIT failures of one account from one address, as axes does; and after
    ACCOUNT_FAILURE_LIMIT failures of one account from anywhere."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Either limit reached within the last AXES_COOLOFF_TIME."""
        return super().is_locked(request, credentials) or self._account_is_locked(request, credentials)

    def _account_is_locked(self, request: HttpRequest, credentials: dict | None) -> bool:
        username = (credentials or {}).get("username")
        if not username:
            return False
        recent = AccessAttempt.objects.filter(username=username, attempt_time__gte=get_cool_off_threshold(request))
        failures = recent.aggregate(all=Sum("failures_since_start"))["all"] or 0
        return failures >= settings.ACCOUNT_FAILURE_LIMIT


def same_answer(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse | None:
    """AXES_LOCKOUT_CALLABLE: the login page's own answer stands, so that a lock cannot be told from a wrong password."""
    return response
