"""Login, logout, password change, notices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, sessions
from accounts.forms import LoginForm, PasswordChangeForm
from accounts.middleware import before_password_change
from accounts.models import Notice, User
from accounts.passwords import change_password, must_change
from accounts.throttle import address_of, throttled

NOTICES_A_PAGE = 30
_ENDED = {
    "idle": "您较长时间没有操作，已自动退出，请重新登录。没有提交成功的内容，重新登录后会在原来的页面恢复。",
    "absolute": "本次登录已满 12 小时，请重新登录。",
}


@sensitive_post_parameters()
@login_not_required
@never_cache
@throttled("login", address_of)
def log_in(request: HttpRequest) -> HttpResponse:
    """The login page; a new session id with every login."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LoginForm(request, request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        request.session.flush()  # nothing of the visitor before passes into the session of the user
        login(request, form.user)
        audit.record("session.started", by=sessions.bare_actor(request), object=f"user:{form.user.username}")
        return redirect(_next(request))
    if request.method == "POST" and form.non_field_errors():
        _record_refusal(request, form.cleaned_data.get("username", ""))
    ended = _ENDED.get(request.session.get(sessions.ENDED, ""), "")
    return render(request, "accounts/login.html", {"form": form, "ended": ended})


def _record_refusal(request: HttpRequest, username: str) -> None:
    # Only a name that exists is written down: people type passwords into the wrong field.
    known = User.objects.filter(username=username).exists()
    locked = bool(getattr(request, "axes_locked_out", False))
    name = f"user:{username}" if known else "user:unknown"
    audit.record("session.refused", by=sessions.bare_actor(request), object=name, result="refused", locked=locked)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is here."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else resolve_url("/")


@require_POST
@before_password_change
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    audit.record("session.ended", by=sessions.bare_actor(request), object=f"user:{request.user.username}")
    logout(request)
    return redirect("accounts:login")


@sensitive_post_parameters()
@never_cache
@throttled("login", lambda request: f"password of {request.user.pk}")
def change(request: HttpRequest) -> HttpResponse:
    """The own password: every other session of the user ends, this one goes on under a new id."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, form.cleaned_data["new"], by=sessions.bare_actor(request))
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。在其他电脑或手机上的登录都已退出。")
        return redirect("/")
    return render(request, "accounts/password.html", {"form": form, "forced": must_change(request.user)})


change = before_password_change(change)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The user's own notices, newest first."""
    own = Notice.objects.filter(user=request.user).order_by("-created_at", "-id")
    page = Paginator(own, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    unread = Notice.objects.filter(user=request.user, read_at=None).count()
    return render(request, "accounts/notices.html", {"page": page, "unread": unread})


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark all of the user's notices as read."""
    Notice.objects.filter(user=request.user, read_at=None).update(read_at=timezone.now())
    return redirect("accounts:notices")
