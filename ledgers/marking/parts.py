"""A workbook as its parts: the checked members of an .xlsx, or plain parts written from the grids of any other file."""
from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from ..reading.archive import Archive
from ..reading.limits import Limits
from ..reading.package import open_package
from ..reading.workbook import Merge
from ..reading.xmlparts import attributes
from .xml import DECLARATION, RELATIONS, attribute, editable

_RELATION = re.compile(rb"<Relationship\b[^>]*?/>|<Relationship\b[^>]*>\s*</Relationship>")
_SQUEEZE = 4  # the level of deflate: half the time of the usual 6 for a tenth more bytes


@dataclass
class Sheet:
    """One sheet of the book: its name as the reader tells it, its name as Excel shows it, and its part."""

    read_as: str
    name: str
    part: str
    merges: list[Merge] = field(default_factory=list)


@dataclass
class Parts:
    """`members`: name as in the archive → bytes. `workbook`: the main part. `sheets` in the order of the tabs."""

    members: dict[str, bytes | bytearray]
    workbook: str
    sheets: list[Sheet] = field(default_factory=list)

    def find(self, name: str) -> str | None:
        """The name as written, ignoring case."""
        lower = name.lower().lstrip("/")
        return next((member for member in self.members if member.lower() == lower), None)

    def edit(self, name: str) -> bytes:
        """A part made fit for editing."""
        return editable(self.members[name], name)

    def free_name(self, pattern: str) -> str:
        """The first of pattern % 1, 2 … that no member has."""
        taken = {member.lower() for member in self.members}
        number = next(n for n in range(1, len(taken) + 2) if (pattern % n).lower() not in taken)
        return pattern % number

    def relations_name(self, part: str) -> str:
        """The member with the relations of a part (written or not)."""
        folder, base = posixpath.split(part)
        wanted = f"{folder}/_rels/{base}.rels"
        return self.find(wanted) or wanted

    def relations(self, part: str) -> list[dict[str, str]]:
        """The relations of a part: Id, Type, Target, and `part`, the member it leads to."""
        name = self.relations_name(part)
        if name not in self.members:
            return []
        found = [attributes(tag) for tag in _RELATION.findall(self.edit(name))]
        for relation in found:
            target = relation.get("Target", "")
            path = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
            relation["part"] = self.find(posixpath.normpath(path)) or ""
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation to the member `target`; returns its id."""
        name = self.relations_name(part)
        known = {relation.get("Id", "") for relation in self.relations(part)}
        number = next(n for n in range(1, len(known) + 2) if f"rIdM{n}" not in known)
        piece = b'<Relationship Id="rIdM%d" Type="%s" Target="/%s"/>' % (number, kind.encode(), attribute(target))
        empty = DECLARATION + b'<Relationships xmlns="' + RELATIONS + b'"></Relationships>'
        xml = self.edit(name) if name in self.members else empty
        xml = re.sub(rb"<Relationships\b([^>]*?)/>", rb"<Relationships\1></Relationships>", xml)
        self.members[name] = xml.replace(b"</Relationships>", piece + b"</Relationships>")
        return f"rIdM{number}"

    def declare(self, *, part: str = "", extension: str = "", kind: str) -> None:
        """Name the content type of a part, or of an extension where nothing is said of it yet."""
        name = self.find("[Content_Types].xml")
        xml = self.edit(name)
        if extension and re.search(rb'<Default\b[^>]*Extension="' + extension.encode() + rb'"', xml, re.IGNORECASE):
            return
        if extension:
            piece = f'<Default Extension="{extension}" ContentType="{kind}"/>'.encode()
            self.members[name] = re.sub(rb"(<Types\b[^>]*>)", lambda found: found[1] + piece, xml, count=1)
        else:
            piece = b'<Override PartName="/%s" ContentType="%s"/>' % (attribute(part), kind.encode())
            self.members[name] = xml.replace(b"</Types>", piece + b"</Types>")

    def packed(self) -> bytes:
        """The archive."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_SQUEEZE) as archive:
            for name, content in self.members.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, _SQUEEZE)
        return buffer.getvalue()


def xlsx_parts(data: bytes, limits: Limits) -> Parts:
    """The members of an .xlsx after the gates; Refusal for what does not pass them."""
    package = open_package(Archive(data, limits), limits)
    sheets = [Sheet(one.name, one.name, one.part, one.facts.merges) for one in package.sheets if one.xml is not None]
    del package
    archive = Archive(data, limits)
    parts = Parts({name: archive.read(name) for name in archive.members}, "", sheets)
    parts.workbook = _main(parts)
    return parts


def _main(parts: Parts) -> str:
    for tag in _RELATION.findall(parts.edit(parts.find("_rels/.rels"))) if parts.find("_rels/.rels") else []:
        given = attributes(tag)
        if given.get("Type", "").endswith("/officeDocument") and (found := parts.find(given.get("Target", ""))):
            return found
    return parts.find("xl/workbook.xml")
