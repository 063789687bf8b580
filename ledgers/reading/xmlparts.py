"""The XML of a workbook part, made plain before anything looks at it.

`plain_xml` refuses DOCTYPE in any encoding and every encoding but UTF-8 and UTF-16, and returns UTF-8 without byte
order mark, comments, CDATA and namespace prefix of the root, so that the later passes can search bytes.
"""
from __future__ import annotations

import re

from .archive import shown
from .refusals import Refusal

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ROOT = re.compile(rb"<(?![?!])(?:([\w.\-]+):)?([\w.\-]+)")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|[a-z]+);")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ATTRIBUTE = re.compile(r"""([\w:.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def plain_xml(content: bytes, name: str) -> bytes:
    """The part as canonical UTF-8 bytes; Refusal `doctype-found`, `xml-encoding` or `broken-file`."""
    if content[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff") or content[:4] in (b"<\0\0\0", b"\0\0\0<"):
        raise Refusal("xml-encoding", name=shown(name), encoding="UTF-32")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
        content = _from_utf16(content, name)
    content = content.removeprefix(b"\xef\xbb\xbf")
    start = content.lstrip()[:1]
    if start != b"<":
        _refuse_undeclared(content, name)
    declared = _DECLARED.match(content.lstrip()[:300])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Refusal("xml-encoding", name=shown(name), encoding=declared[1].decode())
    return _without_prefix(_without_markup(content, name))


def _from_utf16(content: bytes, name: str) -> bytes:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else (
        "utf-16-be" if content[:1] == b"\x00" else "utf-16-le")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("broken-file", detail=f"部件“{shown(name)}”的文字编码不完整") from None
    return _DECLARATION.sub(b"", text.lstrip("\ufeff").encode("utf-8", "replace"))


def _refuse_undeclared(content: bytes, name: str) -> None:
    if content[:4] == b"\x4c\x6f\xa7\x94":
        raise Refusal("xml-encoding", name=shown(name), encoding="EBCDIC")
    raise Refusal("broken-file", detail=f"部件“{shown(name)}”不是 XML")


def _without_markup(content: bytes, name: str) -> bytes:
    """Refuse declarations; take out comments and open CDATA, which hide tags from a search of the bytes."""
    at = content.find(b"<!")
    if at < 0:
        return content
    pieces, done = [], 0
    while at >= 0:
        if content.startswith(b"<!--", at):
            end, text = content.find(b"-->", at + 4), b""
            length = 3
        elif content.startswith(b"<![CDATA[", at):
            end, length = content.find(b"]]>", at + 9), 3
            text = content[at + 9 : end].replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
        else:
            raise Refusal("doctype-found", name=shown(name))
        if end < 0:
            raise Refusal("broken-file", detail=f"部件“{shown(name)}”的标记没有结束")
        pieces += [content[done:at], text]
        done = end + length
        at = content.find(b"<!", done)
    return b"".join([*pieces, content[done:]])


def _without_prefix(content: bytes) -> bytes:
    root = _ROOT.search(content)
    if not root or not root[1]:
        return content
    prefix = re.escape(root[1])
    return re.sub(rb"<(/?)" + prefix + rb":", rb"<\1", content)


def root_name(content: bytes) -> bytes:
    """The local name of the root element."""
    root = _ROOT.search(content)
    return root[2] if root else b""


def attributes(tag: bytes | str) -> dict[str, str]:
    """The attributes of one start tag, entities resolved, prefixes kept: `r:id`."""
    text = tag.decode("utf-8", "replace") if isinstance(tag, bytes) else tag
    return {name: unescape(double or single or "") for name, double, single in _ATTRIBUTE.findall(text)}


def _entity(found: re.Match) -> str:
    body = found[1]
    if body[0] != "#":
        return _ENTITIES.get(body, found[0])
    number = int(body[2:], 16) if body[1] == "x" else int(body[1:])
    return chr(number) if number < 0x110000 else "\ufffd"


def unescape(text: str) -> str:
    """The five entities of XML and numeric references; nothing else exists without a DOCTYPE."""
    return _ENTITY.sub(_entity, text) if "&" in text else text


def cell_text(raw: str) -> str:
    """Text of a cell as Excel means it: entities, `_x000D_` escapes, line ends as \\n. Control characters stay in."""
    text = unescape(raw)
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def has_control(text: str) -> bool:
    """Whether NUL, other control characters or lone surrogates stand in the text; no database takes them."""
    return _CONTROL.search(text) is not None


def without_control(text: str) -> str:
    """The text without them."""
    return _CONTROL.sub("", text)
