"""A county of three schools whose facts are written straight into datasets, by hand."""
from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from accounts.actor import Actor
from schools import datasets
from schools.factset import FactSet, standing_set
from schools.models import County, School
from schools.parameters import NATIONAL, PARAMETERS, ParameterSet, Setting, parse
from schools.periods import period_of
from schools.quantity import COUNTY_KEY, QUANTITIES, SourceCell
from tests.factories import CountyFactory, SchoolFactory

BY, YEAR = Actor.operator(), 2025
FISCAL = ("school_funds", "county_finance")


@dataclass
class Facts:
    """`put` stages and approves rows; `tally` counts; `rules` are local settings {parameter: text}."""

    county: County
    town: School
    village: School
    junior: School
    rules: dict[str, str] = field(default_factory=dict)

    def put(self, ledger: str, model: str, *rows: dict, school: School | None = None, year: int | None = None) -> None:
        clock = "fiscal_year" if ledger in FISCAL else "school_year"
        period = period_of(clock, year if year is not None else YEAR - (ledger in FISCAL))
        listed = [{**row, "sheet": 0, "row": n} for n, row in enumerate(rows, 2)]
        dataset = datasets.stage(county=self.county, school=school, ledger=ledger, period=period, file=None,
                                 row_map={"sheets": ["表"], "targets": {}}, rows_by_model={model: listed}, by=BY)  # fmt: skip
        datasets.make_standing(dataset, by=BY)

    @property
    def set(self) -> FactSet:
        return standing_set(self.county, YEAR)

    @property
    def parameters(self) -> ParameterSet:
        if not self.rules:
            return NATIONAL
        return ParameterSet({code: (Setting(parse(PARAMETERS[code], text), text, "all", "999901", "文件", ""),) for code, text in self.rules.items()})

    def tally(self, code: str) -> dict:
        return dict(QUANTITIES[code].tally(self.set, self.parameters))

    def county_value(self, code: str) -> int | None:
        return self.tally(code).get(COUNTY_KEY)

    def cells(self, code: str, school: School | None = None, stage: str = "") -> list[SourceCell]:
        return list(QUANTITIES[code].cells(self.set, self.parameters, school.pk if school else 0, stage))


@pytest.fixture
def facts(db) -> Facts:
    county = CountyFactory()
    return Facts(
        county,
        SchoolFactory(county=county, code="9999010001", name="城关小学", area_code="121"),
        SchoolFactory(county=county, code="9999010002", name="王庄小学", area_code="220"),
        SchoolFactory(county=county, code="9999010003", name="城关中学", type_code="311", area_code="111"),
    )


def a_teacher(key: str, **more) -> dict:
    return {
        "person_key": key, "is_full_time": True, "staffing": "post", "stage": "primary", "certificate": "primary", "backbone_level": "none",
        "arrived_at": 201809, "birth": 198006, "duty": "on", "subject": "", "other_subjects": "", "registration": "", "registration_valid_to": None,
        "degree": "", "title_rank": "", "recruited": "", "office": "", "office_since": None, "allowance_standard": None, "allowance_paid": None, **more,
    }  # fmt: skip


def a_move(key: str, **more) -> dict:
    return {
        "person_key": key, "post": "teacher", "backbone_level": "none", "eligible": True, "to_code": "9999010002", "to_text": "王庄小学", "form": "regular",
        "start": 202509, "end": 202607, **more,
    }  # fmt: skip
