"""Everything a standard asks evidence for, attested as fulfilled: for tests that look at something else."""
from __future__ import annotations

from accounts.actor import Actor
from evidence import catalogue
from evidence.services import attest
from schools.models import County

BY = Actor.operator()


def content(standard: str, year: int) -> dict:
    """The entries, in the shape of the contract."""
    asked = catalogue.CATALOGUES[standard]
    composite = {"primary": "0.4", "junior": "0.3"}
    return {
        "items": [{"code": d.code, "met": True, "conclusion": f"{d.wanted}，符合要求。"} for d in asked.of(catalogue.ITEM)],
        "vetoes": [{"code": d.code, "found": False} for d in asked.of(catalogue.VETO)],
        "survey": [{"group": "all", "issued": 100, "valid": 100, "satisfied": 90}] if asked.of(catalogue.SURVEY) else [],
        "monitoring": [{"subject": s, "level": "Ⅲ", "difference_rate": "0.1"} for s in catalogue.SUBJECTS]
        if asked.of(catalogue.MONITORING) else [],
        "points": [{"code": d.code, "self": "5.5"} for d in asked.of(catalogue.POINTS)],
        "past": [{"standard": "basic-2012", "year": y, "recognised": True, "composite": composite} for y in range(year - 3, year)]
        if asked.of(catalogue.PAST) else [],
    }


def attest_everything(county: County, year: int, *standards: str, by: Actor = BY) -> None:
    """Attest it for these standards (all of them by default)."""
    for standard in standards or catalogue.CATALOGUES:
        attest(county, year, standard, content(standard, year), by=by)
