"""The reader of .xlsx: one pass over the tags of each checked sheet.

Common readers lose what a checker must tell: error values become blanks, formulas without result become nothing, text
and number look alike. This one keeps them, and is faster, because the rows of a ledger are written alike: from the
first rows a pattern for a whole row is made, and each further row is one match.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .package import Package, Sheet
from .refusals import Refusal
from .remarks import package_notices
from .sheetscan import data_of, rows_of
from .styles import PLAIN, CellFormat, cell_formats
from .tidying import clean, finish
from .values import converter
from .workbook import (
    BOOLEAN,
    DATE,
    ERROR,
    NUMBER,
    PERCENT,
    TEXT,
    UNCACHED,
    Grid,
    Workbook,
    column_index,
    column_letters,
)
from .xmlparts import cell_text

Early = Callable[[int, list[list[str]], list[str]], None]
"""Takes (number of the sheet, rows, kinds): rows that may still lose blank columns at the right, or at the end of the sheet."""
ROWS_A_PIECE = 5_000
_STRING_ITEM = re.compile(r"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT_RUN = re.compile(r"<t\b[^>]*?(?:/>|>([^<]*)</t>)")
_CELL = re.compile(r'<c r="([A-Z]{1,3})\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE = re.compile(r"<v\b[^>]*>([^<]*)</v>")
_FORMULA_VALUE = re.compile(r"<f(?:[^>]*/>|[^>]*>[^<]*</f>)<v>[^<]*</v>")
_INLINE = re.compile(r"<is><t[^>]*>[^<]*</t></is>")
_TYPE = re.compile(r'\st="(\w+)"')
_STYLE = re.compile(r'\ss="(\d+)"')
_BODY = {
    "v": r"<v>([^<]*)</v></c>",
    "f": r"<f(?:[^>]*/>|[^>]*>[^<]*</f>)<v>([^<]+)</v></c>",
    "i": r"<is><t[^>]*>([^<]*)</t></is></c>",
}
_CANONICAL = r"<v>(?!-0<)(?=[-\d.]{1,16}<)(-?(?:0|[1-9]\d{0,14})(?:\.\d*[1-9])?)</v></c>"
_PATTERNS_AT_MOST, _WAYS_AT_MOST = 60, 6
_FEW, _LOOKED_AT = 300, 1_000  # different texts of a column that are worth sharing; rows between two looks


def read_package(package: Package, early: Early | None = None) -> Workbook:
    """All visible sheets of a checked package. `early` is given the rows of large ones while the rest is read."""
    book = Workbook("xlsx", package.date_1904)
    values = Values(package)
    remarks = []
    for index, sheet in enumerate(package.sheets):
        pieces = _Pieces(index, early)
        grid = _read_sheet(sheet, values, pieces)
        book.sheets.append(grid)
        if not grid.hidden:
            remarks += finish(grid, pieces.notices, pieces.given)
    book.notices += package_notices(package, values.formats) + remarks
    return book


class _Pieces:
    """Gives the rows of one sheet away, cleaned, as soon as there are many of them."""

    def __init__(self, index: int, early: Early | None) -> None:
        self.given, self.notices, self._index, self._early = 0, [], index, early

    def after_row(self, grid: Grid) -> None:
        if self._early is not None and len(grid.rows) - self.given >= ROWS_A_PIECE:
            clean(grid, self.notices, self.given)
            self._early(self._index, grid.rows[self.given :], grid.kinds[self.given :])
            self.given = len(grid.rows)


def _read_sheet(sheet: Sheet, values: Values, pieces: _Pieces) -> Grid:
    grid = Grid(sheet.name, hidden=sheet.hidden or sheet.xml is None, counted_rows=sheet.facts.rows_with_values)
    if grid.hidden:
        return grid
    rows = RowReader(values, sheet.facts.last_column)
    xml, found = sheet.xml, 0
    for number, start, close in rows_of(xml, *data_of(xml)):
        try:
            texts, kinds, filled = rows.read(xml[start:close].decode())
        except UnicodeDecodeError:
            raise Refusal("broken-file", detail=f"工作表“{sheet.name}”第 {number} 行的文字编码不完整") from None
        except KeyError:
            raise Refusal("broken-file", detail="共享文字表缺少被引用的文字") from None
        if not filled:
            continue
        found += 1
        for _ in range(number - 1 - len(grid.rows)):
            grid.rows.append([""] * rows.width)
            grid.kinds.append(TEXT * rows.width)
        grid.rows.append(texts)
        grid.kinds.append(kinds)
        pieces.after_row(grid)
    if found != sheet.facts.rows_with_values:
        raise Refusal("reader-differs", sheet=sheet.name, found=found, count=sheet.facts.rows_with_values)
    grid.merges = sheet.facts.merges
    return grid


def shared_strings(content: bytes) -> dict[str, str]:
    """Index as written in a cell → text; rich runs joined, phonetic guides left out."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("broken-file", detail="共享文字表的编码不完整") from None
    table = {}
    items = _STRING_ITEM.findall(text)
    if not text.count("<si>") + text.count("<si ") + text.count("<si/>") == len(items) == text.count("</si>") + text.count(
        "<si/>"
    ):
        raise Refusal("broken-file", detail="共享文字表有一项没有写完")
    for index, item in enumerate(items):
        simple = item.startswith("<t>") and item.count("<") == 2 and "&" not in item and "_x" not in item
        table[str(index)] = item[3:-4].replace("\r\n", "\n") if simple else rich_text(item)
    return table


def rich_text(item: str) -> str:
    """The text of an `si` or `is` element's inside."""
    if "<rPh" in item:
        item = _PHONETIC.sub("", item)
    return cell_text("".join(_TEXT_RUN.findall(item)))


class Values:
    """How the stored text of a cell becomes its text and kind, by the cell's attributes."""

    def __init__(self, package: Package) -> None:
        self.shared = shared_strings(package.shared_strings)
        self.formats = cell_formats(package.styles)
        self.date_1904 = package.date_1904
        self.never_calculated = package.never_calculated
        self._by_attributes: dict[str, tuple[Callable[[str], str], str]] = {}
        self._by_format: dict[CellFormat, Callable[[str], str]] = {}

    def of(self, attributes: str) -> tuple[Callable[[str], str], str]:
        """(converter, kind) for the attribute text of a cell tag."""
        known = self._by_attributes.get(attributes)
        if known is None:
            known = self._by_attributes[attributes] = self._decide(attributes)
        return known

    def format_of(self, attributes: str) -> CellFormat:
        found = _STYLE.search(attributes)
        index = int(found[1]) if found else 0
        return self.formats[index] if index < len(self.formats) else PLAIN

    def _decide(self, attributes: str) -> tuple[Callable[[str], str], str]:
        found = _TYPE.search(attributes)
        kind = found[1] if found else "n"
        if kind == "s":
            return self.shared.__getitem__, TEXT
        if kind in ("str", "inlineStr"):
            return cell_text, TEXT
        if kind == "b":
            return _truth, BOOLEAN
        if kind == "e":
            return cell_text, ERROR
        if kind == "d":
            return _iso, DATE
        shape = self.format_of(attributes)
        convert = self._by_format.get(shape)
        if convert is None:
            convert = self._by_format[shape] = converter(shape, self.date_1904)
        return convert, DATE if shape.date else PERCENT if shape.percent else NUMBER


def _truth(raw: str) -> str:
    return {"1": "TRUE", "0": "FALSE", "true": "TRUE", "false": "FALSE"}.get(raw, raw)


def _iso(raw: str) -> str:
    return raw.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")


class _Way(NamedTuple):
    """One way in which the cells of a column are written."""

    column: int
    attributes: str
    form: str
    convert: Callable[[str], str]
    kind: str


class RowReader:
    """Reads the inside of one row at a time; learns how the rows of this sheet are written.

    `_ways` maps a column to the (attributes, form) pairs seen in it; the pattern made from them accepts every row whose
    cells are written in one of these ways, are blank, or are missing. Any other row is read cell by cell.
    """

    def __init__(self, values: Values, width: int) -> None:
        self.width = width
        self._values = values
        self._ways: dict[int, list[tuple[str, str]]] = {}
        self._match: Callable | None = None
        self._plan: list[_Way] = []
        self._match_whole: Callable | None = None
        self._converted: list[tuple[int, Callable[[str], str]]] = []
        self._converted_if_plain: list[tuple[int, Callable[[str], str]]] = []  # in a row without anything `cell_text` would change
        self._whole_kinds = ""
        self._kinds: dict[str, str] = {}
        self._made = 0
        self._rows = 0
        self._few: list[tuple[int, dict[str, str]]] = [(column, {}) for column in range(width)]

    def read(self, body: str) -> tuple[list[str], str, bool]:
        """(texts, kinds, whether any value, even an empty one, stands in the row).

        Equal texts of a column with few different ones are one object: it crosses to the parent once a piece, and is hashed once."""
        texts, kinds, filled = self._read(body)
        for column, known in self._few:
            text = texts[column]
            texts[column] = known.setdefault(text, text)
        self._rows += 1
        if not self._rows % _LOOKED_AT:
            self._few = [(column, known) for column, known in self._few if len(known) <= _FEW]
        return texts, kinds, filled

    def _read(self, body: str) -> tuple[list[str], str, bool]:
        found = self._match_whole(body) if self._match_whole else None
        if found is not None:
            texts = list(found.groups())
            as_written = "&" not in body and "_x" not in body and "\r" not in body
            for column, convert in self._converted_if_plain if as_written else self._converted:
                texts[column] = convert(texts[column])
            return texts, self._whole_kinds, True
        found = self._match(body) if self._match else None
        if found is None:
            return self._by_cell(body)
        raws = found.groups()
        texts, kinds = [""] * self.width, [TEXT] * self.width
        used = []
        for way, raw in zip(self._plan, raws, strict=True):
            if raw:
                used.append(way)
                texts[way.column], kinds[way.column] = way.convert(raw), way.kind
        if len(used) == self.width and self._made < _PATTERNS_AT_MOST:
            self._learn_whole(used)
        text_kinds = "".join(kinds)
        return texts, self._kinds.setdefault(text_kinds, text_kinds), raws.count(None) < len(raws)

    def _by_cell(self, body: str) -> tuple[list[str], str, bool]:
        texts, kinds = [""] * self.width, [TEXT] * self.width
        filled, regular, last, changed = False, True, -1, False
        for letters, attributes, inner in _CELL.findall(body):
            if "<c " in inner:
                raise Refusal("broken-file", detail=f"{letters} 列有一个单元格没有写完")
            if not inner or not ("</v>" in inner or "</is>" in inner or "<f" in inner):
                continue
            column = column_index(letters)
            if not last < column < self.width:
                raise Refusal("broken-file", detail="同一行里的单元格次序混乱")
            last = column
            filled = True
            texts[column], kinds[column] = self._cell(attributes, inner)
            form = self._form(inner)
            regular = regular and bool(form)
            ways = self._ways.setdefault(column, [])
            if form and len(ways) < _WAYS_AT_MOST and (attributes, form) not in ways:
                ways.append((attributes, form))
                changed = True
        rest = _CELL.sub("", body).strip()
        if rest and not rest.startswith("<extLst"):
            raise Refusal("broken-file", detail="有一行里的单元格没有写完")
        if changed and regular and self._made < _PATTERNS_AT_MOST:
            self._learn()
        text_kinds = "".join(kinds)
        return texts, self._kinds.setdefault(text_kinds, text_kinds), filled

    def _cell(self, attributes: str, inner: str) -> tuple[str, str]:
        convert, kind = self._values.of(attributes)
        if "<is" in inner:
            return rich_text(inner), TEXT
        found = _VALUE.search(inner)
        if found is None and "</v>" in inner:
            raise Refusal("broken-file", detail="有一个单元格的值没有写完")
        if "<f" in inner:
            has_type = _TYPE.search(attributes) is not None
            if found is None or (not found[1] and not has_type):
                return "", UNCACHED
            if self._values.never_calculated and found[1] in ("", "0"):
                return "", UNCACHED
        if not found or not found[1]:
            return "", TEXT
        return convert(found[1]), kind

    def _form(self, inner: str) -> str:
        if inner.startswith("<v>") and inner.count("<") == 2:
            return "v"
        if _INLINE.fullmatch(inner):
            return "i"
        if not self._values.never_calculated and _FORMULA_VALUE.fullmatch(inner) and "<v></v>" not in inner:
            return "f"
        return ""

    def _learn(self) -> None:
        """Make the pattern of a whole row from the columns seen so far."""
        self._made += 1
        pieces, self._plan = [], []
        for column in range(self.width):
            ways = self._ways.get(column, [])
            bodies = [rf"{re.escape(attributes)}>{_BODY[form]}" for attributes, form in ways] + ["[^>]*/>"]
            pieces.append(rf'(?:<c r="{column_letters(column)}\d+"(?:{"|".join(bodies)}))?')
            for attributes, form in ways:
                self._plan.append(_Way(column, attributes, form, *self._values.of(attributes)))
        self._match = re.compile("".join(pieces) + r'(?:<c r="[A-Z]+\d+"[^>]*/>)*').fullmatch

    def _learn_whole(self, ways: list[_Way]) -> None:
        """The pattern of a row without a gap, written like the one just read; plain numbers are taken as they are."""
        self._made += 1
        self._converted, pieces = [], []
        for way in ways:
            plain = way.form == "v" and way.kind == NUMBER and not (shape := self._values.format_of(way.attributes)).zeros and not shape.hundredths
            if not plain:
                self._converted.append((way.column, way.convert))
            body = _CANONICAL if plain else _BODY[way.form].replace("*)", "+)")
            pieces.append(rf'<c r="{column_letters(way.column)}\d+"{re.escape(way.attributes)}>{body}')
        self._converted_if_plain = [(column, convert) for column, convert in self._converted if convert is not cell_text]
        self._whole_kinds = "".join(way.kind for way in ways)
        self._match_whole = re.compile("".join(pieces) + r'(?:<c r="[A-Z]+\d+"[^>]*/>)*').fullmatch
