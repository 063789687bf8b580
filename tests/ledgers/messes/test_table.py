"""The 38 rows of the table of messes (domain ledgers §2): what is handled kindly, and what must be an error.

`KIND`: (number, name, ledger, file, codes that must be told beside the facts): imports to the facts of the tidy file, 0 errors.
`FAULT`: (number, name, ledger, file, (code, cell)): the fault is told at its address; a doubt counts where the table says "ask".
"""
import datetime as dt
import re

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ledgers.columns.numbers import Percent
from ledgers.reading import Limits, Refusal
from tests.ledgers.checking.helpers import id_number
from tests.reading import workbooks as raw

from .dressing import (
    CLASSES,
    PROFILE,
    ROSTER,
    TIDY,
    Sent,
    book_of,
    codes,
    facts,
    outcome,
    places,
    repacked,
    sent,
    with_cell,
    with_column,
)

pytestmark = pytest.mark.once  # no database is asked
GOOD_ID = id_number(2)
WRONG_ID = GOOD_ID[:17] + ("1" if GOOD_ID[17] != "1" else "2")
TEXTS = [[str(v) for v in row] for row in CLASSES]


def merged(rows, *ranges):
    def edit(sheet):
        for one in ranges:
            sheet.merge_cells(one)

    return sent(rows, edit)


def two_sheets(first, second, names=("一年级", "二年级"), hidden=False):
    book = book_of(first, names[0])
    other = book.create_sheet(names[1])
    for row in second:
        other.append(list(row))
    if hidden:
        other.sheet_state = "hidden"
    return sent(book)


def roster(*rows):
    return sent([ROSTER[0], *rows])


def profile(**changed):
    rows = [list(PROFILE[0]), list(PROFILE[1])]
    for name, value in changed.items():
        rows[1][rows[0].index(name)] = value
    return sent(rows)


def corner(unit, **changed):
    rows = [list(PROFILE[0]), list(PROFILE[1])]
    for name, value in changed.items():
        rows[1][rows[0].index(name)] = value
    return sent([["学校基本情况表", None, f"单位：{unit}"], *rows])


def official():
    """Letters over the columns, row numbers as a first column, 甲乙1 under the header: the grid of the official export."""
    head, *rows = CLASSES
    table = [["", "A", "B", "C"], ["1", *head], ["2", "甲", "乙", "1"], *[[str(i), *[str(v) for v in row]] for i, row in enumerate(rows, start=3)]]
    return sent(table)


def lying_dimension(members):
    name = "xl/worksheets/sheet1.xml"
    members[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', members[name])


def blank_rows(sheet):
    sheet.insert_rows(3)
    for row in range(10, 1500):
        sheet.cell(row, 2).font = Font(bold=True)


def hide_rows(sheet):
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def calendar_1904():
    book = book_of([[*ROSTER[0], "到本校时间"], [*ROSTER[1], dt.date(2019, 9, 1)], [*ROSTER[2], None]])
    book.epoch = CALENDAR_MAC_1904
    return sent(book)


def commented(sheet):
    sheet["B2"].comment = Comment("红色的已调走", "王")
    sheet["C3"].font = Font(strike=True)


def pictured(members):
    members["xl/media/image1.png"] = b"\x89PNG"
    members["xl/drawings/drawing1.xml"] = b'<xdr:wsDr xmlns:xdr="x"><xdr:pic></xdr:pic></xdr:wsDr>'
    members["xl/worksheets/_rels/sheet1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )


def external(members):
    members["xl/externalLinks/externalLink1.xml"] = b"<externalLink><externalBook/></externalLink>"


def uncached(sheet):
    sheet["C3"] = "=20+21"


def error_value(members):
    name = "xl/worksheets/sheet1.xml"
    members[name] = re.sub(rb'<c r="C3"[^>]*>.*?</c>', b'<c r="C3" t="e"><v>#REF!</v></c>', members[name])


def eaten(sheet):
    sheet["C2"] = int(GOOD_ID[:15] + "000")


def leading_zeros(sheet):
    sheet["B2"], sheet["B2"].number_format = 1, "000"


CSV = "\r\n".join(",".join(row) for row in TEXTS)
HTML = "<table>" + "".join("<tr>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>" for row in TEXTS) + "</table>"
TITLE = ["清河县2025-2026学年班级情况表"]
LETTERHEAD = ["填报单位：向阳小学", None, "填表日期：2025年9月5日"]

KIND = [
    (1, "title and letterhead", "classes", lambda: merged([TITLE, LETTERHEAD, *CLASSES], "A1:C1"), ()),
    (1, "another table above the header", "classes", lambda: sent([["教室", "座位", "投影"], ["东楼", 45, 1], [], *CLASSES]), ("rows-above-header",)),
    (2, "two-row header", "classes", lambda: merged([["班级信息", None, "学生数"], ["年级", "班级名称", None], *CLASSES[1:]], "A1:B1", "C1:C2"), ()),
    (2, "three-row header", "classes",
     lambda: merged([["班级信息", None, "学生"], ["基本", None, "学生"], ["年级", "班级名称", "学生数"], *CLASSES[1:]], "A1:B1", "A2:B2", "C1:C2"), ()),
    (3, "index row", "classes", lambda: sent([CLASSES[0], ["甲", "乙", 1], *CLASSES[1:]]), ()),
    (3, "official grid", "classes", official, ()),
    (4, "notes and signatures", "classes", lambda: sent([*CLASSES, ["注：以9月1日为准"], ["填表人：李四", None, "审核人：王五"], ["校长签字："], ["单位（盖章）："]]), ()),
    (5, "total rows", "classes", lambda: sent([*CLASSES[:3], ["小计", None, 81], CLASSES[3], ["总  计", None, 126]]), ()),
    (6, "merged grade", "classes", lambda: merged([*CLASSES[:2], [None, *CLASSES[2][1:]], CLASSES[3]], "A2:A3"), ()),
    (7, "blank rows", "classes", lambda: sent(CLASSES, blank_rows), ()),
    (8, "lying dimension", "classes", lambda: repacked(sent(CLASSES), lying_dimension), ()),
    (9, "hidden sheet", "classes", lambda: two_sheets(CLASSES, [["备用"], ["旧数"]], ("班级", "旧"), hidden=True), ("hidden-sheet-not-read",)),
    (9, "hidden rows and columns", "classes", lambda: sent(CLASSES, hide_rows), ("hidden-rows-read", "hidden-columns-read")),
    (10, "a sheet per grade", "classes", lambda: two_sheets(CLASSES[:3], [CLASSES[0], CLASSES[3]]), ("sheets-combined",)),
    (10, "empty sheets", "classes", lambda: two_sheets(CLASSES, [], ("班级", "Sheet2")), ()),
    (11, "xls", "classes", lambda: Sent(raw.as_xls(TEXTS), "班级.xls"), ()),
    (12, "csv in GBK", "classes", lambda: Sent(CSV.encode("gb18030"), "班级.csv"), ()),
    (12, "csv in UTF-8 with mark", "classes", lambda: Sent(CSV.encode("utf-8-sig"), "班级.csv"), ()),
    (12, "csv with full-width commas", "classes", lambda: Sent(CSV.replace(",", "，").encode("gb18030"), "班级.csv"), ("full-width-commas",)),
    (12, "web table called xls", "classes", lambda: Sent(HTML.encode("gb18030"), "班级.xls"), ()),
    (12, "tab text called xls", "classes", lambda: Sent(CSV.replace(",", "\t").encode("gb18030"), "班级.xls"), ()),
    (13, "external links", "classes", lambda: repacked(sent(CLASSES), external), ("external-links-as-values",)),
    (16, "full width and invisible signs", "classes",
     lambda: sent([["年　级", "班级\n名称", "学生\u200b数"], ["一\u00a0年级", "一（1）班", "４０"], ["一年级\n", "一(2)班\u200b", "４１ "], ["二年级", "二（１）班", "\u300045"]]), ()),
    (17, "units in cells", "classes", lambda: sent([CLASSES[0], ["一年级", "一(1)班", "40人"], ["一年级", "一(2)班", "41 名"], CLASSES[3]]), ()),
    (17, "thousands and unit", "school_profile", lambda: profile(教学及辅助用房面积="3,200.5㎡", 图书册数="14,400册", 教学仪器设备资产值="115.2万元"), ()),
    (17, "ten thousands in a cell", "school_profile", lambda: profile(图书册数="1.44万"), ("unit-converted",)),
    (19, "unit in the header", "school_profile", lambda: sent([[h.replace("教学仪器设备资产值", "教学仪器设备资产值（千元）") for h in PROFILE[0]],
     [1152 if v == 115.2 else v for v in PROFILE[1]]]), ("unit-converted",)),
    (19, "unit in the corner", "school_profile", lambda: corner("元", 教学仪器设备资产值=1152000, 上年度公用经费预算总额=576000, 教师培训经费预算=32000), ("unit-converted",)),
    (21, "apostrophe, blanks, small x, full width", "teachers",
     lambda: roster([*ROSTER[1][:2], "'" + GOOD_ID.lower() + "　", *ROSTER[1][3:]], [*ROSTER[2][:2], "".join(chr(ord(c) + 0xFEE0) for c in ROSTER[2][2]), *ROSTER[2][3:]]), ()),
    (26, "empty words where nothing is needed", "teachers", lambda: with_column("teachers", "联系电话", "无", "—"), ()),
    (27, "padded names", "teachers", lambda: roster(["王　芳", *ROSTER[1][1:]], ["王 芳", *ROSTER[2][1:]]), ()),
    (28, "short name, county in front", "classes", lambda: sent([["学校名称", *CLASSES[0]], *[["清河县向阳小学", *row] for row in CLASSES[1:]]]), ()),
    (28, "alias", "classes", lambda: sent([["学校名称", *CLASSES[0]], *[["向阳小", *row] for row in CLASSES[1:]]]), ()),
    (30, "another order, foreign columns, other names", "classes",
     lambda: sent([["教室", "人数", "班号", "年级"], *[["东楼", p, n, g] for g, n, p in CLASSES[1:]]]), ("unknown-column",)),
    (31, "the same row twice", "classes", lambda: sent([*CLASSES, CLASSES[3]]), ("duplicate-row",)),
    (32, "sample row left in", "classes", lambda: sent([CLASSES[0], ["示例：一年级", "1班", 45], *CLASSES[1:]]), ()),
    (34, "comments and strikethrough", "classes", lambda: sent(CLASSES, commented), ("comment-found", "strikethrough-found")),
    (35, "a seal as picture", "classes", lambda: repacked(sent(CLASSES), pictured), ("pictures-not-read",)),
    (37, "protected sheet", "classes", lambda: sent(CLASSES, lambda sheet: sheet.protection.enable()), ("sheet-protected",)),
    (38, "float dust", "school_profile", lambda: profile(教学及辅助用房面积=3200.5000000001, 教学仪器设备资产值=115.19999999999999), ()),
]  # fmt: skip

FAULT = [
    (1, "no header at all", "classes", lambda: sent([["物品", "数量"], ["桌子", 3]]), ("no-matching-sheet", "")),
    (1, "another school in the title", "classes", lambda: sent([["填报单位：清河九年一贯制学校"], *CLASSES]), ("other-school", "A1")),
    (2, "two columns for one thing", "classes", lambda: with_column("classes", "人数", 40, 41, 46), ("column-twice", "")),
    (4, "data after the notes", "classes", lambda: sent([*CLASSES, ["注：以9月1日为准"], ["三年级", "三(1)班", 40]]), ("rows-after-notes", "")),
    (5, "a total that differs", "classes", lambda: sent([*CLASSES, ["合计", None, 130]]), ("total-differs", "C5")),
    (6, "a blank that is not merged", "classes", lambda: with_cell("classes", "A3", None), ("blank-required", "A3")),
    (9, "two sheets that contradict each other", "classes", lambda: two_sheets(CLASSES, [CLASSES[0], ["一年级", "一(1)班", 39]], ("班级", "班级(2)")), ("duplicate-key", "B2")),
    (10, "sheets with other columns", "classes", lambda: two_sheets(CLASSES, [["年级", "班级名称", "男", "女"], ["三年级", "三(1)班", 20, 20]]), ("sheets-differ", "")),
    (14, "formula without result", "classes", lambda: sent(CLASSES, uncached), ("formula-without-value", "C3")),
    (15, "error value", "classes", lambda: repacked(sent(CLASSES), error_value), ("error-value", "C3")),
    (16, "a letter among digits", "classes", lambda: with_cell("classes", "C2", "4O"), ("not-a-number", "C2")),
    *[(17, f"no definite number: {text}", "classes", lambda text=text: with_cell("classes", "C2", text), ("not-a-number", "C2"))
      for text in ("约40", "40余", "40左右", "四十多", "40kg", "四十")],
    (17, "a foreign unit", "school_profile", lambda: profile(教学及辅助用房面积="3200平方尺"), ("not-a-number", "N2")),
    (19, "two units", "school_profile",
     lambda: sent([["学校基本情况表", None, "单位：元"], [h.replace("教学仪器设备资产值", "教学仪器设备资产值（万元）") for h in PROFILE[0]], PROFILE[1]]), ("two-units", "Q2")),
    (19, "out of the band", "school_profile", lambda: profile(教学仪器设备资产值=1152000), ("unit-doubtful", "Q2")),
    (20, "number eaten by Excel", "teachers", lambda: sent(ROSTER, eaten), ("id-truncated", "C2")),
    (20, "scientific text", "teachers", lambda: with_cell("teachers", "C2", "1.10101E+17"), ("id-truncated", "C2")),
    (20, "zeros at the end", "teachers", lambda: with_cell("teachers", "C2", GOOD_ID[:15] + "000"), ("id-truncated", "C2")),
    (21, "wrong check digit", "teachers", lambda: with_cell("teachers", "C2", WRONG_ID), ("id-checksum", "C2")),
    (21, "a digit missing", "teachers", lambda: with_cell("teachers", "C2", GOOD_ID[:17]), ("id-wrong-length", "C2")),
    (23, "January or October", "teachers", lambda: with_column("teachers", "到本校时间", 2019.1), ("ambiguous-month", "M2")),
    (23, "a year of two digits", "teachers", lambda: with_column("teachers", "到本校时间", "19.9"), ("ambiguous-month", "M2")),
    (23, "a month to come", "teachers", lambda: with_column("teachers", "到本校时间", "2099-09"), ("outside-range", "M2")),
    (23, "long before 1940", "teachers", lambda: with_column("teachers", "到本校时间", "1899-09"), ("outside-range", "M2")),
    (25, "an unknown mark", "teachers", lambda: with_cell("teachers", "E2", "也许"), ("unknown-mark", "E2")),
    (25, "a blank mark is not no", "teachers", lambda: with_cell("teachers", "E2", None), ("blank-required", "E2")),
    (26, "an empty word for a number", "classes", lambda: with_cell("classes", "C2", "无"), ("not-a-number", "C2")),
    (26, "an empty word for a text", "classes", lambda: with_cell("classes", "B2", "无"), ("blank-required", "B2")),
    (27, "a lost rare character", "teachers", lambda: with_cell("teachers", "A2", "王?"), ("name-damaged", "A2")),
    (27, "a private character", "teachers", lambda: with_cell("teachers", "A2", "王\ue123"), ("name-damaged", "A2")),
    (28, "a name only near", "classes", lambda: sent([["学校名称", *CLASSES[0]], ["向阳小雪", *CLASSES[1]]]), ("unknown-school", "A2")),
    (29, "two values for one", "teachers", lambda: with_cell("teachers", "G2", "音乐、美术"), ("several-values", "G2")),
    (29, "two persons in a cell", "teachers", lambda: with_cell("teachers", "A2", "张三、李四"), ("several-values", "A2")),
    (30, "a column missing", "classes", lambda: sent([row[:2] for row in CLASSES]), ("missing-column", "")),
    (31, "the same key with other contents", "classes", lambda: sent([*CLASSES, ["二年级", "二(1)班", 44]]), ("duplicate-key", "B5")),
    (33, "last year's title", "classes", lambda: sent([["2024-2025学年班级情况表"], *CLASSES]), ("other-year", "A1")),
    (36, "not in the list", "teachers", lambda: with_cell("teachers", "G2", "语问"), ("not-in-list", "G2")),
    (38, "half a pupil", "classes", lambda: with_cell("classes", "C2", 40.5), ("not-whole", "C2")),
    (38, "more decimals than kept", "school_profile", lambda: profile(教学及辅助用房面积=3200.567), ("rounded", "N2")),
]  # fmt: skip

REFUSED = [
    (7, "more rows than the limit", "too-many-rows", lambda: sent([CLASSES[0], *[["一年级", f"{i}班", 40] for i in range(60)]]), Limits(rows=20)),
    (11, "encrypted xls", "encrypted-file", lambda: Sent(raw.as_xls(first=raw.record(0x2F, bytes(54))), "a.xls"), None),
    (12, "WPS own format", "wps-et-file", lambda: Sent(raw.as_xls(TEXTS), "班级.et"), None),
    (13, "macros", "macro-file", lambda: repacked(sent(CLASSES), lambda m: m.update({"xl/vbaProject.bin": b"x"})), None),
    (37, "file with password", "encrypted-file", lambda: Sent(raw.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "a.xlsx"), None),
]


def _id(case) -> str:
    return f"{case[0]:02}-{case[1]}"


@pytest.fixture(scope="module")
def tidy():
    return {ledger: facts(outcome(ledger, sent(rows))) for ledger, rows in TIDY.items()}


@pytest.mark.parametrize("case", KIND, ids=_id)
def test_it_is_handled_and_imports_the_same_facts(case, tidy):
    _, _, ledger, build, told = case
    found = outcome(ledger, build())
    assert places(found) == []
    assert facts(found) == tidy[ledger]
    assert set(told) <= codes(found)
    doubts = {code for code, _ in places(found, "doubt")} - set(told)
    assert doubts == set()


@pytest.mark.parametrize("case", FAULT, ids=_id)
def test_it_is_told_at_its_address(case):
    _, _, ledger, build, wanted = case
    assert wanted in places(outcome(ledger, build()), "error", "doubt", "notice")


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_it_is_refused_with_its_own_sentence(case):
    _, _, code, build, limits = case
    one = build()
    with pytest.raises(Refusal) as refused:
        outcome("classes", one, limits=limits)
    assert refused.value.code == code
    assert "请" in refused.value.message


def test_a_share_may_be_written_in_three_ways_but_not_in_two_at_once():
    """18: no ledger of this release asks for a percent of its own; the column is ready."""
    column = Percent("入学率", "rate")
    assert column.parse(["85", "90"]).values == column.parse(["85%", "90%"]).values == column.parse(["0.85", "0.9"]).values == [8500, 9000]
    assert [code for _, code, _ in column.parse(["85", "0.9"]).remarks] == ["mixed-scale"]


def test_zeros_shown_by_a_number_format_are_read_as_shown():
    """22"""
    assert facts(outcome("classes", sent(CLASSES, leading_zeros))) == facts(outcome("classes", with_cell("classes", "B2", "001")))


@pytest.mark.parametrize("month", ["2019.9", "2019-9", "201909", "20190901", "2019年9月", "2019/9/1", 43709, dt.date(2019, 9, 1), "2019.09"], ids=str)
def test_months_in_every_form(month):
    """23"""
    tidy = facts(outcome("teachers", with_column("teachers", "到本校时间", "2019-09")))
    found = outcome("teachers", with_column("teachers", "到本校时间", month))
    assert (places(found), facts(found)) == ([], tidy)


def test_the_calendar_of_1904_is_honoured():
    """24"""
    assert facts(outcome("teachers", calendar_1904())) == facts(outcome("teachers", with_column("teachers", "到本校时间", "2019-09")))


@pytest.mark.parametrize(("yes", "no"), [("是", "否"), ("√", "×"), ("✓", "✗"), ("Y", "N"), (1, 0), ("有", "无"), ("1", "0"), ("ü", "û"), (True, False), ("☑", "☒")], ids=str)
def test_yes_and_no_in_every_form(yes, no):
    """25: also the tick and the cross of Wingdings."""
    plain = facts(outcome("teachers", roster(ROSTER[1], [*ROSTER[2][:4], "否", *ROSTER[2][5:]])))
    found = outcome("teachers", roster([*ROSTER[1][:4], yes, *ROSTER[1][5:]], [*ROSTER[2][:4], no, *ROSTER[2][5:]]))
    assert (places(found), facts(found)) == ([], plain)


def test_three_near_words_are_offered():
    """36"""
    problem = next(p for p in outcome("teachers", with_cell("teachers", "G2", "语问")).problems() if p.code == "not-in-list")
    assert "“语文”" in problem.message


def test_every_repair_names_cell_old_and_new():
    """Principle (a): nothing is mended silently."""
    found = outcome("classes", sent([CLASSES[0], ["一 年级", "一（1）班", "４０"], *CLASSES[2:]]))
    assert {(r.cell, r.old, r.new) for r in found.repairs()} == {("A2", "一 年级", "一年级"), ("B2", "一（1）班", "一(1)班"), ("C2", "４０", "40")}


def test_all_38_rows_have_a_case():
    shown = {case[0] for case in (*KIND, *FAULT, *REFUSED)} | {18, 22, 23, 24, 25, 36}
    assert shown == set(range(1, 39))
