"""Gate 2: what a file is, told from its bytes; the extension is only listened to where the bytes cannot tell."""
from __future__ import annotations

import re

from .refusals import Refusal

ZIP, COMPOUND, HTML, TEXT = "zip", "compound", "html", "text"

_FOREIGN = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZ 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库文件"),
)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def sniff(data: bytes, file_name: str) -> str:
    """One of zip, compound (OLE, .xls), html, text; Refusal for everything else."""
    if not data:
        raise Refusal("empty-file")
    if data.startswith(b"PK\x03\x04"):
        return ZIP
    if data.startswith(b"PK\x05\x06"):
        raise Refusal("not-a-workbook", kind="空的压缩包")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return COMPOUND
    for magic, kind in _FOREIGN:
        if data.startswith(magic) and not (magic in (b"BM", b"MZ") and b"\x00" not in data[:512]):
            raise Refusal("not-a-workbook", kind=kind)
    if data[:2] == b"\x09\x08" or data[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        raise Refusal("old-workbook")
    return _sniff_text(data, file_name)


def _sniff_text(data: bytes, file_name: str) -> str:
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("no-content")
    marked = any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS)
    if b"\x00" in data[:65536] and not marked:
        raise Refusal("not-a-workbook", kind="无法识别的二进制数据")
    head = head_text(data)
    if head.startswith("<?xml") and ("urn:schemas-microsoft-com:office:spreadsheet" in head or "<Workbook" in head):
        raise Refusal("xml-spreadsheet")
    if head[:2000].lower().startswith("mime-version:") or "\ncontent-type: multipart/related" in head[:2000].lower():
        raise Refusal("xml-spreadsheet")
    if head.startswith("<"):
        if re.search(r"<(table|html|body|tr)\b", head, re.IGNORECASE):
            return HTML
        raise Refusal("not-a-workbook", kind="XML 或网页文本，里面没有表格")
    if file_name.lower().endswith((".et", ".ett")):
        raise Refusal("wps-et-file")
    return TEXT


def head_text(data: bytes) -> str:
    """The first 64 KiB as text, leading blanks gone; only for looking."""
    head = data[:65536]
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return head.decode("utf-8", "replace").lstrip()


def decode_text(data: bytes) -> str:
    """A text file as text: byte order mark, else UTF-8, else GB18030 (which contains GBK and GB2312)."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data, (encoding,))
    return _decode(data, ("utf-8", "gb18030"))


def _decode(data: bytes, encodings: tuple[str, ...]) -> str:
    at = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            at = max(at, error.start)
    raise Refusal("unknown-encoding", line=data.count(b"\n", 0, at) + 1)
