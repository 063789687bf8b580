"""Papers: the official labels and digits, the same figures in PDF and Excel, the same bytes each time."""

import datetime as dt
import io
import subprocess
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from indicators import payload as payloads
from indicators.standards import STANDARDS
from reports.definitions import REPORTS, application_form, school_self_evaluation
from reports.document import Blank, Cell, Document, Paragraph, Table, filled, label, number, plain
from reports.marks import code_in, mark_of
from reports.rendering import Limits, render_pdf
from reports.report import CannotMake, Material
from reports.workbook import render_xlsx
from schools.quantity import QUANTITIES

MADE = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
INDICATORS = payloads.indicators(STANDARDS["quality-2017"], QUANTITIES)
BASIC = payloads.indicators(STANDARDS["basic-2012"], QUANTITIES)
LEAST = {
    "primary": ["4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"],
    "junior": ["5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"],
}


def school_row(code, name, stage, factors=(1,) * 7, *, part="whole", type_code="211", raw=None):
    """A row whose values are the thresholds times `factors`; None = missing."""
    figures, misses, below = {}, [], []
    for indicator, least, factor in zip(INDICATORS, LEAST[stage], factors, strict=True):
        value = None if factor is None else Decimal(least) * Decimal(str(factor))
        met = None if value is None else value >= Decimal(least)
        figures[indicator["code"]] = {
            "numerator": None if value is None else str(value * 5), "denominator": "500", "per": indicator["per"],
            "value": None if value is None else str(value), "unit": indicator["unit"], "threshold": least,
            "floor": str(Decimal(least) * Decimal("0.85")), "met": met, "reason": "missing" if value is None else None,
            "split": {"raw": raw} if raw and indicator["split"] else None,
        }  # fmt: skip
        misses += [indicator["code"]] if met is False else []
        below += [indicator["code"]] if met is False and factor < 0.85 else []
    return {
        "code": code, "name": name, "stage": stage, "part": part, "pupils": "500", "grades": "6", "classes": None, "sponsor_code": "7",
        "type_code": type_code, "indicators": figures, "misses": misses, "below_floor": below,
        "passes": None if None in factors else not misses, "facts": {"outdoor_sports_area": "3400.5", "built_year": "1956"},
    }  # fmt: skip


@pytest.fixture
def material():
    rows = [
        school_row("9999010001", "向阳小学", "primary"),
        school_row("9999010002", "王庄教学点", "primary", (1, 1, 0.9, 0.5, 1, 1, 1), part="point", type_code="218"),
        school_row("9999010003", "城关学校", "primary", part="primary_part", type_code="312", raw="6000"),
        school_row(
            "9999010003",
            "城关学校",
            "junior",
            (1, None, 1, 1, 1, 1, 1),
            part="junior_part",
            type_code="312",
            raw="6000",
        ),
        school_row("9999010004", "县一中", "junior", part="junior_part", type_code="341"),
    ]
    county = [
        {"stage": stage, "indicator": i["code"], "mean": "6.3344370860927152317880794701986755", "cv": "0.5152573", "met": False}
        for stage in ("primary", "junior") for i in INDICATORS
    ]  # fmt: skip
    payload = {"standard": "quality-2017", "year": 2026, "fiscal_year": 2025, "title": "义务教育优质均衡发展", "indicators": INDICATORS}
    rules = {"quality-2017.minimum_met": "6", "quality-2017.floor_ratio": "0.85"}
    return Material(payload, {"parameters": rules, "schools": rows, "county": county, "composite": []}, "全国口径", "清河县")


def grid(table):
    return [[cell.text for cell in row] for row in table.body]


def pdf_text(data):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def test_table_ii_1_counts_and_shares_the_schools_that_meet(material):
    body = grid(application_form.table_ii_1(material))
    assert body[0] == ["小学", "达标学校总数(所)", "3", "3", "2", "2", "3", "3", "3", "2"]
    assert body[1] == ["达标学校比例(%)", "100.0", "100.0", "66.7", "66.7", "100.0", "100.0", "100.0", "66.7"]


def test_a_missing_figure_is_a_dash_and_no_met_one(material):
    body = grid(application_form.table_ii_1(material))
    assert body[2][3] == "1"
    rows = grid(application_form.table_ii_2(material))
    assert rows[3][7] == "—"
    assert rows[3][-2:] == ["—", "L7、L9-L13达标;L8缺数据"]


def test_table_ii_2_numbers_each_block_from_one_with_two_decimals(material):
    rows = grid(application_form.table_ii_2(material))
    assert [row[0] for row in rows] == ["小学1", "小学2", "小学3", "初中1", "初中2"]
    assert rows[0][6:13] == ["4.20", "1.00", "0.90", "4.50", "7.50", "2000.00", "2.30"]
    assert rows[1][-2:] == ["否", "L7-L8、L11-L13达标;L9达85%"]


def test_the_note_of_table_ii_2_counts_parts_points_and_complete_schools(material):
    note = plain(application_form.table_ii_2(material).notes[0])
    assert note.startswith(
        "注:1.小学学校总数3所(其中:一贯制学校的小学部有1所,50人及以上教学点有1个),初中学校总数2所(其中:一贯制学校的初中部1所,完全中学的初中部1所)"
    )


def test_table_iii_prints_mean_with_two_and_coefficient_with_three_decimals(material):
    body = grid(application_form.table_iii(material))
    assert body[0][2:] == ["6.33"] * 7 + ["——"]
    assert body[1][1:] == ["0.515"] * 7 + ["——"]


def test_every_official_label_is_in_the_form(material):
    text = "".join(
        cell.text for table in application_form.build(material).tables for row in table.header for cell in row
    )
    for words in ("每百名学生拥有高于规定学历教师数", "每百名学生拥有县级及以上骨干教师数", "每百名学生拥有体育、艺术(美术、音乐)专任教师数",
                  "生均教学及辅助用房面积(㎡)", "生均体育运动场馆面积(㎡)", "生均教学仪器设备值(元)", "每百名学生拥有网络多媒体教室数", "该校综合评估是否达标"):  # fmt: skip
        assert words in text
    assert text.count("生均教学及辅助用房面积(㎡)") == 3, "in Ⅱ-1, Ⅱ-2 and Ⅲ"


def test_the_last_note_says_which_columns_have_how_many_decimals(material):
    assert plain(application_form.table_ii_2(material).notes[2]).startswith("3.L7—L13保留2位小数;")
    basic = replace(material, payload=material.payload | {"indicators": BASIC})
    assert application_form._decimals(basic) == "L7—L11保留2位小数,L12—L14保留3位小数"


def without_standard(material):
    """The same schools under the eight indicators of basic balance, for which this place sets no school standard."""
    def row(given):
        cell = {"numerator": "30", "denominator": "500", "per": "1", "value": "0.06", "unit": "人", "threshold": None, "floor": None, "met": None,
                "reason": None, "split": None}  # fmt: skip
        return given | {"indicators": {i["code"]: cell for i in BASIC}, "misses": [], "below_floor": [], "passes": None}

    county = [{"stage": stage, "indicator": i["code"], "mean": "0.0604", "cv": "0.1", "met": None} for stage in ("primary", "junior") for i in BASIC]
    composite = [{"stage": stage, "value": "0.1", "met": True} for stage in ("primary", "junior")]
    payload = {"standard": "basic-2012", "year": 2026, "fiscal_year": 2025, "title": "义务教育基本均衡发展", "indicators": BASIC}
    ruleset = {"parameters": {}, "schools": [row(r) for r in material.ruleset["schools"]], "county": county, "composite": composite}
    return Material(payload, ruleset, "全国口径", "清河县")


def test_where_nobody_sets_a_standard_nothing_is_counted_as_failing(material):
    basic = without_standard(material)
    body = grid(application_form.table_ii_1(basic))
    assert body[0][2:] == ["——"] * 9 and body[1][1:] == ["——"] * 9
    rows = grid(application_form.table_ii_2(basic))
    assert {row[-1] for row in rows} == {"未设学校标准"}, "not: figures missing"
    assert rows[0][6:14] == ["0.06"] * 5 + ["0.060"] * 3, "ratios of teachers have three decimals"
    assert grid(application_form.table_iii(basic))[0][2:] == ["0.06"] * 5 + ["0.060"] * 3 + ["——"]
    assert grid(application_form.table_iii(basic))[1][-1] == "0.100"


def test_the_school_form_states_the_rule_it_was_judged_by(material):
    whole = replace(material, school="9999010001")
    words = plain(school_self_evaluation.build(whole).tables[0].body[-1][1].lines[0])
    assert words.startswith("7项指标中至少6项达标,其余1项不低于标准的85%。")
    local = replace(whole, ruleset=whole.ruleset | {"parameters": {"quality-2017.minimum_met": "7", "quality-2017.floor_ratio": "0.9"}})
    assert plain(school_self_evaluation.build(local).tables[0].body[-1][1].lines[0]).startswith("7项指标全部达标。")


def test_the_school_form_fills_the_blanks_of_both_stages(material):
    document = school_self_evaluation.build(replace(material, school="9999010003"))
    words = "\n".join(plain(line) for row in document.tables[0].body for cell in row for line in cell.lines)
    assert "学校拥有高于规定学历教师数:小学21人;初中27人。" in words
    assert "每百名学生拥有高于规定学历教师数:小学4.20人;初中5.30人。" in words
    assert "体育场3400.50㎡;体育馆＿＿㎡" in words
    assert "学校教学仪器设备值0.60万元。" in words
    assert plain(document.subtitle) == "城关学校(九年一贯制)建校于1956年"


def test_a_school_without_a_row_is_told_why(material):
    with pytest.raises(CannotMake, match="不纳入评估"):
        school_self_evaluation.build(replace(material, school="9999019999"))


def test_pdf_and_excel_carry_the_same_figures(material):
    document = application_form.build(material)
    text = pdf_text(render_pdf(document, "reports/document.html"))
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, MADE)))
    assert book.sheetnames == ["表Ⅱ-1", "表Ⅱ-2", "表Ⅲ"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert len(cells) > 80
    for cell in cells:
        places = len(cell.number_format.partition(".")[2])
        assert f"{cell.value:.{places}f}" in text


def test_the_same_document_is_the_same_bytes(material):
    document = application_form.build(material)
    assert render_pdf(document, "reports/document.html") == render_pdf(document, "reports/document.html")
    assert render_xlsx(document, MADE) == render_xlsx(document, MADE)


def test_chinese_fonts_are_embedded(material, tmp_path):
    (tmp_path / "form.pdf").write_bytes(render_pdf(application_form.build(material), "reports/document.html"))
    fonts = subprocess.run(
        ["pdffonts", str(tmp_path / "form.pdf")], capture_output=True, check=True, text=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(" yes yes yes " in line for line in fonts)


def test_words_of_a_cell_cannot_become_markup_or_a_fetch():
    nasty = '<img src="file:///etc/passwd"><script>1</script>'
    document = Document("题", (Table("", ((label("校名"),),), ((Cell(nasty),),), (1,)),))
    assert "<script>1</script>" in pdf_text(render_pdf(document, "reports/document.html"))


def test_a_text_that_looks_like_a_formula_stays_text():
    document = Document("题", (Table("", ((label("校名"),),), ((Cell("=1+1"),), (Cell("@x"),)), (1,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, MADE))).active
    assert [(c.value, c.data_type) for c in sheet["A"][2:4]] == [("=1+1", "s"), ("@x", "s")]


def test_a_paper_of_too_many_pages_is_refused_in_a_sentence():
    document = Document("题", tuple(Paragraph((f"第{n}段。" * 400,)) for n in range(6)))
    with pytest.raises(CannotMake, match="页"):
        render_pdf(document, "reports/document.html", Limits(pages=1))


def test_a_paper_that_takes_too_long_ends_and_the_parent_lives():
    document = Document("题", (Table("", ((label("数"),),), tuple((number("1.00", 2),) for _ in range(20_000)), (1,)),))
    with pytest.raises(CannotMake, match="时间或内存"):
        render_pdf(document, "reports/document.html", Limits(seconds=1))


def test_a_copy_that_was_altered_or_saved_again_still_says_which_paper_it_was(material, tmp_path):
    code = "12AB-34CD-56EF-7890"
    document = application_form.build(material)
    pdf = render_pdf(document, "reports/document.html", mark=mark_of(code).encode())
    assert code_in(pdf) == code and code_in(pdf.replace(b"%PDF-1.7", b"%PDF-1.6")) == code
    (tmp_path / "form.xlsx").write_bytes(render_xlsx(document, MADE, mark_of(code)))
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    book["表Ⅱ-2"]["D5"] = 1
    book.save(tmp_path / "again.xlsx")
    assert code_in((tmp_path / "form.xlsx").read_bytes()) == code_in((tmp_path / "again.xlsx").read_bytes()) == code


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 <zz>", b"PK\x03\x04 broken", b"x" * 10_000])
def test_a_file_of_others_carries_no_mark(data):
    assert code_in(data) == ""


def test_an_empty_blank_stays_for_the_pen():
    assert filled("建校于{}年", None) == ("建校于", Blank(""), "年")
    with pytest.raises(ValueError, match="blanks"):
        filled("{}{}", "1")


def test_every_report_says_what_it_is_for():
    for code, report in REPORTS.items():
        assert report.code == code
        assert report.description.endswith("。")
        assert report.formats and (report.standards or report.gather)
