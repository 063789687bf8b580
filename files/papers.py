"""Which scans and photos may be handed in as papers: by ending, first bytes and size. No room decides this twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

MIB = 1024 * 1024
IMAGES: Mapping[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",),
}  # fmt: skip
# What may be handed in, with the first bytes such a file has.
PAPERS: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF",), **IMAGES, ".docx": (b"PK",), ".xlsx": (b"PK",), ".doc": (b"\xd0\xcf\x11\xe0",),
    ".xls": (b"\xd0\xcf\x11\xe0",),
}  # fmt: skip


class BadPaper(ValueError):
    """The file is too large or of a kind that is not taken; the message is a Chinese sentence."""


def accepted_name(name: str, content: bytes, *, limit: int, kinds: Mapping[str, tuple[bytes, ...]] = PAPERS) -> str:
    """The file's own name without folders, if its size (`limit` bytes) and kind allow. Raises BadPaper."""
    name = PurePath(name.replace("\\", "/")).name
    if len(content) > limit:
        raise BadPaper(f"文件“{name}”超过 {limit // MIB} MiB，请压缩或拆分后再上传。")
    starts = kinds.get(PurePath(name).suffix.lower())
    if starts is None or not content.startswith(starts):
        raise BadPaper(f"文件“{name}”的类型不能接收或与内容不符，请上传：{'、'.join(kinds)}。")
    return name
