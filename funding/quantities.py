"""What is counted from money: per school what was due and paid, budgets and training; the county's series by year.

Fen throughout. Money of fiscal year F is measured by the census of 1 September F.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from django.db.models import Model, Sum

from schools.codes import COMPULSORY, SPECIAL_TYPES
from schools.factset import FactSet
from schools.models import SchoolClass
from schools.parameters import ParameterSet
from schools.quantity import QUANTITIES, Quantity, SourceCell, Tally, declare

from .models import SchoolFunds, SchoolMoney
from .rules import HEATING_QUOTA, amounts_for

FUNDS, PROFILE = "school_funds", "school_profile"
PAID = ("base_funds", "boarding_funds", "special_funds")


def rows_of(model: type[Model], facts: FactSet, ledger: str, fields: Sequence[str]) -> dict[int, tuple]:
    """school id -> (row, dataset, values…)."""
    school_of = facts.school_of()
    rows = model.objects.filter(dataset_id__in=facts.ids(ledger)).values_list("dataset_id", "pk", *fields)
    return {school_of[row[0]]: (row[1], row[0], *row[2:]) for row in rows}


@dataclass(frozen=True)
class Money:
    """A sum of fields of A6 (the first must be given), else the field of the school profile that states it."""

    fields: Callable[[ParameterSet], tuple[str, ...]]
    form_field: str

    def _found(self, facts: FactSet, parameters: ParameterSet) -> dict[int, list[SourceCell]]:
        fields = self.fields(parameters)
        found: dict[int, list[SourceCell]] = {}
        for school_id, (pk, dataset_id, value) in rows_of(SchoolMoney, facts, PROFILE, (self.form_field,)).items():
            if value is not None:
                found[school_id] = [SourceCell("funding.SchoolMoney", pk, dataset_id, self.form_field, str(value))]
        for school_id, (pk, dataset_id, *values) in rows_of(SchoolFunds, facts, FUNDS, fields).items():
            if values[0] is not None:
                found[school_id] = [
                    SourceCell("funding.SchoolFunds", pk, dataset_id, name, str(value))
                    for name, value in zip(fields, values, strict=True) if value is not None
                ]  # fmt: skip
        return found

    def tally(self, facts: FactSet, parameters: ParameterSet) -> Tally:
        return {(s, ""): sum(int(cell.text) for cell in cells) for s, cells in self._found(facts, parameters).items()}

    def cells(self, facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
        return self._found(facts, parameters).get(school_id, [])


def _paid_fields(parameters: ParameterSet) -> tuple[str, ...]:
    return (*PAID, "heating_funds") if parameters.get(HEATING_QUOTA.code) else PAID


def _money(code: str, title: str, money: Money, note: str) -> Quantity:
    return declare(Quantity(code, title, "元", 100, "school", (FUNDS, PROFILE), "fiscal_year", money.tally, money.cells, note))


PUBLIC_FUNDS_PAID = _money(
    "public_funds_paid", "已拨生均公用经费", Money(_paid_fields, "public_funds_final"),
    "学校经费台账中按定额拨付的公用经费、寄宿生和特教公用经费之和；没有台账的采用学校基本情况表的公用经费决算。",
)  # fmt: skip
PUBLIC_FUNDS_BUDGET = _money(
    "public_funds_budget", "公用经费预算总额", Money(lambda p: ("public_funds_budget",), "public_funds_budget"), "上一财政年度。"
)
TRAINING_FUNDS = _money(
    "training_funds", "教师培训经费", Money(lambda p: ("training_budget",), "training_budget"), "上一财政年度的预算数。"
)

# What was due ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heads:
    """The pupils money is due for at one school: by compulsory stage, boarders and special pupils among them."""

    stages: dict[str, int]
    boarders: int
    special: int


def heads_of(facts: FactSet, parameters: ParameterSet) -> dict[int, Heads]:
    """school id -> pupils of the census of 1 September of the fiscal year; where no census stands, those A6 states.

    Boarders and special pupils that nobody states count as none: their part is an addition, not the quota itself.
    """
    census = replace(facts, year=facts.fiscal_year)
    pupils = QUANTITIES["pupils"].tally(census, parameters)
    stated = rows_of(SchoolFunds, facts, FUNDS, ("primary_pupils", "junior_pupils", "boarders", "special_pupils"))
    listed = _class_sums(census)
    found = {}
    for school in facts.schools:
        stages = {stage: pupils[school.id, stage] for stage in COMPULSORY if (school.id, stage) in pupils}
        told = stated.get(school.id, (0, 0, None, None, None, None))[2:]
        if not stages:
            stages = {stage: value for stage, value in zip(COMPULSORY, told[:2], strict=True) if value is not None}
        if stages:
            boarders, special = (a if a is not None else b for a, b in zip(told[2:], listed.get(school.id, (0, 0)), strict=True))
            found[school.id] = Heads(stages, boarders, special)
    return found


def _class_sums(facts: FactSet) -> dict[int, tuple[int, int]]:
    """school id -> (boarders, pupils taught in ordinary classes with a disability) of its class list."""
    school_of = facts.school_of()
    rows = SchoolClass.objects.filter(dataset_id__in=facts.ids("classes"), grade__lte=9).values_list("dataset_id")
    sums = rows.annotate(boarders=Sum("boarders"), special=Sum("inclusive_pupils"))
    return {school_of[i]: (boarders or 0, special or 0) for i, boarders, special in sums}


def due_of(facts: FactSet, parameters: ParameterSet, school_id: int, heads: Heads) -> int:
    """Quota × multiplier × pupils (at least the floor, spread over the stages as the pupils are), special pupils at their
    own quota instead, boarders' addition, heating; in fen, up."""
    school, amounts = facts.school_by_id[school_id], amounts_for(facts.school_by_id[school_id], facts.fiscal_year, parameters)
    total = sum(heads.stages.values())
    if school.type_code in SPECIAL_TYPES:
        return ceil(amounts.special * total)
    if not total:
        return 0
    base = sum((amounts.stages[stage] * count for stage, count in heads.stages.items()), Fraction(0))
    mean = base / total
    topped = base * max(total, amounts.floor) / total
    return ceil(topped + heads.special * max(0, amounts.special - mean) + heads.boarders * amounts.boarding + total * amounts.heating)


def _due_tally(facts: FactSet, parameters: ParameterSet) -> Tally:
    return {(s, ""): due_of(facts, parameters, s, heads) for s, heads in heads_of(facts, parameters).items()}


def _due_cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> Sequence[SourceCell]:
    census = replace(facts, year=facts.fiscal_year)
    cells = [c for one in COMPULSORY for c in QUANTITIES["pupils"].cells(census, parameters, school_id, one)]
    names = ("primary_pupils", "junior_pupils", "boarders", "special_pupils")
    row = rows_of(SchoolFunds, facts, FUNDS, names).get(school_id)
    if row is None:
        return cells
    used = names[2:] if cells else names
    more = zip(names, row[2:], strict=True)
    return [*cells, *(SourceCell("funding.SchoolFunds", row[0], row[1], n, str(v)) for n, v in more if n in used and v is not None)]


PUBLIC_FUNDS_DUE = declare(
    Quantity(
        "public_funds_due", "应拨生均公用经费", "元", 100, "school", ("classes", FUNDS), "fiscal_year", _due_tally, _due_cells,
        "基准定额×地方倍数×学生数（不足核定人数的按核定人数），寄宿生另加，随班就读学生按特教定额；学生数为财政年度内9月1日的在校生；各表都没有写寄宿生、随班就读人数的，按没有计。",
    )
)  # fmt: skip
