"""Sessions end in time, activity is noted, and a password that must be changed is changed first."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from accounts import audit, sessions
from accounts.models import User
from accounts.passwords import must_change

API = "/api/"


def passive(view):
    """Marks a view that the page calls by itself (progress): it is not the person's activity."""
    view.passive = True
    return view


def before_password_change(view):
    """Marks a view that is open while the password must first be changed (the change itself, logout)."""
    view.before_password_change = True
    return view


class SessionSecurityMiddleware:
    """Stands after AuthenticationMiddleware and before LoginRequiredMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            reason = sessions.why_over(request)
            if reason:
                self._end(request, reason)
        response = self.get_response(request)
        return _sent_to_login(request, response)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Only here is it known which view answers: some are no activity, some open before a password change."""
        if not request.user.is_authenticated:
            return None
        if not getattr(view, "passive", False) and sessions.touch(request):
            User.objects.filter(pk=request.user.pk).update(last_seen=timezone.now())
        if getattr(view, "before_password_change", False) or not must_change(request.user):
            return None
        if request.path.startswith(API):
            sentence = "须先登录网页修改密码，然后才能使用接口。"
            return JsonResponse({"detail": sentence}, status=403, json_dumps_params={"ensure_ascii": False})
        return HttpResponseRedirect(reverse("accounts:password-change"))

    @staticmethod
    def _end(request: HttpRequest, reason: str) -> None:
        by = sessions.bare_actor(request)
        logout(request)
        request.session[sessions.ENDED] = reason
        audit.record("session.expired", by=by, object=f"user:{by.username}", reason=reason)


def _sent_to_login(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Two corrections where the answer sends a person to the login (or to the password change).

    A part of a page (htmx) must not show the login inside itself: the whole page goes there. And whoever was posting
    comes back to the page of the form, since the address posted to answers no GET.
    """
    if response.status_code != 302:
        return response
    login, target = reverse("accounts:login"), response.headers.get("Location", "")
    bare = target.split("?", 1)[0]
    if bare not in (login, reverse("accounts:password-change")):
        return response
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer.cookies = response.cookies
        answer["HX-Redirect"] = bare
        return answer
    if request.method not in ("GET", "HEAD"):
        response["Location"] = bare + _back_to_the_form(request) if bare == login else bare
    return response


def _back_to_the_form(request: HttpRequest) -> str:
    """?next= the page the form stood on, whose words the browser has kept; nothing when it cannot be told."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return ""
    return "?" + urlencode({"next": came_from.path + (f"?{came_from.query}" if came_from.query else "")})
