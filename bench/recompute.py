"""One cell changed → fresh verdicts of both standards, for a county of 300 schools (bar: 1 s at the 95th percentile), under the
national rules alone and with a shipped pack of local rules, where a national and a local result are computed.

The peer is what an analyst would write: pandas over the same tables, floats, quality-2017 only, no verdict on the least
unit, no reasons, nothing stored.
"""
from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pandas as pd
from django.db import connection

from bench.county_facts import BY, lay, lay_county, profile_rows
from bench.timing import percentile, result
from config.demo.county import THIS_YEAR, SchoolYear
from indicators import snapshots
from indicators.standards import STANDARDS
from schools.models import County, School
from schools.rules import apply_pack

CHANGES, PACK = 20, "taizhou-2017"


def run() -> Iterator[dict]:
    yield from _county("recompute-300-schools", "999911", 300, bar=1.0)
    for line in _county("recompute-100-schools", "999912", 100, bar=0.6):
        yield line | {"hundred_counties_s": round(100 * line["median"], 1), "hundred_counties_bar": 60}


def _county(name: str, code: str, size: int, bar: float) -> Iterator[dict]:
    """The same changes under the national rules alone, then with a shipped pack of local rules: both results are computed."""
    county, facts = lay_county(code, size)
    for rules in ("", PACK):
        if rules:
            apply_pack(county, rules, by=BY)
            county.refresh_from_db()
        yield _changes(f"{name}{'-with-local-rules' if rules else ''}", county, facts, bar) | {"schools": size, "rules": rules or "national"}


def _changes(name: str, county: County, facts: list[SchoolYear], bar: float) -> dict:
    schools = {school.code: school for school in School.objects.filter(county=county)}
    for standard in STANDARDS:
        snapshots.compute(county, standard, THIS_YEAR)
    ours, used, peers = [], [], []
    for turn in range(CHANGES):
        facts[turn].figures["outdoor"] += 1
        lay(county, schools[facts[turn].unit.code], "school_profile", profile_rows(facts[turn]))
        county = County.objects.get(pk=county.pk)
        before = time.process_time()
        ours.append(_timed(lambda county=county: [snapshots.store(made) for made in snapshots.prepare(county, list(STANDARDS), THIS_YEAR)]))
        used.append(time.process_time() - before)
        peers.append(_timed(lambda county=county: _with_pandas(county)))
    return result(name, ours=percentile(ours, 0.95), peer=percentile(peers, 0.95), bar=bar, median=round(percentile(ours, 0.5), 4),
                  processor=round(percentile(used, 0.5), 4), processor_p95=round(percentile(used, 0.95), 4), load=round(os.getloadavg()[0], 1),
                  changes=CHANGES, peer_is="pandas, one standard, floats, nothing stored")  # fmt: skip


def _timed(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _with_pandas(county: County) -> pd.DataFrame:
    """Values and coefficients of the seven indicators over plain schools' stages, in floats."""
    standing = "JOIN schools_dataset d ON d.id = f.dataset_id WHERE d.county_id = %s AND d.state = 'standing'"

    def frame(table: str, columns: str) -> pd.DataFrame:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT d.school_id, {columns} FROM {table} f {standing}", [county.pk])
            return pd.DataFrame(cursor.fetchall(), columns=[c[0] for c in cursor.description])

    classes = frame("schools_schoolclass", "f.grade, f.pupils")
    classes["stage"] = pd.cut(classes.grade, [0, 6, 9, 12], labels=["primary", "junior", "senior"]).astype(str)
    heads = classes.groupby(["school_id", "stage"]).pupils.sum().rename("pupils").reset_index()
    teachers = frame("teachers_teacher", "f.stage, f.is_full_time, f.staffing, f.degree, f.subject, f.backbone_level")
    teachers = teachers[(teachers.is_full_time == 1) & teachers.staffing.isin(["post", "special", "county", "contract"])]
    teachers["above"] = teachers.degree.isin(["bachelor", "master", "doctor"]) | ((teachers.degree == "college") & (teachers.stage == "primary"))
    teachers["arts"] = teachers.subject.isin(["pe", "music", "art", "arts"])
    teachers["backbone"] = teachers.backbone_level.isin(["nation", "province", "city", "county"])
    counts = teachers.groupby(["school_id", "stage"])[["above", "arts", "backbone"]].sum().reset_index()
    rooms = frame("schools_premises", "f.teaching_area, f.indoor_sports_area, f.outdoor_sports_area")
    machines = frame("schools_equipment", "f.equipment_value, f.multimedia_rooms")
    rows = heads.merge(counts, how="left").merge(rooms).merge(machines)
    weight = rows.stage.map({"primary": 1.0, "junior": 1.1, "senior": 1.32})
    share = rows.pupils * weight / (rows.pupils * weight).groupby(rows.school_id).transform("sum")
    values = pd.DataFrame({
        "Q1": rows.above / rows.pupils, "Q2": rows.backbone / rows.pupils, "Q3": rows.arts / rows.pupils,
        "Q4": (rows.teaching_area - rows.indoor_sports_area) * share / rows.pupils,
        "Q5": (rows.outdoor_sports_area + rows.indoor_sports_area) * share / rows.pupils,
        "Q6": rows.equipment_value * share / rows.pupils, "Q7": rows.multimedia_rooms * share / rows.pupils,
    })
    spread = {}
    for stage in ("primary", "junior"):
        here, weights = values[rows.stage == stage], rows.pupils[rows.stage == stage]
        mean = here.mul(weights, axis=0).sum() / weights.sum()
        spread[stage] = ((here - mean) ** 2).mul(weights, axis=0).sum().div(weights.sum()).pow(0.5) / mean
    return pd.DataFrame(spread)
