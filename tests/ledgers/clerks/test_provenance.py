"""Every stored value equals the value in the cell it names, whatever the shape of the sheet: read again by another library."""
import io
from fractions import Fraction

import openpyxl
import pytest

from ledgers.checking import check
from ledgers.columns import Choice, Grade, Measure, SchoolCode, Whole
from ledgers.definitions import LEDGERS
from ledgers.reading import read_workbook
from tests.ledgers.checking.helpers import PROFILE, SUNNY, context, id_number, teacher
from tests.ledgers.checking.helpers import TEACHER_HEAD as ROSTER_HEAD
from tests.ledgers.messes.dressing import CLASSES, sent

from .test_profiles import FINANCE
from .test_vertical_form import form

pytestmark = pytest.mark.once  # no database is asked
HEAD, *ROWS = CLASSES
PAIRS = list(PROFILE.items())


def grades():
    book = openpyxl.Workbook()
    for row in CLASSES:
        book.active.append(row)
    other = book.create_sheet("三年级")
    for row in [["人数", "年级", "班号"], [38, "三年级", "三(1)班"], [37, "三年级", "三(2)班"]]:
        other.append(row)
    return sent(book)


def merged_grade():
    return sent([["班级情况表"], HEAD, ROWS[0], [None, *ROWS[1][1:]], ROWS[2]], lambda sheet: sheet.merge_cells("A3:A4"))


SHAPES = {
    "plain classes": ("classes", lambda: sent([["班级情况表"], ["序号", *HEAD], *[[i, *row] for i, row in enumerate(ROWS, 1)]]), SUNNY, "school_year"),
    "plain roster": ("teachers", lambda: sent([ROSTER_HEAD, teacher(2), teacher(4, 最高学历="专科")]), SUNNY, "school_year"),
    "plain profile": ("school_profile", lambda: sent([list(PROFILE), list(PROFILE.values())]), SUNNY, "school_year"),
    "merged downward": ("classes", merged_grade, SUNNY, "school_year"),
    "sheets in another order": ("classes", grades, SUNNY, "school_year"),
    "vertical": ("school_profile", form, SUNNY, "school_year"),
    "vertical in pairs": ("school_profile", lambda: sent([[*a, *b] for a, b in zip(PAIRS[::2], PAIRS[1::2], strict=False)]), SUNNY, "school_year"),
    "wide": ("training", lambda: sent([["姓名", "身份证号", "2023年", "2024年", "2025年"], ["王芳", id_number(2), 72, 72.5, None], ["李四", id_number(4), None, 60, 80]]), SUNNY, "school_year"),
    "years side by side": ("county_finance", lambda: sent([["指标", "2023年", "2024年", "2025年"], *[[n, *v] for n, v in FINANCE.items()]]), None, "fiscal_year"),
}  # fmt: skip


def cell_of(sheet, address):
    """A cell as a person sees it: a covered one shows what its merged range shows."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col).value
    return sheet[address].value


def means(column, model, name, said: list, value) -> bool:
    """Whether the cells say the stored value, by arithmetic of our own for numbers."""
    if name in ("area", "kind", "name") and model == "schools.SpecialRoom" and isinstance(said[0], int):
        return said[0] > 0  # a counted room: the cell says how many
    if isinstance(column, Measure):
        unit = {"㎡": 100, "万元": 1_000_000, "元": 100}.get(column.unit, 10)
        return sum(Fraction(str(one)) for one in said) * unit == value
    if isinstance(column, Whole):
        return sum(int(one) for one in said) == value
    return column.read_cell(str(said[0]), " ").value == value


@pytest.mark.parametrize("shape", SHAPES)
def test_every_stored_value_is_in_the_cell_it_names(shape):
    ledger, build, school, clock = SHAPES[shape]
    one = build()
    found = check(LEDGERS[ledger], read_workbook(one.data, one.name), context(school, clock=clock))
    assert found.status in ("clean", "doubts")
    book = openpyxl.load_workbook(io.BytesIO(one.data))
    by_field = {c.field: c for table in LEDGERS[ledger].tables for c in table.columns}
    seen = 0
    for part in found.schools:
        for model, rows in part.rows_by_model.items():
            for name, values in rows.columns.items():
                for index, value in enumerate(values):
                    if value in (None, "") or name in ("person_key", "birth", "sex", "title_text") and not by_field.get(name):
                        continue
                    sheet, address, _ = part.place_of(model, name, index)
                    assert address, f"{model}.{name} has no place"
                    said = [cell_of(book[sheet], where) for where in address.split("+")]
                    assert None not in said, f"{model}.{name} {sheet}!{address}"
                    column = by_field.get(name) or (by_field.get("hours_2025") if name == "hours" else None)
                    if name in ("birth", "sex", "year") or column is None or not isinstance(column, Measure | Whole | Choice | Grade | SchoolCode):
                        assert str(said[0]).strip()
                    else:
                        assert means(column, model, name, said, value), f"{model}.{name} {sheet}!{address}: {said} is not {value}"
                    seen += 1
    assert seen >= 8
