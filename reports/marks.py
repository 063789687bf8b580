"""The mark every file of ours carries: which paper it is, still told by a copy that somebody altered.

In a PDF it is the file identifier, in a workbook a property of the document; both survive being opened and saved again.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

PREFIX = "junheng-paper "
_CODE = re.compile(rb"junheng-paper ([0-9A-F]{4}(?:-[0-9A-F]{4}){3})")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]{40,400})>")
PROPERTIES = "docProps/core.xml"
MOST = 64 * 1024  # bytes of a property part that are looked at


def mark_of(code: str) -> str:
    """The mark of the paper with this verification code."""
    return f"{PREFIX}{code}"


def code_in(data: bytes) -> str:
    """The verification code a file of ours carries, altered or not; "" when it carries none."""
    found = _CODE.search(data) or _in_hex(data) or _CODE.search(_properties(data))
    return found[1].decode() if found else ""


def _in_hex(data: bytes) -> re.Match | None:
    """PDF writes identifiers in hexadecimal, near the end."""
    for digits in _HEX.findall(data[-8192:]):
        try:
            text = bytes.fromhex(digits.decode())
        except ValueError:
            continue
        if found := _CODE.search(text):
            return found
    return None


def _properties(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book, book.open(PROPERTIES) as part:
            return part.read(MOST)
    except (zipfile.BadZipFile, KeyError, OSError, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        return b""
