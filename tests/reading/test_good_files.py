"""Every format and every way of writing it gives the same text, with kinds and addresses."""

import io

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from ledgers.reading import Limits, Refusal
from ledgers.reading.readers import read_here
from ledgers.reading.workbook import address, column_letters, position

from . import workbooks as make

LIMITS = Limits()


def read(data, name="台账.xlsx"):
    return read_here(data, name, LIMITS)


def only(data, name="台账.xlsx"):
    (grid,) = read(data, name).visible
    return grid


GOOD = {
    "xlsxwriter.xlsx": lambda: make.by_xlsxwriter(make.typed()),
    "inline-strings.xlsx": lambda: make.by_xlsxwriter(make.typed(), constant_memory=True),
    "openpyxl.xlsx": lambda: make.by_openpyxl(make.typed()),
    "by-hand.xlsx": make.by_hand,
    "prefix-without-addresses.xlsx": make.by_prefix,
    "utf-16-parts.xlsx": make.by_utf16,
    "renamed.xls": lambda: make.by_openpyxl(make.typed()),
    "xlsx-called.et": lambda: make.by_openpyxl(make.typed()),
    "old.xls": make.as_xls,
    "utf-8.csv": make.as_csv,
    "utf-8-plain.csv": lambda: make.as_csv("utf-8"),
    "gbk.csv": lambda: make.as_csv("gb18030"),
    "semicolon.csv": lambda: make.as_csv("gb18030", ";"),
    "tab.xls": lambda: make.as_csv("gb18030", "\t"),
    "unicode.txt": lambda: make.as_csv("utf-16", "\t"),
    "portal-gb.xls": make.as_html,
    "portal-utf-8.xls": lambda: make.as_html("utf-8"),
    "libre.ods": make.as_ods,
}


@pytest.mark.parametrize("name", GOOD)
def test_every_good_file_reads_to_the_same_text(name):
    grid = only(GOOD[name](), name)
    assert grid.rows == make.ROWS
    assert grid.counted_rows == 3
    assert len(grid.kinds) == 3 and all(len(kinds) == 4 for kinds in grid.kinds)
    numbers = "" if name.startswith(("utf-8", "gbk", "semi", "tab", "unicode", "portal")) else "n"
    assert grid.kind(1, 2) == (numbers if name != "utf-16-parts.xlsx" else "")
    assert grid.kind(2, 3) == "", "the text NA stays text"


def test_addresses_are_those_a_person_sees():
    assert address(6, 3) == "D7"
    assert column_letters(0) == "A" and column_letters(26) == "AA" and column_letters(16383) == "XFD"
    assert position("XFD1048576") == (1048575, 16383)
    grid = only(make.package('<row r="4"><c r="C4"><v>7</v></c></row>'))
    assert grid.rows == [[""] * 3] * 3 + [["", "", "7"]]
    assert grid.cell(3, 2) == "C4" and grid.row_number(3) == 4 and grid.counted_rows == 1


NUMBERS = {
    "3": "3",
    "3.0": "3",
    "12.300000000000001": "12.3",
    "12.30000000000001": "12.30000000000001",
    "1.1010119900307E+17": "110101199003070000",
    "110101199003077608": "110101199003077608",
    "0.1": "0.1",
    "1E-7": "0.0000001",
    "-2.50": "-2.5",
    "1.5E3": "1500",
    "2019.1": "2019.1",
    "0": "0",
    "-0": "0",
}


@pytest.mark.parametrize("stored", NUMBERS)
def test_numbers_become_their_shortest_plain_text(stored):
    grid = only(make.package(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>'))
    assert grid.rows == [[NUMBERS[stored]]]
    assert grid.kind(0, 0) == "n"


def test_an_id_eaten_by_excel_is_still_seen_to_be_a_number():
    grid = only(make.by_xlsxwriter([["身份证号"], [110101199003077608]]))
    assert grid.kind(1, 0) == "n" and float(grid.rows[1][0]) >= 1e15


def dated(date_1904, form):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"date_1904": date_1904})
    sheet = book.add_worksheet()
    day = 43709 - (1462 if date_1904 else 0)
    sheet.write_number(0, 0, day + 8.5 / 24, book.add_format({"num_format": form}))
    sheet.write_number(1, 0, day, book.add_format({"num_format": form}))
    sheet.write_number(2, 0, 43709)
    book.close()
    return read(target.getvalue())


@pytest.mark.parametrize("date_1904", [False, True])
@pytest.mark.parametrize("form", ["yyyy-mm-dd", "yyyy.mm", 'yyyy"年"m"月"', 31, 57, 14, "[$-804]yyyy/m/d;@", "e.mm.dd"])
def test_dates_become_iso_text_in_both_date_systems(date_1904, form):
    book = dated(date_1904, form)
    grid = book.sheets[0]
    assert book.date_1904 is date_1904
    assert [row[0] for row in grid.rows] == ["2019-09-01 08:30:00", "2019-09-01", "43709"]
    assert [grid.kind(row, 0) for row in range(3)] == ["d", "d", "n"]


@pytest.mark.parametrize(
    "form", ["0.00", "#,##0", '0"年"', "[Red]0", "General", "0.00E+00", "@", "[h]:mm", '#,##0.00"元"']
)
def test_formats_that_only_look_like_dates_leave_the_number(form):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet().write_number(0, 0, 43709, book.add_format({"num_format": form}))
    book.close()
    assert read(target.getvalue()).sheets[0].rows == [["43709"]]


def test_percent_and_leading_zeros_are_told_as_shown():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_number(0, 0, 0.85, book.add_format({"num_format": "0%"}))
    sheet.write_number(0, 1, 0.0725, book.add_format({"num_format": "0.00%"}))
    sheet.write_number(0, 2, 1, book.add_format({"num_format": "000"}))
    book.close()
    grid = only(target.getvalue())
    assert grid.rows == [["85%", "7.25%", "001"]]
    assert grid.kinds == ["ppn"]


def test_error_values_and_truth_values_are_not_lost():
    data = make.package(
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C1" t="b"><v>1</v></c><c r="D1" t="b"><v>0</v></c></row>'
    )
    grid = only(data)
    assert grid.rows == [["#REF!", "#DIV/0!", "TRUE", "FALSE"]]
    assert grid.kinds == ["eebb"]
    old = only(make.as_xls(extra=make.error_cell(3, 1, 0x17)), "a.xls")
    assert old.rows[3] == ["", "#REF!", "", ""] and old.kind(3, 1) == "e"


def test_a_formula_without_result_is_told_apart_from_a_blank_and_from_an_empty_text():
    data = make.package(
        '<row r="1"><c r="A1"><f>B1+1</f></c><c r="B1"><f>C1</f><v></v></c><c r="C1" t="str"><f>""</f><v></v></c>'
        '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1"/><c r="F1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    )
    grid = only(data)
    assert grid.rows[0] == ["", "", "", "2", "", "1"]
    assert grid.kinds == ["ff n n", "f     "]
    assert grid.counted_rows == 2


def test_a_workbook_that_no_program_ever_calculated_has_no_results():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1")
    sheet.write_formula(0, 1, "=1+1", None, 2)
    book.close()
    grid = only(target.getvalue())
    assert grid.kinds == ["fn"] and grid.rows == [["", "2"]]


def test_rich_text_phonetic_guides_and_escapes_become_the_text_a_person_sees():
    strings = (
        '<si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve"> 三</t></r></si>'
        '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>'
        "<si><t>A_x000D_\nB</t></si><si><t>5 &lt; 6 &amp; &#x4E2D;&quot;</t></si><si/><si><t>a_x005F_x000D_b</t></si>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABCDEF"))
    grid = only(make.package(f'<row r="1">{cells}</row>', strings=strings))
    assert grid.rows == [["张 三", "東京", "A\nB", '5 < 6 & 中"', "", "a_x000D_b"]]


def test_control_characters_never_pass_and_are_named():
    strings = "<si><t>甲_x0000_乙</t></si>"
    book = read(make.package('<row r="2"><c r="B2" t="s"><v>0</v></c></row>', strings=strings))
    assert book.sheets[0].rows[1] == ["", "甲乙"]
    assert [(note.code, note.cell) for note in book.notices] == [("control-characters-removed", "B2")]


def test_merges_are_reported_and_clipped_but_not_filled():
    rows = '<row r="1"><c r="A1" t="str"><v>标题</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    after = '<mergeCells count="2"><mergeCell ref="A1:XFD1"/><mergeCell ref="A2:A3"/></mergeCells>'
    grid = only(make.package(rows, after=after))
    assert grid.rows == [["标题", ""], ["", "1"]]
    assert grid.merges == [(0, 0, 0, 1), (1, 0, 1, 0)]


def test_spans_of_a_web_table_are_merges():
    data = "<table><tr><td rowspan=2>学校<td colspan='2'>人数</tr><tr><td>男<td>女</tr><tr><td>甲<td>1<td>2</table>".encode()
    grid = only(data, "导出.xls")
    assert grid.rows == [["学校", "人数", ""], ["", "男", "女"], ["甲", "1", "2"]]
    assert grid.merges == [(0, 0, 1, 0), (0, 1, 0, 2)]


def test_hidden_sheets_are_named_and_not_read():
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    other = book.create_sheet("字典")
    other["A1"] = "选项"
    other.sheet_state = "hidden"
    found = read(make.saved(book))
    assert [(grid.name, grid.hidden) for grid in found.sheets] == [("Sheet", False), ("字典", True)]
    assert found.sheets[1].rows == [] and found.sheets[1].counted_rows == 1
    assert [(note.code, note.sheet) for note in found.notices] == [("hidden-sheet-not-read", "字典")]


def test_comments_struck_text_hidden_rows_and_protection_are_told():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B2"], sheet["A3"] = "甲", "乙", "丙"
    sheet["A1"].comment = openpyxl.comments.Comment("已调走", "王")
    sheet["B2"].font = openpyxl.styles.Font(strike=True)
    sheet.row_dimensions[3].hidden = True
    sheet.protection.sheet = True
    found = {(note.code, note.cell) for note in read(make.saved(book)).notices}
    assert found == {
        ("comment-found", "A1"),
        ("strikethrough-found", "B2"),
        ("hidden-rows-read", ""),
        ("sheet-protected", ""),
    }


def test_external_links_are_read_as_values_with_a_notice():
    data = make.external_link('<externalBook r:id="rId1" xmlns:r="x"/>')
    assert [note.code for note in read(data).notices] == ["external-links-as-values"]


def test_a_million_blank_formatted_rows_are_trimmed():
    assert only(make.blank_formatted_rows(1_000_000)).rows == [["1"], ["2"]]


def test_formatted_blanks_beyond_the_last_value_do_not_matter():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"/><c r="XFD1" s="3"/></row><row r="2"><c r="C2" s="3"/></row>'
    )
    assert only(make.package(rows)).rows == [["1"]]


def test_serial_days_before_march_1900_follow_excel():
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" s="1"><v>{day}</v></c></row>' for row, day in enumerate((1, 59, 61, 0.5), 1)
    )
    assert only(make.package(cells, styles=styles)).rows == [
        ["1900-01-01"],
        ["1900-02-28"],
        ["1900-03-01"],
        ["12:00:00"],
    ]


def test_text_tables_keep_quotes_line_breaks_and_forced_text():
    data = 'sep=;\r\n编号;说明\r\n="0012";"两行\r\n说明;含分号"\r\n'.encode("gb18030")
    assert only(data, "a.csv").rows == [["编号", "说明"], ["0012", "两行\n说明;含分号"]]


def test_ods_repeats_spaces_percent_dates_and_hidden_tables():
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
        'office:value-type="string"><text:p>甲<text:s text:c="2"/>乙</text:p><text:p>丙</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2019-09-01"><text:p>19/9</text:p></table:table-cell>'
        '</table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>'
    )
    grid = only(make.as_ods(rows), "a.ods")
    line = ["甲  乙\n丙", "甲  乙\n丙", "50%", "2019-09-01"]
    assert grid.rows == [line, line, [""] * 4, [""] * 4, [""] * 4, ["TRUE", "", "", ""]]
    assert grid.kinds[0] == "  pd" and grid.kind(5, 0) == "b" and grid.counted_rows == 3


def test_irregular_rows_read_like_calamine_reads_them():
    """Another reader, sharing no code, sees the same text in a sheet whose rows are all written differently."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for row in range(400):
        for column in range(12):
            if (row * 7 + column * 3) % 5 == 0:
                continue
            value = f"文{row % 9}&<" if (row + column) % 3 else row * 3 + column
            sheet.write(row, column, value, bold if (row * column) % 4 == 1 else None)
    book.close()
    other = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0)
    wanted = [
        [str(int(value)) if isinstance(value, float) else value for value in row]
        for row in other.to_python(skip_empty_area=False)
    ]
    assert only(target.getvalue()).rows == wanted


def test_rows_left_out_between_two_counts_are_a_refusal(monkeypatch):
    from ledgers.reading import xlsx

    rows = iter([(1, 0, 0)])
    monkeypatch.setattr(xlsx, "rows_of", lambda *_: rows)
    with pytest.raises(Refusal) as caught:
        read(make.by_hand())
    assert caught.value.code == "reader-differs"


def test_the_big_workbook_of_the_benchmark_can_be_made_and_read():
    grid = only(make.large(rows=3))
    assert (len(grid.rows), len(grid.rows[0]), grid.kinds[1]) == (4, 15, " " * 9 + "n" * 6)
