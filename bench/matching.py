"""四查三比对 of 50,000 × 4 rows: lists in the database → every comparison → findings kept (bar: 10 s).

Peer: the same comparisons with plain pandas, from the same tables: one merge with indicator a comparison, nothing stored.
BENCH_CHILDREN sets another number of rows.
"""
from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator

import pandas as pd
from django.db import connection

from accounts.actor import Actor
from bench.timing import paired, result, seconds
from dropout.matching import KINDS
from dropout.models import ListedChild, MatchFinding, Pupil
from dropout.services.matching import newest_run, order_matching
from jobs.runner import drain
from schools import datasets
from schools.bulk import Table
from schools.models import County, School, Township
from schools.periods import school_year

CHILDREN = int(os.environ.get("BENCH_CHILDREN", "50000"))
YEAR, SCHOOLS, LISTS = 2026, 60, ("population", "household", "poverty")
BY = Actor.operator()


def run() -> Iterator[dict]:
    county = _county()
    first = seconds(lambda: _match(county))
    found = newest_run(county, YEAR)
    for code, count in _plain(county).items():
        if found.counts[code] != count:
            raise RuntimeError(f"the answers differ: {code} {found.counts[code]} {count}")
    stored = MatchFinding.objects.filter(run=found).count()
    ours, peer = paired(lambda: _match(county), lambda: _plain(county), rounds=3, warm=0)
    yield result("match-lists", ours=ours, peer=peer, bar=10.0, rows=4 * CHILDREN, first=round(first, 2), findings_kept=stored, database=connection.vendor)


def _county() -> County:
    county = County.objects.create(code="999914", name="比对县")
    town = Township.objects.create(county=county, name="城关镇")
    schools = [
        School.objects.create(county=county, code=f"99991400{n:02}", name=f"第{n}小学", type_code="312", sponsor_code="7", area_code="121", township=town)
        for n in range(SCHOOLS)
    ]  # fmt: skip
    rng = random.Random(4)
    everybody = [(f"{n:032x}", dt.date(2011 + n % 8, 1 + n % 12, 1 + n % 28)) for n in range(int(CHILDREN * 1.1))]
    for ledger in LISTS:
        rows = [(key, birth, "城关镇", i + 2) for i, (key, birth) in enumerate(rng.sample(everybody, CHILDREN))]
        _put(county, None, ledger, ListedChild, Table(("person_key", "birth", "township", "row"), rows))
    enrolled = rng.sample(everybody, CHILDREN)
    for n, school in enumerate(schools):
        rows = [(key, birth, 1 + i % 9, "1班", i + 2) for i, (key, birth) in enumerate(enrolled[n::SCHOOLS])]
        _put(county, school, "pupils", Pupil, Table(("person_key", "birth", "grade", "class_name", "row"), rows))
    return county


def _put(county: County, school: School | None, ledger: str, model, table: Table) -> None:
    dataset = datasets.stage(county=county, school=school, ledger=ledger, period=school_year(YEAR), file=None, row_map={"sheets": [], "targets": {}},
                             rows_by_model={model._meta.label: table}, by=BY)  # fmt: skip
    datasets.make_standing(dataset, by=BY)


def _match(county: County) -> None:
    job = order_matching(county=county, year=YEAR, by=BY)
    drain()
    job.refresh_from_db()
    if job.state != "done":
        raise RuntimeError(job.error)


def _plain(county: County) -> dict[str, int]:
    """kind -> how many, by merges of data frames; ages as the portal counts them."""
    frames = {
        name: pd.DataFrame(ListedChild.objects.filter(dataset__county=county, dataset__ledger=name).values_list("person_key", "birth"), columns=["key", "birth"])
        for name in LISTS
    }  # fmt: skip
    frames["pupils"] = pd.DataFrame(Pupil.objects.filter(dataset__county=county).values_list("person_key", "birth"), columns=["key", "birth"])
    last, first = dt.date(YEAR - 6, 8, 31), dt.date(YEAR - 15, 8, 31)
    aged = {name: frame[(frame.birth <= last) & (frame.birth > first)] for name, frame in frames.items()} | {"pupils": frames["pupils"]}
    counts = {}
    for code, kind in KINDS.items():
        if len(kind.have) == 1 and all(name in frames for name in kind.needs):
            merged = aged[kind.have[0]].merge(frames[kind.lack][["key"]], on="key", how="left", indicator=True)
            counts[code] = int((merged["_merge"] == "left_only").sum())
    return counts
