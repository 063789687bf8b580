"""Builders of the corpus: good files of every format with the same content, and hostile ones. No file is kept."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import xlsxwriter

ROWS = [
    ["学校名称", "班级", "人数", "备注"],
    ["向阳小学", "一年级1班", "45", "合格"],
    ["清河中学", "七年级2班", "50", "NA"],
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def typed(rows: list[list[str]] = ROWS) -> list[list[object]]:
    """The rows with digits as numbers."""
    return [[int(text) if text.isdigit() else text for text in row] for row in rows]


def by_xlsxwriter(rows: list[list[object]], **options: object) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("名册")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def by_openpyxl(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "名册"
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_xml(data: str, *, before: str = "", after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def parts(sheet: str, *, strings: str = "", styles: str = "", workbook: str = "") -> dict[str, bytes]:
    """The members of a small package whose only sheet is given as XML."""
    targets = [("worksheet", "worksheets/sheet1.xml")]
    targets += [("sharedStrings", "sharedStrings.xml")] if strings else []
    targets += [("styles", "styles.xml")] if styles else []
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    found = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook}'
        '<sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        found["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        found["xl/styles.xml"] = f'{HEAD}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return {name: text.encode() for name, text in found.items()}


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def package(data: str, *, before: str = "", after: str = "", **others: str) -> bytes:
    """A package with these rows as XML."""
    return zipped(parts(sheet_xml(data, before=before, after=after), **others))


def with_parts(extra: dict[str, bytes], **changed: bytes) -> bytes:
    """A good file with members added; `changed` replaces text: name=bytes with dots for slashes is not offered."""
    members = parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')) | extra | changed
    return zipped(members)


def minimal() -> bytes:
    return with_parts({})


def by_hand() -> bytes:
    """Inline strings, no style part, a wrong dimension: what small tools write."""
    lines = []
    for number, row in enumerate(ROWS, 1):
        cells = "".join(
            f'<c r="{letter}{number}"><v>{text}</v></c>'
            if text.isdigit()
            else f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for letter, text in zip("ABCD", row, strict=True)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return package("".join(lines), before='<dimension ref="A1:A1"/>')


def by_prefix() -> bytes:
    """The same with namespace prefixes, single quotes, comments, and no addresses at all."""
    lines = []
    for row in ROWS:
        cells = "".join(
            f"<x:c><x:v>{text}</x:v></x:c>"
            if text.isdigit()
            else f"<x:c t='inlineStr'><x:is><x:t><![CDATA[{text}]]></x:t></x:is></x:c>"
            for text in row
        )
        lines.append(f"<x:row>\n{cells}</x:row><!-- <x:row><x:c><x:v>9</x:v></x:c></x:row> -->")
    sheet = f"{HEAD}<x:worksheet xmlns:x='{MAIN}'><x:sheetData>{''.join(lines)}</x:sheetData></x:worksheet>"
    return zipped(parts(sheet))


def by_utf16() -> bytes:
    members = parts(
        sheet_xml(
            "".join(
                f'<row r="{number}">'
                + "".join(
                    f'<c t="str" r="{letter}{number}"><v>{text}</v></c>'
                    for letter, text in zip("ABCD", row, strict=True)
                )
                + "</row>"
                for number, row in enumerate(ROWS, 1)
            )
        )
    )
    sheet = members["xl/worksheets/sheet1.xml"].decode().replace("UTF-8", "UTF-16")
    members["xl/worksheets/sheet1.xml"] = sheet.encode("utf-16")
    return zipped(members)


def as_csv(encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in ROWS).encode(encoding)


def as_html(encoding: str = "gb18030") -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"><title>导出</title></head>'
        f"<body><table border=1>{body}</table></body></html>"
    ).encode(encoding)


ODS_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def as_ods(rows: str | None = None, *, styles: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    if rows is None:
        rows = (
            "".join(
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
                    if text.isdigit()
                    else f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                    for text in row
                )
                + '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
                for row in ROWS
            )
            + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
        )
    content = (
        f"{HEAD}<office:document-content {ODS_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="名册">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="m"/>',
    }
    return zipped(members | (extra or {}))


# --- .xls: records and the compound file around them, written by hand so that no old library is needed ---


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text_cell(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def number_cell(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def biff(cells: bytes, *, first: bytes = b"", kind: int = 0, state: int = 0, version: int = 0x0600) -> bytes:
    """A workbook stream with one sheet 名册."""
    name = "名册"
    fonts = record(0x0031, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial") * 4
    formats = record(0x00E0, struct.pack("<HHH", 0, 0, 0xFFF5) + b"\x20" + bytes(13))
    start = record(0x0809, struct.pack("<HHHHII", version, 0x0005, 0x0DBB, 0x07CC, 0, 6)) + first
    start += record(0x0042, struct.pack("<H", 1200)) + fonts + formats
    bound = struct.pack("<IBBBB", 0, state, kind, len(name), 1) + name.encode("utf-16-le")
    offset = len(start) + 4 + len(bound) + 4
    bound = struct.pack("<I", offset) + bound[4:]
    sheet = record(0x0809, struct.pack("<HHHHII", version, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0)) + cells + record(0x000A)
    return start + record(0x0085, bound) + record(0x000A) + sheet


def xls_cells(rows: list[list[str]] = ROWS) -> bytes:
    pieces = []
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            pieces.append(number_cell(number, column, int(text)) if text.isdigit() else text_cell(number, column, text))
    return b"".join(pieces)


def error_cell(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def compound(streams: dict[str, bytes]) -> bytes:
    """A version 3 compound file; every stream is padded to 4096 bytes, so there is no mini stream."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    contents = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    sectors: list[bytes] = []
    fat: list[int] = []
    starts = {}

    def place(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        sectors.extend(pieces)
        fat.extend([*range(first + 1, first + len(pieces)), end])
        return first

    for name, content in contents.items():
        starts[name] = place(content)
    names = ["Root Entry", *contents]
    entries = b""
    for index, name in enumerate(names):
        raw = (name + "\0").encode("utf-16-le")
        child = 1 if index == 0 and contents else free
        right = index + 1 if 0 < index < len(names) - 1 else free
        start, size = (end, 0) if index == 0 else (starts[name], len(contents[name]))
        entries += raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(raw), 5 if index == 0 else 2, 1, free, right, child
        )
        entries += bytes(16 + 4 + 16) + struct.pack("<III", start, size, 0)
    directory = place(entries.ljust(-(-len(entries) // 512) * 512, b"\0"))
    count = 1
    while (len(sectors) + count) > count * 128:
        count += 1
    where = [len(sectors) + index for index in range(count)]
    fat += [fat_mark] * count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(count * 512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *(where + [free] * (109 - count)))
    return header + b"".join(sectors) + table


def as_xls(rows: list[list[str]] = ROWS, *, extra: bytes = b"", first: bytes = b"", **options: int) -> bytes:
    return compound({"Workbook": biff(xls_cells(rows) + extra, first=first, **options)})


# --- hostile files ---


def zip_bomb() -> bytes:
    return with_parts({"xl/media/image1.bin": bytes(190 * 1024 * 1024)})


def lying_sizes() -> bytes:
    """A member that says it is small and inflates to 100 MiB."""
    content = zipped(
        parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')) | {"xl/big.xml": b"<a>" + b" " * 10**8}
    )
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.rfind(signature, 0, content.find(b"xl/big.xml", content.find(signature)) + 1)
        while content[start + (30 if signature[2] == 3 else 46) :][:10] != b"xl/big.xml":
            start = content.find(signature, start + 1)
        content = content[: start + at] + struct.pack("<I", 500) + content[start + at + 4 :]
    return content


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(2, 10))
    + "]>"
)


def with_doctype(declaration: str, encoding: str = "utf-8", declared: str = "") -> bytes:
    members = parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    text = members["xl/workbook.xml"].decode().removeprefix(HEAD)
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    members["xl/workbook.xml"] = (head + declaration + text).encode(encoding, "xmlcharrefreplace")
    return zipped(members)


def far_cell() -> bytes:
    return package('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def repeated_member() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')).items():
            archive.writestr(name, content)
        archive.writestr("xl/Worksheets/Sheet1.xml", b"<worksheet/>")
    return target.getvalue()


def overlapping() -> bytes:
    """Many entries of the directory that share one compressed body."""
    body = zlib.compress(b"<a>" + b" " * 3_000_000 + b"</a>", 9)[2:-4]
    crc, size = zlib.crc32(b"<a>" + b" " * 3_000_000 + b"</a>"), 3_000_007
    name = b"xl/a.xml"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(body), size, len(name), 0) + name
    directory = b""
    for number in range(50):
        other = b"xl/%04d.xml" % number
        directory += (
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02",
                20,
                20,
                0,
                8,
                0,
                0,
                crc,
                len(body),
                size,
                len(other),
                0,
                0,
                0,
                0,
                0,
                0,
            )
            + other
        )
    start = len(local) + len(body)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 50, 50, len(directory), start, 0)
    return local + body + directory + end


def content_type(kind: str) -> bytes:
    members = parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(SHEET_TYPE.encode(), kind.encode())
    return zipped(members)


def strict() -> bytes:
    members = parts(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    return zipped(
        {
            name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            for name, content in members.items()
        }
    )


def external_link(inside: str) -> bytes:
    link = f'{HEAD}<externalLink xmlns="{MAIN}">{inside}</externalLink>'.encode()
    return with_parts({"xl/externalLinks/externalLink1.xml": link})


def blank_formatted_rows(count: int = 1_000_000) -> bytes:
    """One header row, one row of data, then formatted rows without a value."""
    filled = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    blank = "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/></row>' for row in range(3, count + 1))
    return package(filled + blank)


def encrypted_zip() -> bytes:
    content = bytearray(minimal())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


def large(rows: int = 100_000, columns: int = 15) -> bytes:
    """A believable big roster: names, repeated words, numbers."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, [f"列{column}" for column in range(columns)])
    for row in range(1, rows + 1):
        for column in range(columns):
            if column < 2:
                sheet.write_string(row, column, f"张三{row}{column}")
            elif column < 9:
                sheet.write_string(row, column, f"选项{(row + column) % 7}")
            else:
                sheet.write_number(row, column, row * 1.25 + column)
    book.close()
    return target.getvalue()
