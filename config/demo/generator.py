"""From a seed to folders of workbooks: no Django, no database."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .county import THIS_YEAR, DemoCounty, build
from .fields import write_fields
from .layout import neighbour_plan, plan
from .township import write_children
from .workbooks import write_county, write_open_versions

COUNTY, COUNTY_NAME = "999901", "清河县"
NEIGHBOUR, NEIGHBOUR_NAME = "999902", "邻河县"
FEWEST, DEFAULT_SCHOOLS, DEFAULT_SEED = 20, 60, 20260901


@dataclass(frozen=True)
class Written:
    """The two counties that were written, and where."""

    county: DemoCounty
    neighbour: DemoCounty
    into: Path


def write(into: Path, *, schools: int = DEFAULT_SCHOOLS, seed: int = DEFAULT_SEED) -> Written:
    """Write 清河县 with `schools` schools and the small county next door to `into`. Same arguments, same bytes.

    Raises ValueError for fewer schools than the stories need.
    """
    if schools < FEWEST:
        raise ValueError(f"演示县至少需要 {FEWEST} 所学校，才能把各种典型情形都放进去；现在是 {schools} 所。")
    county = build(COUNTY, COUNTY_NAME, plan(schools), seed)
    neighbour = build(NEIGHBOUR, NEIGHBOUR_NAME, neighbour_plan(), seed, years=(THIS_YEAR,))
    write_county(county, into)
    write_fields(county, into)
    write_children(county, into, seed)
    write_open_versions(county, into)
    write_county(neighbour, into)
    return Written(county, neighbour, into)
