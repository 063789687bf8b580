"""OpenDocument spreadsheets: gates 3 to 5 and the reader (OASIS OpenDocument 1.3 part 3, tables)."""
from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from .archive import Archive
from .limits import Limits
from .refusals import NOTICES, OWN_LISTS, Refusal
from .sheetscan import check_merge
from .tidying import finish
from .values import number_text, percent_text
from .workbook import BOOLEAN, DATE, ERROR, NUMBER, PERCENT, TEXT, Grid, Notice, Workbook, address
from .xmlparts import plain_xml

_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_KINDS = {"float": NUMBER, "currency": NUMBER, "percentage": PERCENT, "date": DATE, "time": DATE, "boolean": BOOLEAN}


@dataclass
class OdsContent:
    xml: bytes


def is_ods(archive: Archive) -> bool:
    """Whether the archive calls itself an OpenDocument file of any kind."""
    name = archive.find("mimetype")
    if not name or archive.members[name].file_size > 200 or archive.find("[Content_Types].xml"):
        return False
    kind = archive.read(name).strip()
    if kind.startswith(_SPREADSHEET):
        return True
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise Refusal("not-a-workbook", kind="文字或演示文档（OpenDocument）")
    return False


def open_ods(archive: Archive, limits: Limits) -> OdsContent:
    """The checked content; Refusal for macros, encryption, embedded objects and DDE."""
    for name in archive.matching(suffix=".xml"):
        part = plain_xml(archive.read(name), name) if archive.members[name].file_size else b""
        lower = name.lower()
        if lower == "meta-inf/manifest.xml" and b"encryption-data" in part:
            raise Refusal("encrypted-file")
        if lower.startswith(("basic/", "scripts/")) and (b"element" in part or b"module" in part):
            raise Refusal("macro-file")
        if lower == "content.xml":
            content = part
    if archive.matching(prefix="scripts/python/"):
        raise Refusal("macro-file")
    if not archive.find("content.xml"):
        raise Refusal("broken-file", detail="缺少 content.xml")
    if b"<table:dde-link" in content or b"dde-source" in content:
        raise Refusal("dde-link")
    if b"<draw:object-ole" in content:
        raise Refusal("ole-object", name="object-ole")
    return OdsContent(content)


def read_ods(content: OdsContent, limits: Limits) -> Workbook:
    """All visible sheets of a checked file."""
    tables = _Tables(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    try:
        parser.Parse(content.xml, True)
    except expat.ExpatError:
        raise Refusal("broken-file", detail="content.xml 不完整") from None
    book = Workbook("ods", sheets=tables.grids)
    for grid in book.sheets:
        if grid.hidden and grid.name == OWN_LISTS:
            continue
        if grid.hidden:
            code = "hidden-sheet-not-read"
            sentence = f"{NOTICES[code]}：“{grid.name}”是隐藏的；如其中有要上报的内容，请取消隐藏后重新上传。"
            book.notices.append(Notice(code, grid.name, "", sentence))
        else:
            book.notices += finish(grid)
    return book


class _Tables:
    """Handlers of the parser. Repeated blank cells and rows are counted, and written only when something follows."""

    def __init__(self, limits: Limits) -> None:
        self.grids: list[Grid] = []
        self._limits = limits
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = 0
        self._row: list[tuple[str, str]] = []
        self._blank_cells = self._blank_rows = self._row_repeat = self._cells = 0
        self._spans: list[tuple[int, int, int]] = []
        self._cell: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._paragraph = False
        self._aside = 0

    def start(self, qualified: str, given: dict[str, str]) -> None:
        name = qualified.rpartition(":")[2]
        if name == "style":
            self._style = given.get("style:name", "")
        elif name == "table-properties" and given.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                hidden = given.get("table:style-name", "") in self._hidden_styles
                self.grids.append(Grid(given.get("table:name", ""), hidden=hidden))
                self._blank_rows = 0
        elif self._depth != 1:
            return
        elif name == "table-row":
            self._row, self._spans, self._blank_cells = [], [], 0
            self._row_repeat = _count(given.get("table:number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._pieces = given, []
        elif self._cell is not None:
            self._inside(name, given)

    def _inside(self, name: str, given: dict[str, str]) -> None:
        if name in ("annotation", "shapes", "frame"):
            self._aside += 1
        elif self._aside:
            return
        elif name == "p":
            self._paragraph = True
            if self._pieces:
                self._pieces.append("\n")
        elif name == "s":
            self._pieces.append(" " * min(_count(given.get("text:c")), 1000))
        elif name == "tab":
            self._pieces.append("\t")
        elif name == "line-break":
            self._pieces.append("\n")

    def text(self, piece: str) -> None:
        if self._cell is not None and self._paragraph and not self._aside:
            self._pieces.append(piece)

    def end(self, qualified: str) -> None:
        name = qualified.rpartition(":")[2]
        if name == "table":
            self._depth -= 1
        elif name == "p":
            self._paragraph = self._paragraph and bool(self._aside)
        elif name in ("annotation", "shapes", "frame") and self._cell is not None:
            self._aside = max(0, self._aside - 1)
        elif self._depth == 1 and name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell()
        elif self._depth == 1 and name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        given, self._cell, self._aside, self._paragraph = self._cell, None, 0, False
        repeat = _count(given.get("table:number-columns-repeated"))
        text, kind = _value(given, "".join(self._pieces))
        wide, high = _count(given.get("table:number-columns-spanned")), _count(given.get("table:number-rows-spanned"))
        column = len(self._row) + self._blank_cells
        if wide > 1 or high > 1:
            self._spans.append((column, high, wide))
        if not text and kind == TEXT:
            self._blank_cells += repeat
            return
        grid = self.grids[-1]
        if column + repeat > self._limits.columns:
            raise Refusal("far-cell", sheet=grid.name, cell=address(len(grid.rows) + self._blank_rows, column))
        self._row += [("", TEXT)] * self._blank_cells + [(text, kind)] * repeat
        self._blank_cells = 0

    def _end_row(self) -> None:
        grid = self.grids[-1]
        row = len(grid.rows) + self._blank_rows
        for column, high, wide in self._spans:
            merge = (row, column, row + high - 1, column + wide - 1)
            check_merge(merge, grid.name, self._limits)
            grid.merges.append(merge)
        if not self._row:
            self._blank_rows += self._row_repeat
            return
        grid.counted_rows += self._row_repeat
        if grid.counted_rows > self._limits.rows + self._limits.row_slack:
            raise Refusal("too-many-rows", sheet=grid.name, count=grid.counted_rows, limit=self._limits.rows)
        if row + self._row_repeat > self._limits.last_row:
            raise Refusal("far-cell", sheet=grid.name, cell=address(row, len(self._row) - 1))
        self._cells += len(self._row) * self._row_repeat
        if self._cells > self._limits.cells:
            raise Refusal("too-many-cells", sheet=grid.name, count=self._cells, limit=self._limits.cells)
        if not grid.hidden:
            self._write(grid)

    def _write(self, grid: Grid) -> None:
        texts = [text for text, _ in self._row]
        kinds = "".join(kind for _, kind in self._row)
        width = max(grid.width, len(texts))
        if width > grid.width:
            for index, row in enumerate(grid.rows):
                row.extend([""] * (width - len(row)))
                grid.kinds[index] = grid.kinds[index].ljust(width)
        for _ in range(self._blank_rows):
            grid.rows.append([""] * width)
            grid.kinds.append(TEXT * width)
        self._blank_rows = 0
        for _ in range(self._row_repeat):
            grid.rows.append(texts + [""] * (width - len(texts)))
            grid.kinds.append(kinds.ljust(width))


def _count(value: str | None) -> int:
    return min(max(int(value), 1), 2_000_000) if value and value.isdigit() else 1


def _value(given: dict[str, str], shown: str) -> tuple[str, str]:
    if given.get("calcext:value-type") == "error" or (shown.startswith("#") and shown.rstrip("!?").isupper()):
        return shown, ERROR
    kind = _KINDS.get(given.get("office:value-type", ""), TEXT)
    stored = given.get("office:value", "")
    if kind == NUMBER:
        return number_text(stored), kind
    if kind == PERCENT:
        return percent_text(stored), kind
    if kind == BOOLEAN:
        return given.get("office:boolean-value", "").upper(), kind
    if kind == DATE:
        moment = given.get("office:date-value", "").replace("T", " ").removesuffix(" 00:00:00")
        return (moment or shown), kind
    return shown, TEXT
