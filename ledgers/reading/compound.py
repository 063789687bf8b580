"""OLE compound files ([MS-CFB]): the directory and one stream, as far as telling a workbook from the rest needs."""
from __future__ import annotations

import struct

from .refusals import Refusal

_END, _FREE_FROM = 0xFFFFFFFE, 0xFFFFFFFA
_STREAM, _ROOT = 2, 5
_ENTRIES_AT_MOST = 20_000


class Compound:
    """`names` holds the names of all streams and storages in lower case; `stream(name)` returns one stream."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError):
            raise Refusal("broken-file", detail="文件头不完整") from None

    def _open(self) -> None:
        data = self._data
        self._shift, self._mini_shift = struct.unpack_from("<HH", data, 30)
        if self._shift not in (9, 12) or self._mini_shift != 6:
            raise Refusal("broken-file", detail="文件头的数值不对")
        self._size = 1 << self._shift
        fat_sectors, first_directory = struct.unpack_from("<II", data, 44)
        self._cutoff, first_mini_fat, _, next_difat, _ = struct.unpack_from("<IIIII", data, 56)
        listed = list(struct.unpack_from("<109I", data, 76))
        while next_difat < _FREE_FROM and len(listed) < fat_sectors + 109:
            sector = struct.unpack(f"<{self._size // 4}I", self._sector(next_difat))
            listed += sector[:-1]
            next_difat = sector[-1]
        self._fat: list[int] = []
        for sector in listed[:fat_sectors]:
            if sector < _FREE_FROM:
                self._fat += struct.unpack(f"<{self._size // 4}I", self._sector(sector))
        self._entries = self._directory(self._chain(first_directory))
        self.names = {name.lower() for name, *_ in self._entries}
        mini = self._chain(first_mini_fat) if first_mini_fat < _FREE_FROM else b""
        self._mini_fat = struct.unpack(f"<{len(mini) // 4}I", mini)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        piece = self._data[start : start + self._size]
        if not piece:
            raise Refusal("broken-file", detail="文件被截断")
        return piece.ljust(self._size, b"\0")

    def _chain(self, sector: int) -> bytes:
        pieces = []
        while sector < _FREE_FROM:
            pieces.append(self._sector(sector))
            if sector >= len(self._fat) or len(pieces) > len(self._fat):
                raise Refusal("broken-file", detail="内部的扇区链断裂或成环")
            sector = self._fat[sector]
        return b"".join(pieces)

    def _directory(self, raw: bytes) -> list[tuple[str, int, int, int]]:
        entries = []
        for at in range(0, min(len(raw), _ENTRIES_AT_MOST * 128), 128):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            start, size = struct.unpack_from("<II", raw, at + 116)
            if kind and 2 <= length <= 64:
                name = raw[at : at + length - 2].decode("utf-16-le", "replace")
                entries.append((name, kind, start, size))
        return entries

    def stream(self, wanted: str) -> bytes | None:
        """The content of the first stream of that name (any case), or None."""
        for name, kind, start, size in self._entries:
            if name.lower() == wanted and kind == _STREAM:
                if size >= self._cutoff:
                    return self._chain(start)[:size]
                return self._mini_stream(start)[:size]
        return None

    def _mini_stream(self, sector: int) -> bytes:
        root = next((entry for entry in self._entries if entry[1] == _ROOT), None)
        if root is None:
            raise Refusal("broken-file", detail="缺少根目录")
        whole, pieces = self._chain(root[2]), []
        while sector < _FREE_FROM:
            pieces.append(whole[sector << self._mini_shift : (sector + 1) << self._mini_shift])
            if sector >= len(self._mini_fat) or len(pieces) > len(self._mini_fat):
                raise Refusal("broken-file", detail="内部的扇区链断裂或成环")
            sector = self._mini_fat[sector]
        return b"".join(pieces)
