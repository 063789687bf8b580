from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from accounts import sessions


def _start_clocks(sender, request, user, **kwargs) -> None:
    sessions.start(request)


class AccountsConfig(AppConfig):
    """Users, login, second factor, audit trail, notices."""

    name = "accounts"
    verbose_name = "用户与审计"

    def ready(self) -> None:
        """However a login came about, the session's clocks begin with it."""
        user_logged_in.connect(_start_clocks, dispatch_uid="accounts.start_clocks")
