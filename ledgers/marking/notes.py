"""Comments of one sheet: ours beside the clerk's own, in the comments part and in the drawing that Excel shows them by."""
from __future__ import annotations

import re
from collections.abc import Mapping

from ..reading.workbook import address, position
from ..reading.xmlparts import cell_text
from .own import AUTHOR, FORMER_COMMENT, is_own_comment
from .xml import DECLARATION, MAIN, text

_COMMENT = re.compile(rb'<comment\b[^>]*?\sref="([A-Z]{1,3}\d{1,7})"[^>]*>.*?</comment>', re.DOTALL)
_AUTHORS = re.compile(rb"<authors\s*/>|<authors\b[^>]*>(.*?)</authors>", re.DOTALL)
_RUN = re.compile(rb"<t\b[^>]*>([^<]*)</t>")
_TEXT = re.compile(rb"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_EMPTY_LIST = re.compile(rb"<commentList\s*/>")
_NEW_COMMENTS = DECLARATION + b'<comments xmlns="' + MAIN + b'"><authors/><commentList></commentList></comments>'
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE_PLACE = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>")
_SHAPE_NUMBER = re.compile(rb'id="_x0000_s(\d+)"')
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NEW_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TEXT = (
    '<v:shape id="_x0000_s%d" type="#_x0000_t202" style=\'position:absolute;margin-left:60pt;margin-top:2pt;width:264pt;height:%dpt;'
    'z-index:%d;visibility:hidden\' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style=\'mso-direction-alt:auto\'><div style=\'text-align:left\'></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d,15,%d,4,%d,20,%d,8</x:Anchor><x:AutoFill>False</x:AutoFill>'
    "<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)
_LETTERS_A_LINE = 22


class Notes:
    """The comments of one sheet, while ours are put in. `comments` and `drawing` are the parts as they are, or None.

    Comments of an earlier marking are taken out; a comment of the clerk on the same cell is kept below ours.
    """

    def __init__(self, comments: bytes | None, drawing: bytes | None) -> None:
        self._drawing = drawing or _NEW_DRAWING
        self._head = _EMPTY_LIST.sub(b"<commentList></commentList>", comments) if comments else _NEW_COMMENTS
        self._kept: dict[str, bytes] = {}
        self._gone: set[tuple[int, int]] = set()
        for found in _COMMENT.finditer(self._head):
            self._keep(found[1].decode(), found[0])

    def _keep(self, ref: str, piece: bytes) -> None:
        words = _words(piece)
        if not is_own_comment(words):
            self._kept[ref] = piece
        elif FORMER_COMMENT in words:
            rest = words.partition(FORMER_COMMENT)[2].strip("\n")
            self._kept[ref] = _TEXT.sub(lambda _: f'<text><t xml:space="preserve">{text(rest)}</t></text>'.encode(), piece)
        else:
            self._gone.add(position(ref))

    @property
    def changed(self) -> bool:
        """Whether comments of an earlier marking were taken out."""
        return bool(self._gone)

    def write(self, ours: Mapping[tuple[int, int], str]) -> tuple[bytes, bytes]:
        """(comments part, drawing part) with `ours` {(row, column), zero-based: text} put in."""
        head, author = self._with_author()
        new, pieces = [], dict(self._kept)
        for place, words in ours.items():
            ref = address(*place)
            former = _words(pieces[ref]) if ref in pieces else ""
            if not former:
                new.append(place)
            whole = f"{words}\n{FORMER_COMMENT}\n{former}" if former else words
            pieces[ref] = f'<comment ref="{ref}" authorId="{author}"><text><t xml:space="preserve">{text(whole)}</t></text></comment>'.encode()
        listed = b"".join(pieces[ref] for ref in sorted(pieces, key=position))
        start, end = _list_of(head)
        return head[:start] + listed + head[end:], self._with_shapes(new, ours)

    def _with_author(self) -> tuple[bytes, int]:
        found = _AUTHORS.search(self._head)
        inside = found[1] or b""
        authors = re.findall(rb"<author\s*/>|<author\b[^>]*>([^<]*)</author>", inside)
        name = AUTHOR.encode()
        if name in authors:
            return self._head, authors.index(name)
        block = b"<authors>" + inside + b"<author>" + name + b"</author></authors>"
        return self._head[: found.start()] + block + self._head[found.end() :], len(authors)

    def _with_shapes(self, places: list[tuple[int, int]], ours: Mapping[tuple[int, int], str]) -> bytes:
        drawing = _SHAPE.sub(self._unless_gone, self._drawing) if self._gone else self._drawing
        number = max([1024, *(int(n) for n in _SHAPE_NUMBER.findall(drawing))])
        shapes = "" if b'id="_x0000_t202"' in drawing or not places else _TYPE
        shapes += "".join(_shape(number + k, place, ours[place]) for k, place in enumerate(places, start=1))
        end = drawing.rfind(b"</xml>")
        return drawing[:end] + shapes.encode() + drawing[end:] if end >= 0 else drawing

    def _unless_gone(self, found: re.Match) -> bytes:
        place = _SHAPE_PLACE.search(found[0])
        return b"" if place and (int(place[1]), int(place[2])) in self._gone else found[0]


def _words(piece: bytes) -> str:
    return cell_text(b"".join(_RUN.findall(piece)).decode("utf-8", "replace"))


def _list_of(xml: bytes) -> tuple[int, int]:
    """Where the inside of the list of comments begins and ends."""
    start = re.search(rb"<commentList\b[^>]*>", xml)
    if start is None:
        raise ValueError("a comments part without a list")
    return start.end(), xml.index(b"</commentList>", start.end())


def _shape(number: int, place: tuple[int, int], words: str) -> str:
    row, column = place
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in words.split("\n"))
    height = min(20 + 15 * lines, 300)
    top = max(row - 1, 0)
    return _SHAPE_TEXT % (number, height, number - 1024, column + 1, top, column + 5, top + height // 18 + 1, row, column)
