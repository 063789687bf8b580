"""Fills added to the style table of a workbook: every marked cell keeps its own format and gets another ground."""
from __future__ import annotations

import re

from .own import COLOURS
from .xml import DECLARATION, MAIN, insert_before

_BLOCK = rb"<%s\b[^>]*?(?:/>|>(.*?)</%s>)"
_FILL = re.compile(rb"<fill\s*/>|<fill\b[^>]*>.*?</fill>", re.DOTALL)
_FONT = re.compile(rb"<font\s*/>|<font\b[^>]*?/>|<font\b[^>]*>.*?</font>", re.DOTALL)
_BORDER = re.compile(rb"<border\b[^>]*?/>|<border\b[^>]*>.*?</border>", re.DOTALL)
_FORMAT = re.compile(rb"<xf\b[^>]*?/>|<xf\b[^>]*>.*?</xf>", re.DOTALL)
_FORMATS = {b"fonts": _FONT, b"fills": _FILL, b"borders": _BORDER, b"cellXfs": _FORMAT}
_ORDER = (b"numFmts", b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellXfs", b"cellStyles", b"dxfs", b"tableStyles", b"colors", b"extLst")
_FILL_ID = re.compile(rb"\s(?:fillId|applyFill)\s*=\s*\"[^\"]*\"")
_OURS = re.compile(rb"<fgColor\b[^>]*rgb=\"FF(?:" + "|".join(COLOURS.values()).encode() + rb")\"")
_EMPTY_FILL = b'<fill><patternFill patternType="none"/></fill>'
_DEFAULTS = {
    b"fonts": [b'<font><sz val="11"/><name val="\xe5\xae\x8b\xe4\xbd\x93"/></font>'],
    b"fills": [_EMPTY_FILL, b'<fill><patternFill patternType="gray125"/></fill>'],
    b"borders": [b"<border><left/><right/><top/><bottom/><diagonal/></border>"],
    b"cellXfs": [b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'],
}
NEW = (
    DECLARATION + b'<styleSheet xmlns="' + MAIN + b'">'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class StyleTable:
    """The four lists that cells need, read from `styles.xml`; fills of an earlier marking are taken off at once.

    `marked(style, level)` gives the index of the same format on the ground of that level.
    """

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._lists = {name: self._read(name) for name in _FORMATS}
        self._lists[b"fills"] = [_EMPTY_FILL if _OURS.search(fill) else fill for fill in self._lists[b"fills"]]
        self._grounds = {level: self.fill(colour) for level, colour in COLOURS.items()}
        self._known: dict[tuple[int, str], int] = {}

    def _read(self, name: bytes) -> list[bytes]:
        found = re.search(_BLOCK % (name, name), self._xml, re.DOTALL)
        return (_FORMATS[name].findall(found[1]) if found and found[1] else []) or list(_DEFAULTS[name])

    def _add(self, name: bytes, piece: bytes) -> int:
        self._lists[name].append(piece)
        return len(self._lists[name]) - 1

    def fill(self, colour: str) -> int:
        """A solid ground (RRGGBB)."""
        solid = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor indexed="64"/></patternFill></fill>'
        return self._add(b"fills", solid.encode())

    def font(self, *, size: int = 11, bold: bool = False, colour: str = "", underlined: bool = False) -> int:
        inside = ("<b/>" if bold else "") + ("<u/>" if underlined else "") + f'<sz val="{size}"/>'
        inside += (f'<color rgb="FF{colour}"/>' if colour else "") + '<name val="宋体"/><family val="3"/><charset val="134"/>'
        return self._add(b"fonts", f"<font>{inside}</font>".encode())

    def thin_border(self) -> int:
        side = "".join(f'<{name} style="thin"><color rgb="FFBFC5CC"/></{name}>' for name in ("left", "right", "top", "bottom"))
        return self._add(b"borders", f"<border>{side}<diagonal/></border>".encode())

    def format(self, *, font: int = 0, fill: int = 0, border: int = 0, number: int = 0, wrap: bool = False, quoted: bool = False) -> int:
        """A format of our own; `quoted` keeps a text that begins with = a text even when it is edited."""
        align = '<alignment vertical="top" wrapText="1"/>' if wrap else '<alignment vertical="top"/>'
        given = f'numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        applied = ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        prefix = ' quotePrefix="1"' if quoted else ""
        return self._add(b"cellXfs", f"<xf {given}{prefix}{applied}>{align}</xf>".encode())

    def ground(self, level: str) -> int:
        """The fill of a level."""
        return self._grounds[level]

    def marked(self, style: int, level: str) -> int:
        """The index of format `style` with the ground of `level`."""
        known = self._known.get((style, level))
        if known is None:
            formats = self._lists[b"cellXfs"]
            base = _FILL_ID.sub(b"", formats[style] if style < len(formats) else formats[0])
            ground = b'<xf fillId="%d" applyFill="1"' % self._grounds[level]
            known = self._known[style, level] = self._add(b"cellXfs", ground + base[3:])
        return known

    def xml(self) -> bytes:
        """The part with the longer lists."""
        xml = self._xml
        for name, pieces in self._lists.items():
            block = b'<%s count="%d">%s</%s>' % (name, len(pieces), b"".join(pieces), name)
            found = re.search(_BLOCK % (name, name), xml, re.DOTALL)
            if found:
                xml = xml[: found.start()] + block + xml[found.end() :]
            else:
                after = frozenset(_ORDER[_ORDER.index(name) + 1 :])
                start = re.search(rb"<styleSheet\b[^>]*>", xml)
                xml = insert_before(xml, start.end(), after, block)
        return xml
