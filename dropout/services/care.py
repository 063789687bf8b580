"""Tags, pairings and contacts: one child, one file. Every write is atomic, repeatable, permitted for that child, logged."""
from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.masking import mask_name
from accounts.secrets import keyed_hash, seal_row, unseal_row
from schools import access
from schools.models import Staff

from ..groups import DEFINITIONS
from ..models import Child, ChildTag, Contact, ContactWay, Group, HelpMode, Pairing
from .reach import CareError, name_of

PERSON = "person"
VERB = "care"


@transaction.atomic
def set_tag(
    child: Child, *, group: str, definition: str = "", basis: str = "", since: dt.date, source: str = PERSON, by: Actor
) -> ChildTag:
    """Put a child into a group; the open tag there is, with its basis brought up to date, else a new one.

    `definition` is for 留守 only ("register" or "civil"). A ledger's approval (`source` a ledger code) was the permission
    already. Raises CareError, PermissionDenied.
    """
    if source == PERSON:
        access.require_for_child(by, VERB, child)
    if group not in Group.values:
        raise CareError("请从列表中选择类别。")
    if group != Group.LEFT_BEHIND:
        definition = ""
    elif definition not in DEFINITIONS:
        raise CareError("留守须写明口径：学籍口径或民政口径。")
    held = ChildTag.objects.select_for_update().filter(child=child, group=group, definition=definition, until__isnull=True).first()
    if held is not None:
        if basis and basis != held.basis:
            held.basis = basis[:120]
            held.save(update_fields=["basis"])
            _record("tag.changed", child, by, tag=held.pk)
        return held
    tag = ChildTag.objects.create(child=child, group=group, definition=definition, basis=basis[:120], since=since, source=source[:40])
    _record("tag.set", child, by, tag=tag.pk, group=group, definition=definition, since=since, source=source)
    return tag


@transaction.atomic
def end_tag(child: Child, *, tag_id: int, until: dt.date, source: str = PERSON, by: Actor) -> ChildTag:
    """The child leaves the group; ended again, nothing changes. Raises CareError."""
    if source == PERSON:
        access.require_for_child(by, VERB, child)
    tag = ChildTag.objects.select_for_update().filter(child=child, pk=tag_id).first()
    if tag is None:
        raise CareError("没有找到这条类别记录，请刷新页面后重试。")
    if tag.until is None:
        if until < tag.since:
            raise CareError(f"结束日期早于认定日期{tag.since:%Y-%m-%d}，请核对。")
        tag.until = until
        tag.save(update_fields=["until"])
        _record("tag.ended", child, by, tag=tag.pk, until=until)
    return tag


@transaction.atomic
def pair(
    child: Child, *, group: str, helper_user_id: int | None = None, helper_name: str = "", helper_id_number: str = "",
    subject: str = "", mode: str = HelpMode.ONE_TO_MANY, measures: str = "", since: dt.date, by: Actor,
) -> Pairing:
    """Give the child a helper for one of its groups: a login of the school, or a person by name (and ID number).

    A person whose ID number the staff register knows counts as that person everywhere; else as this name at this school.
    The same helper for the same group again is the same pairing, with its measures brought up to date.
    """
    access.require_for_child(by, VERB, child)
    if not ChildTag.objects.filter(child=child, group=group, until__isnull=True).exists():
        raise CareError("这名学生没有登记这一类别，请先登记类别再结对。")
    if mode not in HelpMode.values:
        raise CareError("请选择结对方式：一对一或一对多。")
    helper = _helper(child, helper_user_id, helper_name.strip(), helper_id_number.strip().upper())
    held = Pairing.objects.select_for_update().filter(child=child, group=group, until__isnull=True, **_same(helper)).first()
    if held is None:
        _refuse_second_of_one(child, helper, mode)
        held = Pairing.objects.create(
            child=child, group=group, **helper, subject=subject[:20], mode=mode, measures=measures[:200], since=since
        )
        _record("pairing.made", child, by, pairing=held.pk, group=group, mode=mode, since=since)
    elif (held.measures, held.subject, held.mode) != (measures[:200], subject[:20], mode):
        held.measures, held.subject, held.mode = measures[:200], subject[:20], mode
        held.save(update_fields=["measures", "subject", "mode"])
        _record("pairing.changed", child, by, pairing=held.pk)
    return held


def _helper(child: Child, user_id: int | None, name: str, id_number: str) -> dict:
    """The helper's fields. Raises CareError."""
    if user_id is not None:
        user = helpers_for(child).get(user_id)
        if user is None:
            raise CareError("所选的帮扶教师在这名学生的学校没有任职，请从列表中选择。")
        return {"helper_user_id": user_id, "helper_key": "", "helper_name": user[:40]}
    if not name:
        raise CareError("请选择帮扶教师，或者填写帮扶教师的姓名。")
    if id_number:
        staff = Staff.objects.filter(county=child.county, person_key=keyed_hash(id_number)).first()
        if staff is None:
            raise CareError("本县教师名册中没有这个身份证号，请核对；也可以只填写姓名。")
        return {"helper_user_id": None, "helper_key": staff.person_key, "helper_name": staff.masked_name}
    # Without a number one name at one school is one person: enough to count whom a helper has to look after.
    key = keyed_hash(f"helper/{child.county.code}/{child.school_id}/{name}")
    return {"helper_user_id": None, "helper_key": key, "helper_name": mask_name(name)[:40]}


def _same(helper: dict) -> dict:
    """The condition that finds pairings of this helper."""
    if helper["helper_user_id"] is not None:
        return {"helper_user_id": helper["helper_user_id"]}
    return {"helper_user_id__isnull": True, "helper_key": helper["helper_key"]}


def _refuse_second_of_one(child: Child, helper: dict, mode: str) -> None:
    """一对一 means that the helper has no other child."""
    others = Pairing.objects.filter(child__county=child.county, until__isnull=True, **_same(helper)).exclude(child=child)
    if mode == HelpMode.ONE_TO_ONE and others.exists():
        raise CareError("这位教师已经帮扶其他学生，不能再登记为一对一；请选择一对多，或另选教师。")
    if others.filter(mode=HelpMode.ONE_TO_ONE).exists():
        raise CareError("这位教师已经与另一名学生一对一结对；请先把那条结对改为一对多，或另选教师。")


def helpers_for(child: Child) -> dict[int, str]:
    """Logins that may help this child, {user id: shown name}: those who care for children at its school."""
    if child.school_id is None:
        return {}
    ids = access.users_with(VERB, child, ("class_teacher", "school_clerk", "school_head"))
    users = get_user_model().objects.filter(pk__in=ids).order_by("display_name", "username")
    return {user.pk: user.display_name or user.username for user in users}


@transaction.atomic
def end_pairing(child: Child, *, pairing_id: int, until: dt.date, by: Actor) -> Pairing:
    """The pairing ends; its contacts stay. Raises CareError."""
    access.require_for_child(by, VERB, child)
    held = Pairing.objects.select_for_update().filter(child=child, pk=pairing_id).first()
    if held is None:
        raise CareError("没有找到这条结对记录，请刷新页面后重试。")
    if held.until is None:
        if until < held.since:
            raise CareError(f"结束日期早于结对日期{held.since:%Y-%m-%d}，请核对。")
        held.until = until
        held.save(update_fields=["until"])
        _record("pairing.ended", child, by, pairing=held.pk, until=until)
    return held


@transaction.atomic
def add_contact(
    pairing: Pairing, *, on: dt.date, way: str, content: str = "", effect: str = "", entry_key: str, today: dt.date, by: Actor
) -> Contact:
    """Log one contact; the same `entry_key` again is the same row. `content` is sealed under the child's key."""
    child = pairing.child
    access.require_for_child(by, VERB, child)
    if not entry_key:
        raise ValueError("a contact needs an entry key")
    known = Contact.objects.filter(pairing=pairing, entry_key=entry_key[:40]).first()
    if known is not None:
        return known
    if way not in ContactWay.values:
        raise CareError("请选择帮扶方式。")
    if on > today:
        raise CareError("日期还没有到，请填写实际联系的日期。")
    if on < pairing.since or (pairing.until and on > pairing.until):
        raise CareError(f"日期不在结对期间（{pairing.since:%Y-%m-%d} 起），请核对。")
    sealed = ""
    if content.strip():
        if not child.data_key:
            raise CareError("这名学生的个人信息已按规定删除，不能再记录谈话内容。")
        sealed = seal_row(child.data_key, content.strip())
    made = Contact.objects.create(
        pairing=pairing, on=on, way=way, sealed=sealed, effect=effect[:60], recorded_by=name_of(by), entry_key=entry_key[:40]
    )
    _record("contact.logged", child, by, contact=made.pk, pairing=pairing.pk, way=way, on=on)
    return made


def content_of(contact: Contact, child: Child) -> str:
    """What was said; "" when nothing was written or the child was erased. The caller has logged the full view."""
    return unseal_row(child.data_key, contact.sealed) if contact.sealed and child.data_key else ""


def _record(action: str, child: Child, by: Actor, **detail) -> None:
    audit.record(action, by=by, object=f"child/{child.pk}", county=child.county.code, **detail)
