"""The small county in the test database, sent through register, receipt, check and approval."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.actor import Actor
from indicators import snapshots
from jobs.runner import drain
from ledgers.importing import Import, run_import
from schools.models import County
from schools.register import apply_register, read_register

from . import county as written

OPERATOR = Actor.operator()


@pytest.fixture
def small_county(db, tmp_path) -> County:
    """The small county in the test database."""
    return import_small_county(tmp_path)


def import_small_county(folder: Path) -> County:
    """清河县 with five schools, everything approved, the results of both standards computed; 邻河县 beside it."""
    paths = written.write(folder)
    for file, code, name in (("register", written.COUNTY, written.COUNTY_NAME), ("neighbour", written.NEIGHBOUR, written.NEIGHBOUR_NAME)):
        found = read_register(paths[file].read_bytes(), paths[file].name)
        assert not found.errors, found.errors
        apply_register(found, county_code=code, county_name=name, by=OPERATOR)
    county = County.objects.get(code=written.COUNTY)
    for ledger in ("classes", "school_profile"):
        task = Import(county, ledger, written.year(), OPERATOR, commit=True, explanation="已与原始凭证核对。")
        answer, code = run_import(task, [paths[ledger]])
        assert code == 0, answer["problems"]
    failed = [job.error for job in drain() if job.state == "failed"]
    assert not failed, failed
    county.refresh_from_db()
    assert snapshots.current(county, "quality-2017", written.year()) is not None
    return county
