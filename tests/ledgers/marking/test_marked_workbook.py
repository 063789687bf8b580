"""The marked workbook: the clerk's own file, with colours, comments and three sheets in front; nothing else changes."""
import io
import re
import xml.dom.minidom

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from ledgers.marking import Task, mark
from ledgers.marking.own import COLOURS
from ledgers.reading import Refusal, read_workbook
from tests.ledgers.checking.helpers import CLASS_HEAD, CLASS_ROWS

from .helpers import book_of, colour, found, lines, marked, marked_bytes, members, outcome_of, repacked, saved

pytestmark = pytest.mark.once  # no database is asked
BAD = ("二年级", "二(2)班", "约50")
FAULTY = saved(book_of(CLASS_HEAD, *CLASS_ROWS, BAD))


def test_the_faulty_cell_is_coloured_commented_and_listed_and_a_good_one_is_not():
    book = marked(FAULTY)
    sheet = book["班级"]
    assert sheet["C5"].value == "约50"
    assert colour(sheet["C5"]) == COLOURS["error"]
    assert "约数" in sheet["C5"].comment.text
    assert "第5行" not in sheet["C5"].comment.text
    assert (colour(sheet["C2"]), sheet["C2"].comment) == ("", None)
    assert book.sheetnames == ["说明", "必改", "汇总", "班级"]
    line = lines(book["必改"])[0]
    assert line[1:7] == ["不是确定的数", "班级", "C 列 学生数", "C5", 1, "约50"]
    assert book["必改"]["E4"].hyperlink.location == "'班级'!C5"
    assert book.active.title == "必改"
    assert [s.title for s in book if s.sheet_view.tabSelected] == ["必改"]


def test_every_part_is_sound_xml_and_every_relation_leads_somewhere():
    parts = members(marked_bytes(FAULTY))
    for name, content in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            xml.dom.minidom.parseString(content)
    types = parts["[Content_Types].xml"].decode()
    for name in parts:
        if name.startswith(("xl/worksheets/sheet", "xl/comments")):
            assert f'PartName="/{name}"' in types, name
    assert 'Extension="vml"' in types
    for name, content in parts.items():
        if name.endswith(".rels"):
            for target in re.findall(r'Target="(/[^"]+)"', content.decode()):
                assert target[1:] in parts, target


def test_the_three_levels_have_three_grounds_and_the_gravest_wins():
    problems = [
        found("C2", level="doubt", code="total-differs"), found("C3", level="notice", code="rounded"),
        found("C4", level="notice", code="rounded"), found("C4"),
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(mark(FAULTY, "a.xlsx", Task(problems))))
    sheet = book["班级"]
    assert [colour(sheet[c]) for c in ("C2", "C3", "C4")] == [COLOURS["doubt"], COLOURS["notice"], COLOURS["error"]]
    assert sheet["C4"].comment.text.index("【错误】") < sheet["C4"].comment.text.index("【提示】")
    assert len(lines(book["必改"])) == 1
    assert [line[0] for line in lines(book["汇总"])] == ["错误", "疑点", "提示"]


def test_widths_merges_formats_drop_downs_formulas_and_other_sheets_survive():
    book = book_of(("清河县班级情况表",), CLASS_HEAD, *CLASS_ROWS, BAD)
    sheet = book.active
    sheet.merge_cells("A1:C1")
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet["C6"].font = Font(bold=True, size=16)
    sheet["C6"].number_format = "0.00"
    sheet["A2"].fill = PatternFill("solid", fgColor="00FF00")
    validation = DataValidation(type="list", formula1='"一年级,二年级"')
    validation.add("A3:A100")
    sheet.add_data_validation(validation)
    sheet.freeze_panes = "A3"
    sheet["E1"] = "=SUM(C3:C5)"
    sheet.auto_filter.ref = "A2:C6"
    other = book.create_sheet("备查")
    other["A1"] = "=班级!C3"
    book.defined_names["校名"] = openpyxl.workbook.defined_name.DefinedName("校名", attr_text="班级!$A$1")
    sheet.print_title_rows = "1:2"
    got = openpyxl.load_workbook(io.BytesIO(mark(saved(book), "a.xlsx", Task([found("C6")]))))
    sheet = got["班级"]
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A1:C1"]
    assert (sheet.column_dimensions["B"].width, sheet.row_dimensions[2].height) == (33, 40)
    assert (sheet["C6"].font.b, sheet["C6"].font.sz, sheet["C6"].number_format) == (True, 16, "0.00")
    assert colour(sheet["C6"]) == COLOURS["error"]
    assert sheet["A2"].fill.fgColor.rgb == "0000FF00"
    assert sheet.data_validations.dataValidation[0].formula1 == '"一年级,二年级"'
    assert (sheet.freeze_panes, sheet["E1"].value, got["备查"]["A1"].value) == ("A3", "=SUM(C3:C5)", "=班级!C3")
    assert got.defined_names["校名"].attr_text == "班级!$A$1"
    assert sheet.print_title_rows == "$1:$2"


def test_a_picture_and_unknown_parts_come_back_bit_for_bit():
    data = repacked(FAULTY, lambda parts: parts.update({"xl/media/image1.png": b"\x89PNG....", "customXml/item1.xml": b"<a/>"}))
    parts = members(marked_bytes(data))
    assert parts["xl/media/image1.png"] == b"\x89PNG...."
    assert parts["customXml/item1.xml"] == b"<a/>"


def test_a_blank_required_cell_gets_its_colour_though_the_file_never_wrote_it():
    data = saved(book_of(CLASS_HEAD, *CLASS_ROWS, ("二年级", "二(2)班", None), ("三年级", None, 40)))
    sheet = marked(data)["班级"]
    assert colour(sheet["C5"]) == colour(sheet["B6"]) == COLOURS["error"]
    assert "没有填写" in sheet["C5"].comment.text
    assert (sheet["A6"].value, sheet["C6"].value) == ("三年级", 40)


def test_cells_and_rows_that_are_not_written_are_added_in_order():
    data = repacked(saved(book_of(("年级",), ("一年级",))), lambda parts: None)
    got = mark(data, "a.xlsx", Task([found("AB2"), found("Z2"), found("B2"), found("C9"), found("A4")]))
    sheet = members(got)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r'<c r="([A-Z]+\d+)"', sheet) == ["A1", "A2", "B2", "Z2", "AB2", "A4", "C9"]


def test_a_problem_in_a_merged_range_is_shown_at_its_first_cell():
    book = book_of(CLASS_HEAD, ("零年级", "1班", 40), (None, "2班", 41))
    book.active.merge_cells("A2:A3")
    sheet = marked(saved(book))["班级"]
    assert colour(sheet["A2"]) == COLOURS["error"]
    assert sheet["A2"].comment


def test_a_comment_of_the_clerk_is_kept_below_ours():
    book = book_of(CLASS_HEAD, *CLASS_ROWS, BAD)
    book.active["C5"].comment = Comment("王老师：问过了", "王")
    book.active["A2"].comment = Comment("别动", "王")
    data = saved(book)
    first = marked_bytes(data)
    sheet = openpyxl.load_workbook(io.BytesIO(first))["班级"]
    assert sheet["A2"].comment.text == "别动"
    assert "约数" in sheet["C5"].comment.text
    assert sheet["C5"].comment.text.endswith("王老师：问过了")
    shapes = next(content for name, content in members(first).items() if name.endswith(".vml"))
    assert shapes.count(b'ObjectType="Note"') == 2


def test_the_mended_marked_workbook_can_be_sent_again_and_loses_its_marks():
    """Through openpyxl, as another program would save it: the three sheets and our comments are passed over."""
    book = marked(FAULTY)
    book["班级"]["C5"] = 50
    again = saved(book)
    outcome = outcome_of(again)
    assert outcome.problems() == []
    assert outcome.report.accepted == 4
    worse = marked(FAULTY)
    worse["班级"]["C5"], worse["班级"]["C2"] = 50, "许多"
    got = marked(saved(worse))
    assert got.sheetnames == ["说明", "必改", "汇总", "班级"]
    assert colour(got["班级"]["C5"]) == ""
    assert got["班级"]["C5"].comment is None
    assert colour(got["班级"]["C2"]) == COLOURS["error"]
    assert [line[4] for line in lines(got["必改"])] == ["C2"]


def test_a_sheet_of_the_clerk_called_like_ours_stays_his():
    book = book_of(CLASS_HEAD, *CLASS_ROWS, BAD)
    book.create_sheet("说明")["A1"] = "本校的说明"
    got = marked(saved(book))
    assert got["说明"]["A1"].value == "本校的说明"
    assert got.sheetnames[:3] == ["说明(标注)", "必改", "汇总"]


def test_texts_that_look_like_formulas_stay_texts():
    data = saved(book_of(CLASS_HEAD, *CLASS_ROWS))
    sly = "=HYPERLINK(\"http://x\")"
    got = openpyxl.load_workbook(io.BytesIO(mark(data, "a.xlsx", Task([found("C2", value=sly, column="+学生数")]))))
    cell = next(c for row in got["必改"].iter_rows() for c in row if c.value == sly)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    csv = mark("年级,班级名称,学生数\n一年级,=1+1,40\n".encode(), "a.csv", Task([found("C2", sheet="a")]))
    sheet = openpyxl.load_workbook(io.BytesIO(csv))["a"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("=1+1", "s", True)


def test_markup_and_control_characters_in_texts_do_no_harm():
    words = "<b>&\"'\x0b_x0041_ ]]>"
    got = openpyxl.load_workbook(io.BytesIO(mark(FAULTY, "a.xlsx", Task([found("C5", value=words)], [("文件", words)]))))
    assert got["必改"]["G4"].value.replace("_x005F_", "_") == words.replace("\x0b", "")


def test_no_more_comments_than_the_cap_but_every_cell_coloured_and_it_is_said():
    rows = [("一年级", f"{i}班", "约50") for i in range(30)]
    book = marked(saved(book_of(CLASS_HEAD, *rows)), comments=10)
    sheet = book["班级"]
    assert sum(bool(sheet.cell(row, 3).comment) for row in range(2, 32)) == 10
    assert all(colour(sheet.cell(row, 3)) == COLOURS["error"] for row in range(2, 32))
    told = " ".join(str(c.value) for row in book["说明"].iter_rows() for c in row if c.value)
    assert "批注最多写 10 个，另有 20 个单元格" in told


def test_the_help_sheet_tells_the_facts_the_counts_and_the_way():
    book = marked(FAULTY, facts=[("学校", "向阳小学"), ("文件", "=班级.xlsx")])
    rows = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True) if row[0]}
    assert (rows["学校"], rows["文件"]) == ("向阳小学", "=班级.xlsx")
    assert rows["错误"].startswith("1 处")
    assert "直接上传" in rows["第 4 步"]


@pytest.mark.parametrize("name", ["班级.csv", "班级.xls"])
def test_other_formats_come_back_as_xlsx_with_the_values_where_they_stood(name):
    text = "年级,班级名称,学生数\n一年级,001班,40\n二年级,2班,约50\n"
    html = "<html><table><tr>" + "</tr><tr>".join("".join(f"<td>{v}</td>" for v in row.split(",")) for row in text.split()) + "</tr></table></html>"
    data = text.encode("gb18030") if name.endswith("csv") else html.encode()
    outcome = outcome_of(data, name)
    place = next(p for p in outcome.problems() if p.code == "not-a-number")
    book = marked(data, name)
    sheet = book[book.sheetnames[3]]
    assert sheet[place.cell].value == "约50"
    assert colour(sheet[place.cell]) == COLOURS["error"]
    assert sheet["B2"].value == "001班"
    assert "换成 .xlsx" in " ".join(str(c.value) for row in book["说明"].iter_rows() for c in row if c.value)
    assert outcome_of(marked_bytes(data, name), "again.xlsx").report.rows_read == outcome.report.rows_read


def test_a_binary_workbook_keeps_numbers_as_numbers_and_dates_as_dates():
    from ledgers.marking.plain import plain_parts
    from ledgers.reading.workbook import Grid, Workbook

    grid = Grid("表:一/二", rows=[["a", "40", "3.5", "2025-09-01", "85%", "TRUE", "123456789012345678"]], kinds=[" nndpbn"], merges=[(0, 0, 0, 0)])
    parts = plain_parts(Workbook("xls", sheets=[grid]))
    sheet = openpyxl.load_workbook(io.BytesIO(parts.packed())).active
    values = [c.value for c in sheet[1]]
    assert values[:3] == ["a", 40, 3.5]
    assert values[3].date().isoformat() == "2025-09-01"
    assert values[4:] == [0.85, True, "123456789012345678"]
    again = read_workbook(parts.packed(), "a.xlsx").sheets[0]
    assert again.rows[0][3] == "2025-09-01"


def test_prefixed_parts_and_a_missing_style_table_are_no_hindrance():
    def prefix(parts):
        for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
            content = parts[name].decode()
            content = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", content)
            parts[name] = content.replace('xmlns="http://schemas.openxmlformats.org/spreadsheetml', 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml').encode()
        del parts["xl/styles.xml"]
        rels = parts["xl/_rels/workbook.xml.rels"].decode()
        parts["xl/_rels/workbook.xml.rels"] = re.sub(r'<Relationship [^>]*styles[^>]*/>', "", rels).encode()
        types = parts["[Content_Types].xml"].decode()
        parts["[Content_Types].xml"] = re.sub(r'<Override [^>]*styles[^>]*/>', "", types).encode()

    data = repacked(FAULTY, prefix)
    got = openpyxl.load_workbook(io.BytesIO(mark(data, "a.xlsx", Task([found("C5")]))))
    assert colour(got["班级"]["C5"]) == COLOURS["error"]
    assert got["班级"]["A1"].value == "年级"


def test_a_file_that_does_not_pass_the_gates_is_refused_and_not_opened():
    data = repacked(FAULTY, lambda parts: parts.update({"xl/vbaProject.bin": b"x"}))
    with pytest.raises(Refusal) as refused:
        mark(data, "a.xlsx", Task([]))
    assert refused.value.code == "macro-file"
