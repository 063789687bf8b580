"""Papers of a case: each with its scan, and each proving one step only."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from files import store
from files.papers import BadPaper, accepted_name
from schools import access

from ..models import Case, CaseDocument, CaseStep, Child, DocumentKind, SignOff, Visit
from .errors import CaseClosed, CaseError
from .steps import locked, name_of

PURPOSE = "dropout_case"


@dataclass(frozen=True)
class Paper:
    """A paper handed in with a move: its kind, the file, and what stands on it."""

    kind: str
    name: str
    content: bytes
    number: str = ""
    title: str = ""
    issued_on: dt.date | None = None
    valid_to: dt.date | None = None


@transaction.atomic
def add_paper(*, case_id: int, paper: Paper, by: Actor) -> CaseDocument:
    """Put a paper on an open case, for a later move. Raises CaseError, Http404, PermissionDenied (verb persuade)."""
    case = locked(case_id)
    access.require_for_child(by, "persuade", case.child)
    if not case.is_open:
        raise CaseClosed(f"案件{case.number}已经结案，不能再增加文书。")
    return keep_paper(case, paper, by=by)


def keep_paper(case: Case, paper: Paper, *, by: Actor) -> CaseDocument:
    """Store a paper's file on a locked case. Raises CaseError when size, kind or number of files do not allow it."""
    if paper.kind not in DocumentKind.values:
        raise CaseError("请选择文书的类别。")
    if CaseDocument.objects.filter(case=case, kind=paper.kind).count() >= 4 * settings.EVIDENCE_FILES_PER_ITEM:
        raise CaseError(f"“{DocumentKind(paper.kind).label}”的文件太多，请合并成一份后再上传。")
    try:
        name = accepted_name(paper.name, paper.content, limit=settings.EVIDENCE_UPLOAD_BYTES)
    except BadPaper as fault:
        raise CaseError(str(fault)) from None
    made = CaseDocument.objects.create(
        case=case, kind=paper.kind, number=paper.number[:60], title=paper.title[:120], issued_on=paper.issued_on,
        valid_to=paper.valid_to, file=store.save(paper.content, name=name, county=case.county.code, purpose=PURPOSE),
        added_by=name_of(by),
    )  # fmt: skip
    audit.record("case.paper_added", by=by, object=f"case/{case.number}", county=case.county.code, kind=paper.kind, document=made.pk)
    return made


def erase_case_words(child: Child) -> None:
    """Blank what people wrote in a child's cases in words of their own, where a name may stand; states, days and signatures stay."""
    Case.objects.filter(child=child).update(whereabouts="")
    CaseStep.objects.filter(case__child=child).update(note="")
    CaseDocument.objects.filter(case__child=child).update(title="")
    Visit.objects.filter(case__child=child).update(next_plan="")
    SignOff.objects.filter(case__child=child).update(note="")


def erase_case_files(child: Child) -> int:
    """Destroy the scans and photos of a child's cases, which name or show it; rows, kinds, numbers and dates stay.

    Called where the child's own key is destroyed, in that transaction; returns how many files went.
    """
    files = [document.file for document in CaseDocument.objects.filter(case__child=child, file__isnull=False).select_related("file")]
    files += [visit.photo for visit in Visit.objects.filter(case__child=child, photo__isnull=False).select_related("photo")]
    for file in files:
        store.erase(file)
    return len(files)
