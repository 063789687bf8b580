"""十项制度: the county's own list of rules for dropout control, each with its document, date and owner."""
from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from files import store
from files.papers import BadPaper, accepted_name
from schools import access
from schools.models import County

from ..models import SystemItem
from .errors import CaseError

VERB = "edit_systems"
PURPOSE = "dropout_system"
MOST = 30
# What a county may begin with: the systems that state policy names; the rest, and the words, are the county's.
SUGGESTED = (
    "控辍保学“双线”目标责任制", "控辍保学“七长”负责制", "劝返复学制度", "辍学登记和书面报告制度", "控辍保学台账管理和销号制度",
    "控辍保学情况及时报告制度", "控辍保学专项督导制度", "控辍保学考核和责任追究制度", "控辍保学动态监测制度",
)  # fmt: skip


def systems_of(county: County) -> list[SystemItem]:
    return list(SystemItem.objects.filter(county=county).select_related("file").order_by("number"))


def system_of(county: County, item: int) -> SystemItem:
    """One item with its file; 404 for any other."""
    found = SystemItem.objects.filter(county=county, pk=item).select_related("file").first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def suggest_systems(*, county: County, by: Actor) -> int:
    """Enter the suggested names where the county has none yet; returns how many. Repeatable."""
    access.get_county(by, county.code, VERB)
    if SystemItem.objects.filter(county=county).exists():
        return 0
    SystemItem.objects.bulk_create([SystemItem(county=county, number=n, title=title) for n, title in enumerate(SUGGESTED, 1)])
    audit.record("dropout_system.suggested", by=by, county=county.code, items=len(SUGGESTED))
    return len(SUGGESTED)


@transaction.atomic
def save_system(
    *, county: County, number: int, title: str, by: Actor, document: str = "", document_number: str = "", issued_on: dt.date | None = None,
    owner: str = "", file: tuple[str, bytes] | None = None,
) -> SystemItem:
    """Write the item of that number, new or changed; a file not given again stays. Raises CaseError."""
    access.get_county(by, county.code, VERB)
    if not title.strip() or not 1 <= number <= MOST:
        raise CaseError(f"请填写制度名称，序号在 1 至 {MOST} 之间。")
    said: dict = {"title": title.strip()[:120], "document": document[:200], "document_number": document_number[:80], "issued_on": issued_on, "owner": owner[:120]}
    if file is not None:
        try:
            name = accepted_name(*file, limit=20 * 2**20)
        except BadPaper as fault:
            raise CaseError(str(fault)) from None
        said["file"] = store.save(file[1], name=name, county=county.code, purpose=PURPOSE)
    item, _ = SystemItem.objects.update_or_create(county=county, number=number, defaults=said)
    audit.record("dropout_system.saved", by=by, county=county.code, object=f"system/{number}", title=said["title"], document_number=document_number)
    return item


@transaction.atomic
def remove_system(*, item: SystemItem, by: Actor) -> None:
    """Take an item off the list."""
    access.get_county(by, item.county.code, VERB)
    audit.record("dropout_system.removed", by=by, county=item.county.code, object=f"system/{item.number}", title=item.title)
    item.delete()
