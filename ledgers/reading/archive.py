"""Gate 3 and the inflating half of gate 5: a zip whose directory is trusted in nothing.

Members are inflated by ourselves, counting bytes against the declared size and the limits and comparing the CRC;
only XML parts are inflated, pictures and the like stay packed.
"""
from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable

from .limits import Limits
from .refusals import Refusal, human_size

_ENTRY = b"PK\x01\x02"


class Archive:
    """The checked directory of a zip; `read(name)` inflates one member (name as written in the file)."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._inflated = 0
        self.members = {info.filename: info for info in _directory(data, limits)}
        self._by_lower = {name.lower(): name for name in self.members}

    def find(self, name: str) -> str | None:
        """The name as written in the archive, ignoring case, or None."""
        return self._by_lower.get(name.lower().lstrip("/"))

    def matching(self, *, prefix: str = "", suffix: str = "") -> list[str]:
        """Names as written, whose lower-case form starts and ends so."""
        return [real for lower, real in self._by_lower.items() if lower.startswith(prefix) and lower.endswith(suffix)]

    def read(self, name: str) -> bytes:
        """The inflated member; Refusal when it is longer than declared, than allowed, or its CRC differs."""
        info = self.members[name]
        packed = memoryview(self._data)[self._start_of(info) :][: info.compress_size]
        room = min(self._limits.member_bytes, self._limits.inflated_bytes - self._inflated)
        if info.compress_type == zipfile.ZIP_STORED:
            content = bytes(packed)
        else:
            content = self._inflate(name, packed, min(room, info.file_size))
        self._inflated += len(content)
        if len(content) > room:
            raise Refusal("zip-bomb", size=human_size(self._inflated), limit=human_size(self._limits.inflated_bytes))
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise Refusal("sizes-differ", name=shown(name))
        return content

    def _inflate(self, name: str, packed: memoryview, room: int) -> bytes:
        inflater = zlib.decompressobj(-15)
        try:
            content = inflater.decompress(packed, room + 1)
        except zlib.error:
            raise Refusal("broken-file", detail=f"部件“{shown(name)}”无法解压") from None
        if len(content) > room or inflater.unconsumed_tail:
            raise Refusal("sizes-differ", name=shown(name))
        if not inflater.eof:
            raise Refusal("broken-file", detail=f"部件“{shown(name)}”不完整")
        return content

    def _start_of(self, info: zipfile.ZipInfo) -> int:
        at = info.header_offset
        header = self._data[at : at + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise Refusal("broken-file", detail=f"部件“{shown(info.filename)}”的位置不对")
        start = at + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        name = self._data[at + 30 : at + 30 + int.from_bytes(header[26:28], "little")]
        if name.replace(b"\\", b"/").lower() not in _raw_names(info):
            raise Refusal("sizes-differ", name=shown(info.filename))
        if start + info.compress_size > len(self._data):
            raise Refusal("broken-file", detail="文件被截断")
        return start


def shown(name: str) -> str:
    """A member's name fit for a sentence."""
    return "".join(letter for letter in name if letter.isprintable())[:80]


def _raw_names(info: zipfile.ZipInfo) -> set[bytes]:
    names = set()
    for encoding in ("utf-8", "cp437", "gb18030"):
        try:
            names.add(info.orig_filename.encode(encoding).lower())
        except UnicodeEncodeError:
            continue
    return names


def _directory(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    """The entries of the central directory after every check that needs no inflating."""
    entries = data.count(_ENTRY)
    if entries > 2 * limits.members:  # asked before zipfile builds an object for each
        raise Refusal("too-many-members", count=entries, limit=limits.members)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, IndexError, KeyError):
        raise Refusal("broken-file", detail="压缩结构不完整，可能没有传完") from None
    if len(members) > limits.members:
        raise Refusal("too-many-members", count=len(members), limit=limits.members)
    _check_names(members)
    _check_sizes(members, limits)
    return members


def _check_names(members: Iterable[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in members:
        name = info.orig_filename
        parts = name.replace("\\", "/").split("/")
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if name.startswith("/") or "\\" in name or ".." in parts or "\x00" in name or ":" in name or is_link:
            raise Refusal("unsafe-member-name", name=shown(name))
        if name.lower() in seen:
            raise Refusal("repeated-member", name=shown(name))
        seen.add(name.lower())
        if info.flag_bits & 0x1:
            raise Refusal("encrypted-file")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("broken-file", detail=f"部件“{shown(name)}”的压缩方式不受支持")


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(info.file_size for info in members)
    if total > limits.inflated_bytes:
        raise Refusal("zip-bomb", size=human_size(total), limit=human_size(limits.inflated_bytes))
    for info in members:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > limits.member_bytes or (info.file_size > limits.ratio_from_bytes and ratio > limits.ratio):
            raise Refusal("zip-bomb", size=human_size(info.file_size), limit=human_size(limits.member_bytes))
    end = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < end:  # entries that share bytes are how small files inflate without bound
            raise Refusal("sizes-differ", name=shown(info.filename))
        end = info.header_offset + 30 + info.compress_size
