"""Rows read + refused + skipped are the rows of the sheet, by a count that shares no code with the reader."""
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from tests.ledgers.messes.dressing import CLASSES, outcome, sent

from .test_class_lists import AROUND, GOOD, TOLD

pytestmark = pytest.mark.once  # no database is asked
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HEADER = re.compile(r"年\s*级")
# Several sheets, header rows or forms: counted where they are tested.
APART = {"a table within a table of a web page", "a summary beside the grades", "the same rows again in a summary", "a pivot sheet", "sheets with their columns in another order",
         "a row of units under the header"}
MANY = {"sheets of which one lacks a column", "thousands in the header of one sheet only", "another table below"}


def rows_of_xml(data: bytes) -> list[str]:
    """The texts of each row with a value, straight from the XML of the first sheet (openpyxl writes its texts inline)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = ["".join(row.itertext()) for row in sheet.iter(f"{SPACE}row")]
    return [text for text in rows if text.strip()]


def below_the_header(data: bytes) -> int:
    rows = rows_of_xml(data)
    return len(rows) - 1 - next(i for i, text in enumerate(rows) if HEADER.search(text) and "班" in text and "情况" not in text)


@pytest.mark.parametrize("name", [name for name in GOOD if name not in APART])
def test_every_row_of_an_odd_list_is_accounted_for(name):
    one = GOOD[name]()
    report = outcome("classes", one, **AROUND).report
    assert report.accepted + report.refused + len(report.skipped) == report.rows_read == below_the_header(one.data)


@pytest.mark.parametrize("name", [name for name in TOLD if name not in MANY])
def test_every_row_of_a_faulty_list_is_accounted_for(name):
    one = TOLD[name][0]()
    report = outcome("classes", one, **AROUND).report
    assert report.accepted + report.refused + len(report.skipped) == report.rows_read == below_the_header(one.data)


def test_rows_below_notes_and_below_another_table_are_counted_too():
    for below in ([["注：以9月1日为准"], [], ["三年级", "三(1)班", 40]], [[], ["二、教师"], ["姓名", "性别", "学历"], ["张三", "男", "本科"]]):
        one = sent([*CLASSES, *below])
        assert outcome("classes", one).report.rows_read == below_the_header(one.data)
