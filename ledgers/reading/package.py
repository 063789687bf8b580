"""Gate 4 for .xlsx: what the package says it holds, and the parts the reader will need, inflated and plain."""
from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from .archive import Archive, shown
from .limits import Limits
from .refusals import Refusal
from .sheetscan import SheetFacts, regular, scan_sheet, without_blank_tail
from .xmlparts import attributes, plain_xml, root_name

_RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*>")
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_WORKBOOK_PROPERTIES = re.compile(rb"<workbookPr\b[^>]*>")
_CALCULATION = re.compile(rb"<calcPr\b[^>]*>")
_DDE_FORMULA = re.compile(rb"<f\b[^>]*>[^<]{0,200}?\|[^<]{0,200}?![^<]*</f>")
_STRICT = b"http://purl.oclc.org/ooxml/"


@dataclass
class Sheet:
    """One sheet of the package; `xml` is None for what is not an ordinary sheet."""

    name: str
    hidden: bool
    part: str
    xml: bytes | None
    facts: SheetFacts


@dataclass
class Package:
    """The checked parts of an .xlsx. `drawings` maps a sheet's part to the number of its pictures."""

    sheets: list[Sheet]
    date_1904: bool
    never_calculated: bool
    shared_strings: bytes
    styles: bytes
    external_links: bool
    comments: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    cell_images: bool = False


def open_package(archive: Archive, limits: Limits) -> Package:
    """Refusal for macros, binary, strict, DDE, OLE, other documents; else the parts."""
    names = {name.lower() for name in archive.members}
    _check_kind(archive, names)
    parts = _plain_parts(archive)
    main = _main_part(archive, parts)
    workbook = parts[main]
    if _STRICT in workbook[:4000] or b'conformance="strict"' in workbook[:4000]:
        raise Refusal("strict-ooxml")
    if root_name(workbook) != b"workbook":
        raise Refusal("broken-file", detail="缺少工作簿的主体部件")
    _check_links(archive, parts)
    targets = _targets(archive, parts, main)
    package = Package(
        sheets=_sheets(archive, parts, workbook, targets, limits),
        date_1904=_flag(_WORKBOOK_PROPERTIES, workbook, "date1904"),
        never_calculated=_flag(_CALCULATION, workbook, "fullCalcOnLoad"),
        shared_strings=_part_of(targets, parts, "/sharedStrings"),
        styles=_part_of(targets, parts, "/styles"),
        cell_images=bool(archive.find("xl/cellimages.xml")),
        external_links=bool(archive.matching(prefix="xl/externallinks/", suffix=".xml")),
    )
    _add_remarks(archive, parts, package)
    return package


def _check_kind(archive: Archive, names: set[str]) -> None:
    """What can be told from names and content types alone."""
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise Refusal("encrypted-file")
    content_types = archive.find("[Content_Types].xml")
    if not content_types:
        raise Refusal("not-a-workbook", kind="普通压缩包（请先解压，再逐个上传里面的台账）")
    types = plain_xml(archive.read(content_types), content_types).lower()
    if b"sheet.binary" in types or "xl/workbook.bin" in names:
        raise Refusal("binary-workbook")
    if b"macroenabled" in types or any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refusal("macro-file")
    if any(name.startswith("xl/macrosheets/") for name in names) or b"intlmacrosheet" in types:
        raise Refusal("macro-file")
    for folder, kind in (("word/", "Word 文档"), ("ppt/", "演示文稿"), ("visio/", "Visio 图")):
        if any(name.startswith(folder) for name in names) and not any(name.startswith("xl/") for name in names):
            raise Refusal("not-a-workbook", kind=kind)
    for name in sorted(names):
        if name.startswith(("xl/embeddings/", "xl/activex/")) or name.endswith("oleobject1.bin"):
            raise Refusal("ole-object", name=shown(posixpath.basename(name)))
    if b"oleobject" in types or b"activex" in types:
        raise Refusal("ole-object", name="oleObject")


def _plain_parts(archive: Archive) -> dict[str, bytes]:
    """Every XML part, inflated once. Also the unused ones: the original goes back to the clerk through openpyxl."""
    wanted = archive.matching(suffix=".xml") + archive.matching(suffix=".rels") + archive.matching(suffix=".vml")
    parts = {}
    for name in wanted:
        content = archive.read(name)
        if name.lower().endswith(".vml") or not content.strip():
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise Refusal("doctype-found", name=shown(name))
            continue
        parts[name] = plain_xml(content, name)
    return parts


def _relationships(parts: dict[str, bytes], archive: Archive, part: str) -> list[dict[str, str]]:
    folder, base = posixpath.split(part)
    name = archive.find(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
    return [attributes(tag) for tag in _RELATIONSHIP.findall(parts.get(name, b""))] if name else []


def _resolve(archive: Archive, part: str, target: str) -> str | None:
    path = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    return archive.find(posixpath.normpath(path))


def _main_part(archive: Archive, parts: dict[str, bytes]) -> str:
    for relation in _relationships(parts, archive, ""):
        if relation.get("Type", "").startswith(_STRICT.decode()):
            raise Refusal("strict-ooxml")
        if relation.get("Type", "").endswith("/officeDocument"):
            found = _resolve(archive, "", relation.get("Target", ""))
            if found in parts:
                return found
    found = archive.find("xl/workbook.xml")
    if found not in parts:
        raise Refusal("broken-file", detail="缺少工作簿的主体部件")
    return found


def _targets(archive: Archive, parts: dict[str, bytes], main: str) -> dict[str, tuple[str, str]]:
    """Relation id → (type, part)."""
    found = {}
    for relation in _relationships(parts, archive, main):
        target = _resolve(archive, main, relation.get("Target", ""))
        if target and relation.get("TargetMode") != "External":
            found[relation.get("Id", "")] = (relation.get("Type", ""), target)
    return found


def _part_of(targets: dict[str, tuple[str, str]], parts: dict[str, bytes], type_end: str) -> bytes:
    for kind, target in targets.values():
        if kind.endswith(type_end):
            return parts.get(target, b"")
    return b""


def _flag(pattern: re.Pattern, content: bytes, name: str) -> bool:
    found = pattern.search(content)
    return bool(found) and attributes(found[0]).get(name) in ("1", "true", "on")


def _check_links(archive: Archive, parts: dict[str, bytes]) -> None:
    """Plain links to other workbooks keep their values; links that start programs do not pass."""
    for name in archive.matching(prefix="xl/externallinks/", suffix=".xml"):
        if b"<ddeLink" in parts[name] or b":ddeLink" in parts[name]:
            raise Refusal("dde-link")
        if b"<oleLink" in parts[name] or b":oleLink" in parts[name]:
            raise Refusal("ole-object", name="oleLink")


def _sheets(
    archive: Archive, parts: dict[str, bytes], workbook: bytes, targets: dict[str, tuple[str, str]], limits: Limits
) -> list[Sheet]:
    sheets = []
    for tag in _SHEET.findall(workbook):
        given = attributes(tag)
        name = given.get("name", "")
        relation = next((value for key, value in given.items() if key == "id" or key.endswith(":id")), "")
        kind, part = targets.get(relation, ("", ""))
        hidden = given.get("state", "visible") != "visible"
        if not part or part not in parts:
            raise Refusal("broken-file", detail=f"工作表“{name}”的内容缺失")
        if not kind.endswith("/worksheet"):
            if "macrosheet" in kind.lower():
                raise Refusal("macro-file")
            sheets.append(Sheet(name, hidden, part, None, SheetFacts()))
            continue
        if b"|" in parts[part] and _DDE_FORMULA.search(parts[part]):
            raise Refusal("dde-link")
        tail = parts[part][max(parts[part].rfind(b"</sheetData>"), 0) :]
        if b"<oleObject" in tail:
            raise Refusal("ole-object", name="oleObject")
        xml = without_blank_tail(regular(parts.pop(part)))
        sheets.append(Sheet(name, hidden, part, xml, scan_sheet(xml, name, limits)))
    if not sheets:
        raise Refusal("no-sheet")
    return sheets


def _add_remarks(archive: Archive, parts: dict[str, bytes], package: Package) -> None:
    for sheet in package.sheets:
        for relation in _relationships(parts, archive, sheet.part):
            kind = relation.get("Type", "")
            target = _resolve(archive, sheet.part, relation.get("Target", ""))
            if target not in parts:
                continue
            if kind.endswith("/comments"):
                package.comments[sheet.part] = parts[target]
            elif kind.endswith("/drawing"):
                package.pictures[sheet.part] = parts[target].count(b":pic>") // 2 + parts[target].count(b"<pic>")
