"""Rates of `settings.RATES` for pages (the API has DRF's own throttles over the same names)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}


def wait_for(name: str, who: str) -> int:
    """Count one use of the rate `name` ("login", "export" …) by `who`; 0 = go on, else seconds until it is allowed.

    Counted in fixed windows in the cache, per process without Redis. Raises KeyError for an unknown rate.
    """
    number, _, unit = settings.RATES[name].partition("/")
    length = _SECONDS[unit]
    window, passed = divmod(time.time(), length)
    # The address or name itself does not belong in the cache.
    key = "rate:" + hashlib.sha256(f"{name}|{who}|{int(window)}".encode()).hexdigest()[:32]
    cache.add(key, 0, timeout=length)
    try:
        used = cache.incr(key)
    except ValueError:  # the entry went between the two calls
        used = 1
    return max(1, int(length - passed)) if used > int(number) else 0


def throttled(name: str, who: Callable[[HttpRequest], str], methods: tuple[str, ...] = ("POST",)):
    """Decorator of views: the rate `name` per `who(request)`; beyond it 429 with Retry-After and a sentence."""

    def decorate(view):
        @wraps(view)
        def limited(request: HttpRequest, *args, **kwargs):
            wait = wait_for(name, who(request)) if request.method in methods else 0
            return too_many(wait) if wait else view(request, *args, **kwargs)

        return limited

    return decorate


def too_many(seconds: int) -> HttpResponse:
    """429 in plain words."""
    sentence = f"操作过于频繁，这一次没有处理。请等待 {seconds} 秒后再试。"
    response = HttpResponse(sentence, status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(seconds)
    return response


def address_of(request: HttpRequest) -> str:
    """The caller's address, as `config.middleware.client_address` settled it."""
    return request.META.get("REMOTE_ADDR", "")
