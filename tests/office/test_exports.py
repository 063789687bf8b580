"""Tables as workbooks: numbers stay numbers, texts never become formulas."""

import io

import openpyxl
import pytest

from schools.exports import Column, sheet_name, workbook

COLUMNS = [Column("学校"), Column("学生", 0, "人"), Column("数值", 2, "人")]


def read(rows):
    return openpyxl.load_workbook(io.BytesIO(workbook("表[1]", "说明", COLUMNS, rows))).active


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@cmd", "\tx", "＝1+1"])
def test_a_dangerous_text_is_a_quoted_text_and_reads_back_equal(text):
    cell = read([(text, "1", "2.5")])["A4"]
    assert cell.value == text and cell.data_type == "s" and cell.quotePrefix


def test_numbers_stay_numbers_and_a_missing_one_stays_empty():
    sheet = read([("甲校", "1932", "4.196"), ("乙校", None, None)])
    assert sheet["B4"].value == 1932 and sheet["C4"].value == 4.196 and sheet["C4"].number_format == "0.00"
    assert sheet["B5"].value is None and sheet["B3"].value == "学生(人)"


def test_a_sheet_name_is_one_excel_accepts():
    assert sheet_name("a[b]:c*d?e/f\\" + "长" * 40) == ("a_b__c_d_e_f_" + "长" * 40)[:31]
