"""The full view of a child: an explicit act with a reason, by those who need it, logged each time."""
from __future__ import annotations

import datetime as dt
import json

from django.core.exceptions import PermissionDenied

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import unseal_row
from schools import access
from schools.models import School

from ..models import Child
from .errors import CaseError
from .heads import heads_of

SHORTEST_REASON = 4  # characters
TITLES = {"name": "姓名", "id_number": "证件号码", "registration": "全国学籍号", "guardian": "监护人", "relation": "关系", "phone": "联系电话", "address": "住址"}


def may_open(actor: Actor, child: Child, on: dt.date) -> bool:
    """Whoever holds `view_personal` for the child, its own class teacher and village officer, and its named heads."""
    if access.may_for_child(actor, "view_personal", child):
        return True
    if not access.may_for_child(actor, "persuade", child):
        return False
    if any(m.scope_text and access.covers_child(m, child) for m in access.memberships_of(actor)):
        return True
    return any(r.head and r.head.user_id == actor.user_id for r in heads_of(child, on)) if actor.user_id else False


def open_child(*, child: Child, reason: str, on: dt.date, by: Actor, why: str = "") -> dict[str, str]:
    """Name, numbers, guardian, phone and address of a child: {title: value}. Logged as `child.opened` with the reason.

    `why` names the page's object (a case number). Raises CaseError without a reason, Http404, PermissionDenied (logged).
    """
    access.require_for_child(by, "view_children", child)
    told = {"by": by, "county": child.county.code, "object": f"child/{child.pk}", "about": why}
    if not may_open(by, child, on):
        audit.record("child.opened", result="refused", **told)
        raise PermissionDenied("您的角色不能查看这名学生的完整信息。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise CaseError("请写明查看完整信息的理由，例如“上门劝返，需要住址”。")
    if child.erased_at is not None or not child.data_key:
        raise CaseError("这名学生的个人信息已按规定销毁。")
    # Logged before anything is unsealed: what cannot be logged is not shown.
    audit.record("child.opened", reason=reason.strip()[:200], **told)
    held = json.loads(unseal_row(child.data_key, child.sealed))
    return {title: held[key] for key, title in TITLES.items() if held.get(key)}


def may_name_class(actor: Actor, school: School, class_text: str) -> bool:
    """The class's own teacher and those who may see personal data at the school."""
    if access.may(actor, "view_personal", school=school) and access.may_for_class(actor, "report_absence", school, class_text):
        return True
    own = (m for m in access.memberships_of(actor) if m.scope_text == class_text and m.school_id == school.pk)
    return access.may_for_class(actor, "report_absence", school, class_text) and any(own)


def open_class(*, school: School, class_text: str, reason: str, by: Actor) -> dict[int, str]:
    """The names on the roll of a class, for whoever calls it: {child id: name}, logged with the reason and every id.

    A masked roll of forty children cannot be called; nothing but the names is given. Raises CaseError, PermissionDenied.
    """
    if not may_name_class(by, school, class_text):
        raise PermissionDenied("您的角色不能查看本班学生的姓名。")
    if len(reason.strip()) < 2:
        raise CaseError("请写明查看姓名的理由，例如“点名”。")
    children = list(Child.objects.filter(school=school, class_text=class_text, erased_at__isnull=True).exclude(data_key=""))
    audit.record("child.opened", by=by, county=school.county.code, object=f"class/{school.code}/{class_text}", reason=reason.strip()[:200],
                 children=[child.pk for child in children], about="names only")  # fmt: skip
    return {child.pk: json.loads(unseal_row(child.data_key, child.sealed)).get("name", "") for child in children}
