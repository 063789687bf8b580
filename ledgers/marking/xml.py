"""Parts of a package made fit for careful edits, and the small pieces that are written into them."""
from __future__ import annotations

import re
from xml.sax.saxutils import escape

from ..reading.xmlparts import plain_xml, without_control

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = b"http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = b"http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")
_ROOT = re.compile(rb"<(?![?!])[\w.\-]+[^>]*>")
_DEFAULT = re.compile(rb"\sxmlns\s*=")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP = frozenset('&<>"_')
_TAG = re.compile(rb"<(/?)([\w:.\-]+)((?:\s+[\w:.\-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")


def editable(content: bytes, name: str) -> bytes:
    """The part in UTF-8 with the declaration of that, its own namespace being the default one, no comments, no CDATA."""
    plain = plain_xml(content, name)
    if plain is content and plain.startswith(DECLARATION.rstrip()) and _DEFAULT.search(plain, 0, 2_000):
        return plain  # nothing to do, and a large sheet need not be copied
    plain = _DECLARATION.sub(b"", plain, count=1)
    root = _ROOT.search(plain)
    if root and not _DEFAULT.search(root[0]):
        tag = root[0]
        for space in (MAIN, RELATIONS, TYPES):
            tag = re.sub(rb"\sxmlns:[\w.\-]+\s*=\s*[\"']" + re.escape(space) + rb"[\"']", b' xmlns="' + space + b'"', tag, count=1)
        plain = plain[: root.start()] + tag + plain[root.end() :]
    return DECLARATION + plain


def text(value: str) -> str:
    """A value as XML text: no control characters, nothing that Excel would take for an escape."""
    if value.isprintable() and _MARKUP.isdisjoint(value):
        return value
    return escape(_LOOKS_ESCAPED.sub("_x005F_", without_control(value)), {'"': "&quot;"})


def attribute(value: str) -> bytes:
    """A value within double quotes."""
    return text(value).replace("\n", "&#10;").encode()


def insert_before(xml: bytes, start: int, followers: frozenset[bytes], piece: bytes) -> bytes:
    """Put `piece` before the first child of the root, met from `start` on, that is one of `followers`, or before the end.

    `start` must lie between children of the root.
    """
    depth = 0
    for tag in _TAG.finditer(xml, start):
        closing, name, _, empty = tag.groups()
        if depth == 0 and (closing or name in followers):
            return xml[: tag.start()] + piece + xml[tag.start() :]
        if closing:
            depth -= 1
        elif not empty:
            depth += 1
    return xml
