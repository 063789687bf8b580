"""A person-level request: a child's personal data is destroyed, what happened stays as facts and counts."""
from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import outbox
from schools import access

from ..models import Child
from .child_file import DELETED
from .papers import erase_case_files, erase_case_words
from .reach import CareError

VERB = "erase_child"


@transaction.atomic
def erase_child(child: Child, by: Actor, reason: str) -> Child:
    """Destroy the child's data key: name, numbers, guardian, address, and all texts sealed under it cannot be read again,
    nor the scans and photos of its cases, nor what was written there in free words. The workbooks that named it follow by a job (topic `child_erased`): the room that keeps
    them puts copies without its personal cells in their place.

    Facts, cases, tags and counts stay and still point to the row, which the register shows as 已删除. Erased again,
    nothing changes. Raises CareError, PermissionDenied.
    """
    access.require_for_child(by, VERB, child)
    said = " ".join(reason.split())
    if len(said) < 4:
        raise CareError("请写明删除的依据（至少四个字），例如“监护人书面申请，县局已核准”。")
    row = Child.objects.select_for_update().select_related("county").get(pk=child.pk)
    if row.erased_at is not None:
        return row
    row.data_key = row.sealed = row.registration_key = row.siblings_key = ""
    row.masked_name, row.erased_at = DELETED, timezone.now()
    row.save(update_fields=["data_key", "sealed", "registration_key", "siblings_key", "masked_name", "erased_at"])
    erase_case_words(row)
    files = erase_case_files(row)
    audit.record("child.erased", by=by, object=f"child/{row.pk}", county=row.county.code, reason=said[:200], files=files)
    outbox.announce("child_erased", f"child/{row.pk}", county=row.county.code, owner=by.user_id, child=row.pk)
    return row
