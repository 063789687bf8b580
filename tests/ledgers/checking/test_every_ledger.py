"""What holds for every ledger there is or will be: this file walks LEDGERS and is never told of a new one."""
import io

import openpyxl
import pytest

from ledgers.checking import check
from ledgers.checking.body import UNFILLED
from ledgers.checking.headers import normal
from ledgers.definitions import LEDGERS, describe
from ledgers.problems import CATALOGUE, LEVELS
from ledgers.reading import read_workbook
from ledgers.templates_xlsx import HELP, Prefill, header_text, template, template_columns

from .helpers import SUNNY, YEAR, context

FILLED_IN = {code: ledger for code, ledger in LEDGERS.items() if not ledger.forms}  # an export of another system is sent as it is
TABLES = [(ledger, table) for ledger in LEDGERS.values() for table in ledger.tables]
names = [f"{ledger.code}-{table.code}" for ledger, table in TABLES]


def filled_template(ledger, table) -> bytes:
    """The blank template with the example row of one table written under its header."""
    book = openpyxl.load_workbook(io.BytesIO(template(ledger, Prefill(YEAR, [SUNNY]))))
    sheet = book[table.title]
    titles = [cell.value for cell in sheet[1]]
    for j, column in enumerate(template_columns(table), start=1):
        assert titles[j - 1] == header_text(column)
        if column.example:
            sheet.cell(2, j, column.example)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("ledger", "table"), TABLES, ids=names)
def test_every_needed_column_has_an_example(ledger, table):
    missing = [c.header for c in table.columns if c.required and not c.example]
    assert missing == []


@pytest.mark.parametrize(("ledger", "table"), TABLES, ids=names)
def test_no_name_of_a_column_means_two_columns(ledger, table):
    meant = {}
    for column in table.columns:
        for name in (column.header, *column.aliases):
            key = normal(name)[0]
            assert meant.setdefault(key, column.field) == column.field, f"{name} means {meant[key]} and {column.field}"


@pytest.mark.parametrize("ledger", FILLED_IN.values(), ids=list(FILLED_IN))
def test_the_template_with_its_example_row_comes_back_clean(ledger):
    workbook = read_workbook(filled_template(ledger, ledger.main), "模板.xlsx")
    outcome = check(ledger, workbook, context(clock=ledger.clock))
    assert [p.message for p in outcome.problems() if p.level in ("error", "doubt")] == []
    assert outcome.report.accepted == 1
    assert outcome.schools[0].school == (SUNNY if ledger.scope == "school" else None)


@pytest.mark.parametrize("ledger", FILLED_IN.values(), ids=list(FILLED_IN))
def test_the_blank_template_has_no_data_rows(ledger):
    outcome = check(ledger, read_workbook(template(ledger, Prefill(YEAR, [SUNNY])), "空白.xlsx"), context())
    assert outcome.report.accepted == outcome.report.refused == 0
    assert {skip.reason for skip in outcome.report.skipped} <= {UNFILLED}  # rows pre-filled with the school, counted all the same
    assert "no-rows" in (told := [p.code for p in outcome.problems()]) and "hidden-sheet-not-read" not in told


@pytest.mark.parametrize("ledger", FILLED_IN.values(), ids=list(FILLED_IN))
def test_the_template_has_drop_downs_and_a_help_sheet(ledger):
    book = openpyxl.load_workbook(io.BytesIO(template(ledger)))
    assert HELP in book.sheetnames
    told = {row[1].value for row in book[HELP].iter_rows()}
    assert {c.header for c in template_columns(ledger.main)} <= told
    sheet = book[ledger.main.title]
    closed = [c for c in template_columns(ledger.main) if c.allowed]
    assert len(sheet.data_validations.dataValidation) == len(closed)
    assert book["_选项"].sheet_state == "hidden"


def test_the_description_names_every_column():
    described = {entry["code"]: entry for entry in describe()}
    assert set(described) == set(LEDGERS)
    for column in described["teachers"]["columns"]:
        assert set(column) >= {"field", "header", "aliases", "type", "unit", "required", "allowed"}


def test_the_catalogue_is_kebab_case_and_says_what_to_do():
    for code, kind in CATALOGUE.items():
        assert code == kind.code == code.lower().replace("_", "-")
        assert kind.level in LEVELS
        assert kind.title
        assert "invalid" not in kind.wording
    contract = {"missing-column", "not-a-number", "id-truncated", "duplicate-key", "other-school", "outside-range", "unit-doubtful",
                "changed-a-lot", "differs-from-classes"}  # fmt: skip
    assert contract <= set(CATALOGUE)


@pytest.mark.parametrize("ledger", FILLED_IN.values(), ids=list(FILLED_IN))
def test_every_stored_value_leads_back_to_a_cell_that_says_something(ledger):
    data = filled_template(ledger, ledger.main)
    part = check(ledger, read_workbook(data, "模板.xlsx"), context()).schools[0]
    book = openpyxl.load_workbook(io.BytesIO(data))
    for model, rows in part.rows_by_model.items():
        for name, values in rows.columns.items():
            if values[0] not in (None, ""):
                sheet, cell, _ = part.place_of(model, name)
                assert cell, f"{model}.{name} has no place"
                assert book[sheet][cell].value not in (None, "")
