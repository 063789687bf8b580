"""`guard`: gates 1 to 5 in order, before any reader sees the file."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import biff, ods, package
from .archive import Archive
from .compound import Compound
from .limits import Limits
from .refusals import Refusal, human_size
from .sniffing import COMPOUND, HTML, ZIP, sniff


@dataclass
class Container:
    """A file that passed the gates.

    `format` is xlsx, xls, csv, html or ods; `content` is what the reader of that format takes (checked parts, never
    the raw archive, so that a reader cannot see anything the gates did not).
    """

    format: str
    file_name: str
    data: bytes = field(repr=False)
    content: Any = field(repr=False, default=None)


def guard(data: bytes, file_name: str, limits: Limits | None = None) -> Container:
    """Gates 1–5; Refusal, or a Container for the reader. Opens no dense reader and writes nothing."""
    limits = limits or Limits.from_settings()
    if len(data) > limits.upload_bytes:
        raise Refusal("file-too-large", size=human_size(len(data)), limit=human_size(limits.upload_bytes))
    kind = sniff(data, file_name)
    if kind == ZIP:
        archive = Archive(data, limits)
        if ods.is_ods(archive):
            return Container("ods", file_name, data, ods.open_ods(archive, limits))
        return Container("xlsx", file_name, data, package.open_package(archive, limits))
    if kind == COMPOUND:
        return Container("xls", file_name, data, biff.open_xls(Compound(data), file_name, limits))
    return Container("html" if kind == HTML else "csv", file_name, data)
