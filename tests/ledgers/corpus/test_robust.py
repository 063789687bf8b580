"""No check falls over what a sheet lacks or holds: every ledger, every column left out, every kind of rubbish in every cell."""
import io
import random

import openpyxl
import pytest

from ledgers.checking import check
from ledgers.definitions import LEDGERS
from ledgers.reading import read_workbook
from ledgers.templates_xlsx import header_text, template_columns
from schools.factset import FactSet
from tests.ledgers.checking.helpers import SCHOOLS, YEAR, context
from tests.ledgers.checking.test_every_ledger import filled_template

FILLED = [ledger for ledger in LEDGERS.values() if not ledger.forms]
RUBBISH = [
    None, "无", "约300", "300余", "待定", "——", "?", "0", 0, -1, 1e15, 0.1, 2019.1, 43709, "2019.1", "2099-13", "张三、李四", "=1+1", "𠮷田", "<b>", "1" * 400, "是", "1.1E+17",
    "99990119850612002X", "小学;初中", True, "\ue000", "12345678901234567890", "万", "%", "一年级", "2025-2026学年", "\u200b", "/", "#N/A",
]  # fmt: skip


def surroundings(ledger, **more):
    nothing = FactSet(1, "999901", YEAR, YEAR - 1, 1, (), SCHOOLS)
    return context(clock=ledger.clock, siblings=nothing, previous=nothing, **more)


def edited(ledger, change) -> bytes:
    """The template's header with its example row, as a plain sheet, changed."""
    book = openpyxl.Workbook()
    columns = template_columns(ledger.main)
    book.active.append([header_text(column) for column in columns])
    book.active.append([column.example or None for column in columns])
    change(book.active)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_help_sheet_of_a_template_is_never_taken_for_the_data():
    """It lists every column in a row of its own, as a vertical form does."""
    ledger = LEDGERS["school_profile"]
    book = openpyxl.load_workbook(io.BytesIO(filled_template(ledger, ledger.main)))
    sheet = book[ledger.main.title]
    at = next(j for j, column in enumerate(template_columns(ledger.main), start=1) if column.required is True and not column.identity)
    sheet.delete_cols(at)
    assert {"missing-column"} == {p.code for p in check(ledger, read_workbook(saved(book), "a.xlsx"), context()).problems() if p.level == "error"}


@pytest.mark.django_db
@pytest.mark.parametrize("ledger", FILLED, ids=lambda ledger: ledger.code)
def test_any_column_may_be_missing(ledger):
    for j, column in enumerate(template_columns(ledger.main), start=1):
        outcome = check(ledger, read_workbook(edited(ledger, lambda sheet, j=j: sheet.delete_cols(j)), "a.xlsx"), surroundings(ledger))
        if column.required is True:
            assert {"missing-column", "no-matching-sheet"} & {p.code for p in outcome.problems()}, column.header


@pytest.mark.django_db
@pytest.mark.parametrize("ledger", FILLED, ids=lambda ledger: ledger.code)
@pytest.mark.parametrize("seed", range(6))
def test_rubbish_is_told_and_never_kills_the_check(ledger, seed):
    rng = random.Random(seed)
    wide = len(template_columns(ledger.main))

    def spoil(sheet):
        for row in range(2, 40):
            for j in range(1, wide + 1):
                kept = sheet.cell(2, j).value if rng.random() < 0.5 else rng.choice(RUBBISH)
                cell = sheet.cell(row, j)
                cell.value = kept
                if isinstance(kept, str) and kept.startswith("="):
                    cell.data_type = "s"

    outcome = check(ledger, read_workbook(edited(ledger, spoil), "a.xlsx"), surroundings(ledger))
    report = outcome.report
    assert report.rows_read == report.accepted + report.refused + len(report.skipped)
    for problem in outcome.problems():
        assert problem.message
        assert "None" not in problem.message
        assert "{" not in problem.message
