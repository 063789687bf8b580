"""Which result a page shows: the county, year, standard and ruleset asked for, authorised, with its snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from indicators import snapshots
from indicators.models import Snapshot
from indicators.standards import STANDARDS
from office.results import Results
from schools.models import County

RULESETS = {"national": "国家标准", "local": "地方规则"}


@dataclass(frozen=True)
class Reading:
    """One snapshot as a page reads it. `results` None while nothing has been computed yet."""

    county: County
    year: int
    standard: str
    title: str
    results: Results | None
    snapshot: Snapshot | None
    stale: bool

    @property
    def rulesets(self) -> list[dict]:
        """The choice between national and local result, where local rules are in force."""
        if self.results is None or not self.results.has_local:
            return []
        return [{"code": c, "title": t, "here": c == self.results.ruleset} for c, t in RULESETS.items()]

    @property
    def beside(self) -> Results | None:
        """The result under the other rules, where a place sets any: verdicts are always read side by side."""
        if self.results is None or not self.results.has_local:
            return None
        return Results(self.results.payload, "local" if self.results.ruleset == "national" else "national")

    @property
    def table_url(self) -> str:
        return reverse("office:table", args=[self.county.code, self.year, self.standard])

    @property
    def note(self) -> str:
        """What a table or paper of these results must say: where they come from."""
        if self.snapshot is None:
            return f"{self.county.name} {self.year}-{self.year + 1}学年 {self.title}：尚无结果"
        state = "已定版" if self.snapshot.is_frozen else "未定版"
        return (
            f"{self.county.name} {self.year}-{self.year + 1}学年 {self.title}（{RULESETS[self.results.ruleset]}），"
            f"数据版本 {self.snapshot.data_version}，财政年度 {self.snapshot.fiscal_year}，{state}"
        )


def read(request: HttpRequest, county: County, year: int, standard: str) -> Reading:
    """The current snapshot under the ruleset of `?ruleset=`. 404 for a standard nobody declares."""
    if standard not in STANDARDS:
        raise Http404
    ruleset = request.GET.get("ruleset", "national")
    if ruleset not in RULESETS:
        raise Http404
    kept = request.GET.get("frozen", "")
    snapshot = frozen(county, standard, year, kept) if kept else snapshots.current(county, standard, year)
    if snapshot is None:
        return Reading(county, year, standard, STANDARDS[standard].title, None, None, False)
    payload = snapshots.payload(snapshot)
    results = Results(payload, ruleset)
    return Reading(county, year, standard, payload["title"], results, snapshot, _stale(county, snapshot))


def frozen(county: County, standard: str, year: int, asked: str) -> Snapshot:
    """A frozen result by its number; 404 for any other."""
    found = snapshots.stored().filter(county=county, standard=standard, year=year, frozen_at__isnull=False)
    snapshot = found.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if snapshot is None:
        raise Http404
    return snapshot


def earlier_payloads(county: County, standard: str, year: int, most: int = 2) -> list[dict]:
    """The results of the years before, the nearest first: the frozen one of each year, else its newest."""
    years = sorted((y for y, found in snapshots.years(county) if found == standard and y < year), reverse=True)[:most]
    kept = [(snapshots.frozen_list(county, standard, y) or [snapshots.current(county, standard, y)])[0] for y in years]
    return [snapshots.payload(snapshot) for snapshot in kept]


def frozen_choices(county: County, standard: str, year: int) -> list[Snapshot]:
    """The frozen results without their content, newest first."""
    found = Snapshot.objects.filter(county=county, standard=standard, year=year, frozen_at__isnull=False)
    return list(found.only("pk", "frozen_at", "frozen_by", "data_version").order_by("-frozen_at", "-pk"))


def _stale(county: County, snapshot: Snapshot) -> bool:
    """已过期? A frozen result never is. The data version is the quick answer for the usual case that nothing moved."""
    return not snapshot.is_frozen and snapshot.data_version != county.data_version and snapshots.is_stale(snapshot)


def need(reading: Reading) -> Results:
    """The results; 404 while there are none."""
    if reading.results is None:
        raise Http404
    return reading.results
