"""What the API says when it refuses: one Chinese sentence in "detail", as JSON, whatever went wrong and wherever.

Pages have their templates (404.html, 500.html …); an address under /api/ is answered here instead.
"""
from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

API = "/api/"
NOT_FOUND = "没有找到，或者不在您的管理范围内。请核对地址和代码。"
NO_RIGHT = "您的角色没有此项操作的权限。"
BROKEN = "系统出错了，没有完成这次请求，数据没有变动。请稍后重试；仍然出错，请把编号告诉系统管理员。"
BAD_REQUEST = "请求不完整或写法有误，没有被接收。"


class Pages(PageNumberPagination):
    """Lists by the page."""

    invalid_page_message = "没有第 {page_number} 页。请用 next 和 previous 中的地址翻页。"


def answer(error: Exception, context: dict) -> Response | None:
    """DRF's own answer in the words of this portal; None for a fault of ours, which ends as `server_error`."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(NOT_FOUND)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or NO_RIGHT)
    elif isinstance(error, exceptions.ParseError):
        error = exceptions.ParseError(_parse_error(str(error.detail)))
    elif isinstance(error, exceptions.ValidationError) and "detail" in _keys(error.detail):
        error.detail["detail"] = " ".join(_whole(text) for text in error.detail["detail"])
    return exception_handler(error, context)


def _keys(detail: object) -> set[str]:
    return set(detail) if isinstance(detail, dict) else set()


def _parse_error(text: str) -> str:
    if found := re.search(r"JSON parse error.*?line (\d+) column (\d+)", text):
        return f"请求的正文不是 JSON（第 {found[1]} 行第 {found[2]} 列有误），请用 UTF-8 编码，并核对括号和引号。"
    if text.startswith("JSON parse error"):
        return "请求的正文不是 JSON，请用 UTF-8 编码，并核对括号和引号。"
    if text.startswith("Multipart form parse error"):
        return "上传的表单读不出来，可能没有传完。请用 multipart/form-data 重新提交。"
    return text


def _whole(text: str) -> str:
    return "请求的正文应是一个 JSON 对象，写作 {…}。" if "list" in text or "字典" in text else text


def _api(request: HttpRequest, sentence: str, status: int) -> JsonResponse:
    body = {"detail": sentence}
    if status >= 500:
        body["request"] = getattr(request, "id", "")
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 of an address that nobody answers."""
    return _api(request, NOT_FOUND, 404) if request.path.startswith(API) else defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 outside DRF."""
    return _api(request, NO_RIGHT, 403) if request.path.startswith(API) else defaults.permission_denied(request, exception)


def bad_request(request: HttpRequest, exception: Exception | SuspiciousOperation) -> HttpResponse:
    """400: a host or a form that no browser sends."""
    return _api(request, BAD_REQUEST, 400) if request.path.startswith(API) else defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing leaks but the number of the request, which the log has too."""
    return _api(request, BROKEN, 500) if request.path.startswith(API) else defaults.server_error(request)
