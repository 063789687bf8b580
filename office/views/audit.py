"""The audit trail as its readers see it: what was done, by whom, where; each row with the proof that it is as it was written."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import audit, auditing
from accounts.models import AuditEvent
from office.audit_words import KINDS, NOUNS, action_in_words
from office.exports import Column, download
from schools import access
from schools.roles import ROLES

PAGE, AT_MOST = 100, 50_000  # rows a page, rows of a workbook


@require_safe
@never_cache
def show_audit(request: HttpRequest) -> HttpResponse:
    """The rows of the counties this person may audit; those of the portal itself only for who may audit all of it."""
    actor = access.actor_of(request)
    everywhere = access.may_everywhere(actor, "view_audit")
    counties = [county for county in access.counties_of(actor) if access.may(actor, "view_audit", county=county)]
    if not everywhere and not counties:
        raise PermissionDenied("您的角色不能查看日志。")
    asked = {name: request.GET.get(name, "").strip() for name in ("county", "noun", "who", "object", "since", "until")}
    codes = None if everywhere else [county.code for county in counties]
    found = auditing.events(
        counties=codes, county=asked["county"], noun=asked["noun"] if asked["noun"] in NOUNS else "", who=asked["who"], object=asked["object"],
        since=_day(asked["since"]), until=_day(asked["until"]),
    )  # fmt: skip
    if request.GET.get("format") == "xlsx":
        return _workbook([_row(event) for event in found[:AT_MOST]])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(event) for event in page], "counties": counties, "nouns": sorted(NOUNS.items(), key=lambda one: one[1]),
               "asked": asked}  # fmt: skip
    return render(request, "office/audit.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _row(event: AuditEvent) -> dict:
    role = ROLES.get(event.role)
    return {
        "event": event, "what": action_in_words(event.action), "kind": KINDS.get(event.kind, event.kind),
        "role": role.title if role else "", "intact": audit.content_hash(event) == event.content_hash, "line": audit.line(event),
    }  # fmt: skip


def _workbook(rows: list[dict]) -> HttpResponse:
    columns = [Column(title) for title in ("时间", "事项", "对象", "主体", "用户名", "角色", "县代码", "是否与写入时一致", "原始记录")]
    lines = [
        [timezone.localtime(row["event"].occurred_at).strftime("%Y-%m-%d %H:%M:%S"), row["what"], row["event"].object, row["kind"], row["event"].username, row["role"], row["event"].county,
         "一致" if row["intact"] else "已被改动", row["line"]]
        for row in rows
    ]  # fmt: skip
    return download("审计日志", "审计日志", columns, lines)
