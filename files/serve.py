"""The one way a stored file leaves: as an attachment, never shown by the browser, never cached."""

from __future__ import annotations

from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from files import store
from files.models import StoredFile


def attachment(
    stored_or_bytes: StoredFile | bytes, *, name: str, content_type: str = "application/octet-stream"
) -> HttpResponseBase:
    """A download: `attachment` with the name in UTF-8 (RFC 5987), nosniff, no-store.

    Whoever calls has already asked `schools.access`. Raises FileErased or FileDamaged before anything is sent.
    """
    if isinstance(stored_or_bytes, StoredFile):
        pieces = store.chunks(stored_or_bytes)
        first = next(pieces)  # a missing or erased file must show now, not in the middle of the answer
        response: HttpResponseBase = StreamingHttpResponse(chain([first], pieces), content_type=content_type)
        response["Content-Length"] = str(stored_or_bytes.size)
    else:
        response = HttpResponse(stored_or_bytes, content_type=content_type)
        response["Content-Length"] = str(len(stored_or_bytes))
    response["Content-Disposition"] = content_disposition_header(True, _plain(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _plain(name: str) -> str:
    """A file name without folders, line breaks or other control characters."""
    signs = (sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "_" for sign in name)
    return "".join(signs).strip(" .") or "下载"
