"""Papers: one school form (bar 1 s), a hundred with two workers (bar 25 s), the county tables of 300 schools (bar 12 s).

The peer is WeasyPrint on the same HTML without anything of ours: no child process, no limits, no provenance.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import weasyprint
from django.db import connections
from weasyprint.text.fonts import FontConfiguration

from accounts.actor import Actor
from bench.county_facts import lay_county
from bench.timing import paired, result, seconds
from config.demo.county import THIS_YEAR
from indicators import snapshots
from reports.definitions import REPORTS
from reports.rendering import paper_html, render_pdf
from reports.services import Order, build_document, snapshot_for
from schools.models import County, School

FORMS, WORKERS = 100, 2


def run() -> Iterator[dict]:
    county, _ = lay_county("999921", 300)
    snapshots.freeze(snapshots.compute(county, "quality-2017", THIS_YEAR), Actor.system("bench"))
    listed = [
        row["code"]
        for row in snapshots.current(county, "quality-2017", THIS_YEAR).payload["rulesets"]["national"]["schools"]
    ]
    schools = list(School.objects.filter(county=county, code__in=listed)[:FORMS])
    yield _paired(
        "school-form-pdf", Order("school-self-evaluation", county, THIS_YEAR, school=schools[0]), bar=1.0, rounds=5
    )
    yield _paired("county-tables-pdf", Order("application-form", county, THIS_YEAR), bar=12.0, rounds=1)
    yield _forms(county, [school.pk for school in schools])


def _work(order: Order) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    report = REPORTS[order.report]

    def ours() -> bytes:
        return render_pdf(build_document(order, report, snapshot_for(order), "bench"), report.template)

    html, fonts = (
        paper_html(build_document(order, report, snapshot_for(order), "bench"), report.template),
        FontConfiguration(),
    )
    return ours, lambda: weasyprint.HTML(string=html).write_pdf(font_config=fonts)


def _paired(name: str, order: Order, *, bar: float, rounds: int) -> dict:
    ours, peer = _work(order)
    mine, theirs = paired(ours, peer, rounds=rounds)
    return result(
        name, ours=mine, peer=theirs, bar=bar, peer_is="WeasyPrint alone, the same HTML without our style sheet"
    )


def _forms(county: County, schools: list[int]) -> dict:
    """Two processes, half of the schools each, as two workers would."""

    def both() -> None:
        connections.close_all()
        children = [_child(county.pk, schools[n::WORKERS]) for n in range(WORKERS)]
        failed = [pid for pid in children if os.waitpid(pid, 0)[1]]
        if failed:
            raise RuntimeError("a worker failed")

    mine = seconds(both)
    _, peer = _work(Order("school-self-evaluation", county, THIS_YEAR, school=School.objects.get(pk=schools[0])))
    return result(
        "100-school-forms-two-workers",
        ours=mine,
        peer=len(schools) / WORKERS * seconds(peer),
        bar=25.0,
        forms=len(schools),
        peer_is="WeasyPrint alone, half of them in turn",
    )


def _child(county_id: int, schools: list[int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        county = County.objects.get(pk=county_id)
        for school in School.objects.filter(pk__in=schools):
            _work_one(Order("school-self-evaluation", county, THIS_YEAR, school=school))
        status = 0
    finally:
        os._exit(status)


def _work_one(order: Order) -> None:
    report = REPORTS[order.report]
    started = time.perf_counter()
    render_pdf(build_document(order, report, snapshot_for(order), "bench"), report.template)
    if time.perf_counter() - started > 30:
        raise RuntimeError("one form took over 30 s")
