"""The job behind the outbox: facts, rules or registers moved, so the results of that county and year are made anew."""
from __future__ import annotations

from django.utils import timezone

from indicators import snapshots
from indicators.models import Snapshot
from indicators.standards import STANDARDS
from jobs.handlers import Run, handler
from jobs.queue import enqueue
from schools.models import County, Dataset, DatasetState, PeriodKind
from schools.periods import census_day, current_school_year, default_fiscal_year

KIND = "compute_snapshots"
TOPICS = ("facts_changed", "rule_changed", "register_changed")


@handler(KIND, queue="compute", title="计算指标")
def compute_snapshots(run: Run) -> dict:
    """Key "999901/2025": compute each standard of that school year. Key "999901" or a prefix "32": one job a year each.

    Repeatable: equal facts and rules keep the current snapshot.
    """
    code, _, year = run.job.key.partition("/")
    if not year:
        return {"queued": _fan_out(code)}
    county = County.objects.get(code=code)
    wanted = valid_standards(int(year))
    slots = _fiscal_years(county, int(year))
    made = []
    for fiscal_year in slots:
        for prepared in snapshots.prepare(county, wanted, int(year), fiscal_year):
            with run.apply():
                made.append(snapshots.store(prepared).pk)
            run.progress(len(made), len(wanted) * len(slots), prepared.work.standard.title)
    return {"snapshots": made}


def valid_standards(year: int) -> list[str]:
    """Codes of the standards in force on the census day of a school year."""
    day = census_day(year)
    return [
        code for code, standard in STANDARDS.items()
        if standard.valid_from <= day and (standard.valid_to is None or day <= standard.valid_to)
    ]


def _fiscal_years(county: County, year: int) -> list[int]:
    """The fiscal years results of this school year were asked for, the last asked last; else the default one."""
    kept = Snapshot.objects.filter(county=county, year=year, **snapshots.CURRENT).order_by("id")
    asked = list(dict.fromkeys(reversed(kept.values_list("fiscal_year", flat=True))))
    return asked[::-1] or [default_fiscal_year(year)]


def _fan_out(prefix: str) -> int:
    keys = [f"{county.code}/{year}" for county in County.objects.filter(code__startswith=prefix)
            for year in _years(county)]
    for key in keys:
        enqueue(KIND, key, county=key.partition("/")[0])
    return len(keys)


def _years(county: County) -> list[int]:
    """School years with results or standing facts; the running one when there is neither."""
    found = set(Snapshot.objects.filter(county=county).values_list("year", flat=True))
    starts = Dataset.objects.filter(
        county=county, state=DatasetState.STANDING, period__kind=PeriodKind.SCHOOL_YEAR
    ).values_list("period__start", flat=True)
    found |= {start.year for start in starts}
    return sorted(found) or [current_school_year(timezone.localdate())]
