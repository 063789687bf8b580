"""What every request passes through before any room sees it: its address, its size, its headers, its log line."""
from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

log = structlog.get_logger("request")

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
QUIET_ROUTES = ("healthz", "readyz")  # asked every few seconds by launchers and proxies
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def client_address(get_response: Handler) -> Handler:
    """Behind our reverse proxy REMOTE_ADDR is the proxy; the last X-Forwarded-For entry is the one it wrote itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", 1)[-1].strip()
        return get_response(request)

    return middleware


def request_log(get_response: Handler) -> Handler:
    """Gives the request an id and writes one line when it is done: ids, route and time, never values."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        started = time.perf_counter()
        response = get_response(request)
        response.headers["X-Request-ID"] = request.id
        match = request.resolver_match
        if match and match.route in QUIET_ROUTES:
            return response
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000),
        )
        return response

    return middleware


def body_limit(get_response: Handler) -> Handler:
    """Refuses a body over the limit before a byte of it is read (gate 1 of security.md, Upload).

    WSGI reads no further than Content-Length, so the header is the size.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= settings.BODY_BYTES:
            return get_response(request)
        limit, size = settings.BODY_BYTES // 2**20, -(-length // 2**20)
        sentence = f"提交的内容约 {size} MiB，超过上限 {limit} MiB，没有接收。请拆分文件或删去多余的图片后再上传。"
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": sentence}, status=413, json_dumps_params={"ensure_ascii": False})
        return HttpResponse(render_to_string("413.html", {"sentence": sentence}), status=413)

    return middleware


def plain_text(get_response: Handler) -> Handler:
    """No address, no query and no plain form holds a NUL: nothing of ours has one, and PostgreSQL takes none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        # A larger form is a file's, which a view with the right to it reads field by field.
        if request.content_type == "application/x-www-form-urlencoded" and any("\0" in v for values in request.POST.lists() for v in values[1]):
            raise BadRequest("a form field holds a NUL character")
        return get_response(request)

    return middleware


def no_such_method(get_response: Handler) -> Handler:
    """Who opens the address of a form (a bookmark, a reload after logging in) gets a page that leads on, not a blank one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not response.content and not request.path.startswith("/api/"):
            response.content = render_to_string("405.html", request=request)
        return response

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """The strict CSP on every answer; nothing behind a login is kept by browsers or proxies.

    A view that sets its own policy or cache rule keeps it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
