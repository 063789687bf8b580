"""The facts behind the pages of single fields (money, exchange, classes): those the present result was made from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from indicators import snapshots
from indicators.standards import STANDARDS
from office.reading import RULESETS
from office.views.county import chosen_year
from schools import access
from schools.factset import FactSet, set_of, standing_set
from schools.models import County
from schools.parameters import ParameterSet
from schools.periods import year_label


@dataclass(frozen=True)
class Field:
    """One county and year with its facts and the rules asked for; `note` says what figures stand on."""

    county: County
    year: int
    facts: FactSet
    parameters: ParameterSet
    ruleset: str
    has_local: bool
    note: str

    @property
    def context(self) -> dict:
        """What every page of this kind needs."""
        rulesets = [{"code": c, "title": t, "here": c == self.ruleset} for c, t in RULESETS.items()]
        return {
            "county": self.county, "year": self.year, "field": self, "rulesets": rulesets if self.has_local else [],
            "years": sorted({y for y, _ in snapshots.years(self.county)} | {self.year}, reverse=True),
        }  # fmt: skip


def read_field(request: HttpRequest, code: str) -> Field:
    """The county (404 to strangers, 403 without the right to its results), the year of `?year=`, the rules of `?ruleset=`.

    The datasets are those of the newest result; before the first one, those that stand.
    """
    county = access.get_county(access.actor_of(request), code, "view_results")
    year = chosen_year(request, county)
    found = [s for s in (snapshots.current(county, standard, year) for standard in STANDARDS) if s is not None]
    if found:
        facts = set_of(county, year, found[0].fiscal_year, snapshots.dataset_ids(found[0]))
        stand = f"数据版本 {found[0].data_version}"
    else:
        facts, stand = standing_set(county, year), "按现行数据，尚未计算结果"
    parameters = snapshots.parameters_for(county, year)
    ruleset = "local" if request.GET.get("ruleset") == "local" and not parameters.is_national else "national"
    used = parameters if ruleset == "local" else parameters.national()
    note = f"{county.name} {year_label(year)}，财政年度 {facts.fiscal_year}，{RULESETS[ruleset]}，{stand}"
    return Field(county, year, facts, used, ruleset, not parameters.is_national, note)
