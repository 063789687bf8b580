"""Putting the marks into a workbook: colours and comments in its sheets, three sheets of ours in front."""
from __future__ import annotations

import re
from collections.abc import Mapping

from ..problems import LEVELS
from ..reading.archive import Archive
from ..reading.limits import Limits
from ..reading.ods import is_ods
from ..reading.readers import read_here
from ..reading.sheetscan import regular
from ..reading.sniffing import ZIP, sniff
from ..reading.workbook import Merge, position
from ..reading.xlsx import rich_text, shared_strings
from ..reading.xmlparts import cell_text
from .cells import colour_cells
from .notes import Notes
from .own import COMMENT_OPENING, HELP, OPENINGS, TO_MEND
from .pages import Looks, Told, own_pages
from .parts import Parts, Sheet, xlsx_parts
from .plain import SHEET_TYPE, STYLES_TYPE, plain_parts, sheet_name
from .styles import NEW, StyleTable
from .task import ORDER, Found, Task
from .xml import OFFICE, attribute, insert_before

KIND = OFFICE.decode() + "/"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
LONGEST_COMMENT = 1_000
_ALREADY_THERE = frozenset({"comment-found", "strikethrough-found"})  # what the clerk sees in the cell without us
_AFTER_DRAWING = frozenset({
    b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls", b"webPublishItems", b"tableParts", b"extLst",
})  # fmt: skip
_LEGACY = re.compile(rb"<legacyDrawing\b[^>]*?:?\bid=\"([^\"]+)\"")
_SELECTED = re.compile(rb'\stabSelected="(?:1|true)"')
_FIRST_CELL = re.compile(rb'<c r="A1"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE = re.compile(rb"<v\b[^>]*>([^<]*)</v>")

Place = tuple[int, int]
Cells = dict[Place, list[Found]]


def mark_here(data: bytes, file_name: str, task: Task, limits: Limits) -> bytes:
    """The workbook with its problems marked, as .xlsx. Refusal for a file that does not pass the gates.

    In this very process: only for the limited child and for tests. 1 the parts of the book, through the gates ·
    2 colours · 3 comments · 4 the sheets 说明, 必改, 汇总 · 5 the archive.
    """
    if sniff(data, file_name) == ZIP and not is_ods(Archive(data, limits)):
        return _Marking(xlsx_parts(data, limits), task).packed([])
    book = read_here(data, file_name, limits)
    remarks = [f"您上传的是 .{book.format} 文件，这里换成 .xlsx 格式，内容相同，原来的字体和版式没有带入。"]
    if len(book.visible) < len(book.sheets):
        remarks.append("隐藏的工作表没有读取，也没有带入本文件。")
    return _Marking(plain_parts(book), task).packed(remarks)


class _Marking:
    def __init__(self, parts: Parts, task: Task) -> None:
        self.parts, self.task = parts, task
        self.styles_part = self._part_of("styles") or "xl/styles.xml"
        self.styles = StyleTable(parts.edit(self.styles_part) if self.styles_part in parts.members else NEW)
        self.looks = Looks.in_table(self.styles)
        titles = {opening: title for title, opening in OPENINGS.items()}
        firsts = [(titles.get(self._first_cell(one)), one) for one in parts.sheets]
        self.former = {title: one for title, one in firsts if title}
        self.sheets = [one for title, one in firsts if title is None]
        self.comments_left, self.uncommented = task.comments, 0

    def packed(self, remarks: list[str]) -> bytes:
        marks = self._by_sheet()
        for sheet in self.sheets:
            self._mark_sheet(sheet, marks.get(sheet.read_as, {}))
        if self.uncommented:
            remarks.append(f"批注最多写 {self.task.comments} 个，另有 {self.uncommented} 个单元格只涂了颜色，改法见“必改”和“汇总”。")
        self._put_pages(Told(tuple(remarks)))
        self._write_styles()
        return self.parts.packed()

    def _part_of(self, kind: str) -> str:
        return next((r["part"] for r in self.parts.relations(self.parts.workbook) if r.get("Type", "").endswith("/" + kind)), "")

    def _first_cell(self, sheet: Sheet) -> str:
        """The text of A1, by which a sheet of an earlier marking is known."""
        found = _FIRST_CELL.search(self.parts.members[sheet.part][:20_000])
        if not found or not found[2]:
            return ""
        if b't="s"' in found[1]:
            part, value = self._part_of("sharedStrings"), _VALUE.search(found[2])
            return shared_strings(self.parts.edit(part)).get(value[1].decode(), "") if part and value else ""
        value = _VALUE.search(found[2])
        return cell_text(value[1].decode("utf-8", "replace")) if value else rich_text(found[2].decode("utf-8", "replace"))

    def _by_sheet(self) -> dict[str, Cells]:
        """Problems by sheet and cell; a covered cell of a merged range speaks through the range's first cell."""
        anchors = {one.read_as: _anchors(one.merges) for one in self.sheets}
        marks: dict[str, Cells] = {}
        for problem in self.task.problems:
            if problem.sheet not in anchors or problem.code in _ALREADY_THERE:
                continue
            for cell in problem.addresses:
                place = position(cell)
                place = anchors[problem.sheet].get(place, place)
                marks.setdefault(problem.sheet, {}).setdefault(place, []).append(problem)
        return marks

    def _mark_sheet(self, sheet: Sheet, cells: Cells) -> None:
        """Colours and comments of one sheet; also takes out what an earlier marking left."""
        members = self.parts.members
        if not cells and b"legacyDrawing" not in members[sheet.part] and not _SELECTED.search(members[sheet.part], 0, 8_000):
            return
        xml = regular(self.parts.edit(sheet.part))
        del members[sheet.part]  # a large sheet is held as few times as can be
        if _SELECTED.search(xml, 0, start := xml.find(b"<sheetData")):
            xml = _SELECTED.sub(b"", xml[:start]) + xml[start:]
        levels: dict[int, dict[int, str]] = {}
        for (row, column), found in cells.items():
            levels.setdefault(row + 1, {})[column] = min((p.level for p in found), key=ORDER.__getitem__)
        members[sheet.part] = colour_cells(xml, levels, self.styles.marked)
        del xml
        self._comment(sheet, self._comments_of(cells))

    def _comments_of(self, cells: Cells) -> dict[Place, str]:
        """The gravest first, from top to bottom, as many as are left of the whole book's share."""
        ordered = sorted(cells, key=lambda place: (min(ORDER[p.level] for p in cells[place]), place))
        taken = ordered[: self.comments_left]
        self.comments_left -= len(taken)
        self.uncommented += len(ordered) - len(taken)
        return {place: _words(cells[place]) for place in taken}

    def _comment(self, sheet: Sheet, ours: Mapping[Place, str]) -> None:
        parts, relations = self.parts, self.parts.relations(sheet.part)
        comments = next((r["part"] for r in relations if r.get("Type", "").endswith("/comments") and r["part"]), "")
        xml = parts.members[sheet.part]
        legacy = _LEGACY.search(xml, max(xml.rfind(b"</sheetData>"), 0))
        wanted = legacy[1].decode() if legacy else None
        drawing = next((r["part"] for r in relations if r.get("Id") == wanted), "") if wanted else ""
        notes = Notes(parts.edit(comments) if comments else None, parts.members[drawing] if drawing else None)
        if not ours and not notes.changed:
            return
        written = notes.write(ours)
        if not comments:
            comments = parts.free_name("xl/comments%d.xml")
            parts.declare(part=comments, kind=COMMENTS_TYPE)
            parts.relate(sheet.part, KIND + "comments", comments)
        if not drawing:
            drawing = parts.free_name("xl/drawings/vmlDrawing%d.vml")
            parts.declare(extension="vml", kind=DRAWING_TYPE)
            relation = parts.relate(sheet.part, KIND + "vmlDrawing", drawing)
            piece = b'<legacyDrawing xmlns:r="%s" r:id="%s"/>' % (OFFICE, relation.encode())
            end = xml.rfind(b"</sheetData>") + len(b"</sheetData>")
            parts.members[sheet.part] = insert_before(xml, end, _AFTER_DRAWING, piece)
        parts.members[comments], parts.members[drawing] = written

    def _put_pages(self, told: Told) -> None:
        names = {one.read_as: one.name for one in self.sheets}
        taken = {one.name.lower() for one in self.parts.sheets}
        pages = own_pages(self.task, self.looks, names, told)
        active = TO_MEND if any(p.level == "error" for p in self.task.problems) else HELP
        new: list[tuple[str, str]] = []
        for title, page in pages.items():
            if title in self.former:
                part = self.former[title].part
            else:
                part = self.parts.free_name("xl/worksheets/sheetM%d.xml")
                self.parts.declare(part=part, kind=SHEET_TYPE)
                new.append((sheet_name(title if title.lower() not in taken else f"{title}(标注)", taken), part))
            self.parts.members[part] = page.xml(selected=title == active)
        self._list_pages(new, self.former[active].name if active in self.former else active)

    def _list_pages(self, new: list[tuple[str, str]], active: str) -> None:
        """The new sheets stand first; what counts tabs is moved on by as many."""
        parts, xml = self.parts, self.parts.edit(self.parts.workbook)
        highest = max((int(n) for n in re.findall(rb'<sheet\b[^>]*?\ssheetId="(\d+)"', xml)), default=0)
        listed = b""
        for number, (name, part) in enumerate(new, start=highest + 1):
            relation = parts.relate(parts.workbook, KIND + "worksheet", part)
            listed += b'<sheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (OFFICE, attribute(name), number, relation.encode())
        xml = re.sub(rb"<sheets\b[^>]*>", lambda found: found[0] + listed, xml, count=1)
        xml = re.sub(rb'(\slocalSheetId=")(\d+)"', lambda found: b'%s%d"' % (found[1], int(found[2]) + len(new)), xml)
        names = re.findall(rb'<sheet\b[^>]*?\sname="([^"]*)"', xml)
        front = next((i for i, name in enumerate(names) if name.startswith(attribute(active))), 0)
        xml = re.sub(rb'\s(?:activeTab|firstSheet)="\d+"', b"", xml)
        xml = re.sub(rb"<workbookView\b", b'<workbookView activeTab="%d"' % front, xml, count=1)
        parts.members[parts.workbook] = xml

    def _write_styles(self) -> None:
        if self.styles_part not in self.parts.members:
            self.parts.declare(part=self.styles_part, kind=STYLES_TYPE)
            self.parts.relate(self.parts.workbook, KIND + "styles", self.styles_part)
        self.parts.members[self.styles_part] = self.styles.xml()


def _anchors(merges: list[Merge]) -> dict[Place, Place]:
    return {
        (row, column): (top, left)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _words(found: list[Found]) -> str:
    """What a comment says: every problem of the cell, the gravest first."""
    ordered = sorted(found, key=lambda p: ORDER[p.level])
    lines = dict.fromkeys(f"【{LEVELS[p.level]}】{p.sentence}" for p in ordered)
    return "\n".join([COMMENT_OPENING, *lines])[:LONGEST_COMMENT]
