"""What every answer carries, and what no request gets past (security.md, Web)."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from structlog.stdlib import ProcessorFormatter

from config import middleware
from config.logs import redact

PUBLIC = ("healthz", "readyz", "accounts/login/", "verify/")


def routes(patterns=None, before=""):
    """Every address pattern of the portal with its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def test_every_address_but_the_public_ones_needs_a_login():
    open_ones = [
        route
        for route, view in routes()
        if not getattr(view, "login_required", True) and not hasattr(view, "cls") and not route.startswith(PUBLIC)
    ]
    assert open_ones == []


def test_every_address_of_the_api_needs_a_login():
    for route, view in routes():
        if hasattr(view, "cls") and not route.startswith(PUBLIC):
            names = {permission.__name__ for permission in view.cls.permission_classes}
            assert names and "AllowAny" not in names, route


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/no-such-page", "/api/schema/"])
def test_every_answer_carries_the_strict_policy(client, address):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert len(headers["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_health_says_ok_and_nothing_else(client):
    for address in ("/healthz", "/readyz"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_foreign_host_name_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_a_body_over_the_limit_is_refused_before_it_is_read(settings):
    settings.BODY_BYTES = 2 * 2**20
    handler = middleware.body_limit(lambda request: HttpResponse("read"))
    request = RequestFactory().post("/api/v1/uploads/")
    request.META["CONTENT_LENGTH"] = str(2 * 2**20 + 1)
    answer = handler(request)
    assert answer.status_code == 413
    assert "超过上限 2 MiB" in json.loads(answer.content)["detail"]
    page = RequestFactory().post("/ledgers/")
    page.META["CONTENT_LENGTH"] = str(3 * 2**20)
    assert "约 3 MiB，超过上限 2 MiB" in handler(page).content.decode()
    request.META["CONTENT_LENGTH"] = str(2 * 2**20)
    assert handler(request).content == b"read"


@pytest.mark.parametrize(("behind", "address"), [(True, "10.1.2.3"), (False, "127.0.0.1")])
def test_a_forwarded_address_counts_only_behind_our_proxy(settings, behind, address):
    settings.BEHIND_PROXY = behind
    seen = []
    handler = middleware.client_address(lambda request: seen.append(request.META["REMOTE_ADDR"]))
    handler(RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 10.1.2.3"}))
    assert seen == [address]


def test_a_view_keeps_its_own_cache_rule():
    def view(request):
        return HttpResponse(headers={"Cache-Control": "private, max-age=60"})

    answer = middleware.security_headers(view)(RequestFactory().get("/"))
    assert answer.headers["Cache-Control"] == "private, max-age=60"


def test_logs_carry_no_person():
    event = {
        "event": "行 7 身份证 99990020150101001X 电话 13800138000 卡 6222020000000000000",
        "username": "zhang",
        "phone": "13800138000",
        "request_id": "0" * 32,
        "row": 7,
    }
    assert redact(None, "info", event) == {
        "event": "行 7 身份证 *** 电话 *** 卡 ***",
        "request_id": "0" * 32,
        "row": 7,
    }


def test_log_lines_are_json():
    handler = next(
        handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, ProcessorFormatter)
    )
    record = logging.LogRecord("room", logging.ERROR, __file__, 1, "找不到 %s", ("99990020150101001X",), None)
    line = json.loads(handler.format(record))
    assert (line["event"], line["level"], line["logger"]) == ("找不到 ***", "error", "room")


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_our_own_words():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    assert "<style" not in answer.content.decode()
