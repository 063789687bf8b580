"""Broken workbooks: every planted fault is told, at its exact address, and nothing sound is called an error."""
import random
from collections import Counter

import pytest

from ledgers.problems import CATALOGUE
from tests.ledgers.messes.dressing import outcome

from .dressings import dress
from .faults import FAULTS
from .tables import FORMS, MAKERS, fits

pytestmark = pytest.mark.once  # no database is asked

# Dressings under which the address of a fault must still be found.
DEPENDENT = {"", "身份证号", "性别", "是否专任教师", "任教学段", "小学在校生数", "小学教学班数"}  # spoilt, they take the ground from another check
FRAMES = ((), ("a_title", "a_letterhead"), ("serial_numbers", "notes_and_signatures"), ("a_merged_title", "numbers_as_text"))


def broken_corpus():
    """(fault, form, dressings, seed): each kind in at least three workbooks, in every form that can hold it by turns."""
    forms = list(FORMS)
    for number, one in enumerate(FAULTS.values()):
        yield one, "xlsx", (), number
        yield one, "xlsx" if one.only_xlsx else forms[number % len(forms)], FRAMES[1 + number % (2 if one.only_xlsx else 3)], 1000 + number
        yield one, "xlsx" if one.only_xlsx else forms[(number + 3) % len(forms)], (), 2000 + number


CORPUS = list(broken_corpus())


def plant(fault, form, names, seed):
    """(file, {(code, cell)}) of a workbook with this fault in it."""
    rng = random.Random(seed)
    table = MAKERS[fault.ledger](rng)
    wanted = fault.plant(table, rng)
    if fault.ledger == "school_profile":
        names = [name for name in names if name != "serial_numbers"]
    headers = {id(h): h for h in table.head}
    dress(table, names, random.Random(seed))
    assert set(headers.values()) <= set(table.head)
    sent = FORMS[form](table) if fits(table, form) else FORMS["xlsx"](table)
    return sent, {(code, address(table, row, header)) for code, row, header in wanted}


def address(table, row, header) -> str:
    if row == -2:  # in the line above the header
        titles = [i for i, line in enumerate(table.above) if line and any(word in str(line[0]) for word in ("2024", "第一初级"))]
        return f"A{titles[0] + 1}"
    if header is None:
        return ""
    return table.total_row(header) if row == -1 else table.locate(row, header)


@pytest.mark.parametrize(("fault", "form", "names", "seed"), CORPUS, ids=[f"{f.name}, {form}{', dressed' * bool(names)}" for f, form, names, _ in CORPUS])
def test_a_planted_fault_is_told_at_its_address_and_nothing_else_is(fault, form, names, seed):
    sent, wanted = plant(fault, form, names, seed)
    found = outcome(fault.ledger, sent)
    told = {(p.code, p.cell) for p in found.problems()}
    assert wanted <= told
    surplus = {(p.code, p.cell) for p in found.problems() if p.level == "error"} - wanted
    assert {code for code, _ in surplus} <= fault.also
    faulty = any(CATALOGUE[code].level == "error" for code, _ in wanted)
    assert (found.status in ("faulty", "refused")) == (faulty or bool(surplus))


@pytest.mark.parametrize("ledger", MAKERS)
@pytest.mark.parametrize("seed", range(8))
def test_many_faults_in_one_workbook_are_all_told_in_one_round(ledger, seed):
    """One round of mending is enough: faults of different columns do not hide each other."""
    rng = random.Random(seed)
    table = MAKERS[ledger](rng)
    kinds = {}
    for fault in rng.sample(list(FAULTS.values()), len(FAULTS)):
        if fault.ledger == ledger and fault.header not in DEPENDENT and not fault.also:
            kinds.setdefault(fault.header, fault)
    wanted = [place for fault in list(kinds.values())[:8] for place in fault.plant(table, rng)]
    told = {(p.code, p.cell) for p in outcome(ledger, FORMS["xlsx"](table)).problems()}
    assert {(code, table.locate(row, header)) for code, row, header in wanted} <= told


def test_the_corpus_is_as_large_as_promised():
    assert len(FAULTS) >= 60
    assert len(CORPUS) >= 200
    assert min(Counter(fault.name for fault, *_ in CORPUS).values()) >= 3
