"""A ledger of 100,000 rows and 15 columns: file → guarded, read, checked → approved rows (bar: 5 s).

Peers, on the same file in the same run:
  django-import-export as it comes: dry run with its preview, then the confirmed import (bar: 20 times slower)
  the same tuned as its documentation allows: bulk, no diffs, no instance look-ups, one pass (bar: 5 times slower)
  nothing but reading with calamine and COPY (executemany on SQLite) of texts: the floor nobody can beat
Every one of them has read 200 rows before, as a worker that has been running has.
Last, a county-wide workbook of the same size, split into one version for each of 100 schools: every school has its own
receipt, checks across ledgers and approval. BENCH_ROWS sets another number of rows.
"""
from __future__ import annotations

import csv
import io
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import python_calamine
import xlsxwriter
from django.db import connection, models
from import_export import resources
from import_export.formats.base_formats import XLSX

from accounts.actor import Actor
from bench.timing import result, seconds
from config.demo.county import DemoCounty
from config.demo.identities import People
from config.demo.layout import plan
from config.demo.workbooks import write_register
from ledgers.importing import Import, run_import
from schools.models import County, School
from schools.register import apply_register, read_register

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
SCHOOLS, FEW = 100, 200
TITLES = ("学校(机构)标识码", "姓名", "性别", "身份证号", "最高学历", "教职工类别", "是否专任教师", "任教学段", "主要任教学科", "职称", "教师资格证种类",
          "编制类型", "在岗状态", "骨干级别", "参加工作时间")  # fmt: skip


class PeerTeacher(models.Model):
    """What a project with django-import-export would keep: the fifteen columns as they are."""

    school = models.CharField(max_length=20, verbose_name=TITLES[0])
    name = models.CharField(max_length=40)
    sex = models.CharField(max_length=4)
    id_number = models.CharField(max_length=18, db_index=True)
    degree = models.CharField(max_length=20)
    category = models.CharField(max_length=20)
    full_time = models.CharField(max_length=4)
    stage = models.CharField(max_length=4)
    subject = models.CharField(max_length=20)
    title = models.CharField(max_length=20)
    certificate = models.CharField(max_length=20)
    staffing = models.CharField(max_length=20)
    duty = models.CharField(max_length=20)
    backbone = models.CharField(max_length=20)
    started = models.CharField(max_length=7)

    class Meta:
        app_label = "ledgers"  # an installed app is needed; the table lives in this process only


FIELDS = [field.name for field in PeerTeacher._meta.fields if field.name != "id"]


class PlainResource(resources.ModelResource):
    """As it comes, with the natural key a roster has."""

    class Meta:
        model = PeerTeacher
        import_id_fields = ("id_number",)
        fields = FIELDS


class TunedResource(resources.ModelResource):
    """Everything its documentation names for speed."""

    class Meta:
        model = PeerTeacher
        import_id_fields = ("id_number",)
        fields = FIELDS
        use_bulk, batch_size, force_init_instance = True, 5000, True
        skip_diff, report_skipped, use_transactions = True, False, True


def run() -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as folder:
        county = _county(Path(folder))
        codes = sorted(School.objects.filter(county=county, type_code="211").values_list("code", flat=True))
        single, peer_file, wide = (Path(folder) / name for name in ("single.xlsx", "peer.xlsx", "wide.xlsx"))
        _write(single, TITLES, codes[:1], seed=1)
        _write(peer_file, tuple(FIELDS), codes[:1], seed=1)
        _write(wide, TITLES, codes, seed=2)
        with connection.schema_editor() as editor:
            editor.create_model(PeerTeacher)
        _warm(county, codes[-1:], Path(folder))
        grown, before = _peak_mib(), time.process_time()
        ours = seconds(lambda: _import(county, single))
        used, grown = time.process_time() - before, _peak_mib() - grown
        bare = seconds(lambda: _bare(peer_file))
        tuned = seconds(lambda: _tuned(peer_file))
        PeerTeacher.objects.all().delete()
        plain = seconds(lambda: _plain(peer_file))
        county_wide = seconds(lambda: _import(county, wide))
    shape = {"rows": ROWS, "columns": len(TITLES), "database": connection.vendor}
    yield result("ledger-import", ours=ours, bar=5.0, growth_mib=round(grown), growth_bar_mib=600, processor_without_reader=round(used, 2),
                 load=round(os.getloadavg()[0], 1), **shape)  # fmt: skip
    yield result("ledger-import-vs-import-export", ours=ours, peer=plain, **shape, wanted_ratio=20)
    yield result("ledger-import-vs-import-export-tuned", ours=ours, peer=tuned, **shape, wanted_ratio=5)
    yield result("ledger-import-vs-read-and-copy", ours=ours, peer=bare, **shape)
    yield result("ledger-import-county-wide", ours=county_wide, schools=len(codes), **shape)


def _warm(county: County, codes: list[str], folder: Path) -> None:
    """The first file of a process pays for starting the reader and for the first statements."""
    small, peer_file = folder / "small.xlsx", folder / "small-peer.xlsx"
    _write(small, TITLES, codes, seed=3, rows=FEW)
    _write(peer_file, tuple(FIELDS), codes, seed=3, rows=FEW)
    _import(county, small, FEW)
    _bare(peer_file, FEW)
    _tuned(peer_file)
    PeerTeacher.objects.all().delete()
    _plain(peer_file)
    PeerTeacher.objects.all().delete()


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _county(folder: Path) -> County:
    units = [unit for unit in plan(2 * SCHOOLS, prefix="913") if unit.type_code == "211"][:SCHOOLS]
    for unit in units:
        unit.parent = ""
    townships = tuple(dict.fromkeys(unit.township for unit in units))
    write_register(DemoCounty("999913", "测速县", townships, units, {}), folder / "register.xlsx")
    apply_register(read_register((folder / "register.xlsx").read_bytes(), "register.xlsx"), county_code="999913", county_name="测速县", by=Actor.operator())
    return County.objects.get(code="999913")


def _write(path: Path, titles: tuple[str, ...], codes: list[str], seed: int, rows: int = ROWS) -> None:
    rng = random.Random(seed)
    people = People(f"99991{seed}", rng)  # nobody stands in two of the files
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("教师花名册")
    sheet.write_row(0, 0, titles)
    for number in range(rows):
        name, sex, identity, born = people.person(youngest=25, oldest=58, year=2026)
        sheet.write_row(number + 1, 0, (
            codes[number * len(codes) // rows], name, sex, identity, rng.choice(("大学本科", "大学专科")), "专任教师", "是", "小学",
            rng.choice(("语文", "数学", "体育", "音乐")), rng.choice(("一级教师", "二级教师")), "小学", "在编", "在岗", rng.choice(("无", "县级")),
            f"{born.year + 23}-09",
        ))  # fmt: skip
    book.close()


def _import(county: County, path: Path, rows: int = ROWS) -> None:
    task = Import(county=county, ledger="teachers", year=2026, by=Actor.operator(), commit=True, explanation="测速数据")
    outcome, code = run_import(task, [path])
    if code or outcome["files"][0]["accepted"] != rows:
        raise RuntimeError(f"not imported: {outcome['files']} {outcome['problems'][:3]}")


def _dataset(path: Path):
    return XLSX().create_dataset(path.read_bytes())


def _plain(path: Path) -> None:
    """Upload page: dry run with preview; confirm page: the file is read and imported again."""
    for dry_run in (True, False):
        _succeed(PlainResource().import_data(_dataset(path), dry_run=dry_run, raise_errors=True))


def _tuned(path: Path) -> None:
    _succeed(TunedResource().import_data(_dataset(path), dry_run=False, raise_errors=True))


def _succeed(done) -> None:
    if done.has_errors() or done.has_validation_errors():
        raise RuntimeError("the peer refused the file")


def _bare(path: Path, wanted: int = ROWS) -> None:
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    names = ", ".join(f"c{n} text" for n in range(len(TITLES)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({names})")
        if connection.vendor == "postgresql":
            buffer = io.StringIO()
            csv.writer(buffer).writerows(rows)
            buffer.seek(0)
            cursor.copy_expert("COPY bare FROM STDIN WITH (FORMAT csv)", buffer)
        else:
            cursor.executemany(f"INSERT INTO bare VALUES ({', '.join(['%s'] * len(TITLES))})", rows)
        cursor.execute("SELECT count(*) FROM bare")
        if cursor.fetchone()[0] != wanted:
            raise RuntimeError("rows were lost")
        cursor.execute("DROP TABLE bare")
